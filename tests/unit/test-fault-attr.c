/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/rng.h"

#include <cdma/fault-attr.h>

#include <string.h>

/* Which of a row of calls fail, and what is left of the attributes; x: it does.
 * Every number that is drawn is the one of the row. */
static const struct {
	const char *name;
	struct cdma_fault_attr attr;
	uint64_t size;
	uint32_t drawn;
	const char *failed;
	struct cdma_fault_attr left;
	unsigned int draws;
} rows[] = {
	{"as it is at first",
	 CDMA_FAULT_ATTR_INIT,
	 1,
	 0,
	 "....",
	 {.interval = 1, .times = 1},
	 0},
	{"always",
	 {.probability = 100, .interval = 1, .times = -1},
	 1,
	 99,
	 "xxxx",
	 {.probability = 100, .interval = 1, .times = -1},
	 4},
	{"below",
	 {.probability = 50, .interval = 1, .times = -1},
	 1,
	 49,
	 "xx",
	 {.probability = 50, .interval = 1, .times = -1},
	 2},
	{"not below",
	 {.probability = 50, .interval = 1, .times = -1},
	 1,
	 50,
	 "..",
	 {.probability = 50, .interval = 1, .times = -1},
	 2},
	{"times",
	 {.probability = 100, .interval = 1, .times = 2},
	 1,
	 0,
	 "xx..",
	 {.probability = 100, .interval = 1, .times = 0},
	 2},
	{"no times, and nothing is drawn or counted",
	 {.probability = 100, .interval = 2, .times = 0, .space = 8},
	 4,
	 0,
	 "....",
	 {.probability = 100, .interval = 2, .times = 0, .space = 8},
	 0},
	{"no probability, and nothing is counted",
	 {.probability = 0, .interval = 2, .times = 3, .space = 8},
	 4,
	 0,
	 "....",
	 {.probability = 0, .interval = 2, .times = 3, .space = 8},
	 0},
	{"space",
	 {.probability = 100, .interval = 1, .times = -1, .space = 10},
	 4,
	 0,
	 "..xx",
	 {.probability = 100, .interval = 1, .times = -1, .space = 2},
	 2},
	{"space that is just the size",
	 {.probability = 100, .interval = 1, .times = -1, .space = 4},
	 4,
	 0,
	 "xx",
	 {.probability = 100, .interval = 1, .times = -1, .space = 4},
	 2},
	{"interval",
	 {.probability = 100, .interval = 3, .times = -1},
	 1,
	 0,
	 "..x..x",
	 {.probability = 100, .interval = 3, .times = -1, .count = 6},
	 2},
	{"interval, after space",
	 {.probability = 100, .interval = 2, .times = -1, .space = 2},
	 1,
	 0,
	 "..x.",
	 {.probability = 100,
	  .interval = 2,
	  .times = -1,
	  .space = 1,
	  .count = 3},
	 1},
	{"probability is asked after interval",
	 {.probability = 10, .interval = 2, .times = -1},
	 1,
	 10,
	 "....",
	 {.probability = 10, .interval = 2, .times = -1, .count = 4},
	 2},
	{"times is for what has failed",
	 {.probability = 100, .interval = 2, .times = 1},
	 1,
	 0,
	 ".x..",
	 {.probability = 100, .interval = 2, .times = 0, .count = 2},
	 1},
	{"fail_nth",
	 {.probability = 0, .interval = 1, .times = -1, .fail_nth = 3},
	 1,
	 0,
	 "..x.",
	 {.probability = 0, .interval = 1, .times = -1},
	 0},
	{"fail_nth does not look at times, but takes from it",
	 {.probability = 0, .interval = 1, .times = 2, .fail_nth = 2},
	 1,
	 0,
	 ".x.",
	 {.probability = 0, .interval = 1, .times = 1},
	 0},
	{"nor does no times keep it",
	 {.probability = 100, .interval = 1, .times = 0, .fail_nth = 1},
	 1,
	 0,
	 "x.",
	 {.probability = 100, .interval = 1, .times = 0},
	 0},
	{"nor space, nor interval",
	 {.probability = 100,
	  .interval = 9,
	  .times = -1,
	  .space = 100,
	  .fail_nth = 1},
	 1,
	 0,
	 "x",
	 {.probability = 100, .interval = 9, .times = -1, .space = 100},
	 0},
	{"while it counts, nothing else does",
	 {.probability = 100,
	  .interval = 1,
	  .times = -1,
	  .space = 100,
	  .fail_nth = 4},
	 10,
	 0,
	 "...",
	 {.probability = 100,
	  .interval = 1,
	  .times = -1,
	  .space = 100,
	  .fail_nth = 1},
	 0},
};

struct drawing {
	uint32_t value;
	unsigned int nr;
};

static uint32_t draw_same(void *aux)
{
	struct drawing *d = aux;

	d->nr++;
	return d->value;
}

START_TEST(order)
{
	struct cdma_fault_attr attr = rows[_i].attr;
	struct drawing d = {.value = rows[_i].drawn};

	for (const char *f = rows[_i].failed; *f; f++)
		ck_assert_msg(cdma_fault_attr_should_fail(&attr, rows[_i].size,
							  draw_same,
							  &d) == (*f == 'x'),
			      "%s: call %td", rows[_i].name,
			      f - rows[_i].failed + 1);
	ck_assert_msg(!memcmp(&attr, &rows[_i].left, sizeof(attr)),
		      "%s: what is left", rows[_i].name);
	ck_assert_msg(d.nr == rows[_i].draws, "%s: %u drawn", rows[_i].name,
		      d.nr);
}
END_TEST

static uint32_t draw_any(void *aux)
{
	return cdma_rng_below(aux, 100);
}

/* With one seed the same, and about as often as it says. */
START_TEST(chance)
{
	unsigned int nr[2] = {0};

	for (int i = 0; i < 2; i++) {
		struct cdma_fault_attr attr = {
			.probability = 10, .interval = 10, .times = -1};
		struct cdma_rng rng = cdma_rng_case(1, 2);

		for (int k = 0; k < 100000; k++)
			nr[i] += cdma_fault_attr_should_fail(&attr, 1, draw_any,
							     &rng);
	}
	ck_assert_uint_eq(nr[0], nr[1]);
	ck_assert_uint_gt(nr[0], 900);
	ck_assert_uint_lt(nr[0], 1100);
}
END_TEST

static const struct {
	const char *text;
	int wrong; /* where; -1: it is right */
	struct cdma_fault_attr is;
} texts[] = {
	{"", -1, CDMA_FAULT_ATTR_INIT},
	{"probability=10,interval=2,times=-1,space=100",
	 -1,
	 {.probability = 10, .interval = 2, .times = -1, .space = 100}},
	{"times=3,probability=100",
	 -1,
	 {.probability = 100, .interval = 1, .times = 3}},
	{"fail-nth=2", -1, {.interval = 1, .times = 1, .fail_nth = 2}},
	{"prob=1", 0, CDMA_FAULT_ATTR_INIT},
	{"times=1,", 7, CDMA_FAULT_ATTR_INIT},
	{"times=1,space", 8, CDMA_FAULT_ATTR_INIT},
	{"times=-2", 0, CDMA_FAULT_ATTR_INIT},
	{"space=-1", 0, CDMA_FAULT_ATTR_INIT},
	{"space=1x", 0, CDMA_FAULT_ATTR_INIT},
};

START_TEST(text)
{
	struct cdma_fault_attr attr = CDMA_FAULT_ATTR_INIT;
	const char *wrong = cdma_fault_attr_parse(&attr, texts[_i].text);

	if (texts[_i].wrong < 0)
		ck_assert_ptr_null(wrong);
	else
		ck_assert_ptr_eq(wrong, texts[_i].text + texts[_i].wrong);
	ck_assert(!memcmp(&attr, &texts[_i].is, sizeof(attr)));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("fault-attr");

	unit_add_rows(suite, order, ARRAY_SIZE(rows));
	unit_add(suite, chance);
	unit_add_rows(suite, text, ARRAY_SIZE(texts));
	return suite;
}
