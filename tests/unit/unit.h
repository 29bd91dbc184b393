/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

/*
 * What every unit test includes: libcheck, and the one function that it must
 * define.  main() is in unit.c and prints TAP.
 *
 * Usage
 * -----
 *	#include "unit.h"
 *
 *	START_TEST(push_grows) { ck_assert_uint_eq(...); } END_TEST
 *
 *	Suite *unit_suite(void)
 *	{
 *		Suite *suite = suite_create("vec");
 *
 *		unit_add(suite, push_grows);
 *		unit_add_rows(suite, failures, ARRAY_SIZE(rows));
 *		unit_add_abort(suite, null_device);
 *		return suite;
 *	}
 *
 * Each test runs in a process of its own.  To debug one:
 *
 *	CK_FORK=no CK_RUN_CASE=push_grows gdb tests/unit/test-vec
 */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <check.h>

#include "base/macros.h"

/* The tests of this program; freed by main(). */
Suite *unit_suite(void);

/* Add one test; a table of @nr rows, where _i is the row and each is a test
 * of its own; a test that must end in CDMA_REQUIRE's abort. */
#define unit_add(suite, test) tcase_add_test(unit_case(suite, #test), test)
#define unit_add_rows(suite, test, nr)                                         \
	tcase_add_loop_test(unit_case(suite, #test), test, 0, (int)(nr))
#define unit_add_abort(suite, test)                                            \
	tcase_add_test_raise_signal(unit_case(suite, #test), test, SIGABRT)

/* For the macros above: a new case of @suite, borrowed. */
TCase *unit_case(Suite *suite, const char *name);

#endif /* TESTS_UNIT_H */
