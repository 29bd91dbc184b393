/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

/*
 * Picture: the run that shows a finding, laid out: a lane for each CPU thread,
 * handler and engine, a row for each event, and what leads from one to another.
 *
 * It has no size and no colours: who draws it (draw.h, and formats that are
 * read by other programs) gives it those.
 *
 * A row is an event, or the ghost of a statement that was tried as a cure and
 * helps.  Of a long run the rows around what the finding is about are kept, and
 * it is said how many are not.
 */

#include "base/arena.h"
#include "base/vec.h"
#include "run/campaign.h"

/* What a row shows.  X(name, "its class"). */
#define PICTURE_LOOKS(X)                                                       \
	X(READ, "read")                                                        \
	X(WRITE, "write")                                                      \
	X(BARRIER, "barrier")                                                  \
	X(SYNC, "sync")     /* locks, completions, interrupts, RCU */          \
	X(MEMORY, "memory") /* who owns it: alloc, expose, map, free, ... */   \
	X(OTHER, "other")                                                      \
	X(GHOST, "ghost") /* not there: a cure that was tried */

enum picture_look {
#define X(name, text) PICTURE_##name,
	PICTURE_LOOKS(X)
#undef X
};

/* What leads from one row to another.  X(name, "its class", "what it says"). */
#define PICTURE_EDGES(X)                                                       \
	X(SAW, "saw", "read from")                                             \
	X(LATE, "late", "read late, past a newer store")                       \
	X(MISSED, "missed", "not seen by")                                     \
	X(SYNC, "sync", "lets go on")                                          \
	X(IRQ, "irq", "interrupts")                                            \
	X(BELIEVED, "believed", "believed, not guaranteed")                    \
	X(CONFLICT, "conflict", "collides with")

enum picture_edge_kind {
#define X(name, text, words) PICTURE_EDGE_##name,
	PICTURE_EDGES(X)
#undef X
};

struct picture_lane {
	const char *name; /* "poll" */
	const char *what; /* "device nic"; "" */
};

struct picture_row {
	uint64_t seq; /* of the event; 0: a ghost */
	size_t lane;
	enum picture_look look;
	const char *text;   /* "write rx[0].len: 0x40" */
	const char *source; /* "38 [i=0] rx[i].len = 64;"; or NULL */
	const char *role;   /* "at", "against", "proof", "publish"; or NULL */
	uint64_t left_out;  /* events right before it that have no row */
	const struct cdma_site *site; /* or NULL */
};

struct picture_edge {
	size_t from, to; /* rows */
	enum picture_edge_kind kind;
};

struct picture {
	CDMA_VEC(struct picture_lane) lanes;
	CDMA_VEC(struct picture_row) rows;
	CDMA_VEC(struct picture_edge) edges;
	uint64_t left_out;       /* events after the last row */
	struct cdma_arena arena; /* of all texts */
};

/* Rows of events; of more, those that are nearest to the finding. */
#define PICTURE_ROWS_MAX 400

/*
 * Run the schedule of @finding once more and lay it out.
 *
 * @options: with which it was found.
 * Owns: the caller; picture_fini().
 */
void picture_of(struct picture *picture, const struct campaign_finding *finding,
		const struct campaign_options *options);
void picture_fini(struct picture *picture);

const char *picture_look_name(enum picture_look look);
const char *picture_edge_name(enum picture_edge_kind kind);
const char *picture_edge_words(enum picture_edge_kind kind);

#endif /* PICTURE_PICTURE_H */
