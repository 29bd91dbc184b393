/* SPDX-License-Identifier: MIT */
#include "explore/bounded.h"
#include "toy.h"

#include <stdio.h>

/*
 * The search with a bound, compared with one that knows nothing of bounds: it
 * tries everything, and counts the preemptions of what it tried afterwards.
 */

#define PREEMPTIONS_MAX 40

/* What has exactly so many preemptions: how many runs, and a sum of hashes of
 * their schedules and where they led, so that it is known which. */
struct tried {
	uint64_t runs[PREEMPTIONS_MAX], sum[PREEMPTIONS_MAX];
};

static void count(struct tried *tried, uint64_t preemptions, uint64_t hash)
{
	ck_assert_uint_lt(preemptions, PREEMPTIONS_MAX);
	tried->runs[preemptions]++;
	tried->sum[preemptions] += hash;
}

static uint64_t hash_step(uint64_t hash, uint32_t actor, uint64_t value)
{
	return mix(mix(hash, &actor, sizeof(actor)), &value, sizeof(value));
}

/* ---- everything ---- */

static void all(const struct toy *p, const struct state *s, uint64_t hash,
		uint64_t preemptions, struct tried *tried)
{
	const struct did *last = s->nr ? &s->did[s->nr - 1] : NULL;
	bool end = true;

	for (uint32_t t = 0; t < p->nr; t++) {
		uint32_t nr = 1;
		uint64_t more =
			last && last->actor != t && can_run(p, s, last->actor);

		if (!can_run(p, s, t))
			continue;
		end = false;
		if (!has_value(p, s, t, &nr))
			nr = 1;
		for (uint32_t value = 0; value < nr; value++) {
			struct state next = *s;

			step(p, &next, t, value);
			all(p, &next, hash_step(hash, t, value),
			    preemptions + more, tried);
		}
	}
	if (end)
		count(tried, preemptions, hash + final_hash(s));
}

static void try_all(const struct toy *p, struct tried *tried)
{
	struct state s;

	memset(tried, 0, sizeof(*tried));
	start(p, &s);
	all(p, &s, 1, 0, tried);
}

/* ---- with a bound ---- */

static uint32_t ask(struct bounded *b, enum choice_kind kind, uint32_t nr,
		    uint64_t who)
{
	struct choice choice = {.kind = kind, .nr = nr, .who = who};

	return strategy_bounded.choose(b, &choice);
}

static uint32_t ask_who(struct bounded *b, uint64_t who)
{
	uint32_t i =
		ask(b, CHOICE_ACTOR, (uint32_t)__builtin_popcountll(who), who);

	while (i--)
		who &= who - 1;
	return (uint32_t)__builtin_ctzll(who);
}

static void run(const struct toy *p, struct bounded *b, struct state *s)
{
	uint64_t who;

	strategy_bounded.begin(b, 0, 0);
	start(p, s);
	while ((who = who_can(p, s))) {
		uint32_t t = ask_who(b, who), nr;
		uint64_t value = 0;

		if (has_value(p, s, t, &nr) && nr > 1)
			value = ask(b, CHOICE_SPLIT, nr, 0);
		step(p, s, t, value);
	}
	strategy_bounded.end(b);
}

/* Returns what is left. */
static uint64_t try_bounded(const struct toy *p, uint64_t max,
			    struct tried *tried)
{
	struct bounded *b = bounded_new(max);
	struct schedule schedule = {0};
	uint64_t before = 0, left;
	struct state s;

	memset(tried, 0, sizeof(*tried));
	do {
		uint64_t hash = 1, nr = bounded_preemptions(b);

		run(p, b, &s);
		bounded_schedule(b, &schedule);
		ck_assert_uint_eq(schedule.steps.nr, s.nr);
		for (uint32_t i = 0; i < s.nr; i++)
			hash = hash_step(hash, schedule.steps.at[i].actor,
					 schedule.steps.at[i].way);
		ck_assert_msg(before <= nr && nr <= max,
			      "%llu preemptions after %llu, of at most %llu",
			      (unsigned long long)nr,
			      (unsigned long long)before,
			      (unsigned long long)max);
		before = nr;
		count(tried, nr, hash + final_hash(&s));
	} while (bounded_next(b));
	left = bounded_left(b);
	schedule_fini(&schedule);
	bounded_free(b);
	return left;
}

/* Whether the search with bound @max tried just what @every has of so many. */
static void check(const struct toy *p, const struct tried *every, uint64_t max,
		  const char *name)
{
	struct tried tried;
	uint64_t left = try_bounded(p, max, &tried);
	bool more = false;

	for (uint64_t k = 0; k < PREEMPTIONS_MAX; k++) {
		uint64_t want = k <= max ? every->runs[k] : 0;

		more |= k > max && every->runs[k];
		ck_assert_msg(tried.runs[k] == want &&
				      tried.sum[k] ==
					      (want ? every->sum[k] : 0),
			      "%s: of %llu runs with %llu preemptions, bound "
			      "%llu tried %llu, or others",
			      name, (unsigned long long)want,
			      (unsigned long long)k, (unsigned long long)max,
			      (unsigned long long)tried.runs[k]);
	}
	ck_assert_msg(more == (left > 0), "%s: %llu left", name,
		      (unsigned long long)left);
	if (more)
		ck_assert_uint_le(left, every->runs[max + 1]);
}

/* ---- known numbers ---- */

/*
 * How many ways there are to write a row of @nr threads, each as often as it
 * has @left, with @k preemptions: places where somebody else follows on a
 * thread that has something left.
 */
static uint64_t rows(uint32_t *left, uint32_t nr, uint32_t last, uint32_t k)
{
	uint64_t sum = 0;
	uint32_t sure = 0;

	for (uint32_t t = 0; t < nr; t++)
		sure += left[t];
	if (!sure)
		return k == 0;
	for (uint32_t t = 0; t < nr; t++) {
		uint32_t cost = last < nr && t != last && left[last];

		if (!left[t] || cost > k)
			continue;
		left[t]--;
		sum += rows(left, nr, t, k - cost);
		left[t]++;
	}
	return sum;
}

/* @n threads of @m steps that nobody can tell the order of. */
static struct toy independent(uint32_t n, uint32_t m)
{
	struct toy p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		for (uint32_t i = 0; i < m; i++)
			p.op[t][i] = (struct toy_op){STORE, (uint8_t)t, 1};
		p.op[t][m].code = END;
	}
	return p;
}

START_TEST(known_numbers)
{
	static const struct {
		uint32_t n, m, max;
	} table[] = {{1, 5, 3}, {2, 1, 3}, {2, 4, 9}, {2, 8, 4}, {3, 1, 2},
		     {3, 3, 9}, {3, 5, 2}, {4, 2, 9}, {4, 4, 1}, {5, 1, 4}};
	uint32_t left[THREADS];
	struct tried tried;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint32_t n = table[i].n, m = table[i].m;
		struct toy p = independent(n, m);

		try_bounded(&p, table[i].max, &tried);
		for (uint32_t k = 0; k <= table[i].max; k++) {
			for (uint32_t t = 0; t < n; t++)
				left[t] = m;
			ck_assert_uint_eq(tried.runs[k],
					  rows(left, n, UINT32_MAX, k));
		}
	}
}
END_TEST

/* Two threads of four steps, by hand: each is cut into parts, and every part
 * but the last of a thread ends in a preemption. */
START_TEST(by_hand)
{
	static const uint64_t want[] = {2, 6, 18, 18, 18, 6, 2, 0};
	struct toy p = independent(2, 4);
	struct tried tried;

	ck_assert_uint_eq(try_bounded(&p, 9, &tried), 0);
	for (size_t k = 0; k < ARRAY_SIZE(want); k++)
		ck_assert_uint_eq(tried.runs[k], want[k]);
	/* Both that need six. */
	ck_assert_uint_eq(try_bounded(&p, 6, &tried), 0);
	ck_assert_uint_eq(try_bounded(&p, 5, &tried), 2);
}
END_TEST

/* ---- programs ---- */

/* A row of @nr choices between two values. */
static struct toy flips(uint32_t nr)
{
	struct toy p = {.nr = 1};

	for (uint32_t i = 0; i < nr; i++)
		p.op[0][i] = (struct toy_op){FLIP, 0, 2};
	p.op[0][nr].code = END;
	return p;
}

/* Two locks in two orders. */
static struct toy deadlock(void)
{
	struct toy p = {.nr = 2};

	for (uint8_t t = 0; t < 2; t++) {
		p.op[t][0] = (struct toy_op){LOCK, t, 0};
		p.op[t][1] = (struct toy_op){LOCK, 1 - t, 0};
		p.op[t][2] = (struct toy_op){UNLOCK, t, 0};
		p.op[t][3] = (struct toy_op){UNLOCK, 1 - t, 0};
		p.op[t][4].code = END;
	}
	return p;
}

/* A wait costs nothing, a lock keeps others from preempting, and values are
 * all tried. */
START_TEST(known_programs)
{
	const struct {
		const char *name;
		struct toy p;
		uint64_t want[4];
	} table[] = {
		{"a wait", waiting(5), {1}},
		{"a lock of two", locked(2), {2}},
		{"a lock of three", locked(3), {6}},
		{"values", flips(5), {32}},
		/* Stuck when somebody is preempted between the two. */
		{"a deadlock", deadlock(), {2, 2}},
	};
	struct tried every, tried;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		try_all(&table[i].p, &every);
		check(&table[i].p, &every, 0, table[i].name);
		check(&table[i].p, &every, 1, table[i].name);
		check(&table[i].p, &every, 9, table[i].name);
		try_bounded(&table[i].p, 9, &tried);
		for (size_t k = 0; k < 4; k++)
			ck_assert_msg(tried.runs[k] == table[i].want[k],
				      "%s: %llu with %zu", table[i].name,
				      (unsigned long long)tried.runs[k], k);
	}
}
END_TEST

/* Just the schedules that there are, each once, whatever the bound. */
START_TEST(random_programs)
{
	struct cdma_rng rng = cdma_rng_case(2, 1);
	struct tried every;
	char name[32];

	for (int i = 0; i < 300; i++) {
		struct toy p = draw(&rng);

		snprintf(name, sizeof(name), "program %d", i);
		try_all(&p, &every);
		check(&p, &every, (uint64_t)i % 4, name);
		check(&p, &every, UINT64_MAX, name);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("bounded");

	unit_add(suite, known_numbers);
	unit_add(suite, by_hand);
	unit_add(suite, known_programs);
	unit_add(suite, random_programs);
	return suite;
}
