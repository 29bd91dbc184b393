/* SPDX-License-Identifier: MIT */
#include "run/native.h"
#include "run/ops.h"
#include "run/world.h"

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

/* Nobody runs beside the main thread. */
static unsigned int lock_how(const struct machine *m, const struct actor *a,
			     const struct insn *in)
{
	return in->how | (a == m->main ? CDMA_LOCK_ALONE : 0);
}

void op_spin_lock(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	cdma_lock_as_at(m->locks[in->a], lock_how(m, a, in), site_of(m, in));
}

void op_spin_unlock(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_unlock_as_at(m->locks[in->a], in->how, site_of(m, in));
}

void op_irqs(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	if (in->size)
		cdma_context_on(m->world, in->how);
	else
		cdma_context_off(m->world, in->how);
}

void op_might_sleep(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	if (!m->is_peeking)
		cdma_might_sleep_at(m->world, site_of(m, in));
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

void op_spin_trylock(struct machine *m, struct actor *a, const struct insn *in)
{
	int err = cdma_trylock_as_at(m->locks[in->a], lock_how(m, a, in),
				     site_of(m, in));

	m->version++;
	*reg(m, in->dst) = value_of(!err, 0);
}

void op_complete_all(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_complete_all_at(m->completions[in->a], site_of(m, in));
}

void op_reinit(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_completion_reinit_at(m->completions[in->a], site_of(m, in));
}

void op_try_wait(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	*reg(m, in->dst) =
		value_of(cdma_try_wait_for_completion_at(m->completions[in->a],
							 site_of(m, in)),
			 0);
}

/* Where time may be over at any moment, it is a look that does not wait. */
void op_wait_timeout(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_completion *done = m->completions[in->a];
	bool is_done = cdma_completion_is_done(done);

	if (m->program->early) {
		op_try_wait(m, a, in);
		return;
	}
	m->version++;
	if (is_done)
		cdma_wait_for_completion_at(done, site_of(m, in));
	else
		cdma_completion_timed_out_at(done, site_of(m, in));
	*reg(m, in->dst) = value_of(is_done, 0);
}

void op_completion_done(struct machine *m, struct actor *a,
			const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) =
		value_of(cdma_completion_done_at(m->completions[in->a],
						 m->flags, site_of(m, in)),
			 0);
}

void peek_completion_done(struct machine *m, struct actor *a,
			  const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) =
		value_of(cdma_completion_is_done(m->completions[in->a]), 0);
}

/* ---- conditions ---- */

static bool ends_condition(const struct insn *in)
{
	return in->op == INSN_POLL_END || in->op == INSN_LOOK_END;
}

/* Look at all of the condition that @a is at, in one step: that of @in. */
static void run_condition(struct machine *m, struct actor *a,
			  const struct insn *in, uint32_t flags)
{
	m->flags = flags;
	m->polling = in;
	m->poller = a;
	world_set_memory(m);
	while (!m->has_stopped && a->state == ACTOR_LIVE) {
		const struct insn *at = &m->program->code.at[a->pc];

		if (ends_condition(at))
			break;
		a->pc++;
		run_reach(m, at, REACH_DONE);
		run_note_frames(m, at);
		m->polling = at;
		run_ops[at->op].run(m, a, at);
	}
	m->flags = 0;
	m->polling = NULL;
	world_set_memory(m);
}

/* ---- wait queues ---- */

void op_look(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_waitqueue *wq = m->waitqueues[in->a];

	a->wakes = cdma_waitqueue_wakes(wq);
	cdma_wait_look_at(wq, 0, site_of(m, in));
	run_condition(m, a, in, CDMA_EVF_POLL | CDMA_EVF_TRY);
}

static bool is_woken(const struct machine *m, const struct actor *a,
		     const struct insn *in)
{
	return cdma_waitqueue_wakes(m->waitqueues[in->a]) != a->wakes;
}

bool ready_sleep(struct machine *m, struct actor *a, const struct insn *in)
{
	return is_woken(m, a, in);
}

void op_sleep(struct machine *m, struct actor *a, const struct insn *in)
{
	bool can_be_over = in->flags & INSNF_TIMEOUT && m->program->early;

	m->version++;
	*reg(m, in->dst) = value_of(!is_woken(m, a, in), 0);
	cdma_wait_look_at(m->waitqueues[in->a], can_be_over ? 0 : CDMA_EVF_POLL,
			  site_of(m, in));
}

void op_wake_up(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_wake_up_at(m->waitqueues[in->a], site_of(m, in));
}

/* ---- interrupts ---- */

void op_irq_request(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	a->err = cdma_irq_request_at(m->irqs[in->a], site_of(m, in));
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
}

/* ---- polls ---- */

/* Look at the condition, from @pc on, without a trace: whether it holds. */
static bool peek_condition(struct machine *m, struct actor *a, uint32_t pc)
{
	bool was_peeking = m->is_peeking, ready;
	uint32_t back = a->pc;
	const struct run_op *op;
	const struct insn *at;

	m->is_peeking = true;
	for (a->pc = pc;; (op->peek ? op->peek : op->run)(m, a, at)) {
		at = &m->program->code.at[a->pc];
		if (ends_condition(at))
			break;
		a->pc++;
		op = &run_ops[at->op];
	}
	ready = reg(m, at->a)->bits != 0;
	a->pc = back;
	m->is_peeking = was_peeking;
	return ready;
}

bool ready_poll(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)in;
	return peek_condition(m, a, a->pc + 1);
}

/* ---- what a poll depends on ---- */

static enum cdma_access access_of(const struct insn *in)
{
	switch (in->op) {
	case INSN_REG_LOAD:
	case INSN_ENGINE_LOAD:
		return CDMA_MMIO;
	case INSN_DMA_LOAD:
		return CDMA_DMA;
	default:
		if (in->flags & INSNF_DMA)
			return CDMA_DMA;
		return in->how == HOW_PLAIN ? CDMA_PLAIN : CDMA_MARKED;
	}
}

/* Say that the poll would look at @size bytes of what @in is about. */
static void tell_look(struct machine *m, const struct actor *a,
		      const struct insn *in, uint64_t size)
{
	const struct memory *memory = m->at[in->a];
	const struct program_slot *slot = &m->program->slots.at[in->a];
	uint64_t at = memory->base + memory->offset + place_at(m, in);
	struct cdma_event ev = {
		/* An address may be of anything. */
		.kind = in->a ? CDMA_EV_READ : CDMA_EV_NR,
		.how = (uint8_t)access_of(in),
		.object = memory->region,
		.flags = CDMA_EVF_POLL,
		.actor = cdma_actor_id_of(a->who),
	};

	if (in->a && (!memory->region || at & OFFSET_BAD))
		return;
	if (ev.how == CDMA_MMIO)
		ev.iova = cdma_device_id_of(m->devices[slot->device].dev);
	for (uint64_t done = 0; done < size; done += ev.size) {
		ev.offset = at + done;
		ev.size = (uint8_t)(size - done < 8 ? size - done : 8);
		m->strategy.ops->depends(m->strategy.state, &ev);
	}
}

static void tell_look_at(struct machine *m, cdma_object_id object)
{
	struct cdma_event ev = {.kind = CDMA_EV_STATE,
				.object = object,
				.flags = CDMA_EVF_POLL};

	m->strategy.ops->depends(m->strategy.state, &ev);
}

static void tell_looks(struct machine *m, const struct actor *a,
		       const struct insn *in)
{
	switch (in->op) {
	case INSN_LOAD:
	case INSN_LOAD_Q:
	case INSN_DMA_LOAD:
	case INSN_REG_LOAD:
	case INSN_ENGINE_LOAD:
		tell_look(m, a, in, in->size);
		break;
	case INSN_BULK_READ:
	case INSN_BULK_READ_Q:
		tell_look(m, a, in, reg(m, in->c)->bits);
		break;
	case INSN_COMPLETION_DONE:
		tell_look_at(m, cdma_completion_id(m->completions[in->a]));
		break;
	case INSN_SHOULD_STOP:
		tell_look_at(m, cdma_actor_object(a->who));
		break;
	case INSN_ARMED:
		tell_look_at(m, cdma_handler_id(m->handlers[in->a]));
		break;
	default:
		break;
	}
}

static bool is_jump(const struct insn *in)
{
	return in->op == INSN_JUMP || in->op == INSN_JUMP_Z ||
	       in->op == INSN_JUMP_NZ;
}

/*
 * What the condition looks at depends on what it saw: of (a || b) the second is
 * left out when the first is true.  The wait depends on all of it, for it might
 * have ended otherwise.  So all of it is gone through, and no branch taken.
 */
static void tell_condition(struct machine *m, struct actor *a)
{
	const struct insn *first = &m->program->code.at[a->pc], *at;
	bool was_peeking = m->is_peeking, branches = false;
	uint32_t pc = a->pc;

	if (!m->strategy.ops->depends)
		return;
	for (at = first; at->op != INSN_POLL_END; at++)
		branches |= is_jump(at);
	if (!branches)
		return;
	m->is_peeking = true;
	for (at = first; at->op != INSN_POLL_END; at++) {
		const struct run_op *op = &run_ops[at->op];

		if (is_jump(at))
			continue;
		tell_looks(m, a, at);
		a->pc = (uint32_t)(at + 1 - m->program->code.at);
		(op->peek ? op->peek : op->run)(m, a, at);
	}
	m->is_peeking = was_peeking;
	a->pc = pc;
}

/* The condition holds, or never will: its reads are made now, together. */
void op_poll(struct machine *m, struct actor *a, const struct insn *in)
{
	if (run_can_give_up(m, in)) {
		run_condition(m, a, in, CDMA_EVF_POLL | CDMA_EVF_TRY);
		return;
	}
	tell_condition(m, a);
	m->awaiting = &m->program->code.at[a->pc];
	run_condition(m, a, in, CDMA_EVF_POLL);
	m->awaiting = NULL;
}

/* Whether dst is a register, in a condition. */
static bool gives_number(const struct insn *in)
{
	switch (in->op) {
	case INSN_ALIAS:
	case INSN_SELECT:
	case INSN_VIEW:
	case INSN_CLEAR:
	case INSN_TRY_CAST:
	case INSN_SG_SET:
	case INSN_POINT:
		return false;
	default:
		return in->dst;
	}
}

/* Keep what the rest of the condition, from @in on, may change, or put it back:
 * no register of others, who may be computing. */
static void keep(struct machine *m, const struct insn *in, bool back)
{
	for (; !ends_condition(in); in++) {
		if (!gives_number(in))
			continue;
		if (back)
			*reg(m, in->dst) = m->kept[in->dst];
		else
			m->kept[in->dst] = *reg(m, in->dst);
	}
}

/* Where the read of the poll looks, when that is found again: a condition that
 * reads one place twice has not read it once, and then something else. */
static struct assumed assume(struct machine *m, const struct insn *in,
			     uint64_t raw)
{
	const struct memory *memory = m->at[in->a];

	if (in->op != INSN_LOAD || !memory->region)
		return (struct assumed){0};
	return (struct assumed){
		.region = memory->region,
		.at = memory->base + memory->offset + place_at(m, in),
		.raw = raw,
		.size = in->size,
	};
}

/* Whether @in reads a word and does nothing besides. */
static bool reads_word(const struct insn *in)
{
	return in->op == INSN_LOAD || in->op == INSN_DMA_LOAD ||
	       in->op == INSN_ENGINE_LOAD ||
	       (in->op == INSN_REG_LOAD && in->how != REG_RC);
}

/* What was worked out so far stays as it is. */
bool poll_ends_with(struct machine *m, const struct cdma_event *ev,
		    uint64_t raw)
{
	const struct insn *in = m->polling;
	struct actor *a = m->poller;
	struct assumed assumed;
	bool ends;

	if (in->op == INSN_NATIVE_MORE)
		return run_native_ends_with(ev, raw);
	if (!reads_word(in))
		return false;
	assumed = assume(m, in, raw);
	keep(m, in, false);
	*reg(m, in->dst) = value_of(decode(in, raw), 0);
	m->assumed = assumed;
	ends = peek_condition(m, a, a->pc);
	m->assumed.size = 0;
	keep(m, in, true);
	return ends;
}

void op_poll_end(struct machine *m, struct actor *a, const struct insn *in)
{
	run_reach(m, in, reg(m, in->a)->bits ? REACH_FINE : REACH_FAILED);
	if (!in->how || reg(m, in->a)->bits || m->is_peeking) {
		op_jump_z(m, a, in);
		return;
	}
	/* It was a loop of C, which has no way on.  Hardware may well wait for
	 * ever: nobody has asked it for anything. */
	if (!a->is_device) {
		m->is_stuck = true;
		run_found(m, in, CDMA_FINDING_STUCK, NULL, 0, 0, NULL);
	}
	a->pc = (uint32_t)(in - m->program->code.at);
	a->state = ACTOR_STUCK;
	m->version++;
}

/* ---- assertions ---- */

/* The values that its condition comes from. */
static void note_values(struct machine *m, const struct actor *a,
			const struct insn *in)
{
	const struct program *p = m->program;
	uint32_t pc = (uint32_t)(in - p->code.at);

	for (size_t i = 0; i < p->asserts.nr; i++) {
		const struct program_assert *as = &p->asserts.at[i];

		for (uint32_t j = 0; as->pc == pc && j < as->nr; j++) {
			const struct program_operand *o =
				&p->operands.at[as->first + j];

			if (m->reached[o->pc])
				run_note(m, a, in, NOTE_VALUE,
					 reg(m, o->reg)->bits, as->first + j);
		}
	}
}

void op_assert(struct machine *m, struct actor *a, const struct insn *in)
{
	run_use(m, in, reg(m, in->a), "it is asserted");
	if (reg(m, in->a)->bits)
		return;
	note_values(m, a, in);
	run_found(m, in, CDMA_FINDING_ASSERTION, NULL, 0, 0, NULL);
}
