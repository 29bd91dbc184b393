/* SPDX-License-Identifier: MIT */
#ifndef EMBED_EMBED_H
#define EMBED_EMBED_H

/*
 * Embed: what a program of one's own has of cdmasim: <cdma/run.h>.
 *
 *	model.c   what there is, as the text of a scenario, and the functions
 *	ask.c     campaigns of it
 *	told.c    what came of them
 *	main.c    words of a command line
 *
 * With all that they need they become libcdma-run.a: one object in which all
 * names are local but those that start with cdma_, so that a user may call his
 * functions what he likes.  What libcdma has is not in it.
 */

#include <cdma/run.h>

#include "base/text.h"
#include "base/vec.h"
#include "report/report.h"
#include "run/campaign.h"
#include "run/replay-source.h"

struct diag;
struct schedule_text;

struct embed_function {
	char *name; /* owned */
	cdma_run_fn *fn;
};

struct cdma_run {
	char *name, *title; /* owned; title: or NULL */
	struct cdma_text declared;
	CDMA_VEC(struct embed_function) functions;
	char *setup, *teardown; /* names, owned; or NULL */

	/* How; all owned. */
	CDMA_VEC(char *) defines;
	CDMA_VEC(char *) faults;
	char *machine, *variant; /* NULL: not said */
	bool weak;
	const char *self; /* the command that it is; NULL: not known */

	/* Of the last call. */
	struct program *program;
	struct campaign_options options;
	struct simplify_options simplify;
	struct campaign *campaign;
	struct strategy strategy;
	struct replay_source replay;
	struct schedule schedule;
	struct schedule_text *schedule_text;
	struct report_result *result;
	struct cdma_text report;
	CDMA_VEC(char *) texts; /* of each finding */
	CDMA_VEC(char *) schedules;
};

/* What is given beside the declarations; borrowed from @run. */
struct given embed_given(const struct cdma_run *run);

/*
 * Compile a variant of it.
 *
 * Returns: NULL when that is not possible; @diag says why.
 * Owns: the caller; program_free().
 */
struct program *embed_compile(const struct cdma_run *run, const char *variant,
			      const struct given *given, struct diag *diag);

/* Put what came of the campaign into words; forget those of the last one. */
void embed_tell(struct cdma_run *run);
void embed_forget(struct cdma_run *run);

/* Around runs: its variables, as they are now, are put back.  False: it is no
 * program that can be run; @why says so. */
bool embed_enter(struct cdma_text *why);
void embed_leave(void);

#endif /* EMBED_EMBED_H */
