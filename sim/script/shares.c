/* SPDX-License-Identifier: MIT */
#include "script/shares.h"

#include "base/xalloc.h"

#include <stdlib.h>

/* What an instruction does with slots. */
enum {
	USES_A = 1 << 0,
	SETS_DST = 1 << 1,
	OF_A = 1 << 2, /* dst stands for what a does, or a part of it */
	RAW = 1 << 3,  /* an address takes the place of slot a when that is 0 */
	TELLS = 1 << 4, /* where the memory is */
	QUIET = 1 << 5,
	BULK = 1 << 6,
	SETS_A = 1 << 7, /* and changes what it stands for */
	POINTS = 1 << 8, /* a pointer is made of it, or it of one */
};

static const uint16_t slots_of[INSN_NR] = {
	[INSN_LOAD] = USES_A,
	[INSN_LOAD_Q] = USES_A | QUIET,
	[INSN_STORE] = USES_A,
	[INSN_STORE_Q] = USES_A | QUIET,
	[INSN_RMW] = USES_A,
	[INSN_DMA_LOAD] = USES_A | RAW,
	[INSN_DMA_STORE] = USES_A | RAW,
	[INSN_DMA_SPLIT] = USES_A | RAW,
	[INSN_BULK_READ] = USES_A | RAW | BULK,
	[INSN_BULK_READ_Q] = USES_A | QUIET,
	[INSN_BULK_WRITE] = USES_A | RAW | BULK,
	[INSN_BULK_WRITE_Q] = USES_A | QUIET,
	[INSN_ALLOC] = SETS_DST,
	[INSN_FROM_SLICE] = SETS_DST,
	[INSN_COHERENT_INIT] = SETS_DST,
	[INSN_INIT_AT] = USES_A | QUIET,
	[INSN_EXPOSE] = USES_A | SETS_DST | OF_A,
	[INSN_FREE] = USES_A,
	[INSN_FREE_DMA] = USES_A,
	[INSN_ERR] = USES_A,
	[INSN_SIZE] = USES_A,
	[INSN_LEN] = USES_A,
	[INSN_ADDRESS] = USES_A | TELLS,
	[INSN_POINTER] = USES_A | POINTS,
	[INSN_POINT] = SETS_DST | POINTS,
	[INSN_ALIAS] = USES_A | SETS_DST | OF_A,
	[INSN_SELECT] = USES_A | SETS_DST | OF_A,
	[INSN_VIEW] = USES_A | SETS_DST | OF_A,
	[INSN_CLEAR] = SETS_DST,
	[INSN_TRY_CAST] = USES_A | SETS_DST | OF_A,
	[INSN_WINDOW] = USES_A | SETS_DST | OF_A,
	[INSN_WINDOW_END] = USES_A,
	[INSN_DEBUGFS] = USES_A,
	[INSN_KMALLOC] = SETS_DST,
	[INSN_NC_ALLOC] = SETS_DST,
	[INSN_NC_FREE] = USES_A | RAW,
	[INSN_POOL_CREATE] = SETS_DST,
	[INSN_POOL_ALLOC] = USES_A | SETS_DST,
	[INSN_POOL_FREE] = USES_A,
	[INSN_POOL_DESTROY] = USES_A,
	[INSN_SG_SET] = USES_A | SETS_DST | OF_A | QUIET,
	[INSN_SG_MAP] = USES_A | SETS_A | TELLS,
	[INSN_SG_UNMAP] = USES_A,
	[INSN_SG_SYNC] = USES_A,
	[INSN_SG_PART] = USES_A | QUIET,
	[INSN_MAP] = USES_A | TELLS,
	[INSN_UNMAP] = RAW,
	[INSN_DMA_SYNC] = RAW,
	[INSN_LEASE_BEGIN] = USES_A | RAW,
	[INSN_LEASE_END] = USES_A | RAW,
};

struct shares {
	struct program *p;
	uint32_t pointed; /* a slot for all that pointers point to */
	uint32_t *same;   /* by slot: another that stands for the same memory */
	uint64_t *users;  /* by slot: threads that name it */
	uint64_t *all; /* by root: threads that name any that stands for it */
	uint64_t *setters; /* by slot: threads that change what it stands for */
	bool *told;        /* by slot: its address is known */
	bool unbinds;      /* a thread takes all memory from a device, or it
			      writes, or goes, at a time of its own */
	uint64_t raw;      /* threads that use addresses */
};

/* How many slots in a row @in is about: of a, and of dst. */
static uint64_t of_a(const struct insn *in)
{
	switch (in->op) {
	case INSN_SELECT:
	case INSN_SG_MAP:
	case INSN_SG_UNMAP:
	case INSN_SG_SYNC:
		return in->imm;
	default:
		return 1;
	}
}

static uint64_t of_dst(const struct insn *in)
{
	return in->op == INSN_CLEAR ? in->imm : 1;
}

static uint32_t root(const struct shares *s, uint32_t slot)
{
	while (s->same[slot] != slot)
		slot = s->same[slot] = s->same[s->same[slot]];
	return slot;
}

static void unite(const struct shares *s, uint32_t a, uint32_t b)
{
	s->same[root(s, a)] = root(s, b);
}

/* @who: bit of the thread; 0: what is alone. */
static void look_at(struct shares *s, const struct insn *in, uint64_t who)
{
	uint16_t what = slots_of[in->op];

	s->unbinds |= who && (in->op == INSN_UNBIND || in->op == INSN_MASTER ||
			      in->op == INSN_FAULT);
	if (what & RAW && !in->a)
		s->raw |= who;
	for (uint64_t i = 0; what & USES_A && i < of_a(in); i++) {
		s->users[in->a + i] |= who;
		s->told[in->a + i] |= what & TELLS;
		if (what & SETS_A)
			s->setters[in->a + i] |= who;
		if (what & OF_A)
			unite(s, (uint32_t)(in->a + i), in->dst);
	}
	if (what & POINTS)
		unite(s, what & SETS_DST ? in->dst : in->a, s->pointed);
	for (uint64_t i = 0; what & SETS_DST && i < of_dst(in); i++) {
		s->users[in->dst + i] |= who;
		s->setters[in->dst + i] |= who;
	}
}

/* The thread whose code is at @pc, as a bit; 0: none. */
static uint64_t thread_at(const struct program *p, uint32_t pc)
{
	const struct program_section *alone[] = {&p->setup, &p->final,
						 &p->teardown};
	const bool has[] = {p->has_setup, p->has_final, p->has_teardown};
	uint32_t latest = 0;
	uint64_t who = 0;

	for (size_t i = 0; i < p->sections.nr; i++)
		if (p->sections.at[i].entry <= pc &&
		    p->sections.at[i].entry >= latest) {
			latest = p->sections.at[i].entry;
			who = (uint64_t)1 << i;
		}
	for (size_t i = 0; i < 3; i++)
		if (has[i] && alone[i]->entry <= pc &&
		    alone[i]->entry >= latest) {
			latest = alone[i]->entry;
			who = 0;
		}
	return who;
}

static bool is_several(uint64_t who)
{
	return who & (who - 1);
}

/* Who reaches a memory, by any of its names.  What native code touches, nobody
 * knows. */
static void gather(struct shares *s)
{
	uint64_t others = s->p->natives.nr ? UINT64_MAX : 0;

	for (uint32_t i = 0; i < s->p->slots.nr; i++)
		s->all[root(s, i)] |=
			s->users[i] | others | (s->told[i] ? s->raw : 0);
}

/* A name that one thread sets and another uses. */
static bool is_variable(const struct shares *s, uint32_t slot)
{
	return s->setters[slot] && is_several(s->users[slot]);
}

static uint8_t mark_of(const struct shares *s, const struct insn *in)
{
	uint16_t what = slots_of[in->op];
	uint8_t mark = 0;

	if (what & QUIET && is_several(s->all[root(s, in->a)]))
		mark |= MARK_STEP;
	if (what & BULK && in->a && !s->unbinds &&
	    !is_several(s->all[root(s, in->a)]))
		mark |= MARK_ALONE;
	for (uint64_t i = 0; what & USES_A && i < of_a(in); i++)
		if (is_variable(s, (uint32_t)(in->a + i)))
			mark |= MARK_OPAQUE;
	for (uint64_t i = 0; what & SETS_DST && i < of_dst(in); i++)
		if (is_variable(s, (uint32_t)(in->dst + i)))
			mark |= MARK_OPAQUE;
	return mark;
}

static void mark(const struct shares *s)
{
	struct program *p = s->p;
	bool any = false;

	for (size_t pc = 0; pc < p->code.nr; pc++) {
		uint8_t mark = thread_at(p, (uint32_t)pc)
				       ? mark_of(s, &p->code.at[pc])
				       : 0;

		*cdma_vec_push(&p->marks) = mark;
		any |= mark != 0;
	}
	if (!any)
		p->marks.nr = 0;
}

/* Devices that find memory where nobody said that it is. */
static bool has_known_addresses(const struct program *p)
{
	for (size_t i = 0; i < p->devices.nr; i++)
		if (p->devices.at[i].iova_base)
			return true;
	return false;
}

void program_mark_shares(struct program *p)
{
	size_t nr = p->slots.nr + 1;
	struct shares s = {
		.p = p,
		.pointed = (uint32_t)p->slots.nr,
		.same = cdma_xcalloc(nr, sizeof(*s.same)),
		.users = cdma_xcalloc(nr, sizeof(*s.users)),
		.all = cdma_xcalloc(nr, sizeof(*s.all)),
		.setters = cdma_xcalloc(nr, sizeof(*s.setters)),
		.told = cdma_xcalloc(nr, sizeof(*s.told)),
	};

	for (uint32_t i = 0; i < nr; i++) {
		s.same[i] = i;
		s.told[i] = has_known_addresses(p);
	}
	for (size_t pc = 0; pc < p->code.nr; pc++)
		look_at(&s, &p->code.at[pc], thread_at(p, (uint32_t)pc));
	gather(&s);
	mark(&s);
	free(s.same);
	free(s.users);
	free(s.all);
	free(s.setters);
	free(s.told);
}
