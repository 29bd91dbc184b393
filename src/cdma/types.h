/* SPDX-License-Identifier: MIT */
#ifndef CDMA_TYPES_H
#define CDMA_TYPES_H

/*
 * Scalars that every part of libcdma speaks.
 *
 * Values that exist in the kernel have the kernel's numbers, so that a log can
 * be read beside a kernel trace.  Identifiers are small dense integers given
 * out in order of creation: the same run gives the same identifiers, which
 * pointers would not.
 *
 * Threads: nothing here has a state; any thread, at any time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A DMA address, as a device puts it on the bus (DmaAddress, dma_addr_t). */
typedef uint64_t cdma_addr_t;

/* Allocation flags (alloc::Flags). */
typedef uint32_t cdma_gfp_t;

#define CDMA_GFP_KERNEL ((cdma_gfp_t)0x0001)
#define CDMA_GFP_ATOMIC ((cdma_gfp_t)0x0002)
#define CDMA_GFP_DMA    ((cdma_gfp_t)0x0004) /* below 16 MiB */
#define CDMA_GFP_DMA32  ((cdma_gfp_t)0x0008) /* below 4 GiB */
#define CDMA_GFP_ZERO   ((cdma_gfp_t)0x0100) /* __GFP_ZERO */
#define CDMA_GFP_NOWARN ((cdma_gfp_t)0x0200)
#define CDMA_GFP_COMP   ((cdma_gfp_t)0x0400) /* refused: __GFP_COMP */

/* What is known of a byte beside its value: 0, or, when nobody ever defined it,
 * 1 + the region that it was first read from, 1 for no region. */
typedef uint16_t cdma_undef_t;

/* Who a thing belongs to.  Id 0 means "none" for each of them. */
typedef uint16_t cdma_actor_id;
typedef uint16_t cdma_device_id;
typedef uint32_t cdma_region_id;
typedef uint32_t cdma_object_id; /* a lock, completion, thread or interrupt */

/* What an actor is: it decides which barriers mean something to it. */
enum cdma_actor_kind {
	CDMA_CPU,    /* a CPU thread; the main thread of setup and teardown */
	CDMA_IRQ,    /* an interrupt handler: a CPU thread that may not sleep */
	CDMA_DEVICE, /* a device engine */
	CDMA_SOFTIRQ, /* a handler with interrupts on, that may not sleep */
};

/*
 * How an access is made; it decides how the access is judged.
 *
 * The rules are in doc/memory-model.md.  A volatile access that is larger than
 * eight bytes or not naturally aligned is CDMA_BULK, whatever made it: nothing
 * promises that it happens at once.
 */
enum cdma_access {
	CDMA_PLAIN,  /* box contents, a window, an ordinary C expression */
	CDMA_MARKED, /* READ_ONCE, WRITE_ONCE, dma_read, read_val: <= 8 bytes */
	CDMA_BULK,   /* memcpy and friends: a row of pieces that may tear */
	CDMA_DMA,    /* by a device, to memory */
	CDMA_MMIO,   /* of a device register, by either side */
};

/*
 * What a driver may do with memory that it shares with a device.
 *
 * RUST  plain accesses only in a window; not zeroed unless asked for; calls of
 *       the driver core only from its callbacks.
 * C     what C drivers do: an aligned plain access of at most eight bytes is
 *       judged by order, as a marked one; coherent memory is zeroed.
 */
enum cdma_contract {
	CDMA_CONTRACT_CALLS, /* that of the call the memory comes from */
	CDMA_CONTRACT_C,
	CDMA_CONTRACT_RUST,
};

/* Which accesses a barrier separates (Ordering of the kernel's fences). */
enum cdma_ordering {
	CDMA_ORDER_READ,
	CDMA_ORDER_WRITE,
	CDMA_ORDER_FULL,
};

/* Towards whom a barrier works. */
enum cdma_domain {
	CDMA_DOMAIN_SMP,  /* smp_*: other CPUs only */
	CDMA_DOMAIN_DMA,  /* dma_*: CPUs and devices, coherent memory */
	CDMA_DOMAIN_FULL, /* mb, rmb, wmb: and device registers */
};

#endif /* CDMA_TYPES_H */
