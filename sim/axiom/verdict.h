/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_VERDICT_H
#define AXIOM_VERDICT_H

/*
 * Verdict: all executions of a litmus test, and what herd7 prints of them.
 *
 * Two executions are one when each read sees the same store and the stores to
 * each location are in the same order.  The lines are those of herd7, so that
 * tools that compare its logs (mcompare7) read them.
 */

#include "axiom/model.h"
#include "litmus/litmus.h"

/* A final state, and how many executions lead to it. */
struct verdict_state {
	int64_t *values; /* owned: what the test shows, in order */
	uint64_t executions;
};

struct verdict {
	const struct litmus *test;
	CDMA_VEC(struct verdict_state) states; /* sorted */
	uint64_t positive, negative;           /* executions */
	unsigned int flags;                    /* 1 << enum model_flag */
	bool is_lost;                          /* one uses what is no address */
	bool is_cut;                           /* there are more executions */
	bool is_too_long; /* a thread has too many events; see span */
	struct span span;
};

struct verdict_options {
	uint64_t executions; /* at most */
	/* Asked now and then whether to end; NULL: never.  Then it is cut. */
	bool (*is_over)(void *aux);
	void *aux;
	/* Gets the graphs of the executions of which the condition holds, see
	 * dot.h; NULL: nobody wants them. */
	struct cdma_text *graphs;
};

/* Look at all executions of @test. */
void verdict_find(struct verdict *verdict, const struct litmus *test,
		  const struct verdict_options *options);
void verdict_fini(struct verdict *verdict);

/* "Never", "Sometimes" or "Always" */
const char *verdict_observation(const struct verdict *verdict);

/* Append what herd7 prints, without its time and hash; @flags are lines that
 * stand behind its own flags. */
void verdict_add_report(struct cdma_text *out, const struct verdict *verdict,
			const char *flags);

enum verdict_end {
	VERDICT_AGREES, /* with the test's Result, if it has one */
	VERDICT_DIFFERS,
	VERDICT_UNDECIDED, /* it was cut before that was certain */
	VERDICT_WRONG,     /* the test has no meaning */
	VERDICT_ENDS_NR,
};

/*
 * Whether it came out as a comment of the test says after "Result:", with a
 * line appended when there is something to say.
 *
 * Understood are the words of the kernel's own scripts, one or several: Never,
 * Sometimes, Always; Maybe, which is any of them; DATARACE; DEADLOCK, when no
 * execution comes to its end.
 */
enum verdict_end verdict_judge(struct cdma_text *out,
			       const struct verdict *verdict);

#endif /* AXIOM_VERDICT_H */
