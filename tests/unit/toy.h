/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOY_H
#define TESTS_TOY_H

/*
 * Toy: the smallest machine that can have a race, for searches of schedules.
 *
 * Threads of loads, stores, locks, waits and jumps over words of memory; its
 * whole state is a struct, so a search without any cleverness copies it.
 */

#include <cdma/event.h>

#include <string.h>

#include "base/rng.h"
#include "unit.h"

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
	BUMP, /* r[b] = mem[a]++, in one step */
	HALF, /* mem32[2a + b] = 7: half of word a */
	SEE,  /* r[a] = mem[b], as it is or as it was */
	TEAR, /* mem32[2a + one of b] = 9 */
	END,
};

struct toy_op {
	uint8_t code, a, b;
};

#define THREADS 16
#define OPS     24
#define WORDS   20
#define LOCKS   2
#define REGS    4

struct toy {
	struct toy_op op[THREADS][OPS];
	uint32_t nr;
	uint64_t first[THREADS][REGS]; /* registers at the start */
};

struct did {
	uint32_t actor;
	uint64_t value;
	struct cdma_event ev;
};

struct state {
	uint64_t mem[WORDS], was[WORDS], reg[THREADS][REGS];
	bool written[WORDS];
	uint8_t pc[THREADS], lock[LOCKS];
	struct did did[40]; /* the execution so far */
	uint32_t nr;
};

static inline void settle(const struct toy *p, struct state *s, uint32_t t)
{
	for (;;) {
		const struct toy_op *op = &p->op[t][s->pc[t]];
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

static inline bool can_run(const struct toy *p, const struct state *s,
			   uint32_t t)
{
	const struct toy_op *op = &p->op[t][s->pc[t]];

	if (op->code == END)
		return false;
	if (op->code == LOCK)
		return !s->lock[op->a];
	if (op->code == WAIT)
		return s->mem[op->a] == op->b;
	return true;
}

static inline uint64_t who_can(const struct toy *p, struct state *s)
{
	uint64_t who = 0;

	for (uint32_t t = 0; t < p->nr; t++)
		if (can_run(p, s, t))
			who |= (uint64_t)1 << t;
	return who;
}

static inline struct cdma_event touch(enum cdma_event_kind kind,
				      uint64_t offset, uint8_t size)
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

/* Do the next step of @t; @value answers FLIP, TEAR and SEE. */
static inline struct cdma_event step(const struct toy *p, struct state *s,
				     uint32_t t, uint64_t value)
{
	const struct toy_op *op = &p->op[t][s->pc[t]++];
	struct cdma_event ev = touch(CDMA_EV_READ, op->a * 8u, 8);
	uint64_t *reg = s->reg[t], before[WORDS];

	memcpy(before, s->mem, sizeof(before));
	switch ((enum code)op->code) {
	case LOAD:
		ev.offset = op->b * 8u;
		reg[op->a] = s->mem[op->b];
		break;
	case SEE:
		ev.offset = op->b * 8u;
		reg[op->a] = value ? s->was[op->b] : s->mem[op->b];
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
	case BUMP:
		ev.kind = CDMA_EV_WRITE;
		reg[op->b] = s->mem[op->a]++;
		break;
	case TEAR:
		ev = touch(CDMA_EV_WRITE, op->a * 8u + value * 4, 4);
		memcpy((char *)&s->mem[op->a] + value * 4,
		       (const uint32_t[]){9}, 4);
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
	if (ev.kind == CDMA_EV_WRITE) {
		s->was[ev.offset / 8] = before[ev.offset / 8];
		s->written[ev.offset / 8] = true;
	}
	settle(p, s, t);
	if (s->nr < ARRAY_SIZE(s->did))
		s->did[s->nr++] = (struct did){t, value, ev};
	return ev;
}

static inline void start(const struct toy *p, struct state *s)
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
static inline bool add(struct set *set, uint64_t h)
{
	for (size_t i = 0; i < set->nr; i++)
		if (set->at[i] == h)
			return false;
	ck_assert(set->nr < ARRAY_SIZE(set->at));
	set->at[set->nr++] = h;
	return true;
}

static inline uint64_t mix(uint64_t h, const void *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		h = (h ^ ((const unsigned char *)p)[i]) * 1099511628211u;
	return h ^ h >> 29;
}

static inline uint64_t final_hash(const struct state *s)
{
	uint64_t h = mix(14695981039346656037u, s->mem, sizeof(s->mem));

	h = mix(h, s->reg, sizeof(s->reg));
	return mix(h, s->pc, sizeof(s->pc));
}

static inline bool has_value(const struct toy *p, const struct state *s,
			     uint32_t t, uint32_t *nr)
{
	const struct toy_op *op = &p->op[t][s->pc[t]];

	*nr = op->b;
	if (op->code != SEE)
		return op->code == FLIP || op->code == TEAR;
	*nr = 2;
	return s->written[op->b];
}

/* Two threads that add one under a lock. */
static inline struct toy locked(uint32_t n)
{
	struct toy p = {.nr = n};

	for (uint32_t t = 0; t < n; t++) {
		p.op[t][0] = (struct toy_op){LOCK, 0, 0};
		p.op[t][1] = (struct toy_op){LOAD, 0, 0};
		p.op[t][2] = (struct toy_op){COPY, 0, 0};
		p.op[t][3] = (struct toy_op){UNLOCK, 0, 0};
		p.op[t][4].code = END;
	}
	return p;
}

/* A thread that waits for a flag, whatever else the other does before. */
static inline struct toy waiting(uint32_t n)
{
	struct toy p = {.nr = 2};

	for (uint32_t i = 0; i < n; i++)
		p.op[0][i] = (struct toy_op){STORE, 1, (uint8_t)i};
	p.op[0][n] = (struct toy_op){STORE, 0, 1};
	p.op[0][n + 1].code = END;
	p.op[1][0] = (struct toy_op){WAIT, 0, 1};
	p.op[1][1] = (struct toy_op){LOAD, 0, 1};
	p.op[1][2].code = END;
	return p;
}

static inline struct toy draw(struct cdma_rng *rng)
{
	struct toy p = {.nr = 2 + cdma_rng_below(rng, 2)};

	for (uint32_t t = 0; t < p.nr; t++) {
		uint32_t nr = 1 + cdma_rng_below(rng, p.nr == 2 ? 5 : 3);
		bool held = false;

		for (uint32_t i = 0; i < nr; i++) {
			struct toy_op *op = &p.op[t][i];

			op->a = (uint8_t)cdma_rng_below(rng, 2);
			op->b = (uint8_t)cdma_rng_below(rng, 2);
			switch (cdma_rng_below(rng, 13)) {
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
				op->code = BUMP;
				break;
			case 8:
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

/* A section under a lock, with a load in it or nothing. */
static inline struct toy_op *draw_section(struct cdma_rng *rng,
					  struct toy_op *op, uint8_t word)
{
	uint8_t lock = (uint8_t)cdma_rng_below(rng, 2);

	*op++ = (struct toy_op){LOCK, lock, 0};
	if (cdma_rng_below(rng, 2))
		*op++ = (struct toy_op){LOAD, 0, word};
	*op++ = (struct toy_op){UNLOCK, lock, 0};
	return op;
}

/* Three or four threads over three words.  Each program has at most one of what
 * is rare: waits, ways, or reads of what was there before. */
static inline struct toy draw_wide(struct cdma_rng *rng)
{
	struct toy p = {.nr = 3 + cdma_rng_below(rng, 2)};
	uint8_t rare = (const uint8_t[]){LOAD, WAIT, FLIP,
					 SEE}[cdma_rng_below(rng, 4)];

	for (uint32_t t = 0; t < p.nr; t++) {
		uint32_t nr = 2 + cdma_rng_below(rng, p.nr == 3 ? 4 : 3);
		struct toy_op *op = p.op[t];

		while (op < &p.op[t][nr]) {
			uint8_t a = (uint8_t)cdma_rng_below(rng, 3);
			uint8_t b = (uint8_t)cdma_rng_below(rng, 3);

			switch (cdma_rng_below(rng, 12)) {
			case 0:
			case 1:
				op = draw_section(rng, op, b);
				break;
			case 2:
			case 3:
				*op++ = rare == WAIT
						? (struct toy_op){WAIT, a, 1}
					: rare == FLIP
						? (struct toy_op){FLIP, a, 2}
						: (struct toy_op){rare, 0, b};
				break;
			case 4:
			case 5:
				*op++ = (struct toy_op){LOAD, 0, b};
				*op++ = (struct toy_op){JZ, 0, 2};
				*op++ = (struct toy_op){STORE, a, 1};
				break;
			case 6:
				*op++ = (struct toy_op){BUMP, a, b};
				break;
			case 7:
				*op++ = (struct toy_op){COPY, a, 0};
				break;
			case 8:
				*op++ = (struct toy_op){STORE, a, 1};
				break;
			default:
				*op++ = (struct toy_op){LOAD, 0, b};
			}
		}
		op[0].code = op[1].code = END;
	}
	return p;
}

#endif /* TESTS_TOY_H */
