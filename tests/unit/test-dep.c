/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/dep.h>

#include <string.h>

#include "base/macros.h"

/* Which bytes of the reads 1 to 7 are in a set. */
struct bytes {
	uint8_t of[8];
};

static void add(void *aux, uint64_t seq, uint8_t bytes)
{
	ck_assert_uint_lt(seq, 8);
	((struct bytes *)aux)->of[seq] |= bytes;
}

static void expect(struct cdma_deps *deps, cdma_dep_t dep, bool unbounded,
		   struct bytes want)
{
	struct bytes got = {{0}};

	(unbounded ? cdma_dep_each_unbounded : cdma_dep_each)(deps, dep, add,
							      &got);
	ck_assert_mem_eq(got.of, want.of, sizeof(got.of));
}

START_TEST(unions)
{
	struct cdma_deps *deps = cdma_deps_new();
	cdma_dep_t one = cdma_dep_read(1), two = cdma_dep_read(2), both;

	both = cdma_dep_join(deps, one, two);
	ck_assert_uint_eq(cdma_dep_join(deps, one, one), one);
	ck_assert_uint_eq(cdma_dep_join(deps, 0, one), one);
	ck_assert_uint_eq(cdma_dep_join(deps, both, two), both);
	expect(deps, both, false, (struct bytes){{0, 0xff, 0xff}});
	expect(deps, cdma_dep_join(deps, both, cdma_dep_read(3)), false,
	       (struct bytes){{0, 0xff, 0xff, 0xff}});
	cdma_deps_free(deps);
}
END_TEST

START_TEST(bounds)
{
	struct cdma_deps *deps = cdma_deps_new();
	cdma_dep_t one = cdma_dep_bound(deps, cdma_dep_read(1)), both;

	ck_assert_uint_eq(cdma_dep_bound(deps, one), one);
	ck_assert_uint_eq(cdma_dep_bound(deps, 0), 0);
	both = cdma_dep_join(deps, one, cdma_dep_read(2));
	expect(deps, both, false, (struct bytes){{0, 0xff, 0xff}});
	expect(deps, both, true, (struct bytes){{0, 0, 0xff}});
	cdma_deps_free(deps);
}
END_TEST

START_TEST(parts)
{
	struct cdma_deps *deps = cdma_deps_new();
	cdma_dep_t read = cdma_dep_read(5), low, high;

	ck_assert_uint_eq(cdma_dep_part(deps, read, CDMA_DEP_WHOLE), read);
	low = cdma_dep_part(deps, read, 0x0f);
	high = cdma_dep_part(deps, read, 0x30);
	ck_assert_uint_ne(low, high);
	expect(deps, low, false, (struct bytes){{0, 0, 0, 0, 0, 0x0f}});
	expect(deps, cdma_dep_join(deps, low, high), false,
	       (struct bytes){{0, 0, 0, 0, 0, 0x3f}});
	high = cdma_dep_bound(deps, high);
	expect(deps, cdma_dep_join(deps, low, high), true,
	       (struct bytes){{0, 0, 0, 0, 0, 0x0f}});
	cdma_deps_free(deps);
}
END_TEST

START_TEST(choices)
{
	struct cdma_deps *deps = cdma_deps_new();
	cdma_dep_t index = cdma_dep_bound(deps, cdma_dep_read(1)), chosen;

	index = cdma_dep_join(deps, index, cdma_dep_part(deps, 5, 0x0f));
	ck_assert_uint_eq(cdma_dep_address(deps, index), index);
	ck_assert_uint_eq(cdma_dep_address(deps, 7), 7);
	ck_assert_uint_eq(cdma_dep_chose(deps, 0), 0);
	chosen = cdma_dep_join(deps, index, cdma_dep_chose(deps, 7));
	expect(deps, chosen, false, (struct bytes){{0, 0xff, 0x0f, 0xff}});
	expect(deps, chosen, true, (struct bytes){{0, 0, 0x0f, 0xff}});
	chosen = cdma_dep_address(deps, chosen);
	expect(deps, chosen, false, (struct bytes){{0, 0xff, 0x0f}});
	expect(deps, chosen, true, (struct bytes){{0, 0, 0x0f}});
	chosen = cdma_dep_chose(deps, index);
	ck_assert_uint_eq(cdma_dep_address(deps, chosen), 0);
	/* What chose may be part of the address by another way. */
	chosen = cdma_dep_join(deps, chosen, cdma_dep_read(2));
	expect(deps, cdma_dep_address(deps, chosen), true,
	       (struct bytes){{0, 0, 0xff}});
	cdma_deps_free(deps);
}
END_TEST

/* Four bytes that come from here and there. */
static const struct {
	struct cdma_source from[4];
	struct bytes want;
} gathered[] = {
	{{{0, 0}, {0, 0}, {0, 0}, {0, 0}}, {{0}}},
	{{{3, 1}, {3, 2}, {3, 4}, {3, 8}}, {{0, 0x0f}}},
	{{{3, 0}, {3, 0}, {3, 0}, {3, 0}}, {{0, 0xff}}},
	{{{3, 0x40}, {3, 0x80}, {5, 1}, {5, 2}}, {{0, 0xc0, 0x03}}},
	{{{3, 1}, {0, 0}, {0, 0}, {3, 8}}, {{0, 0x09}}},
	{{{3, 0x10}, {3, 0}, {7, 1}, {3, 1}}, {{0, 0xff, 0, 0x01}}},
};

START_TEST(bytes_of_a_buffer)
{
	struct cdma_deps *deps = cdma_deps_new();

	expect(deps, cdma_dep_gather(deps, gathered[_i].from, 4), false,
	       gathered[_i].want);
	cdma_deps_free(deps);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("dep");

	unit_add(suite, unions);
	unit_add(suite, bounds);
	unit_add(suite, parts);
	unit_add(suite, choices);
	unit_add_rows(suite, bytes_of_a_buffer, ARRAY_SIZE(gathered));
	return suite;
}
