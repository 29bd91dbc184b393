/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_VERDICT_H
#define TESTS_ORACLE_VERDICT_H

/*
 * Verdict: what ThreadSanitizer says of a run, as far as the memory model means
 * the same.
 *
 * TSan reports two accesses that nothing orders, one of them plain.  The model
 * does, too, but for these; each is a line of doc/memory-model.md, and is taken
 * from the events, and from TSan's other answers, alone:
 *
 *	coherence   b's actor has seen that store there, or a newer one; or made
 *	            one behind the read
 *	overwritten b comes after a newer store
 *	handed      a map, an unmap or a sync stands between
 *	meant       data_race()
 *	reported    a finding about state names the access already
 *	unbound     the device has lost the memory in between
 *	unseen      the read is one whose value nobody gets; its store is judged
 *	poll        it looks again
 *	believed    the author relied on an order, so it is the finding that
 *says which one is missing; the same holds for marked accesses lane        a
 *newer access of the same actor there speaks for this one
 *
 * and what is plain depends on who meets: see is_plain().
 */

#include "edges.h"

/* In the order in which they are looked at. */
enum verdict {
	V_UNSEEN,
	V_MEANT,
	V_REPORTED,
	V_UNBOUND,
	V_ORDERED,
	V_COHERENCE,
	V_OVERWRITTEN,
	V_HANDED,
	V_RACE, /* data_race */
	V_POLL,
	V_BELIEVED, /* one of the findings about order */
	V_BOX,      /* the same, of the first contents of a box */
	V_MARKED,   /* two sides of a word */
	V_LANE,
	VERDICTS,
};

const char *verdict_name(enum verdict verdict);

struct answer {
	struct question q;
	bool is_marked; /* TSan was asked as if both were plain */
	enum verdict verdict;
};

struct answers {
	CDMA_VEC(struct answer) at; /* by b, then by a */
	uint32_t *first;            /* by entry: the first with that b */
};

/* Ask TSan about all of @log.  False: there is more than it can be asked. */
bool answers_find(struct answers *answers, const struct log *log);
void answers_fini(struct answers *answers);

#endif /* TESTS_ORACLE_VERDICT_H */
