/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

void op_fence(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_barrier_at(m->world, in->how, in->size, site_of(m, in));
}

/* ---- locks and completions ---- */

bool ready_spin_lock(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	return cdma_lock_is_free(m->locks[in->a]);
}

void op_spin_lock(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_lock_at(m->locks[in->a], site_of(m, in));
}

void op_spin_unlock(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_unlock_at(m->locks[in->a], site_of(m, in));
}

void op_complete(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_complete_at(m->completions[in->a], site_of(m, in));
}

bool ready_wait(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	return cdma_completion_is_done(m->completions[in->a]);
}

void op_wait(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_wait_for_completion_at(m->completions[in->a], site_of(m, in));
}

/* ---- interrupts ---- */

bool ready_irq_enter(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	return cdma_irq_is_pending(m->irqs[in->a]);
}

void op_irq_enter(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	cdma_irq_enter_at(m->irqs[in->a], a->who, site_of(m, in));
}

void op_irq_exit(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_irq_exit_at(m->irqs[in->a], site_of(m, in));
}

void op_irq_disable(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_irq_disable(m->irqs[in->a]);
}

/* A handler that waits for itself waits for ever, as it does in the kernel. */
bool ready_irq_sync(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	return !cdma_irq_is_running(m->irqs[in->a]);
}

void op_irq_sync(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_irq_sync_at(m->irqs[in->a], site_of(m, in));
}

void op_irq_free(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_irq_free_at(m->irqs[in->a], site_of(m, in));
}

void op_irq_enable(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_irq_enable_at(m->irqs[in->a], site_of(m, in));
}

void op_raise(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	if (a->section->device != m->program->irqs.at[in->a].device)
		run_fail(m, in, "this interrupt is another device's");
	else
		cdma_irq_raise_at(m->irqs[in->a], a->who, site_of(m, in));
}

/* ---- polls ---- */

/* Look at the condition without a trace. */
bool ready_poll(struct machine *m, struct actor *a, const struct insn *in)
{
	uint32_t pc = a->pc;
	const struct run_op *op;
	const struct insn *at;
	bool ready;

	m->is_peeking = true;
	for (a->pc++;; (op->peek ? op->peek : op->run)(m, a, at)) {
		at = &m->program->code.at[a->pc];
		if (at->op == INSN_POLL_END)
			break;
		a->pc++;
		op = &run_ops[at->op];
	}
	ready = reg(m, at->a)->bits != 0;
	a->pc = pc;
	m->is_peeking = false;
	(void)in;
	return ready;
}

/* The condition holds, or never will: its reads are made now, together. */
void op_poll(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)in;
	m->flags = CDMA_EVF_POLL;
	while (!m->has_stopped && a->state == ACTOR_LIVE) {
		const struct insn *at = &m->program->code.at[a->pc];

		if (at->op == INSN_POLL_END)
			break;
		a->pc++;
		run_reach(m, at, REACH_DONE);
		run_note_frames(m, at);
		run_ops[at->op].run(m, a, at);
	}
	m->flags = 0;
}

void op_poll_end(struct machine *m, struct actor *a, const struct insn *in)
{
	run_reach(m, in, reg(m, in->a)->bits ? REACH_FINE : REACH_FAILED);
	op_jump_z(m, a, in);
}

/* ---- assertions ---- */

void op_assert(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	if (!reg(m, in->a)->bits)
		run_found(m, in, CDMA_FINDING_ASSERTION, NULL, 0, 0, NULL);
}
