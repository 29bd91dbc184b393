/* SPDX-License-Identifier: MIT */
#include "rig.h"

#define SIZE 20 /* bytes of the file */
#define ALL  99 /* no fault */

/* Every row of the contract of write_to_slice: of a file of 20 bytes, from
 * @offset, into a buffer of @room bytes of which the first @good do not
 * fault. */
static const struct {
	int64_t offset;
	size_t room, good;
	ssize_t fixed, seed;
	size_t copied; /* bytes of the user that have changed */
} reads[] = {
	{-1, 8, ALL, -EINVAL, -EINVAL, 0},
	{INT64_MIN, 8, ALL, -EINVAL, -EINVAL, 0},
	{0, 8, ALL, 8, 8, 8},
	{0, 20, ALL, 20, 20, 20},
	{0, 64, ALL, 20, 20, 20},
	{12, 64, ALL, 8, 8, 8},
	{12, 3, ALL, 3, 3, 3},
	{19, 1, ALL, 1, 1, 1},
	{0, 0, ALL, 0, 0, 0},
	{10, 0, ALL, 0, 0, 0},
	{20, 8, ALL, 0, 0, 0},
	{20, 0, ALL, 0, 0, 0},
	{21, 8, ALL, 0, -ERANGE, 0},
	{21, 0, ALL, 0, -ERANGE, 0},
	{INT64_MAX, 8, ALL, 0, -ERANGE, 0},
	{0, 8, 0, -EFAULT, -EFAULT, 0},
	{4, 8, 5, -EFAULT, -EFAULT, 5},
	{4, 8, 8, 8, 8, 8},
	/* A fault that is not reached does not happen. */
	{18, 8, 2, 2, 2, 2},
	{20, 8, 0, 0, 0, 0},
};

static void fill_file(struct rig *rig, struct cdma_coherent **mem)
{
	unsigned char bytes[SIZE];

	for (unsigned char i = 0; i < SIZE; i++)
		bytes[i] = i + 1;
	ck_assert_int_eq(
		cdma_coherent_from_slice(rig->dev, bytes, 1, SIZE, GFP, mem),
		0);
}

START_TEST(write_to_slice)
{
	struct cdma_config config = {.seed_compat = _i % 2};
	size_t row = (size_t)_i / 2;
	ssize_t want = _i % 2 ? reads[row].seed : reads[row].fixed;
	struct cdma_user_writer writer;
	unsigned char buf[65] = {0};
	int64_t offset = reads[row].offset;
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new_with(&rig, &config);
	fill_file(&rig, &mem);
	cdma_user_writer_init(&writer, rig.world, buf, reads[row].room);
	if (reads[row].good != ALL)
		writer.fault_at = reads[row].good;
	ck_assert_int_eq(cdma_debugfs_write_to_slice(mem, &writer, &offset),
			 want);
	ck_assert_int_eq(offset, reads[row].offset + (want > 0 ? want : 0));
	ck_assert_uint_eq(cdma_user_writer_len(&writer),
			  reads[row].room - (size_t)(want > 0 ? want : 0));
	for (size_t i = 0; i < sizeof(buf); i++)
		ck_assert_uint_eq(buf[i],
				  i < reads[row].copied
					  ? (size_t)reads[row].offset + i + 1
					  : 0);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

static const struct {
	size_t offset, count, room;
	int err;
} writes[] = {
	{0, 20, 20, 0},
	{20, 0, 0, 0},
	{5, 10, 12, 0},
	{SIZE_MAX, 1, 20, -EOVERFLOW},
	{1, SIZE_MAX, 20, -EOVERFLOW},
	{SIZE_MAX, SIZE_MAX, 0, -EOVERFLOW},
	{0, 21, 30, -ERANGE},
	{21, 0, 30, -ERANGE},
	{SIZE_MAX, 0, 30, -ERANGE},
	{0, 10, 9, -ERANGE},
};

START_TEST(write_dma)
{
	struct cdma_user_writer writer;
	unsigned char buf[32] = {0};
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	fill_file(&rig, &mem);
	cdma_user_writer_init(&writer, rig.world, buf, writes[_i].room);
	ck_assert_int_eq(cdma_user_writer_write_dma(&writer, mem,
						    writes[_i].offset,
						    writes[_i].count),
			 writes[_i].err);
	ck_assert_uint_eq(writer.size,
			  writes[_i].room -
				  (writes[_i].err ? 0 : writes[_i].count));
	if (writes[_i].err)
		ck_assert_uint_eq(buf[0], 0);
	rig_free(&rig);
}
END_TEST

static const struct {
	size_t count, room, good;
	int err;
	size_t copied;
} slices[] = {
	{4, 8, ALL, 0, 4},       {8, 8, ALL, 0, 8}, {0, 0, ALL, 0, 0},
	{9, 8, ALL, -EFAULT, 0}, /* not -ERANGE, as write_dma */
	{8, 8, 3, -EFAULT, 3},
};

START_TEST(write_slice)
{
	struct cdma_user_writer writer;
	unsigned char buf[16] = {0};
	struct rig rig;

	rig_new(&rig);
	cdma_user_writer_init(&writer, rig.world, buf, slices[_i].room);
	if (slices[_i].good != ALL)
		writer.fault_at = slices[_i].good;
	ck_assert_int_eq(cdma_user_writer_write_slice(&writer, "123456789",
						      slices[_i].count),
			 slices[_i].err);
	ck_assert_uint_eq(strlen((char *)buf), slices[_i].copied);
	rig_free(&rig);
}
END_TEST

START_TEST(planned_fault)
{
	struct cdma_fault_rule rule = {.site = CDMA_FAULT_COPY_TO_USER,
				       .byte = 5};
	struct cdma_user_writer writer;
	unsigned char buf[32] = {0};
	struct cdma_coherent *mem;
	int64_t offset = 0;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	fill_file(&rig, &mem);
	cdma_faults_add(cdma_world_faults(rig.world), &rule);
	cdma_user_writer_init(&writer, rig.world, buf, 32);
	from = rig.log.nr;
	ck_assert_int_eq(cdma_debugfs_write_to_slice(mem, &writer, &offset),
			 -EFAULT);
	ck_assert_str_eq(rig_events(&rig, from), "fault read call");
	ck_assert_uint_eq(rig.log.at[from + 1].op_size, 5);
	ck_assert_int_eq((int)rig_last(&rig)->value, -EFAULT);
	ck_assert_uint_eq(buf[4], 5);
	ck_assert_uint_eq(buf[5], 0);
	ck_assert_int_eq(cdma_debugfs_write_to_slice(mem, &writer, &offset),
			 20);
	rig_free(&rig);
}
END_TEST

/* DBG-1: the file is read after its memory is gone. */
START_TEST(read_after_free)
{
	struct cdma_user_writer writer;
	unsigned char buf[32] = {0};
	struct cdma_coherent *mem, *stale;
	int64_t offset = 0;
	struct rig rig;

	rig_new(&rig);
	fill_file(&rig, &mem);
	stale = mem;
	cdma_coherent_free(&mem);
	cdma_user_writer_init(&writer, rig.world, buf, 32);
	ck_assert_int_eq(cdma_debugfs_write_to_slice(stale, &writer, &offset),
			 20);
	ck_assert_uint_eq(buf[19], CDMA_POISON_DEAD);
	rig_found(&rig, "cpu_uaf");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("debugfs");

	unit_add_rows(suite, write_to_slice, 2 * ARRAY_SIZE(reads));
	unit_add_rows(suite, write_dma, ARRAY_SIZE(writes));
	unit_add_rows(suite, write_slice, ARRAY_SIZE(slices));
	unit_add(suite, planned_fault);
	unit_add(suite, read_after_free);
	return suite;
}
