/* SPDX-License-Identifier: MIT */
#include "native/hooks.h"

#include <cdma/mmio.h>
#include <cdma/region.h>

#include "native/heap.h"
#include "native/library.h"
#include "native/shared.h"
#include "native/state.h"
#include "native/window.h"

/*
 * Target: what is at an address that a hook was given.
 */

static struct target window_target(const void *at, size_t size,
				   const struct cdma_site *site)
{
	const struct native_window *w = native_window_at(at);
	struct target target = {0};

	if (!w)
		native_panic("a wild pointer", site);
	target.view = native_window_view(w, at, size);
	target.registers = w->is_registers ? w : NULL;
	if (w->is_registers)
		target.view = cdma_mmio_relaxed(target.view);
	return target;
}

/* Memory that was private once. */
static struct target odd_target(uint32_t cell, const void *at, size_t size,
				const struct cdma_site *site)
{
	struct target target = {0};

	if (cell == CELL_SHARED) {
		target.is_both = true;
		native_shared_view(at, size, &target.view);
	} else if (!native_heap_view(at, size, &target.view)) {
		native_panic("a wild pointer", site);
	}
	return target;
}

/* What may be used by more than one actor: neither a stack, nor what is not
 * ours. */
static bool can_share(const void *at)
{
	uintptr_t off = (uintptr_t)at - (uintptr_t)native_heap();

	return off < NATIVE_HEAP_SIZE || off >= native_private_size();
}

struct target hooks_target(const void *at, size_t size, bool marked,
			   const struct cdma_site *site)
{
	const uint32_t *first, *last;

	if (native_is_window(at))
		return window_target(at, size, site);
	first = native_cell(at);
	last = first ? native_cell((const char *)at + size - 1) : NULL;
	if (last && *first < CELL_ODD && *last < CELL_ODD && marked &&
	    can_share(at) && native_share(at, size))
		return odd_target(CELL_SHARED, at, size, site);
	if (last && *first >= CELL_ODD)
		return odd_target(*first, at, size, site);
	if (last && *last >= CELL_ODD)
		return odd_target(*last, at, size, site);
	return (struct target){.is_private = true};
}
