/* SPDX-License-Identifier: MIT */
#include "debug/walk.h"

#include "base/macros.h"

/* A question that a step was asked besides who does it. */
struct asked {
	size_t step;
	enum choice_kind kind;
	uint32_t nr;
};

/* Answers as the schedule says, until it is to stop. */
struct guide {
	struct replay replay; /* of the schedule; first where that ends */
	size_t stop;          /* before this step */
	size_t begun;         /* steps; one more when the threads have ended */
	uint64_t could;       /* who could do the step at which it stopped */
	bool has_stopped;
	CDMA_VEC(struct asked) asked;
};

struct walk {
	const struct program *program; /* borrowed */
	struct machine_options options;
	struct schedule schedule; /* whole */
	size_t given;             /* steps of it that were not added */
	size_t at;
	struct run_result result; /* of all of it */

	struct guide whole, here;
	struct recorder recorder; /* of whole */
	struct strategy inner;    /* of recorder */
	struct machine *whole_machine, *machine;
	struct trace trace; /* of whole */
};

static void guide_begin(void *state, uint64_t seed, uint64_t index)
{
	struct guide *guide = state;

	guide->begun = 0;
	guide->could = 0;
	guide->has_stopped = false;
	guide->asked.nr = 0;
	strategy_replay.begin(&guide->replay, seed, index);
}

static uint32_t guide_choose(void *state, const struct choice *choice)
{
	struct guide *guide = state;

	if (guide->has_stopped)
		return choice->kind == CHOICE_ACTOR ? STRATEGY_STOP : 0;
	if (choice->kind != CHOICE_ACTOR) {
		if (guide->begun && choice->nr > 1)
			*cdma_vec_push(&guide->asked) = (struct asked){
				guide->begun - 1, choice->kind, choice->nr};
		return strategy_replay.choose(&guide->replay, choice);
	}
	if (guide->begun++ < guide->stop)
		return strategy_replay.choose(&guide->replay, choice);
	guide->has_stopped = true;
	guide->could = choice->who;
	return STRATEGY_STOP;
}

static void guide_end(void *state)
{
	struct guide *guide = state;

	if (guide->has_stopped)
		return;
	guide->begun++;
	strategy_replay.end(&guide->replay);
}

static const struct strategy_ops strategy_guide = {
	.name = "guide",
	.begin = guide_begin,
	.choose = guide_choose,
	.every_step = true,
	.end = guide_end,
};

static struct machine *
machine_of(struct walk *walk, const struct strategy_ops *strategy, void *state)
{
	struct machine_options options = walk->options;
	struct machine *machine;

	options.strategy = strategy;
	options.strategy_state = state;
	options.keeps_sights = true;
	machine = machine_new(walk->program, &options);
	machine_record_frames(machine, true);
	return machine;
}

/* Steps are counted from where the threads begin. */
static void keep(void *aux, const struct cdma_event *ev)
{
	struct walk *walk = aux;
	const struct cdma_observer observer = trace_observer(&walk->trace);

	observer.event(observer.aux, ev);
	cdma_vec_last(&walk->trace.events)->step = walk->whole.begun;
}

struct walk *walk_new(const struct program *program,
		      const struct machine_options *options)
{
	struct walk *walk = cdma_xcalloc(1, sizeof(*walk));

	walk->program = program;
	walk->options = *options;
	walk->whole.stop = SIZE_MAX;
	walk->whole.replay.schedule = &walk->schedule;
	walk->here.replay.schedule = &walk->schedule;
	walk->inner = strategy_new(&strategy_guide, &walk->whole);
	walk->recorder.inner = &walk->inner;
	walk->whole_machine =
		machine_of(walk, &strategy_record, &walk->recorder);
	walk->machine = machine_of(walk, &strategy_guide, &walk->here);
	walk->trace.machine = walk->whole_machine;
	machine_observe(walk->whole_machine,
			(struct cdma_observer){.event = keep, .aux = walk});
	return walk;
}

void walk_free(struct walk *walk)
{
	if (!walk)
		return;
	machine_free(walk->whole_machine);
	machine_free(walk->machine);
	schedule_fini(&walk->recorder.schedule);
	schedule_fini(&walk->schedule);
	cdma_vec_free(&walk->whole.asked);
	cdma_vec_free(&walk->here.asked);
	trace_fini(&walk->trace);
	free(walk);
}

/* Run all of the schedule; whether it fits. */
static bool run_whole(struct walk *walk)
{
	const struct replay *replay = &walk->whole.replay;

	walk->trace.events.nr = 0;
	walk->whole.begun = 0;
	machine_run(walk->whole_machine, 1, 0, &walk->result);
	return !replay->diverged && replay->at == walk->schedule.steps.nr;
}

static struct walk_misfit misfit_of(const struct walk *walk)
{
	const struct replay *replay = &walk->whole.replay;

	return (struct walk_misfit){
		.step = replay->at,
		.is_way = replay->misfit == MISFIT_WAY,
		.could = replay->could,
	};
}

bool walk_take(struct walk *walk, const struct schedule *schedule,
	       struct walk_misfit *out)
{
	struct schedule before = {0};
	bool fits;

	schedule_copy(&before, &walk->schedule);
	schedule_copy(&walk->schedule, schedule);
	fits = run_whole(walk);
	if (fits) {
		walk->given = walk->schedule.steps.nr;
		schedule_copy(&walk->schedule, &walk->recorder.schedule);
	} else {
		*out = misfit_of(walk);
		schedule_copy(&walk->schedule, &before);
		run_whole(walk);
	}
	schedule_fini(&before);
	if (fits)
		walk_go(walk, 0);
	return fits;
}

void walk_go(struct walk *walk, size_t at)
{
	struct run_result result;

	CDMA_REQUIRE(at <= walk_length(walk));
	walk->at = at;
	/* At the end there is no step to stop before. */
	walk->here.stop = at < walk_length(walk) ? at : SIZE_MAX;
	machine_run(walk->machine, 1, 0, &result);
}

size_t walk_at(const struct walk *walk)
{
	return walk->at;
}

size_t walk_length(const struct walk *walk)
{
	return walk->schedule.steps.nr;
}

const struct schedule *walk_schedule(const struct walk *walk)
{
	return &walk->schedule;
}

const struct run_result *walk_result(const struct walk *walk)
{
	return &walk->result;
}

bool walk_is_given(const struct walk *walk, size_t step)
{
	return step < walk->given;
}

const struct trace *walk_trace(const struct walk *walk)
{
	return &walk->trace;
}

const struct cdma_finding *walk_found(const struct walk *walk, size_t i,
				      size_t *step)
{
	const struct cdma_findings *findings =
		machine_findings(walk->whole_machine);
	const struct cdma_finding *finding;
	const struct trace_event *at;

	if (i >= cdma_findings_nr(findings))
		return NULL;
	finding = cdma_findings_at(findings, i);
	at = trace_at(&walk->trace, finding->at.seq);
	*step = at ? at->step : walk_length(walk) + 1;
	return finding;
}

struct machine *walk_machine(const struct walk *walk)
{
	return walk->machine;
}

struct machine *walk_whole(const struct walk *walk)
{
	return walk->whole_machine;
}

const struct program *walk_program(const struct walk *walk)
{
	return walk->program;
}

uint64_t walk_could(const struct walk *walk)
{
	return walk->here.could;
}

uint32_t walk_ways(const struct walk *walk, size_t step, uint32_t i,
		   enum choice_kind *kind)
{
	for (size_t at = 0; at < walk->whole.asked.nr; at++) {
		const struct asked *asked = &walk->whole.asked.at[at];

		if (asked->step != step || i--)
			continue;
		*kind = asked->kind;
		return asked->nr;
	}
	return 0;
}
