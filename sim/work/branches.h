/* SPDX-License-Identifier: MIT */
#ifndef WORK_BRANCHES_H
#define WORK_BRANCHES_H

/*
 * Branches: the exploration of a variant as cases.
 *
 * Case k is unit number k of the tree of executions (explore/tree.h): what is
 * below one of its branches, or as much of that as a unit is allowed.  What a
 * worker finds to be tried elsewhere comes back with its result, so cases are
 * known as others are done, and nothing is explored twice.
 */

#include "work/work.h"

/*
 * Executions of a unit: few at first, since nobody else has anything to do
 * then, and the more the more there have been, since what is said of a unit
 * does not grow with it.  And units of a round.
 */
#define BRANCHES_FEW   256
#define BRANCHES_MANY  4096
#define BRANCHES_ROUND 16

struct branches;

/* @program, @options: borrowed; options->schedules executions at most. */
struct branches *branches_new(const struct program *program,
			      const struct campaign_options *options);
void branches_free(struct branches *branches);

extern const struct work_ops work_branches; /* its state: struct branches */

#endif /* WORK_BRANCHES_H */
