/* SPDX-License-Identifier: MIT */
/* Programs on which the rules and the axioms differed once, the smallest of
 * each kind: for test-judge.c alone. */

/* The bodies of the threads; '@' before one: an engine.  What they share is as
 * in judge-programs.h. */
struct judge_kind {
	const char *name, *threads[5];
};

static const struct judge_kind kinds[] = {
	{"a newer store of another orders what missed it",
	 {"r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0 + 1); smp_mb(); "
	  "WRITE_ONCE(*z, 1);",
	  "r0 = READ_ONCE(*z); r1 = READ_ONCE(*x); r2 = smp_load_acquire(x); "
	  "WRITE_ONCE(*w, 2);",
	  "r0 = READ_ONCE(*w); WRITE_ONCE(*x, r0 + 1);"}},
	{"... also what it overwrote",
	 {"r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0 + 1); r1 = READ_ONCE(*x); "
	  "if (r1) { WRITE_ONCE(*z, 2); }",
	  "r0 = READ_ONCE(*z); WRITE_ONCE(*y, r0 + 1);", "WRITE_ONCE(*x, 1);"}},
	{"... of a device",
	 {"@dma_write_relaxed(*x, 1); dma_write_relaxed(*y, 1);",
	  "r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); r2 = READ_ONCE(*x); "
	  "WRITE_ONCE(*z, r2 + 1);",
	  "r0 = READ_ONCE(*z); WRITE_ONCE(*x, r0 + 1);"}},
	{"an unlock is a store for the doorbell behind it",
	 {"spin_lock(s); r0 = READ_ONCE(*x); dma_mb(); spin_unlock(s); "
	  "writel(1, d);",
	  "@r0 = READ_ONCE(*d); dma_write(*x, 1);"}},
	{"... no doorbell is behind a read without it",
	 {"r0 = READ_ONCE(*x); dma_mb(); writel(1, d);",
	  "@r0 = READ_ONCE(*d); dma_write(*x, 1);"}},
	{"what an answer has pushed is told on by complete()",
	 {"@dma_write_relaxed(*x, 1); WRITE_ONCE(*e, 1);",
	  "r0 = readl(e); complete(c);",
	  "wait_for_completion(c); WRITE_ONCE(*w, 1);",
	  "r0 = READ_ONCE(*w); if (r0) { WRITE_ONCE(*x, 2); }"}},
	{"... and to devices, when a doorbell was between",
	 {"@dma_write_relaxed(*x, 2); WRITE_ONCE(*e, 2);",
	  "r0 = readl_relaxed(e); writel(1, d); complete(c);",
	  "wait_for_completion(c); wmb(); WRITE_ONCE(*w, 1);",
	  "@r0 = READ_ONCE(*w); dma_write(*x, 2);"}},
	{"... to a relaxed doorbell, by who has the lock later",
	 {"WRITE_ONCE(*x, 2); mb(); writel_relaxed(1, d); complete(c);",
	  "wait_for_completion(c); writel_relaxed(2, d);",
	  "@r0 = READ_ONCE(*d); dma_write(*x, 1);"}},
	{"... and what an answer had pushed, behind his doorbell",
	 {"@dma_write(*x, 2); WRITE_ONCE(*e, 1);",
	  "r0 = readl_relaxed(e); complete(c);",
	  "wait_for_completion(c); writel(2, d); wmb(); WRITE_ONCE(*w, 2);",
	  "@r0 = READ_ONCE(*w); r1 = READ_ONCE(*x);"}},
	{"wmb() hands on what the doorbell before it told",
	 {"WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); complete(c);",
	  "wait_for_completion(c); writel(1, d); wmb(); WRITE_ONCE(*w, 1);",
	  "@r0 = READ_ONCE(*w); dma_write_unordered(*x, 1);"}},
	{"between CPUs alone, a device overwrites what was read",
	 {"@r0 = READ_ONCE(*x); dma_write(*y, 2);",
	  "r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x); "
	  "WRITE_ONCE(*z, r1 + 1);",
	  "r0 = READ_ONCE(*z); dma_mb(); WRITE_ONCE(*x, 2);"}},
	{"... and what has passed through a device",
	 {"r0 = READ_ONCE(*x); rmb(); WRITE_ONCE(*y, r0 + 1);",
	  "r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x); "
	  "WRITE_ONCE(*z, r1 + 1);",
	  "@r0 = READ_ONCE(*z); dma_write(*x, 2);"}},
	{"what one engine has read has arrived for another",
	 {"WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 2);",
	  "@r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); WRITE_ONCE(*e, 2);",
	  "@r0 = READ_ONCE(*e); dma_write_unordered(*x, 1);"}},
	{"... and what it has pushed",
	 {"@dma_write(*x, 2); r0 = READ_ONCE(*z); WRITE_ONCE(*e, 1);",
	  "@r0 = READ_ONCE(*e); dma_write_unordered(*x, r0 + 1);"}},
	{"... but not what it has merely written",
	 {"@dma_write(*x, 2); WRITE_ONCE(*e, 1);",
	  "@r0 = READ_ONCE(*e); dma_write_unordered(*x, r0 + 1);"}},
	{"a read is before its actor's unordered store, too",
	 {"WRITE_ONCE(*y, 1);",
	  "@r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); "
	  "dma_write_unordered(*x, 1); dma_write(*z, 2);",
	  "r0 = READ_ONCE(*z); WRITE_ONCE(*w, 1);",
	  "r0 = READ_ONCE(*w); WRITE_ONCE(*x, r0 + 1); "
	  "if (r0) { WRITE_ONCE(*x, 2); }"}},
	{"who is there by time alone may see what he likes",
	 {"@r0 = READ_ONCE(*x); WRITE_ONCE(*e, 1);",
	  "r0 = readl_relaxed(e); dma_rmb(); WRITE_ONCE(*x, 1);",
	  "@r0 = READ_ONCE(*e); r1 = READ_ONCE(*x);"}},
	{"a read is before its CPU's store there, and the doorbell behind that",
	 {"@dma_write(*x, 1); dma_write(*y, 1);",
	  "r0 = READ_ONCE(*y); WRITE_ONCE(*y, 1); writel(1, d);",
	  "WRITE_ONCE(*x, 2);", "@r0 = READ_ONCE(*d); r1 = READ_ONCE(*x);"}},
};

static void kind_program(const struct judge_kind *kind, struct cdma_text *out)
{
	bool has_engine = false;

	for (unsigned int i = 0; kind->threads[i]; i++)
		has_engine |= *kind->threads[i] == '@';
	cdma_text_add(out, "C kind\n\n{}\n");
	for (unsigned int i = 0; kind->threads[i]; i++) {
		bool is_engine = *kind->threads[i] == '@';

		cdma_text_addf(
			out, "\n%sP%u(int *x, int *y, int *z, int *w%s%s)\n{\n",
			is_engine ? "device " : "", i,
			is_engine ? ""
				  : ", spinlock_t *s, struct completion *c",
			has_engine ? ", int __iomem *d, int __iomem *e" : "");
		/* Each statement on a line of its own, as sites are. */
		for (const char *c = kind->threads[i] + is_engine; *c; c++)
			cdma_text_addc(out,
				       *c == ' ' && c[-1] == ';' ? '\n' : *c);
		cdma_text_add(out, "\n}\n");
	}
	cdma_text_add(out, "\nexists (true)\n");
}
