/* SPDX-License-Identifier: MIT */
#ifndef SIM_FAULTED_H
#define SIM_FAULTED_H

/*
 * Faulted: what came of the fault cases of one variant.
 *
 * A case is the variant, compiled once more with one or two rules besides those
 * that it has: all else, from the journal to the line that replays, takes it
 * for a variant like others.
 */

#include "base/arena.h"
#include "load.h"
#include "run/campaign.h"
#include "run/fault-cases.h"

struct faulted {
	const struct program *program; /* of the variant; borrowed */
	struct fault_cases cases;
	uint64_t singles[CDMA_FAULT_NR]; /* that struck, by site */
	uint64_t pairs;                  /* both of which struck */
	bool is_whole;                   /* none is left */
	uint64_t runs, setup_failed;     /* without and with a fault */
	uint64_t setup_errno;            /* of the last of those */
	uint64_t *seen;         /* owned; runs, by expectation of the variant */
	unsigned char *reached; /* owned; REACH_*, by instruction */
};

void faulted_begin(struct faulted *f, const struct program *program,
		   enum fault_mode mode);
void faulted_end(struct faulted *f);

/* Count runs of the variant, or of a case of it. */
void faulted_count(struct faulted *f, const struct tally *tally);

/* Whether the last fault of the case in hand struck in @tally, which is of its
 * program; counts it. */
bool faulted_struck(struct faulted *f, const struct tally *tally);

/* What the case in hand is compiled with: @given, and its faults.  All in
 * @arena. */
struct given faulted_given(const struct faulted *f, const struct given *given,
			   struct cdma_arena *arena);

/* Whether an expectation that is about fault cases was met by none. */
bool faulted_lacks(const struct faulted *f);
/* Whether none of the runs, without a fault and with one, came to what a
 * scenario that asks for faults is about; see run/reach.h. */
bool faulted_is_vacuous(const struct faulted *f);

/* Add what there is to say of all of them; @lines: also which lines of the text
 * nobody came to. */
void faulted_report(struct cdma_text *out, const struct faulted *f, bool lines);

#endif /* SIM_FAULTED_H */
