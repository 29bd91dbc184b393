/* SPDX-License-Identifier: MIT */
#include <cdma/driver.h>

#include <cdma/model.h>

#include "native/hooks.h"
#include "native/state.h"
#include "native/window.h"
#include "run/driver.h"
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

/* The register of @owner that @offset is in; NULL: it is in none. */
static const struct field *register_of(const struct machine *m,
				       const void *owner, size_t offset)
{
	for (size_t i = 0; i < m->program->devices.nr; i++) {
		uint16_t slot = m->program->devices.at[i].slot;
		const struct layout *l = m->program->slots.at[slot].type.layout;

		if (m->memory[slot].mmio != owner)
			continue;
		for (size_t k = 0; k < l->nr_fields; k++)
			if (offset - l->fields[k].offset <
			    l->fields[k].type.size)
				return &l->fields[k];
	}
	return NULL;
}

static uint64_t written(void *machine, const void *owner, size_t offset,
			size_t size, uint64_t value)
{
	const struct machine *m = machine;
	const struct field *f = register_of(m, owner, offset);
	const struct cdma_mmio *mmio = owner;
	unsigned char bytes[8] = {0};
	uint64_t old;

	if (!f || f->how == REG_PLAIN || f->how == REG_RC)
		return value;
	cdma_region_peek(m->world, cdma_mmio_region(mmio), offset, bytes, size);
	old = bytes_get(bytes, (unsigned int)size);
	return f->how == REG_W1C ? old & ~value : old | value;
}

/* One that a read clears. */
static void was_read(void *machine, const void *owner, size_t offset,
		     size_t size, const struct cdma_site *site)
{
	struct machine *m = machine;
	const struct field *f = register_of(m, owner, offset);

	if (f && f->how == REG_RC)
		cdma_mmio_clear_at(cdma_mmio_view(owner), offset,
				   (unsigned int)size, site);
}

const struct native_registers driver_registers = {written, was_read};

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
