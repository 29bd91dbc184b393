/* SPDX-License-Identifier: MIT */
#include "usage.h"

/* @text with what roff would read as commands escaped. */
static void roff(struct cdma_text *out, const char *text)
{
	for (; *text; text++) {
		if (text[0] == '\n' && text[1] == '\n') {
			cdma_text_add(out, "\n.PP\n");
			text++;
		} else if (*text == '\\') {
			cdma_text_add(out, "\\e");
		} else if (*text == '-') {
			cdma_text_add(out, "\\-");
		} else if (*text == '.' || *text == '\'') {
			cdma_text_addf(out, "\\&%c", *text);
		} else {
			cdma_text_addc(out, *text);
		}
	}
}

/* ".B text" and the like. */
static void line(struct cdma_text *out, const char *request, const char *text)
{
	cdma_text_addf(out, "%s", request);
	roff(out, text);
	cdma_text_addc(out, '\n');
}

static void option(struct cdma_text *out, const struct opt *opt)
{
	cdma_text_add(out, ".TP\n\\fB");
	if (opt->letter)
		cdma_text_addf(out, "\\-%c\\fR, \\fB", opt->letter);
	cdma_text_add(out, "\\-\\-");
	roff(out, opt->name);
	if (opt->arg) {
		cdma_text_add(out, "\\fR=\\fI");
		roff(out, opt->arg);
	}
	cdma_text_add(out, "\\fR\n");
	line(out, "", opt->help);
}

/* Options that only some commands take. */
static bool is_own(const struct opt *opt, const struct command *command)
{
	return opt->help[0] && opt->commands != CMD_ALL &&
	       opt->commands & command->bit;
}

static void command(struct cdma_text *out, const struct command *command)
{
	const struct opt *opt;

	cdma_text_addf(out, ".SS \"cdmasim %s [OPTION...]%s%s\"\n",
		       command->name, command->operands[0] ? " " : "",
		       command->operands);
	line(out, "", command->about);
	for (size_t i = 0; (opt = options_at(i)); i++)
		if (is_own(opt, command))
			option(out, opt);
}

static void examples(struct cdma_text *out,
		     const struct command *const *commands)
{
	cdma_text_add(out, ".SH EXAMPLES\n");
	for (; *commands; commands++)
		for (const struct example *ex = (*commands)->examples; ex->line;
		     ex++) {
			line(out, ".TP\n.B cdmasim ", ex->line);
			line(out, "", ex->what);
		}
}

static void environment(struct cdma_text *out)
{
	cdma_text_add(
		out,
		".SH ENVIRONMENT\n"
		".TP\n.B NO_COLOR\nWhen not empty, no colour.\n"
		".TP\n.BR CLICOLOR_FORCE ,\\  FORCE_COLOR\n"
		"When not empty and not 0, colour even where the output is not "
		"a "
		"terminal.\n.TP\n.B COLUMNS\n"
		"How wide the terminal is, when it does not say so itself.\n"
		".PP\n.B \\-\\-color\nwins over all of them.\n");
}

void usage_man(struct cdma_text *out, const struct command *const *commands)
{
	const struct opt *opt;

	cdma_text_add(
		out,
		".\\\" SPDX-License-Identifier: MIT\n"
		".TH CDMASIM 1 \"\" \"cdmasim " PACKAGE_VERSION "\" "
		"\"User Commands\"\n.SH NAME\n"
		"cdmasim \\- reproduce the DMA bugs of device drivers\n"
		".SH SYNOPSIS\n.B cdmasim\n"
		".I COMMAND\n[\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n"
		".SH DESCRIPTION\n"
		"A scenario describes devices, DMA buffers, CPU threads and "
		"device engines.\ncdmasim runs them against each other over "
		"simulated coherent memory, logs every access,\nand reports "
		"what "
		"is wrong.\n.SH COMMANDS\n");
	for (const struct command *const *c = commands; *c; c++)
		command(out, *c);
	cdma_text_add(out, ".SH OPTIONS OF ALL COMMANDS\n");
	for (size_t i = 0; (opt = options_at(i)); i++)
		if (opt->commands == CMD_ALL && opt->help[0])
			option(out, opt);
	cdma_text_add(
		out,
		".PP\nIn the names of options, _ and \\- are the same. \\-\\- "
		"ends the options.\n.SH EXIT STATUS\n");
	for (unsigned int i = 0; usage_status(i); i++) {
		cdma_text_addf(out, ".TP\n.B %u\n", i);
		line(out, "", usage_status(i));
	}
	environment(out);
	examples(out, commands);
}
