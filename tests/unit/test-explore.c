/* SPDX-License-Identifier: MIT */
/*
 * Exploring small scenarios that nobody wrote: a search without any reduction
 * finds the same ends and the same findings, and units find them, too.
 */
#include "search.h"

/* ---- scenarios ---- */

/* A number below @nr. */
static unsigned int any(struct cdma_rng *rng, unsigned int nr)
{
	return (unsigned int)cdma_rng_below(rng, nr);
}

static const char *any_word(struct cdma_rng *rng)
{
	static const char *const words[] = {"a", "b", "ring.x", "ring.y"};

	return words[any(rng, ARRAY_SIZE(words))];
}

static void add_section(struct cdma_rng *rng, unsigned int i,
			struct cdma_text *out)
{
	cdma_text_add(out, "spin_lock(l); ");
	if (any(rng, 2))
		cdma_text_addf(out, "u32 in%u = READ_ONCE(%s); ", i,
			       any_word(rng));
	if (any(rng, 2))
		cdma_text_add(out, "plain = plain + 1; ");
	cdma_text_add(out, "spin_unlock(l); ");
}

/* Statement number @i of a CPU's thread. */
static void add_statement(struct cdma_rng *rng, unsigned int i,
			  struct cdma_text *out)
{
	const char *word = any_word(rng);

	switch (any(rng, 14)) {
	case 0:
	case 1:
		cdma_text_addf(out, "WRITE_ONCE(%s, %u); ", word,
			       1 + any(rng, 2));
		break;
	case 2:
		cdma_text_addf(out, "atomic_inc(%s); ",
			       any(rng, 2) ? "a" : "b");
		break;
	case 3:
		add_section(rng, i, out);
		break;
	case 4:
	case 5:
		cdma_text_addf(out, "poll (READ_ONCE(%s) == %u) max 5; ", word,
			       1 + any(rng, 2));
		break;
	case 6:
	case 7:
		cdma_text_addf(out, "if (READ_ONCE(%s)) WRITE_ONCE(%s, 2); ",
			       word, any_word(rng));
		break;
	case 8:
		cdma_text_add(out, any(rng, 2) ? "dma_rmb(); " : "dma_wmb(); ");
		break;
	case 9:
		cdma_text_add(out, any(rng, 2) ? "complete(c); "
					       : "wait_for_completion(c); ");
		break;
	case 10:
		cdma_text_add(out, "plain = 3; ");
		break;
	default:
		cdma_text_addf(out, "u32 v%u = READ_ONCE(%s); ", i, word);
	}
}

static void add_device_statement(struct cdma_rng *rng, unsigned int i,
				 struct cdma_text *out)
{
	const char *word = any(rng, 2) ? "ring.x" : "ring.y";

	switch (any(rng, 4)) {
	case 0:
		cdma_text_addf(out, "u32 v%u = %s; ", i, word);
		break;
	case 1:
		cdma_text_addf(out, "if (%s) ring.x = 2; ", word);
		break;
	default:
		cdma_text_addf(out, "%s = %u; ", word, 1 + any(rng, 2));
	}
}

static void add_scenario(struct cdma_rng *rng, bool weak, struct cdma_text *out)
{
	unsigned int threads = 2 + any(rng, 2);
	bool has_device = any(rng, 2);

	cdma_text_addf(out,
		       "scenario some \"s\"; memory = %s;\n"
		       "device nic; spinlock l;\n"
		       "completion c; shared u32 a; shared u32 b;\n"
		       "shared u32 plain; struct s { le32 x; le32 y; };\n"
		       "setup { coherent ring = dma_alloc_coherent(nic, s, "
		       "ZEROED); }\n",
		       weak ? "weak" : "strong");
	for (unsigned int t = 0; t < threads; t++) {
		unsigned int nr = 1 + any(rng, threads == 2 ? 4 : 3);
		bool device = has_device && t == 0;

		cdma_text_addf(out, "thread t%u on %s { ", t,
			       device ? "nic" : "cpu");
		for (unsigned int i = 0; i < nr; i++)
			(device ? add_device_statement : add_statement)(rng, i,
									out);
		cdma_text_add(out, "}\n");
	}
	cdma_text_add(out, "teardown { free(ring); }\nexpect nothing;\n");
}

#define NAIVE_MAX 5000

/* Returns whether the scenario is small enough. */
static bool check_scenario(const char *text, size_t max)
{
	struct program *program = scene_program(text, 0);
	struct seen naive = {0}, explored = {0}, units = {0};
	bool small;

	find_naively(program, NAIVE_MAX, &naive);
	ck_assert(!naive.has_error);
	small = naive.executions < NAIVE_MAX;
	if (small) {
		explore(program, NULL, NULL, &explored);
		explore_in_units(program, max, &units);
		same(&naive, &explored, "explored", 0, text);
		same(&naive, &units, "in units", 0, text);
		ck_assert_msg(explored.executions == units.executions,
			      "in units: %llu executions instead of %llu:\n%s",
			      (unsigned long long)units.executions,
			      (unsigned long long)explored.executions, text);
		ck_assert_uint_le(explored.executions, 2 * naive.executions);
	}
	seen_fini(&naive);
	seen_fini(&explored);
	seen_fini(&units);
	program_free(program);
	return small;
}

/* In each row, a hundred scenarios; in every other row memory is weak. */
START_TEST(some_scenarios)
{
	struct cdma_rng rng = cdma_rng_case(1, (uint64_t)_i);
	size_t nr = 0;

	for (size_t i = 0; i < 100; i++) {
		struct cdma_text text = {0};

		add_scenario(&rng, _i % 2, &text);
		nr += check_scenario(text.at, 1 + i % 4);
		cdma_text_fini(&text);
	}
	ck_assert_uint_gt(nr, 50);
}
END_TEST

/* Scenarios that an exploration once lost something of. */
static const char *const rows[] = {
	/* A poll that cannot go on in an execution that is cut short might have
	 * gone on earlier. */
	"scenario s \"s\"; shared u32 a; shared u32 b;\n"
	"thread t0 on cpu { u32 v = READ_ONCE(a); }\n"
	"thread t1 on cpu { atomic_inc(b); }\n"
	"thread t2 on cpu { atomic_inc(b);\n"
	"	poll (READ_ONCE(b) == 1) max 5; WRITE_ONCE(a, 1); }\n",
	/* A poll that ran out comes after all that could be done before, so
	 * what comes after it in its thread cannot be moved there. */
	"scenario s \"s\"; device nic; shared u32 a; shared u32 b;\n"
	"struct s { le32 x; le32 y; };\n"
	"setup { coherent ring = dma_alloc_coherent(nic, s, ZEROED); }\n"
	"thread t0 on nic { ring.x = 2; ring.x = 2; ring.x = 2; }\n"
	"thread t1 on cpu { poll (READ_ONCE(ring.y) == 1) max 5;\n"
	"	WRITE_ONCE(b, 1); poll (READ_ONCE(ring.x) == 2) max 5; }\n"
	"thread t2 on cpu { if (READ_ONCE(ring.x)) WRITE_ONCE(a, 2);\n"
	"	poll (READ_ONCE(ring.y) == 2) max 5; }\n"
	"teardown { free(ring); }\n",
	"scenario s \"s\"; shared u32 a; shared u32 b; shared u32 c;\n"
	"thread t0 on cpu {\n"
	"	WRITE_ONCE(a, 1); WRITE_ONCE(c, 2); atomic_inc(a); }\n"
	"thread t1 on cpu { u32 v = READ_ONCE(a);\n"
	"	poll (READ_ONCE(a) == 2) max 5; }\n"
	"thread t2 on cpu { poll (READ_ONCE(b) == 1) max 5;\n"
	"	poll (READ_ONCE(a) == 1) max 5; }\n",
	/* Whoever completes first lets the waiter go on. */
	"scenario s \"s\"; shared u32 a; completion c;\n"
	"thread t0 on cpu { complete(c); }\n"
	"thread t1 on cpu { u32 v = READ_ONCE(a); complete(c); }\n"
	"thread t2 on cpu { wait_for_completion(c); WRITE_ONCE(a, 2); }\n",
	"scenario s \"s\"; shared u32 a; shared u32 plain; completion c;\n"
	"spinlock l;\n"
	"thread t0 on cpu { plain = 3; complete(c); u32 v = READ_ONCE(a); }\n"
	"thread t1 on cpu { spin_lock(l); plain = plain + 1;\n"
	"	spin_unlock(l); complete(c); complete(c); }\n"
	"thread t2 on cpu { wait_for_completion(c); plain = 3; }\n",
	/* Two wait, and one is left waiting. */
	"scenario s \"s\"; shared u32 a; completion c;\n"
	"thread t0 on cpu { WRITE_ONCE(a, 1); complete(c); }\n"
	"thread t1 on cpu { wait_for_completion(c); WRITE_ONCE(a, 2); }\n"
	"thread t2 on cpu { wait_for_completion(c); u32 v = READ_ONCE(a); }\n",
	/* The condition was not looked at to its end. */
	"scenario s \"s\"; shared u32 done; shared u32 exp;\n"
	"thread t0 on cpu { poll (READ_ONCE(done) || READ_ONCE(exp)) max 10;\n"
	"	assert(READ_ONCE(done)); }\n"
	"thread t1 on cpu { WRITE_ONCE(done, 1); }\n"
	"thread t2 on cpu { WRITE_ONCE(exp, 1); }\n",
	"scenario s \"s\"; device d; device k { regs { u32 e; } };\n"
	"shared u32 done;\n"
	"setup { box b = dma_alloc(d, u32[1], ZEROED); }\n"
	"thread t0 on cpu { poll (readl(k.e)) max 10; free(b); }\n"
	"thread t1 on cpu { u32 x = READ_ONCE(done); b[0] = 1;\n"
	"	smp_store_release(done, 1); }\n"
	"thread t2 on k { k.e = 1; }\n",
	/* A wait that could have ended before a step might also have ended
	 * between another, which comes first now, and that. */
	"scenario s \"s\"; shared u32 y; shared u32 z;\n"
	"thread t0 on cpu { WRITE_ONCE(z, 2); u32 v = READ_ONCE(y); }\n"
	"thread t1 on cpu {\n"
	"	poll ((READ_ONCE(z) == 0 && READ_ONCE(y) != 1)) max 5; }\n"
	"thread t2 on cpu { WRITE_ONCE(y, 2); }\n",
	/* Which store is the newer one is told by other bytes. */
	"scenario s \"s\"; struct s { le32 x; le32 y; le64 z; };\n"
	"device d; setup { coherent r = dma_alloc_coherent(d, s[2], ZEROED); "
	"}\n"
	"thread t0 on d { split r[0].z = 3; u64 v = r[0].z; }\n"
	"thread t1 on cpu { memcpy(r[0], r[1]); }\n"
	"teardown { free(r); }\n",
	/* A late read of a word tells the order of stores to its halves. */
	"scenario s \"s\"; memory = weak; struct s { le32 x; le32 y; le64 z; "
	"};\n"
	"device d; setup { coherent r = dma_alloc_coherent(d, s[2], ZEROED); "
	"}\n"
	"thread t0 on cpu { s v = copy_read(r[0]); }\n"
	"thread t1 on d { r[0].x = 1; }\n"
	"thread t2 on cpu { WRITE_ONCE(r[0].y, 3); }\n"
	"teardown { free(r); }\n",
	/* So does whether a store in pieces is over, by its last piece. */
	"scenario s \"s\"; memory = weak; struct s { le32 x; le32 y; le64 z;\n"
	"	le64 w; };\n"
	"device n; setup { coherent r = dma_alloc_coherent(n, s, ZEROED); }\n"
	"thread t0 on cpu { s d = { .x = 7 }; dma_write(r, d); }\n"
	"thread t1 on cpu { u64 z = READ_ONCE(r.z); u32 x = READ_ONCE(r.x);\n"
	"	WRITE_ONCE(r.x, x + 2); }\n"
	"teardown { free(r); }\n",
	/* Setters wait for each other, and allocations do not. */
	"scenario s \"s\"; device d; device k; shared u32 x;\n"
	"thread t0 on cpu { u32 v = READ_ONCE(x);\n"
	"	box b = dma_alloc(d, le32[1]); free(b);\n"
	"	u32 e = dma_set_coherent_mask(k, 0); }\n"
	"thread t1 on cpu { u32 e = dma_set_mask(k, 0); WRITE_ONCE(x, 1); }\n",
	/* enable_irq() lets no disable_irq() in, as an unlock would. */
	"scenario s \"s\"; device d { irq v: msi; }; shared u32 x;\n"
	"thread t0 on cpu { WRITE_ONCE(x, 1); enable_irq(d.v); x = 2; }\n"
	"thread t1 on cpu { disable_irq(d.v); u32 v = x; }\n",
	/* A register that could not be read leaves no dependency behind. */
	"scenario s \"s\"; device d { regs { u32 r; u8 b; u16 w; } };\n"
	"shared u32 x;\n"
	"thread t0 on cpu { u32 v = READ_ONCE(x); }\n"
	"thread t1 on cpu { if (readl(d.w) == 0) WRITE_ONCE(x, 1); }\n",
	/* What follows from plain accesses, race or not. */
	"scenario s \"s\"; struct m { u8 idx; }; device d; shared u32 t[2];\n"
	"setup { coherent m = dma_alloc_coherent(d, m, ZEROED); }\n"
	"thread t0 on cpu { u8 i = m.idx; t[i] = 1; }\n"
	"thread t1 on d { m.idx = 9; }\n"
	"teardown { free(m); }\n",
	"scenario s \"s\"; shared u32 x;\n"
	"thread t0 on cpu { u32 i = data_race(x); assert(i == 0); }\n"
	"thread t1 on cpu { WRITE_ONCE(x, 9); }\n",
	/* The life of what is private. */
	"scenario s \"s\"; device d; shared u32 s;\n"
	"setup { box b = dma_alloc(d, le32[1], ZEROED); }\n"
	"thread t0 on cpu { u32 x = READ_ONCE(s); b[0] = 1; }\n"
	"thread t1 on cpu { free(b); }\n",
	"scenario s \"s\"; device d;\n"
	"setup { box b = dma_alloc(d, le32[1], ZEROED); }\n"
	"thread t0 on cpu { b[0] = 1; }\n"
	"thread t1 on cpu { free(b); }\n",
	"scenario s \"s\"; device d;\n"
	"setup { box b = dma_alloc(d, le32[1], ZEROED); }\n"
	"thread t0 on cpu { free(b); }\n"
	"thread t1 on cpu { free(b); }\n",
	/* What changes no byte: the bus, a reference, a name, a count. */
	"scenario s \"s\"; device d { regs { u32 go; } };\n"
	"setup { coherent b = dma_alloc_coherent(d, le32[1], ZEROED); }\n"
	"thread t0 on d { b[0] = 1; }\n"
	"thread t1 on cpu { pci_clear_master(d); }\n"
	"teardown { free(b); }\n",
	"scenario s \"s\"; device d;\n"
	"setup { coherent b = dma_alloc_coherent(d, le32[1], ZEROED);\n"
	"	coherent c = dma_alloc_coherent(d, le32[1], ZEROED); }\n"
	"thread t0 on cpu { b = c; }\n"
	"thread t1 on cpu { WRITE_ONCE(b[0], 1); }\n"
	"final { assert(c[0] == 0); }\n",
	"scenario s \"s\"; device d; struct s { le32 x; };\n"
	"setup { box b = dma_alloc(d, s[2], ZEROED);\n"
	"	box c = dma_alloc(d, s[2], ZEROED); }\n"
	"thread t0 on cpu { if (init_at(b, 0, { .x = 1 })) assert(0); }\n"
	"thread t1 on cpu { if (init_at(c, 0, { .x = 1 })) assert(0); }\n"
	"fail init_at #2;\n",
	/* What a step of a probe lets happen, or keeps from it. */
	"scenario s \"s\"; device d { irq v: msi; }; shared u32 x;\n"
	"thread t0 on cpu { request_irq(d.v); }\n"
	"thread t1 on d { raise(d.v); }\n"
	"irq t2 on d.v { WRITE_ONCE(x, 1); }\n"
	"final { assert(x == 0); }\n",
	"scenario s \"s\"; device d { regs { u32 r; } };\n"
	"thread t0 on cpu { if (pcim_iomap_regions(d)) return; }\n"
	"thread t1 on cpu { writel(1, d.r); }\n"
	"final { assert(d.r); }\n"
	"fail iomap;\n",
	"scenario s \"s\"; shared u32 a; shared u32 b;\n"
	"fn f() may fail -EIO { return 0; }\n"
	"thread t0 on cpu { if (f()) WRITE_ONCE(a, 1); }\n"
	"thread t1 on cpu { if (f()) WRITE_ONCE(b, 1); }\n"
	"final { assert(a); }\n"
	"fail call #2;\n",
	/* A register that is read pushes what the device wrote. */
	"scenario s \"s\"; device d { regs { u32 r; } };\n"
	"setup { coherent x = dma_alloc_coherent(d, le32[1], ZEROED); }\n"
	"thread t0 on cpu { u32 a = readl(d.r); WRITE_ONCE(x[0], 2); }\n"
	"thread t1 on d { x[0] = 1; x[0] = 3; }\n"
	"teardown { free(x); }\n",
	/* A full barrier lands what others read then. */
	"scenario s \"s\"; memory = weak; struct s { le32 len; le32 own; };\n"
	"device d; setup { coherent x = dma_alloc_coherent(d, s, ZEROED); }\n"
	"thread t0 on cpu { WRITE_ONCE(x.len, 60); WRITE_ONCE(x.own, 1);\n"
	"	dma_mb(); }\n"
	"thread t1 on d { if (!x.own) return; u32 l = x.len;\n"
	"	assert(l == 60); }\n"
	"teardown { free(x); }\n",
	/* So does a read of the device that wrote it. */
	"scenario s \"s\"; memory = weak; struct s { le32 x; le32 y; };\n"
	"device d; setup { coherent c = dma_alloc_coherent(d, s, ZEROED); }\n"
	"thread t0 on d { c.x = 1; u32 v = c.y; }\n"
	"thread t1 on d { u32 v = c.x; }\n"
	"thread t2 on cpu { dma_mb(); u32 v = READ_ONCE(c.x); }\n"
	"teardown { free(c); }\n",
	/* Of two leases of memory that is no more the later one ends first. */
	"scenario s \"s\"; device d;\n"
	"setup { coherent x = dma_alloc_coherent(d, le32[1], ZEROED); }\n"
	"thread t0 on cpu { free(x); lease_begin(d, x); }\n"
	"thread t1 on d { lease_begin(d, x); lease_end(d, x); }\n",
	/* Who is stopped has done what nobody looks at, or not. */
	"scenario s \"s\"; shared u32 a; shared u32 b;\n"
	"thread t0 on cpu { machine_shutdown(); }\n"
	"thread t1 on cpu { WRITE_ONCE(b, 1); a = 1; WRITE_ONCE(b, 2); }\n",
	"scenario s \"s\"; shared u32 a;\n"
	"thread t0 on cpu { machine_shutdown(); }\n"
	"thread t1 on cpu { smp_mb(); atomic_dec_and_test(a); smp_mb(); }\n",
	/* Who finds a block gone has looked at its pool, too. */
	"scenario s \"s\"; device d;\n"
	"setup { coherent m = dma_alloc_coherent(d, le32);\n"
	"\tpool p = dma_pool_create(d, le32); }\n"
	"thread t0 on cpu { free(m); }\n"
	"thread t1 on cpu { dma_pool_free(p, m); }\n",
	/* A late read behind a wait that ran out, since nobody else could run,
	 * is not as good as an early one. */
	"scenario s \"s\"; memory = weak; shared u32 a; shared u32 b;\n"
	"thread t0 on cpu { poll (READ_ONCE(a)) max 5 else\n"
	"\t{ u32 v = READ_ONCE(b); } }\n"
	"thread t1 on cpu { WRITE_ONCE(b, 3); }\n",
	/* Nor one of a plain store that does not count. */
	"scenario s \"s\"; memory = weak; contract = rust; device d;\n"
	"setup { coherent m = dma_alloc_coherent(d, le32[2], ZEROED); }\n"
	"thread t0 on cpu { poll (READ_ONCE(m[0])) max 5 else\n"
	"\t{ u32 v = smp_load_acquire(m[1]); } }\n"
	"thread t1 on cpu { m[1] = 3; }\n",
	/* What reached no memory is seen by nobody, not late either. */
	"scenario s \"s\"; memory = weak; device d { master = 0; };\n"
	"setup { coherent m = dma_alloc_coherent(d, le32[2], ZEROED); }\n"
	"thread t0 on d { m[1] = 3; }\n"
	"thread t1 on cpu { u32 v = READ_ONCE(m[1]); assert(v != 3); }\n"
	"thread t2 on cpu { WRITE_ONCE(m[1], 1); }\n",
	/* What registers do is in a row, and what is told of it, too. */
	"scenario s \"s\"; device d { regs { u32 a; u32 b; u32 n; }\n"
	"	on write a (v) { n = n * 2; } on write b (v) { n = n + 1; } "
	"};\n"
	"thread t0 on cpu { writel(1, d.a); }\n"
	"thread t1 on cpu { writel(1, d.b); }\n"
	"final { assert(d.n == 1); }\n",
	"scenario s \"s\"; device d { regs { u32 a; u32 b; u32 n; }\n"
	"	on write a (v) { raise(i); } on read b { n = n + 1; return n; "
	"}\n"
	"	irq i: msi; }; shared u32 x; struct s { le32 l; };\n"
	"setup { coherent m = dma_alloc_coherent(d, s, ZEROED); }\n"
	"thread t0 on cpu { WRITE_ONCE(m.l, 1); writel_relaxed(1, d.a); }\n"
	"irq t1 on d.i { u32 v = readl_relaxed(d.b); WRITE_ONCE(x, v); }\n"
	"thread t2 on d { poll (d.n == 1) max 9; u32 l = m.l; }\n"
	"teardown { free(m); }\n",
	/* ... with what others hear of who told it. */
	"scenario s \"s\"; memory = weak; device d { regs { u32 a; u32 b; u32 "
	"n; "
	"}\n	on write a (v) { n |= 1; } on write b (v) { n |= 2; } };\n"
	"struct s { le32 x; le32 y; };\n"
	"setup { coherent m = dma_alloc_coherent(d, s, ZEROED); }\n"
	"thread t0 on cpu { WRITE_ONCE(m.x, 1); writel(1, d.a); }\n"
	"thread t1 on cpu { WRITE_ONCE(m.y, 1); writel(1, d.b); }\n"
	"thread t2 on d { if (d.n == 2) { u32 x = m.x; } }\n"
	"teardown { free(m); }\n",
	/* Who waits for ever does so when the others have given up. */
	"scenario s \"s\"; shared u32 a; shared u32 b;\n"
	"thread t0 on cpu { while (!READ_ONCE(a)) cpu_relax(); }\n"
	"thread t1 on cpu { poll (READ_ONCE(b)) max 9; WRITE_ONCE(a, 1); }\n"
	"thread t2 on cpu { while (READ_ONCE(b) < 2) ; WRITE_ONCE(a, 2); }\n"
	"thread t3 on cpu { WRITE_ONCE(b, 2); WRITE_ONCE(b, 0); }\n",
};

START_TEST(known_scenarios)
{
	for (size_t max = 1; max <= 3; max++)
		ck_assert(check_scenario(rows[_i], max));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore");

	unit_add_rows(suite, some_scenarios, 8);
	unit_add_rows(suite, known_scenarios, ARRAY_SIZE(rows));
	return suite;
}
