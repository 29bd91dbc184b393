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

static struct cdma_view registers(const volatile void *at, unsigned int size,
				  unsigned int how,
				  const struct cdma_site *site)
{
	const struct native_window *w = NULL;
	struct cdma_view view;

	if (native_is_window((const void *)at))
		w = native_window_at((const void *)at);
	if (!w || !w->is_registers)
		native_panic("this is no register", site);
	view = native_window_view(w, (const void *)at, size);
	return how & CDMA_DRIVER_RELAXED ? cdma_mmio_relaxed(view) : view;
}

cdma_driver_u64 cdma_driver_mmio_read(const volatile void *at,
				      unsigned int size, unsigned int how)
{
	const struct cdma_site *site = native_here();
	uint32_t addr_dep = __cdma_arg_deps[0];
	uint64_t value;

	hooks_at = site;
	if (addr_dep)
		cdma_set_deps(native.world, addr_dep, 0);
	value = cdma_view_read_at(registers(at, size, how, site), site);
	__cdma_result_dep =
		native.mode == MODE_PEEK ? 0 : cdma_last_dep(native.world);
	return value;
}

void cdma_driver_mmio_write(volatile void *at, unsigned int size,
			    cdma_driver_u64 value, unsigned int how)
{
	const struct cdma_site *site = native_here();
	uint32_t addr_dep = __cdma_arg_deps[0], dep = __cdma_arg_deps[2];

	hooks_at = site;
	if (addr_dep | dep)
		cdma_set_deps(native.world, addr_dep, dep);
	cdma_view_write_at(registers(at, size, how, site), value, site);
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
