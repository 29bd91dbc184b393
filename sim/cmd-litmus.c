/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "axiom/verdict.h"
#include "base/macros.h"
#include "interrupt.h"
#include "litmus-rules.h"
#include "litmus-say.h"
#include "run/machine.h"
#include "select.h"
#include "terminal.h"
#include "timer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct litmus *parse(const char *path, struct diag *diag)
{
	struct sources sources = {0};
	struct litmus *test = NULL;
	uint32_t file;
	int err = sources_read(&sources, path, &file);

	if (err)
		diag_error_file(diag, path, "%s", strerror(-err));
	else
		test = litmus_parse(path, sources.at[file].text,
				    sources.at[file].len, diag);
	sources_fini(&sources);
	return test;
}

static void blame(const struct diag *diag)
{
	struct cdma_text text = {0};

	diag_print(diag, &text);
	fflush(stdout);
	fputs(cdma_text_str(&text), stderr);
	cdma_text_fini(&text);
}

/* How the tests came out, and who may end it. */
struct tally {
	size_t nr, ends[VERDICT_ENDS_NR], refused;
	struct interrupt interrupt;
	struct timer timer; /* of all */
	struct timer share; /* of the test in hand */
	bool is_interrupted;
	struct cdma_text graphs; /* of --dot */
};

static bool is_over(void *aux)
{
	struct tally *tally = aux;

	tally->is_interrupted |= interrupt_came(&tally->interrupt);
	return tally->is_interrupted || timer_is_over(&tally->share);
}

/* What ended it, for a line of its own. */
static void add_end(struct cdma_text *out, const struct tally *tally)
{
	if (tally->is_interrupted)
		cdma_text_add(out, "Note: interrupted\n");
	else if (timer_is_over(&tally->share))
		cdma_text_add(out, "Note: stopped by --time\n");
}

/* One that stands in a row with others needs no more than these lines. */
static void shorten(struct cdma_text *report)
{
	static const char *const kept[] = {"Flag ", "Observation ",
					   "Note: ", "Error: ", "Result: "};
	struct cdma_text all = *report;
	const char *line = cdma_text_str(&all);

	*report = (struct cdma_text){0};
	while (*line) {
		size_t len = strcspn(line, "\n") + 1;

		for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
			if (!strncmp(line, kept[i], strlen(kept[i])))
				cdma_text_addn(report, line, len);
		line += len;
	}
	cdma_text_fini(&all);
}

static int too_long(const struct cmd *cmd, const char *path)
{
	struct cdma_text why = {0};

	cdma_text_addf(&why,
		       "a function has more than %d accesses and barriers, or "
		       "more than %u ways through it",
		       PATH_EVENTS_MAX, PATHS_MAX);
	complain("%s: %s", path, why.at);
	litmus_say_refused(cmd->output, path, why.at);
	cdma_text_fini(&why);
	return STATUS_USAGE;
}

static void say(const struct cmd *cmd, const char *path,
		const struct verdict *verdict, int status,
		const struct cdma_text *text)
{
	struct cdma_text line = {0};

	cdma_text_addf(
		&line, "%s: %llu of %llu executions",
		verdict_observation(verdict),
		(unsigned long long)verdict->positive,
		(unsigned long long)(verdict->positive + verdict->negative));
	litmus_say(cmd->output, &(struct litmus_said){
					.file = path,
					.name = verdict->test->name,
					.status = status,
					.line = line.at,
					.text = cdma_text_str(text),
				});
	cdma_text_fini(&line);
}

static int run_test(const struct cmd *cmd, const char *path,
		    const struct litmus *test, bool is_short,
		    struct tally *tally)
{
	static const int status[] = {
		[VERDICT_AGREES] = STATUS_OK,
		[VERDICT_DIFFERS] = STATUS_DIFFERS,
		[VERDICT_UNDECIDED] = STATUS_INCONCLUSIVE,
		[VERDICT_WRONG] = STATUS_USAGE,
	};
	struct verdict_options options = {
		.executions =
			cmd->set.schedules ? cmd->set.schedules : UINT64_MAX,
		.is_over = is_over,
		.aux = tally,
		.graphs = cmd->set.dot ? &tally->graphs : NULL,
	};
	struct cdma_text out = {0}, rules = {0};
	struct verdict verdict;
	enum verdict_end end;
	bool is_cut = false;

	verdict_find(&verdict, test, &options);
	if (verdict.is_too_long) {
		verdict_fini(&verdict);
		tally->refused++;
		return too_long(cmd, path);
	}
	if (test->has_device)
		litmus_rules_add_flags(
			&rules, litmus_rules_findings(test, &options, &is_cut));
	verdict_add_report(&out, &verdict, cdma_text_str(&rules));
	end = verdict_judge(&out, &verdict);
	if (cmd->set.dot && !verdict.positive)
		cdma_text_addf(&tally->graphs,
			       "// %s: the condition never holds\n",
			       test->name);
	if (verdict.is_cut || is_cut)
		add_end(&out, tally);
	tally->ends[end]++;
	if (is_short)
		shorten(&out);
	say(cmd, path, &verdict, status[end], &out);
	cdma_text_fini(&out);
	cdma_text_fini(&rules);
	verdict_fini(&verdict);
	return litmus_bad_io(cmd->output) ? STATUS_IO : status[end];
}

static int run_file(const struct cmd *cmd, const char *path, bool is_short,
		    struct tally *tally)
{
	struct diag *diag = diag_new(terminal_colour(stderr, cmd->set.color));
	struct litmus *test = parse(path, diag);
	int status = STATUS_USAGE;

	if (test) {
		status = run_test(cmd, path, test, is_short, tally);
	} else {
		tally->refused++;
		blame(diag);
		litmus_say_mistakes(cmd->output, path, diag);
	}
	litmus_free(test);
	diag_free(diag);
	return status;
}

/* The statuses, from what matters most. */
int litmus_worse(int a, int b)
{
	static const int order[] = {STATUS_IO, STATUS_USAGE, STATUS_DIFFERS,
				    STATUS_INCONCLUSIVE};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return STATUS_OK;
}

/* A litmus test has no variants, parameters or log, its whole work is small,
 * and it says itself that its memory is weak.  NULL: no such option. */
static const char *option_of_scenarios(const struct settings *set)
{
	const struct {
		const char *name;
		bool is_set;
	} options[] = {
		{"--memory=strong", set->memory == MEMORY_STRONG},
		{"--variant", set->variant},
		{"-D", set->defines.nr},
		{"--fail", set->faults.nr},
		{"--machine", set->machine},
		{"--preemptions", set->preemptions.is_set},
		{"--journal", set->journal},
		{"--shard", set->shard},
		{"--save", set->save},
		{"--log", set->log},
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].is_set)
			return options[i].name;
	return NULL;
}

static void add_sum(const struct cmd *cmd, const struct tally *tally)
{
	struct cdma_text out = {0};
	size_t done = tally->refused;

	for (size_t i = 0; i < VERDICT_ENDS_NR; i++)
		done += tally->ends[i];

	cdma_text_addf(&out,
		       "%zu litmus test%s: %zu as expected, %zu not, %zu "
		       "undecided",
		       tally->nr, tally->nr == 1 ? "" : "s",
		       tally->ends[VERDICT_AGREES],
		       tally->ends[VERDICT_DIFFERS],
		       tally->ends[VERDICT_UNDECIDED]);
	if (tally->nr > done)
		cdma_text_addf(&out, ", %zu not looked at", tally->nr - done);
	if (tally->refused + tally->ends[VERDICT_WRONG])
		cdma_text_addf(&out, ", %zu with mistakes",
			       tally->refused + tally->ends[VERDICT_WRONG]);
	cdma_text_addc(&out, '\n');
	if (cmd->set.quiet && tally->ends[VERDICT_AGREES] == tally->nr)
		cdma_text_fini(&out);
	else
		litmus_say_sum(cmd->output, &out);
}

/* Whether @dir has scenarios, or nothing at all for anybody to complain of. */
static bool is_for_others(const char *dir, bool has_tests)
{
	struct paths scenarios = {0};
	bool has_some =
		select_add_below(&scenarios, dir, ".dma") || scenarios.nr;

	select_fini(&scenarios);
	return has_some || !has_tests;
}

/* Gather the tests, and keep in @cmd what is not for us alone. */
static int gather(struct cmd *cmd, struct paths *tests, size_t *named)
{
	const char *option = option_of_scenarios(&cmd->set);
	struct words *words = &cmd->set.operands;
	size_t kept = 0;

	for (size_t i = 0; i < words->nr; i++) {
		const char *operand = words->at[i];
		size_t before = tests->nr;

		if (select_is_dir(operand)) {
			if (!option &&
			    select_add_below(tests, operand, LITMUS_ENDING))
				return STATUS_IO;
			if (!is_for_others(operand, tests->nr > before))
				continue;
		} else if (select_ends(operand, LITMUS_ENDING)) {
			*cdma_vec_push(tests) = cdma_xstrdup(operand);
			++*named;
			continue;
		}
		words->at[kept++] = operand;
	}
	words->nr = kept;
	if (!option || !*named)
		return STATUS_OK;
	complain("%s: means nothing to a litmus test", option);
	return STATUS_USAGE;
}

static int run_tests(const struct cmd *cmd, const struct paths *tests,
		     bool is_short, struct tally *tally)
{
	int status = STATUS_OK;

	tally->nr = tests->nr;
	interrupt_begin(&tally->interrupt);
	timer_begin(&tally->timer, cmd->set.time);
	for (size_t i = 0; i < tests->nr && status != STATUS_IO; i++) {
		/* What one leaves of its share the others have. */
		tally->share = timer_part(&tally->timer, tests->nr - i);
		tally->is_interrupted |= interrupt_came(&tally->interrupt);
		if (tally->is_interrupted) {
			status = litmus_worse(status, STATUS_INCONCLUSIVE);
			break;
		}
		status = litmus_worse(
			status, run_file(cmd, tests->at[i], is_short, tally));
		if (cmd->set.fail_fast &&
		    (status == STATUS_DIFFERS || status == STATUS_USAGE))
			break;
	}
	if (tally->nr > 1)
		add_sum(cmd, tally);
	/* With what has come it ends here. */
	if (tally->is_interrupted)
		litmus_say_end(cmd->output, status);
	interrupt_end(&tally->interrupt);
	return status;
}

/* Returns: @status, or STATUS_IO after a message. */
static int write_graphs(const char *path, struct tally *tally, int status)
{
	FILE *file = path ? fopen(path, "w") : NULL;
	bool ok = !path || file;

	if (file) {
		fputs(cdma_text_str(&tally->graphs), file);
		ok = !ferror(file);
		ok &= !fclose(file);
	}
	if (!ok)
		complain("%s: %s", path, strerror(errno));
	cdma_text_fini(&tally->graphs);
	return ok ? status : STATUS_IO;
}

int litmus_explore(struct cmd *cmd, bool *more)
{
	bool had_operands = cmd->set.operands.nr > 0;
	struct paths tests = {0};
	struct tally tally = {0};
	size_t named = 0;
	int status = gather(cmd, &tests, &named);
	bool is_refused = status != STATUS_OK;
	bool is_short = named < tests.nr && !cmd->set.verbose;

	*more = !is_refused && (!had_operands || cmd->set.operands.nr);
	if (!is_refused && tests.nr)
		status = write_graphs(cmd->set.dot, &tally,
				      run_tests(cmd, &tests, is_short, &tally));
	*more &= !tally.is_interrupted &&
		 !(cmd->set.fail_fast &&
		   (status == STATUS_DIFFERS || status == STATUS_USAGE));
	select_fini(&tests);
	return status;
}
