/* SPDX-License-Identifier: MIT */
#include "run/notes.h"

#include "run/noter.h"

/* Fewer bits than those of a register are not left by accident. */
#define LOST_FROM 32

/* Late reads that are listed. */
#define LATE_MAX 4

typedef void note_fn(struct noter *n);

static const char *keep(struct noter *n, struct cdma_text *text)
{
	char *s = cdma_arena_alloc(n->arena, text->len + 1);

	memcpy(s, cdma_text_str(text), text->len + 1);
	cdma_text_fini(text);
	return s;
}

void note_line(struct noter *n, struct cdma_text *text)
{
	const char *line = keep(n, text);

	*cdma_vec_push(&n->lines) = line;
}

void note_site(struct cdma_text *out, const struct cdma_site *site)
{
	cdma_text_addf(out, "%s:%u", site->file, site->line);
}

/* The last that was noted before the finding, of its actor; or NULL. */
static const struct run_note *last_of(const struct noter *n,
				      enum note_kind kind)
{
	const struct cdma_party *at = &n->finding->finding.at;

	for (size_t i = n->m->notes.nr; i > 0; i--) {
		const struct run_note *note = &n->m->notes.at[i - 1];

		if (note->kind == kind && note->since < at->seq &&
		    cdma_actor_id_of(note->who->who) == at->actor)
			return note;
	}
	return NULL;
}

/* ---- out of bounds ---- */

static void note_index(struct noter *n)
{
	const struct run_note *note = last_of(n, NOTE_INDEX);
	struct cdma_text text = {0};

	if (!note)
		return;
	cdma_text_addf(&text, "The index is %lld, and there %s %llu element%s.",
		       (long long)note->a, note->b == 1 ? "is" : "are",
		       ull(note->b), note->b == 1 ? "" : "s");
	note_line(n, &text);
}

/* The address in [@begin, @end) that is @addr without some of its upper bits;
 * or with copies of the topmost that it has left, as of a negative number. */
static uint64_t whole_address(uint64_t addr, uint64_t begin, uint64_t end)
{
	for (unsigned int bits = 63; bits >= LOST_FROM; bits--) {
		uint64_t mask = ((uint64_t)1 << bits) - 1;
		uint64_t whole = (begin & ~mask) | (addr & mask);
		bool is_cut = !(addr & ~mask) || !(~addr & ~mask);

		if (is_cut && whole < begin)
			whole += mask + 1;
		if (is_cut && whole != addr && whole >= begin && whole < end)
			return whole;
	}
	return 0;
}

static void add_made(struct noter *n, struct cdma_text *text, uint64_t begin,
		     uint64_t end)
{
	for (size_t i = n->m->notes.nr; i > 0; i--) {
		const struct run_note *note = &n->m->notes.at[i - 1];

		if (note->kind != NOTE_ADDRESS || note->a < begin ||
		    note->a >= end)
			continue;
		cdma_text_add(text, " The address was made at ");
		note_site(text, site_of(n->m, note->in));
		cdma_text_addc(text, '.');
		return;
	}
}

static void note_lost_bits(struct noter *n)
{
	const struct cdma_finding *f = &n->finding->finding;
	struct cdma_text text = {0};

	if (f->region || n->finding->at.kind != CDMA_DEVICE)
		return;
	for (uint32_t id = 1; id <= cdma_regions_nr(n->m->world); id++) {
		struct cdma_region_info info = {0};
		struct region_label label;
		uint64_t whole;

		if (!cdma_region_info(n->m->world, id, &info) || !info.iova)
			continue;
		whole = whole_address(f->arg[1], info.iova,
				      info.iova + info.size);
		if (!whole)
			continue;
		machine_region_label(n->m, id, f->at.seq, &label);
		cdma_text_addf(&text,
			       "With the upper bits that it lost it would be "
			       "0x%llx, byte %llu of %s.",
			       ull(whole), ull(whole - info.iova),
			       label.name ? label.name : info.name);
		add_made(n, &text, info.iova, info.iova + info.size);
		note_line(n, &text);
		return;
	}
}

/* ---- leaks ---- */

/* Whether the memory is there at the end, and comes from the same place. */
static bool is_left(const struct noter *n, uint32_t id, uint64_t *size)
{
	const struct cdma_site *site = n->finding->finding.at.site;
	struct cdma_region_info info = {0};

	if (!cdma_region_info(n->m->world, id, &info) || info.free.seq ||
	    info.alloc.site != site)
		return false;
	*size += info.size;
	return true;
}

static void note_how_many(struct noter *n)
{
	struct cdma_text text = {0};
	uint64_t nr = 0, size = 0;

	for (uint32_t id = 1; id <= cdma_regions_nr(n->m->world); id++)
		nr += is_left(n, id, &size);
	if (nr < 2)
		return;
	cdma_text_addf(&text,
		       "%llu allocations of this place are left, %llu "
		       "bytes together.",
		       ull(nr), ull(size));
	note_line(n, &text);
}

const char *note_section(const struct program_section *s)
{
	return s->name ? s->name : "setup";
}

static bool is_end_of_section(const struct noter *n, const struct run_note *end)
{
	const struct program *p = n->m->program;
	size_t pc = (size_t)(end->in - p->code.at);

	return !end->in->a && (pc + 1 == p->code.nr ||
			       p->scope_of.at[pc] != p->scope_of.at[pc + 1] ||
			       p->sites.at[p->code.at[pc + 1].site]->func !=
				       site_of(n->m, end->in)->func);
}

/* How the section of @note was left: "setup returned -5 at x.dma:12". */
void note_end(struct noter *n, struct cdma_text *text, const char *section,
	      const struct run_note *end)
{
	cdma_text_addf(text, "%s ", section);
	if (is_end_of_section(n, end) && !end->a) {
		cdma_text_add(text, "ended");
		return;
	}
	cdma_text_add(text, "returned");
	if ((int64_t)end->a < 0 && (int64_t)end->a > -4096) {
		cdma_text_addc(text, ' ');
		program_add_error(text, (int)(int64_t)end->a);
	}
	cdma_text_add(text, " at ");
	note_site(text, site_of(n->m, end->in));
}

/* The first end of a section of @actor after event @seq; or the last. */
static const struct run_note *
end_after(const struct noter *n, cdma_actor_id actor, uint64_t seq, bool last)
{
	const struct run_note *found = NULL;

	for (size_t i = 0; i < n->m->notes.nr; i++) {
		const struct run_note *note = &n->m->notes.at[i];

		if (note->kind == NOTE_END && note->since >= seq &&
		    cdma_actor_id_of(note->who->who) == actor &&
		    (last || !found))
			found = note;
	}
	return found;
}

static void note_return(struct noter *n)
{
	const struct cdma_finding *f = &n->finding->finding;
	struct cdma_region_info info = {0};
	const struct run_note *end;
	struct cdma_text text = {0};
	const char *func;

	if (!cdma_region_info(n->m->world, f->region, &info))
		return;
	end = end_after(n, info.alloc.actor, info.alloc.seq, false);
	/* What setup hands on is teardown's to free. */
	if (end && !end->a)
		end = end_after(n, info.alloc.actor, info.alloc.seq, true);
	if (!end)
		return;
	func = site_of(n->m, end->in)->func;
	note_end(n, &text, func ? func : "it", end);
	cdma_text_add(&text, ", and nobody had freed it.");
	note_line(n, &text);
}

/* ---- assertions ---- */

static void add_value(struct cdma_text *out, uint64_t value)
{
	if ((int64_t)value < 0 && (int64_t)value > -4096)
		program_add_error(out, (int)(int64_t)value);
	else
		cdma_text_addf(out, "0x%llx", ull(value));
}

static void note_values(struct noter *n)
{
	const struct cdma_party *at = &n->finding->finding.at;
	struct cdma_text text = {0}, one = {0};

	for (size_t i = 0; i < n->m->notes.nr; i++) {
		const struct run_note *note = &n->m->notes.at[i];
		const struct program_operand *o;

		if (note->kind != NOTE_VALUE || note->since + 1 != at->seq)
			continue;
		o = &n->m->program->operands.at[note->b];
		cdma_text_cut(&one, 0);
		cdma_text_addf(&one, "%s is ", o->text);
		add_value(&one, note->a);
		if (text.len && strstr(text.at, one.at))
			continue;
		cdma_text_addf(&text, "%s%s", text.len ? ", " : "", one.at);
	}
	cdma_text_fini(&one);
	if (!text.len)
		return;
	cdma_text_addc(&text, '.');
	note_line(n, &text);
}

/* ---- late reads ---- */

static bool overlaps(const struct cdma_event *a, const struct cdma_event *b)
{
	return a->object == b->object && a->offset < b->offset + b->size &&
	       b->offset < a->offset + a->size;
}

/* The newest store that a late read missed; NULL: it is not late. */
static const struct cdma_event *missed_by(const struct noter *n,
					  const struct cdma_event *read)
{
	if (read->kind != CDMA_EV_READ || !read->rf)
		return NULL;
	for (uint64_t seq = read->seq - 1; seq > read->rf; seq--) {
		const struct cdma_event *ev = &trace_at(n->trace, seq)->ev;

		if (ev->kind == CDMA_EV_WRITE && overlaps(ev, read))
			return ev;
	}
	return NULL;
}

static void add_late(struct noter *n, const struct cdma_event *read,
		     const struct cdma_event *missed)
{
	const struct cdma_actor *who =
		cdma_actor_find(n->m->world, read->actor);
	struct cdma_text text = {0};

	cdma_text_add(&text, "The read at ");
	note_site(&text, read->site);
	cdma_text_addf(&text,
		       " by %s (#%llu) was late: it got 0x%llx, and "
		       "missed the write at ",
		       who ? cdma_actor_name(who) : "?", ull(read->seq),
		       ull(read->value));
	note_site(&text, missed->site);
	cdma_text_addf(&text, " (#%llu).", ull(missed->seq));
	note_line(n, &text);
}

static void note_late(struct noter *n)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < n->trace->events.nr && nr < LATE_MAX; i++) {
		const struct cdma_event *ev = &n->trace->events.at[i].ev;
		const struct cdma_event *missed = missed_by(n, ev);

		if (!missed || !ev->site || !missed->site)
			continue;
		add_late(n, ev, missed);
		nr++;
	}
}

/* What a broken device had done before: a report that is silent of it would
 * blame the driver alone. */
static void note_faults(struct noter *n)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < n->trace->events.nr && nr < LATE_MAX; i++) {
		const struct cdma_event *ev = &n->trace->events.at[i].ev;
		struct cdma_text text = {0};

		if (ev->kind != CDMA_EV_FAULT ||
		    ev->seq > n->finding->finding.at.seq ||
		    !cdma_fault_is_device((enum cdma_fault_site)ev->value))
			continue;
		cdma_text_addf(
			&text, "A fault of the device came before: %s, ",
			cdma_fault_name((enum cdma_fault_site)ev->value));
		if (cdma_fault_is_sudden((enum cdma_fault_site)ev->value))
			cdma_text_add(&text, "as said at ");
		else
			cdma_text_add(&text, "at ");
		note_site(&text, ev->site);
		cdma_text_addf(&text, " (#%llu).", ull(ev->seq));
		note_line(n, &text);
		nr++;
	}
}

/* ---- all of it ---- */

static const struct {
	enum cdma_finding_id id;
	note_fn *note;
} rules[] = {
	{CDMA_FINDING_OUT_OF_BOUNDS, note_index},
	{CDMA_FINDING_OUT_OF_BOUNDS, note_lost_bits},
	{CDMA_FINDING_LEAK, note_return},
	{CDMA_FINDING_LEAK, note_how_many},
	{CDMA_FINDING_STUCK, note_stuck},
	{CDMA_FINDING_STUCK, note_late},
	{CDMA_FINDING_ASSERTION, note_values},
	{CDMA_FINDING_ASSERTION, note_late},
};

void notes_fill(struct campaign_finding *out, struct machine *machine,
		const struct trace *trace, struct cdma_arena *arena)
{
	struct noter n = {
		.finding = out,
		.m = machine,
		.trace = trace,
		.arena = arena,
	};
	const char **lines;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].id == out->finding.id)
			rules[i].note(&n);
	note_faults(&n);
	lines = cdma_arena_alloc(arena, n.lines.nr * sizeof(*lines));
	for (size_t i = 0; i < n.lines.nr; i++)
		lines[i] = n.lines.at[i];
	out->notes = lines;
	out->nr_notes = n.lines.nr;
	cdma_vec_free(&n.lines);
}
