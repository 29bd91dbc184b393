/* SPDX-License-Identifier: MIT */
#include "report/model.h"
#include "report/report.h"
#include "report/wording.h"

#include <string.h>

/*
 * A finding in words.
 */

struct worder {
	const struct report_variant *variant;
	const struct campaign_finding *found;
	struct cdma_arena *arena;
	CDMA_VEC(const char *) why;
};

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

static const char *plural(uint64_t nr)
{
	return nr == 1 ? "" : "s";
}

/* The main thread goes by the section that it is in: "setup". */
static const char *actor_name(const struct campaign_party *party)
{
	const struct cdma_site *site = party->party.site;

	for (size_t i = 0; i < party->nr_frames; i++)
		if (party->frames[i].site)
			site = party->frames[i].site;
	if (party->party.actor == 1 && site && site->func)
		return site->func;
	return party->actor ? party->actor : "?";
}

/* "device nic, thread dma", "setup". */
static void add_actor(struct cdma_text *out, const struct campaign_party *party)
{
	const char *name = actor_name(party);

	switch (party->kind) {
	case CDMA_DEVICE:
		cdma_text_addf(out, "device %s, thread %s",
			       party->device ? party->device : "?", name);
		return;
	case CDMA_IRQ:
		cdma_text_addf(out, "interrupt handler %s", name);
		return;
	case CDMA_SOFTIRQ:
		cdma_text_addf(out, "handler %s", name);
		return;
	case CDMA_CPU:
		cdma_text_addf(out, "%s%s",
			       party->party.actor == 1 ? "" : "CPU thread ",
			       name);
	}
}

static bool is_access(const struct cdma_party *party)
{
	return party->kind == CDMA_EV_READ || party->kind == CDMA_EV_WRITE;
}

static bool has_range(const struct cdma_party *party)
{
	return is_access(party) || party->kind == CDMA_EV_WINDOW_BEGIN ||
	       party->kind == CDMA_EV_LEASE_BEGIN ||
	       (party->kind >= CDMA_EV_MAP &&
		party->kind <= CDMA_EV_SYNC_DEVICE);
}

/* The last name that the memory had. */
static const char *buffer_name(const struct campaign_buffer *buffer)
{
	if (buffer->nr_names)
		return buffer->names[buffer->nr_names - 1];
	return buffer->info.name;
}

/* "read of 4 bytes at rx+0x8 by CPU thread poll (#12)". */
static const char *act_of(const struct worder *w,
			  const struct campaign_party *party)
{
	const struct campaign_buffer *buffer = w->found->buffer;
	const struct cdma_party *what = &party->party;
	struct cdma_text out = {0};

	cdma_text_add(&out, wording_act(what));
	if (has_range(what)) {
		cdma_text_addf(&out, " of %llu byte%s", ull(what->size),
			       plural(what->size));
		if (party->place)
			cdma_text_addf(&out, " at %s", party->place);
		else if (buffer && buffer->info.id == what->object &&
			 what->how != CDMA_MMIO)
			cdma_text_addf(&out, " at %s+0x%llx",
				       buffer_name(buffer), ull(what->offset));
	}
	cdma_text_add(&out, " by ");
	add_actor(&out, party);
	cdma_text_addf(&out, " (#%llu)", ull(what->seq));
	return report_keep(w->arena, &out);
}

static void add_side(const struct worder *w, struct report_finding *out,
		     const char *key, const char *role,
		     const struct campaign_party *party)
{
	if (!party->present)
		return;
	out->sides[out->nr_sides++] = (struct report_side){
		.key = key,
		.role = role,
		.act = act_of(w, party),
		.who = actor_name(party),
		.party = party,
	};
}

static void add_sides(const struct worder *w, struct report_finding *out)
{
	const struct campaign_finding *f = w->found;

	add_side(w, out, "at", "", &f->at);
	add_side(w, out, "against", wording_against(&f->finding), &f->against);
	add_side(w, out, "proof", wording_proof(&f->finding), &f->proof);
	add_side(w, out, "publish", wording_publish(&f->finding), &f->publish);
}

/* Where one side touched more than the other: what both did. */
static const char *common_of(const struct worder *w)
{
	const struct campaign_finding *f = w->found;
	struct cdma_text out = {0};

	if (!f->common)
		return NULL;
	cdma_text_addf(&out, "both touch %llu byte%s at %s",
		       ull(f->common_size), plural(f->common_size), f->common);
	return report_keep(w->arena, &out);
}

/* "poll / dma". */
static const char *who_of(const struct worder *w)
{
	const struct campaign_finding *f = w->found;
	struct cdma_text out = {0};

	cdma_text_add(&out, actor_name(&f->at));
	if (f->against.present && f->against.party.actor != f->at.party.actor)
		cdma_text_addf(&out, " / %s", actor_name(&f->against));
	return report_keep(w->arena, &out);
}

static const char *what_of(const struct worder *w)
{
	const struct cdma_finding *f = &w->found->finding;
	struct cdma_text out = {0};

	cdma_text_add(&out, cdma_finding_summary(f->id));
	if (f->detail)
		cdma_text_addf(&out, ": %s", f->detail);
	return report_keep(w->arena, &out);
}

static const char *where_of(const struct worder *w)
{
	const struct report_variant *v = w->variant;
	struct cdma_text out = {0};

	const char *machine = v->program->machine.name;

	cdma_text_addf(&out, "(%s, variant %s%s%s%s%s)", v->program->name,
		       v->program->variant, v->faults ? ", with " : "",
		       v->faults ? v->faults : "", machine ? ", on " : "",
		       machine ? machine : "");
	return report_keep(w->arena, &out);
}

/* ---- why ---- */

static void add_why(struct worder *w, const char *paragraph)
{
	if (paragraph)
		*cdma_vec_push(&w->why) = paragraph;
}

static void add_why_text(struct worder *w, struct cdma_text *text)
{
	add_why(w, report_keep(w->arena, text));
}

static void add_bounds(struct worder *w)
{
	const struct cdma_finding *f = &w->found->finding;
	struct cdma_text text = {0};

	/* An address where nothing is mapped is no place in memory. */
	if (f->region && is_access(&f->at))
		cdma_text_addf(&text, "It reaches from byte %llu to %llu",
			       ull(f->at.offset),
			       ull(f->at.offset + f->at.size));
	if (f->region && f->arg[0])
		cdma_text_addf(&text, ", and there are %llu.", ull(f->arg[0]));
	else if (f->region)
		cdma_text_addc(&text, '.');
	if (text.len)
		add_why_text(w, &text);
	if (!f->arg[1] && f->at.how != CDMA_DMA)
		return;
	cdma_text_addf(&text, "The DMA address was 0x%llx.", ull(f->arg[1]));
	add_why_text(w, &text);
}

/* Numbers that belong to the kind: sizes, addresses, masks. */
static void add_numbers(struct worder *w)
{
	const struct cdma_finding *f = &w->found->finding;
	struct cdma_text text = {0};

	switch (f->id) {
	case CDMA_FINDING_OUT_OF_BOUNDS:
		add_bounds(w);
		return;
	case CDMA_FINDING_MASK_EXCEEDED:
		cdma_text_addf(&text,
			       "The DMA address was 0x%llx, and the device "
			       "drives %llu bits.",
			       ull(f->arg[0]), ull(f->arg[1]));
		break;
	case CDMA_FINDING_DEVICE_UAF:
	case CDMA_FINDING_WRONG_DEVICE:
	case CDMA_FINDING_WRONG_DIRECTION:
		/* What came before the end of its memory says none. */
		if (f->at.seq < f->against.seq)
			break;
		cdma_text_addf(&text, "The DMA address was 0x%llx.",
			       ull(f->arg[0]));
		break;
	case CDMA_FINDING_LEAK:
	case CDMA_FINDING_OUTLIVES_UNBIND:
		cdma_text_addf(&text, "%llu bytes.", ull(f->arg[0]));
		break;
	default:
		return;
	}
	add_why_text(w, &text);
}

static void add_reasons(struct worder *w, struct report_finding *out)
{
	const char **why;

	add_why(w, wording_why(&w->found->finding));
	add_why(w, wording_poll(&w->found->finding));
	add_numbers(w);
	for (size_t i = 0; i < w->found->nr_notes; i++)
		add_why(w, w->found->notes[i]);
	out->nr_why = w->why.nr;
	why = cdma_arena_alloc(w->arena, w->why.nr * sizeof(*why));
	for (size_t i = 0; i < w->why.nr; i++)
		why[i] = w->why.at[i];
	out->why = why;
	cdma_vec_free(&w->why);
}

static const char *kernel_of(const struct worder *w)
{
	const struct cdma_finding *f = &w->found->finding;
	const struct campaign_buffer *buffer = w->found->buffer;
	const char *line = wording_kernel(f);
	struct cdma_text out = {0};

	if (!line)
		return NULL;
	if (wording_is_mapping(f)) {
		cdma_text_addf(&out, "DMA-API: %s [device address=0x%016llx]",
			       line, ull(f->arg[1]));
		return report_keep(w->arena, &out);
	}
	cdma_text_add(&out, line);
	if (buffer && !strncmp(line, "DMA-API:", 8))
		cdma_text_addf(&out,
			       " [device address=0x%016llx] [size=%zu bytes]",
			       ull(buffer->info.iova), buffer->info.size);
	return report_keep(w->arena, &out);
}

static const char *help_of(const struct worder *w)
{
	struct cdma_text out = {0};

	wording_add_help(&out, &w->found->finding, &w->found->cure);
	return out.len ? report_keep(w->arena, &out) : NULL;
}

/* What the memory is. */
static const char *buffer_of(const struct worder *w)
{
	const struct campaign_buffer *buffer = w->found->buffer;
	struct cdma_text out = {0};

	if (!buffer)
		return NULL;
	cdma_text_addf(&out, "buffer %s: %zu bytes", buffer_name(buffer),
		       buffer->info.size);
	for (size_t i = buffer->nr_names; i > 1; i--)
		cdma_text_addf(
			&out, ", once %s '%s'",
			i == 2 ? cdma_region_state_name(buffer->info.born) : "",
			buffer->names[i - 2]);
	if (buffer->device)
		cdma_text_addf(&out, ", for %s", buffer->device);
	if (buffer->info.iova)
		cdma_text_addf(&out, ", at DMA address 0x%llx",
			       ull(buffer->info.iova));
	return report_keep(w->arena, &out);
}

struct report_finding report_finding_of(const struct report_variant *variant,
					const struct campaign_finding *finding,
					struct cdma_arena *arena)
{
	struct worder w = {variant, finding, arena, {0}};
	struct report_finding out = {
		.from = finding,
		.in = variant,
		.id = cdma_finding_name(finding->finding.id),
	};
	struct cdma_text replay = {0};

	out.who = who_of(&w);
	out.what = what_of(&w);
	out.where = where_of(&w);
	add_sides(&w, &out);
	out.common = common_of(&w);
	add_reasons(&w, &out);
	out.kernel = kernel_of(&w);
	out.help = help_of(&w);
	out.buffer = buffer_of(&w);
	report_replay(&replay, variant, finding);
	out.replay = report_keep(arena, &replay);
	return out;
}
