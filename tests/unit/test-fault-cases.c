/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/macros.h"
#include "base/text.h"
#include "run/fault-cases.h"

#include <string.h>

/* How often each site is passed, whatever fails: "2" of dma_alloc. */
struct row {
	const char *name;
	enum fault_mode mode;
	uint64_t passes[CDMA_FAULT_NR];
	/* The first one that fails is the last that is passed: the call fails.
	 */
	bool stops;
	const char *want; /* the cases that strike */
	/* Where init may stop, too. */
	struct fault_stop at[3];
	uint32_t passed, sites; /* 0: all */
};

static const struct row rows[] = {
	{"as said", FAULTS_AS_SAID, {3, 1}, false, "", {{NULL, 0}}, 0, 0},
	{"nothing to fail", FAULTS_EACH, {0}, false, "", {{NULL, 0}}, 0, 0},
	{"each",
	 FAULTS_EACH,
	 {2, [CDMA_FAULT_INIT] = 1},
	 false,
	 "dma_alloc #1; dma_alloc #2; init #1; ",
	 {{NULL, 0}},
	 0,
	 0},
	{"the last site",
	 FAULTS_EACH,
	 {[CDMA_FAULT_CALLS - 1] = 1},
	 false,
	 "copy_to_user #1; ",
	 {{NULL, 0}},
	 0,
	 0},
	{"pairs",
	 FAULTS_PAIRS,
	 {2, [CDMA_FAULT_INIT] = 1},
	 false,
	 "dma_alloc #1; dma_alloc #2; init #1; "
	 "dma_alloc #1, dma_alloc #2; dma_alloc #1, init #1; "
	 "dma_alloc #2, init #1; ",
	 {{NULL, 0}},
	 0,
	 0},
	{"pairs, and the first fault ends it",
	 FAULTS_PAIRS,
	 {2, [CDMA_FAULT_INIT] = 1},
	 true,
	 "dma_alloc #1; dma_alloc #2; init #1; ",
	 {{NULL, 0}},
	 0,
	 0},
	{"each field",
	 FAULTS_EACH,
	 {1, [CDMA_FAULT_INIT] = 2},
	 false,
	 "dma_alloc #1; init #1; init #1 at field len; init #1 at byte 12; "
	 "init #2; init #2 at field len; init #2 at byte 12; ",
	 {{"len", 8}, {NULL, 12}},
	 0,
	 0},
	{"a field and what comes after it",
	 FAULTS_PAIRS,
	 {[CDMA_FAULT_INIT] = 1, [CDMA_FAULT_INIT_AT] = 1},
	 false,
	 "init #1; init #1 at field len; init_at #1; "
	 "init #1, init_at #1; init #1 at field len, init_at #1; ",
	 {{"len", 8}},
	 0,
	 0},
	{"eight allocations",
	 FAULTS_EACH,
	 {8},
	 false,
	 "dma_alloc #1; dma_alloc #2; dma_alloc #3; dma_alloc #4; "
	 "dma_alloc #5; dma_alloc #6; dma_alloc #7; dma_alloc #8; ",
	 {{NULL, 0}},
	 0,
	 0},
	{"what is not passed is not tried",
	 FAULTS_PAIRS,
	 {1, 1, [CDMA_FAULT_INIT] = 1},
	 false,
	 "dma_alloc #1; init #1; dma_alloc #1, kmalloc #1; "
	 "dma_alloc #1, init #1; ",
	 {{NULL, 0}},
	 1u << CDMA_FAULT_DMA_ALLOC | 1u << CDMA_FAULT_INIT,
	 1u << CDMA_FAULT_DMA_ALLOC | 1u << CDMA_FAULT_KMALLOC |
		 1u << CDMA_FAULT_INIT},
};

static bool is_passed(const struct row *row, const struct fault_point *p)
{
	return p->nth <= row->passes[p->site];
}

static bool strikes(const struct row *row, const struct fault_case *at)
{
	if (row->stops && at->nr > 1)
		return false;
	return is_passed(row, &at->at[at->nr - 1]);
}

START_TEST(cases)
{
	const struct row *row = &rows[_i];
	struct fault_cases c = {
		.mode = row->mode,
		.passed = row->passed ? row->passed : UINT32_MAX,
		.sites = row->sites ? row->sites : UINT32_MAX,
	};
	struct cdma_text got = {0};
	bool struck = false;

	for (size_t i = 0; i < ARRAY_SIZE(row->at) && row->at[i].byte; i++)
		*cdma_vec_push(&c.stops[CDMA_FAULT_INIT]) = row->at[i];
	while (fault_cases_next(&c, struck)) {
		struck = strikes(row, &c.at);
		if (!struck)
			continue;
		fault_cases_add(&got, &c);
		cdma_text_add(&got, "; ");
	}
	ck_assert_msg(!strcmp(cdma_text_str(&got), row->want), "%s: got %s",
		      row->name, cdma_text_str(&got));
	ck_assert(!fault_cases_next(&c, true) || row->mode);
	cdma_text_fini(&got);
	fault_cases_fini(&c);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("fault-cases");

	unit_add_rows(suite, cases, ARRAY_SIZE(rows));
	return suite;
}
