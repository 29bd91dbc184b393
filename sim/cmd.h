/* SPDX-License-Identifier: MIT */
#ifndef SIM_CMD_H
#define SIM_CMD_H

/*
 * Command: a sub-command of cdmasim.
 *
 * To add one: a file cmd-x.c with a `const struct command cmd_x`, a bit in
 * options.h, its options in the table there, and a line in main.c.
 *
 * What a command prints as its result goes to stdout, what it says about
 * itself to stderr.
 */

#include "options.h"

/* Exit statuses.  66 is ThreadSanitizer's, 77 and 99 are Automake's. */
enum status {
	STATUS_OK = 0,
	STATUS_DIFFERS = 1,      /* not as expected */
	STATUS_USAGE = 2,        /* or a mistake in a scenario */
	STATUS_INCONCLUSIVE = 3, /* a bound was reached */
	STATUS_IO = 4,
	STATUS_NOTHING = 5, /* no scenario or variant was selected */
};

struct example {
	const char *line; /* without "cdmasim" */
	const char *what;
};

struct output;

struct cmd {
	const struct command *self;
	const struct command *const *commands; /* all; NULL after the last */
	struct settings set;
	struct output *output; /* where results go */
};

struct command {
	const char *name;
	unsigned int bit;
	const char *operands; /* what follows the options; "" for nothing */
	const char *summary;  /* one line, without a full stop */
	/* Paragraphs, separated by "\n\n", in plain text. */
	const char *about;
	const struct example *examples; /* ends with a NULL line */
	/* Returns enum status. */
	int (*run)(struct cmd *cmd);
};

extern const struct command cmd_run;
extern const struct command cmd_explore;
extern const struct command cmd_replay;
extern const struct command cmd_merge;
extern const struct command cmd_new;
extern const struct command cmd_check;
extern const struct command cmd_fmt;
extern const struct command cmd_list;
extern const struct command cmd_debug;
extern const struct command cmd_native;
extern const struct command cmd_show;
extern const struct command cmd_explain;
extern const struct command cmd_help;
extern const struct command cmd_version;

/* The commit that it was built from; "" where that is not known. */
extern const char cmd_commit[];

/* The command called @name, or NULL after saying on stderr that there is none
 * and what it may have been. */
const struct command *command_find(const struct command *const *commands,
				   const char *name);

struct campaign_options;
struct cdma_text;
struct partition;
struct parts;
struct paths;

/* Where a command that runs scenarios gets their schedules from. */
struct search {
	/* Prepare @options for one variant.  Returns what end() takes.  Both
	 * NULL: random schedules. */
	void *(*begin)(const struct settings *set,
		       struct campaign_options *options);
	void (*end)(void *state);

	/* How it is cut into cases; NULL: it cannot be. */
	const struct partition *partition;
	bool covers;        /* all that can be told apart */
	uint64_t schedules; /* when nobody says how many */
};

/*
 * Explore the litmus tests among the operands, and take out the operands that
 * stand for nothing else.  In a directory they are left out where an option is
 * for scenarios only.
 *
 * Returns: a status; *more: whether operands are left.
 */
int litmus_explore(struct cmd *cmd, bool *more);

/* The one of two statuses that matters more. */
int litmus_worse(int a, int b);

/* How `cdmasim explore' looks for schedules. */
const struct search *explore_search(const struct cmd *cmd);

/* Run the operands as `cdmasim run' does. */
int run_scenarios(struct cmd *cmd, const struct search *search);

/* The same without running: what the journals have.  @cmd: what they are of. */
int run_known(struct cmd *cmd, struct parts *parts);

/* Print @text on stdout and see that it arrives.  STATUS_OK, or STATUS_IO after
 * a message; there is none when the reader of a pipe has gone. */
int print_text(const struct cdma_text *text);

/* The scenario files that the operands name, of which there must be one.
 * STATUS_OK, or another status after a message. */
int operands_select(const struct cmd *cmd, struct paths *out);

/* Say on stderr, after "cdmasim: ", what is wrong; format as printf's. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* SIM_CMD_H */
