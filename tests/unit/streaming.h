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
	struct cdma_coherent *flag;
	struct cdma_actor *cpu; /* that is not the driver's */
	unsigned char last;     /* that stream_act() read */
};

static inline void begin_on(struct stream *s, enum cdma_direction dir,
			    const char *machine)
{
	struct cdma_order_config config;
	struct cdma_config world = {0};

	ck_assert_ptr_null(cdma_machine_parse(machine, &world.machine, NULL));
	rig_new_with(&s->rig, &world);
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
	s->flag = NULL;
	s->cpu = rig_actor(&s->rig, CDMA_CPU);
	ck_assert_int_eq(
		cdma_kmalloc(s->rig.world, 1, 80, GFP | CDMA_GFP_ZERO, &s->mem),
		0);
	s->part = s->mem;
	s->part.offset = 1;
	s->part.size = SIZE;
}

static inline void begin(struct stream *s, enum cdma_direction dir)
{
	begin_on(s, dir, "any");
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

static inline unsigned char dev_reads_value(const struct stream *s,
					    uint64_t offset)
{
	unsigned char c = 0;

	cdma_engine_read(s->rig.engine, s->at + offset, &c, 1);
	return c;
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

/* It reads a flag that the device has written since, and nothing orders what
 * comes behind that. */
static inline void glimpse(struct stream *s)
{
	const unsigned char one[4] = {1};

	if (!s->flag)
		s->flag = rig_coherent(&s->rig, 4);
	cdma_engine_write(s->rig.engine, cdma_coherent_dma_handle(s->flag), one,
			  4);
	(void)cdma_view_read32(cdma_coherent_view(s->flag));
}

/* Another CPU, of which the driver hears nothing. */
static inline void other_does(struct stream *s, size_t offset, bool writes)
{
	cdma_world_enter(s->rig.world, s->cpu);
	if (writes)
		cpu_writes(s, offset);
	else
		cpu_reads(s, offset);
	cdma_world_enter(s->rig.world, cdma_world_main(s->rig.world));
}

/* The driver gives the device a new turn. */
static inline void kick(const struct stream *s)
{
	cdma_mb(s->rig.world);
	cdma_writel(1, cdma_mmio_view(s->regs), 4);
	cdma_engine_reg_read(s->rig.engine, s->regs, 4, 4);
}

static inline void map_with(struct stream *s, cdma_attrs_t attrs)
{
	s->at = cdma_dma_map_single_attrs(s->rig.dev, s->part, s->dir, attrs);
	cdma_dma_mapping_error(s->rig.dev, s->at);
}

/*
 * The driver and the device in turn: m map, M map without a sync, u unmap,
 * U unmap without a sync, c d sync of all for the CPU, the device, C D of bytes
 * 8 to 16 of the mapping; r w the CPU reads, writes byte 1 of the memory, R W
 * byte 9, e reads byte 16, the last that C and D are about, n N byte 0 and byte
 * 72, before and behind the mapping, p looks at byte 1 with READ_ONCE(); o i
 * the device writes, reads byte 0 of the mapping, O I byte 8, E writes byte 15;
 * q the driver hears of what the device did, h by a flag alone; k it kicks the
 * device; f it frees the memory.  Another CPU: x y it writes, reads byte 1 of
 * the memory, X Y it writes byte 0 and byte 65, right before and behind the
 * mapping.
 */
static inline void stream_act(struct stream *s, char act)
{
	struct cdma_device *dev = s->rig.dev;

	switch (act) {
	case 'm':
		map_with(s, 0);
		break;
	case 'M':
		map_with(s, CDMA_ATTR_SKIP_CPU_SYNC);
		break;
	case 'u':
		unmap_it(s);
		break;
	case 'U':
		cdma_dma_unmap_single_attrs(dev, s->at, SIZE, s->dir,
					    CDMA_ATTR_SKIP_CPU_SYNC);
		break;
	case 'c':
		cdma_dma_sync_for_cpu(dev, s->at, SIZE, s->dir);
		break;
	case 'd':
		cdma_dma_sync_for_device(dev, s->at, SIZE, s->dir);
		break;
	case 'C':
		cdma_dma_sync_for_cpu(dev, s->at + 8, 8, s->dir);
		break;
	case 'D':
		cdma_dma_sync_for_device(dev, s->at + 8, 8, s->dir);
		break;
	case 'r':
		s->last = cpu_reads(s, 1);
		break;
	case 'w':
		cpu_writes(s, 1);
		break;
	case 'R':
		s->last = cpu_reads(s, 9);
		break;
	case 'W':
		cpu_writes(s, 9);
		break;
	case 'o':
		dev_writes(s, 0);
		break;
	case 'O':
		dev_writes(s, 8);
		break;
	case 'e':
		s->last = cpu_reads(s, 16);
		break;
	case 'E':
		dev_writes(s, 15);
		break;
	case 'h':
		glimpse(s);
		break;
	case 'i':
		s->last = dev_reads_value(s, 0);
		break;
	case 'I':
		s->last = dev_reads_value(s, 8);
		break;
	case 'n':
		cpu_writes(s, 0);
		break;
	case 'N':
		cpu_writes(s, 72);
		break;
	case 'p':
		s->last = cdma_view_read8(byte(s, 1));
		break;
	case 'x':
		other_does(s, 1, true);
		break;
	case 'y':
		other_does(s, 1, false);
		break;
	case 'X':
		other_does(s, 0, true);
		break;
	case 'Y':
		other_does(s, 65, true);
		break;
	case 'f':
		cdma_kfree(s->mem);
		break;
	case 'k':
		kick(s);
		break;
	default:
		hear(s);
	}
}

#endif /* TESTS_STREAMING_H */
