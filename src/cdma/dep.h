/* SPDX-License-Identifier: MIT */
#ifndef CDMA_DEP_H
#define CDMA_DEP_H

/*
 * Dependency: the set of reads that a value was computed from.
 *
 * A load that takes its address from an earlier load, or a store that takes
 * its value from one, is ordered after it by the machine without any barrier.
 * So values carry the reads they come from.  A set is one small number: 0 is
 * the empty set, a single read is made from the sequence number of its event,
 * and a union is a node in a table.
 *
 * Usage
 * -----
 *	cdma_dep_t d = cdma_dep_read(ev.seq);
 *	d = cdma_dep_join(deps, d, other);
 *	cdma_dep_each(deps, d, fn, aux);        // calls fn for each read
 *
 * A value that was kept within bounds, by a mask or a remainder, comes from the
 * same reads, and they order the same; but nobody needs to have checked it.
 *
 * Parts
 * -----
 * A copy may be made in pieces, and what is used of it is seldom all of it.  So
 * a value that was taken out of a copy says which bytes of a read it is made
 * of.  For what the read orders that makes no difference.
 *
 * Choices
 * -------
 * Of two values one may be chosen by a third, "c ? a : b".  What comes out
 * depends on c for whoever stores it or branches on it.  A load whose address
 * was chosen does not wait for c: the machine may guess which one it will be,
 * as it does at a branch.
 *
 * All reads of one set were made by one actor: values do not leave a thread
 * except through memory.
 *
 * Threads: a table belongs to its world; calls exclude each other, unless it is
 * shared.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t cdma_dep_t;

/* All bytes of a read: of the eight of its granule, as bits. */
#define CDMA_DEP_WHOLE 0xffu

/* Where one byte of a buffer comes from. */
struct cdma_source {
	cdma_dep_t dep;
	uint8_t byte; /* dep is a single read, and it is this byte of the
			 granule, as a bit; 0: it is made of all of dep */
};

/* Called for a read: its sequence number, and which bytes of it were used. */
typedef void cdma_dep_fn(void *aux, uint64_t seq, uint8_t bytes);

struct cdma_deps;
struct cdma_image;

struct cdma_deps *cdma_deps_new(void);
void cdma_deps_free(struct cdma_deps *deps);

/* Whether any thread may use the table at any time, from now on: to make sets
 * and to walk them, not to forget them.  Which number a set gets is then a
 * matter of chance, what is in it is not.  Nobody else may use it meanwhile. */
void cdma_deps_share(struct cdma_deps *deps, bool on);

/* For whoever goes back to the middle of a run: where its state is. */
void cdma_deps_mark(struct cdma_deps *deps, struct cdma_image *image);

/* Forget every union; what was returned before must not be used again. */
void cdma_deps_reset(struct cdma_deps *deps);

/* The set that holds one read.  @seq: of its event, 1 to 2^31 - 1. */
static inline cdma_dep_t cdma_dep_read(uint64_t seq)
{
	return (cdma_dep_t)(seq << 1 | 1);
}

/* The union.  Joining a set with itself or with 0 costs nothing. */
cdma_dep_t cdma_dep_join(struct cdma_deps *deps, cdma_dep_t a, cdma_dep_t b);

/* The same reads, of a value within bounds that do not come from a read. */
cdma_dep_t cdma_dep_bound(struct cdma_deps *deps, cdma_dep_t dep);

/* The reads that a choice was made by, as a part of what was chosen. */
cdma_dep_t cdma_dep_chose(struct cdma_deps *deps, cdma_dep_t dep);

/* Those of @dep that did more than to choose: what a load waits for that has
 * its address from there. */
cdma_dep_t cdma_dep_address(struct cdma_deps *deps, cdma_dep_t dep);

/* The same single read, of which no more than @bytes were used, at least one of
 * them. */
cdma_dep_t cdma_dep_part(struct cdma_deps *deps, cdma_dep_t dep, uint8_t bytes);

/* The reads that all of @nr bytes come from, up to eight of them. */
cdma_dep_t cdma_dep_gather(struct cdma_deps *deps,
			   const struct cdma_source *from, size_t nr);

/*
 * Call @fn for each read in @dep.  A read that came in by two ways, or in
 * parts, may be named more than once.  @fn must not use @deps.
 */
void cdma_dep_each(struct cdma_deps *deps, cdma_dep_t dep, cdma_dep_fn *fn,
		   void *aux);

/* The same for those alone whose values nothing bounded on some way. */
void cdma_dep_each_unbounded(struct cdma_deps *deps, cdma_dep_t dep,
			     cdma_dep_fn *fn, void *aux);

#endif /* CDMA_DEP_H */
