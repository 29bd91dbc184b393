/* SPDX-License-Identifier: MIT */
#include "run/free.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/rng.h"
#include "base/xalloc.h"
#include "run/alone.h"
#include "run/step.h"

struct thread {
	struct free *free;
	struct actor *actor;
	struct cdma_rng rng; /* when to let others pass */
	pthread_t id;
};

struct free {
	struct machine *machine;
	bool *alone; /* owned; by pc */
	/* Where actors stand is looked at by others, for a window of faults:
	 * they compute while they have the lock. */
	bool is_looked_at;
	struct thread *threads; /* owned; by section */
	uint64_t runs;

	/* Of the machine, and of all that follows.  No other lock is asked
	 * for by who holds the lock, but that of the table of dependencies,
	 * and those of the queue to the checker, which asks for neither. */
	pthread_mutex_t lock;
	pthread_cond_t changed; /* what somebody may wait for */
	uint64_t version;       /* of the machine, when that was last said */
	uint64_t computing;     /* actors that are between two steps */
	struct actor *late;     /* whose wait runs out next; NULL: nobody's */
	bool is_over;           /* nobody can go on any more */
};

void free_prepare(struct machine *m)
{
	m->checker = cdma_checker_new(m->sink, 0);
	m->sink = cdma_checker_sink(m->checker);
	cdma_stream_observe(cdma_world_stream(m->world),
			    cdma_checker_observer(m->checker));
}

/* Sudden faults of a device look at where others stand as well. */
static bool has_windows(const struct program *p)
{
	for (size_t i = 0; i < p->faults.nr; i++)
		if (p->faults.at[i].label || p->faults.at[i].in ||
		    p->faults.at[i].after || p->faults.at[i].device)
			return true;
	return false;
}

struct free *free_new(struct machine *m)
{
	struct free *f = cdma_xcalloc(1, sizeof(*f));

	f->machine = m;
	f->alone = alone_find(m->program, m->opens);
	f->is_looked_at = has_windows(m->program);
	f->threads =
		cdma_xcalloc(m->program->sections.nr + 1, sizeof(*f->threads));
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	return f;
}

void free_free(struct free *f)
{
	if (!f)
		return;
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->changed);
	free(f->alone);
	free(f->threads);
	free(f);
}

/* ---- who can go on ---- */

/* Whether all that are left wait for what is not there; who has not looked
 * since the last change is about to.  Where somebody is stuck nobody goes on,
 * as in lockstep. */
static bool is_quiet(const struct free *f)
{
	const struct machine *m = f->machine;

	if (f->computing)
		return false;
	if (m->is_stuck)
		return true;
	if (m->live)
		return false;
	for (uint64_t w = m->waiting; w; w &= w - 1) {
		const struct actor *a = &m->actors[__builtin_ctzll(w)];

		if (a->seen != m->version || a->ready)
			return false;
	}
	return true;
}

/* When nobody can go on: a wait runs out, or all is over.  Whether it is so. */
static bool help(struct free *f)
{
	struct machine *m = f->machine;

	if (f->late || f->is_over || !is_quiet(f))
		return false;
	f->late = first_timeout(m);
	f->is_over = !f->late;
	pthread_cond_broadcast(&f->changed);
	return true;
}

/* Wait until @a can do its next step; false: it has none. */
static bool wait_for_turn(struct free *f, struct actor *a)
{
	struct machine *m = f->machine;

	while (!f->is_over && !m->has_stopped && a->state == ACTOR_LIVE) {
		if (f->late == a)
			return true;
		if (!m->is_stuck && (m->live & a->bit || is_ready(m, a)))
			return true;
		if (!help(f))
			pthread_cond_wait(&f->changed, &f->lock);
	}
	return false;
}

/* ---- what it does ---- */

/* A step, and all that is private and not done alone. */
static void step(struct free *f, struct actor *a)
{
	struct machine *m = f->machine;
	const struct choice choice = {
		.kind = CHOICE_ACTOR,
		.nr = 1,
		.who = a->bit,
		.ran_out = f->late == a,
	};
	const struct insn *in;

	begin_step(a);
	in = next_of(m, a);
	f->late = NULL;
	f->computing |= a->bit;
	cdma_world_enter(m->world, a->who);
	strategy_choose(&m->strategy, &choice);
	run_count(m, &m->steps);
	m->questions = READ_QUESTIONS_MAX;
	do {
		perform(m, a, in);
		in = next_of(m, a);
	} while (a->state == ACTOR_LIVE && !m->has_stopped && !is_step(m, in) &&
		 (m->record || !f->alone[a->pc]));
	m->version += m->opens != NULL;
}

/* What is left up to the next step.  Nobody else is asked, and nothing but the
 * registers of @a changes. */
static void compute(struct free *f, struct actor *a)
{
	struct machine *m = f->machine;
	const struct insn *in = next_of(m, a);

	while (!is_step(m, in)) {
		perform(m, a, in);
		in = next_of(m, a);
	}
}

/* The address of an access that comes next, while others are in the machine;
 * of a name that stands for the same in all threads. */
static void translate(const struct machine *m, const struct actor *a)
{
	const struct insn *in = next_of(m, a);
	const struct memory *memory;

	if (in->op != INSN_DMA_LOAD && in->op != INSN_DMA_STORE &&
	    in->op != INSN_DMA_SPLIT)
		return;
	memory = m->at[in->a];
	if (!(run_marks(m, in) & MARK_OPAQUE) && (!in->a || memory->iova))
		cdma_engine_translate(a->who, memory->iova + place_at(m, in));
}

static void let_pass(struct thread *t)
{
	uint32_t what = cdma_rng_below(&t->rng, 8);
	volatile uint32_t turns = what < 3 ? 0 : 1u << (2 * what - 5);

	if (what < 2)
		sched_yield();
	while (turns)
		turns = turns - 1;
}

static void *act(void *aux)
{
	struct thread *t = aux;
	struct actor *a = t->actor;
	struct free *f = t->free;
	struct machine *m = f->machine;
	bool goes_on;

	pthread_mutex_lock(&f->lock);
	while (wait_for_turn(f, a)) {
		step(f, a);
		if (f->version != m->version || m->has_stopped)
			pthread_cond_broadcast(&f->changed);
		f->version = m->version;
		goes_on = a->state == ACTOR_LIVE && !m->has_stopped;
		if (goes_on && f->is_looked_at)
			compute(f, a);
		pthread_mutex_unlock(&f->lock);
		if (goes_on && !f->is_looked_at)
			compute(f, a);
		if (goes_on)
			translate(m, a);
		let_pass(t);
		pthread_mutex_lock(&f->lock);
		settle(m, a);
		f->computing &= ~a->bit;
	}
	/* The others may have waited for nobody but this one. */
	help(f);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static void start(struct free *f, size_t i)
{
	struct thread *t = &f->threads[i];

	t->free = f;
	t->actor = &f->machine->actors[i];
	t->rng = cdma_rng_case(i, f->runs);
	CDMA_REQUIRE(!pthread_create(&t->id, NULL, act, t),
		     "the host gives no more threads");
}

void free_run(struct free *f)
{
	struct machine *m = f->machine;
	uint64_t started = 0;

	f->runs++;
	f->computing = 0;
	f->late = NULL;
	f->is_over = false;
	f->version = m->version;
	cdma_world_share(m->world, true);
	cdma_checker_begin(m->checker);
	/* None goes on before all are there. */
	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < m->program->sections.nr; i++)
		if (m->actors[i].state == ACTOR_LIVE) {
			start(f, i);
			started |= m->actors[i].bit;
		}
	pthread_mutex_unlock(&f->lock);
	for (uint64_t s = started; s; s &= s - 1)
		pthread_join(f->threads[__builtin_ctzll(s)].id, NULL);
	cdma_checker_end(m->checker);
	cdma_world_share(m->world, false);
}
