/* SPDX-License-Identifier: MIT */
#ifndef TESTS_JUDGE_PROGRAMS_H
#define TESTS_JUDGE_PROGRAMS_H

/*
 * Judge programs: litmus tests of CPUs and devices that nobody wrote.
 *
 * Most are chains: a thread stores, then tells; the next one hears of it and
 * tells the next; the last one accesses what the first one did, with barriers,
 * dependencies, locks and doorbells strewn in.  So there is something to rely
 * on.
 */

#include <stdio.h>

#include "base/rng.h"
#include "base/text.h"

struct judge_maker {
	struct cdma_rng rng;
	struct cdma_text *out;
	unsigned int reg; /* the next register of the thread */
	bool has_read;    /* register reg - 1 is a read's */
	bool is_engine, has_device;
	bool more;              /* two engines, completions */
	unsigned int engines;   /* a bit each */
	unsigned int completes; /* the thread that does, or many */
	unsigned int blocks; /* that are open: what follows is all under them */
	unsigned int
		stored; /* by an engine, which stores once to each location */
};

static inline unsigned int judge_any(struct judge_maker *m, unsigned int nr)
{
	return (unsigned int)cdma_rng_below(&m->rng, nr);
}

static inline void judge_read(struct judge_maker *m, const char *loc)
{
	static const char *const forms[] = {"READ_ONCE(*%s)", "READ_ONCE(*%s)",
					    "smp_load_acquire(%s)"};
	const char *form = forms[m->has_device ? 0 : judge_any(m, 3)];
	struct cdma_text call = {0};

	if (m->is_engine && m->stored & 1u << (*loc - 'w'))
		return;
	cdma_text_addf(m->out, "\tr%u = ", m->reg++);
	for (const char *c = form; *c; c++)
		if (*c == '%')
			cdma_text_add(&call, loc), c++;
		else
			cdma_text_addc(&call, *c);
	cdma_text_addf(m->out, "%s;\n", cdma_text_str(&call));
	cdma_text_fini(&call);
	m->has_read = true;
}

static inline void judge_store(struct judge_maker *m, const char *loc,
			       const char *value)
{
	static const char *const by_device[] = {"dma_write", "dma_write",
						"dma_write_relaxed",
						"dma_write_unordered"};
	unsigned int kind = judge_any(m, 5);

	if (m->is_engine)
		cdma_text_addf(m->out, "%s(*%s, %s);\n",
			       by_device[judge_any(m, 4)], loc, value);
	else if (kind == 0 && !m->has_device)
		cdma_text_addf(m->out, "smp_store_release(%s, %s);\n", loc,
			       value);
	else
		cdma_text_addf(m->out, "WRITE_ONCE(*%s, %s);\n", loc, value);
}

/* A store, perhaps one that depends on the last read. */
static inline void judge_write(struct judge_maker *m, const char *loc)
{
	char value[32];
	unsigned int bit = 1u << (*loc - 'w');

	if (m->is_engine && m->stored & bit)
		return;
	m->stored |= bit;
	snprintf(value, sizeof(value), "%u", 1 + judge_any(m, 2));
	cdma_text_addc(m->out, '\t');
	if (m->has_read && judge_any(m, 3) == 0) {
		cdma_text_addf(m->out, "if (r%u) {\n\t", m->reg - 1);
		m->blocks++;
	} else if (m->has_read && judge_any(m, 3) == 0)
		snprintf(value, sizeof(value), "r%u + 1", m->reg - 1);
	judge_store(m, loc, value);
}

/* Where there is a device, smp_mb() and its like are left out: what is held for
 * CPUs alone, and then passes through a device, both sides do not count alike.
 */
static inline void judge_barrier(struct judge_maker *m)
{
	static const char *const smp[] = {"smp_mb", "smp_rmb", "smp_wmb"};
	static const char *const all[] = {
		"dma_mb", "dma_rmb", "dma_wmb", "dma_rmb", "dma_wmb",
		"mb",     "rmb",     "wmb",     "smp_rmb", "smp_wmb"};

	if (m->is_engine)
		return;
	cdma_text_addf(m->out, "\t%s();\n",
		       m->has_device ? all[judge_any(m, 10)]
				     : smp[judge_any(m, 3)]);
}

/* A CPU rings the doorbell d, and asks for the status e. */
static inline void judge_register(struct judge_maker *m, bool stores)
{
	const char *relaxed = judge_any(m, 3) ? "" : "_relaxed";
	unsigned int value = 1 + judge_any(m, 2);

	/* A register is read where it stands, which the axioms do not know. */
	if (!stores && !m->is_engine)
		cdma_text_add(m->out, "\trmb();\n");
	cdma_text_addc(m->out, '\t');
	if (!stores)
		cdma_text_addf(m->out, "r%u = ", m->reg++);
	if (m->is_engine && stores)
		cdma_text_addf(m->out, "WRITE_ONCE(*e, %u);\n", value);
	else if (m->is_engine)
		cdma_text_addf(m->out, "READ_ONCE(*%s);\n",
			       m->more && !judge_any(m, 3) ? "e" : "d");
	else if (stores)
		cdma_text_addf(m->out, "writel%s(%u, d);\n", relaxed, value);
	else
		cdma_text_addf(m->out, "readl%s(e);\n", relaxed);
	m->has_read |= !stores;
}

static inline const char *judge_loc(struct judge_maker *m)
{
	static const char *const locs[] = {"x", "y", "z"};

	return locs[judge_any(m, 3)];
}

/* Whatever. */
static inline void judge_extra(struct judge_maker *m)
{
	switch (judge_any(m, m->has_device ? 6 : 5)) {
	case 0:
		judge_read(m, judge_loc(m));
		break;
	case 1:
		judge_write(m, judge_loc(m));
		break;
	case 5:
		judge_register(m, judge_any(m, 2));
		break;
	default:
		judge_barrier(m);
	}
}

/* Hear of the thread before, do something, tell the next one. */
static inline void judge_thread(struct judge_maker *m, unsigned int i,
				unsigned int nr)
{
	static const char *const tells[] = {"y", "z", "w"};
	bool locks = !m->is_engine && judge_any(m, 6) == 0;
	bool by_register = m->has_device && judge_any(m, 4) == 0;

	m->reg = 0;
	m->has_read = false;
	if (locks)
		cdma_text_add(m->out, "\tspin_lock(s);\n");
	if (m->completes + 1 == i)
		cdma_text_add(m->out, "\twait_for_completion(c);\n");
	else if (i && by_register)
		judge_register(m, false);
	else if (i)
		judge_read(m, tells[i - 1]);
	if (judge_any(m, 2))
		judge_barrier(m);
	if (i == 0 || i + 1 == nr || judge_any(m, 3) == 0) {
		if (judge_any(m, 2))
			judge_write(m, "x");
		else
			judge_read(m, "x");
	} else {
		judge_extra(m);
	}
	if (judge_any(m, 2))
		judge_barrier(m);
	if (locks)
		cdma_text_add(m->out, "\tspin_unlock(s);\n");
	if (judge_any(m, 3) == 0)
		judge_extra(m);
	if (i == m->completes)
		cdma_text_add(m->out, "\tcomplete(c);\n");
	else if (i + 1 < nr && m->has_device && judge_any(m, 4) == 0)
		judge_register(m, true);
	else if (i + 1 < nr)
		judge_write(m, tells[i]);
}

/* A second engine; a completion between two CPUs. */
static inline void judge_more(struct judge_maker *m, unsigned int nr)
{
	unsigned int at = judge_any(m, nr);

	if (m->has_device && judge_any(m, 2))
		m->engines |= 1u << judge_any(m, nr);
	if (at + 1 < nr && !(m->engines & 3u << at))
		m->completes = at;
}

/* @more: whether with two engines and completions. */
static inline void judge_program(uint64_t seed, bool more,
				 struct cdma_text *out)
{
	struct judge_maker m = {.out = out, .more = more};
	unsigned int nr, engine;

	m.rng = cdma_rng_case(seed, 1);
	nr = 2 + judge_any(&m, 3);
	m.has_device = judge_any(&m, 4) > 0;
	engine = judge_any(&m, nr);
	m.engines = m.has_device ? 1u << engine : 0;
	m.completes = nr;
	if (more)
		judge_more(&m, nr);
	cdma_text_addf(out, "C judge-%llu\n\n{}\n", (unsigned long long)seed);
	for (unsigned int i = 0; i < nr; i++) {
		m.is_engine = m.engines & 1u << i;
		cdma_text_addf(
			out, "\n%sP%u(int *x, int *y, int *z, int *w%s%s)\n{\n",
			m.is_engine ? "device " : "", i,
			m.is_engine ? ""
			: more      ? ", spinlock_t *s, struct completion *c"
				    : ", spinlock_t *s",
			m.has_device ? ", int __iomem *d, int __iomem *e" : "");
		m.blocks = m.stored = 0;
		judge_thread(&m, i, nr);
		for (; m.blocks; m.blocks--)
			cdma_text_add(out, "\t}\n");
		cdma_text_add(out, "}\n");
	}
	cdma_text_add(out, "\nexists (true)\n");
}

#endif /* TESTS_JUDGE_PROGRAMS_H */
