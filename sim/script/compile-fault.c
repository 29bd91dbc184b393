/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/text.h"

/*
 * A fault of a device that comes at a time of its own is an actor: it has a
 * section, which no text has.
 */

/* Whether it puts something off, or comes of itself. */
static bool has_section(enum cdma_fault_site site)
{
	switch (site) {
	case CDMA_FAULT_REPEAT_WRITE:
	case CDMA_FAULT_DELAY_WRITE:
	case CDMA_FAULT_REORDER_WRITE:
	case CDMA_FAULT_TEAR_WRITE:
	case CDMA_FAULT_REPEAT_IRQ:
	case CDMA_FAULT_SPURIOUS_IRQ:
	case CDMA_FAULT_REMOVE:
		return true;
	default:
		return false;
	}
}

/* "nic_fault", and with a number where there are more. */
static const char *name_section(struct compile *c, const struct fault *fault,
				size_t i)
{
	struct cdma_text text = {0};
	const char *name;

	cdma_text_addf(&text, "%s_fault", fault->device->name);
	for (size_t j = 0; j < i; j++)
		if (c->unit->faults[j].device == fault->device) {
			cdma_text_addf(&text, "%zu", i + 1);
			break;
		}
	name = keep(c, text.at);
	cdma_text_fini(&text);
	return name;
}

static void compile_one(struct compile *c, const struct fault *fault, size_t i)
{
	enum cdma_fault_site site = cdma_fault_find(fault->site);
	struct program_section s = {
		.kind = SECTION_THREAD,
		.name = name_section(c, fault, i),
		.device = (int32_t)fault->device->index,
		.core = -1,
		.handler = -1,
		.entry = here(c),
	};
	struct insn *in;

	c->func = s.name;
	c->scope = 0;
	set_site(c, fault->span);
	s.site = c->site;
	in = emit(c, INSN_FAULT);
	in->a = (uint16_t)i;
	in->b = fault->irq ? (uint16_t)(fault->irq->index + 1) : 0;
	if (!cdma_fault_is_sudden(site))
		emit(c, INSN_JUMP)->imm = s.entry;
	emit(c, INSN_END);
	if (site == CDMA_FAULT_REMOVE) {
		c->program->code.at[s.entry].imm = here(c);
		emit(c, INSN_GONE);
		emit(c, INSN_END);
	}
	*cdma_vec_push(&c->program->sections) = s;
}

void compile_faults(struct compile *c)
{
	for (size_t i = 0; i < c->unit->nr_faults; i++) {
		const struct fault *fault = &c->unit->faults[i];

		if (fault->device && has_section(cdma_fault_find(fault->site)))
			compile_one(c, fault, i);
	}
}
