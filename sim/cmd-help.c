/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "usage.h"

static int help(struct cmd *cmd)
{
	const struct command *about;
	struct cdma_text text = {0};
	int status = STATUS_OK;

	if (cmd->set.man) {
		usage_man(&text, cmd->commands);
	} else if (cmd->set.completion) {
		usage_bash(&text, cmd->commands);
	} else if (!cmd->set.operands.nr) {
		usage_program(&text, cmd->commands);
	} else {
		about = command_find(cmd->commands, cmd->set.operands.at[0]);
		if (about)
			usage_command(&text, about);
		else
			status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		status = print_text(&text);
	cdma_text_fini(&text);
	return status;
}

static const struct example examples[] = {
	{"help run",
	 "The options of cdmasim run; so does 'cdmasim run --help'."},
	{NULL, NULL},
};

const struct command cmd_help = {
	.name = "help",
	.bit = CMD_HELP,
	.operands = "[COMMAND]",
	.summary = "explain the program, or a command",
	.about = "Explain a command, or without one list them all.",
	.examples = examples,
	.run = help,
};
