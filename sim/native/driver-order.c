/* SPDX-License-Identifier: MIT */
#include <cdma/driver.h>

#include <cdma/barrier.h>
#include <cdma/mmio.h>

#include "base/text.h"
#include "native/hooks.h"
#include "native/state.h"
#include "native/window.h"

/*
 * Services: barriers, and registers.
 */

void cdma_driver_barrier(unsigned int domain, unsigned int order)
{
	__cdma_barrier(domain, order, native_here());
}

static const struct native_window *registers(const volatile void *at,
					     const struct cdma_site *site)
{
	const struct native_window *w = NULL;

	if (native_is_window((const void *)at))
		w = native_window_at((const void *)at);
	if (!w || !w->is_registers)
		native_panic("this is no register", site);
	return w;
}

static struct cdma_view view_of(const struct native_window *w,
				const volatile void *at, unsigned int size,
				unsigned int how)
{
	struct cdma_view view = native_window_view(w, (const void *)at, size);

	return how & CDMA_DRIVER_RELAXED ? cdma_mmio_relaxed(view) : view;
}

uint64_t hooks_read_register(const struct native_window *w,
			     struct cdma_view view,
			     const struct cdma_site *site)
{
	uint64_t value = cdma_view_read_at(view, site);

	if (native.mode != MODE_PEEK && cdma_last_dep(native.world))
		native.registers->was_read(native.machine, w->owner,
					   view.offset, view.size, site);
	return value;
}

void hooks_write_register(const struct native_window *w, struct cdma_view view,
			  uint64_t value, uint32_t addr_dep, uint32_t dep,
			  const struct cdma_site *site)
{
	/* What it holds is not known before it is its turn. */
	native_announce(site, false);
	native.is_within = true;
	value = native.registers->written(native.machine, w->owner, view.offset,
					  view.size, value);
	if (addr_dep | dep)
		cdma_set_deps(native.world, addr_dep, dep);
	cdma_view_write_at(view, value, site);
	native.is_within = false;
}

cdma_driver_u64 cdma_driver_mmio_read(const volatile void *at,
				      unsigned int size, unsigned int how)
{
	const struct cdma_site *site = native_here();
	const struct native_window *w = registers(at, site);
	uint64_t value;

	hooks_at = site;
	if (__cdma_arg_deps[0])
		cdma_set_deps(native.world, __cdma_arg_deps[0], 0);
	value = hooks_read_register(w, view_of(w, at, size, how), site);
	__cdma_result_dep =
		native.mode == MODE_PEEK ? 0 : cdma_last_dep(native.world);
	return value;
}

void cdma_driver_mmio_write(volatile void *at, unsigned int size,
			    cdma_driver_u64 value, unsigned int how)
{
	const struct cdma_site *site = native_here();
	const struct native_window *w = registers(at, site);
	uint32_t addr_dep = __cdma_arg_deps[0], dep = __cdma_arg_deps[2];

	hooks_at = site;
	hooks_write_register(w, view_of(w, at, size, how), value, addr_dep, dep,
			     site);
}

/* ---- saying something ---- */

void cdma_driver_log(const char *text)
{
	(void)text;
	cdma_note_at(native.world, native_here());
}

void cdma_driver_missing(const char *name)
{
	struct cdma_text what = {0};
	const char *said;

	cdma_text_addf(&what, "%s(), which nobody provides", name);
	said = native_text(what.at);
	cdma_text_fini(&what);
	native_panic(said, native_here());
}

void cdma_driver_bug(const char *text)
{
	native_panic(native_text(text ? text : "BUG()"), native_here());
}
