/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/text.h"

static int version(struct cmd *cmd)
{
	struct cdma_text text = {0};
	int status;

	cdma_text_add(&text, "cdmasim " PACKAGE_VERSION);
	if (*cmd_commit)
		cdma_text_addf(&text, " (%s)", cmd_commit);
	cdma_text_addc(&text, '\n');
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
	.about = "Print the version of cdmasim, and the commit that it was "
		 "built "
		 "from, where that is known.",
	.examples = examples,
	.run = version,
};
