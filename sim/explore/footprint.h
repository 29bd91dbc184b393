/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_FOOTPRINT_H
#define EXPLORE_FOOTPRINT_H

/*
 * Footprint: what a step touched, and so which steps it depends on.
 *
 * Two steps of different actors depend on each other when they cannot be
 * swapped without anybody noticing, now or later:
 *
 *	effect     they touch overlapping bytes and one of them writes, they use
 *	           the same lock or interrupt, one changes the life of what the
 *	           other touches
 *	verdict    a detector judges one of them, or what comes after it, by
 *	           whether the other came before: a register that is read pushes
 *	           what the device did until then
 *	values     which stores a late read may see later differs: in weak
 *	           memory a full barrier lets what came before it land, and so
 *	           does what a device reads, and who reads a register
 *
 * Reduction explores one order of steps that do not depend on each other, and
 * every order of those that do.
 *
 * All of it is derived from events, in one table by their kind (footprint.c),
 * so that nothing can be left out by a list that somebody forgot to extend: a
 * kind that is not in the table touches everything, and so does a step that
 * has no event (dpor_acted()).
 *
 * Plain accesses are kept apart.  They are in order with whatever they may
 * meet, or they race; so they make no classes until two of them are seen to
 * meet, whatever a detector says of it.  Then they count like all others.  So
 * does then in weak memory which of two stores side by side came first, which a
 * read tells that sees a part of both.
 */

#include <cdma/event.h>

#include "base/vec.h"

/* What the number of an object counts. */
enum space {
	SPACE_MEMORY, /* bytes of a region; registers, too */
	SPACE_SYNC,   /* a lock, completion or interrupt */
	SPACE_LIFE,   /* the life of a region: every access reads it */
	SPACE_ALLOC,  /* the allocator */
	SPACE_FENCE,  /* weak memory: the one order of full fences */
	SPACE_RCU,    /* 0: what begins; 1: what ends */
	SPACE_ENGINE, /* of a device: what it did, and who asked by then */
	SPACE_OP,     /* bytes of a region: when whole stores began and ended */
	SPACE_MOMENT, /* eight bytes of a region: the row of its stores */
	SPACE_LINE,   /* a line of the cache: what is written to it */
	SPACE_LANDED, /* what no device can miss any more */
	SPACE_NR,
};

/* READ and READ can be swapped, and so can JOINT and JOINT. */
enum touch_mode { TOUCH_READ, TOUCH_WRITE, TOUCH_JOINT, TOUCH_NR };

struct touch {
	uint64_t first, last; /* bytes */
	uint32_t object;
	uint8_t space; /* enum space */
	uint8_t mode;  /* enum touch_mode */
	uint8_t kind;  /* enum cdma_event_kind */
};

#define TOUCHES_MAX 8

struct footprint {
	/* A superset of what is touched in each mode, for a quick no. */
	uint64_t hint[TOUCH_NR];
	struct touch at[TOUCHES_MAX];
	uint8_t nr;
	bool all;   /* touches everything: there were too many */
	bool heard; /* it had an event, if only one that nobody can tell */
	bool poll;  /* a wait that ended; it may have been impossible before */
	bool ran_out; /* a wait that ended because nobody else could run */
	bool tries;   /* what it acquires it might have done without */
};

/* What plain accesses of one step touched. */
typedef CDMA_VEC(struct touch) touches_t;

/* Who is who in an execution: what events alone do not say. */
struct cast {
	bool plain;    /* plain accesses count, and so do moments of a word */
	bool weak;     /* reads may be late */
	uint32_t line; /* bytes of a line of the cache; 0: it is coherent */
	/* By number of the actor. */
	cdma_device_id engine_of[UINT8_MAX + 1]; /* 0: it is a CPU */
	/* A dma_mb() of its, which lands when it touches memory again. */
	bool owes[UINT8_MAX + 1];
	uint32_t own[UINT8_MAX + 1]; /* what it releases when it ends */
	bool is_port[UINT8_MAX + 1]; /* the logic of registers */
};

/* An execution begins. */
void cast_begin(struct cast *cast);

/* @ev happened, after footprint_add(). */
void cast_note(struct cast *cast, const struct cdma_event *ev);

/* A step that has done nothing yet. */
static inline void footprint_clear(struct footprint *fp)
{
	for (int i = 0; i < TOUCH_NR; i++)
		fp->hint[i] = 0;
	fp->nr = 0;
	fp->all = fp->heard = fp->poll = fp->ran_out = fp->tries = false;
}

/* Nothing is known of the step. */
void footprint_everything(struct footprint *fp);

/*
 * Add what @ev touched.
 *
 * @plain: that of plain accesses is added here instead, unless they count;
 *         NULL: nowhere.
 */
void footprint_add(struct footprint *fp, const struct cdma_event *ev,
		   const struct cast *cast, touches_t *plain);

/* Whether @fp, or what is in @plain of the same step, cannot be swapped with
 * what is in @others; NULL is none. */
bool footprint_meets(const struct footprint *fp, const touches_t *plain,
		     const touches_t *others);

/* Whether two steps that touch these cannot be swapped. */
bool touch_conflict(const struct touch *a, const struct touch *b);

/* Whether the two cannot be swapped, seen from different actors. */
bool footprint_conflict_slow(const struct footprint *a,
			     const struct footprint *b);

static inline bool footprint_conflict(const struct footprint *a,
				      const struct footprint *b)
{
	const uint64_t *x = a->hint, *y = b->hint;

	if (!((x[TOUCH_WRITE] &
	       (y[TOUCH_READ] | y[TOUCH_WRITE] | y[TOUCH_JOINT])) |
	      (x[TOUCH_READ] & (y[TOUCH_WRITE] | y[TOUCH_JOINT])) |
	      (x[TOUCH_JOINT] & (y[TOUCH_READ] | y[TOUCH_WRITE]))))
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
