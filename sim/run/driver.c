/* SPDX-License-Identifier: MIT */
#include <cdma/driver.h>

#include <cdma/model.h>

#include "native/hooks.h"
#include "native/state.h"
#include "native/window.h"
#include "run/state.h"

/*
 * Services: what a driver has of its scenario.
 */

struct cdma_device *cdma_driver_device(const char *name)
{
	const struct machine *m = native_machine();
	const struct program *p = m->program;

	if (name)
		return cdma_model_device_at(name, native_here());
	for (size_t i = 0; i < p->devices.nr; i++)
		if (p->devices.at[i].regs_size)
			return m->devices[i].dev;
	if (!p->devices.nr)
		native_wrong("the scenario has no device", native_here());
	return m->devices[0].dev;
}

cdma_driver_u64 cdma_driver_param(const char *name, cdma_driver_u64 otherwise)
{
	const struct machine *m = native_machine();

	for (size_t i = 0; i < m->program->params.nr; i++)
		if (!strcmp(m->program->params.at[i].name, name))
			return m->program->params.at[i].value;
	return otherwise;
}

/* ---- registers ---- */

static size_t device_of(const struct machine *m, const struct cdma_device *dev)
{
	for (size_t i = 0; i < m->program->devices.nr; i++)
		if (m->devices[i].dev == dev)
			return i;
	native_wrong("this is no device", native_here());
}

static struct cdma_mmio *mmio_of(struct cdma_device *dev)
{
	const struct machine *m = native_machine();
	size_t i = device_of(m, dev);
	struct cdma_mmio *mmio = m->memory[m->program->devices.at[i].slot].mmio;

	if (!mmio)
		native_wrong("this device has no registers", native_here());
	return mmio;
}

void *cdma_driver_ioremap(struct cdma_device *dev)
{
	struct cdma_mmio *mmio = mmio_of(dev);
	struct native_window *w = native_window_of(mmio);

	if (!w)
		w = native_window_open(cdma_mmio_view(mmio), mmio, true);
	if (!w)
		native_wrong("256 MiB of addresses are used up", native_here());
	return w->at;
}

unsigned long cdma_driver_registers(struct cdma_device *dev)
{
	const struct machine *m = native_machine();

	return m->program->devices.at[device_of(m, dev)].regs_size;
}

/* ---- time ---- */

static uint64_t version(void)
{
	const struct machine *m = native_machine();

	return m->version;
}

cdma_driver_u64 cdma_driver_now(void)
{
	__cdma_result_dep = 0;
	return native.now;
}

void cdma_driver_delay(cdma_driver_u64 ns)
{
	native_wait_for_change(version, native_here());
	native.now += ns;
}

/* ---- findings ---- */

void cdma_driver_warn(const char *text)
{
	run_found_at(native_machine(), native_here(), CDMA_FINDING_ASSERTION,
		     NULL, native_text(text ? text : "WARN_ON()"));
}

unsigned int cdma_driver_cpu(void)
{
	__cdma_result_dep = 0;
	return (unsigned int)native_number();
}
