/* SPDX-License-Identifier: MIT */
#include "rig.h"

struct desc {
	uint32_t len;
	uint32_t status;
};

static int fill(struct cdma_slot *slot, void *arg)
{
	uint32_t len = 64, status = 1;
	int err = cdma_slot_write(slot, 0, &len, 4);

	return err ? err : cdma_slot_write(slot, 4, &status, 4);
}

static int half(struct cdma_slot *slot, void *arg)
{
	uint32_t len = 64;
	int err = cdma_slot_write(slot, 0, &len, 4);

	return err ? err : -ENXIO;
}

static int nothing(struct cdma_slot *slot, void *arg)
{
	return 0;
}

static int whole(struct cdma_slot *slot, void *arg)
{
	static const struct desc desc = {64, 1};

	ck_assert_uint_eq(cdma_slot_size(slot), sizeof(desc));
	return cdma_slot_write(slot, 0, &desc, sizeof(desc));
}

static int stubborn(struct cdma_slot *slot, void *arg)
{
	whole(slot, arg);
	return fill(slot, arg) ? 0 : 0;
}

static int outside(struct cdma_slot *slot, void *arg)
{
	uint64_t value = 0x8877665544332211;

	cdma_slot_write(slot, 4, &value, 8);
	cdma_slot_write(slot, SIZE_MAX, &value, 8);
	return cdma_slot_write(slot, 8, &value, 1);
}

#define AT(...)                                                                \
	{                                                                      \
		.site = CDMA_FAULT_INIT_AT, __VA_ARGS__                        \
	}

/* What init_at leaves in an element that was {7, 8}. */
static const struct {
	cdma_init_fn init;
	size_t i;
	struct cdma_fault_rule fault;
	int err;
	struct desc desc;
	const char *events, *found;
} inits[] = {
	{fill, 0, {0}, 0, {64, 1}, "write write call", ""},
	{fill, 1, {0}, 0, {64, 1}, "write write call", ""},
	{whole, 1, {0}, 0, {64, 1}, "write call", ""},
	{nothing, 1, {0}, 0, {7, 8}, "call", ""},
	{half, 1, {0}, -ENXIO, {64, 8}, "write call", ""},
	{fill, 2, {0}, -EINVAL, {7, 8}, "call", ""},
	{fill, SIZE_MAX, {0}, -EINVAL, {7, 8}, "call", ""},
	{outside,
	 1,
	 {0},
	 0,
	 {7, 0x44332211},
	 "write note note note call",
	 "init_outside init_outside init_outside"},
	/* It stops at a byte, and the error is the plan's. */
	{fill, 1, AT(.err = -ENOMEM), -ENOMEM, {7, 8}, "fault call", ""},
	{fill, 1, AT(.byte = 4), -EINVAL, {64, 8}, "write fault call", ""},
	{fill, 1, AT(.byte = 2), -EINVAL, {64, 8}, "write fault call", ""},
	{whole, 1, AT(.byte = 4), -EINVAL, {64, 8}, "write fault call", ""},
	{stubborn, 1, AT(.byte = 4), -EINVAL, {64, 8}, "write fault call", ""},
	{nothing, 1, AT(.byte = 4), -EINVAL, {7, 8}, "fault call", ""},
	{fill,
	 1,
	 AT(.byte = 8),
	 -EINVAL,
	 {64, 1},
	 "write write fault call",
	 ""},
	{half, 1, AT(.byte = 8), -EINVAL, {64, 8}, "write fault call", ""},
	{fill, 1, AT(.nth = 2), 0, {64, 1}, "write write call", ""},
	{fill, 2, AT(.nth = 1), -EINVAL, {7, 8}, "call", ""},
};

START_TEST(init_at)
{
	static const struct desc start[2] = {{7, 8}, {7, 8}};
	struct desc want[2] = {{7, 8}, {7, 8}}, got[2];
	struct cdma_box *box;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	if (inits[_i].fault.site)
		ck_assert_int_eq(cdma_faults_add(cdma_world_faults(rig.world),
						 &inits[_i].fault),
				 0);
	ck_assert_int_eq(cdma_box_from_slice(rig.dev, start, sizeof(start[0]),
					     2, GFP, &box),
			 0);
	from = rig.log.nr;
	ck_assert_int_eq(
		cdma_box_init_at(box, inits[_i].i, inits[_i].init, NULL),
		inits[_i].err);
	ck_assert_str_eq(rig_events(&rig, from), inits[_i].events);
	for (size_t i = from; i < rig.log.nr; i++)
		if (rig.log.at[i].kind == CDMA_EV_WRITE)
			ck_assert_uint_eq(rig.log.at[i].flags & CDMA_EVF_BOX,
					  CDMA_EVF_BOX);
	if (inits[_i].i < 2)
		want[inits[_i].i] = inits[_i].desc;
	if (inits[_i].fault.byte == 2) /* cut in a field */
		want[1].len = 64;
	cdma_region_peek(rig.world, 1, 0, got, sizeof(got));
	ck_assert_mem_eq(got, want, sizeof(got));
	rig_found(&rig, inits[_i].found);

	/* It can be tried again, and converted. */
	cdma_faults_clear(cdma_world_faults(rig.world));
	ck_assert_int_eq(cdma_box_init_at(box, 0, fill, NULL), 0);
	cdma_box_into_coherent(&box);
	rig_free(&rig);
}
END_TEST

START_TEST(init_copy)
{
	static const struct desc desc = {5, 6};
	struct cdma_init_value value = {&desc, CDMA_HERE};
	struct cdma_box *box;
	struct desc got;
	struct rig rig;

	rig_new(&rig);
	ck_assert_int_eq(
		cdma_box_zeroed_slice(rig.dev, sizeof(desc), 2, GFP, &box), 0);
	ck_assert_int_eq(cdma_box_init_at(box, 1, cdma_init_copy, &value), 0);
	cdma_box_read(box, sizeof(desc), &got, sizeof(got));
	ck_assert_mem_eq(&got, &desc, sizeof(got));
	ck_assert_uint_eq(cdma_box_len(box), 2);
	ck_assert_uint_eq(cdma_box_size(box), 16);
	ck_assert_uint_eq(cdma_box_region(box), 1);
	rig_free(&rig);
}
END_TEST

/* Accesses of a box of 12 bytes that was copied from. */
static const struct {
	bool write;
	size_t offset, size;
	const char *found;
} accesses[] = {
	{false, 0, 12, ""},
	{true, 0, 12, ""},
	{false, 3, 7, ""},
	{true, 12, 0, ""},
	{false, 12, 1, "out_of_bounds"},
	{true, 8, 8, "out_of_bounds"},
	{true, SIZE_MAX, 1, "out_of_bounds"},
	{false, SIZE_MAX - 3, 8, "out_of_bounds"},
};

START_TEST(plain_access)
{
	static const unsigned char start[12] = "twelve bytes";
	unsigned char buf[12] = {0};
	struct cdma_box *box;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_box_from_slice(rig.dev, start, 1, 12, GFP, &box);
	from = rig.log.nr;
	if (accesses[_i].write)
		cdma_box_write(box, accesses[_i].offset, start,
			       accesses[_i].size);
	else
		cdma_box_read(box, accesses[_i].offset, buf, accesses[_i].size);
	for (size_t i = from; i < rig.log.nr; i++) {
		ck_assert_uint_eq(rig.log.at[i].how, CDMA_PLAIN);
		ck_assert_uint_ne(rig.log.at[i].flags & CDMA_EVF_BOX, 0);
	}
	if (!accesses[_i].write && !accesses[_i].found[0])
		ck_assert_mem_eq(buf, start + accesses[_i].offset,
				 accesses[_i].size);
	rig_found(&rig, accesses[_i].found);
	rig_free(&rig);
}
END_TEST

START_TEST(deref)
{
	struct cdma_box *box;
	unsigned char *bytes;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_box_alloc_slice_with_attrs(rig.dev, 1, 12, GFP, 0, &box);
	from = rig.log.nr;
	ck_assert_uint_eq(((const unsigned char *)cdma_box_deref(box))[11],
			  CDMA_POISON_NEW);
	ck_assert_str_eq(rig_events(&rig, from), "read read");
	rig_found(&rig, "uninit_read");
	from = rig.log.nr;
	bytes = cdma_box_deref_mut(box);
	memset(bytes, 3, 12);
	ck_assert_str_eq(rig_events(&rig, from), "write write");
	ck_assert_uint_eq(rig_last(&rig)->op_size, 12);
	cdma_box_deref(box);
	ck_assert_uint_eq(rig_last(&rig)->value, 0x03030303);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* What is done with the only pointer, and then with a copy of it. */
static const struct {
	const char *acts; /* f free, c convert, r read, w write, d deref */
	const char *found;
} moves[] = {
	{"f", ""},
	{"ff", "double_free"},
	{"fc", "double_convert"},
	{"fr", "cpu_uaf"},
	{"fw", "cpu_uaf"},
	{"fd", "cpu_uaf"},
	{"c", ""},
	{"cc", "double_convert"},
	{"cf", "double_free"},
	{"cr", "cpu_uaf"},
	{"cw", "cpu_uaf"},
	{"cd", "cpu_uaf"},
	{"cffr", "double_free double_free cpu_uaf"},
};

START_TEST(move)
{
	struct cdma_box *only, *box;
	struct cdma_coherent *mem = NULL;
	uint64_t value = 0;
	struct rig rig;

	rig_new(&rig);
	only = rig_box(&rig, 8);
	for (const char *act = moves[_i].acts; *act; act++) {
		box = only;
		switch (*act) {
		case 'f':
			cdma_box_free(&box);
			ck_assert_ptr_null(box);
			break;
		case 'c':
			mem = cdma_box_into_coherent(&box);
			ck_assert_ptr_null(box);
			ck_assert_ptr_nonnull(mem);
			break;
		case 'r':
			cdma_box_read(box, 0, &value, 8);
			ck_assert_uint_eq(value, 0xa7a7a7a7a7a7a7a7);
			break;
		case 'w':
			cdma_box_write(box, 0, &value, 8);
			break;
		case 'd':
			ck_assert_ptr_nonnull(cdma_box_deref_mut(box));
			break;
		}
	}
	rig_found(&rig, moves[_i].found);
	/* What a box became is as alive as it ever was. */
	if (moves[_i].acts[0] == 'c') {
		ck_assert_uint_eq(cdma_view_read(cdma_coherent_view(mem)), 0);
		cdma_coherent_free(&mem);
	} else if (mem) {
		cdma_view_read(cdma_coherent_view(mem));
		rig_found(&rig, "cpu_uaf");
		cdma_coherent_free(&mem);
		rig_found(&rig, "double_free");
	}
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 1);
	rig_free(&rig);
}
END_TEST

START_TEST(conversion_moves_nothing)
{
	struct cdma_region_info info;
	struct cdma_coherent *mem;
	struct cdma_box *box;
	uint64_t value = 42;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	box = rig_box(&rig, 8);
	cdma_box_write(box, 0, &value, 8);
	from = rig.log.nr;
	mem = cdma_box_into_coherent(&box);
	ck_assert_str_eq(rig_events(&rig, from), "expose");
	ck_assert_uint_eq(cdma_coherent_dma_handle(mem), 0x10000000);
	ck_assert_uint_eq(cdma_view_read(cdma_coherent_view(mem)), 42);
	ck_assert_uint_eq(rig_last(&rig)->flags & CDMA_EVF_BOX, 0);
	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_int_eq(info.born, CDMA_REGION_BOX);
	ck_assert_int_eq(info.state, CDMA_REGION_COHERENT);
	ck_assert_str_eq(info.name, "box#1");
	rig_free(&rig);
}
END_TEST

START_TEST(free_of_nothing)
{
	struct cdma_box *box = NULL;

	cdma_box_free(&box);
}
END_TEST

START_TEST(convert_of_nothing)
{
	struct cdma_box *box = NULL;

	cdma_box_into_coherent(&box);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("box");

	unit_add_rows(suite, init_at, ARRAY_SIZE(inits));
	unit_add(suite, init_copy);
	unit_add_rows(suite, plain_access, ARRAY_SIZE(accesses));
	unit_add(suite, deref);
	unit_add_rows(suite, move, ARRAY_SIZE(moves));
	unit_add(suite, conversion_moves_nothing);
	unit_add(suite, free_of_nothing);
	unit_add_abort(suite, convert_of_nothing);
	return suite;
}
