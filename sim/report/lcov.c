/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/*
 * lcov: coverage of the scenarios, as genhtml(1) and CI systems read it.
 *
 * A count is that of variants, and cases of faults, in which some schedule came
 * there.  A call that several variants have is code in each of them; a branch
 * is known by its line and by which of that line it is.
 */

struct line {
	uint32_t nr;
	uint64_t count;
};

struct branch {
	uint32_t line;
	uint32_t nr;             /* of those in its line, from 0 */
	uint64_t held, not_held; /* counts */
	uint64_t reached;
};

struct file {
	char *name; /* owned */
	CDMA_VEC(struct line) lines;
	CDMA_VEC(struct branch) branches;
};

struct lcov {
	CDMA_VEC(struct file) files; /* as they came */
};

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	(void)out;
	(void)head;
	return cdma_xcalloc(1, sizeof(struct lcov));
}

static struct file *file_of(struct lcov *l, const char *name)
{
	for (size_t i = l->files.nr; i; i--)
		if (!strcmp(l->files.at[i - 1].name, name))
			return &l->files.at[i - 1];
	*cdma_vec_push(&l->files) = (struct file){.name = cdma_xstrdup(name)};
	return cdma_vec_last(&l->files);
}

static struct line *line_of(struct file *file, uint32_t nr)
{
	for (size_t i = 0; i < file->lines.nr; i++)
		if (file->lines.at[i].nr == nr)
			return &file->lines.at[i];
	*cdma_vec_push(&file->lines) = (struct line){.nr = nr};
	return cdma_vec_last(&file->lines);
}

static struct branch *branch_of(struct file *file, uint32_t line, uint32_t nr)
{
	for (size_t i = 0; i < file->branches.nr; i++)
		if (file->branches.at[i].line == line &&
		    file->branches.at[i].nr == nr)
			return &file->branches.at[i];
	*cdma_vec_push(&file->branches) =
		(struct branch){.line = line, .nr = nr};
	return cdma_vec_last(&file->branches);
}

/* Branch number @i is the how manieth of those at its place. */
static uint32_t number_of(const struct reach *reach, size_t i)
{
	const struct cdma_site *site = reach->branches.at[i].site;
	uint32_t nr = 0;

	for (size_t j = 0; j < i; j++) {
		const struct cdma_site *other = reach->branches.at[j].site;

		nr += other->line == site->line &&
		      !strcmp(other->file, site->file);
	}
	return nr;
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct lcov *l = state;

	(void)out;
	(void)options;
	for (size_t i = 0; r->reach && i < r->reach->lines.nr; i++) {
		const struct reach_line *line = &r->reach->lines.at[i];
		struct file *file = file_of(l, line->site->file);

		line_of(file, line->site->line)->count += line->done;
	}
	for (size_t i = 0; r->reach && i < r->reach->branches.nr; i++) {
		const struct reach_branch *b = &r->reach->branches.at[i];
		struct file *file = file_of(l, b->site->file);
		struct branch *branch =
			branch_of(file, b->site->line, number_of(r->reach, i));

		branch->held += !!(b->ways & REACH_FINE);
		branch->not_held += !!(b->ways & REACH_FAILED);
		branch->reached += !!b->ways;
	}
}

static int by_line(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return (x->nr > y->nr) - (x->nr < y->nr);
}

static int by_branch(const void *a, const void *b)
{
	const struct branch *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

/* "BRDA:12,0,1,3": line, branch of it, way, count; "-": never came there. */
static void add_way(struct cdma_text *out, const struct branch *b,
		    unsigned int way, uint64_t count)
{
	cdma_text_addf(out, "BRDA:%u,%u,%u,", b->line, b->nr, way);
	if (b->reached)
		cdma_text_addf(out, "%llu\n", (unsigned long long)count);
	else
		cdma_text_add(out, "-\n");
}

static void add_branches(struct cdma_text *out, struct file *file)
{
	size_t hit = 0;

	if (!file->branches.nr)
		return;
	qsort(file->branches.at, file->branches.nr, sizeof(*file->branches.at),
	      by_branch);
	for (size_t i = 0; i < file->branches.nr; i++) {
		const struct branch *b = &file->branches.at[i];

		add_way(out, b, 0, b->held);
		add_way(out, b, 1, b->not_held);
		hit += !!b->held + !!b->not_held;
	}
	cdma_text_addf(out, "BRF:%zu\nBRH:%zu\n", 2 * file->branches.nr, hit);
}

static void add_lines(struct cdma_text *out, struct file *file)
{
	size_t hit = 0;

	if (!file->lines.nr)
		return;
	qsort(file->lines.at, file->lines.nr, sizeof(*file->lines.at), by_line);
	for (size_t i = 0; i < file->lines.nr; i++) {
		const struct line *line = &file->lines.at[i];

		cdma_text_addf(out, "DA:%u,%llu\n", line->nr,
			       (unsigned long long)line->count);
		hit += !!line->count;
	}
	cdma_text_addf(out, "LF:%zu\nLH:%zu\n", file->lines.nr, hit);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	struct lcov *l = state;

	(void)options;
	(void)total;
	for (size_t i = 0; i < l->files.nr; i++) {
		struct file *file = &l->files.at[i];

		cdma_text_addf(out, "TN:\nSF:%s\n", file->name);
		add_branches(out, file);
		add_lines(out, file);
		cdma_text_add(out, "end_of_record\n");
		free(file->name);
		cdma_vec_free(&file->lines);
		cdma_vec_free(&file->branches);
	}
	cdma_vec_free(&l->files);
	free(l);
}

const struct report_ops report_lcov = {
	.name = "lcov",
	.begin = begin,
	.result = result,
	.end = end,
};
