/* SPDX-License-Identifier: MIT */
#include "faulted.h"

#include "base/macros.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

/* Whether the name alone tells where @field is in all that @site fills. */
static bool is_alone(const struct program *p, enum cdma_fault_site site,
		     const struct field *field)
{
	for (size_t i = 0; i < p->fills.nr; i++) {
		const struct field *other =
			layout_find(p->fills.at[i].layout, field->name);

		if (p->fills.at[i].site == site && other &&
		    other->offset != field->offset)
			return false;
	}
	return true;
}

/* Each field of what is filled but the first, which is the start. */
static void add_stop(struct faulted *f, enum cdma_fault_site site,
		     const struct field *field)
{
	for (size_t i = 0; i < f->cases.stops[site].nr; i++)
		if (f->cases.stops[site].at[i].byte == field->offset)
			return;
	if (field->offset)
		*cdma_vec_push(&f->cases.stops[site]) = (struct fault_stop){
			is_alone(f->program, site, field) ? field->name : NULL,
			field->offset};
}

void faulted_begin(struct faulted *f, const struct program *program,
		   enum fault_mode mode)
{
	*f = (struct faulted){
		.program = program,
		.cases.mode = mode,
		.seen = cdma_xcalloc(program->expects.nr + 1, sizeof(*f->seen)),
		.reached = cdma_xcalloc(program->code.nr + 1, 1),
	};
	for (size_t i = 0; i < program->fills.nr; i++) {
		const struct program_fill *fill = &program->fills.at[i];

		for (size_t j = 0; j < fill->layout->nr_fields; j++)
			add_stop(f, fill->site, &fill->layout->fields[j]);
	}
}

void faulted_end(struct faulted *f)
{
	fault_cases_fini(&f->cases);
	free(f->seen);
	free(f->reached);
}

void faulted_count(struct faulted *f, const struct tally *tally)
{
	/* The same text makes the same code, whatever fails. */
	CDMA_REQUIRE(tally->program->code.nr == f->program->code.nr);
	for (size_t i = 0; i < f->program->code.nr; i++)
		f->reached[i] |= tally->reached[i];
	for (size_t i = 0; i < f->program->expects.nr; i++)
		f->seen[i] += tally->expects.seen[i];
	f->runs += tally->runs;
	f->setup_failed += tally->setup_failed;
	if (tally->setup_failed)
		f->setup_errno = tally->setup_errno;
}

bool faulted_struck(struct faulted *f, const struct tally *tally)
{
	const struct fault_case *at = &f->cases.at;
	size_t nr = tally->program->faults.nr;
	bool struck = tally->struck[nr - 1];

	if (struck && at->nr == 1)
		f->singles[at->at[0].site]++;
	else if (struck && tally->struck[nr - 2])
		f->pairs++;
	return struck;
}

static const char *keep(struct cdma_arena *arena, struct cdma_text *text)
{
	char *kept = cdma_arena_alloc(arena, text->len + 1);

	memcpy(kept, cdma_text_str(text), text->len + 1);
	cdma_text_fini(text);
	return kept;
}

struct given faulted_given(const struct faulted *f, const struct given *given,
			   struct cdma_arena *arena)
{
	const struct fault_case *at = &f->cases.at;
	size_t nr = f->program->faults.nr;
	struct given out = *given;
	const char **words =
		cdma_arena_alloc(arena, (nr + at->nr) * sizeof(*words));
	struct cdma_text text = {0};

	for (size_t i = 0; i < nr; i++) {
		program_add_fault(&text, &f->program->faults.at[i]);
		words[i] = keep(arena, &text);
	}
	for (unsigned int i = 0; i < at->nr; i++) {
		fault_point_add(&text, &f->cases, &at->at[i]);
		words[nr + i] = keep(arena, &text);
	}
	out.faults = words;
	out.nr_faults = nr + at->nr;
	return out;
}

/* ---- what there is to say ---- */

static bool lacks(const struct faulted *f, size_t i)
{
	const struct program_expect *e = &f->program->expects.at[i];

	return f->is_whole && e->under && e->when != EXPECT_NOTHING &&
	       e->when != EXPECT_NEVER && !f->seen[i];
}

bool faulted_lacks(const struct faulted *f)
{
	for (size_t i = 0; i < f->program->expects.nr; i++)
		if (lacks(f, i))
			return true;
	return false;
}

static void reach_all(struct reach *out, const struct faulted *f)
{
	reach_init(out, f->program, f->reached, f->setup_failed == f->runs,
		   !f->program->under);
}

static bool has_promise(const struct program *p)
{
	for (size_t i = 0; i < p->expects.nr; i++)
		if (p->expects.at[i].when == EXPECT_SOME ||
		    p->expects.at[i].when == EXPECT_ALWAYS)
			return true;
	return false;
}

bool faulted_is_vacuous(const struct faulted *f)
{
	struct reach reach;
	bool is_vacuous;

	if (!f->is_whole || !f->runs || has_promise(f->program))
		return false;
	reach_all(&reach, f);
	is_vacuous = reach.is_vacuous;
	reach_fini(&reach);
	return is_vacuous;
}

static void add_lacking(struct cdma_text *out, const struct faulted *f)
{
	for (size_t i = 0; i < f->program->expects.nr; i++) {
		const struct program_expect *e = &f->program->expects.at[i];

		if (!lacks(f, i))
			continue;
		cdma_text_addf(out, "      %s:%u:%u: expected ", e->site.file,
			       e->site.line, e->site.col);
		report_expect(out, e);
		cdma_text_add(out, ": it came of none\n");
	}
}

/* The sites that were passed, and how often one run passed them at most. */
static void add_sites(struct cdma_text *out, const struct faulted *f)
{
	const char *before = " (";

	for (int site = 0; site < CDMA_FAULT_CALLS; site++) {
		if (!f->singles[site])
			continue;
		cdma_text_addf(out, "%s%s %llu", before,
			       cdma_fault_name((enum cdma_fault_site)site),
			       (unsigned long long)f->singles[site]);
		before = ", ";
	}
	if (*before == ',')
		cdma_text_addc(out, ')');
}

static void add_never(struct cdma_text *out, const struct faulted *f)
{
	const char *before = "; never passed: ";

	for (int site = 0; site < CDMA_FAULT_CALLS; site++) {
		if (f->singles[site])
			continue;
		cdma_text_addf(out, "%s%s", before,
			       cdma_fault_name((enum cdma_fault_site)site));
		before = ", ";
	}
	cdma_text_addc(out, '\n');
}

static bool same_place(const struct cdma_site *a, const struct cdma_site *b)
{
	return a->line == b->line && a->col == b->col &&
	       !strcmp(a->file, b->file);
}

/* The place of error return @i; NULL: an earlier one is there, as in a function
 * that is called twice. */
static const struct cdma_site *error_at(const struct program *p, size_t i)
{
	const struct cdma_site *at = p->sites.at[p->errors.at[i].site];

	for (size_t j = 0; j < i; j++)
		if (same_place(p->sites.at[p->errors.at[j].site], at))
			return NULL;
	return at;
}

static bool is_taken(const struct faulted *f, const struct cdma_site *at)
{
	const struct program *p = f->program;

	for (size_t i = 0; i < p->errors.nr; i++)
		if (f->reached[p->errors.at[i].pc] &&
		    same_place(p->sites.at[p->errors.at[i].site], at))
			return true;
	return false;
}

static void add_errors(struct cdma_text *out, const struct faulted *f)
{
	const struct program *p = f->program;
	const struct cdma_site *at;
	size_t nr = 0, taken = 0;

	for (size_t i = 0; i < p->errors.nr; i++)
		if ((at = error_at(p, i))) {
			nr++;
			taken += is_taken(f, at);
		}
	if (!nr)
		return;
	cdma_text_addf(out, "      error returns taken: %zu of %zu\n", taken,
		       nr);
	for (size_t i = 0; i < p->errors.nr; i++)
		if ((at = error_at(p, i)) && !is_taken(f, at))
			cdma_text_addf(out, "        not at %s:%u:%u: %s\n",
				       at->file, at->line, at->col,
				       at->text ? at->text : "");
}

static void add_reach(struct cdma_text *out, const struct faulted *f,
		      bool lines)
{
	struct reach reach;

	reach_all(&reach, f);
	if (faulted_is_vacuous(f))
		report_never(out, f->program, &reach, -(int)f->setup_errno,
			     true, false);
	if (lines)
		report_lines(out, &reach);
	reach_fini(&reach);
}

void faulted_report(struct cdma_text *out, const struct faulted *f, bool lines)
{
	uint64_t singles = 0;

	for (int site = 0; site < CDMA_FAULT_CALLS; site++)
		singles += f->singles[site];
	add_lacking(out, f);
	cdma_text_addf(out, "      faults: %llu tried",
		       (unsigned long long)singles);
	add_sites(out, f);
	if (f->cases.mode == FAULTS_PAIRS)
		cdma_text_addf(out, ", and %llu pair%s",
			       (unsigned long long)f->pairs,
			       f->pairs == 1 ? "" : "s");
	if (!f->is_whole)
		cdma_text_add(out, "; stopped before the rest");
	add_never(out, f);
	add_errors(out, f);
	add_reach(out, f, lines);
}
