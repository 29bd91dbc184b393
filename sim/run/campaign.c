/* SPDX-License-Identifier: MIT */
#include "run/campaign.h"

#include <cdma/fault.h>

#include <stdlib.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "run/detail.h"
#include "run/expect.h"
#include "run/shrink.h"
#include "run/trace.h"

/* How many schedules may hit the step cap before no more are tried: each takes
 * as long as a thousand others, and the verdict is inconclusive already. */
#define BOUNDED_MAX 4

/* How many schedules are run between two calls of progress(). */
#define PROGRESS_EVERY 64

struct campaign {
	const struct program *program; /* borrowed */
	struct campaign_options options;
	struct expects counts;
	CDMA_VEC(struct campaign_finding) findings;
	CDMA_VEC(struct schedule) shown; /* of each finding */
	CDMA_VEC(struct campaign_expect) expects;
	bool *struck; /* owned; by number of the fault */
	uint64_t schedules, bounded, given_up, steps, events;
	bool interrupted, cut, has_error;
	struct run_error error;
	struct cdma_arena arena; /* of the details */
};

/* ---- the schedules ---- */

static struct campaign_finding *find(struct campaign *c,
				     const struct cdma_finding *finding)
{
	for (size_t i = 0; i < c->findings.nr; i++)
		if (cdma_finding_same(&c->findings.at[i].finding, finding))
			return &c->findings.at[i];
	return NULL;
}

/* A source is told what is new, and says how it came about. */
static void tell_source(struct campaign *c, const struct cdma_finding *finding)
{
	const struct campaign_source *source = c->options.source;

	if (!source)
		return;
	*cdma_vec_push(&c->shown) = (struct schedule){0};
	source->schedule(source->aux, cdma_vec_last(&c->shown));
	source->found(source->aux, finding);
}

static void collect(struct campaign *c, const struct machine *m, uint64_t index)
{
	const struct cdma_findings *found = machine_findings(m);

	for (size_t i = 0; i < cdma_findings_nr(found); i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);
		struct campaign_finding *known = find(c, f);

		if (!known) {
			known = cdma_vec_push(&c->findings);
			*known = (struct campaign_finding){
				.finding = *f,
				.first = index,
				.expected = true,
			};
			tell_source(c, f);
		}
		known->seen++;
		/* Two of one place may be about different memory. */
		known->expected &= expects_allow(c->program, m, f);
	}
}

static void note_faults(struct campaign *c, const struct machine *m)
{
	struct cdma_faults *faults = cdma_world_faults(machine_world(m));

	for (size_t i = 0; i < c->program->faults.nr; i++)
		c->struck[i] |= cdma_faults_struck(faults, i) > 0;
}

/* Run one schedule; false: no more. */
static bool run_one(struct campaign *c, struct machine *m, uint64_t index)
{
	struct run_result result;

	machine_run(m, c->options.seed, index, &result);
	if (result.end == RUN_GIVEN_UP) {
		c->given_up++;
		return true;
	}
	c->schedules++;
	c->steps += result.steps;
	c->events += result.events;
	c->bounded += result.end == RUN_BOUNDED;
	if (result.end == RUN_ERROR) {
		c->has_error = true;
		c->error = result.error;
		return false;
	}
	collect(c, m, index);
	expects_count(&c->counts, m);
	note_faults(c, m);
	return true;
}

static bool go_on(struct campaign *c)
{
	const struct campaign_options *o = &c->options;

	if (!o->progress || o->progress(o->aux, c->schedules))
		return true;
	c->interrupted = c->schedules < o->schedules;
	return false;
}

static bool has_enough(const struct campaign *c)
{
	return c->bounded >= BOUNDED_MAX;
}

static void run_source(struct campaign *c, struct machine *m)
{
	const struct campaign_options *o = &c->options;
	uint64_t runs = 0;
	bool more = true;

	machine_observe(m, o->source->observer);
	while (more && c->schedules < o->schedules && !has_enough(c)) {
		if (!run_one(c, m, c->schedules))
			return;
		more = o->source->next(o->source->aux);
		if (++runs % PROGRESS_EVERY == 0 && !go_on(c))
			return;
	}
	c->cut = more;
	go_on(c);
}

static void run_schedules(struct campaign *c, struct machine *m)
{
	const struct campaign_options *o = &c->options;

	for (uint64_t i = 0; i < o->schedules && !has_enough(c); i++) {
		if (!run_one(c, m, o->first + i))
			return;
		if (c->schedules % PROGRESS_EVERY == 0 && !go_on(c))
			return;
	}
	go_on(c);
}

/* ---- the schedules that show what they found ---- */

/* A seed and a number as a schedule: the run once more, written down. */
static void record_shown(struct campaign *c)
{
	const struct machine_options *o = &c->options.machine;
	struct strategy inner =
		strategy_new(o->strategy ? o->strategy : &strategy_random,
			     o->strategy_state);
	struct recorder recorder = {.inner = &inner};
	struct machine_options options = *o;
	struct run_result result;
	struct machine *m;

	options.strategy = &strategy_record;
	options.strategy_state = &recorder;
	m = machine_new(c->program, &options);
	for (size_t i = 0; i < c->findings.nr; i++) {
		*cdma_vec_push(&c->shown) = (struct schedule){0};
		machine_run(m, c->options.seed, c->findings.at[i].first,
			    &result);
		schedule_copy(cdma_vec_last(&c->shown), &recorder.schedule);
	}
	machine_free(m);
	schedule_fini(&recorder.schedule);
	strategy_free(&inner);
}

static void shrink_shown(struct campaign *c)
{
	struct shrinker *s;

	if (c->options.as_is)
		return;
	s = shrinker_new(c->program, &c->options.machine);
	for (size_t i = 0; i < c->findings.nr; i++)
		c->findings.at[i].is_shrunk = shrinker_run(
			s, &c->findings.at[i].finding, &c->shown.at[i],
			&c->findings.at[i].shrunk);
	shrinker_free(s);
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

		if (!cdma_finding_same(&key, f))
			continue;
		detail_fill(known, f, m, trace, &c->arena);
		return;
	}
}

/* On a machine of its own, so that the others have nobody looking on. */
static void run_again(struct campaign *c)
{
	struct machine_options options = c->options.machine;
	struct replay replay = {0};
	struct trace trace = {0};
	struct run_result result;
	struct machine *m;

	options.strategy = &strategy_replay;
	options.strategy_state = &replay;
	m = machine_new(c->program, &options);
	trace.machine = m;
	machine_record_frames(m, true);
	machine_observe(m, trace_observer(&trace));
	for (size_t i = 0; i < c->findings.nr; i++) {
		trace.events.nr = 0;
		c->findings.at[i].schedule = &c->shown.at[i];
		replay.schedule = &c->shown.at[i];
		machine_run(m, 0, 0, &result);
		fill_details(c, m, &trace, &c->findings.at[i]);
	}
	trace_fini(&trace);
	machine_free(m);
}

static void show(struct campaign *c)
{
	if (!c->findings.nr)
		return;
	if (!c->options.source)
		record_shown(c);
	shrink_shown(c);
	run_again(c);
}

static void judge_expects(struct campaign *c)
{
	for (size_t i = 0; i < c->program->expects.nr; i++)
		*cdma_vec_push(&c->expects) = (struct campaign_expect){
			.expect = &c->program->expects.at[i],
			.met = expects_met(&c->counts, i),
			.seen = c->counts.seen[i],
		};
}

struct campaign *campaign_run(const struct program *program,
			      const struct campaign_options *options)
{
	struct campaign *c = cdma_xcalloc(1, sizeof(*c));
	struct machine_options machine = options->machine;
	struct machine *m;

	CDMA_REQUIRE(options->schedules);
	if (options->source) {
		machine.strategy = options->source->strategy;
		machine.strategy_state = options->source->state;
	}
	m = machine_new(program, &machine);
	c->program = program;
	c->options = *options;
	c->struck = cdma_xcalloc(program->faults.nr + 1, sizeof(*c->struck));
	expects_init(&c->counts, program);
	if (options->source)
		run_source(c, m);
	else
		run_schedules(c, m);
	machine_free(m);
	show(c);
	judge_expects(c);
	return c;
}

void campaign_free(struct campaign *c)
{
	if (!c)
		return;
	expects_fini(&c->counts);
	for (size_t i = 0; i < c->shown.nr; i++)
		schedule_fini(&c->shown.at[i]);
	cdma_vec_free(&c->shown);
	cdma_vec_free(&c->findings);
	cdma_vec_free(&c->expects);
	cdma_arena_fini(&c->arena);
	free(c->struck);
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

/* A finding that nobody expects stays one, however little was run. */
static bool has_surprise(const struct campaign *c)
{
	for (size_t i = 0; i < c->findings.nr; i++)
		if (!c->findings.at[i].expected)
			return true;
	return false;
}

enum verdict campaign_verdict(const struct campaign *c)
{
	if (c->has_error)
		return VERDICT_ERROR;
	if (has_surprise(c))
		return VERDICT_DIFFERS;
	if (c->bounded || c->interrupted || c->cut)
		return VERDICT_INCONCLUSIVE;
	return as_expected(c) ? VERDICT_EXPECTED : VERDICT_DIFFERS;
}

uint64_t campaign_schedules(const struct campaign *c)
{
	return c->schedules;
}

uint64_t campaign_bounded(const struct campaign *c)
{
	return c->bounded;
}

bool campaign_interrupted(const struct campaign *c)
{
	return c->interrupted;
}

bool campaign_cut(const struct campaign *c)
{
	return c->cut;
}

uint64_t campaign_given_up(const struct campaign *c)
{
	return c->given_up;
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
	return c->has_error ? &c->error : NULL;
}

bool campaign_fault_struck(const struct campaign *c, size_t i)
{
	CDMA_REQUIRE(i < c->program->faults.nr);
	return c->struck[i];
}

uint64_t campaign_steps(const struct campaign *c)
{
	return c->steps;
}

uint64_t campaign_events(const struct campaign *c)
{
	return c->events;
}
