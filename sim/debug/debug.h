/* SPDX-License-Identifier: MIT */
#ifndef DEBUG_DEBUG_H
#define DEBUG_DEBUG_H

/*
 * Debug: steps through one schedule of a variant, both ways, as lines say.
 *
 *	debug.c     the lines, and the table of what they may be
 *	move.c      commands that go somewhere
 *	look.c      commands that print something
 *	walk.h      the schedule and the place in it
 *	stops.h     where going on stops
 *	place.h     "rx[0].len"
 *
 * Whoever starts it says where lines come from and where text goes, so that a
 * terminal, a script and a test are alike.
 */

#include "base/text.h"
#include "debug/stops.h"
#include "debug/walk.h"
#include "picture/shown.h"

struct debug_config {
	const struct program *program;         /* borrowed */
	const struct machine_options *machine; /* borrowed */
	bool colour;

	/* The next line, without its end; NULL: there are no more.  Borrowed
	 * until the next call. */
	const char *(*line)(void *aux, const char *prompt);
	/* Print @text. */
	void (*print)(void *aux, const char *text);
	/* Add the report of finding number @nr, from 0, of @schedule. */
	void (*explain)(void *aux, struct cdma_text *out,
			const struct schedule *schedule,
			const struct cdma_finding *finding);
	/* Write @schedule to the file @path.  Errors: -errno. */
	int (*save)(void *aux, const struct schedule *schedule,
		    const char *path);
	void *aux; /* of all; borrowed */
};

struct debug {
	struct debug_config config;
	struct walk *walk;
	struct stops stops;
	struct shown shown;   /* of the schedule that is walked */
	struct cdma_text out; /* of the command in hand */
	bool is_over;         /* "quit" */
	bool has_failed;      /* some line could not be carried out */
	char *again;          /* the line that an empty one repeats, or NULL */
};

/* What a line may begin with. */
struct debug_command {
	const char *name;
	const char *args; /* "[N]"; "": none */
	const char *help; /* a sentence */
	/* @args: what follows the name, without blanks around it. */
	void (*run)(struct debug *debug, char *args);
	bool repeats; /* an empty line does it again */
};

/* Ends with one whose name is NULL. */
extern const struct debug_command debug_moves[], debug_looks[];

/*
 * Walk @schedule until there are no more lines, or one says "quit".
 *
 * Returns: 0, or -EINVAL when a line could not be carried out, which was said,
 * or the schedule does not fit.
 */
int debug_run(const struct debug_config *config,
	      const struct schedule *schedule);

/* ---- for the commands ---- */

/* Say what is wrong with the line. */
void debug_complain(struct debug *debug, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A count in @args, 1 when it is empty; 0 after saying what is wrong. */
size_t debug_count(struct debug *debug, const char *args);

/* Walk @schedule from now on, and stand at @at.  False after saying why not. */
bool debug_take(struct debug *debug, const struct schedule *schedule,
		size_t at);

/* move.c, look.c: where it stands, what is next, and what was done last. */
void debug_add_position(struct debug *debug);

/* "#21 dma  write rx[0].len: 0x40   29 [i=0] rx[i].len = 64 + i;" */
void debug_add_event(struct debug *debug, const struct trace_event *t);

/* Add "x.dma:29: rx[i].len = 64 + i;". */
void debug_add_site(struct cdma_text *out, const struct cdma_site *site);

#endif /* DEBUG_DEBUG_H */
