/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

/*
 * Calls by which threads wait for each other: those of sync-calls.h.
 */

/* ---- locks and completions ---- */

uint16_t call_sync(struct compile *c, const struct expr *e)
{
	static const uint8_t ops[] = {
		[BUILTIN_SPIN_LOCK] = INSN_SPIN_LOCK,
		[BUILTIN_SPIN_UNLOCK] = INSN_SPIN_UNLOCK,
		[BUILTIN_TRYLOCK] = INSN_SPIN_TRYLOCK,
		[BUILTIN_COMPLETE] = INSN_COMPLETE,
		[BUILTIN_COMPLETE_ALL] = INSN_COMPLETE_ALL,
		[BUILTIN_REINIT] = INSN_REINIT,
		[BUILTIN_WAIT_FOR_COMPLETION] = INSN_WAIT,
		[BUILTIN_WAIT_TIMEOUT] = INSN_WAIT_TIMEOUT,
		[BUILTIN_TRY_WAIT] = INSN_TRY_WAIT,
		[BUILTIN_COMPLETION_DONE] = INSN_COMPLETION_DONE,
		[BUILTIN_WAKE_UP] = INSN_WAKE_UP,
	};
	enum builtin_id id = e->builtin->id;
	uint16_t dst = e->builtin->result ? temp_reg(c) : 0;
	struct insn *in = emit(c, ops[id]);

	in->dst = dst;
	in->a = (uint16_t)e->args->sym->index;
	in->how = e->builtin->how;
	in->flags = id == BUILTIN_WAIT_TIMEOUT ? INSNF_TIMEOUT : 0;
	return dst;
}

/* ---- where nobody may sleep ---- */

void emit_might_sleep(struct compile *c, const struct expr *e)
{
	if (e->builtin->sleeps)
		emit(c, INSN_MIGHT_SLEEP);
}

uint16_t call_irqs(struct compile *c, const struct expr *e)
{
	struct insn *in = emit(c, INSN_IRQS);

	in->how = e->builtin->how;
	in->size = e->builtin->id == BUILTIN_IRQS_ON;
	return 0;
}

/* ---- wait queues ---- */

/* Look at the condition once, and jump when it does not hold. */
static void look(struct compile *c, const struct expr *e, jumps_t *no)
{
	uint16_t v;

	emit(c, INSN_LOOK)->a = (uint16_t)e->args->sym->index;
	v = value(c, call_arg(e, 1));
	set_site(c, e->span);
	emit_jump_if(c, INSN_LOOK_END, v, no);
}

/* Sleep; gives the register that says whether time is over. */
static uint16_t sleep_on(struct compile *c, const struct expr *e)
{
	bool can_end = e->builtin->id == BUILTIN_WAIT_EVENT_TIMEOUT;
	uint16_t over = temp_reg(c);
	struct insn *in = emit(c, INSN_SLEEP);

	in->dst = over;
	in->a = (uint16_t)e->args->sym->index;
	in->flags = can_end ? INSNF_TIMEOUT : 0;
	return over;
}

static void set_number(struct compile *c, uint16_t dst, uint64_t v)
{
	uint16_t from = const_reg(c, v);
	struct insn *in = emit(c, INSN_MOV);

	in->dst = dst;
	in->a = from;
}

uint16_t call_wait_event(struct compile *c, const struct expr *e)
{
	uint32_t top = here(c);
	uint16_t dst = temp_reg(c), over;
	jumps_t no = 0, end = 0, again = 0, never = 0;

	look(c, e, &no);
	set_number(c, dst, 1);
	emit_jump(c, INSN_JUMP, &end);
	land(c, no);
	over = sleep_on(c, e);
	if (e->builtin->id == BUILTIN_WAIT_EVENT) {
		emit(c, INSN_JUMP)->imm = top;
		land(c, end);
		return dst;
	}
	emit_choice(c, INSN_JUMP_Z, over, &again);
	land_at(c, again, top);
	/* Time is over: it looks once more. */
	look(c, e, &never);
	set_number(c, dst, 1);
	emit_jump(c, INSN_JUMP, &end);
	land(c, never);
	set_number(c, dst, 0);
	land(c, end);
	return dst;
}

/* ---- RCU ---- */

/* A grace period lasts, so others can act in it. */
uint16_t call_rcu(struct compile *c, const struct expr *e)
{
	switch (e->builtin->id) {
	case BUILTIN_RCU_LOCK:
		emit(c, INSN_RCU_LOCK);
		break;
	case BUILTIN_RCU_UNLOCK:
		emit(c, INSN_RCU_UNLOCK);
		break;
	default:
		emit(c, INSN_GRACE_BEGIN);
		emit(c, INSN_GRACE_END);
	}
	return 0;
}

uint16_t call_request_irq(struct compile *c, const struct expr *e)
{
	uint16_t dst = temp_reg(c);
	struct insn *in = emit(c, INSN_IRQ_REQUEST);

	in->a = (uint16_t)e->args->sym->irq->index;
	in->dst = dst;
	c->program->irqs.at[in->a].is_requested = true;
	return dst;
}
