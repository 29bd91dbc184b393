/* SPDX-License-Identifier: MIT */
#include "litmus/run.h"

#include <cdma/finding.h>
#include <cdma/region.h>
#include <string.h>

#include "explore/explore.h"
#include "litmus/execution.h"

/* What a run led to; several runs can be the same execution. */
struct outcome {
	char *name;  /* owned: of the execution */
	char *state; /* owned: "0:r0=1; [x]=2;" */
	bool holds;  /* the condition */
};

struct run {
	const struct litmus *test;
	struct machine *machine;
	struct explorer *explorer;
	struct execution execution;
	CDMA_VEC(struct outcome) outcomes;
	size_t nr_states;
	uint64_t positive, negative;
	uint64_t found; /* kinds of finding, as bits */
	bool raced, wrong, cut;
};

/* ---- a final state ---- */

static cdma_region_id region_called(const struct run *run, const char *name)
{
	const struct cdma_world *world = machine_world(run->machine);
	struct cdma_region_info info;

	for (cdma_region_id id = 1; cdma_region_info(world, id, &info); id++)
		if (!strcmp(info.name, name))
			return id;
	return 0;
}

static int64_t value_of(const struct run *run, bool is_reg, size_t at)
{
	bool is_told = is_reg && run->test->regs.at[at].is_device;
	cdma_region_id id = region_called(run, is_told  ? "told"
					       : is_reg ? "fin"
							: "mem");
	unsigned char bytes[4];

	cdma_region_peek(machine_world(run->machine), id, 8 * at, bytes,
			 sizeof(bytes));
	return (int32_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
			 (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
}

static bool holds(const struct run *run, const struct litmus_term *term)
{
	switch (term->kind) {
	case TERM_AND:
		return holds(run, term->a) && holds(run, term->b);
	case TERM_OR:
		return holds(run, term->a) || holds(run, term->b);
	case TERM_NOT:
		return !holds(run, term->a);
	case TERM_IS:
		return (value_of(run, term->is_reg, term->at) == term->value) !=
		       term->differs;
	case TERM_TRUE:
		break;
	}
	return true;
}

static char *state_of(const struct run *run)
{
	const struct litmus *test = run->test;
	struct cdma_text text = {0};

	for (size_t i = 0; i < test->shown.nr; i++) {
		struct litmus_shown shown = test->shown.at[i];

		cdma_text_add(&text, i ? " " : "");
		litmus_add_shown(&text, test, shown);
		cdma_text_addc(&text, '=');
		litmus_add_value(&text, test,
				 value_of(run, shown.is_reg, shown.at));
		cdma_text_addc(&text, ';');
	}
	cdma_text_addn(&text, "", 0);
	return text.at ? text.at : cdma_xstrdup("");
}

/* ---- all runs ---- */

static void look(struct run *run)
{
	const struct cdma_findings *found = machine_findings(run->machine);

	for (size_t i = 0; i < cdma_findings_nr(found); i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);

		run->raced |= f->id == CDMA_FINDING_DATA_RACE;
		run->found |= (uint64_t)1 << f->id;
		run->wrong |= f->id == CDMA_FINDING_OUT_OF_BOUNDS;
	}
}

/* A thread that waits for a lock for ever has no final state. */
static void note(struct run *run, const struct run_result *result)
{
	const struct litmus *test = run->test;
	struct cdma_text name = {0};

	run->cut |= result->end == RUN_BOUNDED;
	run->wrong |= result->end == RUN_ERROR;
	if (result->end == RUN_DONE) {
		look(run);
		execution_name(&run->execution, &name);
		if (!test->filter || holds(run, test->filter))
			*cdma_vec_push(&run->outcomes) = (struct outcome){
				.name = cdma_xstrdup(cdma_text_str(&name)),
				.state = state_of(run),
				.holds = holds(run, test->condition),
			};
	}
	run->execution.accesses.nr = 0;
	cdma_text_fini(&name);
}

static void run_all(struct run *run, const struct program *program,
		    const struct litmus_options *options)
{
	struct machine_options machine = {
		.strategy = &strategy_explore,
		.memory = MEMORY_WEAK,
	};
	struct run_result result;
	uint64_t runs = 0;
	bool more;

	run->explorer = explorer_new();
	machine.strategy_state = run->explorer;
	run->machine = machine_new(program, &machine);
	machine_observe(run->machine, explorer_observer(run->explorer));
	machine_observe(run->machine, execution_observer(&run->execution));
	do {
		machine_run(run->machine, 0, 0, &result);
		note(run, &result);
		more = explorer_next(run->explorer);
	} while (more && ++runs < options->executions);
	run->cut |= more;
	machine_free(run->machine);
	explorer_free(run->explorer);
}

/* ---- what came of it ---- */

static int compare(const void *pa, const void *pb)
{
	const struct outcome *a = pa, *b = pb;
	int states = strcmp(a->state, b->state);

	return states ? states : strcmp(a->name, b->name);
}

static void count(struct run *run)
{
	const struct outcome *last = NULL;

	if (run->outcomes.nr)
		qsort(run->outcomes.at, run->outcomes.nr,
		      sizeof(*run->outcomes.at), compare);
	for (size_t i = 0; i < run->outcomes.nr; i++) {
		const struct outcome *o = &run->outcomes.at[i];

		run->nr_states += !last || strcmp(last->state, o->state) != 0;
		if (!last || compare(last, o)) {
			run->positive += o->holds;
			run->negative += !o->holds;
		}
		last = o;
	}
}

static void add_states(const struct run *run, struct cdma_text *out)
{
	const char *last = NULL;

	cdma_text_addf(out, "States %zu\n", run->nr_states);
	for (size_t i = 0; i < run->outcomes.nr; i++) {
		const char *state = run->outcomes.at[i].state;

		if (!last || strcmp(last, state))
			cdma_text_addf(out, "%s\n", state);
		last = state;
	}
}

static const char *observation(const struct run *run)
{
	if (!run->positive)
		return "Never";
	return run->negative ? "Sometimes" : "Always";
}

static bool is_ok(const struct run *run)
{
	switch (run->test->quantifier) {
	case LITMUS_EXISTS:
		return run->positive > 0;
	case LITMUS_NOT_EXISTS:
		return run->positive == 0;
	case LITMUS_FORALL:
		break;
	}
	return run->negative == 0;
}

/* What our own rules say of the order; LKMM knows of races alone. */
static void add_flags(const struct run *run, struct cdma_text *out)
{
	static const enum cdma_finding_id ids[] = {
		CDMA_FINDING_UNORDERED_READ,     CDMA_FINDING_UNORDERED_WRITE,
		CDMA_FINDING_UNORDERED_PUBLISH,  CDMA_FINDING_DEVICE_ORDER,
		CDMA_FINDING_UNORDERED_GIVEBACK,
	};

	if (run->raced)
		cdma_text_add(out, "Flag data-race\n");
	for (size_t i = 0;
	     run->test->has_device && i < sizeof(ids) / sizeof(ids[0]); i++)
		if (run->found >> ids[i] & 1)
			cdma_text_addf(out, "Flag %s\n",
				       cdma_finding_name(ids[i]));
}

static void report(const struct run *run, struct cdma_text *out)
{
	static const char *const kinds[] = {"Allowed", "Forbidden", "Required"};
	const struct litmus *test = run->test;

	cdma_text_addf(out, "Test %s %s\n", test->name,
		       kinds[test->quantifier]);
	add_states(run, out);
	cdma_text_addf(out, "%s\nWitnesses\n", is_ok(run) ? "Ok" : "No");
	cdma_text_addf(out, "Positive: %llu Negative: %llu\n",
		       (unsigned long long)run->positive,
		       (unsigned long long)run->negative);
	add_flags(run, out);
	cdma_text_add(out, "Condition ");
	litmus_add_condition(out, test);
	cdma_text_addf(out, "\nObservation %s %s %llu %llu\n", test->name,
		       observation(run), (unsigned long long)run->positive,
		       (unsigned long long)run->negative);
}

static enum litmus_end agrees(const struct run *run, struct cdma_text *out)
{
	const char *is = run->raced ? "DATARACE" : observation(run);
	const char *expected = run->test->result;

	if (!strcmp(run->test->here, "undecided")) {
		cdma_text_add(out, "Here: undecided was expected\n");
		return LITMUS_DIFFERS;
	}
	if (!expected[0] || !strcmp(expected, is))
		return LITMUS_AGREES;
	cdma_text_addf(out, "Result: %s was expected\n", expected);
	return LITMUS_DIFFERS;
}

/* The author may have known. */
static enum litmus_end undecided(const struct run *run)
{
	return strcmp(run->test->here, "undecided") ? LITMUS_UNDECIDED
						    : LITMUS_AGREES;
}

/* One more execution cannot change it. */
static bool is_settled(const struct run *run)
{
	return run->raced || (run->positive && run->negative);
}

static enum litmus_end judge(const struct run *run, struct cdma_text *out)
{
	const struct reorder *reorder = &run->test->reorder;
	const struct reorder_event *early, *fence, *back;

	if (run->wrong) {
		cdma_text_add(out, "Error: what was read and then used as a "
				   "pointer is no address\n");
		return LITMUS_WRONG;
	}
	if (run->cut && !is_settled(run)) {
		cdma_text_add(out, "Note: there are more executions\n");
		return LITMUS_UNDECIDED;
	}
	if (!is_settled(run) && reorder_matters(reorder, &early)) {
		cdma_text_addf(out,
			       "Note: a store of P%u may come early%s, "
			       "which is not shown; %s is not its verdict\n",
			       early->thread,
			       run->test->has_device ? "" : " in LKMM",
			       observation(run));
		return undecided(run);
	}
	fence = is_settled(run) ? NULL : reorder_late_fence(reorder);
	if (fence) {
		cdma_text_addf(out,
			       "Note: the barrier before a cmpxchg of P%u may "
			       "come earlier in LKMM; %s is not its verdict\n",
			       fence->thread, observation(run));
		return undecided(run);
	}
	back = run->positive && run->negative && !run->raced
		       ? reorder_reads_back(reorder)
		       : NULL;
	if (back && !run->test->has_device) {
		cdma_text_addf(out,
			       "Note: P%u reads back what depended on a read, "
			       "which LKMM orders; Sometimes may not be its "
			       "verdict\n",
			       back->thread);
		return undecided(run);
	}
	return agrees(run, out);
}

enum litmus_end litmus_run(const struct litmus *test,
			   const struct program *program,
			   const struct litmus_options *options,
			   struct cdma_text *out)
{
	struct run run = {.test = test};
	enum litmus_end end;

	run_all(&run, program, options);
	count(&run);
	report(&run, out);
	end = judge(&run, out);
	for (size_t i = 0; i < run.outcomes.nr; i++) {
		free(run.outcomes.at[i].name);
		free(run.outcomes.at[i].state);
	}
	cdma_vec_free(&run.outcomes);
	execution_fini(&run.execution);
	return end;
}
