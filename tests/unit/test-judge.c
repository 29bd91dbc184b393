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

#include "judge-ask.h"

#include "judge-shapes.h"

#include "judge-kinds.h"

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
static unsigned int first_missed(struct judge *j, unsigned int i,
				 struct model_less less)
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
		if (can_miss(j, a, b, less))
			return k;
	}
	return EVENTS;
}

/*
 * What smp_rmb() and its like keep in order is for the rules a matter of who
 * was told; for the axioms, also when it has passed through others, of who
 * stored what the read would see.  So the rules say nothing of a device that
 * overwrites what another CPU was told of, and lose what has passed through a
 * device.
 */
static bool is_between_cpus(struct judge *j, unsigned int i,
			    const struct cdma_finding *f)
{
	struct model_less less = {.smp = f ? SMP_FOR_NOBODY : SMP_FOR_ALL};

	return (first_missed(j, i, less) < EVENTS) == (f != NULL);
}

/*
 * A condition on the way to @i looked at a store that is older than what would
 * follow if the access were missed.  The axioms are asked of that store; it
 * would have held of the newer one as well, and the rules do not count on it.
 */
static bool may_look_again(struct judge *j, unsigned int i)
{
	unsigned int missed;

	j->is_free = true;
	missed = first_missed(j, i, (struct model_less){.only_hb = false});
	j->is_free = false;
	return missed < EVENTS;
}

/* @i: number of the access, in the order of the run. */
static void check_access(struct judge *j, unsigned int i)
{
	const struct cdma_finding *f = found_at(j, j->did[i].seq);
	struct cdma_text text = {0};
	unsigned int missed =
		first_missed(j, i, (struct model_less){.only_hb = false});

	j->findings += f != NULL;
	if ((f != NULL) == (missed < EVENTS))
		return;
	/* The rules do not count what a full fence elsewhere has landed, nor
	 * a read as complete when a read barrier stands before writel(). */
	if (f &&
	    first_missed(j, i, (struct model_less){.only_hb = true}) < EVENTS) {
		j->landed++;
		return;
	}
	if (is_between_cpus(j, i, f)) {
		j->between_cpus++;
		return;
	}
	if (f && may_look_again(j, i)) {
		j->again++;
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

/* Judge @most executions of @litmus, which is taken over; adds to @sum. */
static void judge_some(struct cdma_text litmus, unsigned int most,
		       struct judge *sum)
{
	struct judge j = {.litmus = litmus};

	judge_begin(&j, "strong");
	explore(&j, most);
	sum->executions += j.executions;
	sum->pairs += j.pairs;
	sum->findings += j.findings;
	sum->landed += j.landed;
	sum->between_cpus += j.between_cpus;
	sum->again += j.again;
	sum->differences += j.differences;
	if (j.smallest &&
	    (!sum->smallest || strlen(sum->smallest) > strlen(j.smallest))) {
		free(sum->smallest);
		sum->smallest = cdma_xstrdup(j.smallest);
	}
	free(j.smallest);
	judge_fini(&j);
}

static void judge(struct cdma_text litmus, struct judge *sum)
{
	judge_some(litmus, 12, sum);
}

#define ROW 1000000

static void judge_seed(uint64_t seed, struct judge *sum)
{
	struct cdma_text litmus = {0};

	/* The seeds of later rows are of programs with more in them. */
	judge_program(seed, seed >= 4 * ROW, &litmus);
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

#define PROGRAMS 250

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
		judge_seed((uint64_t)_i * ROW + i, &sum);
	ck_assert_msg(!sum.differences, "%llu differences, such as\n%s",
		      (unsigned long long)sum.differences, sum.smallest);
	ck_assert_uint_gt(sum.pairs, nr);
	ck_assert_uint_gt(sum.findings, nr / 10);
	ck_assert_uint_gt(sum.pairs, sum.findings);
}
END_TEST

START_TEST(differed_once)
{
	struct cdma_text litmus = {0};
	struct judge sum = {0};

	kind_program(&kinds[_i], &litmus);
	judge_some(litmus, 1000, &sum);
	ck_assert_msg(!sum.differences, "%s: %s", kinds[_i].name, sum.smallest);
	ck_assert_uint_gt(sum.pairs, 0);
}
END_TEST

/* SHAPES: part of the names of the families to judge, "" for all, and how many
 * programs they are; see judge-families.h. */
START_TEST(all_small_programs)
{
	const struct shape_family *family = &families[_i];
	uint64_t nr = family_nr(family), programs = 0;
	struct judge sum = {0};

	const char *asked = getenv("SHAPES");

	if (asked ? !strstr(family->name, asked) : !family->is_short)
		return;
	for (uint64_t i = 0; i < nr; i++) {
		struct cdma_text litmus = {0};

		if (shape_program(family, i, &litmus)) {
			programs++;
			judge(litmus, &sum);
		} else {
			cdma_text_fini(&litmus);
		}
	}
	if (asked)
		printf("# %s: %llu programs, %llu executions, %llu pairs, %llu "
		       "findings\n",
		       family->name, (unsigned long long)programs,
		       (unsigned long long)sum.executions,
		       (unsigned long long)sum.pairs,
		       (unsigned long long)sum.findings);
	fflush(stdout);
	ck_assert_msg(!sum.differences, "%llu differences, such as\n%s",
		      (unsigned long long)sum.differences, sum.smallest);
	ck_assert_uint_gt(sum.pairs, sum.findings);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("judge");

	unit_add_rows(suite, rules_and_axioms_agree, 8);
	unit_add_rows(suite, differed_once, ARRAY_SIZE(kinds));
	unit_add_rows(suite, all_small_programs, ARRAY_SIZE(families));
	return suite;
}
