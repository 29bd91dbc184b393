/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_LOCK_H
#define CDMA_MODEL_LOCK_H

/* What a lock is made of. */

#include <cdma/finding.h>
#include <cdma/lock.h>

/* One way in which it is taken. */
struct cdma_lock_use {
	struct cdma_lock_use *next;
	uint64_t by;   /* the handler that takes it, as a bit; 0: none does */
	uint64_t open; /* handlers that may come meanwhile, as bits */
	struct cdma_party at;
};

struct cdma_lock {
	struct cdma_world *world;
	cdma_object_id id;
	bool sleeps;              /* a mutex */
	struct cdma_actor *owner; /* borrowed; NULL: free */
	struct cdma_party taken;
	struct cdma_lock *next; /* that its owner holds; newest first */
	struct cdma_lock_use *uses;
};

#endif /* CDMA_MODEL_LOCK_H */
