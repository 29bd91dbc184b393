/* SPDX-License-Identifier: MIT */
#include "run/campaign.h"

#include <stdlib.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "run/cure.h"
#include "run/detail.h"
#include "run/expect.h"
#include "run/shrink.h"
#include "run/tally.h"
#include "run/trace.h"

/* How many schedules are run between two calls of progress(). */
#define PROGRESS_EVERY 64

struct campaign {
	const struct program *program; /* borrowed */
	struct campaign_options options;
	struct tally tally;
	CDMA_VEC(struct campaign_finding) findings; /* those of the tally */
	CDMA_VEC(struct simplified *) simplified;
	CDMA_VEC(struct campaign_expect) expects;
	enum campaign_cut cut;
	struct reach reach;
	struct cdma_arena arena; /* of the details */
};

/* ---- the schedules ---- */

/* A source says how what is new came about. */
static void ask_source(void *aux, struct tally_finding *found)
{
	const struct campaign_source *source = aux;

	source->schedule(source->aux, &found->schedule);
	found->has_schedule = true;
}

/* Whether its runs are those of threads. */
static bool is_free(const struct campaign *c)
{
	return c->options.source && c->options.source->threads;
}

/* Run one schedule; false: no more. */
static bool run_one(struct campaign *c, struct machine *m, uint64_t index)
{
	struct run_result result;

	machine_run(m, c->options.seed, index, &result);
	return tally_count(&c->tally, m, &result, index);
}

/* Whether nobody wants to stop. */
static bool go_on(struct campaign *c)
{
	const struct campaign_options *o = &c->options;

	if (o->progress)
		c->cut = o->progress(o->aux, c->tally.runs);
	return c->cut == CAMPAIGN_WHOLE;
}

/* The same, within a run. */
static bool stops(void *aux)
{
	return !go_on(aux);
}

/* Whether time is how much was asked for. */
static bool is_timed(const struct campaign *c)
{
	return c->options.source && c->options.source->timed;
}

static void run_source(struct campaign *c, struct machine *m)
{
	const struct campaign_options *o = &c->options;
	const struct campaign_source *source = o->source;
	uint64_t runs = 0;
	bool more = true;

	if (source->observer.event)
		machine_observe_threads(m, source->observer);
	while (more && c->tally.runs < o->schedules &&
	       c->tally.bounded < CAMPAIGN_BOUNDED_MAX) {
		if (!run_one(c, m, c->tally.runs) || c->cut)
			return;
		more = source->next(source->aux);
		if (++runs % PROGRESS_EVERY == 0 && !go_on(c))
			return;
	}
	if (more)
		c->cut = CAMPAIGN_COUNT;
	else if (source->cut)
		c->cut = source->cut(source->aux);
}

static void run_schedules(struct campaign *c, struct machine *m)
{
	const struct campaign_options *o = &c->options;

	for (uint64_t i = 0;
	     i < o->schedules && c->tally.bounded < CAMPAIGN_BOUNDED_MAX; i++) {
		if (!run_one(c, m, o->first + i) || c->cut)
			return;
		if (c->tally.runs % PROGRESS_EVERY == 0 &&
		    c->tally.runs < o->schedules && !go_on(c))
			return;
	}
}

static void run_watched(struct campaign *c, struct machine *m)
{
	const struct campaign_watch *watch = c->options.watch;

	if (!watch->begin(watch->aux, m)) {
		c->cut = CAMPAIGN_INTERRUPTED;
		return;
	}
	run_schedules(c, m);
	watch->end(watch->aux);
}

static void run_all(struct campaign *c)
{
	const struct campaign_options *o = &c->options;
	struct machine_options machine = o->machine;
	struct machine *m;

	machine.stops = stops;
	machine.aux = c;
	if (o->source) {
		machine.strategy = o->source->strategy;
		machine.strategy_state = o->source->state;
		machine.threads = o->source->threads;
		c->tally.news = ask_source;
		c->tally.aux = (void *)o->source;
	}
	m = machine_new(c->program, &machine);
	if (o->source)
		run_source(c, m);
	else if (o->watch && o->schedules == 1)
		run_watched(c, m);
	else
		run_schedules(c, m);
	if (is_timed(c) && c->cut == CAMPAIGN_TIME && c->tally.runs)
		c->cut = CAMPAIGN_WHOLE;
	machine_free(m);
}

/* ---- the schedules that show what they found ---- */

/* A seed and a number as a schedule: the run once more, written down. */
static void record_shown(struct campaign *c)
{
	const struct machine_options *o = &c->options.machine;
	struct strategy inner = strategy_new(
		o->strategy ? o->strategy : &strategy_mixed, o->strategy_state);
	struct recorder recorder = {.inner = &inner};
	struct machine_options options = *o;
	struct run_result result;
	struct machine *m;

	options.strategy = &strategy_record;
	options.strategy_state = &recorder;
	m = machine_new(c->program, &options);
	for (size_t i = 0; i < c->tally.findings.nr; i++) {
		struct tally_finding *f = &c->tally.findings.at[i];

		if (f->has_schedule)
			continue;
		machine_run(m, c->options.seed, f->first, &result);
		schedule_copy(&f->schedule, &recorder.schedule);
	}
	machine_free(m);
	schedule_fini(&recorder.schedule);
	strategy_free(&inner);
}

/* Whether it is time to stop looking for what is simpler, or a cure: no verdict
 * depends on it. */
static bool is_over(void *aux)
{
	struct campaign *c = aux;
	const struct campaign_options *o = &c->options;
	enum campaign_cut cut = CAMPAIGN_WHOLE;

	if (o->progress)
		cut = o->progress(o->aux, c->tally.runs);
	return cut != CAMPAIGN_WHOLE && !(cut == CAMPAIGN_TIME && is_timed(c));
}

/* What machines are made with that do so. */
static struct machine_options impatient(struct campaign *c)
{
	struct machine_options options = c->options.machine;

	options.stops = is_over;
	options.aux = c;
	return options;
}

/* What is tried for a finding is limited by @steps; many have to share. */
#define FEW_FINDINGS 2

static uint64_t share_of(const struct campaign *c, uint64_t steps)
{
	size_t nr = c->findings.nr;

	return nr > FEW_FINDINGS ? steps * FEW_FINDINGS / nr : steps;
}

static void shrink_shown(struct campaign *c)
{
	const struct machine_options options = impatient(c);
	struct shrinker *s;

	if (c->options.as_is)
		return;
	s = shrinker_new(c->program, &options);
	shrinker_limit(s, SHRINK_RUNS, share_of(c, SHRINK_STEPS));
	for (size_t i = 0; i < c->findings.nr; i++)
		c->findings.at[i].is_shrunk =
			shrinker_run(s, &c->findings.at[i].finding,
				     &c->tally.findings.at[i].schedule,
				     &c->findings.at[i].shrunk);
	shrinker_free(s);
}

/* With smaller params it is only said that they would do: the report is about
 * those that were given. */
static void find_smaller(struct campaign *c, size_t i)
{
	const struct machine_options options = impatient(c);
	const struct simplify_options *o = c->options.simplify;
	struct campaign_finding *f = &c->findings.at[i];
	struct shrunk shrunk = f->shrunk;
	struct schedule schedule = {0};
	struct simplified *smaller;

	schedule_copy(&schedule, &c->tally.findings.at[i].schedule);
	smaller = simplify(c->program, &options, o, share_of(c, SHRINK_STEPS),
			   &f->finding, true, &schedule, &shrunk);
	schedule_fini(&schedule);
	f->shrunk.runs = shrunk.runs;
	f->shrunk.all_steps = shrunk.all_steps;
	f->shrunk.capped = shrunk.capped;
	if (!smaller)
		return;
	*cdma_vec_push(&c->simplified) = smaller;
	if (smaller->changes.nr && smaller->changes.at[0].param)
		f->smaller = smaller;
}

/* In a case with fewer faults, if there is one: then it is about that. */
static void simplify_shown(struct campaign *c, size_t i)
{
	const struct machine_options options = impatient(c);
	const struct simplify_options *o = c->options.simplify;
	struct campaign_finding *f = &c->findings.at[i];
	struct simplified *simplified;

	f->program = c->program;
	if (!o || !f->is_shrunk || (f->expected && !o->expected))
		return;
	find_smaller(c, i);
	simplified = simplify(c->program, &options, o,
			      share_of(c, SHRINK_STEPS), &f->finding, false,
			      &c->tally.findings.at[i].schedule, &f->shrunk);
	if (!simplified)
		return;
	*cdma_vec_push(&c->simplified) = simplified;
	f->simplified = simplified;
	f->program = simplified->program;
	f->finding = simplified->finding;
}

/* ---- the details of what they found ---- */

static void fill_details(struct campaign *c, struct machine *m,
			 const struct trace *trace,
			 struct campaign_finding *known)
{
	const struct cdma_findings *found = machine_findings(m);
	const struct cdma_finding key = known->finding;

	for (size_t i = 0; i < cdma_findings_nr(found); i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);

		/* Of the turns of a loop, one that nobody expects. */
		if (!cdma_finding_same(&key, f) ||
		    (key.at.ctx &&
		     expects_allow(known->program, m, f) != known->expected))
			continue;
		detail_fill(known, f, m, trace, &c->arena);
		known->is_lost = false;
		return;
	}
}

/* On a machine of its own, so that the others have nobody looking on. */
static void run_again(struct campaign *c, size_t i)
{
	struct campaign_finding *f = &c->findings.at[i];
	struct machine_options options = c->options.machine;
	struct replay replay = {.schedule = &c->tally.findings.at[i].schedule};
	struct trace trace = {0};
	struct run_result result;
	struct machine *m;

	options.strategy = &strategy_replay;
	options.strategy_state = &replay;
	trace.machine = m = machine_new(f->program, &options);
	machine_record_frames(m, true);
	machine_observe(m, trace_observer(&trace));
	machine_run(m, 0, 0, &result);
	f->schedule = replay.schedule;
	fill_details(c, m, &trace, f);
	machine_free(m);
	trace_fini(&trace);
}

static void find_cure(struct campaign *c, size_t i)
{
	const struct machine_options options = impatient(c);
	const struct simplify_options *o = c->options.simplify;
	struct campaign_finding *f = &c->findings.at[i];

	if (o && (!f->expected || o->expected) && cure_is_tried(f))
		f->cure = cure_find(f, &options, o, share_of(c, CURE_STEPS),
				    is_over, c, &c->arena);
}

static void show(struct campaign *c)
{
	for (size_t i = 0; i < c->tally.findings.nr; i++) {
		const struct tally_finding *f = &c->tally.findings.at[i];

		*cdma_vec_push(&c->findings) = (struct campaign_finding){
			.finding = f->finding,
			.first = f->first,
			.seen = f->seen,
			.expected = f->expected,
			.is_lost = true,
		};
	}
	if (!c->findings.nr)
		return;
	record_shown(c);
	shrink_shown(c);
	for (size_t i = 0; i < c->findings.nr; i++) {
		simplify_shown(c, i);
		run_again(c, i);
		find_cure(c, i);
	}
}

/* A fault may keep a run from what is expected of others; what must not be
 * there must not be there either way. */
static bool is_asked(const struct campaign *c, const struct program_expect *e)
{
	if (c->options.machine.is_fault_case)
		return e->when == EXPECT_NEVER || e->when == EXPECT_NOTHING;
	return !e->under || e->when == EXPECT_NOTHING;
}

static void judge_expects(struct campaign *c)
{
	const bool is_search =
		c->options.covers || (c->options.source && !is_free(c));

	for (size_t i = 0; i < c->program->expects.nr; i++) {
		const struct program_expect *e = &c->program->expects.at[i];
		bool asked = is_asked(c, e);

		*cdma_vec_push(&c->expects) = (struct campaign_expect){
			.expect = e,
			.asked = asked,
			.met = !asked ||
			       expects_met(&c->tally.expects, i, is_search),
			.seen = c->tally.expects.seen[i],
		};
	}
}

static bool has_struck(const struct campaign *c)
{
	for (size_t i = 0; i < c->program->faults.nr; i++)
		if (c->tally.struck[i])
			return true;
	return false;
}

/* What never happened in all of the runs, if there were any.  Where a scenario
 * asks for faults all that fail are looked at together, by who has them run. */
static void judge_reach(struct campaign *c)
{
	const struct tally *t = &c->tally;
	bool is_meant = has_struck(c) || c->program->under;

	if (t->runs && !t->has_error && !c->options.is_part)
		reach_init(&c->reach, c->program, t->reached,
			   t->setup_failed == t->runs, is_meant);
}

struct campaign *campaign_run(const struct program *program,
			      const struct campaign_options *options)
{
	struct campaign *c = cdma_xcalloc(1, sizeof(*c));

	CDMA_REQUIRE(options->schedules);
	c->program = program;
	c->options = *options;
	tally_init(&c->tally, program);
	if (options->work)
		c->cut = options->work(options->aux, &c->tally);
	else
		run_all(c);
	show(c);
	judge_expects(c);
	judge_reach(c);
	return c;
}

void campaign_free(struct campaign *c)
{
	if (!c)
		return;
	tally_fini(&c->tally);
	for (size_t i = 0; i < c->simplified.nr; i++)
		simplified_free(c->simplified.at[i]);
	cdma_vec_free(&c->simplified);
	cdma_vec_free(&c->findings);
	cdma_vec_free(&c->expects);
	reach_fini(&c->reach);
	cdma_arena_fini(&c->arena);
	free(c);
}

/* ---- what came of it ---- */

static bool as_expected(const struct campaign *c)
{
	for (size_t i = 0; i < c->findings.nr; i++)
		if (!c->findings.at[i].expected)
			return false;
	for (size_t i = 0; i < c->expects.nr; i++)
		if (!c->expects.at[i].met)
			return false;
	return true;
}

/* What threads did not show, in this time on this machine, they may show in
 * another. */
static bool is_chance(const struct campaign *c)
{
	for (size_t i = 0; i < c->expects.nr; i++)
		if (!c->expects.at[i].met &&
		    c->expects.at[i].expect->when != EXPECT_SOME)
			return false;
	return is_free(c);
}

/* A finding that nobody expects stays one, however little was run. */
static bool has_surprise(const struct campaign *c)
{
	for (size_t i = 0; i < c->findings.nr; i++)
		if (!c->findings.at[i].expected)
			return true;
	return false;
}

/* What promises a finding was met by one. */
static bool has_promise(const struct campaign *c)
{
	for (size_t i = 0; i < c->program->expects.nr; i++) {
		enum expect_when when = c->program->expects.at[i].when;

		if (when == EXPECT_SOME || when == EXPECT_ALWAYS)
			return true;
	}
	return false;
}

bool campaign_is_vacuous(const struct campaign *c)
{
	return c->reach.is_vacuous && c->program->expects.nr &&
	       !has_promise(c) && !c->findings.nr;
}

const struct reach *campaign_reach(const struct campaign *c)
{
	return &c->reach;
}

enum verdict campaign_verdict(const struct campaign *c)
{
	if (c->tally.has_error)
		return VERDICT_ERROR;
	if (has_surprise(c) && !c->options.is_part)
		return VERDICT_DIFFERS;
	if (c->tally.bounded || c->cut != CAMPAIGN_WHOLE)
		return VERDICT_INCONCLUSIVE;
	if (c->options.is_part)
		return VERDICT_PART;
	if (!as_expected(c))
		return is_chance(c) ? VERDICT_INCONCLUSIVE : VERDICT_DIFFERS;
	return campaign_is_vacuous(c) ? VERDICT_INCONCLUSIVE : VERDICT_EXPECTED;
}

const struct tally *campaign_tally(const struct campaign *c)
{
	return &c->tally;
}

enum campaign_cut campaign_cut(const struct campaign *c)
{
	return c->cut;
}

size_t campaign_nr_findings(const struct campaign *c)
{
	return c->findings.nr;
}

const struct campaign_finding *campaign_finding(const struct campaign *c,
						size_t i)
{
	CDMA_REQUIRE(i < c->findings.nr);
	return &c->findings.at[i];
}

size_t campaign_nr_expects(const struct campaign *c)
{
	return c->expects.nr;
}

const struct campaign_expect *campaign_expect(const struct campaign *c,
					      size_t i)
{
	CDMA_REQUIRE(i < c->expects.nr);
	return &c->expects.at[i];
}

const struct run_error *campaign_error(const struct campaign *c)
{
	return c->tally.has_error ? &c->tally.error : NULL;
}
