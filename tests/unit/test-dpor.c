/* SPDX-License-Identifier: MIT */
#include "explore/dpor.h"
#include "toy.h"

/*
 * The reduction on a machine of its own, the smallest that can have a race:
 * threads of loads, stores, locks, waits and jumps over words of memory.
 *
 * The number of executions is known for some programs; on random ones, what is
 * reached must be what a search without reduction reaches.
 */

static bool conflict(const struct cdma_event *a, const struct cdma_event *b)
{
	bool sync = a->kind >= CDMA_EV_RELEASE;

	if (sync != (b->kind >= CDMA_EV_RELEASE) || a->object != b->object)
		return false;
	return sync ||
	       ((a->kind == CDMA_EV_WRITE || b->kind == CDMA_EV_WRITE) &&
		a->offset < b->offset + b->size &&
		b->offset < a->offset + a->size);
}

/* Of the class: every step with what comes before it, in no order. */
static uint64_t class_hash(const struct state *s)
{
	uint64_t sum = 0;
	uint32_t clock[40][THREADS] = {{0}};

	for (uint32_t j = 0; j < s->nr; j++) {
		const struct did *d = &s->did[j];

		for (uint32_t i = 0; i < j; i++)
			if (s->did[i].actor == d->actor ||
			    conflict(&s->did[i].ev, &d->ev))
				for (uint32_t t = 0; t < THREADS; t++)
					if (clock[j][t] < clock[i][t])
						clock[j][t] = clock[i][t];
		clock[j][d->actor]++;
		sum += mix(mix(mix(1, &d->actor, 4), &d->value, 8), clock[j],
			   sizeof(clock[j]));
	}
	return mix(sum, s->pc, sizeof(s->pc));
}

struct counts {
	uint64_t executions, blocked;
};

/* Who is left waiting, and for what. */
static void wait_for_ever(const struct toy *p, const struct state *s,
			  struct dpor *d)
{
	for (uint32_t t = 0; t < p->nr; t++) {
		const struct toy_op *op = &p->op[t][s->pc[t]];
		struct cdma_event ev = touch(CDMA_EV_READ, op->a * 8u, 8);

		if (op->code == LOCK) {
			ev.kind = CDMA_EV_ACQUIRE;
			ev.object = 10u + op->a;
		}
		if (op->code != END)
			dpor_waits(d, t, &ev);
	}
}

/* All that was found, when somebody wants to know. */
struct found {
	struct set states, classes;
	uint64_t executions;
};

static struct counts reduced(const struct toy *p, struct found *found)
{
	struct dpor *d = dpor_new();
	struct counts counts;
	struct state s;
	uint64_t who;

	do {
		bool stopped = false;

		start(p, &s);
		dpor_begin(d);
		while (!stopped && (who = who_can(p, &s))) {
			uint32_t t = dpor_next(d, who), nr;
			uint64_t value = 0;
			struct cdma_event ev;
			bool bumps;

			stopped = t == DPOR_STOP;
			if (stopped)
				break;
			if (has_value(p, &s, t, &nr))
				value = dpor_value(d, nr);
			bumps = p->op[t][s.pc[t]].code == BUMP;
			ev = step(p, &s, t, value);
			if (bumps) {
				ev.kind = CDMA_EV_READ;
				dpor_event(d, &ev);
				ev.kind = CDMA_EV_WRITE;
			}
			dpor_event(d, &ev);
		}
		if (found && !stopped) {
			add(&found->states, final_hash(&s));
			ck_assert_msg(add(&found->classes, class_hash(&s)),
				      "a class was visited twice");
		}
		if (!stopped)
			wait_for_ever(p, &s, d);
	} while (dpor_end(d));
	counts = (struct counts){dpor_executions(d), dpor_blocked(d)};
	dpor_free(d);
	return counts;
}

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

/* One writer of a word, and @n readers of it. */
static struct toy readers(uint32_t n)
{
	struct toy p = {.nr = n + 1};

	p.op[0][0] = (struct toy_op){STORE, 0, 1};
	p.op[0][1].code = END;
	for (uint32_t t = 1; t <= n; t++) {
		p.op[t][0] = (struct toy_op){LOAD, 0, 0};
		p.op[t][1].code = END;
	}
	return p;
}

/* x[i] = 1; r = x[(i + 1) % n] */
static struct toy sb(uint32_t n)
{
	struct toy p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		p.op[t][0] = (struct toy_op){STORE, (uint8_t)t, 1};
		p.op[t][1] = (struct toy_op){LOAD, 0, (uint8_t)((t + 1) % n)};
		p.op[t][2].code = END;
	}
	return p;
}

/* a[j] = a[j - 1] + 1 for j = 1 to n; and a reader down to the first zero. */
static struct toy lastzero(uint32_t n)
{
	struct toy p = {.nr = n + 1};

	p.first[0][1] = n;
	p.op[0][0] = (struct toy_op){LOADR, 0, 1};
	p.op[0][1] = (struct toy_op){JZ, 0, 3};
	p.op[0][2] = (struct toy_op){DEC, 1, 0};
	p.op[0][3] = (struct toy_op){BACK, 0, 3};
	p.op[0][4].code = END;
	for (uint32_t j = 1; j <= n; j++) {
		p.op[j][0] = (struct toy_op){LOAD, 0, (uint8_t)(j - 1)};
		p.op[j][1] = (struct toy_op){COPY, (uint8_t)j, 0};
		p.op[j][2].code = END;
	}
	return p;
}

/* The writer fills each slot and then sets its status; the reader looks at a
 * status at most twice, and gives up when it was 0 both times. */
static struct toy ring(uint32_t n)
{
	struct toy p = {.nr = 2};
	struct toy_op *w = p.op[0], *r = p.op[1];

	for (uint32_t i = 0; i < n; i++) {
		uint8_t payload = (uint8_t)(2 * i), status = payload + 1;
		uint8_t rest = (uint8_t)(5 * (n - 1 - i));

		*w++ = (struct toy_op){STORE, payload, 5};
		*w++ = (struct toy_op){STORE, status, 1};
		*r++ = (struct toy_op){LOAD, 0, status};
		*r++ = (struct toy_op){JNZ, 0, 3};
		*r++ = (struct toy_op){LOAD, 0, status};
		*r++ = (struct toy_op){JZ, 0, (uint8_t)(2 + rest)};
		*r++ = (struct toy_op){LOAD, 1, payload};
	}
	w->code = r->code = END;
	return p;
}

/* A 64-bit store polled by its 32-bit half. */
static struct toy mixed(void)
{
	struct toy p = {.nr = 2};

	p.op[0][0] = (struct toy_op){HALF, 0, 1};
	p.op[0][1].code = END;
	p.op[1][0] = (struct toy_op){LOAD, 0, 0};
	p.op[1][1].code = END;
	return p;
}

/* Threads that add one to a word. */
static struct toy bumping(uint32_t n)
{
	struct toy p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		p.op[t][0].code = BUMP;
		p.op[t][1].code = END;
	}
	return p;
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

/* Every class is visited, and none twice. */
START_TEST(random_programs)
{
	struct cdma_rng rng = cdma_rng_case(1, 1);
	static struct found naive, dpor;
	uint64_t executions = 0, visited = 0;

	for (int i = 0; i < 1000; i++) {
		struct toy p = draw(&rng);
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
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("dpor");

	unit_add(suite, known_counts);
	unit_add(suite, random_programs);
	return suite;
}
