/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_FOOTPRINT_H
#define EXPLORE_FOOTPRINT_H

/*
 * Footprint: what a step touched, and so which steps it depends on.
 *
 * Two steps of different actors depend on each other when they cannot be
 * swapped without anybody noticing: they touch overlapping bytes and one of
 * them writes, they use the same lock or interrupt, or one changes the life of
 * the memory that the other touches.  Reduction explores one order of steps
 * that do not depend on each other, and every order of those that do.
 *
 * A footprint is made of events, so nothing that has an effect can be left out
 * by a list that somebody forgot to extend: an event of a kind that is not
 * known here touches everything.  Plain accesses need leave no trace: what they
 * may meet is found by the ordering rules in any order of the rest, and no step
 * begins at one.
 */

#include <cdma/event.h>

/* What the number of an object counts. */
enum space {
	SPACE_MEMORY, /* bytes of a region; registers, too */
	SPACE_SYNC,   /* a lock, completion or interrupt */
	SPACE_LIFE,   /* the life of a region: every access reads it */
	SPACE_DEVICE, /* binding and masks */
	SPACE_ALLOC,  /* the allocator */
	SPACE_FENCE,  /* the one order of full fences */
	SPACE_RCU,    /* 0: what begins; 1: what ends */
};

struct touch {
	uint64_t first, last; /* bytes */
	uint32_t object;
	uint8_t space; /* enum space */
	bool write;
	uint8_t kind; /* enum cdma_event_kind */
};

#define TOUCHES_MAX 6

struct footprint {
	/* A superset of what is read and written, for a quick no. */
	uint64_t reads, writes;
	struct touch at[TOUCHES_MAX];
	uint8_t nr;
	bool all;   /* touches everything: there were too many */
	bool heard; /* it had an event, if only one that nobody can tell */
	bool poll;  /* a wait that ended; it may have been impossible before */
	bool ran_out; /* a wait that ended because nobody else could run */
};

/* A step that has done nothing yet. */
static inline void footprint_clear(struct footprint *fp)
{
	fp->reads = fp->writes = 0;
	fp->nr = 0;
	fp->all = fp->heard = fp->poll = fp->ran_out = false;
}

/* Nothing is known of the step. */
void footprint_everything(struct footprint *fp);

/* Add what @ev touched; a plain access only when @plain. */
void footprint_add(struct footprint *fp, const struct cdma_event *ev,
		   bool plain);

/* Whether the two cannot be swapped, seen from different actors. */
bool footprint_conflict_slow(const struct footprint *a,
			     const struct footprint *b);

static inline bool footprint_conflict(const struct footprint *a,
				      const struct footprint *b)
{
	if (!((a->writes & (b->reads | b->writes)) | (a->reads & b->writes)))
		return false;
	return footprint_conflict_slow(a, b);
}

/* Whether the two are alike in all; a number that is equal when they are. */
bool footprint_same(const struct footprint *a, const struct footprint *b);
uint32_t footprint_hash(const struct footprint *fp);

/* The lock that @fp acquires, or releases; 0: none. */
uint32_t footprint_acquires(const struct footprint *fp);
uint32_t footprint_releases(const struct footprint *fp);

#endif /* EXPLORE_FOOTPRINT_H */
