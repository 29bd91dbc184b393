/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

/*
 * Handlers: what is armed, runs later, and is waited for.
 */

static struct cdma_handler *handler_of(const struct machine *m,
				       const struct insn *in)
{
	return m->handlers[in->a];
}

/* ---- running ---- */

bool ready_enter(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	return cdma_handler_can_run(handler_of(m, in));
}

void op_enter(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	cdma_handler_enter_at(handler_of(m, in), a->who, site_of(m, in));
}

/* A handler that wakes its thread says so by what it returns. */
#define WAKE_THREAD 2

void op_exit(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t result = reg(m, in->b)->bits;

	(void)a;
	m->version++;
	if (in->aux && result & WAKE_THREAD)
		cdma_handler_arm_at(m->handlers[in->aux - 1], site_of(m, in));
	cdma_context_end_at(m->world, site_of(m, in));
	cdma_handler_exit_at(handler_of(m, in), result, site_of(m, in));
}

void op_poll_done(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	*reg(m, in->dst) = value_of(
		cdma_handler_complete_at(handler_of(m, in), site_of(m, in)), 0);
}

/* ---- arming ---- */

static bool arm_as(struct cdma_handler *h, enum handler_arms how,
		   const struct cdma_site *site)
{
	switch (how) {
	case HANDLER_PREPARES:
		return cdma_handler_prepare_at(h, site);
	case HANDLER_QUEUES:
		cdma_handler_queue_at(h, site);
		return true;
	default:
		return cdma_handler_arm_at(h, site);
	}
}

/* What a call gives is whether it was armed before, or whether it was not. */
void op_arm(struct machine *m, struct actor *a, const struct insn *in)
{
	bool was_armed = cdma_handler_is_armed(handler_of(m, in)), fresh;

	(void)a;
	m->version++;
	fresh = arm_as(handler_of(m, in), (enum handler_arms)in->aux,
		       site_of(m, in));
	*reg(m, in->dst) =
		value_of(in->how == HANDLER_GIVES_WAS ? was_armed : fresh, 0);
}

void op_armed(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) =
		value_of(cdma_handler_armed_at(handler_of(m, in), m->flags,
					       site_of(m, in)),
			 0);
}

void peek_armed(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) =
		value_of(cdma_handler_is_armed(handler_of(m, in)), 0);
}

void op_raise(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	if (a->section->device != m->program->irqs.at[in->a].device)
		run_fail(m, in, "this interrupt is another device's");
	else
		cdma_irq_raise_at(m->irqs[in->a], a->who, site_of(m, in));
}

void op_lower(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	if (a->section->device != m->program->irqs.at[in->a].device)
		run_fail(m, in, "this interrupt is another device's");
	else
		cdma_irq_lower_at(m->irqs[in->a], a->who, site_of(m, in));
}

bool handler_is_storm(const struct machine *m, uint16_t irq)
{
	return irq < m->program->irqs.nr && cdma_irq_is_storm(m->irqs[irq]);
}

/* ---- disarming, holding, waiting ---- */

void op_change(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_handler *h = handler_of(m, in);
	bool was_armed = cdma_handler_is_armed(h), was_busy;

	m->version++;
	a->awaited = cdma_handler_armings(h);
	was_busy = cdma_handler_change_at(h, in->aux, site_of(m, in));
	*reg(m, in->dst) = value_of(
		in->how == HANDLER_GIVES_BUSY ? was_busy : was_armed, 0);
}

/* A handler that waits for itself waits for ever, as it does in the kernel. */
bool ready_await(struct machine *m, struct actor *a, const struct insn *in)
{
	return cdma_handler_is(handler_of(m, in),
			       (enum cdma_handler_wait)in->size, a->awaited);
}

void op_await(struct machine *m, struct actor *a, const struct insn *in)
{
	bool was_armed = cdma_handler_waited_at(handler_of(m, in), in->aux,
						site_of(m, in));

	(void)a;
	m->version++;
	if (in->dst)
		*reg(m, in->dst) = value_of(was_armed, 0);
}

/* ---- threads that are told to stop ---- */

void op_thread_stop(struct machine *m, struct actor *a, const struct insn *in)
{
	struct actor *thread = &m->actors[in->a];

	(void)a;
	m->version++;
	cdma_actor_tell_at(thread->who, site_of(m, in));
}

bool ready_thread_stopped(struct machine *m, struct actor *a,
			  const struct insn *in)
{
	(void)a;
	return m->actors[in->a].state == ACTOR_DONE;
}

void op_thread_stopped(struct machine *m, struct actor *a,
		       const struct insn *in)
{
	struct actor *thread = &m->actors[in->a];

	(void)a;
	m->version++;
	cdma_actor_wait_at(thread->who, site_of(m, in));
	*reg(m, in->dst) = value_of((uint64_t)thread->result, 0);
}

void op_should_stop(struct machine *m, struct actor *a, const struct insn *in)
{
	*reg(m, in->dst) = value_of(
		cdma_actor_told_at(a->who, m->flags, site_of(m, in)), 0);
}

void peek_should_stop(struct machine *m, struct actor *a, const struct insn *in)
{
	*reg(m, in->dst) = value_of(cdma_actor_is_told(a->who), 0);
}

/* ---- the end of the machine ---- */

/* Engines go on. */
static void stop_cpus(struct machine *m, const struct actor *by,
		      const struct insn *in)
{
	for (size_t i = 0; i < m->program->sections.nr; i++) {
		struct actor *a = &m->actors[i];

		if (a->is_device || a->state != ACTOR_LIVE)
			continue;
		a->state = ACTOR_DONE;
		if (a != by)
			m->stopped |= a->bit;
		m->live &= ~a->bit;
		m->waiting &= ~a->bit;
		cdma_actor_exit_at(a->who, site_of(m, in));
	}
	m->main->state = ACTOR_DONE;
}

void op_shutdown(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	m->is_shut = true;
	cdma_world_shutdown_at(m->world, site_of(m, in));
	stop_cpus(m, a, in);
}
