/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include "base/macros.h"
#include "report/fold.h"

/* Where the explanations of options begin. */
#define HELP_AT 28

static const char *const statuses[] = {
	[STATUS_OK] = "everything is as expected",
	[STATUS_DIFFERS] = "a verdict differs from what the scenario expects",
	[STATUS_USAGE] = "a mistake on the command line or in a scenario",
	[STATUS_INCONCLUSIVE] =
		("inconclusive: a bound was reached, or nothing "
		 "happened"),
	[STATUS_IO] = "input or output failed, or memory ran out",
	[STATUS_NOTHING] = "no scenario or variant was selected",
};

const char *usage_status(unsigned int status)
{
	return status < ARRAY_SIZE(statuses) ? statuses[status] : NULL;
}

static void add_option(struct cdma_text *out, const struct opt *opt)
{
	if (opt->letter)
		cdma_text_addf(out, "  -%c, ", opt->letter);
	else
		cdma_text_add(out, "      ");
	cdma_text_addf(out, "--%s", opt->name);
	if (opt->arg)
		cdma_text_addf(out, "=%s", opt->arg);
	if (fold_column(out) + 2 > HELP_AT)
		cdma_text_addc(out, '\n');
	fold(out, opt->help, HELP_AT);
}

void usage_command(struct cdma_text *out, const struct command *command)
{
	const struct opt *opt;

	cdma_text_addf(out, "usage: cdmasim %s [OPTION...]%s%s\n\n",
		       command->name, command->operands[0] ? " " : "",
		       command->operands);
	fold(out, command->about, 0);
	cdma_text_add(out, "\noptions:\n");
	for (size_t i = 0; (opt = options_at(i)); i++)
		if (opt->commands & command->bit && opt->help[0])
			add_option(out, opt);
	cdma_text_add(out, "\nexamples:\n");
	for (const struct example *ex = command->examples; ex->line; ex++) {
		cdma_text_addf(out, "  cdmasim %s\n", ex->line);
		fold(out, ex->what, 6);
	}
}

void usage_program(struct cdma_text *out, const struct command *const *commands)
{
	cdma_text_add(
		out,
		"usage: cdmasim COMMAND [OPTION...] [OPERAND...]\n\n"
		"Reproduce the DMA bugs of device drivers: run scenarios, and "
		"report what is wrong.\n\ncommands:\n");
	for (; *commands; commands++)
		cdma_text_addf(out, "  %-9s %s\n", (*commands)->name,
			       (*commands)->summary);
	cdma_text_add(
		out,
		"\n'cdmasim COMMAND --help' has the options of a command and "
		"examples.\n\nexit status:\n");
	for (unsigned int i = 0; usage_status(i); i++)
		cdma_text_addf(out, "  %u  %s\n", i, usage_status(i));
}
