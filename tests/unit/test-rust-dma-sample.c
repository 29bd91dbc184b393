/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <cdma/order.h>

/*
 * Two drivers from the kernel's Rust code, written with the C calls, and the
 * mistakes that they could have made: samples/rust/rust_dma.rs, and the page
 * of nova-core that its device writes to when it flushes system memory.
 *
 * This is also how a model of a driver looks: the driver is ordinary C, and
 * the device is a function that is called where the hardware would act.
 */

/* Observe the order of things, too. */
static struct cdma_order *watch(struct rig *rig)
{
	struct cdma_order_config config = {
		.deps = cdma_world_deps(rig->world),
		.sink = {rig_find, rig},
	};
	struct cdma_order *order = cdma_order_new(&config);

	cdma_stream_observe(cdma_world_stream(rig->world),
			    cdma_order_observer(order));
	return order;
}

/* ---- what <cdma/cdma.h> begins with ---- */

struct desc {
	uint32_t len, done;
};

START_TEST(first_program)
{
	struct cdma_world *world = cdma_world_new(NULL);
	struct cdma_findings *found = cdma_findings_new();
	struct cdma_order_config config = {
		.deps = cdma_world_deps(world),
		.sink = cdma_findings_sink(found),
	};
	struct cdma_order *order = cdma_order_new(&config);
	struct cdma_device *nic = cdma_device_new(world, NULL, "nic");
	struct cdma_actor *engine = cdma_engine_new(nic, "rx");
	struct cdma_coherent *ring = NULL;
	uint32_t len = 64, done = 1;
	cdma_addr_t at;

	cdma_world_set_sink(world, config.sink);
	cdma_stream_observe(cdma_world_stream(world),
			    cdma_order_observer(order));

	cdma_device_bind(nic, NULL, NULL);
	cdma_actor_start(engine);
	ck_assert_int_eq(cdma_coherent_zeroed_slice(nic, sizeof(struct desc), 4,
						    CDMA_GFP_KERNEL, &ring),
			 0);
	at = cdma_coherent_dma_handle(ring);
	cdma_engine_write(engine, at + offsetof(struct desc, len), &len, 4);
	cdma_engine_write(engine, at + offsetof(struct desc, done), &done, 4);

	cdma_read_try(ring, struct desc, 0, done, &done);
	cdma_branch(world, cdma_last_dep(world));
	if (_i) /* the cure */
		cdma_dma_rmb(world);
	if (done)
		cdma_read_try(ring, struct desc, 0, len, &len);

	cdma_coherent_free(&ring);
	cdma_device_unbind(nic);
	cdma_world_finish(world);

	ck_assert_uint_eq(cdma_findings_nr(found), !_i);
	if (!_i)
		ck_assert_int_eq(cdma_findings_at(found, 0)->id,
				 CDMA_FINDING_UNORDERED_READ);
	cdma_order_free(order);
	cdma_findings_free(found);
	cdma_world_free(world);
}
END_TEST

/* ---- rust_dma ---- */

struct my_struct {
	uint32_t h, b;
};

static const struct my_struct test_values[] = {
	{0xa, 0xb}, {0xc, 0xd}, {0xe, 0xf}, {0xab, 0xba}, {0xcd, 0xef},
};

struct dma_sample {
	struct cdma_coherent *ca;
	struct cdma_sgt *sgt;
	bool forgets; /* a mistake: ca is not dropped */
	unsigned int matches;
	unsigned int pages; /* that the entries of sgt stand for */
};

/* Four pages of a VVec, for the device to read. */
static int sample_map(struct cdma_device *dev, struct dma_sample *sample)
{
	struct cdma_view pages;
	int err = cdma_kmalloc(cdma_device_world(dev), 1, 4 * CDMA_PAGE_SIZE,
			       CDMA_GFP_KERNEL | CDMA_GFP_ZERO, &pages);

	if (err)
		return err;
	err = cdma_sgt_new(dev, &pages, CDMA_TO_DEVICE, CDMA_GFP_KERNEL,
			   &sample->sgt);
	if (err)
		cdma_kfree(pages);
	return err;
}

static int sample_probe(struct cdma_device *dev, void *arg, void **drvdata)
{
	struct dma_sample *sample = *drvdata = arg;
	int err;

	err = cdma_set_mask_and_coherent(dev, CDMA_MASK(64));
	if (err)
		return err;
	err = cdma_coherent_zeroed_slice(dev, sizeof(struct my_struct),
					 ARRAY_SIZE(test_values),
					 CDMA_GFP_KERNEL, &sample->ca);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_SIZE(test_values); i++)
		cdma_copy_write(
			cdma_view_index(cdma_coherent_view(sample->ca), i),
			&test_values[i]);
	err = sample_map(dev, sample);
	if (err)
		cdma_coherent_free(&sample->ca);
	return err;
}

static void sample_drop(void *drvdata)
{
	struct dma_sample *sample = drvdata;
	struct my_struct value;
	struct cdma_sg_entry entry;

	for (size_t i = 0; i < ARRAY_SIZE(test_values); i++) {
		ck_assert_int_eq(cdma_read_elem_try(sample->ca,
						    struct my_struct, i,
						    &value),
				 0);
		sample->matches += value.h == test_values[i].h &&
				   value.b == test_values[i].b;
	}
	for (unsigned int pos = 0; cdma_sgt_next(sample->sgt, &pos, &entry);) {
		ck_assert_uint_eq(entry.dma_address % CDMA_PAGE_SIZE, 0);
		sample->pages += (unsigned int)(entry.dma_len / CDMA_PAGE_SIZE);
	}
	cdma_sgt_free(&sample->sgt);
	if (!sample->forgets)
		cdma_coherent_free(&sample->ca);
}

static const struct cdma_driver_ops sample_ops = {
	.probe = sample_probe,
	.drop = sample_drop,
};

static const struct {
	bool forgets;
	struct cdma_fault_rule fault;
	int err;
	const char *found;
} samples[] = {
	{false, {0}, 0, ""},
	{true, {0}, 0, "outlives_unbind"},
	{false, {CDMA_FAULT_DMA_ALLOC, .err = -ENOMEM}, -ENOMEM, ""},
	{false, {CDMA_FAULT_SET_MASK, .err = -EIO}, -EIO, ""},
	{false, {CDMA_FAULT_KMALLOC, .nth = 1}, -ENOMEM, ""},
	{false, {CDMA_FAULT_KMALLOC, .nth = 2}, -ENOMEM, ""},
	{false, {CDMA_FAULT_KMALLOC, .nth = 4}, -ENOMEM, ""},
	{false, {CDMA_FAULT_DMA_MAP, .nth = 1}, -EIO, ""},
};

START_TEST(rust_dma)
{
	struct dma_sample sample = {.forgets = samples[_i].forgets};
	struct cdma_order *order;
	struct cdma_device *dev;
	struct rig rig;

	rig_new(&rig);
	order = watch(&rig);
	dev = cdma_device_new(rig.world, NULL, "rust_dma");
	if (samples[_i].err)
		cdma_faults_add(cdma_world_faults(rig.world),
				&samples[_i].fault);
	ck_assert_int_eq(cdma_device_bind(dev, &sample_ops, &sample),
			 samples[_i].err);
	if (!samples[_i].err) {
		cdma_device_unbind(dev);
		ck_assert_uint_eq(sample.matches, ARRAY_SIZE(test_values));
		ck_assert_uint_eq(sample.pages, 4);
	}
	cdma_world_finish(rig.world);
	rig_found(&rig, samples[_i].found);
	cdma_order_free(order);
	rig_free(&rig);
}
END_TEST

/* ---- nova-core: SysmemFlush ---- */

#define FLUSH_ADDR 0x10 /* the register: bits 8 to 39 of the address */

struct gpu {
	struct cdma_device *dev;
	struct cdma_actor *engine;
	struct cdma_mmio *bar;
};

struct sysmem_flush {
	struct cdma_handle *page;
	struct cdma_lease *lease;
	struct cdma_view bar;
};

static int flush_register(struct sysmem_flush *flush, struct gpu *gpu)
{
	cdma_addr_t at;
	int err;

	err = cdma_handle_alloc(gpu->dev, CDMA_PAGE_SIZE, CDMA_GFP_KERNEL,
				&flush->page);
	if (err)
		return err;
	flush->bar = cdma_mmio_view(gpu->bar);
	at = cdma_handle_dma_handle(flush->page);
	flush->lease = cdma_lease_begin(gpu->dev, at, CDMA_PAGE_SIZE);
	cdma_writel((uint32_t)(at >> 8), flush->bar, FLUSH_ADDR);
	return 0;
}

/* "Users are responsible for manually calling `unregister` before dropping." */
static void flush_unregister(struct sysmem_flush *flush)
{
	cdma_writel(0, flush->bar, FLUSH_ADDR);
	/* Read back: a flush that has begun is over then. */
	(void)cdma_readl(flush->bar, FLUSH_ADDR);
	cdma_lease_end(&flush->lease);
}

/* The GPU flushes: it writes to the page that it was told, if any. */
static void gpu_flush(struct gpu *gpu)
{
	uint32_t reg = (uint32_t)cdma_engine_reg_read(gpu->engine, gpu->bar,
						      FLUSH_ADDR, 4);
	uint32_t word = 0;

	if (reg)
		cdma_engine_write(gpu->engine, (cdma_addr_t)reg << 8, &word,
				  sizeof(word));
}

static const struct {
	bool unregisters, flushes;
	const char *found;
} flushes[] = {
	{true, true, ""},
	{true, false, ""},
	/* Found whether or not the GPU comes by. */
	{false, false, "free_while_leased device_uaf"},
	{false, true, "free_while_leased device_uaf device_uaf"},
};

START_TEST(sysmem_flush)
{
	struct sysmem_flush flush = {0};
	struct cdma_order *order;
	struct gpu gpu;
	struct rig rig;

	rig_new(&rig);
	order = watch(&rig);
	gpu.dev = rig_device(&rig, (struct cdma_device_config){0});
	gpu.engine = cdma_engine_new(gpu.dev, "gpu");
	cdma_actor_start(gpu.engine);
	ck_assert_int_eq(cdma_mmio_new(gpu.dev, 4096, 4096, &gpu.bar), 0);

	ck_assert_int_eq(flush_register(&flush, &gpu), 0);
	gpu_flush(&gpu);
	if (flushes[_i].unregisters)
		flush_unregister(&flush);
	cdma_handle_free(&flush.page);
	if (flushes[_i].flushes)
		gpu_flush(&gpu);
	cdma_device_unbind(gpu.dev);
	cdma_world_finish(rig.world);
	rig_found(&rig, flushes[_i].found);
	cdma_order_free(order);
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("rust-dma-sample");

	unit_add_rows(suite, first_program, 2);
	unit_add_rows(suite, rust_dma, ARRAY_SIZE(samples));
	unit_add_rows(suite, sysmem_flush, ARRAY_SIZE(flushes));
	return suite;
}
