/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Narrowing: of 4 elements of 8 bytes. */
static const struct {
	size_t start, end;
	int err;
	size_t size;
} ranges[] = {
	{0, 4, 0, 32},
	{1, 3, 0, 16},
	{0, 0, 0, 0},
	{4, 4, 0, 0},
	{2, 2, 0, 0},
	{5, 5, -ERANGE, 0},
	{0, 5, -ERANGE, 0},
	{3, 2, -ERANGE, 0},
	{SIZE_MAX, 0, -ERANGE, 0},
	{0, SIZE_MAX, -ERANGE, 0},
	{SIZE_MAX, SIZE_MAX, -ERANGE, 0},
};

static struct cdma_view four(struct rig *rig)
{
	struct cdma_coherent *mem;

	ck_assert_int_eq(cdma_coherent_zeroed_slice(rig->dev, 8, 4, GFP, &mem),
			 0);
	return cdma_coherent_view(mem);
}

START_TEST(range)
{
	struct cdma_view view, out = {.size = 99};
	struct rig rig;

	rig_new(&rig);
	view = four(&rig);
	ck_assert_int_eq(cdma_view_try_range(view, ranges[_i].start,
					     ranges[_i].end, &out),
			 ranges[_i].err);
	if (ranges[_i].err) {
		ck_assert_uint_eq(out.size, 99);
	} else {
		ck_assert_uint_eq(cdma_view_size(out), ranges[_i].size);
		ck_assert_uint_eq(cdma_view_len(out), ranges[_i].size / 8);
		ck_assert_int_eq(cdma_view_is_empty(out), !ranges[_i].size);
		/* One past the end, for the last of the empty ones. */
		ck_assert_uint_eq(cdma_view_dma_handle(out),
				  0x10000000 + 8 * ranges[_i].start);
	}
	rig_found(&rig, "");
	out = cdma_view_range(view, ranges[_i].start, ranges[_i].end);
	ck_assert_uint_eq(out.size, ranges[_i].size);
	rig_found(&rig, ranges[_i].err ? "panic" : "");
	ck_assert_uint_eq(cdma_world_panics(rig.world), !!ranges[_i].err);
	rig_free(&rig);
}
END_TEST

static const struct {
	size_t i;
	int err;
} indices[] = {{0, 0}, {3, 0}, {4, -ERANGE}, {SIZE_MAX, -ERANGE}};

START_TEST(index_of_a_slice)
{
	struct cdma_view view, out = {.size = 99};
	struct rig rig;

	rig_new(&rig);
	view = four(&rig);
	ck_assert_int_eq(cdma_view_try_index(view, indices[_i].i, &out),
			 indices[_i].err);
	ck_assert_uint_eq(out.size, indices[_i].err ? 99 : 8);
	out = cdma_view_index(view, indices[_i].i);
	ck_assert_uint_eq(out.size, indices[_i].err ? 0 : 8);
	rig_found(&rig, indices[_i].err ? "panic" : "");
	rig_free(&rig);
}
END_TEST

static const struct {
	size_t start, size, align;
	int err;
} casts[] = {
	{0, 32, 8, 0},
	{0, 4, 4, 0},
	{0, 33, 1, -EINVAL},
	{8, 24, 8, 0},
	{8, 25, 8, -EINVAL},
	{8, 16, 16, -EINVAL},
	{4, 4, 8, -EINVAL},
	{4, 4, 4, 0},
	/* Too large and not aligned are the same error. */
	{4, 40, 8, -EINVAL},
	{32, 0, 8, 0},
};

START_TEST(try_cast)
{
	struct cdma_view view, out = {.size = 99};
	struct rig rig;

	rig_new(&rig);
	view = four(&rig);
	view.offset += casts[_i].start;
	view.size -= casts[_i].start;
	ck_assert_int_eq(
		cdma_view_try_cast(view, casts[_i].size, casts[_i].align, &out),
		casts[_i].err);
	ck_assert_uint_eq(out.size, casts[_i].err ? 99 : casts[_i].size);
	rig_free(&rig);
}
END_TEST

START_TEST(fields)
{
	struct cdma_view view, field;
	struct rig rig;

	rig_new(&rig);
	view = four(&rig);
	field = cdma_view_field(view, 24, 8, 8);
	ck_assert_uint_eq(field.offset, 24);
	ck_assert_uint_eq(cdma_view_len(field), 1);
	field = cdma_view_as_slice(cdma_view_field(view, 8, 16, 4), 4);
	ck_assert_uint_eq(cdma_view_len(field), 4);
	ck_assert_uint_eq(cdma_view_len((struct cdma_view){.size = 8}), 0);
	ck_assert_int_eq(cdma_view_as_sys_mem(field).backend,
			 CDMA_BACKEND_SYSMEM);
	rig_free(&rig);
}
END_TEST

START_TEST(values)
{
	static const size_t sizes[] = {1, 2, 4, 8};
	struct cdma_coherent *mem;
	unsigned char bytes[8];
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 8);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct cdma_view view = rig_view(mem, 8 - sizes[i], sizes[i]);
		uint64_t value =
			UINT64_C(0x8877665544332211) >> (64 - 8 * sizes[i]);

		cdma_view_write(view, value | ~(UINT64_MAX >> 1));
		ck_assert_uint_eq(
			rig_last(&rig)->value,
			value | (sizes[i] == 8 ? UINT64_C(1) << 63 : 0));
		cdma_peek(view, bytes);
		ck_assert_uint_eq(bytes[0], value & 0xff);
		ck_assert_uint_eq(cdma_view_read(view) & value, value);
		ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MARKED);
		ck_assert_uint_eq(rig_last(&rig)->size, sizes[i]);
	}
	cdma_view_write32(rig_view(mem, 0, 4), UINT64_MAX);
	ck_assert_uint_eq(cdma_view_read32(rig_view(mem, 0, 4)), UINT32_MAX);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(acquire_and_release)
{
	struct cdma_view flag;
	struct rig rig;

	rig_new(&rig);
	flag = cdma_sysmem_new(rig.world, 4, 1);
	cdma_view_store_release(flag, 7);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_RELEASE | CDMA_EVF_LAST);
	ck_assert_uint_eq(cdma_view_load_acquire(flag), 7);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_ACQUIRE | CDMA_EVF_LAST);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MARKED);
	rig_free(&rig);
}
END_TEST

enum what { MEM, FREED, HANDLE, SYSMEM, RAW };

enum op { READ, WRITE, PLAIN_READ, PLAIN_WRITE, COPY_READ, COPY_WRITE };

/* A CPU's access to @size bytes at @offset of 64. */
static const struct {
	enum what what;
	enum op op;
	size_t offset, size;
	const char *found;
	enum cdma_access how;
	unsigned char first; /* that a read gets */
} accesses[] = {
	{MEM, READ, 0, 4, .found = "", .how = CDMA_MARKED},
	{MEM, READ, 60, 4, .found = "", .how = CDMA_MARKED},
	{MEM, READ, 64, 4, .found = "out_of_bounds", .how = CDMA_MARKED,
	 .first = CDMA_POISON_BUS},
	{MEM, WRITE, 64, 4, .found = "out_of_bounds", .how = CDMA_MARKED},
	{MEM, READ, 2, 4, .found = "misaligned", .how = CDMA_BULK},
	{MEM, WRITE, 6, 4, .found = "misaligned", .how = CDMA_BULK},
	{MEM, READ, 62, 4, .found = "misaligned out_of_bounds",
	 .how = CDMA_BULK},
	{MEM, COPY_READ, 2, 4, .found = "", .how = CDMA_BULK},
	{MEM, COPY_READ, 4, 4, .found = "", .how = CDMA_MARKED},
	{MEM, COPY_READ, 0, 3, .found = "", .how = CDMA_BULK},
	{MEM, COPY_READ, 0, 16, .found = "", .how = CDMA_BULK},
	{MEM, COPY_WRITE, 0, 64, .found = "", .how = CDMA_BULK},
	{MEM, COPY_WRITE, 56, 16, .found = "out_of_bounds", .how = CDMA_BULK},
	{MEM, PLAIN_READ, 0, 4, .found = "exposed_access", .how = CDMA_PLAIN},
	{MEM, PLAIN_WRITE, 0, 64, .found = "exposed_access", .how = CDMA_PLAIN},
	{MEM, PLAIN_READ, 64, 4, .found = "out_of_bounds", .how = CDMA_PLAIN,
	 .first = CDMA_POISON_BUS},
	{FREED, READ, 0, 4, .found = "cpu_uaf", .how = CDMA_MARKED,
	 .first = CDMA_POISON_DEAD},
	{FREED, WRITE, 0, 4, .found = "cpu_uaf", .how = CDMA_MARKED},
	{FREED, PLAIN_READ, 0, 32, .found = "cpu_uaf", .how = CDMA_PLAIN,
	 .first = CDMA_POISON_DEAD},
	{FREED, READ, 2, 4, .found = "cpu_uaf", .how = CDMA_BULK,
	 .first = CDMA_POISON_DEAD},
	{FREED, READ, 64, 4, .found = "cpu_uaf", .how = CDMA_MARKED,
	 .first = CDMA_POISON_DEAD},
	{HANDLE, READ, 0, 4, .found = "handle_access", .how = CDMA_MARKED,
	 .first = CDMA_POISON_BUS},
	{HANDLE, PLAIN_WRITE, 0, 4, .found = "handle_access",
	 .how = CDMA_PLAIN},
	{HANDLE, READ, 64, 4, .found = "handle_access", .how = CDMA_MARKED,
	 .first = CDMA_POISON_BUS},
	{SYSMEM, READ, 0, 4, .found = "", .how = CDMA_MARKED},
	{SYSMEM, PLAIN_READ, 0, 64, .found = "", .how = CDMA_PLAIN},
	{SYSMEM, PLAIN_WRITE, 0, 64, .found = "", .how = CDMA_PLAIN},
	{SYSMEM, PLAIN_WRITE, 60, 8, .found = "out_of_bounds",
	 .how = CDMA_PLAIN},
	{RAW, READ, 0, 4, .found = "uninit_read", .how = CDMA_MARKED,
	 .first = CDMA_POISON_NEW},
	{RAW, COPY_READ, 0, 64, .found = "uninit_read", .how = CDMA_BULK,
	 .first = CDMA_POISON_NEW},
	{RAW, WRITE, 0, 4, .found = "", .how = CDMA_MARKED},
	{RAW, READ, 32, 8, .found = "", .how = CDMA_MARKED},
	{RAW, COPY_READ, 31, 2, .found = "uninit_read", .how = CDMA_BULK,
	 .first = CDMA_POISON_NEW},
	{RAW, PLAIN_READ, 0, 4, .found = "exposed_access", .how = CDMA_PLAIN,
	 .first = CDMA_POISON_NEW},
};

/* 64 bytes; of RAW, bytes 32 to 40 are written, as zero. */
static struct cdma_view prepare(struct rig *rig, enum what what)
{
	struct cdma_coherent *mem;
	struct cdma_handle *handle;
	struct cdma_view view;

	switch (what) {
	case HANDLE:
		cdma_handle_alloc(rig->dev, 64, GFP, &handle);
		return cdma_handle_view(handle);
	case SYSMEM:
		return cdma_sysmem_new(rig->world, 1, 64);
	case RAW:
		cdma_coherent_alloc_slice_with_attrs(rig->dev, 1, 64, GFP, 0,
						     &mem);
		cdma_view_write(rig_view(mem, 32, 8), 0);
		return cdma_coherent_view(mem);
	default:
		mem = rig_coherent(rig, 64);
		view = cdma_coherent_view(mem);
		if (what == FREED)
			cdma_coherent_free(&mem);
		return view;
	}
}

static void do_access(struct cdma_view view, enum op op, unsigned char *buf)
{
	switch (op) {
	case READ:
		*buf = (unsigned char)cdma_view_read(view);
		break;
	case WRITE:
		cdma_view_write(view, UINT64_MAX);
		break;
	case PLAIN_READ:
		cdma_view_plain_read(view, buf);
		break;
	case PLAIN_WRITE:
		cdma_view_plain_write(view, buf);
		break;
	case COPY_READ:
		cdma_copy_read(view, buf);
		break;
	case COPY_WRITE:
		cdma_copy_write(view, buf);
		break;
	}
}

START_TEST(access_is_judged)
{
	unsigned char buf[64] = {0};
	struct cdma_view view;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	view = prepare(&rig, accesses[_i].what);
	view.offset = accesses[_i].offset;
	view.size = accesses[_i].size;
	from = rig.log.nr;
	do_access(view, accesses[_i].op, buf);
	ck_assert_uint_gt(rig.log.nr, from);
	for (size_t i = from; i < rig.log.nr; i++) {
		ck_assert_uint_eq(rig.log.at[i].how, accesses[_i].how);
		ck_assert_uint_eq(rig.log.at[i].op, from + 1);
	}
	if (accesses[_i].op % 2 == 0)
		ck_assert_uint_eq(buf[0], accesses[_i].first);
	rig_found(&rig, accesses[_i].found);
	rig_free(&rig);
}
END_TEST

START_TEST(what_was_set_is_used_once)
{
	struct cdma_view word;
	struct rig rig;

	rig_new(&rig);
	word = cdma_sysmem_new(rig.world, 4, 1);
	cdma_set_ctx(rig.world, 77);
	cdma_view_read(word);
	ck_assert_uint_eq(cdma_last_dep(rig.world),
			  cdma_dep_read(rig_last(&rig)->seq));
	cdma_set_deps(rig.world, 3, 5);
	cdma_set_flags(rig.world, CDMA_EVF_RACE_OK | CDMA_EVF_RELAXED);
	cdma_view_write(word, 1);
	ck_assert_uint_eq(rig_last(&rig)->addr_dep, 3);
	ck_assert_uint_eq(rig_last(&rig)->data_dep, 5);
	ck_assert_uint_eq(rig_last(&rig)->ctx, 77);
	/* Nothing is relaxed about an access to memory by a CPU. */
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_RACE_OK | CDMA_EVF_LAST);
	cdma_view_write(word, 2);
	ck_assert_uint_eq(rig_last(&rig)->addr_dep, 0);
	ck_assert_uint_eq(rig_last(&rig)->data_dep, 0);
	ck_assert_uint_eq(rig_last(&rig)->ctx, 77);
	ck_assert_uint_eq(rig_last(&rig)->flags, CDMA_EVF_LAST);
	rig_free(&rig);
}
END_TEST

static void count(void *aux, uint64_t seq, uint8_t bytes)
{
	(void)bytes;
	++*(size_t *)aux;
}

START_TEST(copy_depends_on_each_piece)
{
	unsigned char buf[20];
	struct rig rig;
	size_t nr = 0;

	rig_new(&rig);
	cdma_copy_read(rig_view(rig_coherent(&rig, 20), 0, 20), buf);
	cdma_dep_each(cdma_world_deps(rig.world), cdma_last_dep(rig.world),
		      count, &nr);
	ck_assert_uint_eq(nr, 3);
	cdma_branch(rig.world, cdma_last_dep(rig.world));
	ck_assert_uint_eq(rig_last(&rig)->kind, CDMA_EV_BRANCH);
	ck_assert_uint_eq(rig_last(&rig)->data_dep, cdma_last_dep(rig.world));
	rig_free(&rig);
}
END_TEST

static struct cdma_view abort_view(void)
{
	struct rig rig;

	rig_new(&rig);
	return rig_view(rig_coherent(&rig, 64), 0, 64);
}

START_TEST(value_of_three_bytes)
{
	struct cdma_view view = abort_view();

	view.size = 3;
	cdma_view_read(view);
}
END_TEST

START_TEST(field_outside)
{
	cdma_view_field(abort_view(), 64, 1, 1);
}
END_TEST

START_TEST(field_not_aligned)
{
	cdma_view_field(abort_view(), 2, 4, 4);
}
END_TEST

START_TEST(slice_of_nothing)
{
	cdma_view_as_slice(abort_view(), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("view");

	unit_add_rows(suite, range, ARRAY_SIZE(ranges));
	unit_add_rows(suite, index_of_a_slice, ARRAY_SIZE(indices));
	unit_add_rows(suite, try_cast, ARRAY_SIZE(casts));
	unit_add(suite, fields);
	unit_add(suite, values);
	unit_add(suite, acquire_and_release);
	unit_add_rows(suite, access_is_judged, ARRAY_SIZE(accesses));
	unit_add(suite, what_was_set_is_used_once);
	unit_add(suite, copy_depends_on_each_piece);
	unit_add_abort(suite, value_of_three_bytes);
	unit_add_abort(suite, field_outside);
	unit_add_abort(suite, field_not_aligned);
	unit_add_abort(suite, slice_of_nothing);
	return suite;
}
