/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "starts.h"

#include "base/suggest.h"
#include "base/text.h"
#include "report/report.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The first is what one gets who says nothing. */
#define USUAL "nic-ring"

static void no_kind(const char *name)
{
	struct cdma_suggest near = cdma_suggest_for(name);
	struct cdma_text all = {0};

	for (const struct start *s = starts; s->id; s++) {
		cdma_suggest_offer(&near, s->id);
		cdma_text_addf(&all, "%s%s", all.len ? ", " : "", s->id);
	}
	if (near.best)
		complain("--from: there is no kind '%s'; did you mean '%s'?",
			 name, near.best);
	else
		complain("--from: there is no kind '%s'; there are %s", name,
			 all.at);
	cdma_text_fini(&all);
}

static const struct start *find_start(const char *name)
{
	for (const struct start *s = starts; s->id; s++)
		if (!strcmp(s->id, name))
			return s;
	no_kind(name);
	return NULL;
}

/* The name of a scenario in the file @path: what a name may be of its own. */
static void add_name(struct cdma_text *out, const char *path)
{
	const char *slash = strrchr(path, '/'), *s = slash ? slash + 1 : path;
	size_t len = strcspn(s, ".");

	if (!len || isdigit((unsigned char)*s))
		cdma_text_addc(out, '_');
	for (size_t i = 0; i < len; i++)
		cdma_text_addc(out, isalnum((unsigned char)s[i]) ? s[i] : '_');
}

/* @start, called as the file @path is; NULL: as it is. */
static void add_scenario(struct cdma_text *out, const struct start *start,
			 const char *path)
{
	const char *name = strstr(start->text, "\nscenario ");

	if (!path || !name) {
		cdma_text_add(out, start->text);
		return;
	}
	name += strlen("\nscenario ");
	cdma_text_addn(out, start->text, (size_t)(name - start->text));
	add_name(out, path);
	cdma_text_add(out, name + strcspn(name, " "));
}

static int write_new(const char *path, const struct cdma_text *text)
{
	struct cdma_text said = {0};
	FILE *file = fopen(path, "wxe");
	int err = file ? 0 : errno, status;

	if (file && fwrite(text->at, 1, text->len, file) != text->len)
		err = errno ? errno : EIO;
	if (file && fclose(file) && !err)
		err = errno;
	if (err) {
		complain("%s: %s", path, strerror(err));
		return STATUS_IO;
	}
	cdma_text_addf(&said, "wrote %s; try: cdmasim run ", path);
	report_quoted(&said, path);
	cdma_text_addc(&said, '\n');
	status = print_text(&said);
	cdma_text_fini(&said);
	return status;
}

static int new_scenario(struct cmd *cmd)
{
	const struct words *words = &cmd->set.operands;
	const struct start *start =
		find_start(cmd->set.from ? cmd->set.from : USUAL);
	const char *path = words->nr ? words->at[0] : NULL;
	struct cdma_text text = {0};
	int status;

	if (!start)
		return STATUS_USAGE;
	if (words->nr > 1) {
		complain("new what? say one FILE");
		return STATUS_USAGE;
	}
	if (path && !strcmp(path, "-"))
		path = NULL;
	add_scenario(&text, start, path);
	status = path ? write_new(path, &text) : print_text(&text);
	cdma_text_fini(&text);
	return status;
}

static const struct example examples[] = {
	{"new driver.dma", "A receive ring, to be made your driver's."},
	{"new --from=nvme-queue queue.dma", "Something like an NVMe queue."},
	{"new --from=mailbox", "Print it."},
	{NULL, NULL},
};

const struct command cmd_new = {
	.name = "new",
	.bit = CMD_NEW,
	.operands = "[FILE]",
	.summary = "write a scenario to start from",
	.about =
		"Write a small scenario of a kind that drivers have into FILE, "
		"which must not be there yet, or on standard output. It has "
		"a bug, and a variant with the fix, so that there is something "
		"to see at once: replace its names and statements by those of "
		"your driver, one after the other, and run it in between.",
	.examples = examples,
	.run = new_scenario,
};
