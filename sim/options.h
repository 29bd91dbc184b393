/* SPDX-License-Identifier: MIT */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

/*
 * Options: what can be said on the command line, in one table.
 *
 * The parser, --help, the man page and the completion of the shell all read
 * the table and nothing else.  A line of it names the sub-commands that take
 * the option and the member of struct settings that it sets.
 *
 * In names, '_' and '-' are the same.  Options and operands may be mixed; "--"
 * ends the options, and "-" alone is an operand.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Sub-commands, as a set of bits; the table of them is in main.c. */
#define CMD_RUN     (1u << 0)
#define CMD_EXPLORE (1u << 1)
#define CMD_REPLAY  (1u << 2)
#define CMD_CHECK   (1u << 3)
#define CMD_FMT     (1u << 4)
#define CMD_LIST    (1u << 5)
#define CMD_SHOW    (1u << 6)
#define CMD_EXPLAIN (1u << 7)
#define CMD_HELP    (1u << 8)
#define CMD_VERSION (1u << 9)
#define CMD_MERGE   (1u << 10)
#define CMD_NEW     (1u << 11)
#define CMD_DEBUG   (1u << 12)
#define CMD_NATIVE  (1u << 13)
#define CMD_ALL     ((1u << 14) - 1)

/* Those that load what is in C. */
#define CMD_LOADS (CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_CHECK | CMD_DEBUG)

/* Beside them: the option makes no difference to what is run. */
#define OPT_ASIDE (1u << 31)

enum opt_kind {
	OPT_FLAG,   /* bool */
	OPT_COUNT,  /* unsigned int: how often it was given */
	OPT_NUMBER, /* uint64_t: decimal, 0x or 0b, with _ between digits */
	OPT_LIMIT,  /* struct limit: a number, where 0 is one, too */
	OPT_TEXT,   /* const char * */
	OPT_TIME,   /* uint64_t, ns: a number with ms, s, m or h; s without */
	OPT_SIZE,   /* uint64_t: bytes, or a number with K, M, G or T */
	OPT_CHOICE, /* unsigned int: which word of arg, "a|b|c", from 0 */
	OPT_LIST,   /* struct words: every text that was given, in order */
};

struct opt {
	const char *name; /* long, spelt with '-' */
	char letter;      /* 0: none */
	enum opt_kind kind;
	const char *arg;       /* what its argument is called; NULL: none */
	unsigned int commands; /* CMD_*: who takes it */
	size_t offset;         /* of the member of struct settings */
	uint64_t min;          /* OPT_NUMBER: the least that makes sense */
	const char *help;      /* a sentence; "": not in any help */
};

struct words {
	const char **at; /* owned; the texts are borrowed from argv */
	size_t nr, room;
};

struct limit {
	bool is_set;
	uint64_t nr;
};

/* What a replay does when the scenario does not fit. */
enum go_on { GO_ON_NOT, GO_ON_FIRST, GO_ON_RANDOM };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* What the command line said; all zero is what it is without options. */
struct settings {
	bool help, check, findings, sites, man, completion, fail_fast;
	bool strict_volatile, strict_windows, strict_plain, quiet;
	bool threads;
	bool again;
	unsigned int verbose;
	unsigned int color;      /* enum when */
	unsigned int memory;     /* enum run_memory */
	unsigned int contract;   /* enum cdma_contract */
	unsigned int fault_mode; /* enum fault_mode */
	uint64_t seed;           /* 0: not said */
	uint64_t schedules;      /* 0: not said */
	uint64_t first;          /* schedule */
	uint64_t steps;          /* of a run; 0: not said */
	uint64_t width;          /* columns; 0: not said */
	uint64_t time;           /* ns; 0: not said */
	uint64_t runs;           /* 0: not said */
	uint64_t duration;       /* ns; 0: not said */
	uint64_t memory_limit;   /* bytes; 0: not said */
	struct limit preemptions;
	const char *variant, *log, *save, *html, *svg, *coverage, *dot;
	const char *from;
	const char *strategy, *schedule, *machine;
	const char *journal, *shard;
	const char *cache, *kernel;
	uint64_t jobs;      /* 0: not said */
	unsigned int go_on; /* enum go_on */
	struct words defines, faults, includes, formats;
	struct words operands;
	struct cdma_text
		input; /* what the operand "-" stands for; see load.h */
};

/* Whether --machine=each was said. */
bool settings_on_each(const struct settings *set);

/* Option number @i, from 0, in the order of the help; NULL after the last. */
const struct opt *options_at(size_t i);

/* What the argument of @opt may be, "a|b|c"; NULL: there is no list. */
const char *option_choices(const struct opt *opt);

/*
 * Read the command line of one sub-command.
 *
 * @command: its bit.
 * @argv:    without the program and the sub-command; NULL after the last.
 * @set:     all zero; settings_fini() it in any case.
 * @err:     what is wrong is added here, without a line end.
 *
 * Errors: -EINVAL  @err says why.
 */
int options_parse(unsigned int command, char *const *argv, struct settings *set,
		  struct cdma_text *err);

void settings_fini(struct settings *set);

/* A command line in parts, without the program and the sub-command. */
struct option_words {
	char **at; /* owned, and the words too */
	size_t nr, room;
};

/* What of @set makes a difference to what is run, in the order of the table,
 * so that the same work is called the same.  Owns: the caller. */
struct option_words options_words(unsigned int command,
				  const struct settings *set);
void option_words_fini(struct option_words *words);

/* The number that @text is, as OPT_NUMBER reads it.  Errors: -EINVAL. */
int number_parse(const char *text, uint64_t *out);

#endif /* SIM_OPTIONS_H */
