/* SPDX-License-Identifier: MIT */
/*
 * Free mode: what threads did, lockstep does again.
 *
 * Every variant of every scenario is run on threads, in whatever order the host
 * has them.  The schedule that was recorded is then replayed in lockstep, which
 * must give the same events in the same order, with the same numbers, values
 * and dependencies, and the same findings.  So are scenarios that nobody wrote.
 */
#include "../unit/any-program.h"
#include "../unit/corpus.h"
#include "../unit/scene.h"

#include <pthread.h>

#include "run/machine.h"
#include "sched/schedule.h"

#define RUNS UNIT_SHARE(2)

/* Of a hundred. */
#define GENERATED UNIT_SHARE(4)

struct heard {
	CDMA_VEC(struct cdma_event) events;
};

static void hear(void *aux, const struct cdma_event *ev)
{
	struct heard *heard = aux;

	*cdma_vec_push(&heard->events) = *ev;
}

/* ---- two worlds number their sets of reads as they come ---- */

struct read {
	uint64_t seq;
	uint8_t bytes;
};

struct reads {
	CDMA_VEC(struct read) list; /* by seq, each once */
};

static void add_read(void *aux, uint64_t seq, uint8_t bytes)
{
	struct reads *reads = aux;
	size_t i = reads->list.nr;

	for (size_t j = 0; j < i; j++)
		if (reads->list.at[j].seq == seq) {
			reads->list.at[j].bytes |= bytes;
			return;
		}
	cdma_vec_push(&reads->list);
	for (; i && reads->list.at[i - 1].seq > seq; i--)
		reads->list.at[i] = reads->list.at[i - 1];
	reads->list.at[i] = (struct read){seq, bytes};
}

static void same_deps(struct machine *a, cdma_dep_t of_a, struct machine *b,
		      cdma_dep_t of_b)
{
	struct reads in_a = {0}, in_b = {0};

	ck_assert_uint_eq(!of_a, !of_b);
	if (!of_a)
		return;
	cdma_dep_each(cdma_world_deps(machine_world(a)), of_a, add_read, &in_a);
	cdma_dep_each(cdma_world_deps(machine_world(b)), of_b, add_read, &in_b);
	ck_assert_uint_eq(in_a.list.nr, in_b.list.nr);
	for (size_t i = 0; i < in_a.list.nr; i++) {
		ck_assert_uint_eq(in_a.list.at[i].seq, in_b.list.at[i].seq);
		ck_assert_uint_eq(in_a.list.at[i].bytes, in_b.list.at[i].bytes);
	}
	cdma_vec_free(&in_a.list);
	cdma_vec_free(&in_b.list);
}

/* ---- two runs ---- */

struct pair {
	const struct program *program;
	struct machine *free, *again;
	struct heard by_free, by_again;
	struct recorder recorder;
	struct replay replay;
};

static void same_event(const struct pair *p, size_t i)
{
	struct cdma_event a = p->by_free.events.at[i];
	struct cdma_event b = p->by_again.events.at[i];

	same_deps(p->free, a.addr_dep, p->again, b.addr_dep);
	same_deps(p->free, a.data_dep, p->again, b.data_dep);
	a.addr_dep = b.addr_dep = a.data_dep = b.data_dep = 0;
	ck_assert_msg(a.seq == b.seq && a.op == b.op && a.offset == b.offset &&
			      a.op_offset == b.op_offset &&
			      a.op_size == b.op_size && a.value == b.value &&
			      a.iova == b.iova && a.rf == b.rf &&
			      a.ends == b.ends && a.site == b.site &&
			      a.ctx == b.ctx && a.object == b.object &&
			      a.flags == b.flags && a.actor == b.actor &&
			      a.kind == b.kind && a.how == b.how &&
			      a.size == b.size && a.order == b.order &&
			      a.domain == b.domain,
		      "%s/%s: event %llu is %s by %u at line %u on threads, %s "
		      "by %u at line %u in lockstep",
		      p->program->name, p->program->variant,
		      (unsigned long long)a.seq, cdma_event_kind_name(a.kind),
		      a.actor, a.site->line, cdma_event_kind_name(b.kind),
		      b.actor, b.site->line);
}

static void same_findings(const struct pair *p)
{
	const struct cdma_findings *a = machine_findings(p->free);
	const struct cdma_findings *b = machine_findings(p->again);

	ck_assert_uint_eq(cdma_findings_nr(a), cdma_findings_nr(b));
	for (size_t i = 0; i < cdma_findings_nr(a); i++) {
		const struct cdma_finding *f = cdma_findings_at(a, i);
		const struct cdma_finding *g = cdma_findings_at(b, i);

		ck_assert_int_eq(f->id, g->id);
		ck_assert_int_eq(f->cure, g->cure);
		ck_assert_uint_eq(f->region, g->region);
		ck_assert_uint_eq(f->at.seq, g->at.seq);
		ck_assert_ptr_eq(f->at.site, g->at.site);
		ck_assert_uint_eq(f->against.seq, g->against.seq);
		ck_assert_uint_eq(f->proof.seq, g->proof.seq);
		ck_assert_uint_eq(f->publish.seq, g->publish.seq);
		ck_assert_uint_eq(f->arg[0], g->arg[0]);
		ck_assert_uint_eq(f->arg[1], g->arg[1]);
		ck_assert_ptr_eq(f->detail, g->detail);
	}
}

static void run_both(struct pair *p, uint64_t index)
{
	struct run_result on_threads, in_lockstep;

	p->by_free.events.nr = p->by_again.events.nr = 0;
	machine_run(p->free, 1, index, &on_threads);
	p->replay = (struct replay){.schedule = &p->recorder.schedule};
	machine_run(p->again, 0, 0, &in_lockstep);
	ck_assert_msg(!p->replay.diverged, "%s/%s: step %u cannot be replayed",
		      p->program->name, p->program->variant, p->replay.at);
	ck_assert_int_eq(on_threads.end, in_lockstep.end);
	ck_assert_int_eq(on_threads.setup, in_lockstep.setup);
	ck_assert_uint_eq(on_threads.steps, in_lockstep.steps);
	ck_assert_uint_eq(on_threads.events, in_lockstep.events);
	ck_assert_uint_eq(p->by_free.events.nr, p->by_again.events.nr);
	for (size_t i = 0; i < p->by_free.events.nr; i++)
		same_event(p, i);
	same_findings(p);
}

static void each(const struct program *program, void *aux)
{
	const enum run_memory *memory = aux;
	struct strategy inner = strategy_new(&strategy_random, NULL);
	struct pair p = {.program = program, .recorder = {.inner = &inner}};
	struct machine_options options = {
		.strategy = &strategy_record,
		.strategy_state = &p.recorder,
		.memory = *memory,
		.threads = true,
	};

	p.free = machine_new(program, &options);
	options.strategy = &strategy_replay;
	options.strategy_state = &p.replay;
	options.threads = false;
	p.again = machine_new(program, &options);
	machine_observe_threads(p.free,
				(struct cdma_observer){hear, &p.by_free});
	machine_observe_threads(p.again,
				(struct cdma_observer){hear, &p.by_again});
	for (uint64_t i = 0; i < RUNS; i++)
		run_both(&p, i);
	machine_free(p.free);
	machine_free(p.again);
	cdma_vec_free(&p.by_free.events);
	cdma_vec_free(&p.by_again.events);
	schedule_fini(&p.recorder.schedule);
	strategy_free(&inner);
}

START_TEST(corpus)
{
	enum run_memory memory = _i ? MEMORY_WEAK : MEMORY_STRONG;

	corpus_each(each, &memory);
}
END_TEST

START_TEST(generated)
{
	for (uint64_t i = 0; i < 100; i++) {
		struct cdma_rng rng = cdma_rng_case(11, (uint64_t)_i * 100 + i);
		enum run_memory memory = i % 2 ? MEMORY_WEAK : MEMORY_STRONG;
		struct cdma_text text = {0};
		struct program *program;

		any_program(&rng, &text);
		program = scene_program(text.at, 0);
		each(program, &memory);
		program_free(program);
		cdma_text_fini(&text);
	}
}
END_TEST

/* ---- they are threads ---- */

struct seats {
	pthread_t of[64]; /* by actor */
	uint64_t taken;
	pthread_t main;
};

static uint32_t sit_down(void *state, const struct choice *choice)
{
	struct seats *seats = state;
	uint32_t who;

	if (choice->kind != CHOICE_ACTOR)
		return 0;
	ck_assert_uint_eq(choice->nr, 1);
	ck_assert_int_eq(__builtin_popcountll(choice->who), 1);
	who = (uint32_t)__builtin_ctzll(choice->who);
	if (seats->taken >> who & 1)
		ck_assert(pthread_equal(seats->of[who], pthread_self()));
	seats->taken |= choice->who;
	seats->of[who] = pthread_self();
	return 0;
}

static const struct strategy_ops strategy_seats = {
	.name = "seats",
	.choose = sit_down,
};

static void look_at_seats(const struct program *program, void *aux)
{
	struct seats seats = {.main = pthread_self()};
	const struct machine_options options = {
		.strategy = &strategy_seats,
		.strategy_state = &seats,
		.threads = true,
	};
	struct machine *m = machine_new(program, &options);
	uint32_t *most = aux, nr = 0;
	struct run_result result;

	machine_run(m, 0, 0, &result);
	for (uint64_t s = seats.taken; s; s &= s - 1, nr++) {
		pthread_t self = seats.of[__builtin_ctzll(s)];

		ck_assert(!pthread_equal(self, seats.main));
		for (uint64_t o = s & (s - 1); o; o &= o - 1)
			ck_assert(!pthread_equal(self,
						 seats.of[__builtin_ctzll(o)]));
	}
	if (nr > *most)
		*most = nr;
	machine_free(m);
}

/* Each actor does all of its steps on one thread, which is its own. */
START_TEST(an_actor_is_a_thread)
{
	uint32_t most = 0;

	corpus_each(look_at_seats, &most);
	ck_assert_uint_ge(most, 4);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("free");

	unit_add_rows(suite, corpus, 2);
	unit_add_rows(suite, generated, GENERATED);
	unit_add(suite, an_actor_is_a_thread);
	return suite;
}
