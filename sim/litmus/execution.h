/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_EXECUTION_H
#define LITMUS_EXECUTION_H

/*
 * Execution: what makes two runs of a litmus test the same execution.
 *
 * An observer of a machine. Events are named by their actor and their number
 * in it, which no schedule changes.
 */

#include <cdma/event.h>

#include "base/text.h"
#include "base/vec.h"

struct execution_access {
	uint64_t seq, n; /* n: number among the accesses of its actor */
	uint64_t offset;
	uint32_t object;
	cdma_actor_id actor;
	uint8_t kind;
	uint64_t rf; /* of a read: seq of the store, 0 for none */
};

struct execution {
	CDMA_VEC(struct execution_access) accesses;
};

struct cdma_observer execution_observer(struct execution *execution);

/* Append a text that is the same for the same execution; then forget it. */
void execution_name(struct execution *execution, struct cdma_text *out);
void execution_fini(struct execution *execution);

#endif /* LITMUS_EXECUTION_H */
