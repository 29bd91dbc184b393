/* SPDX-License-Identifier: MIT */
#ifndef RUN_STEP_H
#define RUN_STEP_H

/*
 * Step: what lockstep (machine.c) and threads (free.c) have in common.
 *
 * A step is one instruction that others can tell from its absence, and all the
 * private ones up to the next.
 */

#include "run/native.h"
#include "run/ops.h"

static inline const struct insn *next_of(const struct machine *m,
					 const struct actor *a)
{
	return &m->program->code.at[a->pc];
}

/* Whether @in is a step of its own. */
static inline bool is_step(const struct machine *m, const struct insn *in)
{
	return run_ops[in->op].is_visible || run_marks(m, in) & MARK_STEP;
}

/* Its next step begins: what that is, if its device was pulled out. */
static inline void begin_step(struct actor *a)
{
	if (a->gone)
		a->pc = a->gone;
}

static inline void perform(struct machine *m, struct actor *a,
			   const struct insn *in)
{
	a->pc++;
	run_reach(m, in, REACH_DONE);
	run_note_frames(m, in);
	run_ops[in->op].run(m, a, in);
}

/* What is private is done: say what the next step waits for. */
static inline void settle(struct machine *m, struct actor *a)
{
	const struct insn *in = next_of(m, a);

	m->live &= ~a->bit;
	m->waiting &= ~a->bit;
	if (a->state != ACTOR_LIVE)
		return;
	if (run_ops[in->op].ready && !run_can_give_up(m, in))
		m->waiting |= a->bit;
	else
		m->live |= a->bit;
	a->seen = UINT64_MAX;
}

/* Whether what @a waits for is there. */
static inline bool is_ready(struct machine *m, struct actor *a)
{
	const struct insn *in = next_of(m, a);

	if (a->gone)
		return true;
	if (a->seen != m->version) {
		a->ready = run_ops[in->op].ready(m, a, in);
		a->seen = m->version;
	}
	return a->ready;
}

/* Whether @a, which is at @in, waits for a condition. */
static inline bool is_poll(const struct machine *m, const struct actor *a,
			   const struct insn *in)
{
	return in->op == INSN_POLL || run_is_native_poll(m, a, in);
}

/* Whether the wait ends also when nobody can help it any more. */
static inline bool can_run_out(const struct machine *m, const struct actor *a,
			       const struct insn *in)
{
	return is_poll(m, a, in) || in->flags & INSNF_TIMEOUT ||
	       run_native_runs_out(m, a, in);
}

/* The first wait that can run out; NULL: none.  Loops that wait for ever do so
 * last, for who gives up may yet do what they wait for.  What nobody will write
 * any more is waited for for ever. */
static inline struct actor *first_timeout(struct machine *m)
{
	struct actor *endless = NULL;

	for (uint64_t w = m->has_no_driver ? 0 : m->waiting; w; w &= w - 1) {
		struct actor *a = &m->actors[__builtin_ctzll(w)];
		const struct insn *in = next_of(m, a);

		if (!can_run_out(m, a, in))
			continue;
		if (!is_poll(m, a, in) || !in->how)
			return a;
		if (!endless)
			endless = a;
	}
	return endless;
}

/* stuck.c: report who waits for ever.  Returns: whether somebody does.
 * @a, which acts, is at @in and waits for what will never come. */
bool run_report_stuck(struct machine *m);
void run_stuck(struct machine *m, const struct actor *a, const struct insn *in);

#endif /* RUN_STEP_H */
