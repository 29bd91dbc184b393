/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/rng.h"
#include "explore/dpor.h"

#include <stdio.h>
#include <string.h>

/*
 * The reduction on a machine of its own, the smallest that can have a race:
 * threads of loads, stores, locks, waits and jumps over words of memory.
 *
 * The number of executions is known for some programs; on random ones, what is
 * reached must be what a search without reduction reaches.
 */

enum code {
	LOAD,  /* r[a] = mem[b] */
	LOADR, /* r[a] = mem[r[b]] */
	STORE, /* mem[a] = b */
	COPY,  /* mem[a] = r[b] + 1 */
	JZ,    /* if !r[a] go b forward; not a step */
	JNZ,   /* if r[a] go b forward; not a step */
	DEC,   /* r[a]--; not a step */
	BACK,  /* go b back; not a step */
	LOCK,  /* of lock a */
	UNLOCK,
	WAIT, /* until mem[a] == b, in one step */
	FLIP, /* mem[a] = one of b values */
	HALF, /* mem32[2a + b] = 7: half of word a */
	END,
};

struct op {
	uint8_t code, a, b;
};

#define THREADS 16
#define OPS     24
#define WORDS   20
#define LOCKS   2
#define REGS    4

struct program {
	struct op op[THREADS][OPS];
	uint32_t nr;
	uint64_t first[THREADS][REGS]; /* registers at the start */
};

struct did {
	uint32_t actor;
	uint64_t value;
	struct cdma_event ev;
};

struct state {
	uint64_t mem[WORDS], reg[THREADS][REGS];
	uint8_t pc[THREADS], lock[LOCKS];
	struct did did[40]; /* the execution so far */
	uint32_t nr;
};

static void settle(const struct program *p, struct state *s, uint32_t t)
{
	for (;;) {
		const struct op *op = &p->op[t][s->pc[t]];
		uint64_t *reg = s->reg[t];

		if (op->code == JZ)
			s->pc[t] =
				(uint8_t)(s->pc[t] + (reg[op->a] ? 1 : op->b));
		else if (op->code == JNZ)
			s->pc[t] =
				(uint8_t)(s->pc[t] + (reg[op->a] ? op->b : 1));
		else if (op->code == BACK)
			s->pc[t] = (uint8_t)(s->pc[t] - op->b);
		else if (op->code == DEC)
			reg[op->a]--, s->pc[t]++;
		else
			return;
	}
}

static bool can_run(const struct program *p, const struct state *s, uint32_t t)
{
	const struct op *op = &p->op[t][s->pc[t]];

	if (op->code == END)
		return false;
	if (op->code == LOCK)
		return !s->lock[op->a];
	if (op->code == WAIT)
		return s->mem[op->a] == op->b;
	return true;
}

static uint64_t who_can(const struct program *p, struct state *s)
{
	uint64_t who = 0;

	for (uint32_t t = 0; t < p->nr; t++)
		if (can_run(p, s, t))
			who |= (uint64_t)1 << t;
	return who;
}

static struct cdma_event touch(enum cdma_event_kind kind, uint64_t offset,
			       uint8_t size)
{
	static const struct cdma_site site;

	return (struct cdma_event){
		.kind = (uint8_t)kind,
		.how = CDMA_MARKED,
		.object = 1,
		.offset = offset,
		.size = size,
		.site = &site,
	};
}

/* Do the next step of @t; @value answers FLIP. */
static struct cdma_event step(const struct program *p, struct state *s,
			      uint32_t t, uint64_t value)
{
	const struct op *op = &p->op[t][s->pc[t]++];
	struct cdma_event ev = touch(CDMA_EV_READ, op->a * 8u, 8);
	uint64_t *reg = s->reg[t];

	switch ((enum code)op->code) {
	case LOAD:
		ev.offset = op->b * 8u;
		reg[op->a] = s->mem[op->b];
		break;
	case LOADR:
		ev.offset = reg[op->b] * 8;
		reg[op->a] = s->mem[reg[op->b]];
		break;
	case STORE:
	case COPY:
	case FLIP:
		ev.kind = CDMA_EV_WRITE;
		s->mem[op->a] = op->code == STORE  ? op->b
				: op->code == COPY ? reg[op->b] + 1
						   : value;
		break;
	case HALF:
		ev = touch(CDMA_EV_WRITE, op->a * 8u + op->b * 4u, 4);
		memcpy((char *)&s->mem[op->a] + op->b * 4u,
		       (const uint32_t[]){7}, 4);
		break;
	case LOCK:
	case UNLOCK:
		ev.kind = op->code == LOCK ? CDMA_EV_ACQUIRE : CDMA_EV_RELEASE;
		ev.object = 10u + op->a;
		s->lock[op->a] = op->code == LOCK;
		break;
	case WAIT:
		ev.flags = CDMA_EVF_POLL;
		break;
	default:
		ck_abort();
	}
	settle(p, s, t);
	if (s->nr < ARRAY_SIZE(s->did))
		s->did[s->nr++] = (struct did){t, value, ev};
	return ev;
}

static void start(const struct program *p, struct state *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->reg, p->first, sizeof(s->reg));
	for (uint32_t t = 0; t < p->nr; t++)
		settle(p, s, t);
}

/* A set of hashes: of final states, or of equivalence classes. */
struct set {
	uint64_t at[4096];
	size_t nr;
};

/* Whether @h was new. */
static bool add(struct set *set, uint64_t h)
{
	for (size_t i = 0; i < set->nr; i++)
		if (set->at[i] == h)
			return false;
	ck_assert(set->nr < ARRAY_SIZE(set->at));
	set->at[set->nr++] = h;
	return true;
}

static uint64_t mix(uint64_t h, const void *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		h = (h ^ ((const unsigned char *)p)[i]) * 1099511628211u;
	return h ^ h >> 29;
}

static uint64_t final_hash(const struct state *s)
{
	uint64_t h = mix(14695981039346656037u, s->mem, sizeof(s->mem));

	h = mix(h, s->reg, sizeof(s->reg));
	return mix(h, s->pc, sizeof(s->pc));
}

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

static bool has_value(const struct program *p, const struct state *s,
		      uint32_t t, uint32_t *nr)
{
	const struct op *op = &p->op[t][s->pc[t]];

	*nr = op->b;
	return op->code == FLIP;
}

struct counts {
	uint64_t executions, blocked;
};

/* Who is left waiting, and for what. */
static void wait_for_ever(const struct program *p, const struct state *s,
			  struct dpor *d)
{
	for (uint32_t t = 0; t < p->nr; t++) {
		const struct op *op = &p->op[t][s->pc[t]];
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

static struct counts reduced(const struct program *p, struct found *found)
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

			stopped = t == DPOR_STOP;
			if (stopped)
				break;
			if (has_value(p, &s, t, &nr))
				value = dpor_value(d, nr);
			ev = step(p, &s, t, value);
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

static void all(const struct program *p, const struct state *s,
		struct found *found)
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
static struct program readers(uint32_t n)
{
	struct program p = {.nr = n + 1};

	p.op[0][0] = (struct op){STORE, 0, 1};
	p.op[0][1].code = END;
	for (uint32_t t = 1; t <= n; t++) {
		p.op[t][0] = (struct op){LOAD, 0, 0};
		p.op[t][1].code = END;
	}
	return p;
}

/* x[i] = 1; r = x[(i + 1) % n] */
static struct program sb(uint32_t n)
{
	struct program p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		p.op[t][0] = (struct op){STORE, (uint8_t)t, 1};
		p.op[t][1] = (struct op){LOAD, 0, (uint8_t)((t + 1) % n)};
		p.op[t][2].code = END;
	}
	return p;
}

/* a[j] = a[j - 1] + 1 for j = 1 to n; and a reader down to the first zero. */
static struct program lastzero(uint32_t n)
{
	struct program p = {.nr = n + 1};

	p.first[0][1] = n;
	p.op[0][0] = (struct op){LOADR, 0, 1};
	p.op[0][1] = (struct op){JZ, 0, 3};
	p.op[0][2] = (struct op){DEC, 1, 0};
	p.op[0][3] = (struct op){BACK, 0, 3};
	p.op[0][4].code = END;
	for (uint32_t j = 1; j <= n; j++) {
		p.op[j][0] = (struct op){LOAD, 0, (uint8_t)(j - 1)};
		p.op[j][1] = (struct op){COPY, (uint8_t)j, 0};
		p.op[j][2].code = END;
	}
	return p;
}

/* The writer fills each slot and then sets its status; the reader looks at a
 * status at most twice, and gives up when it was 0 both times. */
static struct program ring(uint32_t n)
{
	struct program p = {.nr = 2};
	struct op *w = p.op[0], *r = p.op[1];

	for (uint32_t i = 0; i < n; i++) {
		uint8_t payload = (uint8_t)(2 * i), status = payload + 1;
		uint8_t rest = (uint8_t)(5 * (n - 1 - i));

		*w++ = (struct op){STORE, payload, 5};
		*w++ = (struct op){STORE, status, 1};
		*r++ = (struct op){LOAD, 0, status};
		*r++ = (struct op){JNZ, 0, 3};
		*r++ = (struct op){LOAD, 0, status};
		*r++ = (struct op){JZ, 0, (uint8_t)(2 + rest)};
		*r++ = (struct op){LOAD, 1, payload};
	}
	w->code = r->code = END;
	return p;
}

/* A 64-bit store polled by its 32-bit half. */
static struct program mixed(void)
{
	struct program p = {.nr = 2};

	p.op[0][0] = (struct op){HALF, 0, 1};
	p.op[0][1].code = END;
	p.op[1][0] = (struct op){LOAD, 0, 0};
	p.op[1][1].code = END;
	return p;
}

/* Two threads that add one under a lock. */
static struct program locked(uint32_t n)
{
	struct program p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		p.op[t][0] = (struct op){LOCK, 0, 0};
		p.op[t][1] = (struct op){LOAD, 0, 0};
		p.op[t][2] = (struct op){COPY, 0, 0};
		p.op[t][3] = (struct op){UNLOCK, 0, 0};
		p.op[t][4].code = END;
	}
	return p;
}

/* A thread that waits for a flag, whatever else the other does before. */
static struct program waiting(uint32_t n)
{
	struct program p = {.nr = 2};

	for (uint32_t i = 0; i < n; i++)
		p.op[0][i] = (struct op){STORE, 1, (uint8_t)i};
	p.op[0][n] = (struct op){STORE, 0, 1};
	p.op[0][n + 1].code = END;
	p.op[1][0] = (struct op){WAIT, 0, 1};
	p.op[1][1] = (struct op){LOAD, 0, 1};
	p.op[1][2].code = END;
	return p;
}

static void check(struct program p, const char *name, uint64_t want)
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
}
END_TEST

static struct program draw(struct cdma_rng *rng)
{
	struct program p = {.nr = 2 + cdma_rng_below(rng, 2)};

	for (uint32_t t = 0; t < p.nr; t++) {
		uint32_t nr = 1 + cdma_rng_below(rng, p.nr == 2 ? 5 : 3);
		bool held = false;

		for (uint32_t i = 0; i < nr; i++) {
			struct op *op = &p.op[t][i];

			op->a = (uint8_t)cdma_rng_below(rng, 2);
			op->b = (uint8_t)cdma_rng_below(rng, 2);
			switch (cdma_rng_below(rng, 12)) {
			case 0:
				op->code = held ? UNLOCK : LOCK;
				op->a = 0;
				held = !held;
				break;
			case 1:
				op->code = WAIT;
				break;
			case 2:
				op->code = FLIP;
				op->b = 2;
				break;
			case 3:
				op->code = HALF;
				break;
			case 4:
				op->code = JZ;
				op->b = (uint8_t)(i + 2 <= nr ? 2 : 1);
				break;
			case 5:
			case 6:
				op->code = COPY;
				break;
			case 7:
				op->code = STORE;
				op->b++;
				break;
			default:
				op->code = LOAD;
			}
		}
		p.op[t][nr].code = p.op[t][nr + 1].code = END;
	}
	return p;
}

/* Every class is visited, and none twice. */
START_TEST(random_programs)
{
	struct cdma_rng rng = cdma_rng_case(1, 1);
	static struct found naive, dpor;
	uint64_t executions = 0, visited = 0;

	for (int i = 0; i < 1000; i++) {
		struct program p = draw(&rng);
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
