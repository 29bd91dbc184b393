/* SPDX-License-Identifier: MIT */
#include "native/hooks.h"

#include <cdma/barrier.h>
#include <cdma/rmw.h>

#include "native/state.h"

/*
 * Atomic operations and fences, with the order that the compiler was asked for.
 *
 * One that is sequentially consistent is the kernel's fully ordered one: it is
 * a full barrier before and after it (Documentation/atomic_t.txt), unless it is
 * a compare-and-exchange that fails.
 */

struct atomic {
	uint32_t how;
	const struct cdma_site *site;
	uint32_t addr_dep, dep; /* of the address; of the operand */
};

static void full_barrier(const struct atomic *op)
{
	cdma_barrier_at(native.world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL,
			op->site);
}

static int64_t extended(uint64_t v, size_t size)
{
	return (int64_t)(v << (64 - 8 * size)) >> (64 - 8 * size);
}

static uint64_t computed(uint32_t what, uint64_t old, uint64_t v, size_t size)
{
	bool is_less = extended(old, size) < extended(v, size);

	switch ((enum cdma_hook_rmw)what) {
	case CDMA_HOOK_ADD:
		return old + v;
	case CDMA_HOOK_SUB:
		return old - v;
	case CDMA_HOOK_AND:
		return old & v;
	case CDMA_HOOK_NAND:
		return ~(old & v);
	case CDMA_HOOK_OR:
		return old | v;
	case CDMA_HOOK_XOR:
		return old ^ v;
	case CDMA_HOOK_MAX:
		return is_less ? v : old;
	case CDMA_HOOK_MIN:
		return is_less ? old : v;
	case CDMA_HOOK_UMAX:
		return old < v ? v : old;
	case CDMA_HOOK_UMIN:
		return old < v ? old : v;
	case CDMA_HOOK_XCHG:
		break;
	}
	return v;
}

/* One that is full has its barriers, and needs no more. */
static bool order_of(uint32_t how, uint32_t what)
{
	return how & what && !(how & CDMA_HOOK_FULL);
}

static uint32_t order_of_read(uint32_t how)
{
	uint32_t flags =
		order_of(how, CDMA_HOOK_ACQUIRE) ? CDMA_EVF_ACQUIRE : 0;

	if (how & CDMA_HOOK_UNUSED)
		flags |= how & (CDMA_HOOK_ACQUIRE | CDMA_HOOK_FULL)
				 ? CDMA_EVF_UNUSED
				 : CDMA_EVF_UNSEEN;
	return flags;
}

/* The barrier before one that may fail is made when it is known that it does
 * not: in the same step. */
static void barrier_within(const struct atomic *op)
{
	native.is_within = true;
	full_barrier(op);
	native.is_within = false;
}

static uint64_t look(struct cdma_rmw *rmw, const struct atomic *op,
		     struct cdma_view view, const uint64_t *expected)
{
	uint64_t raw;

	if (op->addr_dep)
		cdma_set_deps(native.world, op->addr_dep, 0);
	native.is_rmw = true;
	native.expected = expected;
	raw = cdma_rmw_begin(rmw, view, op->site);
	native.is_rmw = false;
	return raw;
}

/* Both halves, in one step; false: @expected, which is not NULL, is not there,
 * and it is a read of order @how_not. */
static bool modify_view(const struct atomic *op, struct cdma_view view,
			uint32_t what, const uint64_t *expected, uint64_t v,
			uint32_t how_not, struct cdma_hooked *out)
{
	struct cdma_rmw rmw;
	uint64_t raw = look(&rmw, op, view, expected);

	out->value = raw;
	if (expected && raw != *expected) {
		cdma_rmw_read(&rmw, order_of_read(how_not));
		out->dep = cdma_last_dep(native.world);
		return false;
	}
	if (expected && op->how & CDMA_HOOK_FULL)
		barrier_within(op);
	cdma_rmw_read(&rmw, order_of_read(op->how));
	out->dep = cdma_last_dep(native.world);
	cdma_rmw_write(&rmw, computed(what, raw, v, view.size),
		       what == CDMA_HOOK_XCHG ? op->dep
					      : hooks_join(op->dep, out->dep),
		       order_of(op->how, CDMA_HOOK_RELEASE) ? CDMA_EVF_RELEASE
							    : 0);
	return true;
}

/* Of memory that nobody else uses: a stack. */
static bool modify_private(const struct atomic *op, void *at, uint32_t what,
			   const uint64_t *expected, uint64_t v,
			   struct cdma_hooked *out)
{
	size_t size = op->how & CDMA_HOOK_SIZE;

	out->value = hooks_get(at, size);
	out->dep = hooks_join(native_label_get(at, size), op->addr_dep);
	if (expected && out->value != *expected)
		return false;
	hooks_put(at, size, computed(what, out->value, v, size));
	native_label_set(at, size,
			 what == CDMA_HOOK_XCHG
				 ? op->dep
				 : hooks_join(op->dep, out->dep));
	return true;
}

static struct cdma_hooked modify(const struct atomic *op, void *at,
				 uint32_t what, const uint64_t *expected,
				 uint64_t v, uint32_t how_not)
{
	size_t size = op->how & CDMA_HOOK_SIZE;
	struct target t = hooks_target(at, size, true, op->site);
	struct cdma_hooked out;
	bool done;

	hooks_at = op->site;
	if (t.registers)
		native_panic("an atomic operation on a register", op->site);
	if (op->how & CDMA_HOOK_FULL && (!expected || t.is_private))
		full_barrier(op);
	if (t.is_private)
		done = modify_private(op, at, what, expected, v, &out);
	else
		done = modify_view(op, t.view, what, expected, v, how_not,
				   &out);
	if (done && t.is_both)
		hooks_put(at, size, computed(what, out.value, v, size));
	if (done && op->how & CDMA_HOOK_FULL)
		full_barrier(op);
	return out;
}

bool native_rmw_may_see(uint64_t raw)
{
	return native.expected && raw != *native.expected;
}

struct cdma_hooked __cdma_rmw(void *at, uint32_t how,
			      const struct cdma_site *site, uint32_t addr_dep,
			      uint64_t value, uint32_t dep, uint32_t what)
{
	const struct atomic op = {how, site, addr_dep, dep};

	return modify(&op, at, what, NULL, value, 0);
}

struct cdma_hooked __cdma_cas(void *at, uint32_t how,
			      const struct cdma_site *site, uint32_t addr_dep,
			      uint64_t expected, uint64_t value, uint32_t dep,
			      uint32_t how_not)
{
	const struct atomic op = {how, site, addr_dep, dep};

	return modify(&op, at, CDMA_HOOK_XCHG, &expected, value, how_not);
}

void __cdma_fence(uint32_t how, const struct cdma_site *site)
{
	hooks_at = site;
	native_enter_calls(site);
	if (how & CDMA_HOOK_FULL) {
		cdma_barrier_at(native.world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL,
				site);
		return;
	}
	if (how & CDMA_HOOK_ACQUIRE)
		cdma_barrier_at(native.world, CDMA_DOMAIN_SMP, CDMA_ORDER_READ,
				site);
	if (how & CDMA_HOOK_RELEASE)
		cdma_barrier_at(native.world, CDMA_DOMAIN_SMP, CDMA_ORDER_WRITE,
				site);
}

void __cdma_barrier(uint32_t domain, uint32_t order,
		    const struct cdma_site *site)
{
	hooks_at = site;
	native_enter_calls(site);
	cdma_barrier_at(native.world, (enum cdma_domain)domain,
			(enum cdma_ordering)order, site);
}
