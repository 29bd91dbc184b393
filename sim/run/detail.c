/* SPDX-License-Identifier: MIT */
#include "run/detail.h"

#include <cdma/actor.h>
#include <cdma/device.h>
#include <cdma/sync.h>

#include <string.h>

#include "base/text.h"
#include "run/notes.h"

struct detail {
	struct machine *machine;
	const struct trace *trace;
	struct cdma_arena *arena;
};

static const char *keep(const struct detail *d, const char *s)
{
	size_t size;

	if (!s)
		return NULL;
	size = strlen(s) + 1;
	return memcpy(cdma_arena_alloc(d->arena, size), s, size);
}

static const char *actor_name(const struct detail *d, cdma_actor_id id)
{
	const struct cdma_actor *actor =
		cdma_actor_find(machine_world(d->machine), id);

	return actor ? keep(d, cdma_actor_name(actor)) : NULL;
}

static const char *device_name(const struct detail *d, cdma_device_id id)
{
	const struct cdma_device *device =
		cdma_device_find(machine_world(d->machine), id);

	return device ? keep(d, cdma_device_name(device)) : NULL;
}

static void add_frames(const struct detail *d, struct campaign_party *out)
{
	struct campaign_frame *frames;
	const struct frame *f;
	size_t i = 0;

	for (uint32_t ctx = out->party.ctx;
	     (f = machine_frame(d->machine, ctx)); ctx = f->parent)
		out->nr_frames++;
	frames = cdma_arena_alloc(d->arena, out->nr_frames * sizeof(*frames));
	for (uint32_t ctx = out->party.ctx;
	     (f = machine_frame(d->machine, ctx)); ctx = f->parent)
		frames[i++] = (struct campaign_frame){
			.site = f->site,
			.name = f->name,
			.index = f->index,
		};
	out->frames = frames;
}

static void add_actor(const struct detail *d, struct campaign_party *out)
{
	struct cdma_actor *actor =
		cdma_actor_find(machine_world(d->machine), out->party.actor);
	const struct cdma_device *device;

	if (!actor)
		return;
	out->actor = keep(d, cdma_actor_name(actor));
	out->kind = cdma_actor_kind_of(actor);
	device = cdma_actor_device(actor);
	if (device)
		out->device = keep(d, cdma_device_name(device));
}

/* The main thread goes by the section that it was in: "setup". */
static const char *main_section(const struct detail *d,
				const struct cdma_event *ev)
{
	const struct cdma_site *site = ev->site;
	const struct frame *f;

	for (uint32_t ctx = ev->ctx; (f = machine_frame(d->machine, ctx));
	     ctx = f->parent)
		if (f->site)
			site = f->site;
	return site && site->func ? keep(d, site->func)
				  : actor_name(d, ev->actor);
}

static void add_saw(const struct detail *d, struct campaign_party *out)
{
	const struct trace_event *t = trace_saw(d->trace, &out->party);

	if (!t)
		return;
	out->saw = cdma_party_of(&t->ev);
	out->saw_actor = t->ev.actor == 1 ? main_section(d, &t->ev)
					  : actor_name(d, t->ev.actor);
	out->saw_step = t->step;
}

/*
 * What a read got, if it was in one piece.  The model judges an access before
 * it is done, so the finding itself cannot tell.
 */
static void add_got(struct campaign_party *out, const struct trace_event *t)
{
	if (!t || t->ev.kind != CDMA_EV_READ || t->ev.size != out->party.size)
		return;
	out->party.value = t->ev.value;
	out->party.flags = t->ev.flags;
}

static bool has_range(const struct cdma_party *party)
{
	switch (party->kind) {
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
	case CDMA_EV_WINDOW_BEGIN:
	case CDMA_EV_LEASE_BEGIN:
	case CDMA_EV_MAP:
	case CDMA_EV_UNMAP:
	case CDMA_EV_SYNC_CPU:
	case CDMA_EV_SYNC_DEVICE:
	case CDMA_EV_NOTE:
		return party->object && party->size;
	default:
		return false;
	}
}

/* "rx[0].len", as it was called then; "rx+0x4" where that is not known. */
static const char *place_of(const struct detail *d,
			    const struct cdma_party *party, uint64_t offset,
			    uint64_t size)
{
	struct region_label label;
	struct cdma_text text = {0};
	const char *place;

	if (!has_range(party) ||
	    !machine_region_label(d->machine, party->object, party->seq,
				  &label))
		return NULL;
	cdma_text_add(&text, label.name);
	if (!label.type || !type_add_path(&text, *label.type, offset, size))
		cdma_text_addf(&text, "+0x%llx", (unsigned long long)offset);
	place = keep(d, text.at);
	cdma_text_fini(&text);
	return place;
}

/* The bytes that both sides touched, where they are fewer than either did. */
static const char *common_of(const struct detail *d,
			     const struct cdma_finding *f, uint64_t *size)
{
	const struct cdma_party *a = &f->at, *b = &f->against;
	uint64_t begin = a->offset > b->offset ? a->offset : b->offset;
	uint64_t a_end = a->offset + a->size, b_end = b->offset + b->size;
	uint64_t end = a_end < b_end ? a_end : b_end;

	if (!has_range(a) || !has_range(b) || a->object != b->object ||
	    begin >= end || (a->size == b->size && a->offset == b->offset))
		return NULL;
	*size = end - begin;
	return place_of(d, a, begin, end - begin);
}

static struct campaign_party party_of(const struct detail *d,
				      const struct cdma_party *party)
{
	struct campaign_party out = {.party = *party};
	const struct trace_event *t = trace_at(d->trace, party->seq);

	if (!party->seq)
		return out;
	out.present = true;
	out.place = place_of(d, party, party->offset, party->size);
	out.step = t ? t->step : 0;
	add_actor(d, &out);
	add_frames(d, &out);
	add_got(&out, t);
	if (!(out.party.flags & CDMA_EVF_MISSED))
		add_saw(d, &out);
	return out;
}

static const struct campaign_buffer *buffer_of(const struct detail *d,
					       cdma_region_id region)
{
	struct campaign_buffer *b = cdma_arena_alloc(d->arena, sizeof(*b));
	const char **names;

	*b = (struct campaign_buffer){0};
	if (!cdma_region_info(machine_world(d->machine), region, &b->info))
		return NULL;
	b->info.name = keep(d, b->info.name);
	b->device = device_name(d, b->info.device);
	while (machine_region_name(d->machine, region, b->nr_names))
		b->nr_names++;
	names = cdma_arena_alloc(d->arena, b->nr_names * sizeof(*names));
	for (size_t i = 0; i < b->nr_names; i++)
		names[i] = keep(d, machine_region_name(d->machine, region, i));
	b->names = names;
	return b;
}

/* The lock or interrupt that a party is about. */
static const char *object_of(const struct detail *d,
			     const struct cdma_party *party)
{
	switch (party->kind) {
	case CDMA_EV_RELEASE:
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_IRQ_RAISE:
	case CDMA_EV_IRQ_ENTER:
	case CDMA_EV_STATE:
		return keep(d, cdma_object_name(machine_world(d->machine),
						party->object));
	default:
		return NULL;
	}
}

void detail_fill(struct campaign_finding *out,
		 const struct cdma_finding *finding, struct machine *machine,
		 const struct trace *trace, struct cdma_arena *arena)
{
	struct detail d = {machine, trace, arena};

	out->finding = *finding;
	out->at = party_of(&d, &finding->at);
	out->against = party_of(&d, &finding->against);
	out->proof = party_of(&d, &finding->proof);
	out->publish = party_of(&d, &finding->publish);
	out->buffer = finding->region ? buffer_of(&d, finding->region) : NULL;
	out->object = object_of(&d, &finding->at);
	if (finding->proof.flags & CDMA_EVF_RELAXED &&
	    finding->proof.kind == CDMA_EV_IRQ_ENTER)
		out->wire = object_of(&d, &finding->proof);
	out->common = common_of(&d, finding, &out->common_size);
	notes_fill(out, machine, trace, arena);
}
