/* SPDX-License-Identifier: MIT */
#include "streaming.h"

/* ---- calls, and what is wrong with them ---- */

enum act {
	NOTHING,
	UNMAP,
	UNMAP_AGAIN,
	UNMAP_ERROR,
	UNMAP_NOWHERE,
	UNMAP_INSIDE,
	UNMAP_OTHER,
	UNMAP_SHORT,
	UNMAP_TO,
	UNMAP_TO_SHORT,
	UNMAP_UNCHECKED,
	UNMAP_COHERENT,
	UNMAP_NONE,
	SYNC_CPU,
	SYNC_DEVICE,
	SYNC_CPU_TO,
	SYNC_DEVICE_FROM,
	SYNC_LONG,
	SYNC_OTHER,
	SYNC_DEAD,
	SYNC_NOWHERE,
	FREE,
	UNBIND,
	UNMAP_LATE,
};

static void call(struct stream *s, enum act act)
{
	struct cdma_device *dev = s->rig.dev;
	struct cdma_coherent *coherent;

	switch (act) {
	case NOTHING:
		break;
	case UNMAP:
		unmap_it(s);
		break;
	case UNMAP_AGAIN:
		unmap_it(s);
		unmap_it(s);
		break;
	case UNMAP_ERROR:
		cdma_dma_unmap_single(dev, CDMA_MAPPING_ERROR, SIZE, s->dir);
		break;
	case UNMAP_NOWHERE:
		cdma_dma_unmap_single(dev, 8, SIZE, s->dir);
		break;
	case UNMAP_INSIDE:
		cdma_dma_unmap_single(dev, s->at + 4, SIZE, s->dir);
		break;
	case UNMAP_OTHER:
		cdma_dma_unmap_single(s->other, s->at, SIZE, s->dir);
		break;
	case UNMAP_SHORT:
		cdma_dma_unmap_single(dev, s->at, SIZE - 1, s->dir);
		break;
	case UNMAP_TO:
		cdma_dma_unmap_single(dev, s->at, SIZE, CDMA_TO_DEVICE);
		break;
	case UNMAP_TO_SHORT:
		cdma_dma_unmap_single(dev, s->at, 1, CDMA_TO_DEVICE);
		break;
	case UNMAP_UNCHECKED:
		unmap_it(s);
		s->at = cdma_dma_map_single(dev, s->part, s->dir);
		unmap_it(s);
		break;
	case UNMAP_COHERENT:
		cdma_coherent_zeroed_slice(dev, 1, SIZE, GFP, &coherent);
		cdma_dma_unmap_single(dev, cdma_coherent_dma_handle(coherent),
				      SIZE, s->dir);
		break;
	case UNMAP_NONE:
		cdma_dma_unmap_single(dev, s->at, SIZE, CDMA_NONE);
		break;
	case SYNC_CPU:
		cdma_dma_sync_for_cpu(dev, s->at + 8, 8, s->dir);
		break;
	case SYNC_DEVICE:
		cdma_dma_sync_for_device(dev, s->at, SIZE, s->dir);
		break;
	case SYNC_CPU_TO:
		cdma_dma_sync_for_cpu(dev, s->at, SIZE, CDMA_TO_DEVICE);
		break;
	case SYNC_DEVICE_FROM:
		cdma_dma_sync_for_device(dev, s->at, SIZE, CDMA_FROM_DEVICE);
		break;
	case SYNC_LONG:
		cdma_dma_sync_for_cpu(dev, s->at + 8, SIZE, s->dir);
		break;
	case SYNC_OTHER:
		cdma_dma_sync_for_cpu(s->other, s->at, SIZE, s->dir);
		break;
	case SYNC_DEAD:
		unmap_it(s);
		cdma_dma_sync_for_cpu(dev, s->at, SIZE, s->dir);
		break;
	case SYNC_NOWHERE:
		cdma_dma_sync_for_cpu(dev, 8, 8, s->dir);
		break;
	case FREE:
		cdma_kfree(s->mem);
		break;
	case UNBIND:
		cdma_device_unbind(dev);
		break;
	case UNMAP_LATE:
		cdma_device_unbind(dev);
		unmap_it(s);
		break;
	}
}

static const struct {
	enum act act;
	enum cdma_direction dir;
	const char *found;
	const char *kernel; /* of the first finding; NULL: none */
} calls[] = {
	{NOTHING, CDMA_FROM_DEVICE, "", NULL},
	{UNMAP, CDMA_FROM_DEVICE, "", NULL},
	{UNMAP, CDMA_BIDIRECTIONAL, "", NULL},
	{UNMAP_AGAIN, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{UNMAP_ERROR, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver tries to free an invalid DMA memory address"},
	{UNMAP_NOWHERE, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{UNMAP_INSIDE, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{UNMAP_OTHER, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{UNMAP_SHORT, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver frees DMA memory with different size"},
	{UNMAP_TO, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver frees DMA memory with different direction"},
	{UNMAP_TO, CDMA_BIDIRECTIONAL, "bad_unmap",
	 "device driver frees DMA memory with different direction"},
	{UNMAP_TO_SHORT, CDMA_FROM_DEVICE, "bad_unmap bad_unmap",
	 "device driver frees DMA memory with different size"},
	{UNMAP_UNCHECKED, CDMA_FROM_DEVICE, "unchecked_map",
	 "device driver failed to check map error"},
	{UNMAP_COHERENT, CDMA_FROM_DEVICE, "bad_unmap",
	 "device driver frees DMA memory with wrong function"},
	{UNMAP_NONE, CDMA_FROM_DEVICE, "panic", NULL},
	{SYNC_CPU, CDMA_FROM_DEVICE, "", NULL},
	{SYNC_CPU, CDMA_TO_DEVICE, "", NULL},
	{SYNC_DEVICE, CDMA_FROM_DEVICE, "", NULL},
	{SYNC_CPU_TO, CDMA_FROM_DEVICE, "bad_sync",
	 "device driver syncs DMA memory with different direction"},
	{SYNC_CPU_TO, CDMA_BIDIRECTIONAL, "bad_sync",
	 "device driver syncs DMA memory with different direction"},
	{SYNC_CPU_TO, CDMA_TO_DEVICE, "", NULL},
	{SYNC_DEVICE_FROM, CDMA_TO_DEVICE, "bad_sync",
	 "device driver syncs DMA memory with different direction"},
	{SYNC_DEVICE_FROM, CDMA_BIDIRECTIONAL, "bad_sync",
	 "device driver syncs DMA memory with different direction"},
	{SYNC_LONG, CDMA_FROM_DEVICE, "bad_sync",
	 "device driver syncs DMA memory outside allocated range"},
	{SYNC_OTHER, CDMA_FROM_DEVICE, "bad_sync",
	 "device driver tries to sync DMA memory it has not allocated"},
	{SYNC_DEAD, CDMA_FROM_DEVICE, "bad_sync",
	 "device driver tries to sync DMA memory it has not allocated"},
	{SYNC_NOWHERE, CDMA_FROM_DEVICE, "bad_sync",
	 "device driver tries to sync DMA memory it has not allocated"},
	{FREE, CDMA_FROM_DEVICE, "free_while_leased", NULL},
	{UNBIND, CDMA_FROM_DEVICE, "outlives_unbind", NULL},
	{UNMAP_LATE, CDMA_FROM_DEVICE, "outlives_unbind free_after_unbind",
	 NULL},
};

START_TEST(what_a_call_says)
{
	const struct cdma_finding *finding;
	struct stream s;

	begin(&s, calls[_i].dir);
	map_it(&s);
	call(&s, calls[_i].act);
	if (calls[_i].kernel) {
		finding = &s.rig.findings.at[0];
		ck_assert_str_eq(
			cdma_check_kernel(
				(enum cdma_mapping_check)finding->arg[0]),
			calls[_i].kernel);
		ck_assert_str_eq(
			cdma_check_detail(
				(enum cdma_mapping_check)finding->arg[0]),
			finding->detail ? finding->detail
					: "nobody called "
					  "dma_mapping_error()");
	}
	rig_found(&s.rig, calls[_i].found);
	end(&s);
}
END_TEST

/* ---- who owns it ---- */

static const struct {
	enum cdma_direction dir;
	const char *acts, *found;
} owners[] = {
	{CDMA_FROM_DEVICE, "moqur", ""},
	{CDMA_FROM_DEVICE, "moqcrdoqcru", ""},
	{CDMA_FROM_DEVICE, "moqr", "missing_sync"},
	{CDMA_FROM_DEVICE, "mw", "missing_sync"},
	{CDMA_FROM_DEVICE, "wmu", ""},
	{CDMA_TO_DEVICE, "wmiqur", ""},
	{CDMA_TO_DEVICE, "wmr", ""},
	{CDMA_TO_DEVICE, "mw", "missing_sync"},
	{CDMA_TO_DEVICE, "mcwdiqu", ""},
	{CDMA_TO_DEVICE, "mcwi", "missing_sync"},
	{CDMA_TO_DEVICE, "mcri", ""},
	{CDMA_BIDIRECTIONAL, "wmiqcrwdioqur", ""},
	{CDMA_BIDIRECTIONAL, "mr", "missing_sync"},
	/* Looked at, posted again: the next look needs the next sync. */
	{CDMA_FROM_DEVICE, "moqcrkoqcr", ""},
	{CDMA_FROM_DEVICE, "moqcrkoqr", "missing_sync"},
	{CDMA_FROM_DEVICE, "moqcwko", "missing_sync"},
	/* A part. */
	{CDMA_FROM_DEVICE, "moOqCR", ""},
	{CDMA_FROM_DEVICE, "moOqCr", "missing_sync"},
	{CDMA_FROM_DEVICE, "mEqCe", ""},
	{CDMA_FROM_DEVICE, "mEqcDe", "missing_sync"},
	{CDMA_FROM_DEVICE, "moOqcDR", "missing_sync"},
	{CDMA_FROM_DEVICE, "moOqcDr", ""},
	{CDMA_BIDIRECTIONAL, "mcWDI", ""},
	{CDMA_BIDIRECTIONAL, "mcwDi", "missing_sync"},
	/* Without syncs of the map and the unmap. */
	{CDMA_FROM_DEVICE, "Mo", "missing_sync"},
	{CDMA_FROM_DEVICE, "MdoqcrUr", ""},
	{CDMA_FROM_DEVICE, "MdoqUr", "missing_sync"},
	{CDMA_FROM_DEVICE, "MdoqUwr", ""},
	{CDMA_FROM_DEVICE, "MdoqUmur", ""},
	/* Directions of the device. */
	{CDMA_TO_DEVICE, "mo", "wrong_direction"},
	{CDMA_FROM_DEVICE, "mi", "wrong_direction"},
	/* It may still be under way. */
	{CDMA_FROM_DEVICE, "mou", "device_uaf"},
	{CDMA_FROM_DEVICE, "moc", "missing_sync"},
	{CDMA_FROM_DEVICE, "moOqu", ""},
	{CDMA_FROM_DEVICE, "moqOu", "device_uaf"},
	{CDMA_FROM_DEVICE, "moqOC", "missing_sync"},
	{CDMA_FROM_DEVICE, "moOqoC", ""},
	{CDMA_FROM_DEVICE, "moqU", ""},
	{CDMA_FROM_DEVICE, "moU", "device_uaf"},
	/* Only a sync fetches what no barrier has ordered. */
	{CDMA_FROM_DEVICE, "mohuf", ""},
	{CDMA_FROM_DEVICE, "MdohUf", "device_uaf"},
	{CDMA_FROM_DEVICE, "MdoqUf", ""},
	/* Another CPU may still be at it; what a device only reads it may
	 * read. */
	{CDMA_FROM_DEVICE, "xm", "missing_sync"},
	{CDMA_FROM_DEVICE, "ym", "missing_sync"},
	{CDMA_BIDIRECTIONAL, "ym", "missing_sync"},
	{CDMA_TO_DEVICE, "xm", "missing_sync"},
	{CDMA_TO_DEVICE, "ym", ""},
	{CDMA_FROM_DEVICE, "XYm", ""},
	{CDMA_FROM_DEVICE, "xM", ""},
	{CDMA_FROM_DEVICE, "mcxd", "missing_sync"},
	{CDMA_FROM_DEVICE, "mcxD", ""},
	{CDMA_FROM_DEVICE, "mcyd", "missing_sync"},
	/* ... and that is said once. */
	{CDMA_FROM_DEVICE, "xmum", "missing_sync"},
	/* What the driver was handed another CPU was not. */
	{CDMA_FROM_DEVICE, "moquy", "data_race"},
	/* After the unmap. */
	{CDMA_FROM_DEVICE, "muo", "device_uaf"},
	{CDMA_FROM_DEVICE, "moqcu", ""},
	{CDMA_TO_DEVICE, "wmiqukwmiqu", ""},
};

START_TEST(who_owns_it)
{
	struct stream s;

	begin(&s, owners[_i].dir);
	for (const char *act = owners[_i].acts; *act; act++)
		stream_act(&s, *act);
	rig_found(&s.rig, owners[_i].found);
	end(&s);
}
END_TEST

/* ---- memory and addresses ---- */

START_TEST(addresses)
{
	struct stream s;
	cdma_addr_t first;

	begin(&s, CDMA_TO_DEVICE);
	map_it(&s);
	first = s.at;
	/* The offset in a page is that of the memory. */
	ck_assert_uint_eq(s.at % 4096, 1);
	ck_assert_int_eq(dev_reads(&s, SIZE - 1), 0);
	rig_found(&s.rig, "");
	ck_assert_int_eq(dev_reads(&s, SIZE), -EFAULT);
	rig_found(&s.rig, "out_of_bounds");
	s.at--;
	ck_assert_int_eq(dev_reads(&s, 0), -EFAULT);
	rig_found(&s.rig, "out_of_bounds");
	s.at = first;
	hear(&s);
	unmap_it(&s);
	map_it(&s);
	ck_assert_uint_ne(s.at, first);
	ck_assert_int_eq(dev_reads(&s, 0), 0);
	hear(&s);
	unmap_it(&s);
	cdma_kfree(s.mem);
	cdma_world_finish(s.rig.world);
	rig_found(&s.rig, "");
	end(&s);
}
END_TEST

/* What a map refuses, and what it only reports. */
START_TEST(memory)
{
	struct cdma_coherent *coherent;
	struct cdma_mask mask;
	struct cdma_view part;
	struct stream s;

	begin(&s, CDMA_TO_DEVICE);
	part = s.part;
	part.size = 0;
	ck_assert_uint_eq(cdma_dma_map_single(s.rig.dev, part, CDMA_TO_DEVICE),
			  CDMA_MAPPING_ERROR);
	ck_assert_int_eq(cdma_dma_mapping_error(s.rig.dev, CDMA_MAPPING_ERROR),
			 -ENOMEM);
	rig_found(&s.rig, "");
	cdma_dma_map_single(s.rig.dev, s.part, CDMA_NONE);
	rig_found(&s.rig, "panic");
	part.size = 100;
	cdma_dma_map_single(s.rig.dev, part, CDMA_TO_DEVICE);
	rig_found(&s.rig, "out_of_bounds");
	cdma_dma_map_stack_at(s.rig.dev, 4, CDMA_TO_DEVICE, 0, CDMA_HERE);
	rig_found(&s.rig, "bad_map");
	cdma_coherent_zeroed_slice(s.rig.dev, 1, 8, GFP, &coherent);
	cdma_dma_map_single(s.rig.dev, cdma_coherent_view(coherent),
			    CDMA_TO_DEVICE);
	rig_found(&s.rig, "bad_map");
	/* It takes no longer for being long. */
	cdma_mask_try_new(64, &mask);
	cdma_set_mask(s.rig.dev, mask);
	rig_found(&s.rig, "wrong_context");
	part.size = (uint64_t)1 << 44;
	ck_assert_uint_ne(cdma_dma_map_single(s.rig.dev, part, CDMA_TO_DEVICE),
			  CDMA_MAPPING_ERROR);
	rig_found(&s.rig, "out_of_bounds");
	end(&s);
}
END_TEST

START_TEST(life)
{
	struct stream s;

	begin(&s, CDMA_TO_DEVICE);
	map_it(&s);
	cdma_world_finish(s.rig.world);
	/* The memory, and its mapping. */
	rig_found(&s.rig, "leak leak");
	unmap_it(&s);
	cdma_kfree(s.mem);
	cdma_kfree(s.mem);
	rig_found(&s.rig, "double_free");
	cpu_reads(&s, 0);
	rig_found(&s.rig, "cpu_uaf");
	s.at = cdma_dma_map_single(s.rig.dev, s.part, CDMA_TO_DEVICE);
	rig_found(&s.rig, "bad_map");
	end(&s);
}
END_TEST

START_TEST(faults)
{
	struct cdma_faults *plan;
	struct cdma_view more;
	struct stream s;

	begin(&s, CDMA_TO_DEVICE);
	plan = cdma_world_faults(s.rig.world);
	cdma_faults_add(plan,
			&(struct cdma_fault_rule){.site = CDMA_FAULT_DMA_MAP});
	cdma_faults_add(plan,
			&(struct cdma_fault_rule){.site = CDMA_FAULT_KMALLOC});
	ck_assert_uint_eq(cdma_dma_map_single(s.rig.dev, s.part, s.dir),
			  CDMA_MAPPING_ERROR);
	ck_assert_int_eq(cdma_kmalloc(s.rig.world, 1, 8, GFP, &more), -ENOMEM);
	map_it(&s);
	cdma_device_unbind(s.other);
	ck_assert_uint_eq(cdma_dma_map_single(s.other, s.part, s.dir),
			  CDMA_MAPPING_ERROR);
	rig_found(&s.rig, "unbound_alloc");
	end(&s);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("mapping");
	TCase *tc = tcase_create("mapping");

	tcase_add_loop_test(tc, what_a_call_says, 0, ARRAY_SIZE(calls));
	tcase_add_loop_test(tc, who_owns_it, 0, ARRAY_SIZE(owners));
	tcase_add_test(tc, addresses);
	tcase_add_test(tc, memory);
	tcase_add_test(tc, life);
	tcase_add_test(tc, faults);
	suite_add_tcase(suite, tc);
	return suite;
}
