/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Where in the rig of each row: 'm' is 100 bytes of live coherent at MEM. */
#define MEM UINT64_C(0x10000000)

enum what {
	LIVE,
	BOX,
	HANDLE,
	FREED,
	UNBOUND, /* ... and bound again */
	FOREIGN, /* another device's */
	REF,     /* an as_ref window over bytes 8 to 16 */
	MUT,     /* an as_mut window */
	RAW,     /* never written, but for bytes 0 to 4 */
};

static const struct {
	enum what what;
	bool write;
	cdma_addr_t addr;
	size_t size;
	const char *found;
	int err;
	unsigned char first; /* byte that a read gets */
	struct cdma_device_config config;
	bool strict;
} rows[] = {
	{LIVE, false, MEM, 4, .found = "", .first = 0x5a},
	{LIVE, true, MEM + 96, 4, .found = ""},
	{HANDLE, true, MEM, 4, .found = ""},

	{LIVE, false, MEM, 4, .found = "bus_master_off", .err = -EFAULT,
	 .first = CDMA_POISON_BUS, .config = {.needs_master = true}},
	{FREED, true, UINT64_MAX, 4, .found = "bus_master_off", .err = -EFAULT,
	 .config = {.needs_master = true, .addr_bits = 32}},
	{LIVE, false, MEM, 4, .found = "", .first = 0x5a,
	 .config = {.addr_bits = 29}},
	{LIVE, false, MEM, 4, .found = "mask_exceeded", .err = -EFAULT,
	 .first = CDMA_POISON_BUS, .config = {.addr_bits = 28}},
	{FREED, true, MEM, 4, .found = "mask_exceeded", .err = -EFAULT,
	 .config = {.addr_bits = 28}},

	{LIVE, false, MEM - 1, 1, .found = "out_of_bounds", .err = -EFAULT,
	 .first = CDMA_POISON_BUS},
	{LIVE, false, 0, 8, .found = "out_of_bounds", .err = -EFAULT,
	 .first = CDMA_POISON_BUS},
	{LIVE, true, UINT64_MAX, 1, .found = "out_of_bounds", .err = -EFAULT},
	{LIVE, true, MEM + 100, 1, .found = "out_of_bounds", .err = -EFAULT},
	{LIVE, true, MEM + 4095, 1, .found = "out_of_bounds", .err = -EFAULT},
	{LIVE, true, MEM + 4096, 4, .found = "out_of_bounds", .err = -EFAULT},
	{LIVE, true, MEM + 8191, 1, .found = "out_of_bounds", .err = -EFAULT},
	{LIVE, true, MEM + 3 * 4096, 1, .found = "out_of_bounds",
	 .err = -EFAULT},
	/* What is inside is done, and the rest reported once. */
	{LIVE, false, MEM + 96, 100, .found = "out_of_bounds", .err = -EFAULT,
	 .first = 0x5a},

	{FREED, false, MEM, 4, .found = "device_uaf", .err = -EFAULT,
	 .first = CDMA_POISON_DEAD},
	{FREED, true, MEM + 96, 4, .found = "device_uaf", .err = -EFAULT},
	{FREED, true, MEM + 100, 4, .found = "out_of_bounds", .err = -EFAULT},
	{UNBOUND, true, MEM, 4, .found = "device_uaf", .err = -EFAULT},
	{UNBOUND, false, MEM, 4, .found = "device_uaf", .err = -EFAULT,
	 .first = CDMA_POISON_DEAD},
	{FOREIGN, false, MEM, 4, .found = "wrong_device", .err = -EFAULT,
	 .first = CDMA_POISON_BUS},
	{FOREIGN, true, MEM, 4, .found = "wrong_device", .err = -EFAULT},

	{BOX, false, MEM, 4, .found = "unexposed_access", .first = 0x5a},
	{BOX, true, MEM, 4, .found = "unexposed_access"},

	{REF, true, MEM + 8, 8, .found = "window_conflict"},
	{REF, true, MEM + 15, 4, .found = "window_conflict"},
	{REF, true, MEM + 16, 4, .found = ""},
	{REF, true, MEM + 4, 4, .found = ""},
	{REF, false, MEM + 8, 8, .found = "", .first = 0x5a},
	{REF, false, MEM + 8, 8, .found = "window_conflict", .first = 0x5a,
	 .strict = true},
	{REF, false, MEM + 16, 8, .found = "", .first = 0x5a, .strict = true},
	{MUT, false, MEM + 8, 8, .found = "window_conflict", .first = 0x5a},
	{MUT, true, MEM, 100, .found = "window_conflict"},
	{MUT, false, MEM + 16, 8, .found = "", .first = 0x5a},

	{RAW, false, MEM, 4, .found = "", .first = 0x5a},
	{RAW, false, MEM + 4, 1, .found = "uninit_exposed",
	 .first = CDMA_POISON_NEW},
	{RAW, false, MEM, 8, .found = "uninit_exposed", .first = 0x5a},
	{RAW, false, MEM + 99, 1, .found = "uninit_exposed",
	 .first = CDMA_POISON_NEW},
	{RAW, true, MEM + 4, 4, .found = ""},
	{HANDLE, false, MEM, 4, .found = "uninit_exposed",
	 .first = CDMA_POISON_NEW},
};

static void coherent(struct rig *rig, struct cdma_device *dev, size_t size)
{
	unsigned char bytes[100];
	struct cdma_coherent *mem;

	memset(bytes, 0x5a, sizeof(bytes));
	ck_assert_int_eq(
		cdma_coherent_alloc_slice_with_attrs(dev, 1, 100, GFP, 0, &mem),
		0);
	cdma_copy_from_slice(rig_view(mem, 0, size), bytes, size);
}

static void prepare(struct rig *rig, struct cdma_device *dev, enum what what)
{
	struct cdma_box *box;
	struct cdma_handle *handle;
	struct cdma_coherent *mem;
	unsigned char bytes[100];

	memset(bytes, 0x5a, sizeof(bytes));
	switch (what) {
	case BOX:
		cdma_box_from_slice(dev, bytes, 1, 100, GFP, &box);
		break;
	case HANDLE:
		cdma_handle_alloc(dev, 100, GFP, &handle);
		break;
	case FREED:
		cdma_coherent_zeroed(dev, 100, GFP, &mem);
		cdma_coherent_free(&mem);
		break;
	case UNBOUND:
		coherent(rig, dev, 100);
		cdma_device_unbind(dev);
		cdma_device_bind(dev, NULL, NULL);
		rig_found(rig, "outlives_unbind");
		break;
	case FOREIGN:
		coherent(rig, rig->dev, 100);
		break;
	case REF:
	case MUT:
		cdma_coherent_from_slice(dev, bytes, 1, 100, GFP, &mem);
		if (what == REF)
			cdma_view_as_ref(rig_view(mem, 8, 8));
		else
			cdma_view_as_mut(rig_view(mem, 8, 8));
		break;
	default:
		coherent(rig, dev, what == RAW ? 4 : 100);
	}
}

START_TEST(access_is_judged)
{
	struct cdma_config config = {.strict_windows = rows[_i].strict};
	bool reported = rows[_i].found[0];
	unsigned char buf[100] = {0};
	struct cdma_actor *engine;
	struct cdma_device *dev;
	struct rig rig;
	size_t from;
	int err;

	rig_new_with(&rig, &config);
	dev = rig_device(&rig, rows[_i].config);
	engine = cdma_engine_new(dev, "e");
	cdma_actor_start(engine);
	prepare(&rig, dev, rows[_i].what);
	rig_found(&rig, "");

	from = rig.log.nr;
	if (rows[_i].write)
		err = cdma_engine_write(engine, rows[_i].addr, buf,
					rows[_i].size);
	else
		err = cdma_engine_read(engine, rows[_i].addr, buf,
				       rows[_i].size);
	ck_assert_int_eq(err, rows[_i].err);
	if (!rows[_i].write)
		ck_assert_uint_eq(buf[0], rows[_i].first);
	ck_assert_uint_gt(rig.log.nr, from);
	ck_assert_uint_eq(rig_last(&rig)->actor, cdma_actor_id_of(engine));
	if (reported) {
		const struct cdma_finding *finding = rig_finding(&rig);
		const struct cdma_event *ev = &rig.log.at[finding->at.seq - 1];

		ck_assert_uint_eq(ev->seq, finding->at.seq);
		ck_assert_uint_ne(ev->flags & CDMA_EVF_REPORTED, 0);
		ck_assert_ptr_eq(ev->site, finding->at.site);
	}
	rig_found(&rig, rows[_i].found);
	rig_free(&rig);
}
END_TEST

START_TEST(master_is_set_by_the_driver)
{
	struct cdma_device_config config = {.needs_master = true};
	struct cdma_device *dev;
	struct cdma_actor *engine;
	struct cdma_coherent *mem;
	struct rig rig;
	uint32_t word = 0;

	rig_new(&rig);
	dev = cdma_device_new(rig.world, &config, "pci");
	engine = cdma_engine_new(dev, "e");
	cdma_actor_start(engine);
	cdma_device_probe_begin(dev);
	ck_assert_int_eq(cdma_device_enable(dev), 0);
	cdma_device_set_master(dev, true);
	cdma_coherent_zeroed(dev, 4, GFP, &mem);
	cdma_device_probe_end(dev, 0);
	ck_assert_int_eq(cdma_engine_write(engine,
					   cdma_coherent_dma_handle(mem), &word,
					   4),
			 0);
	rig_found(&rig, "");
	cdma_device_set_master(dev, false);
	rig_found(&rig, "wrong_context");
	cdma_engine_write(engine, cdma_coherent_dma_handle(mem), &word, 4);
	rig_found(&rig, "bus_master_off");
	rig_free(&rig);
}
END_TEST

/* The pieces of a store, as offset and size. */
static const struct {
	uint64_t offset;
	size_t size;
	enum cdma_split split;
	const char *pieces;
} stores[] = {
	{0, 4, CDMA_SPLIT_NONE, "0+4."},
	{0, 8, CDMA_SPLIT_NONE, "0+8."},
	{6, 4, CDMA_SPLIT_NONE, "6+2 8+2."},
	{0, 20, CDMA_SPLIT_NONE, "0+8 8+8 16+4."},
	{5, 1, CDMA_SPLIT_NONE, "5+1."},
	{0, 0, CDMA_SPLIT_NONE, ""},
	{0, 1, CDMA_SPLIT_LOW_FIRST, "0+1."},
	{0, 4, CDMA_SPLIT_LOW_FIRST, "0+2 2+2."},
	{0, 4, CDMA_SPLIT_HIGH_FIRST, "2+2 0+2."},
	{0, 8, CDMA_SPLIT_HIGH_FIRST, "4+4 0+4."},
	{0, 3, CDMA_SPLIT_LOW_FIRST, "0+1 1+2."},
	{0, 32, CDMA_SPLIT_HIGH_FIRST, "16+8 24+8 0+8 8+8."},
	{4, 8, CDMA_SPLIT_HIGH_FIRST, "8+4 4+4."},
	{4, 16, CDMA_SPLIT_LOW_FIRST, "4+4 8+4 12+4 16+4."},
};

START_TEST(store_is_made_of_pieces)
{
	struct cdma_coherent *mem;
	char text[64] = "", *at = text;
	unsigned char bytes[32], got[32];
	struct rig rig;
	size_t from;

	rig_new(&rig);
	mem = rig_coherent(&rig, 64);
	for (unsigned char i = 0; i < sizeof(bytes); i++)
		bytes[i] = i + 1;
	from = rig.log.nr;
	cdma_engine_write_split(
		rig.engine, cdma_coherent_dma_handle(mem) + stores[_i].offset,
		bytes, stores[_i].size, stores[_i].split);
	for (size_t i = from; i < rig.log.nr; i++) {
		const struct cdma_event *ev = &rig.log.at[i];

		ck_assert_uint_eq(ev->op, from + 1);
		ck_assert_uint_eq(ev->op_offset, stores[_i].offset);
		ck_assert_uint_eq(ev->op_size, stores[_i].size);
		ck_assert_uint_eq(ev->how, CDMA_DMA);
		ck_assert_uint_eq(ev->iova, MEM + ev->offset);
		ck_assert_uint_eq(ev->value & 0xff,
				  ev->offset - ev->op_offset + 1);
		at += sprintf(at, "%s%u+%u%s", i > from ? " " : "",
			      (unsigned int)ev->offset, ev->size,
			      ev->flags & CDMA_EVF_LAST ? "." : "");
	}
	ck_assert_str_eq(text, stores[_i].pieces);
	cdma_peek(rig_view(mem, stores[_i].offset, stores[_i].size), got);
	ck_assert_mem_eq(got, bytes, stores[_i].size);
	rig_free(&rig);
}
END_TEST

START_TEST(relaxed_stores)
{
	struct cdma_coherent *mem, *weak;
	struct rig rig;
	uint32_t word = 1;

	rig_new(&rig);
	mem = rig_coherent(&rig, 4);
	cdma_coherent_zeroed_with_attrs(rig.dev, 4, GFP,
					CDMA_ATTR_WEAK_ORDERING, &weak);
	cdma_engine_write(rig.engine, cdma_coherent_dma_handle(mem), &word, 4);
	ck_assert_uint_eq(rig_last(&rig)->flags, CDMA_EVF_LAST);
	cdma_engine_write(rig.engine, cdma_coherent_dma_handle(weak), &word, 4);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_LAST | CDMA_EVF_UNORDERED);
	cdma_set_flags(rig.world, CDMA_EVF_UNORDERED);
	cdma_engine_write(rig.engine, cdma_coherent_dma_handle(mem), &word, 4);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_LAST | CDMA_EVF_UNORDERED);
	cdma_set_flags(rig.world, CDMA_EVF_RELAXED);
	cdma_engine_write(rig.engine, cdma_coherent_dma_handle(mem), &word, 4);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_LAST | CDMA_EVF_RELAXED);
	rig_free(&rig);
}
END_TEST

START_TEST(peek)
{
	struct cdma_coherent *mem;
	struct rig rig;
	cdma_addr_t at;
	uint32_t word = 0x12345678;
	size_t events;

	rig_new(&rig);
	mem = rig_coherent(&rig, 6);
	at = cdma_coherent_dma_handle(mem);
	cdma_engine_write(rig.engine, at, &word, 4);
	events = rig.log.nr;
	word = 0;
	cdma_engine_peek(rig.engine, at, &word, 4);
	ck_assert_uint_eq(word, 0x12345678);
	cdma_engine_peek(rig.engine, at + 4, &word, 4);
	ck_assert_uint_eq(word, 0xffff0000);
	cdma_engine_peek(rig.engine, at - 4, &word, 4);
	ck_assert_uint_eq(word, 0xffffffff);
	cdma_coherent_free(&mem);
	cdma_engine_peek(rig.engine, at, &word, 4);
	ck_assert_uint_eq(word, 0xa7a7a7a7);
	ck_assert_uint_eq(rig.log.nr, events + 1);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(not_started)
{
	struct rig rig;
	uint32_t word = 0;

	rig_new(&rig);
	cdma_engine_write(cdma_engine_new(rig.dev, "e"), 0, &word, 4);
}
END_TEST

START_TEST(not_an_engine)
{
	struct rig rig;
	uint32_t word = 0;

	rig_new(&rig);
	cdma_engine_write(cdma_world_main(rig.world), 0, &word, 4);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("engine");

	unit_add_rows(suite, access_is_judged, ARRAY_SIZE(rows));
	unit_add(suite, master_is_set_by_the_driver);
	unit_add_rows(suite, store_is_made_of_pieces, ARRAY_SIZE(stores));
	unit_add(suite, relaxed_stores);
	unit_add(suite, peek);
	unit_add_abort(suite, not_started);
	unit_add_abort(suite, not_an_engine);
	return suite;
}
