/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/text.h"

static int version(struct cmd *cmd)
{
	struct cdma_text text = {0};
	int status;

	cdma_text_add(&text, "cdmasim " PACKAGE_VERSION "\n");
	status = print_text(&text);
	cdma_text_fini(&text);
	return status;
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
