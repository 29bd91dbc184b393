/* SPDX-License-Identifier: MIT */
#include "run/simplify.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "run/compare.h"

/* Of a smaller case: what takes longer than that is not smaller. */
#define STEP_CAP(steps) ((steps) / 16)

/* So many other variants are compared with. */
#define CONTROLS_MAX 8

/* Whether another variant is one that does not show the finding. */
enum control { CONTROL_UNKNOWN, CONTROL_IS, CONTROL_NOT };

/* Above that, one less is not worth the look of an odd number. */
#define ONE_LESS_MAX 16

/* What is tried with a rule of faults. */
enum fault_state { FAULT_KEPT, FAULT_ONCE, FAULT_OUT };

struct param_state {
	bool changed;
	uint64_t value;
	CDMA_VEC(uint64_t) tried; /* since something else was changed */
};

/* One case that shows the finding. */
struct found {
	struct program *program; /* owned, but for the first */
	struct cdma_finding finding;
	struct schedule schedule;
	struct shrunk shrunk;
	size_t nr_findings;   /* of the run */
	shrinker_sites sites; /* that were passed */
};

struct simplifier {
	const struct program *first;
	const struct simplify_options *options;
	struct machine_options machine;
	struct found best, next;
	struct param_state *params; /* owned; as in first */
	enum fault_state *faults;   /* owned; as in first */
	enum control *controls;     /* owned; by variant */
	uint32_t programs, runs;
	uint64_t steps, max_steps;
	bool capped;
};

static void found_fini(struct found *f, const struct program *keep)
{
	if (f->program != keep)
		program_free(f->program);
	schedule_fini(&f->schedule);
	cdma_vec_free(&f->sites);
	*f = (struct found){0};
}

/* ---- what to say to get it ---- */

static const char *keep(struct cdma_arena *arena, struct cdma_text *text)
{
	char *s = cdma_arena_alloc(arena, text->len + 1);

	memcpy(s, cdma_text_str(text), text->len + 1);
	cdma_text_fini(text);
	return s;
}

static const char *copy(struct cdma_arena *arena, const char *s)
{
	struct cdma_text text = {0};

	cdma_text_add(&text, s);
	return keep(arena, &text);
}

static const char *number(struct cdma_arena *arena, uint64_t value,
			  bool is_unsigned)
{
	struct cdma_text text = {0};

	if (is_unsigned)
		cdma_text_addf(&text, "%llu", (unsigned long long)value);
	else
		cdma_text_addf(&text, "%lld", (long long)value);
	return keep(arena, &text);
}

static const char *define(struct cdma_arena *arena, const char *name,
			  const char *value)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "%s=%s", name, value);
	return keep(arena, &text);
}

/* Rule @i as it is now. */
static const char *rule(struct simplifier *s, size_t i, enum fault_state state,
			struct cdma_arena *arena)
{
	struct program_fault fault = s->first->faults.at[i];
	struct cdma_text text = {0};

	if (state == FAULT_ONCE)
		fault.when = FAIL_NTH;
	program_add_fault(&text, &fault);
	return keep(arena, &text);
}

/* Whether "NAME=VALUE" is about a param that was changed. */
static bool is_changed(const struct simplifier *s, const char *word)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < s->first->params.nr; i++) {
		const char *name = s->first->params.at[i].name;

		if (s->params[i].changed && strlen(name) == len &&
		    !memcmp(name, word, len))
			return true;
	}
	return false;
}

static void give_defines(struct simplifier *s, struct cdma_arena *arena,
			 struct given *out)
{
	const struct given *given = &s->options->given;
	size_t nr = s->first->params.nr;
	const char **words = cdma_arena_alloc(
		arena, (given->nr_defines + nr + 1) * sizeof(*words));

	out->nr_defines = 0;
	for (size_t i = 0; i < given->nr_defines; i++)
		if (!is_changed(s, given->defines[i]))
			words[out->nr_defines++] = given->defines[i];
	for (size_t i = 0; i < nr; i++) {
		const struct program_param *p = &s->first->params.at[i];

		if (s->params[i].changed)
			words[out->nr_defines++] =
				define(arena, p->name,
				       number(arena, s->params[i].value,
					      p->is_unsigned));
	}
	out->defines = words;
}

static void give_faults(struct simplifier *s, struct cdma_arena *arena,
			struct given *out)
{
	size_t nr = s->first->faults.nr;
	const char **words = cdma_arena_alloc(arena, (nr + 1) * sizeof(*words));
	bool changed = false;

	for (size_t i = 0; i < nr; i++)
		changed |= s->faults[i] != FAULT_KEPT;
	if (!changed)
		return;
	out->nr_faults = 0;
	for (size_t i = 0; i < nr; i++)
		if (s->faults[i] != FAULT_OUT)
			words[out->nr_faults++] =
				rule(s, i, s->faults[i], arena);
	if (!out->nr_faults)
		words[out->nr_faults++] = "none";
	out->faults = words;
}

static struct given give(struct simplifier *s, struct cdma_arena *arena)
{
	struct given given = s->options->given;

	give_defines(s, arena, &given);
	give_faults(s, arena, &given);
	return given;
}

/* ---- one case ---- */

static bool is_over(struct simplifier *s)
{
	s->capped |= s->programs >= SIMPLIFY_PROGRAMS ||
		     s->runs >= SHRINK_RUNS || s->steps >= s->max_steps ||
		     (s->machine.stops && s->machine.stops(s->machine.aux));
	return s->capped;
}

static void look(struct found *f, struct shrinker *shrinker, bool expected)
{
	f->nr_findings = shrinker_look(shrinker, &f->finding, expected,
				       &f->schedule, &f->sites);
}

/* Search s->next.program; whether its finding is there and as simple. */
static bool search(struct simplifier *s)
{
	struct found *f = &s->next;
	struct shrinker *shrinker = shrinker_new(f->program, &s->machine);
	bool ok;

	schedule_copy(&f->schedule, &s->best.schedule);
	shrinker_limit(shrinker, SHRINK_RUNS - s->runs,
		       s->max_steps - s->steps);
	ok = shrinker_find(shrinker, &f->finding, s->best.shrunk.expected,
			   &f->schedule, &f->shrunk);
	s->runs += f->shrunk.runs;
	s->steps += f->shrunk.all_steps;
	s->capped |= f->shrunk.capped;
	ok = ok && f->shrunk.switches <= s->best.shrunk.switches &&
	     f->shrunk.ways <= s->best.shrunk.ways;
	if (ok)
		look(f, shrinker, s->best.shrunk.expected);
	shrinker_free(shrinker);
	return ok && f->nr_findings && f->nr_findings <= s->best.nr_findings;
}

/* Whether s->next.program is smaller in nothing but numbers. */
static bool is_same_driver(const struct simplifier *s)
{
	return program_hash(s->next.program) != program_hash(s->best.program) &&
	       compare_code(s->next.program, s->best.program);
}

/* Whether variant @i shows the finding, with those params. */
static bool shows(struct simplifier *s, size_t i, const struct given *given)
{
	struct program *program = s->options->compile(
		s->options->aux, s->first->variants.at[i], given);
	struct cdma_finding finding;
	struct shrinker *shrinker;
	struct shrunk shrunk;
	bool ok = false;

	if (program && compare_finding(&s->best.finding, program, &finding)) {
		shrinker = shrinker_new(program, &s->machine);
		ok = shrinker_shows(shrinker, &finding, &s->best.schedule,
				    &shrunk);
		s->runs += shrunk.runs;
		s->steps += shrunk.all_steps;
		shrinker_free(shrinker);
	}
	program_free(program);
	return ok;
}

/* Whether variant @i does not show it, as things are. */
static bool is_control(struct simplifier *s, size_t i)
{
	enum control *control = &s->controls[i];

	if (*control == CONTROL_UNKNOWN && i < CONTROLS_MAX &&
	    strcmp(s->first->variants.at[i], s->first->variant))
		*control = shows(s, i, &s->options->given) ? CONTROL_NOT
							   : CONTROL_IS;
	return *control == CONTROL_IS;
}

/* Whether a variant that did not show it does so with what is @given: then it
 * has another cause. */
static bool has_other_cause(struct simplifier *s, const struct given *given)
{
	for (size_t i = 0; i < s->first->variants.nr; i++)
		if (is_control(s, i) && shows(s, i, given))
			return true;
	return false;
}

/* Try what params and faults say now; whether it became the best. */
static bool try(struct simplifier *s, bool is_param)
{
	struct cdma_arena arena = {0};
	struct given given;
	bool ok;

	given = give(s, &arena);
	s->next.program =
		s->options->compile(s->options->aux, s->first->variant, &given);
	s->programs++;
	ok = s->next.program && (!is_param || is_same_driver(s)) &&
	     compare_finding(&s->best.finding, s->next.program,
			     &s->next.finding) &&
	     search(s) &&
	     (!is_param || compare_places(&s->next.sites, &s->best.sites)) &&
	     !has_other_cause(s, &given);
	cdma_arena_fini(&arena);
	if (ok) {
		found_fini(&s->best, s->first);
		s->best = s->next;
		s->next = (struct found){0};
	} else {
		found_fini(&s->next, s->first);
	}
	return ok;
}

/* ---- what is tried ---- */

/* What failed before may do now. */
static void forget_tried(struct simplifier *s, const struct param_state *but)
{
	for (size_t i = 0; i < s->first->params.nr; i++)
		if (&s->params[i] != but)
			s->params[i].tried.nr = 0;
}

static bool try_fault(struct simplifier *s, size_t i, enum fault_state state)
{
	enum fault_state before = s->faults[i];

	if (state <= before || is_over(s))
		return false;
	s->faults[i] = state;
	if (try(s, false)) {
		forget_tried(s, NULL);
		return true;
	}
	s->faults[i] = before;
	return false;
}

static bool try_faults(struct simplifier *s)
{
	bool better = false;

	for (size_t i = 0; i < s->first->faults.nr; i++) {
		better |= try_fault(s, i, FAULT_OUT);
		if (s->first->faults.at[i].when == FAIL_EVERY)
			better |= try_fault(s, i, FAULT_ONCE);
	}
	return better;
}

static bool was_tried(struct param_state *param, uint64_t value)
{
	for (size_t i = 0; i < param->tried.nr; i++)
		if (param->tried.at[i] == value)
			return true;
	*cdma_vec_push(&param->tried) = value;
	return false;
}

static bool try_param(struct simplifier *s, size_t i, uint64_t value)
{
	struct param_state *param = &s->params[i];
	struct param_state before = *param;

	if (!value || value >= before.value || was_tried(param, value) ||
	    is_over(s))
		return false;
	param->value = value;
	param->changed = true;
	if (try(s, true)) {
		forget_tried(s, param);
		return true;
	}
	param->value = before.value;
	param->changed = before.changed;
	return false;
}

/* Another param may have been computed from one that is smaller now. */
static void look_at_param(struct simplifier *s, size_t i)
{
	if (!s->params[i].changed)
		s->params[i].value = s->best.program->params.at[i].value;
}

static bool try_smaller(struct simplifier *s, size_t i)
{
	uint64_t value = s->params[i].value;

	return try_param(s, i, 1) || try_param(s, i, 2) ||
	       try_param(s, i, value / 2) ||
	       (value <= ONE_LESS_MAX && try_param(s, i, value - 1));
}

static bool try_params(struct simplifier *s)
{
	bool better = false;

	for (size_t i = 0; i < s->first->params.nr; i++) {
		look_at_param(s, i);
		/* What is negative, or all ones, is no size. */
		while ((int64_t)s->params[i].value > 0 && try_smaller(s, i))
			better = true;
	}
	return better;
}

/* ---- all of it ---- */

static void begin(struct simplifier *s, const struct cdma_finding *finding,
		  const struct schedule *schedule, const struct shrunk *shrunk)
{
	struct shrinker *shrinker = shrinker_new(s->first, &s->machine);
	struct found *f = &s->best;

	s->params = cdma_xcalloc(s->first->params.nr + 1, sizeof(*s->params));
	s->faults = cdma_xcalloc(s->first->faults.nr + 1, sizeof(*s->faults));
	s->controls =
		cdma_xcalloc(s->first->variants.nr + 1, sizeof(*s->controls));
	f->program = (struct program *)s->first;
	f->finding = *finding;
	f->shrunk = *shrunk;
	schedule_copy(&f->schedule, schedule);
	look(f, shrinker, shrunk->expected);
	shrinker_free(shrinker);
}

static void end(struct simplifier *s)
{
	found_fini(&s->best, s->first);
	for (size_t i = 0; i < s->first->params.nr; i++)
		cdma_vec_free(&s->params[i].tried);
	free(s->params);
	free(s->faults);
	free(s->controls);
}

static void add_changes(struct simplifier *s, struct simplified *out)
{
	for (size_t i = 0; i < s->first->params.nr; i++) {
		const struct program_param *p = &s->first->params.at[i];

		if (!s->params[i].changed)
			continue;
		*cdma_vec_push(&out->changes) = (struct simplify_change){
			.param = copy(&out->arena, p->name),
			.from = number(&out->arena, p->value, p->is_unsigned),
			.to = number(&out->arena, s->params[i].value,
				     p->is_unsigned),
		};
	}
	for (size_t i = 0; i < s->first->faults.nr; i++) {
		if (s->faults[i] == FAULT_KEPT)
			continue;
		*cdma_vec_push(&out->changes) = (struct simplify_change){
			.from = rule(s, i, FAULT_KEPT, &out->arena),
			.to = s->faults[i] == FAULT_ONCE
				      ? rule(s, i, FAULT_ONCE, &out->arena)
				      : NULL,
		};
	}
}

/* Hand the best over. */
static struct simplified *take(struct simplifier *s, struct schedule *schedule,
			       struct shrunk *shrunk)
{
	struct simplified *out = cdma_xcalloc(1, sizeof(*out));

	out->program = s->best.program;
	out->finding = s->best.finding;
	out->given = give(s, &out->arena);
	add_changes(s, out);
	schedule_copy(schedule, &s->best.schedule);
	shrunk->steps = s->best.shrunk.steps;
	shrunk->switches = s->best.shrunk.switches;
	shrunk->ways = s->best.shrunk.ways;
	s->best.program = NULL; /* handed over */
	return out;
}

struct simplified *simplify(const struct program *program,
			    const struct machine_options *machine,
			    const struct simplify_options *options,
			    uint64_t steps, const struct cdma_finding *finding,
			    bool params, struct schedule *schedule,
			    struct shrunk *shrunk)
{
	struct simplifier s = {
		.first = program,
		.options = options,
		.machine = *machine,
		.max_steps = steps,
	};
	struct simplified *out = NULL;
	bool better;

	if (!(params && program->params.nr) && !program->faults.nr)
		return NULL;
	if (!machine->step_cap || machine->step_cap > STEP_CAP(steps))
		s.machine.step_cap = STEP_CAP(steps);
	begin(&s, finding, schedule, shrunk);
	do {
		better = try_faults(&s);
		better |= params && try_params(&s);
	} while (better);
	if (s.best.program != program)
		out = take(&s, schedule, shrunk);
	shrunk->runs += s.runs;
	shrunk->all_steps += s.steps;
	shrunk->capped |= s.capped;
	end(&s);
	return out;
}

void simplified_free(struct simplified *simplified)
{
	if (!simplified)
		return;
	program_free(simplified->program);
	cdma_vec_free(&simplified->changes);
	cdma_arena_fini(&simplified->arena);
	free(simplified);
}
