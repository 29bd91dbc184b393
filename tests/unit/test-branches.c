/* SPDX-License-Identifier: MIT */
/*
 * Exploring in cases: what one search visits, each once, and how it is said.
 */
#include "work/branches.h"

#include <errno.h>
#include <string.h>

#include "corpus.h"
#include "explore/explore.h"
#include "explore/tree.h"
#include "scene.h"
#include "work-heard.h"
#include "work/pack.h"
#include "work/unit-text.h"

/* More executions than a unit may have; two findings, one of them a race, for
 * which plain accesses are explored as well. */
static const char wide[] =
	"scenario wide \"w\"; const N = 4; device nic; spinlock l;\n"
	"struct slot { le32 len; le32 done; }; shared u32 sum; shared u32 y;\n"
	"setup { coherent rx = dma_alloc_coherent(nic, slot[N], ZEROED); }\n"
	"thread dma on nic { for (i in 0..N) {\n"
	"	rx[i].len = 64; rx[i].done = 1; } }\n"
	"thread a on cpu { for (i in 0..N) if (READ_ONCE(rx[i].done)) {\n"
	"	spin_lock(l); sum += READ_ONCE(rx[i].len); spin_unlock(l); }\n"
	"	y = 1; }\n"
	"thread b on cpu { for (i in 0..N) if (READ_ONCE(rx[i].done)) {\n"
	"	dma_rmb();\n"
	"	spin_lock(l); sum += READ_ONCE(rx[i].len); spin_unlock(l); }\n"
	"	y = 2; }\n"
	"teardown { free(rx); }\n"
	"expect unordered_read; expect data_race;\n";

static void explore_alone(const struct program *program, struct tally *out)
{
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);
	struct run_result result;

	tally_init(out, program);
	machine_observe(m, explorer_observer(e));
	do {
		machine_run(m, 0, 0, &result);
		ck_assert(tally_count(out, m, &result, 0));
	} while (explorer_next(e));
	machine_free(m);
	explorer_free(e);
}

/* The same findings as often, whichever came first. */
static void same_findings(const struct tally *a, const struct tally *b)
{
	ck_assert_uint_eq(a->findings.nr, b->findings.nr);
	for (size_t i = 0; i < a->findings.nr; i++) {
		const struct tally_finding *f = &a->findings.at[i];
		size_t j = 0;

		while (!cdma_finding_same(&f->finding,
					  &b->findings.at[j].finding))
			ck_assert_uint_lt(++j, b->findings.nr);
		ck_assert_uint_eq(f->seen, b->findings.at[j].seen);
	}
}

static enum campaign_cut do_branches(const struct program *program,
				     uint64_t executions,
				     const struct work_options *options,
				     struct tally *out)
{
	const struct campaign_options how = {.schedules = executions};
	struct branches *branches = branches_new(program, &how);
	struct cdma_text err = {0};
	enum campaign_cut cut;

	tally_init(out, program);
	cut = work_do(&work_branches, branches, options, out, &err);
	ck_assert_str_eq(cdma_text_str(&err), "");
	branches_free(branches);
	return cut;
}

START_TEST(explored_together)
{
	static const unsigned int jobs[] = {0, 1, 3};
	struct program *program = scene_program(wide, 0);
	struct heard heard = {0};
	struct work_options options = work_options(&heard, jobs[_i]);
	struct tally whole, parts;

	explore_alone(program, &whole);
	ck_assert_uint_gt(whole.runs, 2000);
	ck_assert_uint_eq(whole.findings.nr, 2);
	ck_assert_int_eq(do_branches(program, UINT64_MAX, &options, &parts),
			 CAMPAIGN_WHOLE);
	ck_assert_uint_eq(parts.runs, whole.runs);
	ck_assert_uint_eq(parts.steps, whole.steps);
	ck_assert_uint_eq(parts.expects.seen[0], whole.expects.seen[0]);
	same_findings(&whole, &parts);
	for (size_t i = 0; i < parts.findings.nr; i++)
		ck_assert(parts.findings.at[i].has_schedule);
	tally_fini(&parts);
	tally_fini(&whole);
	program_free(program);
}
END_TEST

/* ---- every scenario, in the smallest units ---- */

/* Have @unit explored by somebody who is told of it by text, and tells what
 * came of it by text. */
static void explore_unit(const struct program *program,
			 const struct dpor_unit *unit, struct tally *out,
			 struct dpor_result *result)
{
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);
	struct dpor_unit told = {0};
	struct cdma_text text = {0};
	struct run_result run;

	unit_to_text(&text, unit);
	ck_assert_int_eq(unit_from_text(text.at, text.len, &told), 0);
	machine_observe(m, explorer_observer(e));
	explorer_unit_begin(e, &told);
	do {
		machine_run(m, 0, 0, &run);
		ck_assert(tally_count(out, m, &run, 0));
	} while (explorer_next(e));
	explorer_unit_end(e, result);
	cdma_text_cut(&text, 0);
	result_to_text(&text, result);
	dpor_result_fini(result);
	*result = (struct dpor_result){0};
	ck_assert_int_eq(result_from_text(text.at, text.len, result), 0);
	cdma_text_fini(&text);
	dpor_unit_fini(&told);
	machine_free(m);
	explorer_free(e);
}

static void explore_in_units(const struct program *program, size_t max,
			     struct tally *out)
{
	struct tree *tree = tree_new(1);
	struct dpor_unit units[4];
	size_t nr;

	tally_init(out, program);
	while ((nr = tree_round(tree, units, max))) {
		struct dpor_result results[ARRAY_SIZE(units)] = {{0}};

		for (size_t i = nr; i-- > 0;)
			explore_unit(program, &units[i], out, &results[i]);
		for (size_t i = 0; i < nr; i++) {
			tree_apply(tree, units[i].number, &results[i]);
			dpor_unit_fini(&units[i]);
			dpor_result_fini(&results[i]);
		}
	}
	tree_free(tree);
}

static void check_program(const struct program *program, void *aux)
{
	size_t *nr = aux;
	struct tally whole, parts;

	explore_alone(program, &whole);
	/* The others take long, and are of the same kinds. */
	if (whole.runs < 150) {
		explore_in_units(program, 1 + *nr % 4, &parts);
		ck_assert_msg(parts.runs == whole.runs &&
				      parts.steps == whole.steps,
			      "%s/%s: %llu executions in units, and %llu",
			      program->name, program->variant,
			      (unsigned long long)parts.runs,
			      (unsigned long long)whole.runs);
		same_findings(&whole, &parts);
		tally_fini(&parts);
		++*nr;
	}
	tally_fini(&whole);
}

START_TEST(each_scenario)
{
	size_t nr = 0;

	corpus_each(check_program, &nr);
	ck_assert_uint_gt(nr, 200);
}
END_TEST

/* As many as may be tried, and not one more. */
START_TEST(explored_in_part)
{
	static const uint64_t bounds[] = {1, 255, 256, 257, 1500};
	struct program *program = scene_program(wide, 0);
	struct heard heard = {0};
	struct work_options options = work_options(&heard, 0);
	struct tally tally;

	ck_assert_int_eq(do_branches(program, bounds[_i], &options, &tally),
			 CAMPAIGN_COUNT);
	ck_assert_uint_eq(tally.runs, bounds[_i]);
	tally_fini(&tally);
	program_free(program);
}
END_TEST

/* ---- as text ---- */

static const struct {
	const char *text;
	const char *bytes; /* NULL: it is no word */
} words[] = {
	/* RFC 4648, section 10. */
	{"", ""},
	{"Zg==", "f"},
	{"Zm8=", "fo"},
	{"Zm9v", "foo"},
	{"Zm9vYg==", "foob"},
	{"Zm9vYmE=", "fooba"},
	{"Zm9vYmFy", "foobar"},
	{"Zg=", NULL},
	{"Zg", NULL},
	{"Zm9v!m9v", NULL},
	{"Zg==Zm9v", NULL},
	{"Z===", NULL},
};

START_TEST(word)
{
	struct bytes bytes = {0};
	struct cdma_text text = {0};

	ck_assert_int_eq(
		unpack_word(words[_i].text, strlen(words[_i].text), &bytes),
		words[_i].bytes != NULL);
	if (words[_i].bytes) {
		ck_assert_uint_eq(bytes.nr, strlen(words[_i].bytes));
		for (size_t i = 0; i < bytes.nr; i++)
			ck_assert_int_eq(bytes.at[i], words[_i].bytes[i]);
		pack_word(&text, &bytes);
		ck_assert_str_eq(cdma_text_str(&text), words[_i].text);
	}
	cdma_text_fini(&text);
	cdma_vec_free(&bytes);
}
END_TEST

START_TEST(numbers)
{
	static const uint64_t nrs[] = {
		0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX,
	};
	static const unsigned char endless[] = {
		0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02,
	};
	struct bytes bytes = {0};
	struct unpack u;

	for (size_t i = 0; i < ARRAY_SIZE(nrs); i++)
		pack_put(&bytes, nrs[i]);
	u = unpack_begin(&bytes);
	for (size_t i = 0; i < ARRAY_SIZE(nrs); i++)
		ck_assert_uint_eq(unpack_get(&u, UINT64_MAX), nrs[i]);
	ck_assert(!u.bad && u.at == u.end);
	unpack_get(&u, UINT64_MAX);
	ck_assert(u.bad);
	u = unpack_begin(&bytes);
	unpack_get(&u, 0);
	ck_assert(!u.bad);
	unpack_get(&u, 0);
	ck_assert(u.bad);
	u = (struct unpack){endless, endless + sizeof(endless), false};
	unpack_get(&u, UINT64_MAX);
	ck_assert(u.bad);
	cdma_vec_free(&bytes);
}
END_TEST

/* What comes from a file need not be a result; cut off anywhere it is none. */
START_TEST(cut_result)
{
	struct dpor_result result = {.executions = 3}, again;
	struct dpor_initial *step = cdma_vec_push(&result.initials);
	struct dpor_branch *branch = cdma_vec_push(&result.branches);
	struct cdma_text text = {0};

	*step = (struct dpor_initial){.last = true, .nr_ways = 1};
	step->fp.nr = 1;
	step->fp.at[0] = (struct touch){.first = 4, .last = 7, .object = 2};
	*branch = (struct dpor_branch){.nr_ways = 2, .fp = step->fp};
	result_to_text(&text, &result);
	for (size_t len = 0; len <= text.len; len++) {
		int err;

		again = (struct dpor_result){0};
		err = result_from_text(text.at, len, &again);
		ck_assert_int_eq(err, len == text.len ? 0 : -EINVAL);
		if (!err) {
			ck_assert_uint_eq(again.executions, 3);
			ck_assert_uint_eq(again.branches.nr, 1);
			ck_assert_uint_eq(again.branches.at[0].fp.at[0].last,
					  7);
		}
		dpor_result_fini(&again);
	}
	cdma_text_fini(&text);
	dpor_result_fini(&result);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("branches");

	unit_add_rows(suite, explored_together, 3);
	unit_add_rows(suite, explored_in_part, 5);
	unit_add(suite, each_scenario);
	unit_add_rows(suite, word, ARRAY_SIZE(words));
	unit_add(suite, numbers);
	unit_add(suite, cut_result);
	return suite;
}
