/* SPDX-License-Identifier: MIT */
#include "streaming.h"

/* ---- lists ---- */

/* Two entries that are one segment, and a third that is not. */
static void list_of(const struct stream *s, struct cdma_sg sg[3])
{
	memset(sg, 0, 3 * sizeof(*sg));
	for (int i = 0; i < 3; i++) {
		sg[i].part = s->mem;
		sg[i].part.size = 16;
		sg[i].part.offset = (size_t)i * 16 + (i == 2 ? 8 : 0);
	}
}

START_TEST(list)
{
	struct cdma_sg sg[3];
	struct stream s;

	begin(&s, CDMA_FROM_DEVICE);
	list_of(&s, sg);
	ck_assert_uint_eq(cdma_dma_map_sg(s.rig.dev, sg, 3, s.dir), 2);
	ck_assert_uint_eq(sg[0].dma_length, 32);
	ck_assert_uint_eq(sg[1].dma_length, 16);
	ck_assert_uint_eq(sg[2].dma_length, 0);
	s.at = sg[0].dma_address;
	dev_writes(&s, 31);
	s.at = sg[1].dma_address;
	dev_writes(&s, 0);
	hear(&s);
	cdma_dma_sync_sg_for_cpu(s.rig.dev, sg, 3, s.dir);
	ck_assert_uint_eq(cpu_reads(&s, 31), 5);
	ck_assert_uint_eq(cpu_reads(&s, 40), 5);
	cdma_dma_sync_sg_for_device(s.rig.dev, sg, 3, s.dir);
	rig_found(&s.rig, "");
	cpu_reads(&s, 40);
	rig_found(&s.rig, "missing_sync");
	cdma_dma_unmap_sg(s.rig.dev, sg, 3, s.dir);
	cpu_reads(&s, 40);
	rig_found(&s.rig, "");
	dev_writes(&s, 0);
	rig_found(&s.rig, "device_uaf");
	end(&s);
}
END_TEST

static void list_call(struct stream *s, struct cdma_sg *sg, char act)
{
	struct cdma_device *dev = s->rig.dev;

	switch (act) {
	case 'm':
		cdma_dma_map_sg(dev, sg, 3, s->dir);
		break;
	case '0':
		ck_assert_uint_eq(cdma_dma_map_sg(dev, sg, 0, s->dir), 0);
		break;
	case 'e':
		sg[2].part.size = 0;
		ck_assert_uint_eq(cdma_dma_map_sg(dev, sg, 3, s->dir), 0);
		break;
	case 'l':
		cdma_set_max_seg_size(dev, 15);
		rig_found(&s->rig, "wrong_context");
		cdma_dma_map_sg(dev, sg, 3, s->dir);
		break;
	case 'b':
		/* The first ends on it, the second is on both sides. */
		cdma_set_seg_boundary(dev, 7);
		rig_found(&s->rig, "wrong_context");
		sg[0].part.size = sg[2].part.size = 8;
		sg[1].part.size = 16;
		sg[1].part.offset = 20;
		cdma_dma_map_sg(dev, sg, 3, s->dir);
		break;
	case 'B':
		/* What lies in a row is cut there. */
		cdma_set_seg_boundary(dev, 15);
		rig_found(&s->rig, "wrong_context");
		ck_assert_uint_eq(cdma_dma_map_sg(dev, sg, 2, s->dir), 2);
		ck_assert_uint_eq(sg[0].dma_length, 16);
		break;
	case 'u':
		cdma_dma_unmap_sg(dev, sg, 3, s->dir);
		break;
	case 'n':
		cdma_dma_unmap_sg(dev, sg, 2, s->dir);
		break;
	case 'd':
		cdma_dma_unmap_sg(dev, sg, 3, CDMA_TO_DEVICE);
		break;
	case 'o':
		cdma_dma_unmap_sg(s->other, sg, 3, s->dir);
		break;
	case 's':
		cdma_dma_unmap_single(dev, sg[1].dma_address, 16, s->dir);
		break;
	case 'S':
		cdma_dma_sync_sg_for_cpu(dev, sg, 2, s->dir);
		break;
	default:
		cdma_dma_sync_sg_for_cpu(dev, sg, 3, s->dir);
	}
}

static const struct {
	const char *acts, *found;
	enum cdma_mapping_check first;
} lists[] = {
	{"mu", "", CDMA_CHECK_NONE},
	{"mumu", "", CDMA_CHECK_NONE},
	{"0", "", CDMA_CHECK_NONE},
	{"e", "", CDMA_CHECK_NONE},
	{"mn", "bad_unmap", CDMA_CHECK_FREE_NENTS},
	{"md", "bad_unmap", CDMA_CHECK_FREE_DIRECTION},
	{"mo", "bad_unmap", CDMA_CHECK_FREE_OTHER},
	{"ms", "bad_unmap", CDMA_CHECK_FREE_FUNCTION},
	{"u", "bad_unmap", CDMA_CHECK_FREE_UNKNOWN},
	{"muu", "bad_unmap", CDMA_CHECK_FREE_TWICE},
	{"mm", "bad_map", CDMA_CHECK_MAP_TWICE},
	{"l", "bad_map bad_map bad_map", CDMA_CHECK_MAP_SEGMENT},
	{"b", "bad_map", CDMA_CHECK_MAP_BOUNDARY},
	{"B", "", CDMA_CHECK_NONE},
	{"mcu", "", CDMA_CHECK_NONE},
	{"mS", "bad_sync", CDMA_CHECK_SYNC_NENTS},
	{"c", "bad_sync", CDMA_CHECK_SYNC_UNKNOWN},
	{"muc", "bad_sync", CDMA_CHECK_SYNC_UNKNOWN},
};

START_TEST(what_a_list_says)
{
	struct cdma_sg sg[3];
	struct stream s;

	begin(&s, CDMA_FROM_DEVICE);
	list_of(&s, sg);
	for (const char *act = lists[_i].acts; *act; act++)
		list_call(&s, sg, *act);
	if (lists[_i].first)
		ck_assert_uint_eq(s.rig.findings.at[0].arg[0], lists[_i].first);
	rig_found(&s.rig, lists[_i].found);
	end(&s);
}
END_TEST

START_TEST(list_fails)
{
	struct cdma_sg sg[3];
	struct stream s;

	begin(&s, CDMA_FROM_DEVICE);
	list_of(&s, sg);
	cdma_faults_add(cdma_world_faults(s.rig.world),
			&(struct cdma_fault_rule){.site = CDMA_FAULT_DMA_MAP});
	ck_assert_uint_eq(cdma_dma_map_sg(s.rig.dev, sg, 3, s.dir), 0);
	cdma_kfree(s.mem);
	cdma_world_finish(s.rig.world);
	rig_found(&s.rig, "");
	end(&s);
}
END_TEST

/* ---- pools ---- */

START_TEST(pools)
{
	struct cdma_coherent *a, *b, *stale;
	struct cdma_pool *pool, *other;
	struct stream s;

	begin(&s, CDMA_FROM_DEVICE);
	ck_assert_ptr_null(cdma_pool_create(s.rig.dev, 0, 8, 0));
	ck_assert_ptr_null(cdma_pool_create(s.rig.dev, 24, 12, 0));
	ck_assert_ptr_null(cdma_pool_create(s.rig.dev, 24, 8, 16));
	pool = cdma_pool_create(s.rig.dev, 24, 8, 32);
	other = cdma_pool_create(s.rig.dev, 24, 0, 0);
	ck_assert_int_eq(cdma_pool_alloc(pool, GFP | CDMA_GFP_ZERO, &a), 0);
	ck_assert_int_eq(cdma_pool_alloc(pool, GFP, &b), 0);
	ck_assert_uint_eq(cdma_coherent_size(a), 24);
	stale = a;
	cdma_pool_free(pool, &a);
	rig_found(&s.rig, "");
	cdma_pool_free(pool, &stale);
	rig_found(&s.rig, "double_free");
	cdma_pool_destroy(pool);
	rig_found(&s.rig, "leak");
	cdma_pool_free(other, &b);
	rig_found(&s.rig, "bad_unmap");
	cdma_pool_destroy(pool);
	rig_found(&s.rig, "double_free");
	cdma_kfree(s.mem);
	cdma_world_finish(s.rig.world);
	rig_found(&s.rig, "leak");
	end(&s);
}
END_TEST

/* A free of C says again what was allocated. */
START_TEST(frees_of_c)
{
	static const struct {
		bool other;
		size_t size;
		cdma_addr_t off;
		const char *found;
	} rows[] = {
		{false, 24, 0, ""},
		{false, 23, 0, "bad_unmap"},
		{false, 4096, 0, "bad_unmap"},
		{false, 24, 8, "bad_unmap"},
		{true, 24, 0, "bad_unmap"},
		{true, 0, 1, "bad_unmap bad_unmap bad_unmap"},
	};
	struct cdma_coherent *mem = NULL, *stale;
	struct cdma_device *other;
	struct rig rig;
	cdma_addr_t addr;

	rig_new(&rig);
	other = rig_device(&rig, (struct cdma_device_config){0});
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct cdma_device *dev = rows[i].other ? other : rig.dev;

		stale = mem = rig_coherent(&rig, 24);
		addr = cdma_coherent_dma_handle(mem) + rows[i].off;
		cdma_dma_free_coherent(dev, rows[i].size, &mem, addr);
		rig_found(&rig, rows[i].found);
		ck_assert_ptr_null(mem);
		cdma_dma_free_coherent(dev, rows[i].size, &stale, addr);
		rig_found(&rig, "double_free");
	}
	cdma_dma_free_coherent(rig.dev, 24, &mem, 0);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sg");
	TCase *tc = tcase_create("sg");

	tcase_add_test(tc, list);
	tcase_add_loop_test(tc, what_a_list_says, 0, ARRAY_SIZE(lists));
	tcase_add_test(tc, list_fails);
	tcase_add_test(tc, pools);
	tcase_add_test(tc, frees_of_c);
	suite_add_tcase(suite, tc);
	return suite;
}
