/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_HOOKS_H
#define NATIVE_HOOKS_H

/*
 * Hooks: what code of the compiler pass calls (cdma/driver.h), from inside.
 */

#include <stdbool.h>
#include <string.h>

#include <cdma/dep.h>
#include <cdma/driver.h>
#include <cdma/view.h>

#include "native/labels.h"

/* A call goes on whose calls are noted up to @calls.  What others have left of
 * arguments is not its own. */
static inline void hooks_enter(const struct cdma_site **calls)
{
	__cdma_calls = calls;
	memset(__cdma_arg_deps, 0, sizeof(__cdma_arg_deps));
	__cdma_result_dep = CDMA_HOOK_UNKNOWN;
}

/* What the result of the function that has just returned comes from. */
static inline cdma_dep_t hooks_result(void)
{
	return __cdma_result_dep == CDMA_HOOK_UNKNOWN ? 0 : __cdma_result_dep;
}

/* Where the access of the hook that runs is made: for crashes. */
extern const struct cdma_site *hooks_at;

/* What an access reaches. */
struct native_window;

struct target {
	const struct native_window *registers; /* that it is of; or NULL */
	struct cdma_view view;                 /* of those bytes */
	bool is_private; /* the bytes are at the address, and no view */
	bool is_both;    /* the bytes are at the address, too */
};

/* What @size bytes at @at are.  @marked: others may use them at the same time:
 * from now on each access is an event.  Ends the call when nothing is there. */
struct target hooks_target(const void *at, size_t size, bool marked,
			   const struct cdma_site *site);

/* An access to a register, at @view of @w. */
uint64_t hooks_read_register(const struct native_window *w,
			     struct cdma_view view,
			     const struct cdma_site *site);
void hooks_write_register(const struct native_window *w, struct cdma_view view,
			  uint64_t value, uint32_t addr_dep, uint32_t dep,
			  const struct cdma_site *site);

/* Where nothing is noted: neither labels nor anything else. */
static inline bool hooks_is_bare(const void *at, size_t size)
{
	uintptr_t off = (uintptr_t)at - (uintptr_t)native_heap();

	return off < native_private_size() && off % 8 + size <= 8 &&
	       !native_cells()[off / 8];
}

static inline uint64_t hooks_get(const void *at, size_t size)
{
	uint64_t value = 0;

	switch (size) {
	case 8:
		memcpy(&value, at, 8);
		break;
	case 4:
		memcpy(&value, at, 4);
		break;
	case 2:
		memcpy(&value, at, 2);
		break;
	default:
		memcpy(&value, at, 1);
	}
	return value;
}

static inline void hooks_put(void *at, size_t size, uint64_t value)
{
	switch (size) {
	case 8:
		memcpy(at, &value, 8);
		break;
	case 4:
		memcpy(at, &value, 4);
		break;
	case 2:
		memcpy(at, &value, 2);
		break;
	default:
		memcpy(at, &value, 1);
	}
}

static inline cdma_dep_t hooks_join(cdma_dep_t a, cdma_dep_t b)
{
	if (!a || a == b)
		return b;
	return b ? __cdma_join(a, b) : a;
}

#endif /* NATIVE_HOOKS_H */
