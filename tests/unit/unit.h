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

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNIT_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNIT_SANITIZED
#endif
#endif

/* libcheck writes to a file at each assertion that holds, so as to say after a
 * crash where the last one was.  In a loop that is half of the time. */
#define _mark_point(file, line) ((void)0)

/*
 * Of @nr generated cases, those that are tried: a sanitizer takes ten times as
 * long, and looks for other mistakes than that the answer is wrong.
 */
#ifdef UNIT_SANITIZED
#define UNIT_SHARE(nr) (((nr) + 7) / 8)
#else
#define UNIT_SHARE(nr) (nr)
#endif

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
