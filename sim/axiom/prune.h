/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_PRUNE_H
#define AXIOM_PRUNE_H

/*
 * Prune: paths that no execution takes.
 *
 * A path that follows a pointer is there once for each location that it could
 * point to.  Most of them demand that a read sees what nobody stores there; all
 * choices of paths with such a one are looked at in vain.
 */

#include "axiom/path.h"

/* Take away paths of @lists, one list for each thread of @test, whose demands
 * no store of any other path can meet. */
void paths_prune(struct path_list *lists, const struct litmus *test);

#endif /* AXIOM_PRUNE_H */
