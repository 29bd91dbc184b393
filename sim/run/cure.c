/* SPDX-License-Identifier: MIT */
#include "run/cure.h"

#include <string.h>

#include "base/macros.h"
#include "base/text.h"
#include "run/compare.h"
#include "script/edit.h"

#include <cdma/barrier.h>

/* Steps that the schedules of one attempt come to, about. */
#define ATTEMPT_STEPS 200000

/* What a barrier orders. */
enum order { ORDER_READS, ORDER_WRITES, ORDER_ALL };

/* The weakest first. */
static const struct barrier {
	const char *text;
	enum order order;
} barriers[] = {
	{"smp_rmb();", ORDER_READS}, {"smp_wmb();", ORDER_WRITES},
	{"dma_rmb();", ORDER_READS}, {"dma_wmb();", ORDER_WRITES},
	{"rmb();", ORDER_READS},     {"wmb();", ORDER_WRITES},
	{"smp_mb();", ORDER_ALL},    {"dma_mb();", ORDER_ALL},
	{"mb();", ORDER_ALL},
};

/* A place that the finding names. */
struct spot {
	const struct cdma_site *site;
	enum edit_where where;
};

struct curer {
	const struct campaign_finding *finding;
	struct machine_options machine;
	const struct simplify_options *options;
	struct given given;
	bool (*is_over)(void *aux);
	void *aux;
	struct cdma_arena *arena;
	CDMA_VEC(struct spot) readers, writers;
	CDMA_VEC(struct spot) strict;
	CDMA_VEC(struct cdma_finding) known; /* without a cure */
	uint64_t schedules;                  /* at random, of each attempt */
	uint64_t steps, max_steps;
	bool is_clean; /* the last attempt found nothing at all */
};

static bool has_to_stop(const struct curer *c)
{
	return c->steps >= c->max_steps || (c->is_over && c->is_over(c->aux));
}

/* ---- runs ---- */

static bool is_known(const struct curer *c, const struct cdma_finding *finding)
{
	for (size_t i = 0; i < c->known.nr; i++)
		if (compare_same(&c->known.at[i], finding))
			return true;
	return false;
}

/* Whether the last run of @m is as it should be with a cure. */
static bool is_cured(struct curer *c, const struct machine *m,
		     const struct run_result *result)
{
	const struct cdma_findings *found = machine_findings(m);

	c->steps += result->steps;
	if (result->end == RUN_ERROR || result->end == RUN_BOUNDED)
		return false;
	for (size_t i = 0; i < cdma_findings_nr(found); i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);

		c->is_clean = false;
		if (compare_same(f, &c->finding->finding) || !is_known(c, f))
			return false;
	}
	return true;
}

/* Note what is found without a cure; true: go on. */
static bool note_known(struct curer *c, const struct machine *m,
		       const struct run_result *result)
{
	const struct cdma_findings *found = machine_findings(m);

	c->steps += result->steps;
	for (size_t i = 0; i < cdma_findings_nr(found); i++)
		if (!is_known(c, cdma_findings_at(found, i)))
			*cdma_vec_push(&c->known) = *cdma_findings_at(found, i);
	return true;
}

typedef bool judge_fn(struct curer *c, const struct machine *m,
		      const struct run_result *result);

/* In the schedule that shows the finding. */
static bool run_shown(struct curer *c, const struct program *program,
		      judge_fn *judge)
{
	struct replay replay = {.schedule = c->finding->schedule,
				.lenient = true};
	struct machine_options options = c->machine;
	struct run_result result;
	struct machine *m;
	bool ok;

	options.strategy = &strategy_replay;
	options.strategy_state = &replay;
	m = machine_new(program, &options);
	machine_run(m, 0, 0, &result);
	ok = judge(c, m, &result);
	machine_free(m);
	return ok;
}

static bool run_random(struct curer *c, const struct program *program,
		       judge_fn *judge)
{
	struct machine_options options = c->machine;
	struct run_result result;
	struct machine *m;
	bool ok = true;

	options.strategy = NULL;
	options.strategy_state = NULL;
	m = machine_new(program, &options);
	for (uint64_t i = 0; ok && i < c->schedules; i++) {
		machine_run(m, 1, i, &result);
		ok = judge(c, m, &result) && !has_to_stop(c);
	}
	machine_free(m);
	return ok;
}

/*
 * A full barrier is a step of its own.  As long as it is done together with the
 * one before, a schedule of the program without it fits.
 */
static void set_fences(struct program *program, bool is_step)
{
	for (size_t i = 0; i < program->code.nr; i++) {
		struct insn *in = &program->code.at[i];
		const struct cdma_site *site = program->sites.at[in->site];

		if ((in->op == INSN_FENCE || in->op == INSN_FULL_FENCE) &&
		    !strcmp(site->file, EDIT_PATH) &&
		    in->size == CDMA_ORDER_FULL)
			in->op = is_step ? INSN_FULL_FENCE : INSN_FENCE;
	}
}

static bool attempt(struct curer *c, struct edit *edits, size_t nr)
{
	struct given given = c->given;
	struct program *program;
	bool ok;

	given.edits = edits;
	given.nr_edits = nr;
	program = c->options->compile(c->options->aux,
				      c->finding->program->variant, &given);
	if (!program)
		return false;
	c->is_clean = true;
	set_fences(program, false);
	ok = run_shown(c, program, is_cured);
	set_fences(program, true);
	ok = ok && run_random(c, program, is_cured);
	program_free(program);
	return ok;
}

/* ---- what is tried ---- */

static struct edit edit_at(const struct spot *spot, const char *text)
{
	return (struct edit){
		.file = spot->site->file,
		.line = spot->site->line,
		.col = spot->site->col,
		.where = spot->where,
		.text = text,
	};
}

static bool has_spot(const struct curer *c, enum order order, size_t i,
		     struct spot *out)
{
	const size_t readers = c->readers.nr, writers = c->writers.nr;
	enum cdma_finding_id id = c->finding->finding.id;
	bool first =
		order == ORDER_READS ||
		(order == ORDER_ALL && (id == CDMA_FINDING_UNORDERED_READ ||
					id == CDMA_FINDING_UNORDERED_WRITE));

	if (i >= readers + writers)
		return false;
	if (first)
		*out = i < readers ? c->readers.at[i]
				   : c->writers.at[i - readers];
	else
		*out = i < writers ? c->writers.at[i]
				   : c->readers.at[i - writers];
	return true;
}

/* A register of the device whose interrupt it is; NULL: none of 32 bits. */
static const char *find_register(const struct program *p, const char *wire,
				 const char **device)
{
	for (size_t i = 0; i < p->irqs.nr; i++) {
		const struct program_device *d =
			&p->devices.at[p->irqs.at[i].device];
		const struct layout *regs = p->slots.at[d->slot].type.layout;

		if (!p->irqs.at[i].wire || strcmp(p->irqs.at[i].name, wire) ||
		    !regs)
			continue;
		*device = d->name;
		for (size_t j = 0; j < regs->nr_fields; j++)
			if (regs->fields[j].type.size == 4 &&
			    !regs->fields[j].type.is_array)
				return regs->fields[j].name;
	}
	return NULL;
}

/* What a wired interrupt speaks of is pushed by the answer to a read. */
static bool find_push(struct curer *c, struct edit *out)
{
	const struct campaign_finding *f = c->finding;
	const char *device, *name;
	struct cdma_text text = {0};
	char *s;

	if (!f->wire || f->at.kind == CDMA_DEVICE || !f->at.party.site)
		return false;
	name = find_register(f->program, f->wire, &device);
	if (!name)
		return false;
	cdma_text_addf(&text, "readl(%s.%s);", device, name);
	s = cdma_arena_alloc(c->arena, text.len + 1);
	memcpy(s, text.at, text.len + 1);
	cdma_text_fini(&text);
	*out = edit_at(&(struct spot){f->at.party.site, EDIT_BEFORE}, s);
	return attempt(c, out, 1);
}

static bool find_single(struct curer *c, struct edit *out)
{
	struct spot spot;

	if (find_push(c, out))
		return true;
	for (size_t i = 0; i < c->strict.nr && !has_to_stop(c); i++) {
		*out = edit_at(&c->strict.at[i], NULL);
		if (attempt(c, out, 1))
			return true;
	}
	for (size_t b = 0; b < ARRAY_SIZE(barriers); b++)
		for (size_t i = 0; has_spot(c, barriers[b].order, i, &spot);
		     i++) {
			if (has_to_stop(c))
				return false;
			*out = edit_at(&spot, barriers[b].text);
			if (attempt(c, out, 1))
				return true;
		}
	return false;
}

/* One barrier for those who write, one for those who read. */
static bool find_reader(struct curer *c, struct edit *out)
{
	for (size_t b = 0; b < ARRAY_SIZE(barriers); b++)
		for (size_t i = 0; i < c->readers.nr; i++) {
			if (barriers[b].order == ORDER_WRITES)
				continue;
			if (has_to_stop(c))
				return false;
			out[1] = edit_at(&c->readers.at[i], barriers[b].text);
			if (attempt(c, out, 2))
				return true;
		}
	return false;
}

static bool find_pair(struct curer *c, struct edit *out)
{
	for (size_t b = 0; b < ARRAY_SIZE(barriers); b++)
		for (size_t i = 0; i < c->writers.nr; i++) {
			if (barriers[b].order == ORDER_READS)
				continue;
			out[0] = edit_at(&c->writers.at[i], barriers[b].text);
			if (find_reader(c, out))
				return true;
			if (has_to_stop(c))
				return false;
		}
	return false;
}

/* ---- places ---- */

static bool is_cpu(const struct campaign_party *party)
{
	return party->present && party->party.site &&
	       party->kind != CDMA_DEVICE;
}

static void add_strict(struct curer *c, const struct campaign_party *party)
{
	if (is_cpu(party) && party->party.how == CDMA_MMIO &&
	    (party->party.flags & CDMA_EVF_RELAXED))
		*cdma_vec_push(&c->strict) =
			(struct spot){party->party.site, EDIT_STRICT};
}

/* After the proof, where it is looked at; after the calls that it is in. */
static void add_proof(struct curer *c, const struct campaign_party *proof)
{
	const struct cdma_site *site = proof->party.site;

	if (!is_cpu(proof))
		return;
	*cdma_vec_push(&c->readers) = (struct spot){site, EDIT_AFTER};
	*cdma_vec_push(&c->readers) = (struct spot){site, EDIT_THEN};
	*cdma_vec_push(&c->readers) = (struct spot){site, EDIT_OTHER};
	for (size_t i = 0; i < proof->nr_frames; i++)
		if (!proof->frames[i].name)
			*cdma_vec_push(&c->readers) = (struct spot){
				proof->frames[i].site, EDIT_AFTER};
}

static void find_spots(struct curer *c)
{
	const struct campaign_finding *f = c->finding;

	add_strict(c, &f->publish);
	add_strict(c, &f->proof);
	add_proof(c, &f->proof);
	if (is_cpu(&f->at))
		*cdma_vec_push(&c->readers) =
			(struct spot){f->at.party.site, EDIT_BEFORE};
	if (is_cpu(&f->publish))
		*cdma_vec_push(&c->writers) =
			(struct spot){f->publish.party.site, EDIT_BEFORE};
	if (is_cpu(&f->against))
		*cdma_vec_push(&c->writers) =
			(struct spot){f->against.party.site, EDIT_AFTER};
}

/* ---- in words ---- */

static void add_edit(struct cdma_text *out, const struct edit *e)
{
	const struct edit_place *p = &e->place;

	if (e->where == EDIT_STRICT) {
		cdma_text_addf(out, "use %s(), not %s_relaxed(), at %s:%u",
			       e->call, e->call, e->file, p->line);
		return;
	}
	cdma_text_addf(out, "add %.*s ", (int)strlen(e->text) - 1, e->text);
	if (p->col)
		cdma_text_addf(out, "at %s:%u:%u", e->file, p->line, p->col);
	else
		cdma_text_addf(out, "%s %s:%u",
			       p->is_after ? "after" : "before", e->file,
			       p->line);
	if (p->braces)
		cdma_text_add(out, ", in braces");
}

static const char *words_of(const struct edit *edits, size_t nr,
			    struct cdma_arena *arena)
{
	struct cdma_text text = {0};
	char *s;

	for (size_t i = 0; i < nr; i++) {
		cdma_text_add(&text, i ? ", and " : "");
		add_edit(&text, &edits[i]);
	}
	s = cdma_arena_alloc(arena, text.len + 1);
	memcpy(s, text.at, text.len + 1);
	cdma_text_fini(&text);
	return s;
}

static struct cure_place place_of(const struct edit *e,
				  struct cdma_arena *arena)
{
	struct cdma_text text = {0};
	char *s;

	if (e->where == EDIT_STRICT)
		cdma_text_addf(&text, "%s(), not %s_relaxed()", e->call,
			       e->call);
	else
		cdma_text_addn(&text, e->text, strlen(e->text) - 1);
	s = cdma_arena_alloc(arena, text.len + 1);
	memcpy(s, text.at, text.len + 1);
	cdma_text_fini(&text);
	return (struct cure_place){
		.file = e->file,
		.line = e->place.line,
		.is_after = e->place.is_after,
		.text = s,
	};
}

bool cure_is_tried(const struct campaign_finding *f)
{
	/* Nothing can be written into C. */
	if (f->program->natives.nr && f->at.present && f->at.party.site &&
	    !f->at.party.site->text)
		return false;
	/* No barrier comes between parts of one access. */
	if (f->finding.cure == CDMA_CURE_APART)
		return false;
	switch (f->finding.id) {
	case CDMA_FINDING_UNORDERED_READ:
	case CDMA_FINDING_UNORDERED_WRITE:
	case CDMA_FINDING_UNORDERED_PUBLISH:
	case CDMA_FINDING_UNORDERED_GIVEBACK:
		return true;
	default:
		return false;
	}
}

/* How many schedules at random fit an attempt; 0: they take too long. */
static uint64_t schedules_for(uint64_t steps, uint64_t max)
{
	uint64_t fit = ATTEMPT_STEPS / (steps ? steps : 1);

	if (fit > CURE_SCHEDULES)
		return CURE_SCHEDULES;
	if (fit >= CURE_SCHEDULES_MIN)
		return fit;
	return steps < max / CURE_SCHEDULES_MIN / 8 ? CURE_SCHEDULES_MIN : 0;
}

struct cure cure_find(const struct campaign_finding *finding,
		      const struct machine_options *machine,
		      const struct simplify_options *options,
		      uint64_t max_steps, bool (*is_over)(void *aux), void *aux,
		      struct cdma_arena *arena)
{
	struct curer c = {
		.finding = finding,
		.machine = *machine,
		.options = options,
		.max_steps = max_steps,
		.given = finding->simplified ? finding->simplified->given
					     : options->given,
		.is_over = is_over,
		.aux = aux,
		.arena = arena,
	};
	struct cure cure = {.is_tried = true};
	struct edit edits[2];
	size_t nr = 1;
	bool ok;

	run_shown(&c, finding->program, note_known);
	c.schedules = schedules_for(c.steps, max_steps);
	if (!c.schedules) {
		cdma_vec_free(&c.known);
		return (struct cure){0};
	}
	find_spots(&c);
	run_random(&c, finding->program, note_known);
	ok = find_single(&c, edits);
	if (!ok) {
		nr = 2;
		ok = find_pair(&c, edits);
	}
	if (ok) {
		cure.text = words_of(edits, nr, arena);
		cure.schedules = c.schedules;
		cure.is_clean = c.is_clean;
		for (cure.nr_places = 0; cure.nr_places < nr; cure.nr_places++)
			cure.places[cure.nr_places] =
				place_of(&edits[cure.nr_places], arena);
	}
	cdma_vec_free(&c.readers);
	cdma_vec_free(&c.writers);
	cdma_vec_free(&c.strict);
	cdma_vec_free(&c.known);
	return cure;
}
