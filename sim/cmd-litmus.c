/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "litmus/run.h"
#include "script/script.h"
#include "terminal.h"

#include <stdio.h>
#include <string.h>

static bool is_litmus(const char *path)
{
	size_t len = strlen(path);

	return len > 7 && !strcmp(path + len - 7, ".litmus");
}

/* The test as a program; NULL when there was an error. */
static struct program *translate(const struct litmus *test, struct diag *diag)
{
	static const struct script_options options = {0};
	struct script *script = script_parse(test->name, test->text.at,
					     test->text.len, &options, diag);
	struct unit *unit = script ? script_resolve(script, 0, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;

	unit_free(unit);
	script_free(script);
	return program;
}

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

static int run_program(const struct cmd *cmd, const struct litmus *test,
		       const struct program *program)
{
	static const int status[] = {
		[LITMUS_AGREES] = STATUS_OK,
		[LITMUS_DIFFERS] = STATUS_DIFFERS,
		[LITMUS_UNDECIDED] = STATUS_INCONCLUSIVE,
		[LITMUS_WRONG] = STATUS_USAGE,
	};
	struct litmus_options options = {
		.executions =
			cmd->set.schedules ? cmd->set.schedules : UINT64_MAX,
	};
	struct cdma_text out = {0};
	enum litmus_end end = litmus_run(test, program, &options, &out);
	int failed = print_text(&out);

	cdma_text_fini(&out);
	return failed ? failed : status[end];
}

static int run_test(const struct cmd *cmd, const char *path)
{
	struct diag *diag = diag_new(terminal_colour(stderr, cmd->set.color));
	struct litmus *test = parse(path, diag);
	struct program *program = test ? translate(test, diag) : NULL;
	int status = STATUS_USAGE;

	if (program)
		status = run_program(cmd, test, program);
	else
		blame(diag);
	program_free(program);
	litmus_free(test);
	diag_free(diag);
	return status;
}

bool litmus_is_meant(const struct cmd *cmd)
{
	for (size_t i = 0; i < cmd->set.operands.nr; i++)
		if (is_litmus(cmd->set.operands.at[i]))
			return true;
	return false;
}

/* The statuses, from what matters most. */
static int worse(int a, int b)
{
	static const int order[] = {STATUS_IO, STATUS_USAGE, STATUS_DIFFERS,
				    STATUS_INCONCLUSIVE};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return STATUS_OK;
}

/* A litmus test has no variants, parameters or log, and says itself that its
 * memory is weak. */
static int refuse_options(const struct cmd *cmd)
{
	const struct settings *set = &cmd->set;
	const char *option = NULL;

	if (set->memory == MEMORY_STRONG)
		option = "--memory=strong";
	else if (set->variant)
		option = "--variant";
	else if (set->defines.nr)
		option = "-D";
	else if (set->preemptions.is_set)
		option = "--preemptions";
	else if (set->log)
		option = "--log";
	if (!option)
		return STATUS_OK;
	complain("%s: means nothing to a litmus test", option);
	return STATUS_USAGE;
}

int litmus_explore(const struct cmd *cmd)
{
	const struct words *operands = &cmd->set.operands;
	int status = refuse_options(cmd);

	if (status)
		return status;
	for (size_t i = 0; i < operands->nr; i++)
		if (!is_litmus(operands->at[i])) {
			complain("%s: is no litmus test; explore it alone",
				 operands->at[i]);
			return STATUS_USAGE;
		}
	for (size_t i = 0; i < operands->nr && status != STATUS_IO; i++)
		status = worse(status, run_test(cmd, operands->at[i]));
	return status;
}
