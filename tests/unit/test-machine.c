/* SPDX-License-Identifier: MIT */
/*
 * A machine: what is the scenario's fault, what is the same in the same run,
 * and what it notes.  What each construct does: test-step.c, test-object.c.
 */
#include "scene.h"

#include <cdma/event.h>

/* Of the events of 100 runs of the ring below. */
#define RING_HASH 827000314820453386u

/* ---- what is the scenario's fault ---- */

static const struct {
	const char *text, *message;
	uint32_t line;
} errors[] = {
	{HEAD "setup { x = 0;\nu32 v = 5 / x; }\n", "division by zero", 8},
	{HEAD "setup { x = 0;\nu32 v = 5 % x; }\n", "division by zero", 8},
	{HEAD "setup { x = 5;\nfor (i in 0..x max 4) y++; }\n",
	 "this loop goes on after its max", 8},
	{HEAD "setup {\nput_device(d); }\n",
	 "put_device() without a get_device()", 8},
};

START_TEST(error)
{
	struct program *program = scene_program(errors[_i].text, 0);
	struct campaign *c = scene_run(program, 3);
	const struct run_error *e = campaign_error(c);

	ck_assert_int_eq(campaign_verdict(c), VERDICT_ERROR);
	ck_assert_str_eq(e->message, errors[_i].message);
	ck_assert_uint_eq(e->site->line, errors[_i].line);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* Loops that are too long and steps that are too many end at the cap. */
static const char *const endless[] = {
	HEAD "setup { coherent b = dma_alloc_coherent(d, u8[1 << 33]); s64 o;\n"
	     "debugfs_read(b, o, 1 << 33); }\n",
	HEAD "setup { box b = dma_alloc(d, u8[1 << 20], ZEROED);\n"
	     "memset(b, 1); }\n",
	HEAD "setup { u8 a[4096]; for (i in 0..9) memset(a, 1); }\n",
	HEAD
	"setup { for (i in 0..1_000_000) { for (j in 0..1000) y = j; } }\n",
	HEAD CPU("for (i in 0..1_000_000) WRITE_ONCE(x, i);\n"),
	HEAD "final { for (i in 0..1_000_000) assert(i >= 0); }\n",
};

START_TEST(cap)
{
	struct program *program = scene_program(endless[_i], 0);
	struct machine_options options = {.step_cap = 1000};
	struct machine *m = machine_new(program, &options);
	struct run_result result;

	machine_run(m, 1, 0, &result);
	ck_assert_int_eq(result.end, RUN_BOUNDED);
	machine_free(m);
	program_free(program);
}
END_TEST

/* ---- the same run is the same run ---- */

static const char ring[] =
	"scenario ring \"r\"; const N = 2, DONE = 1;\n"
	"struct rx_desc { le32 len; le32 status; };\n"
	"device nic { dma_bits = 64; irq rx : msi; };\n"
	"shared u32 n; spinlock l;\n"
	"setup { box ring = dma_alloc(nic, rx_desc[N], ZEROED);\n"
	"	coherent rx = expose(ring); }\n"
	"thread dma on nic { for (i in 0..N) {\n"
	"	split *(le64 *)dma_handle(rx[i]) = DONE << 32 | (64 + i);\n"
	"	raise(nic.rx); } }\n"
	"irq h on nic.rx { spin_lock(l); n++; spin_unlock(l); }\n"
	"thread poll on cpu { for (i in 0..N) {\n"
	"	poll (READ_ONCE(rx[i].status) == DONE) max 9 else return;\n"
	"	u32 len = READ_ONCE(rx[i].len);\n"
	"	spin_lock(l); n += len; spin_unlock(l); } }\n"
	"teardown { free(rx); }\n";

static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static void hash_event(void *aux, const struct cdma_event *ev)
{
	uint64_t *hash = aux, h = *hash;

	h = mix(h, ev->seq);
	h = mix(h, ev->op);
	h = mix(h, (uint64_t)ev->kind << 32 | ev->how << 24 | ev->size << 16 |
			   ev->order << 8 | ev->domain);
	h = mix(h, (uint64_t)ev->object << 32 | ev->actor);
	h = mix(h, ev->offset);
	h = mix(h, ev->value);
	h = mix(h, ev->iova);
	h = mix(h, (uint64_t)ev->flags << 32 | ev->addr_dep);
	h = mix(h, ev->data_dep);
	*hash = mix(h, (uint64_t)ev->site->line << 32 | ev->site->col);
}

static uint64_t hash_runs(struct machine *m, uint64_t *hash, uint64_t first,
			  uint64_t nr)
{
	struct run_result result;

	*hash = 0;
	for (uint64_t i = first; i < first + nr; i++)
		machine_run(m, 1, i, &result);
	return *hash;
}

/* The constant is the same for every compiler and machine. */
START_TEST(deterministic)
{
	struct program *program = scene_program(ring, 0);
	struct machine *a = machine_new(program, NULL);
	struct machine *b = machine_new(program, NULL);
	uint64_t hash_a, hash_b, want;

	machine_observe(a, (struct cdma_observer){hash_event, &hash_a});
	machine_observe(b, (struct cdma_observer){hash_event, &hash_b});
	want = hash_runs(a, &hash_a, 0, 100);
	ck_assert_uint_eq(hash_runs(b, &hash_b, 0, 100), want);
	/* What came before leaves no trace. */
	want = hash_runs(a, &hash_a, 57, 1);
	ck_assert_uint_eq(hash_runs(b, &hash_b, 57, 1), want);
	ck_assert_uint_ne(hash_runs(b, &hash_b, 58, 1), want);
	ck_assert_uint_eq(hash_runs(a, &hash_a, 0, 100), RING_HASH);
	machine_free(a);
	machine_free(b);
	program_free(program);
}
END_TEST

/* Changes all that a run can change: memory that is poisoned and that was
 * filled, addresses, windows, locks, values, dependencies, planned faults. */
static const char busy[] =
	"scenario busy \"b\"; const N = 2;\n"
	"device nic { dma_bits = 64; irq rx : msi; };\n"
	"shared u32 n = 3; spinlock l;\n"
	"fail dma_alloc #3 with -ENOMEM;\n"
	"setup { box b = dma_alloc(nic, le32[1024]); b[1] = 7; b[700] = 8;\n"
	"	coherent c = expose(b); s64 k = 1; }\n"
	"thread dma on nic { for (i in 0..N) { c[i] = 64 + i; raise(nic.rx); "
	"}\n"
	"	c[3] = c[1]; }\n"
	"irq h on nic.rx { spin_lock(l); n++; spin_unlock(l); }\n"
	"thread poll on cpu { u32 v = READ_ONCE(c[2]); s64 sum = k;\n"
	"	for (i in 0..N) { sum += READ_ONCE(c[i]); }\n"
	"	box t = dma_alloc(nic, u8[4096], ZEROED);\n"
	"	if (t) { t[5] = 1; coherent u = expose(t); free(u); }\n"
	"	spin_lock(l); n += sum; spin_unlock(l); }\n"
	"thread other on cpu { box t = dma_alloc(nic, u8[16]);\n"
	"	if (t) { t[0] = 1; coherent w = expose(t); free(w); }\n"
	"	WRITE_ONCE(c[700], READ_ONCE(c[700]) + 1); }\n"
	"teardown { free(c); }\n";

struct part {
	uint64_t from, hash; /* of the events from there on */
	uint64_t first;      /* that was shown */
};

static void hash_part(void *aux, const struct cdma_event *ev)
{
	struct part *part = aux;

	if (!part->first)
		part->first = ev->seq;
	if (ev->seq >= part->from)
		hash_event(&part->hash, ev);
}

/* A run that begins at the threads is the one that begins at the beginning. */
START_TEST(rewound)
{
	struct program *program = scene_program(busy, 0);
	struct machine *a = machine_new(program, NULL);
	struct machine *b = machine_new(program, NULL);
	struct run_result of_a, of_b;
	struct part part_a, part_b;

	machine_observe_threads(a, (struct cdma_observer){hash_part, &part_a});
	machine_observe(b, (struct cdma_observer){hash_part, &part_b});
	machine_run(a, 1, 0, &of_a);
	for (uint64_t i = 1; i < 200; i++) {
		part_a = (struct part){0};
		machine_run(a, 1, i, &of_a);
		part_b = (struct part){.from = part_a.first};
		machine_run(b, 1, i, &of_b);
		ck_assert_uint_gt(part_a.first, 10);
		ck_assert_uint_eq(part_b.first, 1);
		ck_assert_uint_eq(part_a.hash, part_b.hash);
		ck_assert_uint_eq(of_a.events, of_b.events);
		ck_assert_uint_eq(of_a.steps, of_b.steps);
		ck_assert_uint_eq(cdma_findings_nr(machine_findings(a)),
				  cdma_findings_nr(machine_findings(b)));
		for (cdma_region_id r = 1; r < 6; r++)
			ck_assert_ptr_eq(machine_region_name(a, r, 1),
					 machine_region_name(b, r, 1));
	}
	/* Who begins to watch sees everything. */
	machine_observe(a, (struct cdma_observer){hash_part, &part_b});
	part_b.first = 0;
	machine_run(a, 1, 0, &of_a);
	ck_assert_uint_eq(part_b.first, 1);
	machine_free(a);
	machine_free(b);
	program_free(program);
}
END_TEST

/* Notes of loops and calls change no event, and name the turns. */
START_TEST(frames)
{
	struct program *program = scene_program(
		"scenario t \"t\"; shared u32 x;\n"
		"fn f(i) { WRITE_ONCE(x, i); }\n"
		"setup { for (i in 0..2) { for (j in 0..3) f(j);\n"
		"} }\n",
		0);
	struct machine *m = machine_new(program, NULL);
	struct run_result result;
	const struct frame *f;

	machine_record_frames(m, true);
	machine_run(m, 1, 0, &result);
	ck_assert_int_eq(result.end, RUN_DONE);
	/* Two turns, three in each, a call in each of those. */
	ck_assert_ptr_null(machine_frame(m, 0));
	ck_assert_ptr_null(machine_frame(m, 2 + 6 + 6 + 1));
	f = machine_frame(m, 2 + 6 + 6);
	ck_assert_ptr_null(f->name);
	f = machine_frame(m, f->parent);
	ck_assert_str_eq(f->name, "j");
	ck_assert_uint_eq(f->index, 2);
	f = machine_frame(m, f->parent);
	ck_assert_str_eq(f->name, "i");
	ck_assert_uint_eq(f->index, 1);
	ck_assert_uint_eq(f->parent, 0);
	machine_free(m);
	program_free(program);
}
END_TEST

/* The strategy that always gives the first answer. */
START_TEST(first)
{
	struct program *program = scene_program(
		HEAD CPU("WRITE_ONCE(x, 1);\n") CPU2(
			"WRITE_ONCE(x, 2);\n") "final { assert(x == 2); }\n",
		0);
	struct machine_options options = {.strategy = strategy_find("first")};
	struct machine *m = machine_new(program, &options);
	struct run_result result;

	machine_run(m, 1, 0, &result);
	ck_assert_uint_eq(cdma_findings_nr(machine_findings(m)), 0);
	machine_free(m);
	program_free(program);
}
END_TEST

/* A copy that others may come in between of is a step for each word. */
static const struct {
	const char *text;
	uint64_t steps;
} copies[] = {
	{"thread a on cpu { memset(x, 1); }", 1},
	{"thread a on d { memset(c, 1); }", 1},
	{"thread a on cpu { memset(x, 1); } thread b on cpu { READ_ONCE(y); }",
	 2},
	{"thread a on cpu { memset(x, 1); }\n"
	 "thread b on cpu { READ_ONCE(x[0]); }",
	 5},
	{"thread a on d { memset(c, 1); } thread b on cpu { free(c); }", 5},
	{"thread a on d { memset(c, 1); } thread b on cpu { unbind(d); }", 5},
	{"thread a on cpu { view v = c[0..4]; memset(c, 1); }\n"
	 "thread b on cpu { READ_ONCE(v0[0]); }",
	 5},
};

START_TEST(copy_steps)
{
	struct cdma_text text = {0};
	struct program *program;
	struct machine *m;
	struct run_result result;

	cdma_text_addf(&text,
		       "scenario t \"t\"; device d; shared u64 x[4];\n"
		       "shared u64 y; setup {\n"
		       "coherent c = dma_alloc_coherent(d, le64[4], ZEROED);\n"
		       "view v0 = c[0..4]; }\n%s\n",
		       copies[_i].text);
	program = scene_program(text.at, 0);
	m = machine_new(program, NULL);
	machine_run(m, 1, 0, &result);
	/* Setup allocates in one. */
	ck_assert_uint_eq(result.steps, 1 + copies[_i].steps);
	machine_free(m);
	program_free(program);
	cdma_text_fini(&text);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("machine");

	unit_add_rows(suite, copy_steps, ARRAY_SIZE(copies));
	unit_add_rows(suite, error, ARRAY_SIZE(errors));
	unit_add_rows(suite, cap, ARRAY_SIZE(endless));
	unit_add(suite, deterministic);
	unit_add(suite, rewound);
	unit_add(suite, frames);
	unit_add(suite, first);
	return suite;
}
