/* SPDX-License-Identifier: MIT */
#include "run/shrink.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "run/expect.h"

/* With more actors, not every order of two is tried. */
#define ORDERED_MAX 6

#define AFTER_THREADS UINT32_MAX

/* How simple a schedule is: the first that differs decides. */
struct cost {
	size_t faults, switches, ways, steps;
};

/* Some steps of a schedule in a row, of one actor. */
struct stretch {
	size_t at, nr;
};

struct shrinker {
	const struct program *program; /* borrowed */
	struct machine *machine;
	struct replay replay;
	struct strategy replaying;
	struct recorder recorder;
	/* Of event i + 1: steps that were done, AFTER_THREADS; and where. */
	CDMA_VEC(uint32_t) step_of;
	shrinker_sites site_of;

	const struct cdma_finding *finding;
	bool is_allowed;                    /* some expectation names it */
	bool is_any;                        /* ... or none does */
	bool has_best;                      /* there is one that shows it */
	struct schedule best;               /* the simplest so far */
	struct cost cost;                   /* of it */
	CDMA_VEC(struct stretch) stretches; /* of it */
	struct schedule next;               /* to be tried */
	uint32_t runs, max_runs;
	uint64_t steps, max_steps; /* of all runs */
	bool capped;
	bool (*stops)(void *aux); /* as of a machine */
	void *aux;
};

static void note_step(void *aux, const struct cdma_event *ev)
{
	struct shrinker *s = aux;

	*cdma_vec_push(&s->site_of) = ev->site;
	*cdma_vec_push(&s->step_of) =
		s->recorder.ended ? AFTER_THREADS
				  : (uint32_t)s->recorder.schedule.steps.nr;
}

struct shrinker *shrinker_new(const struct program *program,
			      const struct machine_options *options)
{
	struct shrinker *s = cdma_xcalloc(1, sizeof(*s));
	struct machine_options own = *options;

	s->program = program;
	s->max_runs = SHRINK_RUNS;
	s->max_steps = SHRINK_STEPS;
	s->stops = options->stops;
	s->aux = options->aux;
	s->replaying = strategy_new(&strategy_replay, &s->replay);
	s->recorder.inner = &s->replaying;
	own.strategy = &strategy_record;
	own.strategy_state = &s->recorder;
	s->machine = machine_new(program, &own);
	machine_observe(s->machine, (struct cdma_observer){note_step, s});
	return s;
}

void shrinker_free(struct shrinker *s)
{
	if (!s)
		return;
	machine_free(s->machine);
	schedule_fini(&s->recorder.schedule);
	schedule_fini(&s->best);
	schedule_fini(&s->next);
	cdma_vec_free(&s->step_of);
	cdma_vec_free(&s->site_of);
	cdma_vec_free(&s->stretches);
	free(s);
}

/* ---- one run ---- */

static bool is_allowed(const struct shrinker *s, const struct cdma_finding *f)
{
	return expects_allow(s->program, s->machine, f);
}

/* The finding in the last run; NULL when it is not there. */
static const struct cdma_finding *found(const struct shrinker *s)
{
	const struct cdma_findings *all = machine_findings(s->machine);

	for (size_t i = 0; i < cdma_findings_nr(all); i++) {
		const struct cdma_finding *f = cdma_findings_at(all, i);

		if (cdma_finding_same(f, s->finding) &&
		    (s->is_any || is_allowed(s, f) == s->is_allowed))
			return f;
	}
	return NULL;
}

static const struct cdma_finding *run_number(struct shrinker *s, uint64_t index)
{
	struct run_result result;

	s->step_of.nr = s->site_of.nr = 0;
	machine_run(s->machine, 1, index, &result);
	s->runs++;
	s->steps += result.steps;
	if (result.end != RUN_DONE && result.end != RUN_STUCK)
		return NULL;
	return found(s);
}

static const struct cdma_finding *
run(struct shrinker *s, const struct schedule *schedule, bool lenient)
{
	s->replay = (struct replay){.schedule = schedule, .lenient = lenient};
	return run_number(s, 0);
}

/* How many steps were done when event number @seq was. */
static size_t steps_until(const struct shrinker *s, uint64_t seq)
{
	return seq && seq <= s->step_of.nr ? s->step_of.at[seq - 1] : 0;
}

static struct cost cost_of(const struct schedule *schedule)
{
	struct cost cost = {
		.switches = schedule_switches(schedule),
		.steps = schedule->steps.nr,
	};

	for (size_t i = 0; i < schedule->steps.nr; i++) {
		const struct schedule_step *step = &schedule->steps.at[i];

		cost.ways += step->way != 0;
		for (uint32_t j = 0; j < step->answers; j++)
			cost.faults += schedule_kind(step, j) == CHOICE_FAULT &&
				       schedule_way(step, j);
	}
	return cost;
}

static bool is_less(const struct cost *a, const struct cost *b)
{
	if (a->faults != b->faults)
		return a->faults < b->faults;
	if (a->switches != b->switches)
		return a->switches < b->switches;
	if (a->ways != b->ways)
		return a->ways < b->ways;
	return a->steps < b->steps;
}

/*
 * What was done in the last run, in which @f was found, up to the step that is
 * wrong.  When that is not enough to show it, or when no step is wrong but the
 * end, all that was told to be done: the rest follows.
 */
static void listing(struct shrinker *s, const struct cdma_finding *f,
		    struct schedule *out)
{
	size_t at = steps_until(s, f->at.seq);
	size_t against = steps_until(s, f->against.seq);
	size_t told = s->replay.done;
	size_t nr = at > against ? at : against;
	struct schedule done = {0};

	schedule_copy(&done, &s->recorder.schedule);
	schedule_copy(out, &done);
	schedule_cut(out, nr);
	if (nr == AFTER_THREADS ||
	    (nr < done.steps.nr && !run(s, out, false))) {
		schedule_copy(out, &done);
		schedule_cut(out, told);
	}
	schedule_fini(&done);
}

/* ---- candidates ---- */

static void find_stretches(struct shrinker *s)
{
	const struct schedule *best = &s->best;

	s->stretches.nr = 0;
	for (size_t i = 0; i < best->steps.nr; i++) {
		if (i && best->steps.at[i].actor == best->steps.at[i - 1].actor)
			cdma_vec_last(&s->stretches)->nr++;
		else
			*cdma_vec_push(&s->stretches) = (struct stretch){i, 1};
	}
}

static bool is_over(struct shrinker *s)
{
	s->capped = s->runs >= s->max_runs || s->steps >= s->max_steps ||
		    (s->stops && s->stops(s->aux));
	return s->capped;
}

/* Run what is next; whether it is simpler and became the best. */
static bool try(struct shrinker *s)
{
	const struct cdma_finding *f;
	struct schedule done = {0};
	struct cost cost;
	bool better = false;

	if (is_over(s))
		return false;
	f = run(s, &s->next, true);
	if (f) {
		listing(s, f, &done);
		cost = cost_of(&done);
		better = !s->has_best || is_less(&cost, &s->cost);
		s->has_best = true;
	}
	if (better) {
		schedule_copy(&s->best, &done);
		s->cost = cost;
		find_stretches(s);
	}
	schedule_fini(&done);
	return better;
}

static void next_begin(struct shrinker *s)
{
	s->next.steps.nr = 0;
}

/* Add @nr steps of the best, from @at on. */
static void next_add(struct shrinker *s, size_t at, size_t nr)
{
	for (size_t i = at; i < at + nr; i++)
		*cdma_vec_push(&s->next.steps) = s->best.steps.at[i];
}

/* Add stretches number @from to @to - 1. */
static void next_add_range(struct shrinker *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		next_add(s, s->stretches.at[i].at, s->stretches.at[i].nr);
}

/* Begin with what setup did in the best. */
static void next_begin_set_up(struct shrinker *s)
{
	size_t nr = 0;

	while (nr < s->best.steps.nr &&
	       s->best.steps.at[nr].actor >= s->program->sections.nr)
		nr++;
	next_begin(s);
	next_add(s, 0, nr);
}

/* Add all that @actor can do. */
static void next_add_actor(struct shrinker *s, uint32_t actor, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		*cdma_vec_push(&s->next.steps) =
			(struct schedule_step){.actor = actor};
}

/* Nobody is told anything; one actor goes first; one and then another. */
static bool try_orders(struct shrinker *s)
{
	uint32_t actors = (uint32_t)s->program->sections.nr;
	size_t nr = s->recorder.schedule.steps.nr;
	bool better;

	next_begin(s);
	better = try(s);
	for (uint32_t i = 0; i < actors; i++) {
		next_begin_set_up(s);
		next_add_actor(s, i, nr);
		better |= try(s);
		for (uint32_t j = 0; j < actors && actors <= ORDERED_MAX; j++) {
			if (i == j)
				continue;
			next_begin_set_up(s);
			next_add_actor(s, i, nr);
			next_add_actor(s, j, nr);
			better |= try(s);
		}
	}
	return better;
}

/* Leave out @chunk stretches, wherever that does. */
static bool try_without(struct shrinker *s, size_t chunk)
{
	bool better = false;

	for (size_t i = 0; i < s->stretches.nr && !is_over(s);) {
		size_t end = i + chunk;

		next_begin(s);
		next_add_range(s, 0, i);
		if (end < s->stretches.nr)
			next_add_range(s, end, s->stretches.nr);
		if (try(s))
			better = true;
		else
			i += chunk;
	}
	return better;
}

static bool try_to_leave_out(struct shrinker *s)
{
	bool better = false;

	for (size_t chunk = s->stretches.nr / 2; chunk; chunk /= 2)
		better |= try_without(s, chunk);
	return better;
}

/* The next stretch after @i of the same actor; 0: none. */
static size_t next_same(const struct shrinker *s, size_t i)
{
	uint32_t actor = s->best.steps.at[s->stretches.at[i].at].actor;

	for (size_t j = i + 1; j < s->stretches.nr; j++)
		if (s->best.steps.at[s->stretches.at[j].at].actor == actor)
			return j;
	return 0;
}

/* Do stretch @j already after @i, or @i only before @j. */
static bool try_joined(struct shrinker *s, size_t i, size_t j, bool early)
{
	next_begin(s);
	next_add_range(s, 0, i);
	if (early) {
		next_add_range(s, i, i + 1);
		next_add_range(s, j, j + 1);
		next_add_range(s, i + 1, j);
	} else {
		next_add_range(s, i + 1, j);
		next_add_range(s, i, i + 1);
		next_add_range(s, j, j + 1);
	}
	next_add_range(s, j + 1, s->stretches.nr);
	return try(s);
}

static bool try_to_join(struct shrinker *s)
{
	bool better = false;

	for (size_t i = 0; i < s->stretches.nr && !is_over(s); i++) {
		size_t j = next_same(s, i);

		if (!j)
			continue;
		if (try_joined(s, i, j, true) || try_joined(s, i, j, false)) {
			better = true;
			i = (size_t)-1;
		}
	}
	return better;
}

/* Do only @nr steps of stretch @i. */
static bool try_shorter(struct shrinker *s, size_t i, size_t nr)
{
	next_begin(s);
	next_add_range(s, 0, i);
	next_add(s, s->stretches.at[i].at, nr);
	next_add_range(s, i + 1, s->stretches.nr);
	return try(s);
}

static bool try_to_shorten(struct shrinker *s)
{
	bool better = false;

	for (size_t i = 0; i < s->stretches.nr && !is_over(s);) {
		size_t nr = s->stretches.at[i].nr;

		if (nr > 1 &&
		    (try_shorter(s, i, nr / 2) || try_shorter(s, i, nr - 1)))
			better = true;
		else
			i++;
	}
	return better;
}

/* Go the first way wherever that does. */
static bool try_to_straighten(struct shrinker *s)
{
	bool better = false;

	for (size_t i = 0; i < s->best.steps.nr && !is_over(s); i++) {
		if (!s->best.steps.at[i].way)
			continue;
		next_begin(s);
		next_add(s, 0, s->best.steps.nr);
		s->next.steps.at[i].way = 0;
		better |= try(s);
	}
	return better;
}

/* ---- all of it ---- */

static bool try_all(struct shrinker *s)
{
	bool better = try_to_leave_out(s);

	better |= try_to_join(s);
	better |= try_to_straighten(s);
	better |= try_to_shorten(s);
	return better;
}

static void begin(struct shrinker *s, const struct cdma_finding *finding,
		  bool expected)
{
	s->finding = finding;
	s->is_allowed = expected;
	s->runs = 0;
	s->steps = 0;
	s->capped = s->has_best = s->is_any = false;
	s->best.steps.nr = 0;
	s->stretches.nr = 0;
}

/* The last run, in which @f was found, is what is simplified. */
static void start(struct shrinker *s, const struct cdma_finding *f)
{
	listing(s, f, &s->best);
	s->has_best = true;
	s->cost = cost_of(&s->best);
	find_stretches(s);
}

static void tell(const struct shrinker *s, struct shrunk *out)
{
	out->steps = s->cost.steps;
	out->switches = s->cost.switches;
	out->ways = s->cost.ways;
	out->runs = s->runs;
	out->all_steps = s->steps;
	out->capped = s->capped;
	out->expected = s->is_allowed;
}

bool shrinker_run(struct shrinker *s, const struct cdma_finding *finding,
		  struct schedule *schedule, struct shrunk *out)
{
	const struct cdma_finding *f;

	*out = (struct shrunk){0};
	begin(s, finding, false);
	f = run(s, schedule, false);
	if (!f) {
		s->is_allowed = true;
		f = run(s, schedule, false);
	}
	if (!f)
		return false;
	start(s, f);
	out->steps_before = s->cost.steps;
	out->switches_before = s->cost.switches;
	try_orders(s);
	while (try_all(s))
		;
	schedule_copy(schedule, &s->best);
	tell(s, out);
	return true;
}

/* ---- in another program ---- */

static void find_at_random(struct shrinker *s)
{
	struct strategy drawing = strategy_new(&strategy_random, NULL);
	const struct cdma_finding *f = NULL;

	for (uint64_t i = 0; i < SHRINK_RANDOM && !f && !is_over(s); i++) {
		s->recorder.inner = &drawing;
		f = run_number(s, i);
		s->recorder.inner = &s->replaying;
		s->replay.done = (uint32_t)s->recorder.schedule.steps.nr;
		if (f)
			start(s, f);
	}
	strategy_free(&drawing);
}

static void find(struct shrinker *s, const struct schedule *schedule)
{
	const struct cdma_finding *f = run(s, schedule, true);

	if (f)
		start(s, f);
	try_orders(s);
	if (!s->has_best)
		find_at_random(s);
}

bool shrinker_shows(struct shrinker *s, const struct cdma_finding *finding,
		    const struct schedule *schedule, struct shrunk *out)
{
	*out = (struct shrunk){0};
	begin(s, finding, false);
	s->is_any = true;
	find(s, schedule);
	tell(s, out);
	return s->has_best;
}

bool shrinker_find(struct shrinker *s, const struct cdma_finding *finding,
		   bool expected, struct schedule *schedule, struct shrunk *out)
{
	*out = (struct shrunk){0};
	begin(s, finding, expected);
	find(s, schedule);
	while (s->has_best && try_all(s))
		;
	if (s->has_best)
		schedule_copy(schedule, &s->best);
	tell(s, out);
	return s->has_best;
}

void shrinker_limit(struct shrinker *s, uint32_t runs, uint64_t steps)
{
	s->max_runs = runs;
	s->max_steps = steps;
}

static void add_site(shrinker_sites *sites, const struct cdma_site *site)
{
	for (size_t i = 0; i < sites->nr; i++)
		if (sites->at[i] == site)
			return;
	if (site)
		*cdma_vec_push(sites) = site;
}

size_t shrinker_look(struct shrinker *s, const struct cdma_finding *finding,
		     bool expected, const struct schedule *schedule,
		     shrinker_sites *sites)
{
	const struct cdma_finding *f;
	uint64_t last;

	begin(s, finding, expected);
	f = run(s, schedule, false);
	sites->nr = 0;
	if (!f)
		return 0;
	last = f->at.seq > f->against.seq ? f->at.seq : f->against.seq;
	for (size_t i = 0; i < s->site_of.nr && i < last; i++)
		add_site(sites, s->site_of.at[i]);
	return cdma_findings_nr(machine_findings(s->machine));
}
