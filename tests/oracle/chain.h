/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_CHAIN_H
#define TESTS_ORACLE_CHAIN_H

/*
 * Chain: small scenarios in which there is something to rely on.
 *
 * Each stage hears of the one before it, does something to memory that all of
 * them use, and tells the next: by a flag, a lock, a completion, a doorbell, an
 * interrupt, a work item, a grace period.  Barriers are there or not.
 */

#include "base/macros.h"
#include "base/rng.h"
#include "base/text.h"

enum stage {
	ON_CPU,
	ON_DEVICE,
	IN_MSI,
	IN_INTX,
	IN_WORK,
	IN_TIMER,
	IN_TASKLET
};

/* How a stage is told by the one before it. */
enum told {
	BY_FLAG,
	BY_MEMORY, /* that devices reach */
	BY_REGISTER,
	BY_COMPLETION,
	BY_LOCK,
	BY_MUTEX,
	BY_READERS, /* of RCU, who have all left by then */
	BY_GRACE,   /* of RCU, before readers come */
	BY_ITEM,    /* it is run */
};

struct chain {
	struct cdma_rng rng;
	struct cdma_text *out;
	enum stage stage;
	unsigned int names;
};

static inline unsigned int chain_any(struct chain *c, unsigned int nr)
{
	return (unsigned int)cdma_rng_below(&c->rng, nr);
}

static inline void chain_say(struct chain *c, const char *text)
{
	cdma_text_add(c->out, text);
}

/* A # in @text is the number @nr. */
static inline void chain_say_of(struct chain *c, const char *text,
				unsigned int nr)
{
	for (; *text; text++)
		if (*text == '#')
			cdma_text_addf(c->out, "%u", nr);
		else
			cdma_text_addc(c->out, *text);
}

#define CHAIN_SAY_OF(c, list, nr)                                              \
	chain_say_of(c, (list)[chain_any(c, ARRAY_SIZE(list))], nr)
#define CHAIN_SAY(c, list) chain_say(c, (list)[chain_any(c, ARRAY_SIZE(list))])

static inline bool chain_is_device(enum stage stage)
{
	return stage == ON_DEVICE;
}

static inline void chain_barrier(struct chain *c)
{
	static const char *const of_cpu[] = {
		"",
		"",
		"",
		"dma_rmb(); ",
		"dma_wmb(); ",
		"dma_mb(); ",
		"smp_rmb(); ",
		"smp_wmb(); ",
		"smp_mb(); ",
		"rmb(); ",
		"wmb(); ",
		"mb(); ",
		"spin_lock(&z); spin_unlock(&z); ",
		("spin_lock(&z); spin_unlock(&z); mutex_lock(&y); "
		 "mutex_unlock(&y); ")};

	if (!chain_is_device(c->stage))
		CHAIN_SAY(c, of_cpu);
}

static inline void chain_access(struct chain *c)
{
	static const char *const of_cpu[] = {
		"p = 1; ",
		"v = p; ",
		"p = v + 1; ",
		"q = v; ",
		"v = q; ",
		"WRITE_ONCE(p, 2); ",
		"v = READ_ONCE(p); ",
		"v = READ_ONCE(q); ",
		"WRITE_ONCE(q, v); ",
		"if (v) p = 3; ",
		"atomic_inc(&p); ",
		"v = atomic_add_return(1, &q); ",
		"v = xchg(&p, 4); ",
		"xchg(&p, 5); ",
		"smp_store_release(&q, 1); ",
		"v = smp_load_acquire(&p); ",
		"ring[0].x = 1; ",
		"v = ring[0].x; ",
		"WRITE_ONCE(ring[0].y, v); ",
		"v = READ_ONCE(ring[0].x); ",
		"v = ring[v & 1].y; ",
		"d = copy_read(ring[0]); ",
		"memcpy(d, ring[0]); v = d.y; ",
		"copy_write(ring[0], d); ",
		"km[0] = 1; ",
		"v = km[1]; ",
		"dma_sync_single_for_cpu(nic, lent, 16, DMA_BIDIRECTIONAL); ",
		("dma_sync_single_for_device(nic, lent, 16, "
		 "DMA_BIDIRECTIONAL); "),
		"dma_unmap_single(nic, lent, 16, DMA_BIDIRECTIONAL); ",
		"v = data_race(p); ",
		"v = own[0].x; ",
		"own[0].x = 7; ",
	};
	static const char *const of_device[] = {
		"ring[0].x = 1; ",
		"ring[0].y = v; ",
		"v = ring[0].x; ",
		"v = ring[0].y; ",
		"relaxed ring[0].x = 2; ",
		"unordered ring[0].y = 2; ",
		"d = ring[0]; ",
		"*(le32 *)(lent) = 1; ",
		"v = *(le32 *)(lent); ",
		"v = *(le32 *)(at); ",
		"nic.t = 1; ",
	};

	if (chain_is_device(c->stage)) {
		CHAIN_SAY(c, of_device);
		return;
	}
	if (chain_any(c, 8)) {
		CHAIN_SAY(c, of_cpu);
		return;
	}
	chain_say_of(
		c,
		chain_any(c, 2)
			? "window w# = as_mut(ring[0]); w#.x = 5; end(w#); "
			: "window w# = as_ref(ring[0]); v = w#.y; "
			  "end(w#); ",
		c->names++);
}

/* Stage @i waits for the one before it, or does not. */
static inline void chain_hear(struct chain *c, unsigned int i, enum told told)
{
	static const char *const flags[] = {
		"poll (READ_ONCE(f#) == 1) max 9 else return; ",
		"poll (READ_ONCE(f#) == 1) max 9 else return; ",
		"poll (smp_load_acquire(&f#) == 1) max 9 else return; ",
		"if (READ_ONCE(f#) != 1) return; ",
		"v = READ_ONCE(f#); ",
		"poll (f# == 1) max 9 else return; ",
		"poll (atomic_read_acquire(&f#) == 1) max 9 else return; ",
		"v = xchg(&f#, 2); ",
		"if (cmpxchg(&f#, 1, 2) != 1) return; ",
		"wait_event(wq, READ_ONCE(f#) == 1); ",
	};
	static const char *const memory[] = {
		"poll (READ_ONCE(ring[#].x) == 1) max 9 else return; ",
		"poll (ring[#].x == 1) max 9 else return; ",
		"v = READ_ONCE(ring[#].x); ",
		"poll (dma_read(ring[#].x) == 1) max 9 else return; ",
		"d = copy_read(ring[0]); if (d.z != 1) return; p = d.x; ",
		"d = copy_read(ring[0]); if (d.z == 1) v = d.y; ",
	};
	static const char *const fetched[] = {
		"poll (ring[#].x == 1) max 9 else return; ",
		"poll (ring[#].x == 1) max 9 else return; ",
		"d = ring[0]; if (d.z != 1) return; nic.t = d.x; ",
	};
	static const char *const registers[] = {
		"poll (readl(nic.t) == 1) max 9 else return; ",
		"poll (readl_relaxed(nic.t) == 1) max 9 else return; ",
		"v = readl(nic.t); ", "readl(nic.t); "};
	bool is_device = chain_is_device(c->stage);

	switch (told) {
	case BY_FLAG:
		CHAIN_SAY_OF(c, flags, i - 1);
		break;
	case BY_MEMORY:
		if (is_device)
			CHAIN_SAY_OF(c, fetched, i + 1);
		else
			CHAIN_SAY_OF(c, memory, i + 1);
		break;
	case BY_REGISTER:
		if (is_device)
			chain_say(c, "poll (nic.r == 1) max 9 else return; ");
		else
			CHAIN_SAY(c, registers);
		break;
	case BY_COMPLETION:
		chain_say_of(c, "wait_for_completion(&c#); ", i - 1);
		break;
	case BY_LOCK:
		chain_say(c, "spin_lock(&l); ");
		break;
	case BY_MUTEX:
		chain_say(c, "mutex_lock(&mx); ");
		break;
	case BY_GRACE:
		chain_say(c, "rcu_read_lock(); ");
		break;
	case BY_READERS:
		chain_say(c, "synchronize_rcu(); ");
		break;
	case BY_ITEM:
		break;
	}
}

/* Stage @i tells the next one. */
static inline void chain_tell(struct chain *c, unsigned int i, enum told told,
			      enum stage next)
{
	static const char *const flags[] = {
		"WRITE_ONCE(f#, 1); ",
		"WRITE_ONCE(f#, 1); ",
		"smp_store_release(&f#, 1); ",
		"f# = 1; ",
		"xchg(&f#, 1); ",
		"atomic_inc(&f#); ",
		"atomic_set_release(&f#, 1); ",
		"if (v) WRITE_ONCE(f#, 1); else WRITE_ONCE(f#, 1); ",
		"wake_up(wq); WRITE_ONCE(f#, 1); wake_up(wq); ",
	};
	static const char *const memory[] = {"WRITE_ONCE(ring[#].x, 1); ",
					     "ring[#].x = 1; ",
					     "dma_write(ring[#].x, 1); "};
	static const char *const posted[] = {
		"ring[#].x = 1; ", "relaxed ring[#].x = 1; ",
		"unordered ring[#].x = 1; ", "ring[0].z = 1; "};
	bool is_device = chain_is_device(c->stage);

	switch (told) {
	case BY_FLAG:
		CHAIN_SAY_OF(c, flags, i);
		break;
	case BY_MEMORY:
		if (is_device)
			CHAIN_SAY_OF(c, posted, i + 2);
		else
			CHAIN_SAY_OF(c, memory, i + 2);
		break;
	case BY_REGISTER:
		if (is_device)
			chain_say(c, next == ON_DEVICE ? "nic.r = 1; "
						       : "nic.t = 1; ");
		else
			chain_say(c, chain_any(c, 2)
					     ? "writel(1, nic.r); "
					     : "writel_relaxed(1, nic.r); ");
		break;
	case BY_COMPLETION:
		chain_say_of(c, "complete(&c#); ", i);
		break;
	case BY_ITEM:
		chain_say(c, next == IN_MSI     ? "raise(nic.v); "
			     : next == IN_INTX  ? "raise(nic.w); "
			     : next == IN_WORK  ? "schedule_work(&wk); "
			     : next == IN_TIMER ? "mod_timer(&tm, 1); "
						: "tasklet_schedule(&tl); ");
		break;
	default:
		break;
	}
}

static inline void chain_end(struct chain *c, enum told told)
{
	if (told == BY_LOCK)
		chain_say(c, "spin_unlock(&l); ");
	else if (told == BY_MUTEX)
		chain_say(c, "mutex_unlock(&mx); ");
	else if (told == BY_GRACE)
		chain_say(c, "rcu_read_unlock(); ");
}

/* What both of two stages hold, or the first, for the time of its accesses. */
static inline bool chain_begin(struct chain *c, unsigned int i, enum told told)
{
	if (told == BY_LOCK || told == BY_MUTEX)
		chain_hear(c, i, told);
	else if (told == BY_READERS)
		chain_say(c, "rcu_read_lock(); ");
	else
		return false;
	return true;
}

static inline enum told chain_way(struct chain *c, enum stage from,
				  enum stage to)
{
	bool devices = chain_is_device(from) || chain_is_device(to);

	if (to > ON_DEVICE)
		return BY_ITEM;
	if (devices)
		return chain_any(c, 2) ? BY_MEMORY : BY_REGISTER;
	if (to == ON_CPU && from == ON_CPU && chain_any(c, 3) == 0)
		return chain_any(c, 3) == 0   ? BY_MUTEX
		       : chain_any(c, 2) == 0 ? BY_GRACE
					      : BY_READERS;
	return chain_any(c, 4)   ? BY_FLAG
	       : chain_any(c, 2) ? BY_LOCK
				 : BY_COMPLETION;
}

static inline void chain_head(struct chain *c, unsigned int i)
{
	static const char *const heads[] = {
		[ON_CPU] = "thread t# on cpu", [ON_DEVICE] = "thread t# on nic",
		[IN_MSI] = "irq t# on nic.v",  [IN_INTX] = "irq t# on nic.w",
		[IN_WORK] = "work wk",         [IN_TIMER] = "timer tm",
		[IN_TASKLET] = "tasklet tl",
	};

	chain_say_of(c, heads[c->stage], i);
	chain_say(c, " { u64 v = 0; s d = { .x = 7 };\n\t");
}

/* An item runs once, so there is one of each kind. */
static inline enum stage chain_next(struct chain *c, enum stage from,
				    unsigned int *used)
{
	enum stage to = chain_any(c, 2) ? ON_CPU : ON_DEVICE;

	if (from == ON_DEVICE && chain_any(c, 3) == 0)
		to = chain_any(c, 2) ? IN_MSI : IN_INTX;
	else if (from != ON_DEVICE && chain_any(c, 4) == 0)
		to = (enum stage)(IN_WORK + chain_any(c, 3));
	if (to > ON_DEVICE && *used & 1u << to)
		to = ON_CPU;
	*used |= 1u << to;
	return to;
}

#define CHAIN_STAGES 4

static inline void chain_stages(struct chain *c)
{
	enum stage stage[CHAIN_STAGES + 1];
	enum told told[CHAIN_STAGES + 1];
	unsigned int nr = 2 + chain_any(c, CHAIN_STAGES - 1), used = 0;

	stage[0] = chain_any(c, 2) ? ON_CPU : ON_DEVICE;
	for (unsigned int i = 1; i < nr; i++) {
		stage[i] = chain_next(c, stage[i - 1], &used);
		told[i] = chain_way(c, stage[i - 1], stage[i]);
	}
	for (unsigned int i = 0; i < nr; i++) {
		bool is_held = false;

		c->stage = stage[i];
		chain_head(c, i);
		if (i)
			chain_hear(c, i, told[i]);
		if (i + 1 < nr && (!i || told[i] != told[i + 1]))
			is_held = chain_begin(c, i + 1, told[i + 1]);
		chain_barrier(c);
		for (unsigned int k = 1 + chain_any(c, 3); k; k--)
			chain_access(c);
		chain_barrier(c);
		if (is_held)
			chain_end(c, told[i + 1] == BY_READERS ? BY_GRACE
							       : told[i + 1]);
		if (i + 1 < nr && told[i + 1] == BY_GRACE)
			chain_say(c, "synchronize_rcu(); ");
		if (i)
			chain_end(c, told[i]);
		if (chain_any(c, 3) == 0)
			chain_access(c);
		if (i + 1 < nr)
			chain_tell(c, i, told[i + 1], stage[i + 1]);
		if (chain_any(c, 4) == 0)
			chain_access(c);
		chain_say(c, "}\n");
	}
	for (enum stage s = IN_WORK; s <= IN_TASKLET; s++)
		if (!(used & 1u << s)) {
			c->stage = s;
			chain_head(c, 0);
			chain_say(c, "}\n");
		}
}

static inline void chain_program(uint64_t nr, struct cdma_text *out)
{
	struct chain c = {.rng = cdma_rng_case(3, nr), .out = out};

	cdma_text_addf(
		out,
		"scenario chain \"c\"; contract = %s;\n"
		"struct s { le32 x; le32 y; le64 z; };\n"
		"device nic { regs { u32 r; u32 t; } irq v: msi; irq w: intx; "
		"};\n"
		"spinlock l; spinlock z; mutex mx; mutex y; waitqueue wq;\n"
		"completion c0; completion c1; completion c2;\n"
		"shared u32 p; shared u32 q;\n"
		"shared u32 f0; shared u32 f1; shared u32 f2;\n"
		"setup {\n"
		"	coherent ring = dma_alloc_coherent(nic, s[6], "
		"ZEROED);\n"
		"	box own = dma_alloc(nic, s[1], ZEROED);\n"
		"	u64 at = dma_handle(own[0].x);\n"
		"	buffer km = kzalloc(u8[16]);\n"
		"	u64 lent = dma_map_single(nic, km, 16, "
		"DMA_BIDIRECTIONAL);\n"
		"	dma_mapping_error(nic, lent);\n"
		"}\n",
		chain_any(&c, 4) ? "c" : "rust");
	chain_stages(&c);
	cdma_text_add(out, "expect nothing;\n");
}

#endif /* TESTS_ORACLE_CHAIN_H */
