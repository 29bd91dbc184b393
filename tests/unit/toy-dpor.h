/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOY_DPOR_H
#define TESTS_TOY_DPOR_H

/*
 * The toy machine driven by a dpor, and programs whose number of executions is
 * known.
 */

#include "explore/dpor.h"
#include "toy.h"

static inline bool conflict(const struct cdma_event *a,
			    const struct cdma_event *b)
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
static inline uint64_t class_hash(const struct state *s)
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
static inline void wait_for_ever(const struct toy *p, const struct state *s,
				 struct dpor *d)
{
	for (uint32_t t = 0; t < p->nr; t++) {
		const struct toy_op *op = &p->op[t][s->pc[t]];
		struct cdma_event ev = touch(CDMA_EV_READ, op->a * 8u, 8);

		if (op->code == LOCK) {
			ev.kind = CDMA_EV_ACQUIRE;
			ev.object = 10u + op->a;
		}
		if (!can_run(p, s, t) && op->code != END)
			dpor_waits(d, t, &ev);
	}
}

/* All that was found, when somebody wants to know. */
struct found {
	struct set states, classes;
	uint64_t executions;
	bool again; /* a class may be visited more than once */
};

/* One execution, as @d wants it. */
static inline void run_dpor(const struct toy *p, struct dpor *d,
			    struct found *found)
{
	struct state s;
	uint64_t who;

	start(p, &s);
	dpor_begin(d);
	while ((who = who_can(p, &s))) {
		uint32_t t = dpor_next(d, who), nr;
		uint64_t value = 0;
		struct cdma_event ev;
		bool bumps;

		if (t == DPOR_STOP) {
			wait_for_ever(p, &s, d);
			return;
		}
		if (has_value(p, &s, t, &nr))
			value = p->op[t][s.pc[t]].code == SEE
					? dpor_own_value(d, nr)
					: dpor_value(d, nr);
		bumps = p->op[t][s.pc[t]].code == BUMP;
		ev = step(p, &s, t, value);
		if (bumps) {
			ev.kind = CDMA_EV_READ;
			dpor_event(d, &ev);
			ev.kind = CDMA_EV_WRITE;
		}
		dpor_event(d, &ev);
	}
	if (found) {
		add(&found->states, final_hash(&s));
		ck_assert_msg(add(&found->classes, class_hash(&s)) ||
				      found->again,
			      "a class was visited twice");
	}
	wait_for_ever(p, &s, d);
}

static inline struct counts reduced(const struct toy *p, struct found *found)
{
	struct dpor *d = dpor_new();
	struct counts counts;

	do
		run_dpor(p, d, found);
	while (dpor_end(d));
	counts = (struct counts){dpor_executions(d), dpor_blocked(d)};
	dpor_free(d);
	return counts;
}

/* A program whose loads may see what was there before.  No halves: the value
 * before two of them depends on their order. */
static inline struct toy draw_weak(struct cdma_rng *rng)
{
	struct toy p = draw(rng);

	for (uint32_t t = 0; t < p.nr; t++)
		for (struct toy_op *op = p.op[t]; op->code != END; op++)
			op->code = op->code == LOAD   ? SEE
				   : op->code == HALF ? STORE
						      : op->code;
	return p;
}

/* One writer of a word, and @n readers of it. */
static inline struct toy readers(uint32_t n)
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
static inline struct toy sb(uint32_t n)
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
static inline struct toy lastzero(uint32_t n)
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
static inline struct toy ring(uint32_t n)
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
static inline struct toy mixed(void)
{
	struct toy p = {.nr = 2};

	p.op[0][0] = (struct toy_op){HALF, 0, 1};
	p.op[0][1].code = END;
	p.op[1][0] = (struct toy_op){LOAD, 0, 0};
	p.op[1][1].code = END;
	return p;
}

/* Threads that add one to a word. */
static inline struct toy bumping(uint32_t n)
{
	struct toy p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		p.op[t][0].code = BUMP;
		p.op[t][1].code = END;
	}
	return p;
}

/* A writer of @n words, and @readers of all of them that count what is set. */
static inline struct toy polled(uint32_t n, uint32_t readers)
{
	struct toy p = {.nr = readers + 1};

	for (uint32_t i = 0; i < n; i++)
		p.op[0][i] = (struct toy_op){STORE, (uint8_t)i, 1};
	p.op[0][n].code = END;
	for (uint32_t t = 1; t <= readers; t++) {
		struct toy_op *op = p.op[t];

		for (uint32_t i = 0; i < n; i++) {
			*op++ = (struct toy_op){LOAD, 0, (uint8_t)i};
			*op++ = (struct toy_op){JZ, 0, 2};
			*op++ = (struct toy_op){BUMP, WORDS - 1, 1};
		}
		op->code = END;
	}
	return p;
}

#endif /* TESTS_TOY_DPOR_H */
