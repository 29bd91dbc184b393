/* SPDX-License-Identifier: MIT */
#include "litmus.h"

/*
 * What reads of weak memory see, by litmus tests.
 *
 * Every execution of a row is made: all schedules of its threads, and in each
 * all that each read may see.  Between CPUs the verdicts are those of the Linux
 * kernel memory model (tools/memory-model/litmus-tests where the shape is
 * there), but for what comes of stores that take effect early, which is
 * outside of our model and marked so.
 */

static const struct row rows[] = {
	/* One word. */
	{"CoRR", "C: W x 1 | C1: R x; R x", "1 0", COHERENT},
	{"CoRR, two writers", "C: W x 1 | C1: W x 2 | C2: R x; R x; R x",
	 "1 2 1", COHERENT},
	{"CoRR, across threads",
	 "C: W x 1 | C1: R x; mb; W y 1 | C2: R y;"
	 "mb; R x",
	 "1 1 0", NEVER},
	{"CoWR", "C: W x 1; R x | C1: W x 2", "0", COHERENT},
	{"CoRW", "C: R x; W x 1 | C1: W x 2", "1", COHERENT},
	{"CoWW", "C: W x 1; W x 2 | C1: R x; R x", "2 1", COHERENT},
	{"CoRR of a device", "C: W x 1 | D: R x; R x", "1 0", COHERENT},

	/* Message passing. */
	{"MP", "C: W x 1; W y 1 | C1: R y; R x", "1 0", SOMETIMES},
	{"MP+wmb", "C: W x 1; smp_wmb; W y 1 | C1: R y; R x", "1 0", SOMETIMES},
	{"MP+rmb", "C: W x 1; W y 1 | C1: R y; smp_rmb; R x", "1 0", SOMETIMES},
	{"MP+wmb+rmb", "C: W x 1; smp_wmb; W y 1 | C1: R y; smp_rmb; R x",
	 "1 0", NEVER},
	{"MP+rel+acq", "C: W x 1; Wr y 1 | C1: Ra y; R x", "1 0", NEVER},
	{"MP+rel+rmb", "C: W x 1; Wr y 1 | C1: R y; smp_rmb; R x", "1 0",
	 NEVER},
	{"MP+mb+mb", "C: W x 1; mb; W y 1 | C1: R y; mb; R x", "1 0", NEVER},
	{"MP+wmb+addr", "C: W x 1; smp_wmb; W y 1 | C1: R y; R x[]", "1 0",
	 NEVER},
	{"MP+wmb+ctrl", "C: W x 1; smp_wmb; W y 1 | C1: R y; br; R x", "1 0",
	 SOMETIMES},
	{"MP, lock", "C: W x 1; give | C1: take; R x", "0", NEVER},

	/* Store buffering. */
	{"SB", "C: W x 1; R y | C1: W y 1; R x", "0 0", SOMETIMES},
	{"SB+mb+po", "C: W x 1; mb; R y | C1: W y 1; R x", "0 0", SOMETIMES},
	{"SB+wmb+wmb", "C: W x 1; wmb; R y | C1: W y 1; wmb; R x", "0 0",
	 SOMETIMES},
	{"SB+rmb+rmb", "C: W x 1; rmb; R y | C1: W y 1; rmb; R x", "0 0",
	 SOMETIMES},
	{"SB+rel+acq", "C: Wr x 1; Ra y | C1: Wr y 1; Ra x", "0 0", SOMETIMES},
	{"SB+mb+mb", "C: W x 1; mb; R y | C1: W y 1; mb; R x", "0 0", NEVER},
	{"SB+smp_mb+smp_mb", "C: W x 1; smp_mb; R y | C1: W y 1; smp_mb; R x",
	 "0 0", NEVER},
	{"SB+rfi", "C: W x 1; R x; R y | C1: W y 1; R y; R x", "1 0 1 0",
	 SOMETIMES},

	/* Three and four threads. */
	{"WRC", "C: W x 1 | C1: R x; W y 1 | C2: R y; R x", "1 1 0", SOMETIMES},
	{"WRC+rel+rmb", "C: W x 1 | C1: R x; Wr y 1 | C2: R y; smp_rmb; R x",
	 "1 1 0", NEVER},
	{"WRC+mb+rmb", "C: W x 1 | C1: R x; mb; W y 1 | C2: R y; smp_rmb; R x",
	 "1 1 0", NEVER},
	{"WRC+wmb+rmb", "C: W x 1 | C1: R x; wmb; W y 1 | C2: R y; rmb; R x",
	 "1 1 0", SOMETIMES},
	{"WRC+data+addr", "C: W x 1 | C1: R x; W y= 1 | C2: R y; R x[]",
	 "1 1 0", SOMETIMES},
	{"ISA2", "C: W x 1; W y 1 | C1: R y; W z 1 | C2: R z; R x", "1 1 0",
	 SOMETIMES},
	{"ISA2+rel+acq-rel+acq",
	 "C: W x 1; Wr y 1 | C1: Ra y; Wr z 1 | C2: Ra z; R x", "1 1 0", NEVER},
	{"ISA2+mb+data+rmb",
	 "C: W x 1; mb; W y 1 | C1: R y; W z= 1 | C2: R z; rmb; R x", "1 1 0",
	 NEVER},
	{"ISA2+mb+ctrl+addr",
	 "C: W x 1; mb; W y 1 | C1: R y; br; W z 1 | C2: R z; R x[]", "1 1 0",
	 NEVER},
	{"ISA2+wmb+data+rmb",
	 "C: W x 1; wmb; W y 1 | C1: R y; W z= 1 | C2: R z; rmb; R x", "1 1 0",
	 SOMETIMES},
	{"ISA2+mb+po+rmb",
	 "C: W x 1; mb; W y 1 | C1: R y; W z 1 | C2: R z; rmb; R x", "1 1 0",
	 SOMETIMES},
	{"ISA2+mb+rmb-ctrl+rmb",
	 "C: W x 1; mb; W y 1 | C1: R y; rmb; R w; br; W z 1 |"
	 "C2: R z; rmb; R x",
	 "1 0 1 0", NEVER},
	{"MP+wmb+data-rfi-addr",
	 "C: W x 1; wmb; W y 1 | C1: R y; W z= 1; R z; R x[]", "1 1 0", NEVER},
	{"IRIW", "C: W x 1 | C1: W y 1 | C2: R x; R y | C3: R y; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+rmb+rmb",
	 "C: W x 1 | C1: W y 1 | C2: R x; rmb; R y | C3: R y; rmb; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+mb+rmb",
	 "C: W x 1 | C1: W y 1 | C2: R x; mb; R y | C3: R y; rmb; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+acq+acq", "C: W x 1 | C1: W y 1 | C2: Ra x; R y | C3: Ra y; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+mb+mb",
	 "C: W x 1 | C1: W y 1 | C2: R x; mb; R y | C3: R y; mb; R x",
	 "1 0 1 0", NEVER},
	{"RWC+mb+mb", "C: W x 1 | C1: R x; mb; R y | C2: W y 1; mb; R x",
	 "1 0 0", NEVER},
	{"RWC+rmb+mb", "C: W x 1 | C1: R x; rmb; R y | C2: W y 1; mb; R x",
	 "1 0 0", SOMETIMES},
	{"W+RWC+rel+mb+mb",
	 "C: W x 1; Wr y 1 | C1: R y; mb; R z | C2: W z 1; mb; R x", "1 0 0",
	 NEVER},
	{"Z6.0+rel+acq-rel+mb",
	 "C: W x 1; Wr y 1 | C1: Ra y; Wr z 1 | C2: W z 2; mb; R x", "1 0 z=2",
	 SOMETIMES},

	/* The final state tells the order of stores. */
	{"R", "C: W x 1; W y 1 | C1: W y 2; R x", "0 y=2", SOMETIMES},
	{"R+wmb+mb", "C: W x 1; wmb; W y 1 | C1: W y 2; mb; R x", "0 y=2",
	 SOMETIMES},
	{"R+mb+mb", "C: W x 1; mb; W y 1 | C1: W y 2; mb; R x", "0 y=2", NEVER},
	{"S", "C: W x 2; W y 1 | C1: R y; W x 1", "1 x=2", OUTSIDE},
	{"2+2W", "C: W x 1; W y 2 | C1: W y 1; W x 2", "x=1 y=1", OUTSIDE},
	{"LB", "C: R x; W y 1 | C1: R y; W x 1", "1 1", OUTSIDE},
	{"LB+mb+mb", "C: R x; mb; W y 1 | C1: R y; mb; W x 1", "1 1", COHERENT},

	/* Reads and stores in one step. */
	{"two increments", "C: I x | C1: I x", "x=1", COHERENT},
	{"MP+xchg", "C: W x 1; X y 1 | C1: X y 2; R x", "0 1 0", SOMETIMES},
	{"MP+xchg_release+xchg_acquire", "C: W x 1; Xr y 1 | C1: Xa y 2; R x",
	 "0 1 0", NEVER},
	{"MP+release+inc+acquire", "C: W x 1; Wr y 1 | C1: I y | C2: Ra y; R x",
	 "2 0", NEVER},
	{"MP+wmb+xchg+rmb",
	 "C: W x 1; wmb; W y 1 | C1: X y 2 |"
	 "C2: R y; rmb; R x",
	 "1 2 0", NEVER},
	{"MP+release+inc+rmb", "C: W x 1; Wr y 1 | C1: I y; smp_rmb; R x",
	 "0 y=2", SOMETIMES},
	{"MP+release+inc+mb", "C: W x 1; Wr y 1 | C1: I y; smp_mb; R x",
	 "0 y=2", NEVER},
	{"ISA2+mb+xchg+rmb",
	 "C: W x 1; mb; W y 1 | C1: X y 2 |"
	 "C2: R y; rmb; R x",
	 "1 2 0", NEVER},
	{"ISA2+mb+rfi+rmb",
	 "C: W x 1; mb; W y 1 | C1: R y; W y 2 | C2: R y; rmb; R x", "1 2 0",
	 NEVER},

	/* RCU. */
	{"SB+gp+rscs", "C: W x 1; gb; ge; R y | C1: rl; W y 1; R x; ru", "0 0",
	 NEVER},
	{"SB+gp+rscs, outside",
	 "C: W x 1; gb; ge; R y | C1: W y 1; rl; ru; R x", "0 0", NEVER},
	{"SB+gp+po", "C: W x 1; gb; ge; R y | C1: W y 1; R x", "0 0",
	 SOMETIMES},
	{"SB+gp+rscs+rscs",
	 "C: W x 1; gb; ge; R y | C1: rl; W y 1; R z; ru |"
	 "C2: rl; W z 1; R x; ru",
	 "0 0 0", SOMETIMES},
	/* It ends before the grace period does, but began after it began. */
	{"a section in a grace period",
	 "C: R w; gb; ge; R z; rmb; R y | C1: rl; W y 1; ru; W z 1 |"
	 "C2: rl; W w 1; R z; ru",
	 "1 1 0 1", SOMETIMES},
	{"RCU+sync+free", "C: rl; R y; R x; ru | C1: W y 1; gb; ge; W x 1",
	 "0 1", NEVER},
	{"RCU+sync+read", "C: rl; W x 1; W y 1; ru | C1: R x; gb; ge; R y",
	 "1 0", NEVER},

	/* A device reads. */
	{"publish", "C: W x 1; W y 1 | D: R y; R x", "1 0", SOMETIMES},
	{"publish+dma_wmb", "C: W x 1; dma_wmb; W y 1 | D: R y; R x", "1 0",
	 NEVER},
	{"publish+smp_wmb", "C: W x 1; smp_wmb; W y 1 | D: R y; R x", "1 0",
	 SOMETIMES},
	{"publish+release", "C: W x 1; Wr y 1 | D: R y; R x", "1 0", SOMETIMES},
	{"publish+smp_mb", "C: W x 1; smp_mb; W y 1 | D: R y; R x", "1 0",
	 SOMETIMES},
	{"publish, dma_wmb too late", "C: W x 1; W y 1; dma_wmb | D: R y; R x",
	 "1 0", SOMETIMES},
	{"publish, second-hand",
	 "C: W x 1 | C1: R x; dma_wmb; W y 1 | D: R y; R x", "1 1 0",
	 SOMETIMES},
	{"publish, second-hand, dma_mb",
	 "C: W x 1 | C1: R x; dma_mb; W y 1 | D: R y; R x", "1 1 0", NEVER},
	{"doorbell", "C: W x 1; writel | D: db; R x", "0", NEVER},
	{"relaxed doorbell", "C: W x 1; writel_relaxed | D: db; R x", "0",
	 SOMETIMES},
	{"wmb, relaxed doorbell", "C: W x 1; wmb; writel_relaxed | D: db; R x",
	 "0", NEVER},
	{"dma_mb, relaxed doorbell",
	 "C: W x 1; dma_mb; writel_relaxed | D: db; R x", "0", SOMETIMES},
	{"dma_mb, relaxed doorbell, and a load",
	 "C: W x 1; dma_mb; writel_relaxed; R y | D: db; R x", "0 0",
	 SOMETIMES},
	{"dma_mb, mb, relaxed doorbell",
	 "C: W x 1; dma_mb; mb; writel_relaxed | D: db; R x", "0", NEVER},
	{"lock, then a doorbell",
	 "C: W x 1; give | C1: take; writel |"
	 "D: db; R x",
	 "0", NEVER},

	/* A device writes. */
	{"complete", "D: W x 1; W y 1 | C: R y; R x", "1 0", SOMETIMES},
	{"complete+dma_rmb", "D: W x 1; W y 1 | C: R y; dma_rmb; R x", "1 0",
	 NEVER},
	{"complete+smp_rmb", "D: W x 1; W y 1 | C: R y; smp_rmb; R x", "1 0",
	 SOMETIMES},
	{"complete+acquire", "D: W x 1; W y 1 | C: Ra y; R x", "1 0",
	 SOMETIMES},
	{"complete+ctrl", "D: W x 1; W y 1 | C: R y; br; R x", "1 0",
	 SOMETIMES},
	{"complete+addr", "D: W x 1; W y 1 | C: R y; R x[]", "1 0", NEVER},
	{"relaxed payload", "D: W~ x 1; W y 1 | C: R y; dma_rmb; R x", "1 0",
	 NEVER},
	{"relaxed flag", "D: W x 1; W~ y 1 | C: R y; dma_rmb; R x", "1 0",
	 SOMETIMES},
	{"relaxed flag, fence",
	 "D: W x 1; fence; W~ y 1 | C: R y; dma_rmb; R x", "1 0", NEVER},
	{"relaxed flag, a read between",
	 "D: W x 1; R z; W~ y 1 | C: R y; dma_rmb; R x", "0 1 0", COHERENT},
	{"unordered flag, a read between",
	 "D: W~ x 1; R z; Wu y 1 | C: R y; dma_rmb; R x", "0 1 0", NEVER},
	{"unordered payload", "D: Wu x 1; W y 1 | C: R y; dma_rmb; R x", "1 0",
	 SOMETIMES},
	{"unordered payload, fence",
	 "D: Wu x 1; fence; W y 1 | C: R y; dma_rmb; R x", "1 0", NEVER},
	{"readl", "D: Wu x 1; W y 1 | C: R y; readl; R x", "1 0", NEVER},
	{"readl, second-hand",
	 "D: Wu x 1; W y 1 | C: R y; readl; R x; br; W z 1 |"
	 "C1: R z; rmb; R x",
	 "1 1 1 0", NEVER},
	{"a device sees it, then SB",
	 "C: W x 1; dma_wmb; W y 1 | D: R y; R z | C1: W z 1; mb; R x", "1 0 0",
	 NEVER},
	{"MSI", "D: W x 1; MSI | C: irq; R x", "0", NEVER},
	{"INTx", "D: W x 1; INTX | C: irq; R x", "0", SOMETIMES},
	{"INTx+readl", "D: W x 1; INTX | C: irq; readl; R x", "0", NEVER},
	{"SB of two devices", "D: W x 1; R y | D1: W y 1; R x", "0 0",
	 COHERENT},
	{"relaxed flag, another device", "D: W x 1; W~ y 1 | D1: R y; R x",
	 "1 0", SOMETIMES},
	{"unordered write, another device", "D: Wu x 1; W y 1 | D1: R y; R x",
	 "1 0", SOMETIMES},
	{"device to device", "D: W x 1; W y 1 | D1: R y; R x", "1 0", COHERENT},
	{"through a CPU, dma_wmb",
	 "D: W x 1; W y 1 | C: R y; dma_rmb; dma_wmb; W z 1 | D1: R z; R x",
	 "1 1 0", SOMETIMES},
	{"through a CPU, dma_mb",
	 "D: W x 1; W y 1 | C: R y; dma_mb; W z 1 | D1: R z; R x", "1 1 0",
	 NEVER},

	/* The lost doorbell: an index and a wish to be told of it. */
	{"kick", "C: W x 1; R y | D: W y 1; R x", "0 0", SOMETIMES},
	{"kick+wmb", "C: W x 1; wmb; R y | D: W y 1; R x", "0 0", SOMETIMES},
	{"kick+rmb", "C: W x 1; rmb; R y | D: W y 1; R x", "0 0", SOMETIMES},
	{"kick+smp_mb", "C: W x 1; smp_mb; R y | D: W y 1; R x", "0 0",
	 SOMETIMES},
	{"kick+mb", "C: W x 1; mb; R y | D: W y 1; R x", "0 0", NEVER},
	{"kick+dma_mb", "C: W x 1; dma_mb; R y | D: W y 1; R x", "0 0", NEVER},
	{"kick+mb, relaxed wish", "C: W x 1; mb; R y | D: W~ y 1; R x", "0 0",
	 NEVER},
	{"kick+mb, unordered wish", "C: W x 1; mb; R y | D: Wu y 1; R x", "0 0",
	 SOMETIMES},

	/* A store in halves is two stores. */
	{"split, seen one by one", "D: lh x 1; l x 1 | C: R x; R x",
	 "4294967297 4294967296", COHERENT},
	{"split, low half late", "D: lh x 1; l x 1; W y 1 | C: R y; R x",
	 "1 4294967296", SOMETIMES},
	{"split, dma_rmb", "D: lh x 1; l x 1; W y 1 | C: R y; dma_rmb; R x",
	 "1 4294967296", NEVER},
};

START_TEST(litmus)
{
	const struct row *row = &rows[_i];
	uint64_t seen = enumerate(row, false, false);

	if (row->verdict == SOMETIMES)
		ck_assert_msg(seen, "%s: never seen", row->name);
	else
		ck_assert_msg(!seen, "%s: seen %llu times", row->name,
			      (unsigned long long)seen);
	/* It is what orders that forbids it. */
	if (row->verdict == NEVER)
		ck_assert_msg(enumerate(row, true, false),
			      "%s: forbidden without", row->name);
}
END_TEST

/* None of it without late reads. */
START_TEST(strong)
{
	ck_assert_uint_eq(enumerate(&rows[_i], false, true), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("weak");

	unit_add_rows(suite, litmus, ARRAY_SIZE(rows));
	unit_add_rows(suite, strong, ARRAY_SIZE(rows));
	return suite;
}
