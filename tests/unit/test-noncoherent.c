/* SPDX-License-Identifier: MIT */
#include "rig.h"

/*
 * Memory that is mapped as long as it lives, and registers that are mapped.
 */

#define SIZE 4096

/* ---- allocation: the first that fails is what is said ---- */

static const struct {
	size_t elem, count;
	enum cdma_direction dir;
	cdma_gfp_t gfp;
	bool unbound, no_mask, fails;
	int err;
	const char *found;
} allocs[] = {
	{1, SIZE, CDMA_FROM_DEVICE, GFP, false, false, false, 0, ""},
	{4, 2, CDMA_TO_DEVICE, CDMA_GFP_ATOMIC, false, false, false, 0, ""},
	{0, 1, CDMA_FROM_DEVICE, GFP, true, true, true, -EINVAL, ""},
	{1, 0, CDMA_FROM_DEVICE, GFP, true, true, true, -EINVAL, ""},
	{1, 1, CDMA_NONE, GFP, true, true, true, -EINVAL, ""},
	{1, 1, CDMA_FROM_DEVICE, CDMA_GFP_DMA, true, true, true, -EINVAL,
	 "unbound_alloc"},
	{1, 1, CDMA_FROM_DEVICE, CDMA_GFP_DMA, false, true, true, -EINVAL,
	 "mask_unset"},
	{1, 1, CDMA_FROM_DEVICE, CDMA_GFP_DMA, false, false, true, -EINVAL,
	 "bad_map"},
	{1, 1, CDMA_FROM_DEVICE, CDMA_GFP_DMA32, false, false, true, -EINVAL,
	 "bad_map"},
	{SIZE_MAX, 2, CDMA_FROM_DEVICE, GFP, false, false, true, -ENOMEM, ""},
	{1, SIZE_MAX / 2, CDMA_FROM_DEVICE, GFP, false, false, true, -ENOMEM,
	 ""},
	{1, 1, CDMA_FROM_DEVICE, GFP, false, false, true, -ENOMEM, ""},
};

START_TEST(alloc)
{
	struct cdma_device_config config = {.no_mask = allocs[_i].no_mask};
	struct cdma_fault_rule rule = {.site = CDMA_FAULT_DMA_ALLOC, .nth = 1};
	struct cdma_view mem = {0};
	struct cdma_device *dev;
	cdma_addr_t at = 0;
	struct rig rig;

	rig_new(&rig);
	dev = rig_device(&rig, config);
	if (allocs[_i].unbound)
		cdma_device_unbind(dev);
	if (allocs[_i].fails)
		ck_assert_int_eq(
			cdma_faults_add(cdma_world_faults(rig.world), &rule),
			0);
	ck_assert_int_eq(cdma_dma_alloc_noncoherent(
				 dev, allocs[_i].elem, allocs[_i].count,
				 allocs[_i].dir, allocs[_i].gfp, &mem, &at),
			 allocs[_i].err);
	rig_found(&rig, allocs[_i].found);
	if (!allocs[_i].err) {
		ck_assert_uint_eq(mem.size, allocs[_i].elem * allocs[_i].count);
		cdma_dma_free_noncoherent(dev, mem.size, mem, at,
					  allocs[_i].dir);
		rig_found(&rig, "");
		cdma_world_finish(rig.world);
		rig_found(&rig, "");
	}
	rig_free(&rig);
}
END_TEST

/* ---- free, and what else is done to it ---- */

enum act {
	RIGHT,
	TWICE,
	SHORT,
	OTHER_WAY,
	OTHER_DEVICE,
	OTHER_MEMORY,
	INSIDE,
	NOWHERE,
	FAILED,
	ALL_WRONG,
	AS_SINGLE,
	AS_KMEM,
	MAPPED_TOO,
	NEVER,
	LATE,
	SINGLE_AS_THIS,
};

struct lot {
	struct rig rig;
	struct cdma_device *other;
	struct cdma_view mem, kmem;
	cdma_addr_t at;
};

static void give_back(struct lot *l, size_t size, cdma_addr_t at,
		      enum cdma_direction dir)
{
	cdma_dma_free_noncoherent(l->rig.dev, size, l->mem, at, dir);
}

static void act(struct lot *l, enum act what)
{
	struct cdma_device *dev = l->rig.dev;
	struct cdma_view part = l->mem;

	switch (what) {
	case TWICE:
		give_back(l, SIZE, l->at, CDMA_FROM_DEVICE);
		/* fall through */
	case RIGHT:
		give_back(l, SIZE, l->at, CDMA_FROM_DEVICE);
		break;
	case SHORT:
		give_back(l, SIZE / 2, l->at, CDMA_FROM_DEVICE);
		break;
	case OTHER_WAY:
		give_back(l, SIZE, l->at, CDMA_TO_DEVICE);
		break;
	case OTHER_DEVICE:
		cdma_dma_free_noncoherent(l->other, SIZE, l->mem, l->at,
					  CDMA_FROM_DEVICE);
		break;
	case OTHER_MEMORY:
		part.offset = 8;
		cdma_dma_free_noncoherent(dev, SIZE, part, l->at,
					  CDMA_FROM_DEVICE);
		break;
	case INSIDE:
		give_back(l, SIZE, l->at + 8, CDMA_FROM_DEVICE);
		break;
	case NOWHERE:
		give_back(l, SIZE, 8, CDMA_FROM_DEVICE);
		break;
	case FAILED:
		give_back(l, SIZE, CDMA_MAPPING_ERROR, CDMA_FROM_DEVICE);
		break;
	case ALL_WRONG:
		cdma_dma_free_noncoherent(l->other, 8, l->kmem, l->at,
					  CDMA_BIDIRECTIONAL);
		break;
	case AS_SINGLE:
		cdma_dma_unmap_single(dev, l->at, SIZE, CDMA_FROM_DEVICE);
		break;
	case AS_KMEM:
		cdma_kfree(l->mem);
		break;
	case MAPPED_TOO:
		cdma_dma_map_single(dev, l->mem, CDMA_FROM_DEVICE);
		break;
	case NEVER:
		cdma_world_finish(l->rig.world);
		break;
	case LATE:
		cdma_device_unbind(dev);
		give_back(l, SIZE, l->at, CDMA_FROM_DEVICE);
		break;
	case SINGLE_AS_THIS:
		l->at = cdma_dma_map_single(dev, l->kmem, CDMA_FROM_DEVICE);
		cdma_dma_mapping_error(dev, l->at);
		cdma_dma_free_noncoherent(dev, SIZE, l->kmem, l->at,
					  CDMA_FROM_DEVICE);
		break;
	}
}

static const struct {
	enum act act;
	const char *found;
	const char *kernel; /* of the first; NULL: none */
} frees[] = {
	{RIGHT, "", NULL},
	{TWICE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{SHORT, "bad_unmap",
	 "device driver frees DMA memory with different size"},
	{OTHER_WAY, "bad_unmap",
	 "device driver frees DMA memory with different direction"},
	{OTHER_DEVICE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{OTHER_MEMORY, "bad_unmap",
	 "device driver frees DMA memory with different CPU address"},
	{INSIDE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{NOWHERE, "bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{FAILED, "bad_unmap",
	 "device driver tries to free an invalid DMA memory address"},
	/* In the order of dma-debug: device, size, CPU address, direction. */
	{ALL_WRONG, "bad_unmap bad_unmap bad_unmap bad_unmap",
	 "device driver tries to free DMA memory it has not allocated"},
	{AS_SINGLE, "bad_unmap",
	 "device driver frees DMA memory with wrong function"},
	{AS_KMEM, "free_while_leased", NULL},
	{MAPPED_TOO, "bad_map",
	 "cacheline tracking EEXIST, overlapping mappings aren't supported"},
	{NEVER, "leak leak", NULL}, /* and kmem, of the test */
	{LATE, "outlives_unbind free_after_unbind", NULL},
	{SINGLE_AS_THIS, "bad_unmap",
	 "device driver frees DMA memory with wrong function"},
};

START_TEST(what_is_done_to_it)
{
	struct lot l;

	rig_new(&l.rig);
	l.other = rig_device(&l.rig, (struct cdma_device_config){0});
	ck_assert_int_eq(cdma_dma_alloc_noncoherent(l.rig.dev, 1, SIZE,
						    CDMA_FROM_DEVICE, GFP,
						    &l.mem, &l.at),
			 0);
	ck_assert_int_eq(cdma_kmalloc(l.rig.world, 1, SIZE, GFP, &l.kmem), 0);
	act(&l, frees[_i].act);
	if (frees[_i].kernel)
		ck_assert_str_eq(cdma_check_kernel((enum cdma_mapping_check)
							   l.rig.findings.at[0]
								   .arg[0]),
				 frees[_i].kernel);
	rig_found(&l.rig, frees[_i].found);
	rig_free(&l.rig);
}
END_TEST

/* ---- who owns it ---- */

static void read_by_cpu(struct cdma_view mem)
{
	unsigned char c;

	mem.size = mem.elem_size = 1;
	cdma_view_plain_read(mem, &c);
}

START_TEST(goes_by_syncs)
{
	struct cdma_view mem;
	unsigned char c = 1;
	cdma_addr_t at;
	struct rig rig;

	rig_new(&rig);
	cdma_dma_alloc_noncoherent(rig.dev, 1, SIZE, CDMA_BIDIRECTIONAL, GFP,
				   &mem, &at);
	read_by_cpu(mem);
	rig_found(&rig, "");
	/* What it was zeroed with may be in a cache. */
	cdma_engine_read(rig.engine, at, &c, 1);
	rig_found(&rig, "missing_sync");
	cdma_dma_sync_for_device(rig.dev, at, SIZE, CDMA_BIDIRECTIONAL);
	cdma_engine_read(rig.engine, at, &c, 1);
	ck_assert_uint_eq(c, 0);
	rig_found(&rig, "");
	read_by_cpu(mem);
	rig_found(&rig, "missing_sync");
	cdma_dma_sync_for_cpu(rig.dev, at, SIZE, CDMA_BIDIRECTIONAL);
	read_by_cpu(mem);
	rig_found(&rig, "");
	cdma_dma_free_noncoherent(rig.dev, SIZE, mem, at, CDMA_BIDIRECTIONAL);
	cdma_engine_read(rig.engine, at, &c, 1);
	rig_found(&rig, "device_uaf");
	rig_free(&rig);
}
END_TEST

/* It lies below the mask, and nothing is bounced. */
START_TEST(on_machines)
{
	static const char *const machines[] = {"x86_high", "sev", "arm32"};
	struct cdma_config world = {0};
	struct cdma_view mem;
	unsigned char c = 7;
	cdma_addr_t at;
	struct rig rig;

	ck_assert_ptr_null(
		cdma_machine_parse(machines[_i], &world.machine, NULL));
	rig_new_with(&rig, &world);
	cdma_set_coherent_mask(rig.dev, CDMA_MASK(32));
	ck_assert_int_eq(cdma_dma_alloc_noncoherent(rig.dev, 1, SIZE,
						    CDMA_FROM_DEVICE, GFP, &mem,
						    &at),
			 0);
	ck_assert_uint_le(at + SIZE - 1, UINT32_MAX);
	cdma_dma_sync_for_device(rig.dev, at, SIZE, CDMA_FROM_DEVICE);
	cdma_engine_write(rig.engine, at, &c, 1);
	cdma_dma_sync_for_cpu(rig.dev, at, SIZE, CDMA_FROM_DEVICE);
	c = 0;
	mem.size = mem.elem_size = 1;
	cdma_view_plain_read(mem, &c);
	ck_assert_uint_eq(c, 7);
	rig_free(&rig);
}
END_TEST

/* ---- what the driver asks of the machine ---- */

static const struct {
	const char *machine;
	bool fails;
} coherents[] = {
	{"any", false},       {"x86", false},
	{"x86_iommu", false}, {"sev", true},
	{"arm64", true},      {"arm64_smmu", true},
	{"arm32", true},      {"x86,swiotlb=always", true},
};

START_TEST(require_coherent)
{
	struct cdma_config world = {0};
	struct cdma_view mem;
	struct rig rig;
	cdma_addr_t at;

	ck_assert_ptr_null(cdma_machine_parse(coherents[_i].machine,
					      &world.machine, NULL));
	rig_new_with(&rig, &world);
	cdma_kmalloc(rig.world, 1, 64, GFP | CDMA_GFP_ZERO, &mem);
	at = cdma_dma_map_single_attrs(rig.dev, mem, CDMA_TO_DEVICE,
				       CDMA_ATTR_REQUIRE_COHERENT);
	ck_assert_int_eq(at == CDMA_MAPPING_ERROR, coherents[_i].fails);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* Both have to have it. */
START_TEST(cache_clean)
{
	cdma_attrs_t first = _i & 1 ? CDMA_ATTR_CPU_CACHE_CLEAN : 0;
	cdma_attrs_t second = _i & 2 ? CDMA_ATTR_CPU_CACHE_CLEAN : 0;
	struct cdma_view mem;
	struct rig rig;

	rig_new(&rig);
	cdma_kmalloc(rig.world, 1, 64, GFP | CDMA_GFP_ZERO, &mem);
	cdma_dma_map_single_attrs(rig.dev, mem, CDMA_FROM_DEVICE, first);
	cdma_dma_map_single_attrs(rig.dev, mem, CDMA_FROM_DEVICE, second);
	rig_found(&rig, _i == 3 ? "" : "bad_map");
	rig_free(&rig);
}
END_TEST

/* ---- registers ---- */

enum resource_act {
	USED,
	UNMAPPED,
	OF_RAM,
	UNMAPPED_AS_SINGLE,
	SINGLE_OF_REGISTERS,
	UNCHECKED,
	NOT_UNMAPPED,
	OTHER_WAY_ROUND,
	BEHIND_IT,
	AFTER_IT,
};

static const struct {
	enum resource_act act;
	const char *found, *kernel;
} resources[] = {
	{USED, "", NULL},
	{UNMAPPED, "", NULL},
	{OF_RAM, "bad_map", "dma_map_resource called for RAM address"},
	{UNMAPPED_AS_SINGLE, "bad_unmap",
	 "device driver frees DMA memory with wrong function"},
	{SINGLE_OF_REGISTERS, "bad_map",
	 "device driver maps memory from invalid area"},
	{UNCHECKED, "unchecked_map", "device driver failed to check map error"},
	{NOT_UNMAPPED, "leak", NULL},
	{OTHER_WAY_ROUND, "wrong_direction", NULL},
	{BEHIND_IT, "out_of_bounds", NULL},
	{AFTER_IT, "device_uaf", NULL},
};

static void use(struct rig *rig, struct cdma_view regs, cdma_addr_t at,
		enum resource_act what)
{
	uint32_t v = 5;

	switch (what) {
	case USED:
		ck_assert(!cdma_engine_write(rig->engine, at, &v, 4));
		ck_assert_uint_eq(cdma_readl(regs, 4), 5);
		cdma_writel(6, regs, 4);
		ck_assert(!cdma_engine_read(rig->engine, at, &v, 4));
		ck_assert_uint_eq(v, 6);
		break;
	case UNMAPPED_AS_SINGLE:
		cdma_dma_unmap_single(rig->dev, at, 4, CDMA_BIDIRECTIONAL);
		break;
	case NOT_UNMAPPED:
		cdma_world_finish(rig->world);
		break;
	case BEHIND_IT:
		cdma_engine_write(rig->engine, at + 4, &v, 4);
		break;
	case AFTER_IT:
		cdma_dma_unmap_resource(rig->dev, at, 4, CDMA_BIDIRECTIONAL, 0);
		cdma_engine_write(rig->engine, at, &v, 4);
		break;
	default:
		cdma_dma_unmap_resource(rig->dev, at, 4, CDMA_BIDIRECTIONAL, 0);
	}
}

START_TEST(resource)
{
	enum resource_act what = resources[_i].act;
	struct cdma_view regs, part;
	struct cdma_mmio *mmio;
	struct cdma_device *dev;
	cdma_addr_t at;
	uint32_t v = 0;
	struct rig rig;

	rig_new(&rig);
	dev = rig_device(&rig, (struct cdma_device_config){0});
	ck_assert_int_eq(cdma_mmio_new(dev, 16, 16, &mmio), 0);
	regs = part = cdma_mmio_view(mmio);
	if (what == OF_RAM)
		part = cdma_sysmem_new(rig.world, 16, 1);
	part.offset = 4;
	part.size = 4;
	if (what == SINGLE_OF_REGISTERS) {
		at = cdma_dma_map_single(rig.dev, part, CDMA_BIDIRECTIONAL);
	} else {
		at = cdma_dma_map_resource(rig.dev, part,
					   what == OTHER_WAY_ROUND
						   ? CDMA_TO_DEVICE
						   : CDMA_BIDIRECTIONAL,
					   0);
		if (what != UNCHECKED)
			cdma_dma_mapping_error(rig.dev, at);
		if (what == OTHER_WAY_ROUND)
			cdma_engine_write(rig.engine, at, &v, 4);
		else
			use(&rig, regs, at, what);
	}
	if (resources[_i].kernel)
		ck_assert_str_eq(cdma_check_kernel((enum cdma_mapping_check)
							   rig.findings.at[0]
								   .arg[0]),
				 resources[_i].kernel);
	rig_found(&rig, resources[_i].found);
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("noncoherent");

	unit_add_rows(suite, alloc, ARRAY_SIZE(allocs));
	unit_add_rows(suite, what_is_done_to_it, ARRAY_SIZE(frees));
	unit_add(suite, goes_by_syncs);
	unit_add_rows(suite, on_machines, 3);
	unit_add_rows(suite, require_coherent, ARRAY_SIZE(coherents));
	unit_add_rows(suite, cache_clean, 4);
	unit_add_rows(suite, resource, ARRAY_SIZE(resources));
	return suite;
}
