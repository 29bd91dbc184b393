/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/fault.h>

#include <errno.h>
#include <string.h>

#define ALLOC CDMA_FAULT_DMA_ALLOC

/* Which of eight passes fail; region "a" is passed when there is an a. */
static const struct {
	struct cdma_fault_rule rule;
	const char *passes;
	const char *failed; /* x: that one */
} plans[] = {
	{{.site = ALLOC}, "........", "x......."},
	{{.site = ALLOC, .nth = 1}, "........", "x......."},
	{{.site = ALLOC, .nth = 3}, "........", "..x....."},
	{{.site = ALLOC, .nth = 9}, "........", "........"},
	{{.site = ALLOC, .every = 1}, "........", "xxxxxxxx"},
	{{.site = ALLOC, .every = 3}, "........", "x..x..x."},
	{{.site = ALLOC, .nth = 3, .every = 2}, "........", "..x.x.x."},
	{{.site = ALLOC, .region = "a"}, "...a..a.", "...x...."},
	{{.site = ALLOC, .region = "a", .nth = 2}, "...a..a.", "......x."},
	{{.site = ALLOC, .region = "a", .every = 1}, ".b.a.bab", "...x..x."},
	{{.site = CDMA_FAULT_INIT}, "........", "........"},
	{{.site = CDMA_FAULT_ANY, .nth = 2}, "........", ".x......"},
	{{.site = CDMA_FAULT_ANY, .region = "a"}, "...a..a.", "...x...."},
	{{.site = ALLOC, .has_window = true}, "....w.w.", "....x..."},
	{{.site = ALLOC, .nth = 2, .has_window = true}, "....w.w.", "......x."},
	/* Attributes: those of the kernel; test-fault-attr has them all. */
	{{.site = ALLOC,
	  .has_attr = true,
	  .attr = {.probability = 100, .interval = 3, .times = 2}},
	 "........",
	 "..x..x.."},
	{{.site = ALLOC,
	  .has_attr = true,
	  .attr = {.probability = 100, .interval = 1, .times = -1, .space = 3}},
	 "........",
	 "..xxxxxx"},
	{{.site = CDMA_FAULT_ANY, .has_attr = true, .attr = {.fail_nth = 4}},
	 "........",
	 "...x...."},
	{{.site = ALLOC,
	  .region = "a",
	  .has_attr = true,
	  .attr = {.fail_nth = 2}},
	 "a..a..a.",
	 "...x...."},
};

/* The window is open while a "w" is passed. */
static bool is_open(void *aux, size_t rule)
{
	ck_assert_uint_eq(rule, 1);
	return **(const char **)aux == 'w';
}

START_TEST(plan)
{
	struct cdma_faults *faults = cdma_faults_new();
	const char *at = NULL;
	size_t struck = 0;

	ck_assert_int_eq(cdma_faults_add(faults, &plans[_i].rule), 0);
	cdma_faults_window(faults, is_open, &at);
	for (int run = 0; run < 2; run++) {
		struck = 0;
		for (size_t i = 0; plans[_i].passes[i]; i++) {
			char name[2] = {plans[_i].passes[i]};
			bool fails = plans[_i].failed[i] == 'x';
			const char *region = name[0] == '.' ? NULL : name;

			at = name;
			ck_assert_int_eq(
				cdma_fault_hit(faults, ALLOC, region, 1, NULL),
				fails ? -ENOMEM : 0);
			struck += fails;
		}
		ck_assert_uint_eq(cdma_faults_passed(faults, ALLOC), 8);
		ck_assert_uint_eq(cdma_faults_failed(faults, ALLOC), struck);
		ck_assert_uint_eq(cdma_faults_struck(faults, 0), struck);
		cdma_faults_restart(faults);
		ck_assert_uint_eq(cdma_faults_passed(faults, ALLOC), 0);
		ck_assert_uint_eq(cdma_faults_struck(faults, 0), 0);
	}
	cdma_faults_free(faults);
}
END_TEST

/* How the kernel's own code may fail, and no other way. */
static const struct {
	enum cdma_fault_site site;
	int err;
	size_t byte;
	int ret;
} rules[] = {
	{ALLOC, 0, 0, 0},
	{ALLOC, -ENOMEM, 0, 0},
	{ALLOC, -EIO, 0, -EINVAL},
	{ALLOC, ENOMEM, 0, -EINVAL},
	{ALLOC, -ENOMEM, 1, -EINVAL},
	{CDMA_FAULT_INIT, -ENOSPC, 12, 0},
	{CDMA_FAULT_INIT, -4095, 0, 0},
	{CDMA_FAULT_INIT, -4096, 0, -EINVAL},
	{CDMA_FAULT_INIT_AT, 1, 0, -EINVAL},
	{CDMA_FAULT_INIT_AT, -EBUSY, 1, 0},
	{CDMA_FAULT_SET_MASK, -EIO, 0, 0},
	{CDMA_FAULT_SET_MASK, -EINVAL, 0, -EINVAL},
	{CDMA_FAULT_SET_COHERENT_MASK, 0, 0, 0},
	{CDMA_FAULT_SET_COHERENT_MASK, 0, 4, -EINVAL},
	{CDMA_FAULT_ENABLE_DEVICE, -EBUSY, 0, 0},
	{CDMA_FAULT_COPY_TO_USER, 0, 3, 0},
	{CDMA_FAULT_COPY_TO_USER, -ENOMEM, 0, -EINVAL},
	{CDMA_FAULT_DROP_WRITE, 0, 0, -EINVAL}, /* of which device? */
};

START_TEST(legality)
{
	struct cdma_faults *faults = cdma_faults_new();
	struct cdma_fault_rule rule = {
		.site = rules[_i].site,
		.err = rules[_i].err,
		.byte = rules[_i].byte,
	};

	ck_assert_int_eq(cdma_faults_add(faults, &rule), rules[_i].ret);
	if (rules[_i].err && !rules[_i].byte)
		ck_assert_int_eq(
			cdma_fault_is_legal(rules[_i].site, rules[_i].err),
			!rules[_i].ret);
	cdma_faults_free(faults);
}
END_TEST

/* What a rule of a device may say. */
static const struct {
	struct cdma_fault_rule rule;
	int ret;
} device_rules[] = {
	{{.site = CDMA_FAULT_DROP_WRITE, .device = "nic"}, 0},
	{{.site = CDMA_FAULT_DROP_WRITE, .device = "nic", .any = true}, 0},
	{{.site = CDMA_FAULT_DROP_WRITE, .device = "nic", .err = -EIO},
	 -EINVAL},
	{{.site = CDMA_FAULT_DROP_WRITE, .device = "nic", .byte = 1}, -EINVAL},
	{{.site = CDMA_FAULT_DROP_WRITE, .device = "nic", .bit = 1}, -EINVAL},
	{{.site = CDMA_FAULT_FLIP_WRITE, .device = "nic", .bit = 1}, 0},
	{{.site = ALLOC, .device = "nic"}, -EINVAL},
	{{.site = ALLOC, .any = true}, -EINVAL},
	{{.site = ALLOC, .bit = 1}, -EINVAL},
};

START_TEST(device_legality)
{
	struct cdma_faults *faults = cdma_faults_new();
	const struct cdma_fault_rule *rule = &device_rules[_i].rule;
	bool is_armed = !device_rules[_i].ret && rule->device;

	ck_assert_int_eq(cdma_faults_add(faults, rule), device_rules[_i].ret);
	ck_assert((*cdma_faults_armed(faults) != 0) == is_armed);
	cdma_faults_clear(faults);
	ck_assert_uint_eq(*cdma_faults_armed(faults), 0);
	cdma_faults_free(faults);
}
END_TEST

START_TEST(names)
{
	for (int i = 0; i < CDMA_FAULT_NR; i++) {
		enum cdma_fault_site site = (enum cdma_fault_site)i;

		ck_assert_int_eq(cdma_fault_find(cdma_fault_name(site)), site);
		ck_assert(cdma_fault_is_legal(site, cdma_fault_default(site)));
	}
	ck_assert_int_eq(cdma_fault_find("dma_aloc"), CDMA_FAULT_NR);
	ck_assert_str_eq(cdma_fault_name(CDMA_FAULT_INIT_AT), "init_at");
}
END_TEST

/* All rules count; the first that says so fails it. */
START_TEST(first_rule_fails_it)
{
	struct cdma_faults *faults = cdma_faults_new();
	size_t byte = 0;

	cdma_faults_add(faults,
			&(struct cdma_fault_rule){.site = CDMA_FAULT_INIT,
						  .err = -EIO,
						  .byte = 3});
	cdma_faults_add(faults,
			&(struct cdma_fault_rule){.site = CDMA_FAULT_INIT,
						  .err = -EBUSY,
						  .byte = 4,
						  .every = 1});
	ck_assert_int_eq(
		cdma_fault_hit(faults, CDMA_FAULT_INIT, NULL, 1, &byte), -EIO);
	ck_assert_uint_eq(byte, 3);
	ck_assert_int_eq(
		cdma_fault_hit(faults, CDMA_FAULT_INIT, NULL, 1, &byte),
		-EBUSY);
	ck_assert_uint_eq(byte, 4);
	ck_assert_uint_eq(cdma_faults_struck(faults, 0), 1);
	ck_assert_uint_eq(cdma_faults_struck(faults, 1), 2);
	cdma_faults_clear(faults);
	ck_assert_int_eq(cdma_fault_hit(faults, CDMA_FAULT_INIT, NULL, 1, NULL),
			 0);
	cdma_faults_free(faults);
	cdma_faults_free(NULL);
}
END_TEST

/* Nobody is asked: a seed draws, and each run draws the same. */
START_TEST(seeds)
{
	struct cdma_faults *faults = cdma_faults_new();
	const struct cdma_fault_rule rule = {
		.site = ALLOC,
		.has_attr = true,
		.attr = {.probability = 50, .interval = 1, .times = -1}};
	uint64_t failed[4] = {0};

	ck_assert_int_eq(cdma_faults_add(faults, &rule), 0);
	for (int run = 0; run < 4; run++) {
		cdma_faults_seed(faults, run == 2);
		for (int i = 0; i < 60; i++)
			failed[run] |=
				(uint64_t)(cdma_fault_hit(faults, ALLOC, NULL,
							  1, NULL) < 0)
				<< i;
		cdma_faults_restart(faults);
	}
	ck_assert_uint_eq(failed[0], failed[1]);
	ck_assert_uint_ne(failed[1], failed[2]);
	ck_assert_uint_eq(failed[0], failed[3]);
	ck_assert_int_gt(__builtin_popcountll(failed[0]), 15);
	ck_assert_int_lt(__builtin_popcountll(failed[0]), 45);
	cdma_faults_free(faults);
}
END_TEST

static uint32_t likely(void *aux, uint32_t nr, uint32_t percent)
{
	unsigned int *asked = aux;

	ck_assert_uint_eq(nr, 2);
	ck_assert_uint_eq(percent, 30);
	return ++*asked == 2;
}

/* Who is asked is told how likely it is, and only where it is open. */
START_TEST(asks)
{
	struct cdma_faults *faults = cdma_faults_new();
	unsigned int asked = 0;
	const struct cdma_fault_rule rule = {
		.site = ALLOC,
		.has_attr = true,
		.attr = {.probability = 30, .interval = 2, .times = 1}};

	ck_assert_int_eq(cdma_faults_add(faults, &rule), 0);
	cdma_faults_ask(faults, likely, &asked);
	for (int i = 1; i <= 8; i++)
		ck_assert_int_eq(cdma_fault_hit(faults, ALLOC, NULL, 1, NULL),
				 i == 4 ? -ENOMEM : 0);
	ck_assert_uint_eq(asked, 2);
	cdma_faults_free(faults);
}
END_TEST

/* A number and attributes, or attributes of a device, are no rule. */
START_TEST(attributes_or_number)
{
	struct cdma_faults *faults = cdma_faults_new();
	struct cdma_fault_rule rule = {
		.site = ALLOC, .has_attr = true, .nth = 1};

	ck_assert_int_eq(cdma_faults_add(faults, &rule), -EINVAL);
	rule = (struct cdma_fault_rule){.site = CDMA_FAULT_DROP_WRITE,
					.device = "nic",
					.has_attr = true};
	ck_assert_int_eq(cdma_faults_add(faults, &rule), -EINVAL);
	rule = (struct cdma_fault_rule){.site = CDMA_FAULT_ANY, .err = -ENOMEM};
	ck_assert_int_eq(cdma_faults_add(faults, &rule), -EINVAL);
	cdma_faults_free(faults);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("fault");

	unit_add_rows(suite, plan, ARRAY_SIZE(plans));
	unit_add_rows(suite, legality, ARRAY_SIZE(rules));
	unit_add_rows(suite, device_legality, ARRAY_SIZE(device_rules));
	unit_add(suite, names);
	unit_add(suite, first_rule_fails_it);
	unit_add(suite, seeds);
	unit_add(suite, asks);
	unit_add(suite, attributes_or_number);
	return suite;
}
