/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_ACTOR_H
#define CDMA_MODEL_ACTOR_H

/* What an actor is made of. */

#include <cdma/actor.h>
#include <cdma/finding.h>

#include "model/iova.h"

enum cdma_actor_state {
	CDMA_ACTOR_NEW,
	CDMA_ACTOR_RUNNING,
	CDMA_ACTOR_DONE,
};

struct cdma_lock;

struct cdma_actor {
	struct cdma_world *world;
	struct cdma_device *dev;  /* borrowed; of an engine */
	struct cdma_device *core; /* borrowed; whose driver's callback it is */
	const char *name;
	cdma_actor_id id;
	cdma_object_id object; /* what start and join go through */
	enum cdma_actor_kind kind;
	enum cdma_actor_state state;
	bool told;                 /* to stop */
	bool is_port;              /* the logic of registers */
	struct cdma_handler *runs; /* that it is in; borrowed, or NULL */

	/* See context.h. */
	struct cdma_lock *holds;    /* newest first */
	uint32_t spins;             /* spinlocks among them */
	uint32_t irqs_off, bhs_off; /* that deep */
	uint32_t sections;          /* of RCU that it is in */
	struct cdma_party section;  /* where the outermost began */
	uint64_t grace; /* where its grace period began; 0: it has none */

	/* Of an engine, where its last write went, while it may be broken. */
	bool has_written;
	cdma_addr_t wrote;
	/* Of an engine, what it looked up last; its own thread's. */
	struct cdma_iova_lookup lookup;

	/* Between the halves of an allocation. */
	struct cdma_device *allocating; /* borrowed; NULL: it is not */
	struct cdma_party alloc_begin;
	bool alloc_raced; /* it overlapped a setter, and that was reported */
};

/* @dev: of an engine, or NULL. */
struct cdma_actor *cdma_actor_make(struct cdma_world *world,
				   enum cdma_actor_kind kind,
				   struct cdma_device *dev, const char *name);

#endif /* CDMA_MODEL_ACTOR_H */
