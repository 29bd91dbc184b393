/* SPDX-License-Identifier: MIT */
#include <cdma/model.h>

#include "native/native.h"
#include "run/driver.h"
#include "run/native.h"
#include "run/state.h"

/*
 * What a model in C finds of its scenario, by name.
 */

void run_model_attach(struct machine *m)
{
	native_attach(m->world);
	native_set_registers(&driver_registers);
}

static bool same(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

static _Noreturn void unknown(const char *what, const struct cdma_site *site)
{
	native_wrong(what, site);
}

static size_t device_of(const struct machine *m, const char *name,
			const struct cdma_site *site)
{
	for (size_t i = 0; i < m->program->devices.nr; i++)
		if (same(m->program->devices.at[i].name, name))
			return i;
	unknown("the scenario has no device of this name", site);
}

struct cdma_device *cdma_model_device_at(const char *name,
					 const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	return m->devices[device_of(m, name, site)].dev;
}

struct cdma_mmio *cdma_model_mmio_at(const char *name,
				     const struct cdma_site *site)
{
	const struct machine *m = native_machine();
	size_t i = device_of(m, name, site);
	struct cdma_mmio *mmio = m->memory[m->program->devices.at[i].slot].mmio;

	if (!mmio)
		unknown("this device has no registers", site);
	return mmio;
}

struct cdma_view cdma_model_registers_at(const char *name,
					 const struct cdma_site *site)
{
	return cdma_mmio_view(cdma_model_mmio_at(name, site));
}

/* "nic.rx" is rx of nic. */
struct cdma_irq *cdma_model_irq_at(const char *name,
				   const struct cdma_site *site)
{
	const struct machine *m = native_machine();
	const struct program *p = m->program;
	const char *dot = strchr(name, '.');

	for (size_t i = 0; dot && i < p->irqs.nr; i++) {
		const char *device = p->devices.at[p->irqs.at[i].device].name;
		size_t len = (size_t)(dot - name);

		if (same(p->irqs.at[i].name, dot + 1) &&
		    strlen(device) == len && !memcmp(device, name, len))
			return m->irqs[i];
	}
	unknown("the scenario has no interrupt of this name; it is DEVICE.IRQ",
		site);
}

struct cdma_handler *cdma_model_handler_at(const char *name,
					   const struct cdma_site *site)
{
	const struct machine *m = native_machine();
	const struct program *p = m->program;

	for (size_t i = p->irqs.nr; i < p->handlers.nr; i++)
		if (same(p->handlers.at[i].name, name))
			return m->handlers[i];
	unknown("the scenario has no timer, work, tasklet or napi of this name",
		site);
}

struct cdma_lock *cdma_model_lock_at(const char *name,
				     const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->locks.nr; i++)
		if (same(m->program->locks.at[i].name, name))
			return m->locks[i];
	unknown("the scenario has no lock of this name", site);
}

struct cdma_completion *cdma_model_completion_at(const char *name,
						 const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->completions.nr; i++)
		if (same(m->program->completions.at[i], name))
			return m->completions[i];
	unknown("the scenario has no completion of this name", site);
}

struct cdma_waitqueue *cdma_model_waitqueue_at(const char *name,
					       const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->waitqueues.nr; i++)
		if (same(m->program->waitqueues.at[i], name))
			return m->waitqueues[i];
	unknown("the scenario has no wait queue of this name", site);
}

struct cdma_revocable *cdma_model_revocable_at(const char *name,
					       const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->revocables.nr; i++)
		if (same(m->program->revocables.at[i].name, name))
			return m->revocables[i];
	unknown("the scenario has nothing revocable of this name", site);
}

struct cdma_view cdma_model_shared_at(const char *name,
				      const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->slots.nr; i++) {
		const struct program_slot *s = &m->program->slots.at[i];

		if (s->kind == SLOT_SHARED && same(s->name, name))
			return m->memory[i].view;
	}
	unknown("the scenario has no shared variable of this name", site);
}

uint64_t cdma_model_param_at(const char *name, const struct cdma_site *site)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->params.nr; i++)
		if (same(m->program->params.at[i].name, name))
			return m->program->params.at[i].value;
	unknown("the scenario has no param of this name", site);
}

void cdma_model_assert_at(bool cond, const char *text,
			  const struct cdma_site *site)
{
	if (!cond)
		run_found_at(native_machine(), site, CDMA_FINDING_ASSERTION,
			     NULL, text);
}
