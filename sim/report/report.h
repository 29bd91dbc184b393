/* SPDX-License-Identifier: MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * Report: says what came of the variants that were run.
 *
 * A format is an ops struct: it gets results (model.h), one by one, and adds to
 * a text what is to be printed; who runs the variants prints it.  To add one: a
 * file with a const instance, a line in REPORTS, and its name in the help of
 * --format.
 *
 * What is said is the same for the same results: no clock, no address.
 */

#include "base/text.h"
#include "report/model.h"
#include "run/campaign.h"

/* Which findings get a report of their own.  Those that nobody expected always
 * do. */
enum report_detail {
	REPORT_UNEXPECTED, /* no other */
	REPORT_ONCE,       /* one of each kind and place */
	REPORT_ALL,
};

struct report_options {
	enum report_detail detail;
	bool quiet; /* no line for a variant that is as expected */
	bool colour;
	struct cdma_text *said; /* of REPORT_ONCE: empty at first; borrowed */
};

/* One variant that was run; all borrowed. */
struct report_variant {
	const char *file; /* as the user named it */
	const struct program *program;
	const char *faults;   /* of a case of them: "dma_alloc #2"; or NULL */
	const char *settings; /* " -Drmb=1", for a command line; or "" */
	const char *strategy; /* as --strategy has it; NULL: not said */
	const char *origin;   /* of a schedule that is replayed, or NULL */
	bool no_lines; /* more runs come, and then it is said who came where */
	const struct campaign_options *options;
	const struct campaign *campaign;
};

/* What all came to. */
struct report_total {
	uint64_t expected, differs, inconclusive, parts; /* variants */
	uint64_t wrong; /* files and variants with mistakes */
	uint64_t files; /* that were checked; no variants are counted then */
	uint64_t litmus[VERDICT_ERROR + 1]; /* tests, by verdict */
	uint64_t schedules, findings;
	bool interrupted;
	bool failed_fast; /* --fail-fast has left out what came later */
	int status;       /* with which the command ends */
};

/* What was asked for: the head of a report. */
struct report_head {
	const char *program; /* "cdmasim 0.1" */
	const char *command; /* "run" */
};

/* A format prints as it goes, or keeps what it needs until the end. */
struct report_ops {
	/* What --format calls it. */
	const char *name;

	/* It says all of findings that are expected, too, and so they are worth
	 * to be simplified and cured. */
	bool tells_all;

	/* What it keeps, and what stands at the head; NULL: nothing.  Owns: the
	 * caller, until end(). */
	void *(*begin)(struct cdma_text *out, const struct report_head *head);

	/* Add what there is to say about @result. */
	void (*result)(struct cdma_text *out, void *state,
		       const struct report_options *options,
		       const struct report_result *result);

	/* Add what there is to say at the end, and free @state. */
	void (*end)(struct cdma_text *out, void *state,
		    const struct report_options *options,
		    const struct report_total *total);
};

#define REPORTS(X)                                                             \
	X(report_text)                                                         \
	X(report_json)                                                         \
	X(report_jsonl)                                                        \
	X(report_tap)                                                          \
	X(report_junit)                                                        \
	X(report_sarif)                                                        \
	X(report_github)                                                       \
	X(report_lcov)                                                         \
	X(report_html)                                                         \
	X(report_svg)                                                          \
	X(report_mermaid)                                                      \
	X(report_perfetto)

#define X(ops) extern const struct report_ops ops;
REPORTS(X)
#undef X

/* The format called @name, or NULL. */
const struct report_ops *report_find(const char *name);

/* Add the names of all formats, with commas. */
void report_names(struct cdma_text *out);

/* Print a finding as a person reads it. */
void report_print_finding(struct cdma_text *out, bool colour,
			  const struct report_finding *finding);

/*
 * The same of one that is not in words yet.
 *
 * It tells of the schedule that shows it and of no other, so whoever replays
 * that gets the same bytes.
 *
 * @variant: its campaign is not looked at.
 */
void report_finding(struct cdma_text *out, const struct report_options *options,
		    const struct report_variant *variant,
		    const struct campaign_finding *finding);

/*
 * Add the command line that shows @finding again: with its schedule, when that
 * is short, else with what found it.
 */
void report_replay(struct cdma_text *out, const struct report_variant *variant,
		   const struct campaign_finding *finding);

/* Add what found it, without "cdmasim" and the file: "run --seed=1 ...". */
void report_origin(struct cdma_text *out, const struct report_variant *variant,
		   const struct campaign_finding *finding);

/* Add "always unordered_read of ring at r_len against w_len". */
void report_expect(struct cdma_text *out, const struct program_expect *expect);

/* Add the options -I, -D and --fail as the shell reads them back, each after a
 * blank. */
void report_settings(struct cdma_text *out, const struct given *given);

/* Add what the finding was seen in and how it was made simpler, without a line
 * end. */
void report_seen(struct cdma_text *out, const struct campaign *campaign,
		 const struct campaign_finding *finding);

/* What is said of a pass that says nothing. */
#define REPORT_VACUOUS "vacuous: nothing was found where nothing happened"

/* Add a note of what never happened, without its place.  @setup: the -errno
 * that it returned. */
void report_add_never(struct cdma_text *out, const struct program *program,
		      int setup, const struct reach_note *note);

/* Add what never happened in more than one campaign, in lines: what @reach has
 * of @program but lines; all of it, or what a pass is vacuous for. */
void report_never(struct cdma_text *out, const struct program *program,
		  const struct reach *reach, int setup, bool is_vacuous,
		  bool all);

/* Add "x.dma:3-4, 7": the lines of the text that nobody came to. */
void report_add_lines(struct cdma_text *out, const struct reach *reach);

/* The same as a line of its own, if there are any. */
void report_lines(struct cdma_text *out, const struct reach *reach);

/* Add @s with "?" for each byte that is no part of a character: what comes from
 * files may be anything. */
void report_add_utf8(struct cdma_text *out, const char *s);

/* Add @s as the shell reads it back. */
void report_quoted(struct cdma_text *out, const char *s);

#endif /* REPORT_REPORT_H */
