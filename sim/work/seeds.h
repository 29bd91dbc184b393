/* SPDX-License-Identifier: MIT */
#ifndef WORK_SEEDS_H
#define WORK_SEEDS_H

/*
 * Seeds: the schedules of a seed as cases.
 *
 * Case k is a thousand schedules, from number first + 1000 k on.  Shard i of n
 * has the cases k with k mod n = i - 1: each case is in one shard, and which
 * one it is does not depend on how many schedules there are.
 */

#include "work/work.h"

#define SEEDS_A_CASE 1000

/* Shard number @nr, from 1, of @of. */
struct shard {
	uint64_t nr, of; /* of 0: there are none, all is one's own */
};

struct seeds;

/* @program, @options: borrowed; options->first and schedules say which. */
struct seeds *seeds_new(const struct program *program,
			const struct campaign_options *options,
			struct shard shard);
void seeds_free(struct seeds *seeds);

extern const struct work_ops work_seeds; /* its state is a struct seeds */

#endif /* WORK_SEEDS_H */
