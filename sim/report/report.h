/* SPDX-License-Identifier: MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * Report: says what came of the variants that were run.
 *
 * A format is an ops struct: it adds to a text what is to be printed, and who
 * runs the variants prints it.  To add one: a file with a const instance, and
 * a line in REPORTS.
 *
 * What is said is the same for the same results: no clock, no address.
 */

#include "base/text.h"
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
	bool quiet;    /* no line for a variant that is as expected */
	bool no_lines; /* more runs come, and then it is said who came where */
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
	const struct campaign_options *options;
	const struct campaign *campaign;
};

/* What all variants came to. */
struct report_total {
	uint64_t expected, differs, inconclusive, parts; /* variants */
	uint64_t wrong; /* files and variants with mistakes */
	uint64_t schedules, findings;
	bool interrupted;
};

struct report_ops {
	/* What --format calls it. */
	const char *name;

	/* Add what there is to say about @variant. */
	void (*variant)(struct cdma_text *out,
			const struct report_options *options,
			const struct report_variant *variant);

	/* Add what there is to say at the end. */
	void (*total)(struct cdma_text *out,
		      const struct report_options *options,
		      const struct report_total *total);
};

#define REPORTS(X) X(report_text)

#define X(ops) extern const struct report_ops ops;
REPORTS(X)
#undef X

/* The format called @name, or NULL. */
const struct report_ops *report_find(const char *name);

/*
 * Add one finding as a person reads it; what the text format does.
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

/* Add what the finding was seen in and how it was made simpler: a line below
 * its report. */
void report_seen(struct cdma_text *out, const struct campaign *campaign,
		 const struct campaign_finding *finding);

/*
 * Add what never happened in the runs of @variant: why a pass says nothing; and
 * when findings are shown in detail, all of it.
 */
void report_reach(struct cdma_text *out, const struct report_options *options,
		  const struct report_variant *variant);

/* The same of more than one campaign: what @reach has of @program but lines;
 * all of it, or what a pass is vacuous for.  @setup: the -errno that it
 * returned. */
void report_never(struct cdma_text *out, const struct program *program,
		  const struct reach *reach, int setup, bool is_vacuous,
		  bool all);

/* Add the lines of the text that nobody came to: all in one line. */
void report_lines(struct cdma_text *out, const struct reach *reach);

/* Add @s as the shell reads it back. */
void report_quoted(struct cdma_text *out, const char *s);

#endif /* REPORT_REPORT_H */
