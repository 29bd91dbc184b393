/* SPDX-License-Identifier: MIT */
#include "run/world.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "native/native.h"
#include "run/free.h"
#include "run/measure.h"
#include "run/native.h"
#include "run/port.h"
#include "run/window.h"

/* What a run begins with has no place in the text but that of its device. */
static const struct cdma_site *origin(const struct machine *m)
{
	const struct program *p = m->program;
	uint32_t site = p->has_setup ? p->setup.site : 0;

	return p->sites.nr ? p->sites.at[site] : NULL;
}

/* ---- devices ---- */

static void make_registers(struct machine *m, size_t i)
{
	const struct program_device *d = &m->program->devices.at[i];
	struct memory *memory = &m->memory[d->slot];
	struct cdma_mmio *mmio;

	if (!d->regs_size)
		return;
	cdma_set_name(m->world, d->name);
	cdma_mmio_new_at(m->devices[i].dev, d->regs_size, d->regs_size, &mmio,
			 origin(m));
	*memory = (struct memory){
		.mmio = mmio,
		.view = cdma_mmio_view(mmio),
		.region = cdma_mmio_region(mmio),
		.size = d->regs_size,
	};
}

static void make_device(struct machine *m, size_t i)
{
	const struct program_device *d = &m->program->devices.at[i];
	struct device_state *state = &m->devices[i];
	struct cdma_device_config config = {
		.iova_base = d->iova_base,
		.addr_bits = d->addr_bits,
		.mask_bits = d->dma_bits,
		.max_mask_bits = d->dma_bits,
		.no_mask = !d->dma_bits,
		.needs_master = d->uses_master || !d->master,
		.untrusted = d->untrusted,
	};

	*state = (struct device_state){
		.dev = cdma_device_new(m->world, &config, d->name),
		.in_core = d->bound,
		.prober = m->main,
	};
	make_registers(m, i);
	if (!d->bound)
		return;
	cdma_device_probe_begin_at(state->dev, origin(m));
	if (config.needs_master && d->master)
		cdma_device_set_master_at(state->dev, true, origin(m));
}

static void make_shared(struct machine *m, size_t slot)
{
	const struct program_slot *s = &m->program->slots.at[slot];
	struct memory *memory = &m->memory[slot];
	struct cdma_view view;
	unsigned char bytes[8];

	cdma_set_name(m->world, s->name);
	view = cdma_sysmem_new_at(m->world, s->elem_size, s->count, origin(m));
	*memory = (struct memory){
		.view = view,
		.region = cdma_view_region(view),
		.size = view.size,
	};
	if (!s->init)
		return;
	bytes_put(bytes, s->init, (unsigned int)s->elem_size);
	cdma_view_plain_write_at(view, bytes, origin(m));
}

static void make_slots(struct machine *m)
{
	size_t nr = m->program->slots.nr;

	memcpy(m->memory, m->empty, nr * sizeof(*m->memory));
	memcpy(m->at, m->straight, nr * sizeof(*m->at));
}

static void make_revocable(struct machine *m, size_t i)
{
	const struct program_revocable *r = &m->program->revocables.at[i];

	if (r->device < 0) {
		m->revocables[i] = cdma_revocable_make(m->world, r->name);
		return;
	}
	m->devres[i] = cdma_devres_make(m->devices[r->device].dev, r->name);
	m->revocables[i] = cdma_devres_revocable(m->devres[i]);
}

static void make_things(struct machine *m)
{
	const struct program *p = m->program;

	for (size_t i = 0; i < p->devices.nr; i++)
		make_device(m, i);
	ports_begin(m, origin(m));
	for (size_t i = 0; i < p->irqs.nr; i++)
		m->irqs[i] = cdma_irq_new(m->devices[p->irqs.at[i].device].dev,
					  p->irqs.at[i].level  ? CDMA_IRQ_LEVEL
					  : p->irqs.at[i].wire ? CDMA_IRQ_INTX
							       : CDMA_IRQ_MSI,
					  p->irqs.at[i].name);
	for (size_t i = 0; i < p->irqs.nr; i++)
		if (p->irqs.at[i].is_requested)
			cdma_irq_unrequest(m->irqs[i]);
	for (size_t i = 0; i < p->handlers.nr; i++) {
		const struct program_handler *h = &p->handlers.at[i];

		m->handlers[i] = i < p->irqs.nr
					 ? cdma_irq_handler(m->irqs[i])
					 : cdma_handler_new(m->world, h->kind,
							    h->name, h->runs);
	}
	for (size_t i = 0; i < p->slots.nr; i++)
		if (p->slots.at[i].kind == SLOT_SHARED)
			make_shared(m, i);
	for (size_t i = 0; i < p->locks.nr; i++)
		m->locks[i] = (p->locks.at[i].sleeps ? cdma_mutex_new
						     : cdma_lock_new)(
			m->world, p->locks.at[i].name);
	for (size_t i = 0; i < p->completions.nr; i++)
		m->completions[i] =
			cdma_completion_new(m->world, p->completions.at[i]);
	for (size_t i = 0; i < p->waitqueues.nr; i++)
		m->waitqueues[i] =
			cdma_waitqueue_new(m->world, p->waitqueues.at[i]);
	for (size_t i = 0; i < p->revocables.nr; i++)
		make_revocable(m, i);
}

static void reset_actor(struct actor *a)
{
	a->state = ACTOR_IDLE;
	a->err = 0;
	a->gone = 0;
	a->result = 0;
	a->bulk_data = 0;
	a->ready = false;
	a->wakes = a->awaited = 0;
	a->seen = UINT64_MAX;
}

void world_reset(struct machine *m)
{
	m->is_marked = false;
	cdma_findings_reset(m->findings);
	cdma_order_reset(m->order);
	cdma_world_reset(m->world);
	m->leases.nr = m->names.nr = m->pointees.nr = 0;
	m->last_name.nr = 0;
	memset(m->reached, 0, m->program->code.nr);
	run_frames_reset(m);
	m->notes.nr = 0;
	m->live = m->waiting = m->steps = m->turns = 0;
	m->version = 0;
	m->flags = 0;
	m->is_peeking = m->has_stopped = m->is_given_up = false;
	m->is_shut = m->is_open = false;
	m->stopped = 0;
	m->is_stopped = m->has_no_driver = m->has_died = false;
	m->is_stuck = false;
	m->error = (struct run_error){0};
	for (size_t i = 0; i <= m->program->sections.nr; i++)
		reset_actor(&m->actors[i]);
	m->main->who = cdma_world_main(m->world);
	make_slots(m);
	make_things(m);
	if (m->program->natives.nr)
		native_reset(m, m->world, m->program->sections.nr + 1);
}

/* ---- from setup to the threads, and back ---- */

/* What setup read is its own: values that it hands on bring no dependency. */
static void hand_on(struct machine *m)
{
	for (size_t i = 0; i < m->program->setup_regs.nr; i++)
		m->regs[m->program->setup_regs.at[i]].dep = 0;
	for (size_t i = 0; i < m->program->slots.nr; i++)
		m->memory[i].dep = 0;
}

void world_probed(struct machine *m, int64_t err)
{
	run_probed(m, m->main, (int)err, origin(m));
	hand_on(m);
}

static void make_actor(struct machine *m, size_t i)
{
	const struct program_section *s = &m->program->sections.at[i];
	struct actor *a = &m->actors[i];

	a->section = s;
	a->pc = s->entry;
	a->state = ACTOR_LIVE;
	a->is_device = s->device >= 0 && s->kind == SECTION_THREAD;
	if (a->is_device)
		a->who = cdma_engine_new(m->devices[s->device].dev, s->name);
	else
		a->who = cdma_actor_new(
			m->world,
			s->kind == SECTION_HANDLER
				? cdma_handler_context(s->context)
				: CDMA_CPU,
			s->name);
	if (s->core >= 0)
		cdma_actor_set_core(a->who, m->devices[s->core].dev);
}

void world_start(struct machine *m)
{
	const struct program *p = m->program;

	for (size_t i = 0; i < p->sections.nr; i++)
		make_actor(m, i);
	for (size_t i = 0; i < p->sections.nr; i++)
		cdma_actor_start_at(m->actors[i].who,
				    p->sites.at[p->sections.at[i].site]);
}

/* A device whose registers are all zero has been told nothing. */
static bool is_told(const struct machine *m, const struct program_device *d)
{
	unsigned char byte = 0;

	for (uint64_t i = 0; i < d->regs_size && !byte; i++)
		cdma_region_peek(m->world, m->memory[d->slot].region, i, &byte,
				 1);
	return byte;
}

/* What a driver that has gone left behind: a device that runs, and a handler
 * that it requested and did not free. */
static bool is_left(const struct machine *m, const struct actor *a)
{
	const struct program *p = m->program;
	const struct program_section *s = a->section;

	if (a->is_device)
		return is_told(m, &p->devices.at[s->device]);
	return s->handler >= 0 && (size_t)s->handler < p->irqs.nr &&
	       p->irqs.at[s->handler].is_requested &&
	       cdma_irq_is_requested(m->irqs[s->handler]);
}

bool world_leave(struct machine *m)
{
	const struct program *p = m->program;
	bool any = false;

	for (size_t i = 0; i < p->sections.nr; i++) {
		struct actor *a = &m->actors[i];

		make_actor(m, i);
		if (!is_left(m, a))
			a->state = ACTOR_DONE;
		any |= a->is_device && a->state == ACTOR_LIVE;
	}
	for (size_t i = 0; i < p->sections.nr; i++)
		if (m->actors[i].state == ACTOR_LIVE)
			cdma_actor_start_at(
				m->actors[i].who,
				p->sites.at[p->sections.at[i].site]);
	m->has_no_driver = true;
	return any;
}

/*
 * Threads have ended, and an interrupt that nobody requests nor frees is gone
 * with them.  What was armed is not over for having run: it may as well be
 * about to.  Only who has waited for it comes after it.
 */
void world_join(struct machine *m)
{
	const struct program *p = m->program;

	for (size_t i = 0; i < p->sections.nr; i++) {
		struct actor *a = &m->actors[i];
		const struct cdma_site *site =
			p->sites.at[p->sections.at[i].site];

		if (p->has_teardown && p->sections.at[i].is_armed)
			continue;
		if (a->state == ACTOR_LIVE || a->state == ACTOR_STUCK)
			cdma_actor_exit_at(a->who, site);
		a->state = ACTOR_DONE;
		/* Who does nothing afterwards need not hear of it. */
		if (!p->has_teardown)
			continue;
		cdma_world_enter(m->world, m->main->who);
		cdma_actor_join_at(a->who, site);
	}
	cdma_world_enter(m->world, m->main->who);
}

/* ---- a machine ---- */

static void plan_faults(struct machine *m)
{
	struct cdma_faults *faults = cdma_world_faults(m->world);

	m->planned = 0;
	for (size_t i = 0; i < m->program->faults.nr; i++) {
		const struct program_fault *f = &m->program->faults.at[i];
		struct cdma_fault_rule rule = {
			.site = cdma_fault_find(f->site),
			.region = f->size ? NULL : f->of,
			.device = f->device,
			.any = f->any,
			.bit = f->bit,
			.offset = f->offset,
			.size = f->size,
			.err = f->error,
			.byte = f->byte,
			.nth = f->when == FAIL_FIRST ? 1 : f->nr,
			.every = f->when == FAIL_EVERY ? f->nr : 0,
			.has_attr = f->has_attr,
			.attr = f->attr,
			.has_window = f->label || f->in || f->after,
		};

		if (f->has_attr)
			rule.nth = 0;
		CDMA_REQUIRE(!cdma_faults_add(faults, &rule));
		if (rule.site == CDMA_FAULT_ANY)
			m->planned |= (1u << CDMA_FAULT_CALLS) - 1;
		else if (!f->device)
			m->planned |= 1u << rule.site;
		m->counts_any |=
			rule.site == CDMA_FAULT_ANY || (f->after && !f->device);
	}
	for (size_t i = 0; i < m->program->devices.nr; i++)
		m->has_untrusted |= m->program->devices.at[i].untrusted;
	m->opens = window_openers(m->program);
	cdma_faults_ask(faults, run_choose_fault, m);
	cdma_faults_window(faults, window_is_open, m);
	m->armed = run_armed(m->program);
}

static void make_empty(struct machine *m)
{
	const struct program *p = m->program;

	m->memory = cdma_xcalloc(p->slots.nr, sizeof(*m->memory));
	m->empty = cdma_xcalloc(p->slots.nr, sizeof(*m->empty));
	m->at = cdma_xcalloc(p->slots.nr, sizeof(*m->at));
	m->straight = cdma_xcalloc(p->slots.nr, sizeof(*m->straight));
	for (size_t i = 0; i < p->slots.nr; i++) {
		m->straight[i] = &m->memory[i];
		memory_clear(&m->empty[i],
			     p->slots.at[i].kind == SLOT_OBJECT ? -EINVAL : 0);
	}
}

static void make_room(struct machine *m)
{
	const struct program *p = m->program;

	m->reached = cdma_xcalloc(p->code.nr + 1, 1);
	m->reached_mark = cdma_xcalloc(p->code.nr + 1, 1);
	m->regs = cdma_xcalloc(p->nr_regs, sizeof(*m->regs));
	m->kept = cdma_xcalloc(p->nr_regs, sizeof(*m->kept));
	make_empty(m);
	m->frame = cdma_xcalloc(p->frame_size + 1, 1);
	m->frame_undef =
		cdma_xcalloc(p->frame_size + 1, sizeof(*m->frame_undef));
	m->frame_sources =
		cdma_xcalloc(p->frame_size + 1, sizeof(*m->frame_sources));
	m->devices = cdma_xcalloc(p->devices.nr + 1, sizeof(*m->devices));
	m->irqs = cdma_xcalloc(p->irqs.nr + 1, sizeof(*m->irqs));
	m->handlers = cdma_xcalloc(p->handlers.nr + 1, sizeof(*m->handlers));
	m->locks = cdma_xcalloc(p->locks.nr + 1, sizeof(*m->locks));
	m->completions =
		cdma_xcalloc(p->completions.nr + 1, sizeof(*m->completions));
	m->waitqueues =
		cdma_xcalloc(p->waitqueues.nr + 1, sizeof(*m->waitqueues));
	m->revocables =
		cdma_xcalloc(p->revocables.nr + 1, sizeof(*m->revocables));
	m->devres = cdma_xcalloc(p->revocables.nr + 1, sizeof(*m->devres));
	m->actors = cdma_xcalloc(p->sections.nr + 1, sizeof(*m->actors));
	m->main = &m->actors[p->sections.nr];
	for (size_t i = 0; i < p->sections.nr; i++)
		m->actors[i].bit = (uint64_t)1 << i;
	for (size_t i = 0; i < p->consts.nr; i++)
		m->regs[p->consts.at[i].reg].bits = p->consts.at[i].value;
}

static enum cdma_contract contract_of(const struct machine *m)
{
	return m->options.contract ? m->options.contract : m->program->contract;
}

struct machine *machine_new(const struct program *program,
			    const struct machine_options *options)
{
	struct machine *m = cdma_xcalloc(1, sizeof(*m));
	struct cdma_config config;
	const bool weak = world_is_weak(program, m->options.memory);
	struct cdma_order_config order;

	m->program = program;
	if (options)
		m->options = *options;
	if (!m->options.strategy)
		m->options.strategy = &strategy_mixed;
	m->patience = PATIENCE;
	m->cap = m->options.step_cap ? m->options.step_cap : MACHINE_STEP_CAP;
	m->strategy =
		strategy_new(m->options.strategy, m->options.strategy_state);
	m->findings = cdma_findings_new();
	m->record = program->names_turns;
	cdma_findings_split(m->findings, program->names_turns);
	config = (struct cdma_config){
		.strict_windows = m->options.strict_windows,
		.strict_plain = m->options.strict_plain,
		.seed_compat = m->options.seed_compat,
		.contract = contract_of(m),
		.machine = program->machine,
		.any_context = contract_of(m) != CDMA_CONTRACT_RUST,
	};
	m->world = cdma_world_new(&config);
	m->sink = cdma_findings_sink(m->findings);
	order = (struct cdma_order_config){
		.deps = cdma_world_deps(m->world),
		.sink = m->sink,
		.strict_volatile = m->options.strict_volatile,
		.strict_plain = m->options.strict_plain,
		.weak = weak || m->options.keeps_sights,
	};
	m->order = cdma_order_new(&order);
	if (m->options.threads)
		free_prepare(m);
	cdma_world_set_sink(m->world, m->sink);
	machine_observe_threads(m, cdma_order_observer(m->order));
	if (program->natives.nr)
		run_model_attach(m);
	world_set_memory(m);
	plan_faults(m);
	make_room(m);
	ports_new(m);
	if (program->marks.nr)
		m->marks = program->marks.at;
	if (m->strategy.ops->memory)
		m->strategy.ops->memory(
			m->strategy.state, weak,
			config.machine.incoherent ? config.machine.line : 0);
	if (m->options.threads)
		m->free = free_new(m);
	else
		machine_measure(m);
	return m;
}

void machine_free(struct machine *m)
{
	if (!m)
		return;
	for (size_t i = 0; i <= m->program->sections.nr; i++) {
		cdma_vec_free(&m->actors[i].scratch);
		cdma_vec_free(&m->actors[i].scratch_undef);
		cdma_vec_free(&m->actors[i].scratch_sources);
	}
	strategy_free(&m->strategy);
	free_free(m->free);
	cdma_checker_free(m->checker);
	cdma_order_free(m->order);
	cdma_world_free(m->world);
	cdma_findings_free(m->findings);
	cdma_vec_free(&m->leases);
	cdma_vec_free(&m->names);
	cdma_vec_free(&m->last_name);
	cdma_vec_free(&m->pointees);
	cdma_vec_free(&m->frames);
	cdma_vec_free(&m->notes);
	cdma_image_fini(&m->image);
	free(m->reached);
	free(m->reached_mark);
	free(m->frame_table);
	free(m->frame_last);
	free(m->regs);
	free(m->kept);
	free(m->memory);
	free(m->empty);
	free(m->at);
	free(m->straight);
	free(m->frame);
	free(m->frame_undef);
	free(m->frame_sources);
	free(m->devices);
	ports_free(m);
	free(m->irqs);
	free(m->handlers);
	free(m->locks);
	free(m->completions);
	free(m->waitqueues);
	free(m->revocables);
	free(m->devres);
	free(m->actors);
	free(m->opens);
	free(m);
}
