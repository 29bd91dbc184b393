/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_REVOCABLE_H
#define CDMA_MODEL_REVOCABLE_H

/* What a revocable is made of. */

#include <cdma/revocable.h>

struct cdma_actor;

struct cdma_guard {
	struct cdma_revocable *of;
	struct cdma_actor *actor;
	struct cdma_guard *next; /* that is out; newest first */
	struct cdma_party taken;
	bool is_put;
};

struct cdma_revocable {
	struct cdma_world *world;
	cdma_object_id id;
	void *data;           /* borrowed */
	void (*drop)(void *); /* NULL: nothing to do */
	bool is_available;
	struct cdma_guard *guards;
	struct cdma_party revoked; /* where that was done last */
};

void cdma_revocable_init(struct cdma_revocable *r, struct cdma_world *world,
			 const char *name);

/* It is there from now on, for a call that does more in one step. */
void cdma_revocable_fill(struct cdma_revocable *r, void *data,
			 void (*drop)(void *));

/* Nobody gets a guard any more.  Returns: whether it was available.
 * Emits: STATE. */
bool cdma_revocable_take(struct cdma_revocable *r, bool sync,
			 const struct cdma_site *site);

void cdma_revocable_drop(struct cdma_revocable *r);

#endif /* CDMA_MODEL_REVOCABLE_H */
