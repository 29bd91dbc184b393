/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "replace.h"
#include "select.h"
#include "terminal.h"

#include "base/text.h"
#include "script/diag.h"
#include "script/fmt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* All of @in.  Errors: -errno. */
static int read_all(FILE *in, struct cdma_text *out)
{
	char buf[4096];
	size_t got;

	while ((got = fread(buf, 1, sizeof(buf), in)))
		cdma_text_addn(out, buf, got);
	return ferror(in) ? -errno : 0;
}

static int read_path(const struct settings *set, const char *path,
		     struct cdma_text *out)
{
	FILE *in;
	int err;

	if (!strcmp(path, "-")) {
		cdma_text_addn(out, cdma_text_str(&set->input), set->input.len);
		return 0;
	}
	in = fopen(path, "r");
	err = in ? read_all(in, out) : -errno;
	if (in)
		fclose(in);
	if (err)
		complain("%s: %s", path, strerror(-err));
	return err;
}

/* Format @from.  False when it is no scenario, after saying why. */
static bool format(const struct settings *set, const char *path,
		   const struct cdma_text *from, struct cdma_text *to)
{
	struct diag *diag = diag_new(terminal_colour(stderr, set->color));
	struct cdma_text text = {0};
	bool good = script_fmt(path, cdma_text_str(from), from->len, diag, to);

	diag_print(diag, &text);
	fputs(cdma_text_str(&text), stderr);
	cdma_text_fini(&text);
	diag_free(diag);
	return good;
}

static bool is_same(const struct cdma_text *a, const struct cdma_text *b)
{
	return a->len == b->len &&
	       !memcmp(cdma_text_str(a), cdma_text_str(b), a->len);
}

static int say_unformatted(const char *path)
{
	struct cdma_text text = {0};
	int status;

	cdma_text_addf(&text, "%s: not formatted\n", path);
	status = print_text(&text);
	cdma_text_fini(&text);
	return status == STATUS_OK ? STATUS_DIFFERS : status;
}

/* What to do with the formatted text of @path. */
static int deliver(const struct settings *set, const char *path,
		   const struct cdma_text *from, const struct cdma_text *to)
{
	int err;

	if (set->check)
		return is_same(from, to) ? STATUS_OK : say_unformatted(path);
	if (!strcmp(path, "-"))
		return print_text(to);
	if (is_same(from, to))
		return STATUS_OK;
	err = replace_file(path, cdma_text_str(to), to->len);
	if (!err)
		return STATUS_OK;
	complain("%s: %s", path, strerror(-err));
	return STATUS_IO;
}

static int fmt_path(const struct settings *set, const char *path)
{
	struct cdma_text from = {0}, to = {0};
	int status = STATUS_IO;

	if (!read_path(set, path, &from))
		status = format(set, path, &from, &to)
				 ? deliver(set, path, &from, &to)
				 : STATUS_USAGE;
	cdma_text_fini(&from);
	cdma_text_fini(&to);
	return status;
}

/* The worst of all files; they are all looked at. */
static int fmt(struct cmd *cmd)
{
	static const int badness[] = {
		[STATUS_OK] = 0,
		[STATUS_DIFFERS] = 1,
		[STATUS_USAGE] = 2,
		[STATUS_IO] = 3,
	};
	struct paths paths = {0};
	int status = operands_select(cmd, &paths);

	if (status == STATUS_OK && !paths.nr) {
		complain("there is no scenario");
		status = STATUS_NOTHING;
	}
	for (size_t i = 0; status != STATUS_NOTHING && i < paths.nr; i++) {
		int one = fmt_path(&cmd->set, paths.at[i]);

		if (badness[one] > badness[status])
			status = one;
	}
	select_fini(&paths);
	return status;
}

static const struct example examples[] = {
	{"fmt driver.dma", "Format the file in place."},
	{"fmt --check scenarios/", "For CI: list what is not formatted."},
	{"fmt - <old.dma >new.dma", "As a filter, for an editor."},
	{NULL, NULL},
};

const struct command cmd_fmt = {
	.name = "fmt",
	.bit = CMD_FMT,
	.operands = "FILE|DIR|-...",
	.summary = "format scenarios",
	.about = "Bring scenarios into the one layout that all of them have, "
		 "in place. Only blanks change. \"-\" formats standard input "
		 "to standard output.",
	.examples = examples,
	.run = fmt,
};
