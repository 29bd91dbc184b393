/* SPDX-License-Identifier: MIT */
#include "native/hooks.h"

#include <cdma/barrier.h>

#include "base/text.h"
#include "native/state.h"
#include "native/window.h"

/*
 * Loads and stores.  Nearly all are of private memory of which nothing is
 * noted: they are made here and now.
 */

uint32_t __cdma_arg_deps[CDMA_HOOK_ARGS];
uint32_t __cdma_result_dep, __cdma_result_dep2;
const struct cdma_site **__cdma_calls;
const struct cdma_site *hooks_at;

uint32_t __cdma_join(uint32_t a, uint32_t b)
{
	if (!a || a == b)
		return b;
	return b ? cdma_dep_join(cdma_world_deps(native.world), a, b) : a;
}

uint32_t __cdma_bound(uint32_t dep)
{
	return dep ? cdma_dep_bound(cdma_world_deps(native.world), dep) : 0;
}

void __cdma_branch(uint32_t dep, const struct cdma_site *site)
{
	if (!dep || native.mode != MODE_STEPS)
		return;
	native_enter_calls(site);
	cdma_branch_at(native.world, dep, site);
}

void __cdma_local(void *at, unsigned long size)
{
	native_label_clear(at, size);
}

void __cdma_given(void *at, unsigned long size, uint32_t dep)
{
	native_label_clear(at, size);
	if (dep)
		native_label_set(at, size, dep);
}

void __cdma_asm(const char *text, const struct cdma_site *site)
{
	struct cdma_text what = {0};
	const char *said;

	cdma_text_addf(&what, "assembly that nobody can know here: %s", text);
	said = native_text(what.at);
	cdma_text_fini(&what);
	native_panic(said, site);
}

/* Whether others may use the word at the same time. */
static bool is_marked(uint32_t how)
{
	return how & (CDMA_HOOK_VOLATILE | CDMA_HOOK_ATOMIC);
}

/* ---- loads ---- */

static uint64_t load_view(const struct target *t, const void *at, uint32_t how,
			  const struct cdma_site *site)
{
	size_t size = how & CDMA_HOOK_SIZE;
	uint64_t value = 0;

	(void)at;
	if (how & CDMA_HOOK_ACQUIRE && !t->registers)
		return cdma_view_load_acquire_at(t->view, site);
	if (t->registers)
		return hooks_read_register(t->registers, t->view, site);
	if (is_marked(how))
		return cdma_view_read_at(t->view, site);
	cdma_view_plain_read_at(t->view, &value, site);
	return hooks_get(&value, size);
}

static struct cdma_hooked load_private(const void *at, size_t size,
				       uint32_t addr_dep)
{
	return (struct cdma_hooked){
		.value = hooks_get(at, size),
		.dep = hooks_join(native_label_get(at, size), addr_dep),
	};
}

static struct cdma_hooked load_slow(const void *at, uint32_t how,
				    const struct cdma_site *site,
				    uint32_t addr_dep)
{
	size_t size = how & CDMA_HOOK_SIZE;
	struct target t = hooks_target(at, size, is_marked(how), site);
	struct cdma_hooked out;

	if (t.is_private)
		return load_private(at, size, addr_dep);
	if (addr_dep)
		cdma_set_deps(native.world, addr_dep, 0);
	out.value = load_view(&t, at, how, site);
	out.dep = native.mode == MODE_PEEK ? 0 : cdma_last_dep(native.world);
	return out;
}

struct cdma_hooked __cdma_ld(const void *at, uint32_t how,
			     const struct cdma_site *site, uint32_t addr_dep)
{
	size_t size = how & CDMA_HOOK_SIZE;

	hooks_at = site;
	if (how & CDMA_HOOK_PLAIN && hooks_is_bare(at, size))
		return (struct cdma_hooked){hooks_get(at, size), addr_dep};
	return load_slow(at, how, site, addr_dep);
}

/* ---- stores ---- */

static void store_view(const struct target *t, uint32_t how, uint64_t value,
		       const struct cdma_site *site)
{
	unsigned char bytes[8];

	if (how & CDMA_HOOK_RELEASE) {
		cdma_view_store_release_at(t->view, value, site);
	} else if (is_marked(how)) {
		cdma_view_write_at(t->view, value, site);
	} else {
		hooks_put(bytes, t->view.size, value);
		cdma_view_plain_write_at(t->view, bytes, site);
	}
	if (how & CDMA_HOOK_FULL)
		cdma_barrier_at(native.world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL,
				site);
}

static void store_slow(void *at, uint32_t how, const struct cdma_site *site,
		       uint32_t addr_dep, uint64_t value, uint32_t dep)
{
	size_t size = how & CDMA_HOOK_SIZE;
	struct target t = hooks_target(at, size, is_marked(how), site);

	if (t.registers) {
		hooks_write_register(t.registers, t.view, value, addr_dep, dep,
				     site);
	} else if (!t.is_private) {
		if (addr_dep | dep)
			cdma_set_deps(native.world, addr_dep, dep);
		store_view(&t, how, value, site);
	}
	if (t.is_private || t.is_both)
		hooks_put(at, size, value);
	if (t.is_private)
		native_label_set(at, size, dep);
}

void __cdma_st(void *at, uint32_t how, const struct cdma_site *site,
	       uint32_t addr_dep, uint64_t value, uint32_t dep)
{
	size_t size = how & CDMA_HOOK_SIZE;

	hooks_at = site;
	if (!dep && how & CDMA_HOOK_PLAIN && hooks_is_bare(at, size))
		hooks_put(at, size, value);
	else
		store_slow(at, how, site, addr_dep, value, dep);
}
