/* SPDX-License-Identifier: MIT */
/*
 * Exploring small scenarios that nobody wrote: a search without any reduction
 * finds the same ends and the same findings, and units find them, too.
 */
#include "explore/explore.h"

#include "base/rng.h"
#include "explore/tree.h"
#include "scene.h"

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

/* ---- a search without any reduction ---- */

struct answer {
	uint32_t is, of;
};

/* Depth first over all answers. */
struct naive {
	CDMA_VEC(struct answer) answers;
	size_t at;
};

static void naive_begin(void *state, uint64_t seed, uint64_t index)
{
	struct naive *n = state;

	(void)seed, (void)index;
	n->at = 0;
}

static uint32_t naive_choose(void *state, const struct choice *choice)
{
	struct naive *n = state;

	if (n->at == n->answers.nr)
		*cdma_vec_push(&n->answers) = (struct answer){0, choice->nr};
	ck_assert_uint_eq(n->answers.at[n->at].of, choice->nr);
	return n->answers.at[n->at++].is;
}

static bool naive_next(struct naive *n)
{
	while (n->answers.nr) {
		struct answer *last = cdma_vec_last(&n->answers);

		if (++last->is < last->of)
			return true;
		n->answers.nr--;
	}
	return false;
}

static const struct strategy_ops strategy_naive = {
	.name = "naive",
	.begin = naive_begin,
	.choose = naive_choose,
};

/* ---- what they find ---- */

struct numbers {
	CDMA_VEC(uint64_t) at;
};

static void add_number(struct numbers *set, uint64_t nr)
{
	for (size_t i = 0; i < set->at.nr; i++)
		if (set->at.at[i] == nr)
			return;
	*cdma_vec_push(&set->at) = nr;
}

static bool same_numbers(const struct numbers *a, const struct numbers *b)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < a->at.nr; i++)
		sum += a->at.at[i];
	for (size_t i = 0; i < b->at.nr; i++)
		sum -= b->at.at[i];
	return a->at.nr == b->at.nr && !sum;
}

/* Everything that one search found. */
struct seen {
	struct numbers ends, findings;
	uint64_t executions;
	uint64_t actors[16]; /* what each did and read in this run */
};

static uint64_t mix(uint64_t h, uint64_t nr)
{
	h = (h ^ nr) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static void watch(void *aux, const struct cdma_event *ev)
{
	struct seen *seen = aux;
	uint64_t *h = &seen->actors[ev->actor % ARRAY_SIZE(seen->actors)];

	*h = mix(mix(*h, ev->kind), ev->object);
	*h = mix(mix(*h, ev->offset), ev->value);
}

static void note_finding(struct seen *seen, const struct cdma_finding *f)
{
	uint64_t here = (uintptr_t)f->at.site;
	uint64_t there = (uintptr_t)f->against.site;

	/* Which of the two came first depends on who was run first. */
	add_number(&seen->findings,
		   mix(mix(mix(1, f->id), here + there), here ^ there));
}

/* The run that @m did. */
static void note_run(struct seen *seen, struct machine *m)
{
	const struct cdma_findings *all = machine_findings(m);
	uint64_t h = 1;

	for (size_t i = 0; i < ARRAY_SIZE(seen->actors); i++)
		h = mix(h, seen->actors[i]);
	add_number(&seen->ends, h);
	seen->executions++;
	for (size_t i = 0; i < cdma_findings_nr(all); i++)
		note_finding(seen, cdma_findings_at(all, i));
}

static enum run_end run_once(struct machine *m, struct seen *seen)
{
	struct run_result result;

	memset(seen->actors, 0, sizeof(seen->actors));
	machine_run(m, 0, 0, &result);
	ck_assert_int_ne(result.end, RUN_ERROR);
	if (result.end != RUN_GIVEN_UP)
		note_run(seen, m);
	return result.end;
}

static void seen_fini(struct seen *seen)
{
	cdma_vec_free(&seen->ends.at);
	cdma_vec_free(&seen->findings.at);
}

static void find_naively(const struct program *program, uint64_t max,
			 struct seen *seen)
{
	struct naive n = {0};
	struct machine_options options = {
		.strategy = &strategy_naive,
		.strategy_state = &n,
	};
	struct machine *m = machine_new(program, &options);

	machine_observe(m, (struct cdma_observer){watch, seen});
	do
		run_once(m, seen);
	while (seen->executions < max && naive_next(&n));
	machine_free(m);
	cdma_vec_free(&n.answers);
}

/* @unit: NULL: everything. */
static void explore(const struct program *program, const struct dpor_unit *unit,
		    struct dpor_result *result, struct seen *seen)
{
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);

	machine_observe(m, explorer_observer(e));
	machine_observe(m, (struct cdma_observer){watch, seen});
	if (unit)
		explorer_unit_begin(e, unit);
	do {
		run_once(m, seen);
	} while (explorer_next(e));
	if (unit)
		explorer_unit_end(e, result);
	machine_free(m);
	explorer_free(e);
}

static void explore_in_units(const struct program *program, size_t max,
			     struct seen *seen)
{
	struct tree *tree = tree_new(1);
	struct dpor_unit units[4];
	size_t nr;

	while ((nr = tree_round(tree, units, max))) {
		struct dpor_result results[ARRAY_SIZE(units)] = {{0}};

		for (size_t i = nr; i-- > 0;)
			explore(program, &units[i], &results[i], seen);
		for (size_t i = 0; i < nr; i++) {
			tree_apply(tree, units[i].number, &results[i]);
			dpor_unit_fini(&units[i]);
			dpor_result_fini(&results[i]);
		}
	}
	tree_free(tree);
}

static void same(const struct seen *a, const struct seen *b, const char *how,
		 const char *text)
{
	ck_assert_msg(same_numbers(&a->ends, &b->ends),
		      "%s: %zu ends instead of %zu:\n%s", how, b->ends.at.nr,
		      a->ends.at.nr, text);
	ck_assert_msg(same_numbers(&a->findings, &b->findings),
		      "%s: %zu findings instead of %zu:\n%s", how,
		      b->findings.at.nr, a->findings.at.nr, text);
}

#define NAIVE_MAX 5000

/* Returns whether the scenario is small enough. */
static bool check_scenario(const char *text, size_t max)
{
	struct program *program = scene_program(text, 0);
	struct seen naive = {0}, explored = {0}, units = {0};
	bool small;

	find_naively(program, NAIVE_MAX, &naive);
	small = naive.executions < NAIVE_MAX;
	if (small) {
		explore(program, NULL, NULL, &explored);
		explore_in_units(program, max, &units);
		same(&naive, &explored, "explored", text);
		same(&naive, &units, "in units", text);
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
