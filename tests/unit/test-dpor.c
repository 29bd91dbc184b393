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

/* A beginning of each class that has been seen, by its hash. */
struct seen {
	uint64_t at[1 << 18];
	size_t nr;
};

static bool is_new(struct seen *seen, uint64_t h)
{
	size_t i = h >> (64 - 18);

	for (; seen->at[i]; i = (i + 1) % ARRAY_SIZE(seen->at))
		if (seen->at[i] == h)
			return false;
	seen->at[i] = h;
	return ++seen->nr < ARRAY_SIZE(seen->at) / 2;
}

/* The same as all() without going on twice from where two ways meet, so that
 * there may be more threads.  The program is too large when @seen or
 * @classes fills up. */
static void each_class(const struct toy *p, const struct state *s,
		       struct seen *seen, struct set *classes)
{
	uint64_t h = class_hash(s) * 0x9E3779B97F4A7C15u | 1;
	uint64_t who;

	struct state here = *s;

	if (classes->nr == ARRAY_SIZE(classes->at) || !is_new(seen, h))
		return;
	who = who_can(p, &here);
	if (!who)
		add(classes, class_hash(s));
	for (; who; who &= who - 1) {
		uint32_t t = (uint32_t)__builtin_ctzll(who), nr;

		if (!has_value(p, s, t, &nr))
			nr = 1;
		for (uint32_t value = 0; value < nr; value++) {
			struct state next = *s;

			step(p, &next, t, value);
			each_class(p, &next, seen, classes);
		}
	}
}

static void check_classes(const struct toy *p, const char *name, int i)
{
	static struct seen seen;
	static struct set classes;
	struct state s;
	struct counts got;

	memset(&seen, 0, sizeof(seen));
	classes.nr = 0;
	start(p, &s);
	each_class(p, &s, &seen, &classes);
	if (seen.nr >= ARRAY_SIZE(seen.at) / 2 ||
	    classes.nr == ARRAY_SIZE(classes.at))
		return;
	got = reduced(p, NULL);
	ck_assert_msg(got.executions == classes.nr,
		      "%s %d: %llu executions of %zu", name, i,
		      (unsigned long long)got.executions, classes.nr);
}

/* What a step that sleeps has to do with a row may be seen only behind the row:
 * T1's second step, asleep, with a row in which T0 comes before T2. */
START_TEST(behind_the_row)
{
	static const struct toy p = {
		.nr = 4,
		.op = {{{COPY, 1, 0}, {END, 0, 0}},
		       {{STORE, 2, 1}, {BUMP, 2, 1}, {END, 0, 0}},
		       {{LOAD, 0, 0}, {LOAD, 0, 1}, {END, 0, 0}},
		       {{LOAD, 0, 2}, {STORE, 0, 1}, {END, 0, 0}}},
	};

	check(p, "four threads", 12);
}
END_TEST

/* A row that ends with a wait which cannot go on there stands for no other; and
 * who waits for ever in an execution that is cut short might go on, too. */
START_TEST(rows_that_wait)
{
	static const struct toy rows[] = {
		{.nr = 4,
		 .op = {{{BUMP, 2, 1}, {END, 0, 0}},
			{{LOCK, 0, 0}, {UNLOCK, 0, 0}, {END, 0, 0}},
			{{STORE, 1, 1}, {WAIT, 2, 1}, {END, 0, 0}},
			{{LOCK, 0, 2},
			 {LOAD, 0, 2},
			 {UNLOCK, 0, 0},
			 {END, 0, 0}}}},
		{.nr = 3,
		 .op = {{{COPY, 0, 0}, {STORE, 0, 1}, {END, 0, 0}},
			{{LOAD, 0, 0}, {LOAD, 0, 0}, {END, 0, 0}},
			{{BUMP, 0, 0},
			 {COPY, 2, 0},
			 {WAIT, 0, 1},
			 {END, 0, 0}}}},
		{.nr = 4,
		 .op = {{{LOAD, 0, 0}, {END, 0, 0}},
			{{BUMP, 2, 2}, {END, 0, 0}},
			{{COPY, 0, 0}, {WAIT, 2, 1}, {END, 0, 0}},
			{{BUMP, 0, 2}, {LOAD, 0, 2}, {END, 0, 0}}}},
		{.nr = 3,
		 .op = {{{LOAD, 0, 0}, {END, 0, 0}},
			{{BUMP, 2, 1}, {END, 0, 0}},
			{{BUMP, 2, 1},
			 {WAIT, 2, 1},
			 {STORE, 0, 1},
			 {END, 0, 0}}}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_classes(&rows[i], "row", (int)i);
}
END_TEST

/* Three and four threads, with enough steps for several of them to sleep. */
START_TEST(wide_programs)
{
	struct cdma_rng rng = cdma_rng_case(1, 7 + (uint64_t)_i);

	for (int i = 0; i < 80; i++) {
		struct toy p = draw_wide(&rng);

		check_classes(&p, "program", i);
	}
}
END_TEST

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
	unit_add(suite, behind_the_row);
	unit_add(suite, rows_that_wait);
	unit_add_rows(suite, wide_programs, UNIT_SHARE(6));
	return suite;
}
