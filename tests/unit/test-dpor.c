/* SPDX-License-Identifier: MIT */
#include "toy-dpor.h"

/*
 * The reduction on a machine of its own, the smallest that can have a race:
 * threads of loads, stores, locks, waits and jumps over words of memory.
 *
 * The number of executions is known for some programs; on random ones, what is
 * reached must be what a search without reduction reaches.
 */

static void all(const struct toy *p, const struct state *s, struct found *found)
{
	bool end = true;

	for (uint32_t t = 0; t < p->nr; t++) {
		uint32_t nr = 1;

		if (!can_run(p, s, t))
			continue;
		end = false;
		if (!has_value(p, s, t, &nr))
			nr = 1;
		for (uint32_t value = 0; value < nr; value++) {
			struct state next = *s;

			step(p, &next, t, value);
			all(p, &next, found);
		}
	}
	if (!end)
		return;
	found->executions++;
	add(&found->states, final_hash(s));
	add(&found->classes, class_hash(s));
}

static void check(struct toy p, const char *name, uint64_t want)
{
	struct counts got = reduced(&p, NULL);

	ck_assert_msg(got.executions == want && !got.blocked,
		      "%s: want %llu, got %llu executions and %llu blocked",
		      name, (unsigned long long)want,
		      (unsigned long long)got.executions,
		      (unsigned long long)got.blocked);
}

/* What the best published algorithms visit. */
START_TEST(known_counts)
{
	for (uint32_t n = 1; n <= 10; n++)
		check(readers(n), "readers", (uint64_t)1 << n);
	for (uint32_t n = 2; n <= 6; n++)
		check(sb(n), "sb", ((uint64_t)1 << n) - 1);
	check(lastzero(4), "lastzero(4)", 28);
	check(lastzero(5), "lastzero(5)", 64);
	check(lastzero(10), "lastzero(10)", 3328);
	check(ring(2), "ring(2)", 7);
	check(ring(3), "ring(3)", 15);
	check(ring(4), "ring(4)", 31);
	check(mixed(), "mixed", 2);
	check(locked(2), "locked(2)", 2);
	check(locked(4), "locked(4)", 24);
	check(waiting(5), "waiting", 1);
	check(bumping(4), "bumping", 24);
}
END_TEST

static void check_random(struct toy (*draw_one)(struct cdma_rng *),
			 uint64_t seed)
{
	struct cdma_rng rng = cdma_rng_case(1, seed);
	static struct found naive, dpor;
	uint64_t executions = 0, visited = 0;

	for (int i = 0; i < 1000; i++) {
		struct toy p = draw_one(&rng);
		struct state s;

		memset(&naive, 0, sizeof(naive));
		memset(&dpor, 0, sizeof(dpor));
		start(&p, &s);
		all(&p, &s, &naive);
		visited += reduced(&p, &dpor).executions;
		executions += naive.executions;
		ck_assert_msg(naive.states.nr == dpor.states.nr &&
				      naive.classes.nr == dpor.classes.nr,
			      "program %d: %zu of %zu states, %zu of %zu "
			      "classes",
			      i, dpor.states.nr, naive.states.nr,
			      dpor.classes.nr, naive.classes.nr);
	}
	ck_assert_uint_gt(executions, 5 * visited);
}

/* Every class is visited, and none twice. */
START_TEST(random_programs)
{
	check_random(draw, 1);
}
END_TEST

/* The ways of a read depend on when it comes. */
START_TEST(random_weak_programs)
{
	check_random(draw_weak, 4);
}
END_TEST

/* The same when the ways of a step touch other bytes, so that one of them may
 * depend on a step that another does not. */
START_TEST(ways_that_differ)
{
	struct cdma_rng rng = cdma_rng_case(1, 3);
	static struct found naive, dpor;

	for (int i = 0; i < 500; i++) {
		struct toy p = draw(&rng);
		struct state s;

		for (uint32_t t = 0; t < p.nr; t++) {
			struct toy_op *op = &p.op[t][0];

			/* Nobody gives back a lock that he has not taken. */
			if (op->code == LOCK)
				continue;
			op->code = t == 0 ? TEAR : HALF;
			op->a = 0;
			op->b = (uint8_t)(t ? cdma_rng_below(&rng, 2) : 2);
		}
		memset(&naive, 0, sizeof(naive));
		memset(&dpor, 0, sizeof(dpor));
		dpor.again = true;
		start(&p, &s);
		all(&p, &s, &naive);
		reduced(&p, &dpor);
		ck_assert_msg(naive.states.nr == dpor.states.nr &&
				      naive.classes.nr == dpor.classes.nr,
			      "program %d: %zu of %zu states, %zu of %zu "
			      "classes",
			      i, dpor.states.nr, naive.states.nr,
			      dpor.classes.nr, naive.classes.nr);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("dpor");

	unit_add(suite, known_counts);
	unit_add(suite, random_programs);
	unit_add(suite, random_weak_programs);
	unit_add(suite, ways_that_differ);
	return suite;
}
