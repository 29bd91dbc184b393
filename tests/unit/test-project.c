/* SPDX-License-Identifier: MIT */
#include "rig.h"

struct inner {
	uint16_t a[4];
	uint8_t b;
};

struct desc {
	uint64_t addr;
	uint32_t len;
	struct inner inner;
};

static struct cdma_coherent *ring(struct rig *rig, size_t nr)
{
	struct cdma_coherent *mem = NULL;

	ck_assert_int_eq(cdma_coherent_zeroed_slice(
				 rig->dev, sizeof(struct desc), nr, GFP, &mem),
			 0);
	return mem;
}

START_TEST(fields)
{
	struct cdma_coherent *mem;
	uint32_t len = 0;
	uint16_t a = 0;
	struct rig rig;

	rig_new(&rig);
	mem = ring(&rig, 1);
	cdma_write(mem, struct desc, len, 64);
	ck_assert_uint_eq(rig_last(&rig)->offset, 8);
	ck_assert_uint_eq(rig_last(&rig)->size, 4);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MARKED);
	cdma_read(mem, struct desc, len, &len);
	ck_assert_uint_eq(len, 64);
	cdma_write(mem, struct desc, inner.a[2], 7);
	ck_assert_uint_eq(rig_last(&rig)->offset, 16);
	cdma_read(mem, struct desc, inner.a[2], &a);
	ck_assert_uint_eq(a, 7);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

static const struct {
	size_t i;
	int err;
} indices[] = {{0, 0}, {2, 0}, {3, -ERANGE}, {SIZE_MAX, -ERANGE}};

static int counted(int *nr, int value)
{
	++*nr;
	return value;
}

/* A failed index makes no access, and the value is not evaluated. */
START_TEST(elements)
{
	size_t i = indices[_i].i;
	int err = indices[_i].err, evaluated = 0;
	struct desc desc = {.addr = 1, .len = 2}, got = {0};
	struct cdma_coherent *mem;
	uint32_t len = 42;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	mem = ring(&rig, 3);
	from = rig.log.nr;
	ck_assert_int_eq(cdma_write_elem_try(mem, struct desc, i, desc), err);
	ck_assert_int_eq(cdma_read_elem_try(mem, struct desc, i, &got), err);
	ck_assert_uint_eq(got.len, err ? 0 : 2);
	ck_assert_int_eq(cdma_write_try(mem, struct desc, i, len,
					(uint32_t)counted(&evaluated, 9)),
			 err);
	ck_assert_int_eq(evaluated, !err);
	ck_assert_int_eq(cdma_read_try(mem, struct desc, i, len, &len), err);
	ck_assert_uint_eq(len, err ? 42 : 9);
	if (err)
		ck_assert_uint_eq(rig.log.nr, from);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* A whole struct is read in pieces, whatever its type. */
START_TEST(whole_element_may_tear)
{
	struct cdma_coherent *mem;
	struct desc desc;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	mem = ring(&rig, 3);
	from = rig.log.nr;
	cdma_read_elem_try(mem, struct desc, 1, &desc);
	ck_assert_uint_gt(rig.log.nr, from + 1);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_BULK);
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("project");

	unit_add(suite, fields);
	unit_add_rows(suite, elements, ARRAY_SIZE(indices));
	unit_add(suite, whole_element_may_tear);
	return suite;
}
