/* SPDX-License-Identifier: MIT */
#ifndef CDMA_FAULT_ATTR_H
#define CDMA_FAULT_ATTR_H

/*
 * Fault attributes: whether a call fails, as the kernel decides it
 * (lib/fault-inject.c, should_fail()).
 *
 * A call goes through these, in this order; the first that says so ends it:
 *
 *	fail_nth	not 0: it is counted down, and the call fails when it
 *			comes to 0, and not before; nothing else is asked
 *	probability	0: no
 *	times		0: no
 *	space		more than the size of the call: no, and the size is
 *			taken from it
 *	interval	more than 1: each interval-th of the calls that come
 *			here goes on, the others do not fail
 *	probability	percent of those that come here fail
 *
 * A call that fails takes one from times, unless that is -1; one that fail_nth
 * fails, too.
 *
 * What is left out: filters by task and by stack, which a simulated machine has
 * not.
 *
 * Threads: calls about one attr exclude each other.
 */

#include <stdbool.h>
#include <stdint.h>

/* As in the debugfs files of that name. */
struct cdma_fault_attr {
	uint32_t probability; /* percent */
	uint64_t interval;
	int64_t times; /* -1: as often as it likes */
	uint64_t space;
	uint64_t fail_nth;

	uint64_t count; /* calls that came to the interval; never reset */
};

/* What the kernel has before anybody sets anything. */
#define CDMA_FAULT_ATTR_INIT                                                   \
	{                                                                      \
		.interval = 1, .times = 1                                      \
	}

/*
 * Whether a call of @size (bytes of an allocation, or 1) fails.
 *
 * @draw: gives a number below 100 when one is wanted; @aux is its own.
 */
bool cdma_fault_attr_should_fail(struct cdma_fault_attr *attr, uint64_t size,
				 uint32_t (*draw)(void *aux), void *aux);

/*
 * Parse "probability=10,interval=2,times=-1,space=0", in any order; what is
 * left out stays as it is.
 *
 * Returns: NULL, or where it is wrong in @text.
 */
const char *cdma_fault_attr_parse(struct cdma_fault_attr *attr,
				  const char *text);

#endif /* CDMA_FAULT_ATTR_H */
