/* SPDX-License-Identifier: MIT */
#include "streaming.h"

/*
 * Machines: what of a mistake with streaming memory shows on which.
 */

/* ---- as text ---- */

static const struct {
	const char *text, *wrong;
	size_t at;
} texts[] = {
	{"any", NULL, 0},
	{"x86", NULL, 0},
	{"arm64,line=64,swiotlb=always", NULL, 0},
	{"any,coherent=no", NULL, 0},
	{"x86,ram=0x1000-0x1fffff,ram=0x80000000-0x8fffffff", NULL, 0},
	{"x86,offset=0x40000000,map_max=4096", NULL, 0},
	{"", "no machine has that name", 0},
	{"arm", "no machine has that name", 0},
	{"x86_", "no machine has that name", 0},
	{"x86,",
	 "expected coherent=, line=, swiotlb=, iommu=, offset=, "
	 "map_max= or ram=",
	 4},
	{"x86,lines=8",
	 "expected coherent=, line=, swiotlb=, iommu=, offset=, "
	 "map_max= or ram=",
	 4},
	{"x86,line=0", "a line has 8, 16, ... 4096 bytes", 9},
	{"x86,line=24", "a line has 8, 16, ... 4096 bytes", 9},
	{"x86,line=", "a line has 8, 16, ... 4096 bytes", 9},
	{"x86,line=0x", "a line has 8, 16, ... 4096 bytes", 9},
	{"x86,coherent=maybe", "expected yes or no", 13},
	{"x86,swiotlb=", "expected none, mask or always", 12},
	{"x86,iommu=slow", "expected none, strict or lazy", 10},
	{"x86,offset=-1", "expected a number", 11},
	{"x86,ram=5", "expected FIRST-LAST, 64 KiB or more", 8},
	{"x86,ram=0x2000-0x1000", "expected FIRST-LAST, 64 KiB or more", 8},
	{"x86,ram=0x100000-0x1fffff,ram=0x0-0xfffff",
	 "ranges are said by address", 30},
	{"sev,iommu=lazy",
	 "behind an IOMMU nothing is bounced: say swiotlb=none", 10},
	{"x86,offset=0xffffffffffffffff",
	 "the offset is too large for the memory", 11},
};

START_TEST(as_text)
{
	struct cdma_machine machine = {.line = 1};
	size_t at = 99;
	const char *wrong = cdma_machine_parse(texts[_i].text, &machine, &at);

	if (!texts[_i].wrong) {
		ck_assert_ptr_null(wrong);
		return;
	}
	ck_assert_str_eq(wrong, texts[_i].wrong);
	ck_assert_uint_eq(at, texts[_i].at);
	ck_assert_uint_eq(machine.line, 1);
}
END_TEST

START_TEST(names)
{
	struct cdma_machine machine;

	ck_assert_ptr_null(cdma_machine_at(0)->name);
	for (size_t i = 1; cdma_machine_at(i); i++) {
		const char *name = cdma_machine_at(i)->name;

		ck_assert_ptr_null(cdma_machine_parse(name, &machine, NULL));
		ck_assert_mem_eq(&machine, cdma_machine_at(i), sizeof(machine));
	}
	cdma_machine_parse("arm64,line=32", &machine, NULL);
	ck_assert_str_eq(machine.name, "arm64,line=32");
	ck_assert(machine.incoherent && machine.line == 32 &&
		  machine.swiotlb == CDMA_SWIOTLB_MASK);
}
END_TEST

/* ---- what shows ---- */

#define FROM CDMA_FROM_DEVICE
#define TO   CDMA_TO_DEVICE
#define BOTH CDMA_BIDIRECTIONAL

/* Without high memory, nothing is bounced. */
#define CACHE(line) "x86,coherent=no,line=" #line

/* For acts see stream_act(): the CPU writes 7, the device 5, and 0 was there
 * before.  last: what the last one that read got; -1: it does not matter. */
static const struct {
	const char *machine;
	enum cdma_direction dir;
	const char *acts, *found;
	int last;
} rows[] = {
	/* One memory for both: nothing that a call moves. */
	{"x86", FROM, "moqr", "", 5},
	{"x86", FROM, "mwkoqur", "", 5},
	{"x86", FROM, "mw", "", -1},
	{"x86", TO, "mwki", "", 7},
	{"x86", TO, "mcwki", "", 7},
	{"x86", FROM, "moc", "", -1},
	{"x86", FROM, "Mokqur", "", 5},
	{"x86", TO, "mo", "", -1},
	{"x86", FROM, "mi", "", 0},
	{"x86", FROM, "muoqr", "", 5},
	{"x86", FROM, "mufo", "device_uaf", -1},
	{"x86", FROM, "mnoqur", "", 5},
	/* Calls are wrong anywhere. */
	{"x86", FROM, "muu", "bad_unmap", -1},

	/* Bounced: the copy is made by calls, and only then. */
	{"sev", FROM, "moqur", "", 5},
	{"sev", FROM, "moqr", "missing_sync", 0},
	{"sev", FROM, "moqcr", "", 5},
	{"sev", FROM, "moqp", "missing_sync", 0},
	{"sev", FROM, "moqcrkoqp", "", 5},
	{"sev", FROM, "moqcrkoqr", "missing_sync", 5},
	{"sev", TO, "wmi", "", 7},
	{"sev", TO, "mwi", "missing_sync", 0},
	{"sev", TO, "mwdi", "", 7},
	{"sev", TO, "mwDi", "missing_sync", 0},
	{"sev", TO, "mWDI", "", 7},
	{"sev", BOTH, "wmiqcrwdioqur", "", 5},
	/* What the map copied comes back where the device wrote nothing. */
	{"sev", FROM, "wmur", "", 7},
	{"sev", FROM, "wmOqur", "", 7},
	{"sev", FROM, "mwur", "missing_sync", 0},
	{"sev", FROM, "mwkoqur", "", 5},
	{"sev", FROM, "moqwur", "missing_sync", 5},
	{"sev", FROM, "moqcwur", "missing_sync", 5},
	{"sev", FROM, "moqcwUr", "", 7},
	{"sev", FROM, "moqcwdur", "missing_sync", 5},
	{"sev", BOTH, "moqcwdur", "", 7},
	/* A sync for the device over what it wrote. */
	{"sev", BOTH, "moqdcr", "missing_sync", 0},
	{"sev", BOTH, "moqCDcr", "", 5},
	/* ... and over what is newer, or older, than what the CPU wrote. */
	{"sev", BOTH, "moqwdcr", "", 7},
	{"sev", BOTH, "mwkoqdcr", "missing_sync", 7},
	{"sev", FROM, "moqdcr", "", 5},
	/* Neighbours are not copied. */
	{"sev", FROM, "mnNoqur", "", 5},
	/* Without a sync of the map it copies all the same. */
	{"sev", FROM, "Moqcr", "", 5},
	{"sev", TO, "wMki", "", 7},
	{"sev", FROM, "moqUr", "missing_sync", 0},
	{"sev", TO, "mo", "wrong_direction", -1},
	{"sev", FROM, "wmi", "", 7},
	{"sev", FROM, "muo", "device_uaf", -1},
	{"sev", FROM, "mou", "device_uaf", -1},
	{"sev", FROM, "moc", "", -1},

	/* Caches: what may be in a line. */
	{CACHE(128), FROM, "moqur", "", 5},
	{CACHE(128), FROM, "moqr", "missing_sync", -1},
	{CACHE(128), FROM, "mr", "", 0},
	{CACHE(128), FROM, "mcoqr", "missing_sync", -1},
	{CACHE(128), FROM, "moqcr", "", 5},
	{CACHE(128), FROM, "moqp", "missing_sync", -1},
	{CACHE(128), FROM, "moqcrkoqp", "", -1},
	{CACHE(128), FROM, "moqcrkoqr", "missing_sync", -1},
	{CACHE(128), TO, "wmi", "", 7},
	{CACHE(128), TO, "mwi", "missing_sync", -1},
	{CACHE(128), TO, "mwdi", "", 7},
	{CACHE(128), TO, "mwDki", "", 7},
	{CACHE(8), TO, "mwDi", "missing_sync", -1},
	{CACHE(128), TO, "mnNi", "", 0},
	{CACHE(128), BOTH, "wmiqcrwdioqur", "", 5},
	/* The same bytes. */
	{CACHE(128), FROM, "mwoqu", "missing_sync", -1},
	{CACHE(128), FROM, "moqwu", "missing_sync missing_sync", -1},
	{CACHE(128), FROM, "mwu", "missing_sync", -1},
	{CACHE(128), FROM, "moqcwu", "missing_sync", -1},
	{CACHE(128), FROM, "moqcwU", "", -1},
	{CACHE(128), FROM, "moqcwdkoqur", "", 5},
	{CACHE(128), FROM, "moqcwko", "missing_sync", -1},
	/* The same line. */
	{CACHE(128), FROM, "mnoqu", "shared_line", -1},
	{CACHE(128), FROM, "monqu", "shared_line", -1},
	{CACHE(128), FROM, "mNoqu", "shared_line", -1},
	{CACHE(128), FROM, "mnu", "", -1},
	{CACHE(128), FROM, "nmoqu", "", -1},
	{CACHE(128), FROM, "moqun", "", -1},
	{CACHE(128), FROM, "moqcn", "", -1},
	{CACHE(128), FROM, "moqcnko", "shared_line", -1},
	{CACHE(128), FROM, "moqcndko", "", -1},
	{CACHE(64), FROM, "mNoqu", "", -1},
	{CACHE(8), FROM, "mnOqu", "", -1},
	{CACHE(8), FROM, "mnoqu", "shared_line", -1},
	{CACHE(128), BOTH, "mnoqu", "shared_line", -1},
	{CACHE(128), TO, "mni", "", -1},
	/* A line that is dropped is dropped for all of its bytes. */
	{CACHE(128), FROM, "moOqCr", "", 5},
	{CACHE(8), FROM, "moOqCr", "missing_sync", -1},
	/* Without a sync. */
	{CACHE(128), FROM, "Mo", "missing_sync", -1},
	{CACHE(128), FROM, "MdoqcrUr", "", 5},
	{CACHE(128), FROM, "MdoqUr", "missing_sync", -1},
	{CACHE(128), FROM, "MdoqUwr", "", 7},
	{CACHE(128), TO, "mo", "wrong_direction", -1},
	{CACHE(128), FROM, "mi", "wrong_direction", -1},
	{CACHE(128), FROM, "moc", "", -1},
	{CACHE(128), FROM, "mou", "", -1},

	/* An IOMMU: the end of the addresses, and the direction. */
	{"x86_iommu", FROM, "muoqr", "device_uaf", 5},
	{"x86_iommu", FROM, "mufo", "device_uaf", -1},
	{"x86_iommu", FROM, "mou", "device_uaf", -1},
	{"x86_iommu", TO, "mo", "wrong_direction", -1},
	{"x86_iommu", FROM, "moqr", "", 5},
	{"x86,iommu=strict", FROM, "muoqr", "device_uaf", 0},
	{"x86,iommu=strict", FROM, "mou", "device_uaf", -1},
};

START_TEST(what_shows)
{
	struct stream s;

	begin_on(&s, rows[_i].dir, rows[_i].machine);
	for (const char *act = rows[_i].acts; *act; act++)
		stream_act(&s, *act);
	rig_found(&s.rig, rows[_i].found);
	if (rows[_i].last >= 0)
		ck_assert_int_eq(s.last, rows[_i].last);
	end(&s);
}
END_TEST

/* ---- addresses ---- */

/* A map for a device with a mask of so many bits, and flags of the memory; a
 * coherent allocation of the same device.  0: it fails. */
static const struct {
	const char *machine;
	unsigned int bits;
	cdma_gfp_t gfp;
	int err; /* of the mask */
	cdma_addr_t low, high;
	cdma_addr_t coherent_low;
} places[] = {
	{"x86", 64, 0, 0, 0x100000, 0x7fffffff, 0x100000},
	{"x86", 32, 0, 0, 0x100000, 0x7fffffff, 0x100000},
	{"x86", 30, 0, 0, 0, 0, 0x100000},
	{"x86", 24, 0, 0, 0, 0, 0x100000},
	{"x86", 24, CDMA_GFP_DMA, 0, 0x100000, 0xffffff, 0x100000},
	{"x86_high", 64, 0, 0, 0x100000000, 0x27fffffff, 0x100000000},
	/* Bounced, to low memory. */
	{"x86_high", 32, 0, 0, 0x100000, 0x7fffffff, 0x100000},
	{"x86_high", 64, CDMA_GFP_DMA32, 0, 0x100000, 0x7fffffff, 0x100000000},
	{"x86_iommu", 32, 0, 0, 0x1000, 0xffffffff, 0x1000},
	{"arm32", 32, 0, 0, 0xc0001000, 0xfbffffff, 0xc0001000},
	{"arm32", 31, 0, -EIO, 0xc0001000, 0xfbffffff, 0xc0001000},
	{"x86,ram=0x100000000-0x1ffffffff", 32, 0, 0, 0, 0, 0},
	{"x86,map_max=63", 64, 0, 0, 0, 0, 0x100000},
};

START_TEST(addresses)
{
	struct cdma_coherent *coherent;
	struct cdma_mask mask;
	struct stream s;
	cdma_addr_t at;
	int err;

	begin_on(&s, TO, places[_i].machine);
	cdma_kfree(s.mem);
	cdma_kmalloc(s.rig.world, 1, 64, GFP | CDMA_GFP_ZERO | places[_i].gfp,
		     &s.mem);
	cdma_mask_try_new(places[_i].bits, &mask);
	err = cdma_set_mask_and_coherent(s.rig.dev, mask);
	ck_assert_int_eq(err, places[_i].err);
	at = cdma_dma_map_single(s.rig.dev, s.mem, TO);
	if (!places[_i].low) {
		ck_assert_uint_eq(at, CDMA_MAPPING_ERROR);
	} else {
		ck_assert_uint_ge(at, places[_i].low);
		ck_assert_uint_le(at, places[_i].high);
	}
	err = cdma_dma_alloc_coherent(s.rig.dev, 1, 64, GFP, 0, &coherent);
	ck_assert_int_eq(err, places[_i].coherent_low ? 0 : -ENOMEM);
	if (!err)
		ck_assert_uint_ge(cdma_coherent_dma_handle(coherent),
				  places[_i].coherent_low);
	end(&s);
}
END_TEST

/* A run after another one finds the memory as it was: copies, too. */
START_TEST(again)
{
	struct stream s;

	begin_on(&s, FROM, "sev");
	stream_act(&s, 'm');
	cdma_world_mark(s.rig.world);
	for (int i = 0; i < 2; i++) {
		cdma_world_rewind(s.rig.world);
		cdma_order_reset(s.order);
		ck_assert_int_eq(dev_reads_value(&s, 0), 0);
		stream_act(&s, 'o');
		ck_assert_int_eq(dev_reads_value(&s, 0), 5);
	}
	end(&s);
}
END_TEST

/* Two copies of the same bytes, and two mappings that only share a line. */
START_TEST(two_mappings)
{
	cdma_addr_t one;
	struct stream s;

	begin_on(&s, FROM, "sev");
	map_it(&s);
	one = s.at;
	map_it(&s);
	rig_found(&s.rig, "bad_map");
	s.at = one;
	for (const char *act = "oqur"; *act; act++)
		stream_act(&s, *act);
	ck_assert_int_eq(s.last, 5);
	end(&s);
	begin_on(&s, FROM, "arm64");
	s.part.size = 8;
	map_it(&s);
	s.part.offset = 16;
	map_it(&s);
	rig_found(&s.rig, "");
	end(&s);
	begin(&s, TO);
	map_it(&s);
	map_it(&s);
	rig_found(&s.rig, "");
	end(&s);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("machine");
	TCase *tc = tcase_create("machine");

	tcase_add_loop_test(tc, as_text, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, names);
	tcase_add_loop_test(tc, what_shows, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, addresses, 0, ARRAY_SIZE(places));
	tcase_add_test(tc, again);
	tcase_add_test(tc, two_mappings);
	suite_add_tcase(suite, tc);
	return suite;
}
