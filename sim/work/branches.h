/* SPDX-License-Identifier: MIT */
#ifndef WORK_BRANCHES_H
#define WORK_BRANCHES_H

/*
 * Branches: the exploration of a variant as cases.
 *
 * Case k is unit number k of the tree of executions (explore/tree.h): what
 * begins with one of its branches, without what the unit gives away.  What a
 * worker finds to be tried elsewhere comes back with its result, so cases are
 * known as others are done, and nothing is explored twice.
 */

#include "work/work.h"

/* Units at a time; after how many executions one gives something away; and how
 * often as many it has at most, when there is a bound. */
#define BRANCHES_OUT     16
#define BRANCHES_FEW     64
#define BRANCHES_MANY    65536
#define BRANCHES_LONGEST 256

struct branches;

/* @program, @options: borrowed; options->schedules executions at most. */
struct branches *branches_new(const struct program *program,
			      const struct campaign_options *options);
void branches_free(struct branches *branches);

extern const struct work_ops work_branches; /* its state: struct branches */

#endif /* WORK_BRANCHES_H */
