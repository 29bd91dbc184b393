/* SPDX-License-Identifier: MIT */
#include "litmus-rules.h"

#include "base/macros.h"
#include "explore/explore.h"
#include "litmus/scenario.h"
#include "run/machine.h"
#include "script/script.h"

static struct program *compile(const struct litmus *test)
{
	static const struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0};
	struct program *program = NULL;

	if (!litmus_scenario(&text, test, "strong")) {
		struct script *script =
			script_parse(test->name, cdma_text_str(&text), text.len,
				     &options, diag);
		struct unit *unit =
			script ? script_resolve(script, 0, diag) : NULL;

		program = unit ? program_new(unit, diag) : NULL;
		unit_free(unit);
		script_free(script);
	}
	cdma_text_fini(&text);
	diag_free(diag);
	return program;
}

static uint64_t look(struct machine *machine)
{
	const struct cdma_findings *found = machine_findings(machine);
	uint64_t findings = 0;

	for (size_t i = 0; i < cdma_findings_nr(found); i++)
		findings |= (uint64_t)1 << cdma_findings_at(found, i)->id;
	return findings;
}

static uint64_t explore(const struct program *program,
			const struct verdict_options *limits, bool *is_cut)
{
	struct explorer *explorer = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = explorer,
		.memory = MEMORY_STRONG,
		.stops = limits->is_over,
		.aux = limits->aux,
	};
	struct machine *machine = machine_new(program, &options);
	struct run_result result;
	uint64_t findings = 0, left = limits->executions;
	bool more = true;

	machine_observe(machine, explorer_observer(explorer));
	while (more && left--) {
		machine_run(machine, 0, 0, &result);
		if (result.end == RUN_DONE)
			findings |= look(machine);
		if (result.end == RUN_STOPPED ||
		    (limits->is_over && limits->is_over(limits->aux)))
			break;
		more = explorer_next(explorer);
	}
	*is_cut = more;
	machine_free(machine);
	explorer_free(explorer);
	return findings;
}

uint64_t litmus_rules_findings(const struct litmus *test,
			       const struct verdict_options *options,
			       bool *is_cut)
{
	struct program *program = compile(test);
	uint64_t findings = 0;

	*is_cut = false;
	if (program)
		findings = explore(program, options, is_cut);
	program_free(program);
	return findings;
}

void litmus_rules_add_flags(struct cdma_text *out, uint64_t findings)
{
	static const enum cdma_finding_id ids[] = {
		CDMA_FINDING_UNORDERED_READ,     CDMA_FINDING_UNORDERED_WRITE,
		CDMA_FINDING_UNORDERED_PUBLISH,  CDMA_FINDING_DEVICE_ORDER,
		CDMA_FINDING_UNORDERED_GIVEBACK,
	};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (findings >> ids[i] & 1)
			cdma_text_addf(out, "Flag %s\n",
				       cdma_finding_name(ids[i]));
}
