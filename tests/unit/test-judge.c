/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/finding.h>
#include <cdma/region.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "axiom/search.h"
#include "base/rng.h"
#include "explore/explore.h"
#include "judge-programs.h"
#include "litmus/scenario.h"
#include "run/machine.h"
#include "scene.h"

/*
 * The rules of src/order against the axioms.
 *
 * A program is explored as a scenario in strong memory.  Of each execution the
 * rules say which accesses relied on more than is guaranteed.  The axioms say
 * it again: access b relied on a when there is a way from a to b by program
 * order and by who read whose store, with a step of a's thread behind a; and
 * that is not guaranteed when there is an allowed execution in which everything
 * before b reads from the same stores, and b misses a: it sees something older,
 * it is overwritten by it, or a sees b.
 */

#include "judge-run.h"

/* ---- what the axioms say ---- */

static bool is_engine(const struct judge *j, uint32_t e)
{
	uint32_t thread = j->x.events[e].thread;

	return thread != NO_THREAD &&
	       j->test->threads.at[thread].process == LITMUS_ENGINE;
}

/* Whether @e reads a register for a CPU. */
static bool is_asked(const struct judge *j, uint32_t e)
{
	return j->x.events[e].reads && j->x.events[e].tags & TAGGED(MMIO);
}

/*
 * A register is read at its time in the run: who asks is answered behind all
 * that the device had done by then, whether or not the value tells of it.  The
 * axioms would let the answer come at any time; but wherever that is, explore
 * has a run that has it there.
 */
static bool is_timed(const struct judge *j, uint32_t e, uint32_t asked)
{
	return is_asked(j, asked) && is_engine(j, e) && j->order[e] &&
	       j->order[e] < j->order[asked];
}

/* Whether @b's actor has heard of @a. */
static bool is_believed(const struct judge *j, uint32_t a, uint32_t b)
{
	const struct execution *x = &j->x;

	for (uint32_t p = 0; p < x->nr; p++)
		if (rel_has(x->po, p, b) && p != a && rel_has(j->before, a, p))
			return true;
	return false;
}

/* Whether store @w is @a or has come after it. */
static bool is_newer(const struct judge *j, uint32_t w, uint32_t a)
{
	return w == a || (rel_has(j->x.loc, w, a) && j->order[w] > j->order[a]);
}

/* Whether b's actor has accessed what is store @a or newer. */
static bool has_met(const struct judge *j, uint32_t a, uint32_t b)
{
	const struct execution *x = &j->x;

	for (uint32_t e = 0; e < x->nr; e++) {
		uint32_t w = x->events[e].writes ? e : x->sees[e];

		if (rel_has(x->loc, e, b) && w != NO_EVENT &&
		    rel_has(x->po, e, b) && is_newer(j, w, a))
			return true;
	}
	return false;
}

/* Coherence orders them, as far as the run tells what is newer: b's actor has
 * met store a, or what the actor of read a has stored there since. */
static bool is_settled(const struct judge *j, uint32_t a, uint32_t b)
{
	const struct execution *x = &j->x;

	if (x->events[a].writes)
		return has_met(j, a, b);
	for (uint32_t e = 0; e < x->nr; e++)
		if (x->events[e].writes && rel_has(x->po, a, e) &&
		    rel_has(x->loc, a, e) && has_met(j, e, b))
			return true;
	return false;
}

/*
 * The part of the execution that is before @b, with @b, and before @other.
 *
 * @nr: how many events of each thread.
 */
static void cut(const struct judge *j, uint32_t b, uint32_t other,
		unsigned int nr[8])
{
	const struct execution *x = &j->x;

	memset(nr, 0, 8 * sizeof(*nr));
	for (uint32_t e = 0; e < x->nr; e++) {
		const struct event *ev = &x->events[e];
		bool is_in = e == b || e == other;

		if (ev->thread == NO_THREAD)
			continue;
		for (uint32_t p = 0; p < x->nr && !is_in; p++)
			is_in = (rel_has(x->po, p, b) &&
				 (p == e || rel_has(j->earlier, e, p))) ||
				(p == other && rel_has(j->earlier, e, p));
		if (is_in && nr[ev->thread] < e - ev->base + 1)
			nr[ev->thread] = e - ev->base + 1;
	}
	for (uint32_t t = 0; t < j->test->threads.nr; t++)
		if (nr[t] && nr[t] < j->chosen[t]->nr_events &&
		    j->chosen[t]->events[nr[t] - 1].tags & TAGGED(LKR))
			nr[t]++;
}

/* Event @e of the whole as one of the part that has @nr of each thread. */
static uint32_t in_part(const struct judge *j, uint32_t e)
{
	const struct event *ev = &j->x.events[e];

	return ev->thread == NO_THREAD
		       ? e
		       : j->part.bases[ev->thread] + (e - ev->base);
}

/* Whether the value of @read decided anything. */
static bool decides(const struct value *v, uint32_t read)
{
	if (v->kind == VALUE_OP)
		return decides(v->a, read) || decides(v->b, read);
	return v->kind == VALUE_READ && v->read == read;
}

/* What there is to ask: @b misses @a when @read sees @from, or when @b, a
 * store, is before @a. */
struct question {
	uint32_t a, b, read, from;
	bool only_hb;
};

/* Whether what @read saw is part of what proved that a was there, or what is
 * newer in its place. */
static bool is_proof(const struct judge *j, const struct question *q,
		     uint32_t read)
{
	const struct execution *x = &j->x;
	const struct event *ev = &x->events[read];
	const struct path *path = j->chosen[ev->thread];

	if (rel_has(x->loc, q->b, read) ||
	    ev->tags & (TAGGED(LKR) | TAGGED(IRQ)))
		return true;
	for (uint32_t w = 0; w < x->nr; w++)
		if ((w == q->a || is_newer(j, w, q->a)) &&
		    rel_has(j->earlier, w, x->sees[read]))
			return true;
	for (unsigned int i = 0; i < path->nr_demands; i++)
		if (decides(path->demands[i].value, read - ev->base))
			return true;
	return false;
}

static void begin_part(struct judge *j, const struct question *q,
		       unsigned int nr[8])
{
	static struct path shorter[8];
	const struct path *parts[8];

	cut(j, q->b, q->from, nr);
	for (uint32_t t = 0; t < j->test->threads.nr; t++) {
		shorter[t] = *j->chosen[t];
		shorter[t].nr_events = nr[t];
		shorter[t].nr_demands = 0;
		parts[t] = &shorter[t];
	}
	execution_begin(&j->part, j->test, parts);
}

static bool is_in_part(const struct judge *j, uint32_t e,
		       const unsigned int nr[8])
{
	const struct event *ev = &j->x.events[e];

	return ev->thread == NO_THREAD || e - ev->base < nr[ev->thread];
}

/* Stores to their place stay in the order of the run, but for b; an older one
 * than what b comes after is not missed.  Unless a is a read. */
static bool keep_order(struct judge *j, const struct question *q,
		       const unsigned int nr[8])
{
	const struct execution *x = &j->x;
	bool can_be = true;

	if (x->events[q->a].reads)
		return true;

	for (uint32_t v = 0; v < x->nr; v++)
		for (uint32_t w = 0; can_be && w < x->nr; w++)
			if (x->events[v].writes && x->events[w].writes &&
			    rel_has(x->loc, v, w) && rel_has(x->loc, v, q->b) &&
			    v != q->b && w != q->b &&
			    j->order[v] < j->order[w] && is_in_part(j, v, nr) &&
			    is_in_part(j, w, nr))
				can_be = search_put_before(
					&j->part, in_part(j, v), in_part(j, w));
	if (can_be && x->events[q->b].writes && x->events[q->a].writes)
		can_be = search_put_before(&j->part, in_part(j, q->b),
					   in_part(j, q->a));
	return can_be;
}

static void keep_time(struct judge *j, const unsigned int nr[8])
{
	const struct execution *x = &j->x;

	for (uint32_t e = 0; e < x->nr; e++)
		for (uint32_t r = 0; r < x->nr; r++)
			if (is_asked(j, r) && is_engine(j, e) && j->order[e] &&
			    j->order[e] < j->order[r] && is_in_part(j, e, nr) &&
			    is_in_part(j, r, nr))
				rel_add(j->part.timed, in_part(j, e),
					in_part(j, r));
}

static bool is_allowed(struct judge *j, const struct question *q)
{
	const struct execution *x = &j->x;
	unsigned int nr[8];
	uint32_t sees[EVENTS];

	begin_part(j, q, nr);
	for (uint32_t e = 0; e < x->nr; e++) {
		if (!is_in_part(j, e, nr) || !x->events[e].reads)
			continue;
		if (e == q->read)
			sees[in_part(j, e)] = in_part(j, q->from);
		else if (is_proof(j, q, e))
			sees[in_part(j, e)] = in_part(j, x->sees[e]);
		else
			sees[in_part(j, e)] = NO_EVENT;
	}
	keep_time(j, nr);
	return keep_order(j, q, nr) &&
	       search_allows(&j->part, sees, q->only_hb);
}

static bool can_miss(struct judge *j, uint32_t a, uint32_t b, bool only_hb)
{
	const struct execution *x = &j->x;
	struct question q = {a, b, NO_EVENT, NO_EVENT, only_hb};

	if (x->events[b].writes && x->events[a].writes)
		return is_allowed(j, &q);
	if (x->events[b].writes) {
		q.read = a;
		q.from = b;
		return is_allowed(j, &q);
	}
	q.read = b;
	for (uint32_t w = 0; w < x->nr; w++) {
		q.from = w;
		if (x->events[w].writes && rel_has(x->loc, w, b) &&
		    !is_newer(j, w, a) && is_allowed(j, &q))
			return true;
	}
	return false;
}

/* ---- both ---- */

static bool is_about_order(const struct cdma_finding *f)
{
	return f->id == CDMA_FINDING_UNORDERED_READ ||
	       f->id == CDMA_FINDING_UNORDERED_WRITE ||
	       f->id == CDMA_FINDING_UNORDERED_PUBLISH ||
	       f->id == CDMA_FINDING_DEVICE_ORDER ||
	       f->id == CDMA_FINDING_UNORDERED_GIVEBACK;
}

static const struct cdma_finding *found_at(const struct judge *j, uint64_t seq)
{
	const struct cdma_findings *found = machine_findings(j->machine);

	for (size_t i = 0; i < cdma_findings_nr(found); i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);

		if (is_about_order(f) && f->at.seq == seq)
			return f;
	}
	return NULL;
}

static void say(const struct judge *j, struct cdma_text *out, unsigned int i)
{
	const struct cdma_event *ev = &j->events.at[i];

	cdma_text_addf(out, "P%u: %s", j->threads.at[i],
		       ev->site ? ev->site->text : "?");
}

static bool is_memory(const struct judge *j, uint32_t e)
{
	const struct event *ev = &j->x.events[e];
	const struct litmus_loc *loc = &j->test->locs.at[ev->loc];

	return !loc->is_register && !loc->is_lock && !loc->is_hidden;
}

/* The first access that number @i relies on and can miss, or EVENTS. */
static unsigned int first_missed(struct judge *j, unsigned int i, bool only_hb)
{
	uint32_t b = j->did[i].event;

	for (unsigned int k = 0; k < i; k++) {
		uint32_t a = j->did[k].event;

		if (j->did[k].thread == j->did[i].thread ||
		    !rel_has(j->x.loc, a, b) ||
		    !(j->x.events[a].writes || j->x.events[b].writes) ||
		    !is_believed(j, a, b) || is_settled(j, a, b))
			continue;
		j->pairs++;
		if (can_miss(j, a, b, only_hb))
			return k;
	}
	return EVENTS;
}

/* @i: number of the access, in the order of the run. */
static void check_access(struct judge *j, unsigned int i)
{
	const struct cdma_finding *f = found_at(j, j->did[i].seq);
	struct cdma_text text = {0};
	unsigned int missed = first_missed(j, i, false);

	j->findings += f != NULL;
	if ((f != NULL) == (missed < EVENTS))
		return;
	/* The rules do not count what a full fence elsewhere has landed, nor
	 * a read as complete when a read barrier stands before writel(). */
	if (f && first_missed(j, i, true) < EVENTS) {
		j->landed++;
		return;
	}
	cdma_text_addf(&text, "%s\nthe run:\n", cdma_text_str(&j->litmus));
	for (unsigned int k = 0; k < j->nr_did; k++) {
		say(j, &text, k);
		cdma_text_addc(&text, '\n');
	}
	cdma_text_add(&text, "at ");
	say(j, &text, i);
	if (f)
		cdma_text_addf(&text,
			       "\nthe rules: %s, and the axioms: it is "
			       "ordered",
			       cdma_finding_name(f->id));
	else
		cdma_text_add(&text, "\nthe rules: nothing, and the axioms: it "
				     "can miss ");
	if (!f)
		say(j, &text, missed);
	j->differences++;
	if (!j->smallest || strlen(j->smallest) > text.len) {
		free(j->smallest);
		j->smallest = cdma_xstrdup(cdma_text_str(&text));
	}
	cdma_text_fini(&text);
}

static void make_before(struct judge *j)
{
	j->before = rel_new(&j->x.space);
	rel_copy(j->before, j->x.po);
	rel_or(j->before, j->x.rf);
	j->earlier = rel_new(&j->x.space);
	rel_copy(j->earlier, j->before);
	for (uint32_t e = 0; e < j->x.nr; e++)
		for (uint32_t r = 0; r < j->x.nr; r++)
			if (is_timed(j, e, r))
				rel_add(j->earlier, e, r);
	rel_close(j->before);
	rel_or_id(j->before);
	rel_close(j->earlier);
	rel_or_id(j->earlier);
}

static void check_run(struct judge *j)
{
	keep_own(j);
	if (!try_paths(j, 0))
		ck_abort_msg("%s\nhas no such path", cdma_text_str(&j->litmus));
	j->executions++;
	make_before(j);
	for (unsigned int i = 0; i < j->nr_did; i++)
		if (is_memory(j, j->did[i].event))
			check_access(j, i);
}

/* ---- a program ---- */

static void explore(struct judge *j, unsigned int most)
{
	struct explorer *explorer = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = explorer,
		.memory = MEMORY_STRONG,
	};
	struct run_result result;

	j->machine = machine_new(j->program, &options);
	machine_observe(j->machine, explorer_observer(explorer));
	machine_observe(j->machine,
			(struct cdma_observer){.event = note, .aux = j});
	do {
		j->events.nr = 0;
		machine_run(j->machine, 0, 0, &result);
		if (result.end == RUN_DONE)
			check_run(j);
	} while (explorer_next(explorer) && --most);
	machine_free(j->machine);
	explorer_free(explorer);
}

/* Judge @litmus, which is taken over; adds to @sum. */
static void judge(struct cdma_text litmus, struct judge *sum)
{
	struct judge j = {.litmus = litmus};

	judge_begin(&j, "strong");
	explore(&j, 12);
	sum->executions += j.executions;
	sum->pairs += j.pairs;
	sum->findings += j.findings;
	sum->landed += j.landed;
	sum->differences += j.differences;
	if (j.smallest &&
	    (!sum->smallest || strlen(sum->smallest) > strlen(j.smallest))) {
		free(sum->smallest);
		sum->smallest = cdma_xstrdup(j.smallest);
	}
	free(j.smallest);
	judge_fini(&j);
}

static void judge_seed(uint64_t seed, struct judge *sum)
{
	struct cdma_text litmus = {0};

	judge_program(seed, &litmus);
	judge(litmus, sum);
}

static void judge_file(const char *name, struct judge *sum)
{
	struct cdma_text litmus = {0};
	FILE *file = fopen(name, "r");

	ck_assert_ptr_nonnull(file);
	for (int c; (c = fgetc(file)) != EOF;)
		cdma_text_addc(&litmus, (char)c);
	fclose(file);
	judge(litmus, sum);
}

#define PROGRAMS 1000

/* For work by hand, JUDGE: how many programs, SEED: just this one, LITMUS: just
 * this file. */
START_TEST(rules_and_axioms_agree)
{
	const char *more = getenv("JUDGE");
	uint64_t nr = more ? strtoull(more, NULL, 10) : PROGRAMS;
	struct judge sum = {0};

	if (getenv("SEED") || getenv("LITMUS")) {
		if (getenv("SEED"))
			judge_seed(strtoull(getenv("SEED"), NULL, 10), &sum);
		else
			judge_file(getenv("LITMUS"), &sum);
		ck_assert_msg(!sum.differences, "%s", sum.smallest);
		return;
	}
	for (uint64_t i = 0; i < nr; i++)
		judge_seed((uint64_t)_i * 1000000 + i, &sum);
	ck_assert_msg(!sum.differences, "%llu differences, such as\n%s",
		      (unsigned long long)sum.differences, sum.smallest);
	ck_assert_uint_gt(sum.pairs, nr);
	ck_assert_uint_gt(sum.findings, nr / 10);
	ck_assert_uint_gt(sum.pairs, sum.findings);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("judge");

	unit_add_rows(suite, rules_and_axioms_agree, 4);
	return suite;
}
