/* SPDX-License-Identifier: MIT */
#ifndef RUN_ALONE_H
#define RUN_ALONE_H

/*
 * Alone: from where on an actor only computes, up to its next step.
 *
 * There it touches nothing but its own registers and the table of
 * dependencies: no event, no finding, no memory, no counter of the run.  What
 * of the simulated machine happens meanwhile makes no difference to it, nor it
 * to that, so it need not be in any order.
 */

#include <stdbool.h>

#include "script/program.h"

/* For each instruction of @program, whether that holds from there on.
 *
 * @opens: what somebody else looks at, by instruction; or NULL.
 * Owns: the caller; free(). */
bool *alone_find(const struct program *program, const unsigned char *opens);

#endif /* RUN_ALONE_H */
