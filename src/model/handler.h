/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_HANDLER_H
#define CDMA_MODEL_HANDLER_H

/* What a handler is made of. */

#include <cdma/finding.h>
#include <cdma/handler.h>

struct cdma_handler {
	struct cdma_world *world;
	struct cdma_handler *older; /* in the world */
	uint32_t nr;                /* among them, from 0 */
	cdma_object_id id;
	/* What runs are ordered by.  The same, but of an interrupt: who waits
	 * for its handler has heard nothing of a message that it has not
	 * handled. */
	cdma_object_id ran;
	enum cdma_handler_kind kind;
	bool armed, shut;
	bool prepared; /* taken by who will schedule it, not yet armed */
	bool claimed;  /* by a run, up to where it is done */
	bool is_wire;  /* an interrupt that is no message */
	bool is_level, raised; /* one that stays raised until it is lowered */
	bool stormed;          /* somebody has ended a storm of it */
	bool requested;        /* an interrupt, by request_irq() */
	bool again;            /* shut, it runs once more: see LATE_IRQ */
	const char *device;    /* of an interrupt, its name; borrowed */
	uint32_t held, closed;
	uint32_t runs;           /* the bound of what arms itself */
	uint32_t depth, next;    /* of this run, and of the armed one */
	uint64_t armings;        /* so far */
	uint64_t wanted;         /* so many of them shall run */
	struct cdma_actor *run;  /* that is in it; borrowed, or NULL */
	struct cdma_party since; /* it was armed last, or requested */
};

void cdma_handler_init(struct cdma_handler *handler, struct cdma_world *world,
		       enum cdma_handler_kind kind, const char *name);

/* A level that has run as often in a row as what arms itself may, and is still
 * raised: nobody acknowledges it. */
bool cdma_handler_storms(const struct cdma_handler *handler);

/* Arm it in a row that this begins; without an event. */
void cdma_handler_set(struct cdma_handler *handler);

#endif /* CDMA_MODEL_HANDLER_H */
