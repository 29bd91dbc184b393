/* SPDX-License-Identifier: MIT */
/*
 * Many schedules of one variant: what is counted, and what is written down of
 * a finding.
 */
#include "scene.h"

static const char ring[] =
	"scenario nic_rx_rmb \"NIC RX ring\";\n"
	"const N = 2, DONE = 1;\n"
	"struct rx_desc { le32 len; le32 status; };\n"
	"device nic { dma_bits = 64; };\n"
	"setup {\n"
	"	box ring = dma_alloc(nic, rx_desc[N], ZEROED);\n"
	"	coherent rx = expose(ring);\n"
	"}\n"
	"thread dma on nic {\n"
	"	for (i in 0..N) {\n"
	"w_len:		rx[i].len = 64 + i;\n"
	"		rx[i].status = DONE;\n"
	"	}\n"
	"}\n"
	"fn take(i) {\n"
	"r_len:	u32 len = READ_ONCE(rx[i].len);\n"
	"}\n"
	"thread poll on cpu {\n"
	"	for (i in 0..N) {\n"
	"		poll (READ_ONCE(rx[i].status) == DONE) max 9;\n"
	"		take(i);\n"
	"	}\n"
	"}\n"
	"teardown { free(rx); }\n"
	"expect unordered_read at r_len against w_len;\n"
	"fail dma_alloc #2;\n";

static struct campaign *run(const struct program *program, uint64_t seed,
			    uint64_t first, uint64_t schedules)
{
	struct campaign_options options = {
		.seed = seed,
		.first = first,
		.schedules = schedules,
	};

	return campaign_run(program, &options);
}

START_TEST(counts)
{
	struct program *program = scene_program(ring, 0);
	struct campaign *c = run(program, 1, 0, 50);
	const struct campaign_finding *f;

	ck_assert_int_eq(campaign_verdict(c), VERDICT_EXPECTED);
	ck_assert_uint_eq(campaign_tally(c)->runs, 50);
	ck_assert_uint_eq(campaign_tally(c)->bounded, 0);
	ck_assert_int_eq(campaign_cut(c), CAMPAIGN_WHOLE);
	ck_assert_uint_gt(campaign_tally(c)->steps, 50 * 10);
	ck_assert_uint_gt(campaign_tally(c)->events, 50 * 10);
	ck_assert_uint_eq(campaign_nr_findings(c), 1);
	f = campaign_finding(c, 0);
	ck_assert_uint_eq(f->first, 0);
	ck_assert_uint_eq(f->seen, 50);
	ck_assert_uint_eq(campaign_nr_expects(c), 1);
	ck_assert_uint_eq(campaign_expect(c, 0)->seen, 50);
	ck_assert(campaign_expect(c, 0)->met);
	ck_assert(!campaign_tally(c)->struck[0]);
	ck_assert_ptr_null(campaign_error(c));
	campaign_free(c);
	program_free(program);
}
END_TEST

START_TEST(details)
{
	struct program *program = scene_program(ring, 0);
	struct campaign *c = run(program, 1, 0, 50);
	const struct campaign_finding *f = campaign_finding(c, 0);
	const struct campaign_buffer *b = f->buffer;

	ck_assert_int_eq(f->finding.id, CDMA_FINDING_UNORDERED_READ);
	ck_assert(f->expected);
	ck_assert(f->at.present && f->against.present && f->proof.present &&
		  f->publish.present);
	ck_assert_str_eq(f->at.actor, "poll");
	ck_assert_int_eq(f->at.kind, CDMA_CPU);
	ck_assert_ptr_null(f->at.device);
	ck_assert_str_eq(f->against.actor, "dma");
	ck_assert_int_eq(f->against.kind, CDMA_DEVICE);
	ck_assert_str_eq(f->against.device, "nic");
	ck_assert_str_eq(f->at.party.site->label, "r_len");
	ck_assert_str_eq(f->at.party.site->func, "take");
	ck_assert_uint_lt(f->against.step, f->at.step);
	ck_assert_uint_lt(f->proof.step, f->at.step);
	/* The call, and the loop that it is in. */
	ck_assert_uint_eq(f->at.nr_frames, 2);
	ck_assert_ptr_null(f->at.frames[0].name);
	ck_assert_uint_eq(f->at.frames[0].site->line, 21);
	ck_assert_str_eq(f->at.frames[1].name, "i");
	ck_assert_uint_eq(f->at.frames[1].index, f->against.frames[0].index);
	/* Here it did see the store. */
	ck_assert_uint_eq(f->at.saw.seq, f->against.party.seq);
	ck_assert_str_eq(f->at.saw_actor, "dma");
	ck_assert_uint_eq(f->at.saw_step, f->against.step);
	ck_assert_uint_eq(f->proof.saw.seq, f->publish.party.seq);
	ck_assert_ptr_nonnull(b);
	ck_assert_uint_eq(b->nr_names, 2);
	ck_assert_str_eq(b->names[0], "ring");
	ck_assert_str_eq(b->names[1], "rx");
	ck_assert_str_eq(b->info.name, "rx");
	ck_assert_str_eq(b->device, "nic");
	ck_assert_int_eq(b->info.born, CDMA_REGION_BOX);
	ck_assert_uint_eq(b->info.alloc.site->line, 6);
	ck_assert_uint_eq(b->info.expose.site->line, 7);
	ck_assert_uint_ne(b->info.free.seq, 0);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* A finding that few schedules show is there again in the one it names. */
START_TEST(replay)
{
	static const char text[] =
		"scenario t \"t\"; shared u32 x;\n"
		"thread a on cpu { for (i in 0..6) WRITE_ONCE(x, i); }\n"
		"thread b on cpu {\n"
		"	assert(READ_ONCE(x) != 4);\n"
		"}\n"
		"expect assertion;\n";
	struct program *program = scene_program(text, 0);
	struct campaign *all = run(program, 7, 0, 500), *one;
	const struct campaign_finding *f = campaign_finding(all, 0);

	ck_assert_uint_eq(campaign_nr_findings(all), 1);
	ck_assert_uint_gt(f->first, 0);
	ck_assert_uint_lt(f->seen, 400);
	one = run(program, 7, f->first, 1);
	ck_assert_uint_eq(campaign_nr_findings(one), 1);
	ck_assert_uint_eq(campaign_finding(one, 0)->at.step, f->at.step);
	ck_assert_uint_eq(campaign_finding(one, 0)->first, f->first);
	campaign_free(one);
	one = run(program, 7, 0, f->first);
	ck_assert_uint_eq(campaign_nr_findings(one), 0);
	ck_assert_int_eq(campaign_verdict(one), VERDICT_DIFFERS);
	campaign_free(one);
	campaign_free(all);
	program_free(program);
}
END_TEST

START_TEST(faults)
{
	struct program *program = scene_program(
		"scenario t \"t\"; device d;\n"
		"setup { for (i in 0..4) { box b = dma_alloc(d, u8);\n"
		"	if (i == 1 || i == 3) assert(err(b) == -ENOMEM);\n"
		"	else free(b); } }\n"
		"fail dma_alloc every 2;\n"
		"fail dma_alloc of b #5;\n"
		"fail init_at;\n",
		0);
	struct campaign *c = run(program, 1, 0, 2);

	ck_assert_int_eq(campaign_verdict(c), VERDICT_EXPECTED);
	ck_assert(campaign_tally(c)->struck[0]);
	ck_assert(!campaign_tally(c)->struck[1]);
	ck_assert(!campaign_tally(c)->struck[2]);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* Without a number, the first call fails and no other. */
START_TEST(fault_once)
{
	scene_check("fault_once",
		    "scenario t \"t\"; device d;\n"
		    "setup { for (i in 0..4) { box b = dma_alloc(d, u8);\n"
		    "	if (i == 0) assert(err(b) == -ENOMEM);\n"
		    "	else free(b); } }\n"
		    "fail dma_alloc;\n");
}
END_TEST

static enum campaign_cut stop_at(void *aux, uint64_t done)
{
	uint64_t *limit = aux;

	return done < *limit ? CAMPAIGN_WHOLE : CAMPAIGN_INTERRUPTED;
}

START_TEST(interrupted)
{
	struct program *program = scene_program(
		"scenario t \"t\"; shared u32 x; setup { x = 1; }\n", 0);
	uint64_t limit = 100;
	struct campaign_options options = {
		.seed = 1,
		.schedules = 1000,
		.progress = stop_at,
		.aux = &limit,
	};
	struct campaign *c = campaign_run(program, &options);

	ck_assert_int_eq(campaign_cut(c), CAMPAIGN_INTERRUPTED);
	ck_assert_uint_lt(campaign_tally(c)->runs, 1000);
	ck_assert_uint_ge(campaign_tally(c)->runs, 100);
	ck_assert_int_eq(campaign_verdict(c), VERDICT_INCONCLUSIVE);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* Time is up when it was asked for so often. */
struct asked {
	uint64_t nr, limit;
};

static enum campaign_cut count_asks(void *aux, uint64_t done)
{
	struct asked *asked = aux;

	(void)done;
	return ++asked->nr < asked->limit ? CAMPAIGN_WHOLE : CAMPAIGN_TIME;
}

static struct campaign *run_until(const struct program *program,
				  struct asked *asked)
{
	struct campaign_options options = {
		.seed = 1,
		.schedules = 1,
		.progress = count_asks,
		.aux = asked,
	};

	return campaign_run(program, &options);
}

/* Within a run, however long; its part is no run. */
START_TEST(stopped)
{
	static const char *const rows[] = {
		"scenario t \"t\"; shared u32 x;\n"
		"thread a on cpu { for (i in 0..400000) WRITE_ONCE(x, i); }\n",
		"scenario t \"t\"; shared u32 x;\n"
		"thread a on cpu { u32 v = 0; for (i in 0..400000) v += i; }\n",
		"scenario t \"t\"; shared u8 x[4M];\n"
		"thread a on cpu { for (i in 0..3) memset(x, i); }\n",
		"scenario t \"t\"; device d;\n"
		"setup { box b = dma_alloc(d, u8[4M]);\n"
		"	for (i in 0..3) memset(b, i); }\n"
		"teardown { free(b); }\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct program *program = scene_program(rows[i], 0);
		struct asked asked = {0, 2};
		struct campaign *c = run_until(program, &asked);

		ck_assert_int_eq(campaign_cut(c), CAMPAIGN_TIME);
		ck_assert_uint_eq(campaign_tally(c)->runs, 0);
		ck_assert_int_eq(campaign_verdict(c), VERDICT_INCONCLUSIVE);
		ck_assert_uint_le(asked.nr, 4);
		campaign_free(c);
		program_free(program);
	}
}
END_TEST

/* While it looks for a simpler schedule: the finding is shown as it was. */
START_TEST(stopped_later)
{
	struct program *program = scene_program(
		"scenario t \"t\"; shared u32 x; shared u32 y;\n"
		"thread a on cpu { for (i in 0..900) WRITE_ONCE(x, i);\n"
		"	WRITE_ONCE(y, 1); }\n"
		"thread b on cpu { for (i in 0..900) WRITE_ONCE(x, i);\n"
		"	assert(READ_ONCE(x) == 9999); }\n",
		0);
	struct asked whole = {0, UINT64_MAX}, asked = {0, 0};
	struct campaign *c = run_until(program, &whole);

	ck_assert_uint_gt(whole.nr, 20);
	campaign_free(c);
	asked.limit = whole.nr / 2;
	c = run_until(program, &asked);
	ck_assert_uint_le(asked.nr, asked.limit + 20);
	ck_assert_int_eq(campaign_cut(c), CAMPAIGN_WHOLE);
	ck_assert_uint_eq(campaign_nr_findings(c), 1);
	ck_assert(campaign_finding(c, 0)->at.present);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* A bound makes it inconclusive; a surprise stays one all the same. */
static const struct {
	const char *body;
	enum verdict verdict;
} bounds[] = {
	{"", VERDICT_INCONCLUSIVE},
	{"assert(0);", VERDICT_DIFFERS},
};

START_TEST(bounded)
{
	struct cdma_text text = {0};
	struct campaign_options options = {
		.seed = 1,
		.schedules = 3,
		.machine = {.step_cap = 50},
	};
	struct program *program;
	struct campaign *c;

	cdma_text_addf(&text,
		       "scenario t \"t\"; shared u32 x; setup { %s\n"
		       "for (i in 0..100) x = i; }\n",
		       bounds[_i].body);
	program = scene_program(text.at, 0);
	c = campaign_run(program, &options);
	ck_assert_uint_eq(campaign_tally(c)->bounded, 3);
	ck_assert_int_eq(campaign_verdict(c), bounds[_i].verdict);
	campaign_free(c);
	program_free(program);
	cdma_text_fini(&text);
}
END_TEST

START_TEST(free_null)
{
	campaign_free(NULL);
	machine_free(NULL);
	program_free(NULL);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("campaign");

	unit_add(suite, counts);
	unit_add(suite, details);
	unit_add(suite, replay);
	unit_add(suite, faults);
	unit_add(suite, fault_once);
	unit_add(suite, interrupted);
	unit_add(suite, stopped);
	unit_add(suite, stopped_later);
	unit_add_rows(suite, bounded, ARRAY_SIZE(bounds));
	unit_add(suite, free_null);
	return suite;
}
