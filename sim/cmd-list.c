/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "load.h"
#include "report/report.h"
#include "select.h"

#include "base/text.h"

#include <errno.h>

static void add_expects(struct cdma_text *out, const struct program *program)
{
	if (!program->expects.nr)
		cdma_text_add(out, "nothing");
	for (size_t i = 0; i < program->expects.nr; i++) {
		cdma_text_add(out, i ? "; " : "");
		report_expect(out, &program->expects.at[i]);
	}
}

/* The file, and a line for each variant. */
static void add_file(struct cdma_text *out, const char *path,
		     const struct loaded *loaded)
{
	const struct program *program = loaded->nr ? loaded->programs[0] : NULL;

	if (!program)
		return;
	cdma_text_addf(out, "%s: %s", path, program->name);
	if (program->title)
		cdma_text_addf(out, ", %s", program->title);
	cdma_text_addc(out, '\n');
	for (size_t i = 0; i < loaded->nr; i++) {
		program = loaded->programs[i];
		cdma_text_addf(out, "    %-12s ", program->variant);
		add_expects(out, program);
		cdma_text_addc(out, '\n');
	}
}

static int list_files(struct cmd *cmd, struct cdma_text *out)
{
	struct paths paths = {0};
	int status = operands_select(cmd, &paths);
	bool bad = false;

	for (size_t i = 0; status == STATUS_OK && i < paths.nr; i++) {
		struct loaded loaded;

		bad |= load_file(paths.at[i], &cmd->set, &loaded) != 0;
		add_file(out, paths.at[i], &loaded);
		loaded_fini(&loaded);
	}
	select_fini(&paths);
	if (status != STATUS_OK)
		return status;
	if (bad)
		return STATUS_USAGE;
	return out->len ? STATUS_OK : STATUS_NOTHING;
}

static void add_findings(struct cdma_text *out)
{
	for (unsigned int id = 0; id < CDMA_FINDING_NR; id++)
		cdma_text_addf(out, "%-18s %s\n", cdma_finding_name(id),
			       cdma_finding_summary(id));
}

/* "-EINVAL" stands for what is meant when a plan says nothing. */
static void add_site(struct cdma_text *out, enum cdma_fault_site site)
{
	struct cdma_text errnos = {0};

	if (cdma_fault_is_device(site))
		cdma_text_addc(&errnos, '-');
	else
		program_add_error(&errnos, cdma_fault_default(site));
	if (cdma_fault_is_legal(site, -EPERM))
		cdma_text_add(&errnos, ", any");
	cdma_text_addf(out, "%-18s %-13s %s", cdma_fault_name(site),
		       cdma_text_str(&errnos), cdma_fault_where(site));
	if (cdma_fault_has_byte(site))
		cdma_text_add(out, ", as a whole or at a field");
	cdma_text_addf(out, "\n%-18s %-13s %s: %s\n", "", "",
		       cdma_fault_is_device(site) ? "then" : "left behind",
		       cdma_fault_left(site));
	cdma_text_fini(&errnos);
}

static void add_sites(struct cdma_text *out)
{
	for (int site = 0; site < CDMA_FAULT_CALLS; site++)
		add_site(out, (enum cdma_fault_site)site);
	cdma_text_addf(out, "%-18s %-13s each of them, counted together\n",
		       cdma_fault_name(CDMA_FAULT_ANY), "as it does");
	cdma_text_add(
		out, "\nas the kernel decides it, as in `fail dma_alloc, "
		     "probability=10, times=-1;'\n"
		     "probability        0             percent of those that "
		     "come so far\n"
		     "interval           1             every so many of them "
		     "go on\n"
		     "times              1             how many fail at most; "
		     "-1: any number\n"
		     "space              0             bytes of calls that are "
		     "let through first\n"
		     "fail_nth           0             this one fails, "
		     "whatever the others say\n");
	cdma_text_add(out, "\nof a device, as in `fault nic drop write #3;'\n");
	for (int site = CDMA_FAULT_CALLS; site < CDMA_FAULT_NR; site++)
		add_site(out, (enum cdma_fault_site)site);
}

static int list(struct cmd *cmd)
{
	struct cdma_text text = {0};
	int status = STATUS_OK;

	if (cmd->set.findings)
		add_findings(&text);
	else if (cmd->set.sites)
		add_sites(&text);
	else
		status = list_files(cmd, &text);
	if (status == STATUS_NOTHING)
		complain("there is no such scenario or variant");
	if (print_text(&text))
		status = STATUS_IO;
	cdma_text_fini(&text);
	return status;
}

static const struct example examples[] = {
	{"list scenarios/", "All scenarios, and what they expect."},
	{"list --variant='fixed*' scenarios/", "Those that have a fix."},
	{"list --findings", "The kinds of finding."},
	{"list --faults", "Where a call can be made to fail, and how."},
	{NULL, NULL},
};

const struct command cmd_list = {
	.name = "list",
	.bit = CMD_LIST,
	.operands = "FILE|DIR...",
	.summary = "list scenarios, their variants and what they expect",
	.about = "List scenarios, their variants and what they expect; or, "
		 "with --findings, what cdmasim can find; or, with --faults, "
		 "what it can let fail.",
	.examples = examples,
	.run = list,
};
