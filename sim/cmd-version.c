/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include <stdio.h>

static int version(struct cmd *cmd)
{
	puts("cdmasim " PACKAGE_VERSION);
	return STATUS_OK;
}

static const struct example examples[] = {
	{"version", "The same as 'cdmasim --version'."},
	{NULL, NULL},
};

const struct command cmd_version = {
	.name = "version",
	.bit = CMD_VERSION,
	.operands = "",
	.summary = "print the version",
	.about = "Print the version of cdmasim.",
	.examples = examples,
	.run = version,
};
