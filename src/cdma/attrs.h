/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ATTRS_H
#define CDMA_ATTRS_H

/*
 * Attributes and direction of DMA memory (dma::attrs, DataDirection).
 *
 * Both have the kernel's numbers.  Attributes are joined with | and tested
 * with cdma_attrs_contains(); write cdma_attrs_not(), not ~, to complement.
 *
 * Threads: nothing here has a state; any thread, at any time.
 */

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t cdma_attrs_t;

#define CDMA_ATTR_WEAK_ORDERING      ((cdma_attrs_t)1 << 1)  /* R80 */
#define CDMA_ATTR_WRITE_COMBINE      ((cdma_attrs_t)1 << 2)  /* R81 */
#define CDMA_ATTR_NO_KERNEL_MAPPING  ((cdma_attrs_t)1 << 4)  /* handle only */
#define CDMA_ATTR_SKIP_CPU_SYNC      ((cdma_attrs_t)1 << 5)  /* streaming */
#define CDMA_ATTR_FORCE_CONTIGUOUS   ((cdma_attrs_t)1 << 6)  /* a hint */
#define CDMA_ATTR_ALLOC_SINGLE_PAGES ((cdma_attrs_t)1 << 7)  /* a hint */
#define CDMA_ATTR_NO_WARN            ((cdma_attrs_t)1 << 8)  /* a hint */
#define CDMA_ATTR_PRIVILEGED         ((cdma_attrs_t)1 << 9)  /* a hint */
#define CDMA_ATTR_MMIO               ((cdma_attrs_t)1 << 10) /* streaming */
/* Streaming: lines of the cache that mappings share do no harm, when all of
 * them have it (since renamed, DMA_ATTR_DEBUGGING_IGNORE_CACHELINES); a map
 * fails where caches or bounce buffers stand between. */
#define CDMA_ATTR_CPU_CACHE_CLEAN  ((cdma_attrs_t)1 << 11)
#define CDMA_ATTR_REQUIRE_COHERENT ((cdma_attrs_t)1 << 12)

/* Those that a driver in Rust may pass; NO_KERNEL_MAPPING is what makes a
 * handle a handle, and is not public upstream. */
#define CDMA_ATTRS_PUBLIC                                                      \
	(CDMA_ATTR_WEAK_ORDERING | CDMA_ATTR_WRITE_COMBINE |                   \
	 CDMA_ATTR_SKIP_CPU_SYNC | CDMA_ATTR_FORCE_CONTIGUOUS |                \
	 CDMA_ATTR_ALLOC_SINGLE_PAGES | CDMA_ATTR_NO_WARN |                    \
	 CDMA_ATTR_PRIVILEGED | CDMA_ATTR_MMIO)

/* Whether all of @flags are in @attrs; true for no flags. */
static inline bool cdma_attrs_contains(cdma_attrs_t attrs, cdma_attrs_t flags)
{
	return (attrs & flags) == flags;
}

/*
 * Not: the public attributes that are not in @attrs.
 *
 * Upstream complements all 32 bits, by which safe code can make an attribute
 * that was hidden from it (ATTR-1); here it cannot.
 */
static inline cdma_attrs_t cdma_attrs_not(cdma_attrs_t attrs)
{
	return ~attrs & CDMA_ATTRS_PUBLIC;
}

/* Which way data goes in a streaming mapping. */
enum cdma_direction {
	CDMA_BIDIRECTIONAL = 0,
	CDMA_TO_DEVICE = 1,
	CDMA_FROM_DEVICE = 2,
	CDMA_NONE = 3, /* for debugging; mapping it is a BUG() */
};

#endif /* CDMA_ATTRS_H */
