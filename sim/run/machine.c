/* SPDX-License-Identifier: MIT */
#include "run/machine.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "run/armed.h"
#include "run/free.h"
#include "run/step.h"
#include "run/world.h"

/* ---- what instructions ask for ---- */

void run_fail(struct machine *m, const struct insn *in, const char *message)
{
	if (m->has_stopped || m->is_peeking)
		return;
	m->has_stopped = true;
	m->error = (struct run_error){site_of(m, in), message};
}

void run_ask(struct machine *m)
{
	m->patience = PATIENCE;
	if (!m->options.stops || !m->options.stops(m->options.aux))
		return;
	m->has_stopped = m->is_stopped = true;
}

void run_kill(struct machine *m, struct actor *a)
{
	if (m->is_peeking || a->state != ACTOR_LIVE)
		return;
	a->state = ACTOR_DONE;
	m->version++;
	a->result = -EFAULT;
	if (a == m->main)
		m->has_died = true;
	else
		cdma_actor_exit_at(a->who,
				   m->program->sites.at[a->section->site]);
}

static struct cdma_party party_here(struct machine *m,
				    const struct cdma_site *site,
				    const struct memory *memory,
				    uint64_t offset, uint64_t size)
{
	cdma_note_at(m->world, site);
	return (struct cdma_party){
		.seq = cdma_world_stream(m->world)->seq,
		.site = site,
		.kind = CDMA_EV_NOTE,
		.object = memory ? memory->region : 0,
		.offset = offset,
		.size = size,
		.actor = cdma_actor_id_of(cdma_world_actor(m->world)),
		.ctx = run_ctx(m),
	};
}

static void found_at(struct machine *m, const struct cdma_site *site,
		     enum cdma_finding_id id, const struct memory *memory,
		     uint64_t offset, uint64_t size,
		     const struct cdma_party *against, const char *detail)
{
	struct cdma_finding finding = {
		.id = id,
		.region = memory ? memory->region : 0,
		.detail = detail,
	};

	if (against)
		finding.against = *against;

	if (m->is_peeking)
		return;
	finding.at = party_here(m, site, memory, offset, size);
	cdma_found(&m->sink, &finding);
}

void run_found(struct machine *m, const struct insn *in,
	       enum cdma_finding_id id, const struct memory *memory,
	       uint64_t offset, uint64_t size, const char *detail)
{
	found_at(m, site_of(m, in), id, memory, offset, size, NULL, detail);
}

void run_found_at(struct machine *m, const struct cdma_site *site,
		  enum cdma_finding_id id, const struct cdma_party *against,
		  const char *detail)
{
	found_at(m, site, id, NULL, 0, 0, against, detail);
}

void run_found_against(struct machine *m, const struct insn *in,
		       enum cdma_finding_id id, const struct memory *memory,
		       const struct cdma_party *against,
		       const struct cdma_party *proof, const char *detail)
{
	struct cdma_finding finding = {
		.id = id,
		.region = memory->region,
		.against = *against,
		.proof = *proof,
		.detail = detail,
	};

	finding.at = party_here(m, site_of(m, in), memory, 0, 0);
	cdma_found(&m->sink, &finding);
}

void memory_clear(struct memory *memory, int err)
{
	*memory = (struct memory){.err = err};
}

cdma_addr_t memory_box_iova(const struct machine *m,
			    const struct memory *memory)
{
	struct cdma_region_info info = {0};

	cdma_region_info(m->world, memory->region, &info);
	return info.iova + memory->offset;
}

bool memory_there(struct machine *m, struct actor *a, const struct insn *in,
		  const struct memory *memory)
{
	/* Who has registers needs no map of them. */
	if (!memory->err || (a->is_device && memory->mmio))
		return true;
	/* It was not told of what the driver did not come to have. */
	if (!m->has_no_driver || !a->is_device)
		run_found(
			m, in, CDMA_FINDING_PANIC, NULL, 0, 0,
			"there is no memory behind this name: a NULL pointer");
	run_kill(m, a);
	return false;
}

static uint64_t region_size(const struct machine *m,
			    const struct memory *memory)
{
	struct cdma_region_info info = {0};

	if (memory->window)
		return cdma_window_size(memory->window);
	cdma_region_info(m->world, memory->region, &info);
	return info.size;
}

bool access_check(struct machine *m, struct actor *a, const struct insn *in,
		  const struct memory *memory, uint64_t *offset, uint64_t size)
{
	uint64_t at = memory->offset + *offset, end;

	if (!memory_there(m, a, in, memory))
		return false;
	*offset = offset_bare(at);
	if (offset_is_said(at))
		return false;
	if (!(at & OFFSET_BAD))
		return true;
	end = region_size(m, memory);
	/* What ends outside the memory is the model's to report. */
	if (*offset > end || size > end - *offset)
		return true;
	run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, memory,
		  memory->base + *offset, size,
		  "it is inside the memory, but outside the array");
	return false;
}

bool window_is_writable(struct machine *m, const struct insn *in,
			const struct memory *memory, uint64_t offset,
			uint64_t size)
{
	if (!memory->window || cdma_window_is_exclusive(memory->window))
		return true;
	run_found(m, in, CDMA_FINDING_WINDOW_CONFLICT, memory,
		  memory->base + offset, size, "a write through as_ref");
	return false;
}

/* ---- stepping ---- */

/* Whether @in has to do with what no event tells. */
static bool is_opaque(const struct machine *m, const struct insn *in)
{
	/* Whatever it does, it may pass a place that is to fail. */
	if (in->op == INSN_NATIVE_MORE &&
	    (m->armed || m->planned || m->counts_any))
		return true;
	return run_marks(m, in) & MARK_OPAQUE ||
	       (m->armed && m->armed & run_passes(m, in)) ||
	       run_ops[in->op].sites & m->planned ||
	       (m->counts_any &&
		(run_ops[in->op].sites || run_ops[in->op].passes)) ||
	       run_opens(m, in);
}

static void tell_acted(struct machine *m, bool opaque)
{
	const struct strategy *s = &m->strategy;

	if (s->ops->acted)
		s->ops->acted(s->state, opaque);
}

/* Do what is private, up to the next step, and say what that waits for. */
static void advance(struct machine *m, struct actor *a)
{
	const struct insn *in = next_of(m, a);

	while (a->state == ACTOR_LIVE && !is_step(m, in) && !m->has_stopped) {
		if (run_marks(m, in) & MARK_OPAQUE || run_opens(m, in))
			tell_acted(m, true);
		perform(m, a, in);
		in = next_of(m, a);
	}
	settle(m, a);
}

/* All that can do their next step. */
static uint64_t ready_actors(struct machine *m)
{
	uint64_t ready = m->live;

	for (uint64_t w = m->waiting; w; w &= w - 1)
		if (is_ready(m, &m->actors[__builtin_ctzll(w)]))
			ready |= w & -w;
	return ready;
}

static struct actor *nth_actor(struct machine *m, uint64_t set, uint32_t n)
{
	while (n--)
		set &= set - 1;
	return &m->actors[__builtin_ctzll(set)];
}

/* Who does the next step; NULL: nobody can, or the run is given up. */
static struct actor *choose_actor(struct machine *m)
{
	/* Who waits for somebody who is stuck does so for ever. */
	uint64_t ready = m->is_stuck ? 0 : ready_actors(m);
	struct choice choice = {.kind = CHOICE_ACTOR, .who = ready};
	uint32_t answer = 0;

	if (!ready) {
		struct actor *timeout = first_timeout(m);

		if (!timeout)
			return NULL;
		choice.who = timeout->bit;
		choice.ran_out = true;
	}
	if ((choice.who & (choice.who - 1)) || m->strategy.ops->every_step) {
		choice.nr = (uint32_t)__builtin_popcountll(choice.who);
		answer = strategy_choose(&m->strategy, &choice);
	}
	m->is_given_up = answer == STRATEGY_STOP;
	return m->is_given_up ? NULL : nth_actor(m, choice.who, answer);
}

/* What a step that cannot be done waits for; 0: no object. */
static cdma_object_id waits_for(const struct machine *m, const struct actor *a,
				const struct insn *in)
{
	switch (in->op) {
	case INSN_SPIN_LOCK:
		return cdma_lock_id(m->locks[in->a]);
	case INSN_NATIVE_MORE:
		return run_native_awaits(m, a);
	case INSN_GRACE_END:
	case INSN_UNBIND_BEGIN:
	case INSN_FAULT:
		return 0;
	case INSN_DEVRES_WAIT:
		return cdma_revocable_id(m->revocables[in->a]);
	case INSN_WAIT:
	case INSN_WAIT_TIMEOUT:
		return cdma_completion_id(m->completions[in->a]);
	case INSN_SLEEP:
		return cdma_waitqueue_id(m->waitqueues[in->a]);
	case INSN_THREAD_STOPPED:
		return cdma_actor_object(m->actors[in->a].who);
	default:
		return cdma_handler_id(m->handlers[in->a]);
	}
}

/* What a poll would read if it were done now; nothing else comes of it. */
static void tell_poll(struct machine *m, struct actor *a)
{
	const struct strategy *s = &m->strategy;

	if (!s->ops->looks)
		return;
	s->ops->looks(s->state, (uint32_t)(a - m->actors));
	cdma_world_enter(m->world, a->who);
	m->is_peeking = true;
	if (next_of(m, a)->op == INSN_NATIVE_MORE)
		run_native_look(m, a);
	else
		perform(m, a, next_of(m, a));
	m->is_peeking = false;
}

static void tell_wait(struct machine *m, struct actor *a)
{
	const struct strategy *s = &m->strategy;
	cdma_object_id object = waits_for(m, a, next_of(m, a));

	if (object && s->ops->waits)
		s->ops->waits(s->state, (uint32_t)(a - m->actors), object);
}

/* What somebody would have done who was stopped might have come before. */
static void tell_stopped(struct machine *m)
{
	const struct strategy *s = &m->strategy;
	struct cdma_event any = {.kind = CDMA_EV_NR};

	for (uint64_t w = m->stopped; s->ops->looks && w; w &= w - 1)
		s->ops->looks(s->state, (uint32_t)__builtin_ctzll(w)),
			s->ops->depends(s->state, &any);
}

/* Say who is left waiting.  The polls come last, as they do something. */
static void tell_end(struct machine *m)
{
	const struct strategy *s = &m->strategy;
	uint64_t waiting = m->has_stopped ? 0 : m->waiting & ~ready_actors(m);

	for (uint64_t w = waiting; w; w &= w - 1) {
		struct actor *a = &m->actors[__builtin_ctzll(w)];

		if (!is_poll(m, a, next_of(m, a)))
			tell_wait(m, a);
	}
	for (uint64_t w = waiting; w; w &= w - 1) {
		struct actor *a = &m->actors[__builtin_ctzll(w)];

		if (is_poll(m, a, next_of(m, a)))
			tell_poll(m, a);
	}
	tell_stopped(m);
	if (s->ops->end)
		s->ops->end(s->state);
}

static void run_in_turn(struct machine *m)
{
	struct actor *a, *last = NULL;
	const struct insn *in;

	while (!m->has_stopped && (a = choose_actor(m))) {
		if (a != last)
			cdma_world_enter(m->world, a->who);
		last = a;
		run_count(m, &m->steps);
		m->questions = READ_QUESTIONS_MAX;
		begin_step(a);
		in = next_of(m, a);
		perform(m, a, in);
		tell_acted(m, is_opaque(m, in));
		advance(m, a);
		m->version += m->opens != NULL;
	}
}

static void run_threads(struct machine *m)
{
	if (m->free)
		free_run(m->free);
	else
		run_in_turn(m);
	m->questions = 0;
	tell_end(m);
}

/* ---- the main thread: alone, so nothing is left to choose ---- */

/* Returns false when it waits for what nobody can give. */
static bool run_main(struct machine *m, const struct program_section *section)
{
	struct actor *a = m->main;
	const struct insn *in;

	a->pc = section->entry;
	a->state = ACTOR_LIVE;
	a->section = section;
	while (a->state == ACTOR_LIVE && !m->has_stopped && !m->is_given_up) {
		in = next_of(m, a);
		if (run_ops[in->op].is_visible)
			run_count(m, &m->steps);
		if (run_ops[in->op].ready && !can_run_out(m, a, in) &&
		    !run_ops[in->op].ready(m, a, in)) {
			run_stuck(m, a, in);
			return false;
		}
		perform(m, a, in);
		if (section == &m->program->teardown)
			armed_run(m);
	}
	return !m->is_stuck;
}

/* The end state is looked at: no events but those of assertions. */
static void run_final(struct machine *m)
{
	struct actor *a = m->main;

	a->pc = m->program->final.entry;
	a->state = ACTOR_LIVE;
	a->section = &m->program->final;
	while (next_of(m, a)->op != INSN_END && a->state == ACTOR_LIVE &&
	       !m->has_stopped) {
		const struct insn *in = next_of(m, a);
		const struct run_op *op = &run_ops[in->op];

		a->pc++;
		run_note_frames(m, in);
		run_reach(m, in, REACH_DONE);
		(op->peek ? op->peek : op->run)(m, a, in);
	}
}

/* ---- one run ---- */

static void advance_all(struct machine *m)
{
	for (size_t i = 0; i < m->program->sections.nr; i++) {
		struct actor *a = &m->actors[i];

		if (a->state != ACTOR_LIVE)
			continue;
		cdma_world_enter(m->world, a->who);
		advance(m, a);
	}
}

static enum run_end end_of(const struct machine *m, bool stuck)
{
	if (m->error.message)
		return RUN_ERROR;
	if (m->is_stopped)
		return RUN_STOPPED;
	if (m->has_stopped)
		return RUN_BOUNDED;
	if (m->is_given_up)
		return RUN_GIVEN_UP;
	return stuck ? RUN_STUCK : RUN_DONE;
}

/* Setup, and all up to where the threads begin. */
static enum run_end begin(struct machine *m, int64_t *setup)
{
	const struct program *p = m->program;
	bool stuck = p->has_setup && !run_main(m, &p->setup);
	enum run_end end = end_of(m, stuck);

	*setup = p->has_setup ? m->main->result : 0;
	if (end == RUN_DONE)
		world_probed(m, *setup);
	if (end == RUN_DONE && !*setup && !m->is_shut) {
		world_start(m);
		advance_all(m);
		memcpy(m->reached_mark, m->reached, m->program->code.nr);
		world_mark(m);
	}
	return end;
}

/* @again: the threads are about to begin. */
static enum run_end run_all(struct machine *m, bool again, int64_t *setup)
{
	const struct program *p = m->program;
	enum run_end end = again ? RUN_DONE : begin(m, setup);
	bool stuck = false;

	if (end == RUN_DONE && !*setup) {
		run_threads(m);
		stuck = !m->has_stopped && !m->is_given_up &&
			run_report_stuck(m);
		end = end_of(m, stuck);
	}
	/* Hardware does not know that its driver is gone. */
	if (end == RUN_DONE && *setup && world_leave(m)) {
		advance_all(m);
		run_threads(m);
		end = end_of(m, false);
	}
	if (end == RUN_DONE && !*setup && !m->is_shut) {
		world_join(m);
		if (p->has_final)
			run_final(m);
		if (p->has_teardown) {
			stuck = !run_main(m, &p->teardown);
			stuck |= armed_end(m);
		}
		end = end_of(m, stuck);
	}
	/* Who has died cannot be asked to free anything. */
	if (end == RUN_DONE && !m->has_died) {
		cdma_world_finish(m->world);
		if (p->has_teardown || *setup)
			cdma_handlers_finish(m->world);
	}
	return end;
}

void machine_run(struct machine *m, uint64_t seed, uint64_t index,
		 struct run_result *out)
{
	uint64_t waits = m->checker ? cdma_checker_stats(m->checker).waits : 0;
	bool again = world_rewind(m);
	int64_t setup = 0;

	if (again)
		memcpy(m->reached, m->reached_mark, m->program->code.nr);
	else
		world_reset(m);
	strategy_begin(&m->strategy, seed, index);
	out->end = run_all(m, again, &setup);
	out->setup = (int)setup;
	out->steps = m->steps;
	out->events = cdma_world_stream(m->world)->seq;
	out->error = m->error;
	out->waits =
		m->checker ? cdma_checker_stats(m->checker).waits - waits : 0;
}

const unsigned char *machine_reached(const struct machine *m)
{
	return m->reached;
}

bool machine_is_fault_case(const struct machine *m)
{
	return m->options.is_fault_case;
}

const struct cdma_findings *machine_findings(const struct machine *m)
{
	return m->findings;
}

struct cdma_world *machine_world(const struct machine *m)
{
	return m->world;
}

uint64_t machine_step(const struct machine *m)
{
	return m->steps;
}

void machine_observe(struct machine *m, struct cdma_observer observer)
{
	m->is_watched = true;
	m->is_marked = false;
	machine_observe_threads(m, observer);
}

void machine_observe_threads(struct machine *m, struct cdma_observer observer)
{
	if (m->checker)
		cdma_checker_observe(m->checker, observer);
	else
		cdma_stream_observe(cdma_world_stream(m->world), observer);
}

const struct cdma_site *machine_place(const struct machine *m, uint32_t actor)
{
	const struct actor *a = &m->actors[actor];

	CDMA_REQUIRE(actor <= m->program->sections.nr);
	return a->state == ACTOR_LIVE ? run_place(m, a, next_of(m, a)) : NULL;
}
