/* SPDX-License-Identifier: MIT */
#include "rig.h"

/*
 * The SGTable of Rust: what it takes, when it gives it back, and what is wrong
 * with who goes on.
 */

#define PAGES 3
#define SIZE  ((size_t)PAGES * CDMA_PAGE_SIZE)

/* ---- new(): the first that fails is what is said, and nothing is taken ----
 */

static const struct {
	bool empty, unbound, no_mask;
	enum cdma_direction dir;
	uint64_t
		kmalloc_nth; /* that fails, counted from the table's; 0: none */
	bool map_fails;
	int err;
	const char *found;
} news[] = {
	{false, false, false, CDMA_TO_DEVICE, 0, false, 0, ""},
	{false, false, false, CDMA_BIDIRECTIONAL, 0, false, 0, ""},
	{true, true, true, CDMA_NONE, 1, true, -EINVAL, ""},
	{false, true, true, CDMA_NONE, 1, true, -ENOMEM, ""},
	{false, true, true, CDMA_NONE, 2, true, -ENOMEM, ""},
	{false, true, true, CDMA_NONE, 3, true, -EINVAL, "panic"},
	{false, true, true, CDMA_TO_DEVICE, 3, true, -EINVAL, "unbound_alloc"},
	{false, false, true, CDMA_TO_DEVICE, 3, true, -EINVAL, "mask_unset"},
	{false, false, false, CDMA_TO_DEVICE, 3, true, -EIO, ""},
	{false, false, false, CDMA_TO_DEVICE, 3, false, -ENOMEM, ""},
};

static void plan(struct rig *rig, enum cdma_fault_site site, uint64_t nth)
{
	struct cdma_fault_rule rule = {.site = site, .nth = nth};

	ck_assert_int_eq(cdma_faults_add(cdma_world_faults(rig->world), &rule),
			 0);
}

START_TEST(new_table)
{
	struct cdma_device_config config = {.no_mask = news[_i].no_mask};
	struct cdma_view pages = {0}, kept;
	struct cdma_sgt *sgt = NULL;
	struct cdma_device *dev;
	struct rig rig;

	rig_new(&rig);
	dev = rig_device(&rig, config);
	if (news[_i].unbound)
		cdma_device_unbind(dev);
	if (news[_i].kmalloc_nth)
		plan(&rig, CDMA_FAULT_KMALLOC,
		     news[_i].kmalloc_nth + !news[_i].empty);
	if (news[_i].map_fails)
		plan(&rig, CDMA_FAULT_DMA_MAP, 1);
	if (!news[_i].empty)
		ck_assert_int_eq(cdma_kmalloc(rig.world, 1, SIZE, GFP, &pages),
				 0);
	kept = pages;
	ck_assert_int_eq(cdma_sgt_new(dev, &pages, news[_i].dir, GFP, &sgt),
			 news[_i].err);
	rig_found(&rig, news[_i].found);
	if (news[_i].err) {
		ck_assert_ptr_null(sgt);
		ck_assert(pages.size == kept.size &&
			  pages.region == kept.region);
		if (!news[_i].empty)
			cdma_kfree(pages);
	} else {
		ck_assert_uint_eq(pages.size, 0);
		cdma_sgt_free(&sgt);
	}
	ck_assert_ptr_null(sgt);
	cdma_sgt_free(&sgt);
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* ---- how long it is mapped ---- */

enum act {
	DROPPED,
	UNBOUND,
	UNBOUND_AND_DROPPED,
	READ_AFTER_DROP,
	READ_AFTER_UNBIND,
	WRITTEN_BY_DEVICE,
	TOUCHED_BY_CPU,
	PAGES_FREED,
	FORGOTTEN,
};

static const struct {
	enum act act;
	const char *found;
} lives[] = {
	{DROPPED, ""},
	{UNBOUND, "leak"}, /* of the pages, and of no mapping */
	{UNBOUND_AND_DROPPED, ""},
	{READ_AFTER_DROP, "device_uaf"},
	{READ_AFTER_UNBIND, "device_uaf"},
	{WRITTEN_BY_DEVICE, "wrong_direction"},
	{TOUCHED_BY_CPU, "missing_sync"},
	{PAGES_FREED, "free_while_leased double_free"},
	{FORGOTTEN, "leak leak"},
};

struct life {
	struct rig rig;
	struct cdma_view kept; /* what no driver in Rust has any more */
	struct cdma_sgt *sgt;
	cdma_addr_t at;
};

static void live(struct life *l, enum act what)
{
	struct cdma_view byte = l->kept;
	bool is_unbound = what == UNBOUND || what == UNBOUND_AND_DROPPED ||
			  what == READ_AFTER_UNBIND;
	unsigned char c = 1;

	byte.size = byte.elem_size = 1;
	if (is_unbound)
		cdma_device_unbind(l->rig.dev);
	if (what == WRITTEN_BY_DEVICE)
		cdma_engine_write(l->rig.engine, l->at, &c, 1);
	if (what == TOUCHED_BY_CPU)
		cdma_view_plain_write(byte, &c);
	if (what == PAGES_FREED)
		cdma_kfree(l->kept);
	ck_assert(cdma_sgt_is_mapped(l->sgt) == !is_unbound);
	if (what != UNBOUND && what != FORGOTTEN && what != READ_AFTER_UNBIND)
		cdma_sgt_free(&l->sgt);
	if (what == READ_AFTER_DROP || what == READ_AFTER_UNBIND)
		cdma_engine_read(l->rig.engine, l->at, &c, 1);
	if (what == READ_AFTER_UNBIND)
		cdma_sgt_free(&l->sgt);
}

START_TEST(as_long_as_it_lives)
{
	struct cdma_sg_entry entry;
	struct cdma_view pages;
	unsigned int pos = 0;
	struct life l;

	rig_new(&l.rig);
	ck_assert_int_eq(cdma_kmalloc(l.rig.world, 1, SIZE, GFP | CDMA_GFP_ZERO,
				      &l.kept),
			 0);
	pages = l.kept;
	ck_assert_int_eq(
		cdma_sgt_new(l.rig.dev, &pages, CDMA_TO_DEVICE, GFP, &l.sgt),
		0);
	ck_assert(cdma_sgt_next(l.sgt, &pos, &entry));
	l.at = entry.dma_address;
	live(&l, lives[_i].act);
	cdma_world_finish(l.rig.world);
	rig_found(&l.rig, lives[_i].found);
	rig_free(&l.rig);
}
END_TEST

/* Segments, as many as the device needs, and no more. */
START_TEST(entries)
{
	struct cdma_sg_entry entry;
	unsigned int pos = 0, nr = 0;
	struct cdma_view pages;
	struct cdma_sgt *sgt, *borrowed;
	struct cdma_sg sg[2] = {0};
	struct rig rig;

	rig_new_with(&rig, &(struct cdma_config){.any_context = true});
	cdma_set_max_seg_size(rig.dev, 2 * CDMA_PAGE_SIZE);
	cdma_kmalloc(rig.world, 1, SIZE - 8, GFP, &pages);
	ck_assert_int_eq(
		cdma_sgt_new(rig.dev, &pages, CDMA_FROM_DEVICE, GFP, &sgt), 0);
	ck_assert_uint_eq(cdma_sgt_nents(sgt), 2);
	for (; cdma_sgt_next(sgt, &pos, &entry); nr++)
		ck_assert_uint_eq(entry.dma_len,
				  nr ? CDMA_PAGE_SIZE - 8 : 2 * CDMA_PAGE_SIZE);
	ck_assert_uint_eq(nr, 2);
	ck_assert(!cdma_sgt_next(sgt, &pos, &entry));
	cdma_sgt_free(&sgt);

	/* Who borrows gives nothing back. */
	cdma_kmalloc(rig.world, 1, 16, GFP, &pages);
	sg[0].part = pages;
	ck_assert_uint_eq(cdma_dma_map_sg(rig.dev, sg, 1, CDMA_FROM_DEVICE), 1);
	borrowed = cdma_sgt_from_raw(rig.world, sg, 1);
	ck_assert(cdma_sgt_is_mapped(borrowed));
	pos = 0;
	ck_assert(cdma_sgt_next(borrowed, &pos, &entry));
	ck_assert_uint_eq(entry.dma_address, sg[0].dma_address);
	ck_assert_uint_eq(entry.dma_len, 16);
	cdma_sgt_free(&borrowed);
	cdma_dma_unmap_sg(rig.dev, sg, 1, CDMA_FROM_DEVICE);
	cdma_kfree(pages);
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* All that the device has; what has no bytes is no table. */
START_TEST(several)
{
	struct cdma_view pages[2], none;
	struct cdma_sgt *sgt[2], *no = NULL;
	struct rig rig;

	rig_new(&rig);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(
			cdma_kmalloc(rig.world, 1, SIZE, GFP, &pages[i]), 0);
		none = pages[i];
		none.size = 0;
		ck_assert_int_eq(
			cdma_sgt_new(rig.dev, &none, CDMA_TO_DEVICE, GFP, &no),
			-EINVAL);
		ck_assert_int_eq(cdma_sgt_new(rig.dev, &pages[i],
					      CDMA_TO_DEVICE, GFP, &sgt[i]),
				 0);
	}
	cdma_device_unbind(rig.dev);
	ck_assert(!cdma_sgt_is_mapped(sgt[0]));
	ck_assert(!cdma_sgt_is_mapped(sgt[1]));
	cdma_sgt_free(&sgt[0]);
	cdma_sgt_free(&sgt[1]);
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sgt");

	unit_add_rows(suite, new_table, ARRAY_SIZE(news));
	unit_add_rows(suite, as_long_as_it_lives, ARRAY_SIZE(lives));
	unit_add(suite, entries);
	unit_add(suite, several);
	return suite;
}
