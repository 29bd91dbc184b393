/* SPDX-License-Identifier: MIT */
#include "run/reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct reacher {
	const struct program *program;
	const unsigned char *seen;
	bool failed;         /* setup, always */
	bool is_meant;       /* what is not reached, whatever it is */
	unsigned char *live; /* of the code: a way leads there */
	unsigned char *way;  /* SITE_*, of the sites of the program */
	const char *label;   /* that is looked for */
	struct reach *out;
};

static const struct cdma_site *site_at(const struct reacher *r, size_t pc)
{
	return r->program->sites.at[r->program->code.at[pc].site];
}

/* ---- which code there is a way to, whatever is read ---- */

struct ways {
	uint32_t to[2];
	size_t nr;
};

static struct ways ways_from(const struct insn *in, uint32_t pc)
{
	switch (in->op) {
	case INSN_END:
		return (struct ways){{0}, 0};
	case INSN_JUMP:
		return (struct ways){{(uint32_t)in->imm}, 1};
	case INSN_JUMP_Z:
	case INSN_JUMP_NZ:
	case INSN_TRY:
	case INSN_LOOP:
	case INSN_POLL_END:
	case INSN_LOOK_END:
		return (struct ways){{pc + 1, (uint32_t)in->imm}, 2};
	case INSN_RMW:
		return (struct ways){{pc + 1, pc + 2}, 2};
	default:
		return (struct ways){{pc + 1}, 1};
	}
}

static void find_live(struct reacher *r, uint32_t entry)
{
	CDMA_VEC(uint32_t) todo = {0};

	*cdma_vec_push(&todo) = entry;
	while (todo.nr) {
		uint32_t pc = todo.at[--todo.nr];
		struct ways ways;

		if (pc >= r->program->code.nr || r->live[pc])
			continue;
		r->live[pc] = true;
		ways = ways_from(&r->program->code.at[pc], pc);
		for (size_t i = 0; i < ways.nr; i++)
			*cdma_vec_push(&todo) = ways.to[i];
	}
	cdma_vec_free(&todo);
}

/* ---- sections ---- */

typedef void section_fn(struct reacher *r, const struct program_section *s,
			size_t begin, size_t end);

/* Sections stand one behind the other in the code. */
static size_t end_of(const struct program *p, size_t begin)
{
	size_t end = p->code.nr;

	if (p->has_setup && p->setup.entry > begin && p->setup.entry < end)
		end = p->setup.entry;
	if (p->has_final && p->final.entry > begin && p->final.entry < end)
		end = p->final.entry;
	if (p->has_teardown && p->teardown.entry > begin &&
	    p->teardown.entry < end)
		end = p->teardown.entry;
	for (size_t i = 0; i < p->sections.nr; i++) {
		size_t entry = p->sections.at[i].entry;

		if (entry > begin && entry < end)
			end = entry;
	}
	for (size_t i = 0; i < p->reactions.nr; i++) {
		size_t entry = p->reactions.at[i].section.entry;

		if (entry > begin && entry < end)
			end = entry;
	}
	return end;
}

/* The end of a section goes by the place of its last statement. */
static bool is_last(const struct program *p, size_t pc)
{
	return p->code.at[pc].op == INSN_END && end_of(p, pc) == pc + 1;
}

static const char *label_at(const struct reacher *r, size_t pc)
{
	return is_last(r->program, pc) ? NULL : site_at(r, pc)->label;
}

/* All that could have been done; when setup fails that is setup. */
static void each_section(struct reacher *r, section_fn *fn)
{
	const struct program *p = r->program;

	if (p->has_setup)
		fn(r, &p->setup, p->setup.entry, end_of(p, p->setup.entry));
	for (size_t i = 0; i < p->reactions.nr; i++)
		fn(r, &p->reactions.at[i].section,
		   p->reactions.at[i].section.entry,
		   end_of(p, p->reactions.at[i].section.entry));
	if (r->failed)
		return;
	for (size_t i = 0; i < p->sections.nr; i++)
		fn(r, &p->sections.at[i], p->sections.at[i].entry,
		   end_of(p, p->sections.at[i].entry));
	if (p->has_final)
		fn(r, &p->final, p->final.entry, end_of(p, p->final.entry));
	if (p->has_teardown)
		fn(r, &p->teardown, p->teardown.entry,
		   end_of(p, p->teardown.entry));
}

/* Of a site: it has live code; some run came to it. */
#define SITE_LIVE (1u << 0)
#define SITE_DONE (1u << 1)

static void find_ways(struct reacher *r)
{
	const struct program *p = r->program;

	for (size_t pc = 0; pc < p->code.nr; pc++) {
		if (is_last(p, pc))
			continue;
		if (r->live[pc])
			r->way[p->code.at[pc].site] |= SITE_LIVE;
		if (r->seen[pc])
			r->way[p->code.at[pc].site] |= SITE_DONE;
	}
}

/* SITE_* of all that has that label. */
static unsigned char label_way(const struct reacher *r, const char *label)
{
	const struct program *p = r->program;
	unsigned char way = 0;

	for (size_t i = 0; i < p->sites.nr; i++)
		if (r->way[i] && p->sites.at[i]->label &&
		    !strcmp(p->sites.at[i]->label, label))
			way |= r->way[i];
	return way;
}

static void find_live_section(struct reacher *r,
			      const struct program_section *s, size_t begin,
			      size_t end)
{
	(void)s;
	(void)end;
	find_live(r, (uint32_t)begin);
}

/* ---- what never happened ---- */

static void add(struct reacher *r, enum reach_kind kind, size_t pc,
		const struct program_section *section, bool is_reason)
{
	*cdma_vec_push(&r->out->notes) = (struct reach_note){
		.kind = kind,
		.site = site_at(r, pc),
		.section = section,
		.is_reason = is_reason && !r->is_meant,
	};
	r->out->is_vacuous |= is_reason && !r->is_meant;
}

static bool expects(const struct program *p, enum expect_when when,
		    const char *label)
{
	for (size_t i = 0; i < p->expects.nr; i++) {
		const struct program_expect *e = &p->expects.at[i];

		if (e->when == when && (!label || !strcmp(e->at, label)))
			return true;
	}
	return false;
}

/* A section that was never left but by way of an error. */
static void add_return(struct reacher *r, const struct program_section *s,
		       size_t begin, size_t end)
{
	size_t failed = end;

	for (size_t pc = begin; pc < end; pc++) {
		if (r->program->code.at[pc].op != INSN_END)
			continue;
		if (r->seen[pc] & REACH_FINE)
			return;
		if (failed == end && (r->seen[pc] & REACH_FAILED))
			failed = pc;
	}
	if (failed != end)
		add(r, s->kind == SECTION_SETUP ? REACH_SETUP : REACH_RETURN,
		    failed, s, s->kind == SECTION_SETUP);
}

static bool ran_out(const struct reacher *r, size_t pc)
{
	return r->program->code.at[pc].op == INSN_POLL_END &&
	       (r->seen[pc] & REACH_FAILED) && !(r->seen[pc] & REACH_FINE);
}

/* What touches what others see. */
static bool is_access(const struct insn *in)
{
	switch (in->op) {
	case INSN_LOAD:
	case INSN_STORE:
	case INSN_RMW:
	case INSN_DMA_LOAD:
	case INSN_DMA_STORE:
	case INSN_DMA_SPLIT:
	case INSN_REG_LOAD:
	case INSN_REG_STORE:
	case INSN_ENGINE_LOAD:
	case INSN_ENGINE_STORE:
	case INSN_BULK_READ:
	case INSN_BULK_WRITE:
		return true;
	default:
		return false;
	}
}

static bool has_held(const struct reacher *r)
{
	for (size_t pc = 0; pc < r->program->code.nr; pc++)
		if (r->program->code.at[pc].op == INSN_POLL_END &&
		    (r->seen[pc] & REACH_FINE))
			return true;
	return false;
}

/*
 * Whether a section did not come to what it is about: a label; or, when no poll
 * at all held, any access.  Unless one of the labels that it did not come to is
 * meant.
 */
static bool misses_point(const struct reacher *r, size_t begin, size_t end)
{
	bool misses_label = false, misses_access = false;

	for (size_t pc = begin; pc < end; pc++) {
		const char *label = label_at(r, pc);

		if (!r->live[pc] || r->seen[pc])
			continue;
		misses_access |= is_access(&r->program->code.at[pc]);
		if (!label || label_way(r, label) & SITE_DONE)
			continue;
		if (expects(r->program, EXPECT_UNREACHED, label))
			return false;
		misses_label = true;
	}
	return misses_label || (misses_access && !has_held(r));
}

static void add_polls(struct reacher *r, const struct program_section *s,
		      size_t begin, size_t end)
{
	for (size_t pc = begin; pc < end; pc++)
		if (ran_out(r, pc))
			add(r, REACH_POLL, pc, s, misses_point(r, begin, end));
}

/* Whether @i is not the first of its name. */
static bool is_again(const struct program *p, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(p->named.at[j], p->named.at[i]))
			return true;
	return false;
}

static void add_label(struct reacher *r, const struct program_section *s,
		      size_t begin, size_t end)
{
	for (size_t pc = begin; pc < end && r->label; pc++) {
		const char *label = r->live[pc] ? label_at(r, pc) : NULL;

		if (!label || strcmp(label, r->label))
			continue;
		add(r, REACH_LABEL, pc, s,
		    !expects(r->program, EXPECT_UNREACHED, label));
		r->label = NULL;
	}
}

static void add_labels(struct reacher *r)
{
	const struct program *p = r->program;

	for (size_t i = 0; i < p->named.nr; i++) {
		if (is_again(p, i) || label_way(r, p->named.at[i]) != SITE_LIVE)
			continue;
		r->label = p->named.at[i];
		each_section(r, add_label);
	}
}

/* ---- lines ---- */

struct line {
	const struct cdma_site *site;
	unsigned char way;
};

static int by_place(const void *a, const void *b)
{
	const struct cdma_site *x = ((const struct line *)a)->site;
	const struct cdma_site *y = ((const struct line *)b)->site;
	int order = strcmp(x->file, y->file);

	if (order)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->col < y->col ? -1 : x->col > y->col;
}

static bool same_line(const struct cdma_site *a, const struct cdma_site *b)
{
	return a->line == b->line && !strcmp(a->file, b->file);
}

static void add_lines(struct reacher *r)
{
	const struct program *p = r->program;
	struct line *lines = cdma_xcalloc(p->sites.nr + 1, sizeof(*lines));
	size_t nr = 0, next;

	for (size_t i = 0; i < p->sites.nr; i++)
		if (r->way[i])
			lines[nr++] = (struct line){p->sites.at[i], r->way[i]};
	qsort(lines, nr, sizeof(*lines), by_place);
	for (size_t i = 0; i < nr; i = next) {
		unsigned char way = 0;

		for (next = i;
		     next < nr && same_line(lines[i].site, lines[next].site);
		     next++)
			way |= lines[next].way;
		*cdma_vec_push(&r->out->lines) =
			(struct reach_line){lines[i].site, way & SITE_DONE};
		if (way == SITE_LIVE)
			*cdma_vec_push(&r->out->notes) = (struct reach_note){
				.kind = REACH_LINE,
				.site = lines[i].site,
			};
	}
	free(lines);
}

static bool is_branch(enum insn_op op)
{
	return op == INSN_JUMP_Z || op == INSN_JUMP_NZ || op == INSN_POLL_END ||
	       op == INSN_TRY;
}

static void add_branches(struct reacher *r)
{
	const struct program *p = r->program;

	for (size_t pc = 0; pc < p->code.nr; pc++)
		if (r->live[pc] && is_branch(p->code.at[pc].op))
			*cdma_vec_push(
				&r->out->branches) = (struct reach_branch){
				site_at(r, pc),
				r->seen[pc] & (REACH_FINE | REACH_FAILED)};
}

void reach_init(struct reach *reach, const struct program *program,
		const unsigned char *seen, bool failed, bool meant)
{
	struct reacher r = {
		.program = program,
		.seen = seen,
		.failed = failed,
		.is_meant = meant ||
			    (failed && expects(program, EXPECT_SETUP, NULL)),
		.live = cdma_xcalloc(program->code.nr + 1, 1),
		.way = cdma_xcalloc(program->sites.nr + 1, 1),
		.out = reach,
	};

	*reach = (struct reach){0};
	each_section(&r, find_live_section);
	find_ways(&r);
	each_section(&r, add_return);
	each_section(&r, add_polls);
	add_labels(&r);
	add_lines(&r);
	add_branches(&r);
	free(r.live);
	free(r.way);
}

void reach_fini(struct reach *reach)
{
	cdma_vec_free(&reach->notes);
	cdma_vec_free(&reach->lines);
	cdma_vec_free(&reach->branches);
}

bool reach_label(const struct program *program, const unsigned char *seen,
		 const char *label)
{
	for (size_t pc = 0; pc < program->code.nr; pc++) {
		const struct cdma_site *site =
			program->sites.at[program->code.at[pc].site];

		if (seen[pc] && site->label && !strcmp(site->label, label) &&
		    !is_last(program, pc))
			return true;
	}
	return false;
}
