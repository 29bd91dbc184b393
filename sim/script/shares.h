/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_SHARES_H
#define SCRIPT_SHARES_H

/*
 * Shares: which names, and which boxes, more than one thread uses.
 *
 * An access to a box is no step of its own, since nobody else can reach a box.
 * Where another thread names it too, that is not so, and the access becomes one
 * (MARK_STEP).
 *
 * A name of memory is shared like a variable, but no event tells who uses it.
 * Where a thread gives it another meaning, whatever uses it is marked
 * (MARK_OPAQUE).
 *
 * A copy of many pieces is a step for each, as others may come in between.
 * Where no other thread names the memory there is nobody to come (MARK_ALONE).
 *
 * All are found in the text: what a name may stand for is what was given to it
 * anywhere.
 */

#include "script/program.h"

/* Fill in the marks of @program, which is complete but for them. */
void program_mark_shares(struct program *program);

#endif /* SCRIPT_SHARES_H */
