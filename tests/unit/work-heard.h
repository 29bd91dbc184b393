/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WORK_HEARD_H
#define TESTS_WORK_HEARD_H

/*
 * What tests of work in cases share: options that note who is told what.
 */

#include "work/work.h"

static inline enum campaign_cut never(void *aux, uint64_t done)
{
	(void)aux;
	(void)done;
	return CAMPAIGN_WHOLE;
}

struct heard {
	unsigned int crashes, missing;
	uint64_t nr;
	int signal;
};

static inline void crashed(void *aux, uint64_t nr, int signal)
{
	struct heard *heard = aux;

	heard->crashes++;
	heard->nr = nr;
	heard->signal = signal;
}

static inline void missing(void *aux, uint64_t nr)
{
	struct heard *heard = aux;

	heard->missing++;
	heard->nr = nr;
}

static inline struct work_options work_options(struct heard *heard,
					       unsigned int jobs)
{
	return (struct work_options){
		.jobs = jobs,
		.progress = never,
		.crashed = crashed,
		.missing = missing,
		.aux = heard,
	};
}

#endif /* TESTS_WORK_HEARD_H */
