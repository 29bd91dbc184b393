/* SPDX-License-Identifier: MIT */
#include "run/ops.h"
#include "run/window.h"

/*
 * Faults of devices that come at a time of their own: each is an actor, whose
 * one step it is, so that when it comes is a choice as others are.
 */

static const struct program_fault *fault_of(const struct machine *m,
					    const struct insn *in)
{
	return &m->program->faults.at[in->a];
}

static struct cdma_device *device_of(const struct machine *m,
				     const struct actor *a)
{
	return m->devices[a->section->device].dev;
}

/* Numbered from 1, as the model does. */
static size_t rule_of(const struct insn *in)
{
	return (size_t)in->a + 1;
}

/* ---- what passes a site ---- */

static uint32_t kind_of(enum cdma_fault_site site)
{
	switch (site) {
	case CDMA_FAULT_DROP_IRQ:
	case CDMA_FAULT_REPEAT_IRQ:
		return ARMED_IRQS;
	case CDMA_FAULT_ONES_READL:
	case CDMA_FAULT_DROP_WRITEL:
		return ARMED_REGISTERS;
	case CDMA_FAULT_SPURIOUS_IRQ:
	case CDMA_FAULT_LATE_IRQ:
	case CDMA_FAULT_REMOVE:
		return 0;
	default:
		return ARMED_WRITES;
	}
}

/* How many pass what @fault is about: the engines of its device, or all that
 * CPUs run. */
static size_t nr_passers(const struct program *p,
			 const struct program_fault *fault, bool engines)
{
	size_t nr = 0;

	for (size_t i = 0; i < p->sections.nr; i++) {
		const struct program_section *s = &p->sections.at[i];
		bool engine = s->kind == SECTION_THREAD && s->device >= 0;

		if (engine != engines ||
		    p->code.at[s->entry].op == INSN_FAULT ||
		    (engine &&
		     strcmp(p->devices.at[s->device].name, fault->device)))
			continue;
		nr++;
	}
	return nr;
}

/* What registers do is no thread's, and may raise interrupts. */
static bool reacts(const struct program *p, const struct program_fault *fault)
{
	for (size_t i = 0; i < p->devices.nr; i++)
		if (p->devices.at[i].reacts &&
		    !strcmp(p->devices.at[i].name, fault->device))
			return true;
	return false;
}

uint32_t run_armed(const struct program *p)
{
	uint32_t armed = 0;

	for (size_t i = 0; i < p->faults.nr; i++) {
		const struct program_fault *fault = &p->faults.at[i];
		uint32_t kind;

		if (!fault->device)
			continue;
		kind = kind_of(cdma_fault_find(fault->site));
		armed |= ARMED_HERE;
		if (fault->after ||
		    nr_passers(p, fault, kind != ARMED_REGISTERS) +
				    (kind == ARMED_IRQS && reacts(p, fault)) >
			    1)
			armed |= kind;
	}
	return armed;
}

uint32_t run_passes(const struct machine *m, const struct insn *in)
{
	const uint32_t registers =
		ARMED_REGISTERS | (m->ports ? ARMED_IRQS : 0);

	switch (in->op) {
	case INSN_FAULT:
	case INSN_GONE:
		return ARMED_HERE;
	case INSN_DMA_STORE:
	case INSN_DMA_SPLIT:
		return ARMED_WRITES;
	case INSN_BULK_WRITE:
	case INSN_BULK_READ:
		return ARMED_WRITES | registers;
	case INSN_RAISE:
		return ARMED_IRQS;
	case INSN_REG_LOAD:
	case INSN_REG_STORE:
	case INSN_REG_TRY_LOAD:
	case INSN_REG_TRY_STORE:
	case INSN_POLL:
		return registers;
	default:
		return 0;
	}
}

bool run_reads_ones(const struct machine *m, const struct insn *in,
		    uint64_t offset)
{
	uint16_t device = m->program->slots.at[in->a].device;

	return m->armed && m->program->slots.at[in->a].kind == SLOT_REGS &&
	       cdma_device_reads_ones(m->devices[device].dev, offset, in->size);
}

/* ---- what is left open ---- */

/* Setup is alone, and asks nobody who is next; so what it leaves open makes it
 * a step. */
static void begin_setup_step(struct machine *m)
{
	struct choice choice = {
		.kind = CHOICE_ACTOR,
		.nr = 1,
		.who = (uint64_t)1 << m->program->sections.nr,
		.alone = true,
	};

	if (m->main->state != ACTOR_LIVE ||
	    m->main->section != &m->program->setup)
		return;
	m->is_open = true;
	m->questions = 0;
	if (m->strategy.ops->every_step)
		m->is_given_up =
			strategy_choose(&m->strategy, &choice) == STRATEGY_STOP;
	m->questions = !m->is_given_up;
}

/* A step asks no more than a schedule has room for. */
uint32_t run_choose_fault(void *aux, uint32_t nr, uint32_t percent)
{
	struct machine *m = aux;
	struct choice choice = {
		.kind = CHOICE_FAULT, .nr = nr, .percent = percent};

	begin_setup_step(m);
	if (!m->questions)
		return 0;
	m->questions--;
	return strategy_choose(&m->strategy, &choice);
}

/* ---- what comes ---- */

bool ready_fault(struct machine *m, struct actor *a, const struct insn *in)
{
	enum cdma_fault_site site = cdma_fault_find(fault_of(m, in)->site);

	if (cdma_fault_is_sudden(site))
		return window_is_open(m, rule_of(in));
	return cdma_late_is_due(device_of(m, a), rule_of(in));
}

/* The next step of each engine of a device that is gone is to end.  It is a
 * step, so that whoever tries all orders sees that it would have done more.
 * What it computes up to there it does, perhaps at this moment. */
static void end_engines(struct machine *m, const struct actor *remover,
			const struct insn *in)
{
	for (size_t i = 0; i < m->program->sections.nr; i++) {
		struct actor *a = &m->actors[i];

		if (a == remover || a->state != ACTOR_LIVE || !a->is_device ||
		    a->section->device != remover->section->device)
			continue;
		a->gone = (uint32_t)in->imm;
	}
}

void op_gone(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)in;
	a->gone = 0;
	m->version++;
}

void op_fault(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct cdma_site *site = site_of(m, in);

	m->version++;
	switch (cdma_fault_find(fault_of(m, in)->site)) {
	case CDMA_FAULT_REMOVE:
		cdma_device_remove_at(device_of(m, a), rule_of(in), site);
		end_engines(m, a, in);
		break;
	case CDMA_FAULT_SPURIOUS_IRQ:
		cdma_irq_spurious_at(m->irqs[in->b - 1], a->who, rule_of(in),
				     site);
		break;
	default:
		cdma_late_do(device_of(m, a), rule_of(in));
	}
}
