/* SPDX-License-Identifier: MIT */
#include "script/program.h"

#include <string.h>

/*
 * What a step does is hashed, and who does it; not where it is written, what
 * its memory is called, or what is expected of it.
 */

static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t mix_text(uint64_t hash, const char *s)
{
	for (; s && *s; s++)
		hash = mix(hash, (unsigned char)*s);
	return mix(hash, s != NULL);
}

/* By its name: the numbers change when there is one more instruction. */
static uint64_t mix_op(uint64_t hash, uint8_t op)
{
	static const char *const names[] = {
#define X(name, text, visible) text,
		INSNS(X)
#undef X
	};

	return mix_text(hash, names[op]);
}

static uint64_t mix_code(uint64_t h, const struct program *p)
{
	for (size_t i = 0; i < p->code.nr; i++) {
		const struct insn *in = &p->code.at[i];

		h = mix_op(h, in->op);
		h = mix(h, (uint64_t)in->size << 16 | in->how << 8 | in->flags);
		h = mix(h, (uint64_t)in->dst << 48 | (uint64_t)in->a << 32 |
				   (uint64_t)in->b << 16 | in->c);
		h = mix(h, (uint64_t)in->aux << 32 | in->aux2);
		h = mix(h, in->imm);
	}
	return mix(h, p->code.nr);
}

static uint64_t mix_data(uint64_t h, const struct program *p)
{
	for (size_t i = 0; i < p->consts.nr; i++)
		h = mix(mix(h, p->consts.at[i].value), p->consts.at[i].reg);
	for (size_t i = 0; i < p->slots.nr; i++) {
		const struct program_slot *slot = &p->slots.at[i];

		h = mix(h, (uint64_t)slot->kind << 16 | slot->device);
		h = mix(mix(mix(h, slot->elem_size), slot->count), slot->init);
	}
	for (size_t i = 0; i < p->inits.nr; i++) {
		const struct program_init *init = &p->inits.at[i];

		h = mix(h, (uint64_t)init->offset << 32 | init->value << 16 |
				   init->size << 8 | init->flags);
	}
	for (size_t i = 0; i < p->init_lists.nr; i++)
		h = mix(mix(h, p->init_lists.at[i].nr),
			p->init_lists.at[i].size);
	return mix(h, p->frame_size);
}

static uint64_t mix_devices(uint64_t h, const struct program *p)
{
	for (size_t i = 0; i < p->devices.nr; i++) {
		const struct program_device *d = &p->devices.at[i];

		h = mix(h, (uint64_t)d->dma_bits << 32 | d->addr_bits << 8 |
				   (uint64_t)d->untrusted << 2 | d->bound << 1 |
				   d->master);
		h = mix(mix(h, d->iova_base), d->regs_size);
	}
	for (size_t i = 0; i < p->irqs.nr; i++)
		h = mix(h, (uint64_t)p->irqs.at[i].device << 1 |
				   p->irqs.at[i].wire |
				   (uint64_t)p->irqs.at[i].level << 32);
	for (size_t i = 0; i < p->handlers.nr; i++)
		if (p->handlers.at[i].kind != CDMA_HANDLER_IRQ)
			h = mix(h, (uint64_t)p->handlers.at[i].kind << 32 |
					   p->handlers.at[i].runs);
	h = mix(mix(h, p->locks.nr), p->completions.nr);
	for (size_t i = 0; i < p->reactions.nr; i++) {
		const struct program_reaction *r = &p->reactions.at[i];

		h = mix(mix(h, r->device), r->offset << 1 | r->is_read);
		h = mix(mix(h, r->count), r->section.entry);
	}
	for (size_t i = 0; i < p->revocables.nr; i++)
		h = mix(h, (uint32_t)p->revocables.at[i].device);
	return p->waitqueues.nr ? mix(h, p->waitqueues.nr) : h;
}

static uint64_t mix_section(uint64_t h, const struct program_section *s)
{
	h = mix_text(mix(h, s->kind), s->name);
	h = mix(h, (uint64_t)(uint32_t)s->device << 32 | (uint32_t)s->handler);
	if (s->core >= 0)
		h = mix(h, (uint32_t)s->core);
	return mix(h, s->entry);
}

static uint64_t mix_sections(uint64_t h, const struct program *p)
{
	for (size_t i = 0; i < p->sections.nr; i++)
		h = mix_section(h, &p->sections.at[i]);
	if (p->has_setup)
		h = mix(h, p->setup.entry);
	if (p->has_teardown)
		h = mix(h, p->teardown.entry);
	return mix(h, p->has_final ? p->final.entry : 0);
}

static uint64_t mix_attr(uint64_t h, const struct cdma_fault_attr *a)
{
	h = mix(mix(mix(h, a->probability), a->interval), (uint64_t)a->times);
	return mix(mix(h, a->space), a->fail_nth);
}

static uint64_t mix_faults(uint64_t h, const struct program *p)
{
	for (size_t i = 0; i < p->faults.nr; i++) {
		const struct program_fault *f = &p->faults.at[i];

		h = mix_text(mix_text(h, f->site), f->of);
		h = mix(mix(mix(h, f->when), f->nr), f->byte);
		h = mix(h, (uint32_t)f->error);
		if (f->device)
			h = mix(mix(mix_text(h, f->device), f->bit), f->offset);
		if (f->label || f->in || f->after)
			h = mix_text(mix_text(mix_text(h, f->label), f->in),
				     f->after);
		if (f->has_attr)
			h = mix_attr(h, &f->attr);
	}
	return h;
}

uint32_t program_hash(const struct program *p)
{
	uint64_t h = mix_code(0, p);

	h = mix_data(h, p);
	h = mix_devices(h, p);
	h = mix_sections(h, p);
	h = mix_faults(h, p);
	if (p->contract)
		h = mix(h, p->contract);
	if (p->natives.nr)
		h = mix(mix(h, p->natives.nr), p->native_hash);
	if (p->early)
		h = mix_text(h, "early");
	if (p->machine.name)
		h = mix_text(h, p->machine.name);
	return (uint32_t)(h >> 32);
}
