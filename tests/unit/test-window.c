/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* What somebody does about a window over bytes 16 to 32. */
enum act {
	MARKED_READ,
	MARKED_WRITE,
	COPY_OUT,
	COPY_IN,
	DEBUGFS,
	OWN_PLAIN_READ, /* by whoever opened the window, as a C expression */
	OWN_PLAIN_WRITE,
	PLAIN_READ, /* by another */
	OPEN_REF,
	OPEN_MUT,
	OTHER_REF,
	OTHER_MUT,
	FREE,
};

#define CONFLICT "window_conflict"
#define EXPOSED  "exposed_access"

/* At @offset, 8 bytes; found in an as_ref window, and in an as_mut window. */
static const struct {
	enum act act;
	size_t offset;
	const char *ref, *mut;
} rows[] = {
	{MARKED_READ, 16, "", CONFLICT},
	{MARKED_READ, 24, "", CONFLICT},
	{MARKED_READ, 8, "", ""},
	{MARKED_READ, 32, "", ""},
	{MARKED_WRITE, 16, CONFLICT, CONFLICT},
	{MARKED_WRITE, 32, "", ""},
	{COPY_OUT, 12, "", CONFLICT},
	{COPY_OUT, 8, "", ""},
	{COPY_IN, 28, CONFLICT, CONFLICT},
	{COPY_IN, 32, "", ""},
	{DEBUGFS, 0, "", CONFLICT},
	{OWN_PLAIN_READ, 16, "", ""},
	{OWN_PLAIN_WRITE, 16, EXPOSED, ""},
	{OWN_PLAIN_READ, 28, EXPOSED, EXPOSED},
	{PLAIN_READ, 16, EXPOSED, EXPOSED},
	{OPEN_REF, 16, "", CONFLICT},
	{OPEN_REF, 32, "", ""},
	{OPEN_MUT, 16, CONFLICT, CONFLICT},
	{OPEN_MUT, 9, CONFLICT, CONFLICT},
	{OPEN_MUT, 8, "", ""},
	{OTHER_REF, 16, "", CONFLICT},
	{OTHER_MUT, 16, CONFLICT, CONFLICT},
	{FREE, 0, CONFLICT, CONFLICT},
};

static void debugfs(struct rig *rig, struct cdma_coherent *mem)
{
	struct cdma_user_writer writer;
	unsigned char buf[64];
	int64_t offset = 0;

	cdma_user_writer_init(&writer, rig->world, buf, sizeof(buf));
	ck_assert_int_eq(cdma_debugfs_write_to_slice(mem, &writer, &offset),
			 64);
}

static void act(struct rig *rig, struct cdma_coherent *mem, enum act what,
		size_t offset)
{
	struct cdma_view view = rig_view(mem, offset, 8);
	unsigned char buf[8] = {0};

	if (what == PLAIN_READ || what == OTHER_REF || what == OTHER_MUT)
		cdma_world_enter(rig->world, rig_actor(rig, CDMA_CPU));
	switch (what) {
	case MARKED_READ:
		cdma_view_read(view);
		break;
	case MARKED_WRITE:
		cdma_view_write(view, 0);
		break;
	case COPY_OUT:
		cdma_copy_to_slice(view, buf, 8);
		break;
	case COPY_IN:
		cdma_copy_from_slice(view, buf, 8);
		break;
	case DEBUGFS:
		debugfs(rig, mem);
		break;
	case OWN_PLAIN_READ:
	case PLAIN_READ:
		cdma_view_plain_read(view, buf);
		break;
	case OWN_PLAIN_WRITE:
		cdma_view_plain_write(view, buf);
		break;
	case OPEN_REF:
	case OTHER_REF:
		cdma_view_as_ref(view);
		break;
	case OPEN_MUT:
	case OTHER_MUT:
		cdma_view_as_mut(view);
		break;
	case FREE:
		cdma_coherent_free(&mem);
		break;
	}
}

START_TEST(promise)
{
	bool exclusive = _i % 2;
	const char *want = exclusive ? rows[_i / 2].mut : rows[_i / 2].ref;
	struct cdma_window *window;
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 64);
	if (exclusive)
		window = cdma_view_as_mut(rig_view(mem, 16, 16));
	else
		window = cdma_view_as_ref(rig_view(mem, 16, 16));
	act(&rig, mem, rows[_i / 2].act, rows[_i / 2].offset);
	if (want[0] == 'w')
		ck_assert_int_eq(rig_finding(&rig)->against.kind,
				 CDMA_EV_WINDOW_BEGIN);
	rig_found(&rig, want);
	cdma_window_end(&window);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* All that was forbidden is allowed again. */
START_TEST(promise_ends)
{
	struct cdma_window *window, *second;
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 64);
	window = cdma_coherent_as_mut(mem);
	ck_assert_uint_eq(cdma_window_size(window), 64);
	ck_assert(cdma_window_is_exclusive(window));
	cdma_window_end(&window);
	ck_assert_ptr_null(window);
	cdma_window_end(&window);
	window = cdma_coherent_as_ref(mem);
	second = cdma_coherent_as_ref(mem);
	cdma_window_end(&window);
	cdma_window_end(&second);
	cdma_view_write(rig_view(mem, 0, 8), 1);
	cdma_coherent_free(&mem);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(accesses_through_it)
{
	struct cdma_window *window, *stale;
	struct cdma_coherent *mem;
	uint64_t value = 0x1122334455667788;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	mem = rig_coherent(&rig, 64);
	from = rig.log.nr;
	window = stale = cdma_view_as_mut(rig_view(mem, 16, 20));
	ck_assert_uint_eq(rig_last(&rig)->offset, 16);
	ck_assert_uint_eq(rig_last(&rig)->op_size, 20);
	ck_assert_uint_eq(rig_last(&rig)->value, 1);
	cdma_window_write(window, 8, &value, 8);
	ck_assert_uint_eq(rig_last(&rig)->offset, 24);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_PLAIN);
	value = 0;
	cdma_window_read(window, 8, &value, 8);
	ck_assert_uint_eq(value, 0x1122334455667788);
	rig_found(&rig, "");

	/* The last four bytes of it, and four that are not. */
	cdma_window_write(window, 16, &value, 8);
	rig_found(&rig, "out_of_bounds");
	ck_assert_uint_eq(cdma_view_read(rig_view(mem, 36, 4)), 0);
	ck_assert_uint_eq(cdma_view_read(rig_view(mem, 32, 4)), 0x55667788);
	rig.findings.nr = 0;
	cdma_window_read(window, SIZE_MAX, &value, 1);
	rig_found(&rig, "out_of_bounds");

	cdma_window_end(&window);
	ck_assert_uint_eq(rig_last(&rig)->kind, CDMA_EV_WINDOW_END);
	cdma_window_read(stale, 0, &value, 8);
	ck_assert_uint_eq(value, UINT64_C(0xffffffffffffffff));
	rig_found(&rig, "cpu_uaf");
	cdma_window_end(&stale);
	ck_assert_uint_gt(rig.log.nr, from);
	rig_free(&rig);
}
END_TEST

START_TEST(after_the_owner_is_gone)
{
	struct cdma_window *window;
	struct cdma_coherent *mem;
	struct cdma_view view;
	uint32_t word;
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 64);
	view = cdma_coherent_view(mem);
	window = cdma_view_as_ref(view);
	cdma_coherent_free(&mem);
	rig_found(&rig, "window_conflict");
	cdma_window_read(window, 0, &word, 4);
	ck_assert_uint_eq(word, 0xa7a7a7a7);
	rig_found(&rig, "cpu_uaf");
	ck_assert_ptr_nonnull(cdma_window_ptr(window));
	rig_found(&rig, "cpu_uaf");
	cdma_window_end(&window);
	window = cdma_view_as_ref(view);
	rig_found(&rig, "cpu_uaf");
	cdma_window_end(&window);
	rig_free(&rig);
}
END_TEST

START_TEST(pointers)
{
	struct cdma_window *window;
	struct cdma_coherent *mem;
	unsigned char *bytes;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	ck_assert_int_eq(cdma_coherent_alloc_slice_with_attrs(rig.dev, 1, 64,
							      GFP, 0, &mem),
			 0);
	window = cdma_view_as_mut(rig_view(mem, 16, 16));
	from = rig.log.nr;
	bytes = cdma_window_mut_ptr(window);
	ck_assert_str_eq(rig_events(&rig, from), "write write");
	ck_assert_uint_eq(bytes[15], CDMA_POISON_NEW);
	bytes[15] = 42;
	ck_assert(cdma_region_is_init(rig.world, 1, 16, 16));
	ck_assert(!cdma_region_is_init(rig.world, 1, 15, 1));
	ck_assert(!cdma_region_is_init(rig.world, 1, 32, 1));
	ck_assert_uint_eq(((const unsigned char *)cdma_window_ptr(window))[15],
			  42);
	cdma_window_end(&window);
	ck_assert_uint_eq(cdma_view_read8(rig_view(mem, 31, 1)), 42);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(write_through_as_ref)
{
	struct cdma_window *window;
	struct cdma_coherent *mem;
	struct rig rig;
	uint64_t value = 7;

	rig_new(&rig);
	mem = rig_coherent(&rig, 8);
	window = cdma_coherent_as_ref(mem);
	cdma_window_write(window, 0, &value, 8);
	rig_found(&rig, "window_conflict");
	cdma_window_end(&window);
	ck_assert_uint_eq(cdma_view_read(cdma_coherent_view(mem)), 7);
	rig_free(&rig);
}
END_TEST

START_TEST(window_on_handle)
{
	struct cdma_handle *page;
	struct cdma_window *window;
	struct rig rig;

	rig_new(&rig);
	cdma_handle_alloc(rig.dev, 8, GFP, &page);
	window = cdma_view_as_mut(cdma_handle_view(page));
	rig_found(&rig, "handle_access");
	cdma_window_end(&window);
	rig_free(&rig);
}
END_TEST

START_TEST(window_on_sysmem)
{
	struct rig rig;

	rig_new(&rig);
	cdma_view_as_ref(cdma_sysmem_new(rig.world, 8, 1));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("window");

	unit_add_rows(suite, promise, 2 * ARRAY_SIZE(rows));
	unit_add(suite, promise_ends);
	unit_add(suite, accesses_through_it);
	unit_add(suite, after_the_owner_is_gone);
	unit_add(suite, pointers);
	unit_add(suite, write_through_as_ref);
	unit_add(suite, window_on_handle);
	unit_add_abort(suite, window_on_sysmem);
	return suite;
}
