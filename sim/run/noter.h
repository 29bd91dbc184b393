/* SPDX-License-Identifier: MIT */
#ifndef RUN_NOTER_H
#define RUN_NOTER_H

/*
 * Noter: who writes the notes of one finding, a line at a time (notes.h).
 *
 * Private to notes.c and the files that know what to note of one kind.
 */

#include "base/text.h"
#include "run/notes.h"
#include "run/state.h"

struct noter {
	const struct campaign_finding *finding;
	struct machine *m;
	const struct trace *trace;
	struct cdma_arena *arena;
	CDMA_VEC(const char *) lines;
};

/* For a %llu. */
static inline unsigned long long ull(uint64_t nr)
{
	return nr;
}

/* One more line; @text is empty then. */
void note_line(struct noter *n, struct cdma_text *text);

/* "x.dma:12" */
void note_site(struct cdma_text *out, const struct cdma_site *site);

/* What a section is called; "setup" when it has no name. */
const char *note_section(const struct program_section *s);

/* How @section was left: "setup returned -5 at x.dma:12". */
void note_end(struct noter *n, struct cdma_text *text, const char *section,
	      const struct run_note *end);

/* ---- of one kind ---- */

/* Of a thread that waits for what will never come: who could have ended that,
 * and why he did not. */
void note_stuck(struct noter *n);

#endif /* RUN_NOTER_H */
