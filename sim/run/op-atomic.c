/* SPDX-License-Identifier: MIT */
#include "native/native.h"
#include "run/ops.h"

/* ---- atomic operations ---- */

/* Bytes as they lie in memory, so a byte order makes no difference. */
static bool fails(const struct machine *m, const struct insn *in, uint64_t raw)
{
	uint64_t expected = encode(in, reg(m, (uint16_t)in->aux2)->bits);

	return (in->how == RMW_SET_IF && raw != expected) ||
	       (in->how == RMW_ADD_UNLESS && raw == expected);
}

bool rmw_may_see(const struct machine *m, uint64_t raw)
{
	return m->rmw ? fails(m, m->rmw, raw) : native_rmw_may_see(raw);
}

static uint64_t stored(const struct insn *in, uint64_t old, uint64_t operand)
{
	switch ((enum rmw)in->how) {
	case RMW_ADD:
	case RMW_ADD_UNLESS:
		return old + operand;
	case RMW_SUB:
		return old - operand;
	case RMW_AND:
		return old & operand;
	case RMW_OR:
		return old | operand;
	case RMW_XOR:
		return old ^ operand;
	case RMW_SET:
	case RMW_SET_IF:
	case RMW_NONE:
		break;
	}
	return operand;
}

static bool uses_old(const struct insn *in)
{
	return in->how != RMW_SET && in->how != RMW_SET_IF;
}

static bool can_fail(const struct insn *in)
{
	return in->how == RMW_SET_IF || in->how == RMW_ADD_UNLESS;
}

static uint32_t unused(const struct insn *in)
{
	return in->aux & RMWF_UNUSED ? CDMA_EVF_UNUSED : 0;
}

static void modify(struct machine *m, const struct insn *in,
		   struct cdma_rmw *rmw, uint64_t raw)
{
	const struct value *v = reg(m, in->c);
	struct value *old = reg(m, in->dst);
	cdma_dep_t data = v->dep;
	uint64_t bits;

	if ((in->aux & RMWF_FULL) && can_fail(in))
		cdma_barrier_at(m->world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL,
				site_of(m, in));
	cdma_rmw_read(rmw,
		      (in->aux & RMWF_ACQUIRE ? CDMA_EVF_ACQUIRE : 0) |
			      (in->aux & RMWF_UNSEEN ? CDMA_EVF_UNSEEN : 0) |
			      unused(in));
	bits = stored(in, decode(in, raw), v->bits);
	*old = value_of(decode(in, raw), cdma_last_dep(m->world));
	if (uses_old(in))
		data = join(m, data, old->dep);
	cdma_rmw_write(rmw, encode(in, bits), data,
		       in->aux & RMWF_RELEASE ? CDMA_EVF_RELEASE : 0);
}

/* One that fails is a read, and orders nothing. */
void op_rmw(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t raw, offset = place_at(m, in);
	cdma_dep_t addr = join(m, reg(m, in->b)->dep, memory->dep);
	struct cdma_view view = memory->view;
	struct cdma_rmw rmw;

	m->version++;
	*reg(m, in->dst) = (struct value){0};
	if (!access_check(m, a, in, memory, &offset, in->size))
		return;
	view.offset = offset;
	view.size = view.elem_size = in->size;
	access_begin(m, in, addr, 0);
	m->rmw = in;
	raw = cdma_rmw_begin(&rmw, view, site_of(m, in));
	m->rmw = NULL;
	if (!fails(m, in, raw)) {
		modify(m, in, &rmw, raw);
		return;
	}
	cdma_rmw_read(&rmw, unused(in));
	*reg(m, in->dst) = value_of(decode(in, raw), cdma_last_dep(m->world));
	if (in->aux & RMWF_FULL)
		a->pc++;
}

/* ---- RCU ---- */

void op_rcu_lock(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_rcu_read_lock_at(m->world, site_of(m, in));
}

void op_rcu_unlock(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	if (!cdma_rcu_is_read_locked(m->world)) {
		run_fail(m, in, "rcu_read_unlock() without rcu_read_lock()");
		return;
	}
	m->version++;
	cdma_rcu_read_unlock_at(m->world, site_of(m, in));
}

void op_grace_begin(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_grace_begin_at(m->world, site_of(m, in));
}

/* It waits for the sections that had begun when it began. */
bool ready_grace_end(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)m;
	(void)in;
	return cdma_grace_is_over(a->who);
}

void op_grace_end(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_grace_end_at(m->world, site_of(m, in));
}
