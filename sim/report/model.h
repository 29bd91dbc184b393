/* SPDX-License-Identifier: MIT */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

/*
 * Model: what there is to say of one thing that was looked at, in words and
 * numbers, before any format lays it out.
 *
 * It is built once, and all formats print it: what one says that another does
 * not, it leaves out, and no two say the same fact in different words.
 *
 *	campaign, litmus verdict, ...  ->  struct report_result  ->  formats
 *
 * Lifetime: a result owns its texts.  Of what it was built from it borrows the
 * sites and the findings, so it goes first.
 */

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/campaign.h"

struct report_variant;

/* What a result is of.  X(name, "its name in JSON"). */
#define REPORT_KINDS(X)                                                        \
	X(VARIANT, "variant")                                                  \
	X(CASE, "case")         /* of faults, of a variant */                  \
	X(FAULTS, "faults")     /* what all cases of a variant came to */      \
	X(MACHINES, "machines") /* on which a variant is right */              \
	X(LITMUS, "litmus")                                                    \
	X(REPLAY, "replay")                                                    \
	X(FILE, "file") /* that was checked, or has mistakes */

enum report_kind {
#define X(name, text) REPORT_##name,
	REPORT_KINDS(X)
#undef X
};

/* What a note is about.  X(name, "its name in JSON"). */
#define REPORT_NOTES(X)                                                        \
	X(MISSING, "missing")       /* an expectation that was not met */      \
	X(UNEXPECTED, "unexpected") /* a finding that nobody expects */        \
	X(ERROR, "error")           /* a mistake that shows when it runs */    \
	X(MISTAKE, "mistake")       /* one that shows when it is read */       \
	X(BOUNDED, "bounded")                                                  \
	X(IDLE_FAULT, "idle_fault")                                            \
	X(VACUOUS, "vacuous")                                                  \
	X(NEVER, "never") /* what never happened */

enum report_note_kind {
#define X(name, text) REPORT_NOTE_##name,
	REPORT_NOTES(X)
#undef X
};

/* Something to say of a result, with the place that it is about. */
struct report_note {
	enum report_note_kind kind;
	const struct cdma_site *site; /* or NULL */
	const char *text;             /* without place and full stop */
	bool is_reason;               /* of NEVER: for being vacuous */
};

/* One side of a finding. */
struct report_side {
	const char *key;  /* "at", "against", "proof", "publish" */
	const char *role; /* what it is to the first: "it may miss this"; "";
			     NULL: not worth a line to a person */
	const char *act;  /* "read of 4 bytes at rx[0].len by CPU thread poll
			     (#12)" */
	const char *who;  /* "poll" */
	const struct campaign_party *party;
};

#define REPORT_SIDES_MAX 4

struct report_finding {
	const struct campaign_finding *from;
	const struct report_variant *in; /* in which it was found */
	const char *id;                  /* "unordered_read" */
	const char *who;                 /* "poll / dma" */
	const char *what;                /* in one sentence */
	const char *where;               /* "(nic_rx, variant default)" */
	struct report_side sides[REPORT_SIDES_MAX];
	size_t nr_sides;
	const char *common;     /* "both touch 4 bytes at ..."; or NULL */
	const char *const *why; /* paragraphs */
	size_t nr_why;
	const char *kernel; /* what its own check says; or NULL */
	const char *help;   /* or NULL */
	const char *buffer; /* "buffer rx: 32 bytes, ..."; or NULL */
	const char *replay; /* a command line */
	const char *seen;   /* "seen in 3 of 200 schedules"; NULL: not known */
};

struct report_expectation {
	const struct campaign_expect *from;
	const char *text; /* "unordered_read at r_len" */
};

struct report_result {
	enum report_kind kind;
	enum verdict verdict;
	const char *file;              /* as the user named it */
	const char *scenario;          /* or the name of the test; or NULL */
	const char *variant, *faults;  /* or NULL */
	const char *machine;           /* the same */
	const char *line;              /* after its name, in one line: what came
					  of it; or NULL */
	uint64_t runs, blocked, steps; /* as far as they apply */
	const char *cut;               /* what stopped it; NULL: nothing */
	const char *coverage;          /* a sentence; or NULL */
	const char *never_lines;       /* "x.dma:3-4, 7"; or NULL */
	const char *text;              /* what is shown as it is; or NULL */
	bool is_vacuous;
	const struct reach
		*reach; /* what the runs came to; borrowed; or NULL */
	CDMA_VEC(struct report_expectation) expects;
	CDMA_VEC(struct report_note) notes;
	CDMA_VEC(struct report_finding) findings;
	struct cdma_arena arena; /* of all texts */
};

/* The result of a variant, or of a case of it.  Owns: the caller. */
struct report_result *report_result_of(const struct report_variant *variant);

/* One without anything in it yet.  Owns: the caller. */
struct report_result *report_result_new(enum report_kind kind,
					enum verdict verdict, const char *file);
void report_result_free(struct report_result *result);

/* Add a note; @site is borrowed, @text is copied. */
void report_result_note(struct report_result *result,
			enum report_note_kind kind,
			const struct cdma_site *site, const char *text);

/* Add @finding; @seen: also what it was seen in. */
void report_result_finding(struct report_result *result,
			   const struct report_variant *variant,
			   const struct campaign_finding *finding, bool seen);

/* The finding in words; its texts are in @arena. */
struct report_finding report_finding_of(const struct report_variant *variant,
					const struct campaign_finding *finding,
					struct cdma_arena *arena);

/* What a result is called: "nic_rx/default with dma_alloc #1"; its file, where
 * that has no name. */
void report_result_add_name(struct cdma_text *out,
			    const struct report_result *result);

/* Move @text into @arena; it is empty then. */
const char *report_keep(struct cdma_arena *arena, struct cdma_text *text);

const char *report_kind_name(enum report_kind kind);
const char *report_note_name(enum report_note_kind kind);
const char *report_verdict_name(enum verdict verdict);

#endif /* REPORT_MODEL_H */
