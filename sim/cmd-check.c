/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "load.h"
#include "output.h"
#include "select.h"

#include "base/text.h"

/* Whether the file is right; adds its variants to *@variants. */
static bool check_file(struct cmd *cmd, const char *path, size_t *variants)
{
	struct loaded loaded;
	bool ok = !load_file(path, &cmd->set, &loaded);

	output_result(
		cmd->output,
		ok ? report_result_new(REPORT_FILE, VERDICT_EXPECTED, path)
		   : mistakes_result(path, &loaded));
	cmd->output->total.files++;
	cmd->output->total.wrong += !ok;
	*variants += loaded.nr;
	loaded_fini(&loaded);
	return ok;
}

static int check(struct cmd *cmd)
{
	struct paths paths = {0};
	struct cdma_text text = {0};
	int status = operands_select(cmd, &paths);
	size_t nr = 0, variants = 0, bad = 0;

	for (size_t i = 0; status != STATUS_IO && i < paths.nr; i++) {
		if (bad && cmd->set.fail_fast)
			break;
		nr++;
		bad += !check_file(cmd, paths.at[i], &variants);
	}
	if (status == STATUS_OK && !nr) {
		complain("there is no scenario");
		status = STATUS_NOTHING;
	}
	if (status == STATUS_OK && bad)
		status = STATUS_USAGE;
	if (status == STATUS_OK && !cmd->set.quiet) {
		cdma_text_addf(&text, "%zu file%s, %zu variant%s: ok\n", nr,
			       nr == 1 ? "" : "s", variants,
			       variants == 1 ? "" : "s");
		output_say(cmd->output, &text);
	}
	cdma_text_fini(&text);
	select_fini(&paths);
	return status;
}

static const struct example examples[] = {
	{"check driver.dma", "Look for mistakes; run nothing."},
	{"check -q scenarios/", "Say nothing when there is none."},
	{NULL, NULL},
};

const struct command cmd_check = {
	.name = "check",
	.bit = CMD_CHECK,
	.operands = "FILE|DIR...",
	.summary = "check scenarios without running them",
	.about = "Read the scenarios and check names, types and expectations "
		 "of every variant, but run nothing.",
	.examples = examples,
	.run = check,
};
