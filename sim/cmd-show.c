/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "terminal.h"
#include "report/timeline.h"

#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_trace(const char *dir)
{
	struct cdma_text path = {0};
	bool yes;

	cdma_text_addf(&path, "%s/metadata", dir);
	yes = !access(path.at, F_OK);
	cdma_text_fini(&path);
	return yes;
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The traces in the directory @dir, by name; owned. */
struct traces {
	char **at;
	size_t nr, room;
};

static int find_traces(const char *dir, struct traces *out)
{
	struct dirent **entries;
	int nr = scandir(dir, &entries, NULL, compare);

	if (nr < 0)
		return -errno;
	for (int i = 0; i < nr; i++) {
		struct cdma_text path = {0};

		cdma_text_addf(&path, "%s/%s", dir, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && is_trace(path.at))
			*cdma_vec_push(out) = cdma_xstrdup(path.at);
		cdma_text_fini(&path);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static const char *reason(int err)
{
	switch (err) {
	case -ENOENT:
		return "there is no trace";
	case -EPROTONOSUPPORT:
		return "not a trace of this version of cdmasim";
	case -EBADMSG:
		return "the trace is damaged here";
	default:
		return strerror(-err);
	}
}

static int show_trace(const struct cmd *cmd, const char *dir)
{
	const struct timeline_options options = {
		.width = cmd->set.width ? (unsigned int)cmd->set.width
					: terminal_width(stdout),
		.all = cmd->set.verbose,
		.colour = terminal_colour(stdout, cmd->set.color),
	};
	struct cdma_text text = {0};
	int err = timeline_add(&text, dir, &options);
	int status = print_text(&text);

	cdma_text_fini(&text);
	if (!err)
		return status;
	complain("%s: %s", dir, reason(err));
	return STATUS_IO;
}

/* What a run with --log left: the one trace in it, or a list of them. */
static int show_log(const struct cmd *cmd, const char *dir)
{
	struct traces traces = {0};
	struct cdma_text text = {0};
	int err = find_traces(dir, &traces), status = STATUS_IO;

	if (err) {
		complain("%s: %s", dir, strerror(-err));
	} else if (!traces.nr) {
		complain("%s: there is no trace", dir);
	} else if (traces.nr == 1) {
		status = show_trace(cmd, traces.at[0]);
	} else {
		cdma_text_addf(&text, "%s has %zu traces; show one of them:\n",
			       dir, traces.nr);
		for (size_t i = 0; i < traces.nr; i++)
			cdma_text_addf(&text, "  cdmasim show %s\n",
				       traces.at[i]);
		status = print_text(&text);
	}
	cdma_text_fini(&text);
	for (size_t i = 0; i < traces.nr; i++)
		free(traces.at[i]);
	cdma_vec_free(&traces);
	return status;
}

static int show(struct cmd *cmd)
{
	const struct words *words = &cmd->set.operands;

	if (words->nr != 1) {
		complain("show what? say %s", cmd->self->operands);
		return STATUS_USAGE;
	}
	if (is_trace(words->at[0]))
		return show_trace(cmd, words->at[0]);
	return show_log(cmd, words->at[0]);
}

static const struct example examples[] = {
	{"show log", "The trace in log, or the names of those in it."},
	{"show -v --width=160 log/nic_rx.default",
	 "Every event with all that is known of it, in wide columns."},
	{NULL, NULL},
};

const struct command cmd_show = {
	.name = "show",
	.bit = CMD_SHOW,
	.operands = "DIR",
	.summary = "show what cdmasim run --log has written",
	.about = "Print a trace as text, one column a thread, with the source "
		 "lines. \"<-#9\" after a read is the event whose store it "
		 "saw; without one it saw what was there from the start. A "
		 "read that is late also has \"rf #3\": it saw nothing newer "
		 "than event 3, a store or the allocation, although there was "
		 "something newer."
		 "\n\n"
		 "Where the columns would be too narrow to read, there is one, "
		 "and the name of the thread stands before each event.",
	.examples = examples,
	.run = show,
};
