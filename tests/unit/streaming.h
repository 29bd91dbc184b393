/* SPDX-License-Identifier: MIT */
#ifndef TESTS_STREAMING_H
#define TESTS_STREAMING_H

/*
 * Streaming DMA.  The driver is the main thread; `at` is where 64 bytes of
 * kernel memory are mapped, after one byte that is not.
 */

#include "rig.h"

#include <cdma/order.h>

#define SIZE 64

struct stream {
	struct rig rig;
	struct cdma_order *order;
	struct cdma_device *other;
	struct cdma_view mem, part;
	cdma_addr_t at;
	enum cdma_direction dir;
	struct cdma_mmio *regs;
};

static inline void begin(struct stream *s, enum cdma_direction dir)
{
	struct cdma_order_config config;

	rig_new(&s->rig);
	config = (struct cdma_order_config){
		.deps = cdma_world_deps(s->rig.world),
		.sink = {rig_find, &s->rig},
	};
	s->order = cdma_order_new(&config);
	cdma_stream_observe(cdma_world_stream(s->rig.world),
			    cdma_order_observer(s->order));
	/* The rules have not seen the start of the other one. */
	s->rig.engine = cdma_engine_new(s->rig.dev, "rx");
	cdma_actor_start(s->rig.engine);
	s->other = cdma_device_new(s->rig.world, NULL, "gpu");
	cdma_device_bind(s->other, NULL, NULL);
	cdma_mmio_new(s->rig.dev, 8, 8, &s->regs);
	s->dir = dir;
	s->at = 0;
	ck_assert_int_eq(
		cdma_kmalloc(s->rig.world, 1, 80, GFP | CDMA_GFP_ZERO, &s->mem),
		0);
	s->part = s->mem;
	s->part.offset = 1;
	s->part.size = SIZE;
}

static inline void map_it(struct stream *s)
{
	s->at = cdma_dma_map_single(s->rig.dev, s->part, s->dir);
	ck_assert_int_eq(cdma_dma_mapping_error(s->rig.dev, s->at), 0);
}

static inline void unmap_it(struct stream *s)
{
	cdma_dma_unmap_single(s->rig.dev, s->at, SIZE, s->dir);
}

static inline void end(struct stream *s)
{
	cdma_order_free(s->order);
	rig_free(&s->rig);
}

static inline struct cdma_view byte(const struct stream *s, size_t offset)
{
	struct cdma_view view = s->mem;

	view.offset = offset;
	view.size = view.elem_size = 1;
	return view;
}

static inline unsigned char cpu_reads(const struct stream *s, size_t offset)
{
	unsigned char c = 0;

	cdma_view_plain_read(byte(s, offset), &c);
	return c;
}

static inline void cpu_writes(const struct stream *s, size_t offset)
{
	unsigned char c = 7;

	cdma_view_plain_write(byte(s, offset), &c);
}

static inline int dev_reads(const struct stream *s, uint64_t offset)
{
	unsigned char c;

	return cdma_engine_read(s->rig.engine, s->at + offset, &c, 1);
}

static inline int dev_writes(const struct stream *s, uint64_t offset)
{
	unsigned char c = 5;

	return cdma_engine_write(s->rig.engine, s->at + offset, &c, 1);
}

/* The driver reads a register that the device has written since. */
static inline void hear(const struct stream *s)
{
	cdma_engine_reg_write(s->rig.engine, s->regs, 0, 4, 1);
	(void)cdma_readl(cdma_mmio_view(s->regs), 0);
	cdma_branch(s->rig.world, cdma_last_dep(s->rig.world));
}

/* The driver gives the device a new turn. */
static inline void kick(const struct stream *s)
{
	cdma_mb(s->rig.world);
	cdma_writel(1, cdma_mmio_view(s->regs), 4);
	cdma_engine_reg_read(s->rig.engine, s->regs, 4, 4);
}

#endif /* TESTS_STREAMING_H */
