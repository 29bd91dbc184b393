/* SPDX-License-Identifier: MIT */
#include "rig.h"

static int first_half(struct cdma_slot *slot, void *arg)
{
	static const unsigned char bytes[64];

	return cdma_slot_write(slot, 0, bytes, cdma_slot_size(slot) / 2);
}

static int give_up(struct cdma_slot *slot, void *arg)
{
	first_half(slot, arg);
	return *(int *)arg;
}

START_TEST(init_leaves_bytes_out)
{
	struct cdma_coherent *mem;
	unsigned char bytes[16];
	struct rig rig;

	rig_new(&rig);
	ck_assert_int_eq(
		cdma_coherent_init(rig.dev, 16, GFP, first_half, NULL, &mem),
		0);
	ck_assert(cdma_region_is_init(rig.world, 1, 0, 8));
	ck_assert(!cdma_region_is_init(rig.world, 1, 0, 9));
	cdma_peek(cdma_coherent_view(mem), bytes);
	ck_assert_uint_eq(bytes[7], 0);
	ck_assert_uint_eq(bytes[8], CDMA_POISON_NEW);
	cdma_engine_read(rig.engine, cdma_coherent_dma_handle(mem), bytes, 16);
	rig_found(&rig, "uninit_exposed");
	rig_free(&rig);
}
END_TEST

START_TEST(init_of_zeroed_memory)
{
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	ck_assert_int_eq(cdma_coherent_init(rig.dev, 16, GFP | CDMA_GFP_ZERO,
					    first_half, NULL, &mem),
			 0);
	ck_assert(cdma_region_is_init(rig.world, 1, 0, 16));
	rig_free(&rig);
}
END_TEST

/* The memory is freed again; nobody saw its address. */
static const struct {
	int returned;
	struct cdma_fault_rule fault;
	int err;
	const char *events;
} inits[] = {
	{-EBUSY, {0}, -EBUSY, "alloc write call free"},
	{0, {CDMA_FAULT_INIT, .err = -EIO}, -EIO, "alloc fault call free"},
	{0,
	 {CDMA_FAULT_INIT, .err = -EIO, .byte = 4},
	 -EIO,
	 "alloc write fault call free"},
	{-EBUSY,
	 {CDMA_FAULT_INIT, .err = -EIO, .byte = 99},
	 -EIO,
	 "alloc write fault call free"},
};

START_TEST(init_fails)
{
	struct cdma_coherent *mem = (void *)&mem;
	struct cdma_region_info info;
	struct rig rig;
	size_t from;
	int returned = inits[_i].returned;

	rig_new(&rig);
	if (inits[_i].fault.err)
		cdma_faults_add(cdma_world_faults(rig.world), &inits[_i].fault);
	from = rig.log.nr;
	ck_assert_int_eq(
		cdma_coherent_init(rig.dev, 16, GFP, give_up, &returned, &mem),
		inits[_i].err);
	ck_assert_ptr_eq(mem, &mem);
	ck_assert_str_eq(rig_events(&rig, from), inits[_i].events);
	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_int_eq(info.state, CDMA_REGION_FREED);
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 1);
	rig_free(&rig);
}
END_TEST

START_TEST(sizes)
{
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	cdma_coherent_zeroed_slice(rig.dev, 12, 5, GFP, &mem);
	ck_assert_uint_eq(cdma_coherent_size(mem), 60);
	ck_assert_uint_eq(cdma_coherent_len(mem), 5);
	ck_assert_uint_eq(cdma_coherent_dma_address(mem), 0x10000000);
	ck_assert_uint_eq(cdma_coherent_region(mem), 1);
	ck_assert_uint_eq(cdma_view_len(cdma_coherent_view(mem)), 5);
	rig_free(&rig);
}
END_TEST

START_TEST(raw_pointer)
{
	struct cdma_coherent *mem, *other;
	unsigned char *bytes;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	ck_assert_int_eq(cdma_coherent_alloc_slice_with_attrs(rig.dev, 1, 4096,
							      GFP, 0, &mem),
			 0);
	from = rig.log.nr;
	bytes = cdma_coherent_as_mut_ptr(mem);
	ck_assert_ptr_eq(cdma_coherent_as_ptr(mem), bytes);
	ck_assert_str_eq(rig_events(&rig, from), "note");
	ck_assert_uint_eq(bytes[4095], CDMA_POISON_NEW);
	bytes[4095] = 1;
	ck_assert_uint_eq(cdma_view_read8(rig_view(mem, 4095, 1)), 1);
	cdma_coherent_free(&mem);
	/* Who still follows the pointer meets nobody else. */
	ck_assert_int_eq(cdma_coherent_zeroed(rig.dev, 4096, GFP, &other), 0);
	bytes[0] = 99;
	ck_assert_uint_eq(cdma_view_read8(rig_view(other, 0, 1)), 0);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* What is wrong with a free: any of these, in this order. */
enum { IRQ = 1, UNBOUND = 2, LEASED = 4, OPEN = 8, TWICE = 16 };

static const struct {
	unsigned int how;
	const char *found;
} frees[] = {
	{0, ""},
	{IRQ, "wrong_context"},
	{UNBOUND, "free_after_unbind"},
	{LEASED, "free_while_leased free_while_leased"},
	{OPEN, "window_conflict window_conflict"},
	{TWICE, "double_free"},
	{IRQ | UNBOUND | LEASED | OPEN | TWICE,
	 "wrong_context free_after_unbind free_while_leased "
	 "free_while_leased window_conflict window_conflict double_free"},
};

START_TEST(free_is_judged)
{
	unsigned int how = frees[_i].how;
	struct cdma_region_info info;
	struct cdma_coherent *mem, *stale;
	struct rig rig;
	cdma_addr_t at;
	size_t seq;

	rig_new(&rig);
	mem = stale = rig_coherent(&rig, 64);
	at = cdma_coherent_dma_handle(mem);
	if (how & LEASED) {
		cdma_lease_begin(rig.dev, at, 32);
		cdma_lease_begin(rig.dev, at + 60, 4);
	}
	if (how & OPEN) {
		cdma_coherent_as_ref(mem);
		cdma_coherent_as_ref(mem);
	}
	if (how & UNBOUND) {
		cdma_device_unbind(rig.dev);
		rig_found(&rig, "outlives_unbind");
	}
	if (how & IRQ)
		cdma_world_enter(rig.world, rig_actor(&rig, CDMA_IRQ));
	cdma_coherent_free(&mem);
	seq = rig.log.nr;
	ck_assert_ptr_null(mem);
	ck_assert_int_eq(rig_last(&rig)->kind, CDMA_EV_FREE);
	if (how & TWICE) {
		cdma_coherent_free(&stale);
		ck_assert_uint_eq(rig_finding(&rig)->against.seq, seq);
	}
	rig_found(&rig, frees[_i].found);
	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_int_eq(info.state, CDMA_REGION_FREED);
	ck_assert_uint_eq(info.free.seq, seq);
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 1);
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(handle)
{
	struct cdma_handle *page, *stale;
	struct cdma_region_info info;
	struct rig rig;

	rig_new(&rig);
	ck_assert_int_eq(
		cdma_handle_alloc(rig.dev, 4096, GFP | CDMA_GFP_ZERO, &page),
		0);
	stale = page;
	ck_assert_uint_eq(cdma_handle_size(page), 4096);
	ck_assert_uint_eq(cdma_handle_dma_handle(page), 0x10000000);
	ck_assert_uint_eq(cdma_handle_region(page), 1);
	ck_assert_uint_eq(cdma_view_dma_address(cdma_handle_view(page)),
			  0x10000000);
	/* It is not zeroed, whoever asks. */
	ck_assert(!cdma_region_is_init(rig.world, 1, 0, 1));
	cdma_handle_free(&page);
	ck_assert_ptr_null(page);
	rig_found(&rig, "");
	cdma_handle_free(&stale);
	rig_found(&rig, "double_free");
	cdma_handle_free(&stale);
	rig_found(&rig, "");
	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_str_eq(info.name, "handle#1");
	ck_assert_str_eq(cdma_region_state_name(info.state), "freed");
	rig_free(&rig);
}
END_TEST

/* Each byte that was written is known, across chunks, and forgotten with the
 * memory. */
START_TEST(bytes_that_nobody_wrote)
{
	static const size_t writes[] = {0, 3, 505, 511, 1023, 4095, 9999};
	struct cdma_coherent *mem;
	unsigned char one = 1;
	bool written;
	struct rig rig;

	rig_new(&rig);
	for (int round = 0; round < 2; round++) {
		cdma_coherent_alloc_slice_with_attrs(rig.dev, 1, 10000, GFP, 0,
						     &mem);
		for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
			cdma_copy_from_slice(rig_view(mem, writes[i], 1), &one,
					     1);
		for (size_t at = 0; at < 10000; at++) {
			unsigned char byte;

			written = false;
			for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
				written |= writes[i] == at;
			cdma_peek(rig_view(mem, at, 1), &byte);
			ck_assert_uint_eq(byte, written ? 1 : CDMA_POISON_NEW);
			ck_assert_int_eq(
				cdma_region_is_init(rig.world,
						    cdma_coherent_region(mem),
						    at, 1),
				written);
		}
		cdma_coherent_free(&mem);
	}
	cdma_coherent_zeroed(rig.dev, 10000, GFP, &mem);
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		ck_assert_uint_eq(cdma_view_read8(rig_view(mem, writes[i], 1)),
				  0);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(peek_anywhere)
{
	unsigned char bytes[4];
	struct rig rig;

	rig_new(&rig);
	rig_coherent(&rig, 6);
	cdma_region_peek(rig.world, 1, 4, bytes, 4);
	ck_assert_mem_eq(bytes, "\0\0\xff\xff", 4);
	cdma_region_peek(rig.world, 1, UINT64_MAX - 1, bytes, 4);
	ck_assert_mem_eq(bytes, "\xff\xff\0\0", 4);
	cdma_region_peek(rig.world, 9, 0, bytes, 4);
	ck_assert_mem_eq(bytes, "\xff\xff\xff\xff", 4);
	ck_assert(!cdma_region_is_init(rig.world, 1, 4, 4));
	ck_assert(!cdma_region_is_init(rig.world, 1, SIZE_MAX, 1));
	ck_assert(!cdma_region_is_init(rig.world, 9, 0, 0));
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("coherent");

	unit_add(suite, init_leaves_bytes_out);
	unit_add(suite, init_of_zeroed_memory);
	unit_add_rows(suite, init_fails, ARRAY_SIZE(inits));
	unit_add(suite, sizes);
	unit_add(suite, raw_pointer);
	unit_add_rows(suite, free_is_judged, ARRAY_SIZE(frees));
	unit_add(suite, handle);
	unit_add(suite, bytes_that_nobody_wrote);
	unit_add(suite, peek_anywhere);
	return suite;
}
