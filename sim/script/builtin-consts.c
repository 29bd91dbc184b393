/* SPDX-License-Identifier: MIT */
#include "script/builtins.h"

#include "base/macros.h"

#include <cdma/attrs.h>
#include <cdma/types.h>

#define ATTR(attr, text)                                                       \
	{                                                                      \
#attr, (uint64_t)CDMA_ATTR_##attr << 32, text                  \
	}

#define DMA_ATTR(attr, text)                                                   \
	{                                                                      \
		"DMA_ATTR_" #attr, (uint64_t)CDMA_ATTR_##attr << 32, text      \
	}

const struct builtin_const builtin_consts[] = {
	{"IRQ_NONE", 0, "what a handler returns: not ours"},
	{"IRQ_HANDLED", 1, "what a handler returns: done"},
	{"IRQ_WAKE_THREAD", 2, "what a handler returns: its thread goes on"},
	{"NAPI_POLL_WEIGHT", 64, "what a poll returns that has more to do"},
	{"DEVRES_FIRST", 1, "unbind(): as it was before 2026"},
	{"DEVRES_RETURNS", 1, "devres_free(): as it was in 7.1"},
	{"NULL", 0, "a pointer to nothing"},
	{"true", 1, "1"},
	{"false", 0, "0"},
	{"ZEROED", CDMA_GFP_ZERO, "allocate memory that is all zero bytes"},
	{"GFP_KERNEL", CDMA_GFP_KERNEL, "the allocation may sleep"},
	{"GFP_ATOMIC", CDMA_GFP_ATOMIC, "the allocation may not sleep"},
	{"GFP_DMA", CDMA_GFP_DMA, "memory below 16 MiB"},
	{"GFP_DMA32", CDMA_GFP_DMA32, "memory below 4 GiB"},
	{"GFP_NOWARN", CDMA_GFP_NOWARN, "do not warn when it fails"},
	ATTR(WEAK_ORDERING, "accesses of the device may pass each other"),
	ATTR(WRITE_COMBINE, "stores of the CPU may be held back"),
	ATTR(NO_KERNEL_MAPPING, "no CPU can reach it: what makes a handle"),
	ATTR(SKIP_CPU_SYNC, "of streaming mappings"),
	ATTR(FORCE_CONTIGUOUS, "physically contiguous"),
	ATTR(ALLOC_SINGLE_PAGES, "of single pages"),
	ATTR(NO_WARN, "do not warn when it fails"),
	ATTR(PRIVILEGED, "for privileged use"),
	ATTR(MMIO, "of streaming mappings"),
	{"DMA_BIDIRECTIONAL", CDMA_BIDIRECTIONAL, "both ways"},
	{"DMA_TO_DEVICE", CDMA_TO_DEVICE, "the device only reads"},
	{"DMA_FROM_DEVICE", CDMA_FROM_DEVICE, "the device only writes"},
	{"DMA_NONE", CDMA_NONE, "no direction at all"},
	{"DMA_MAPPING_ERROR", UINT64_MAX, "what a map that failed gives"},
	DMA_ATTR(WEAK_ORDERING, "accesses of the device may pass each other"),
	DMA_ATTR(SKIP_CPU_SYNC, "the driver syncs by itself"),
	DMA_ATTR(CPU_CACHE_CLEAN, "mappings may overlap, when all have it"),
	DMA_ATTR(REQUIRE_COHERENT, "no map where something stands between"),
	/* The kernel's numbers, on any host. */
	{"EPERM", 1, NULL},
	{"ENOENT", 2, NULL},
	{"ESRCH", 3, NULL},
	{"EINTR", 4, NULL},
	{"EIO", 5, NULL},
	{"ENXIO", 6, NULL},
	{"E2BIG", 7, NULL},
	{"EBADF", 9, NULL},
	{"EAGAIN", 11, NULL},
	{"ENOMEM", 12, NULL},
	{"EACCES", 13, NULL},
	{"EFAULT", 14, NULL},
	{"EBUSY", 16, NULL},
	{"EEXIST", 17, NULL},
	{"ENODEV", 19, NULL},
	{"EINVAL", 22, NULL},
	{"ENFILE", 23, NULL},
	{"EMFILE", 24, NULL},
	{"ENOTTY", 25, NULL},
	{"EFBIG", 27, NULL},
	{"ENOSPC", 28, NULL},
	{"EROFS", 30, NULL},
	{"EPIPE", 32, NULL},
	{"EDOM", 33, NULL},
	{"ERANGE", 34, NULL},
	{"ENOSYS", 38, NULL},
	{"ENODATA", 61, NULL},
	{"ETIME", 62, NULL},
	{"EPROTO", 71, NULL},
	{"EBADMSG", 74, NULL},
	{"EOVERFLOW", 75, NULL},
	{"EILSEQ", 84, NULL},
	{"EMSGSIZE", 90, NULL},
	{"EOPNOTSUPP", 95, NULL},
	{"ENOBUFS", 105, NULL},
	{"ESHUTDOWN", 108, NULL},
	{"ETIMEDOUT", 110, NULL},
	{"EALREADY", 114, NULL},
	{"EINPROGRESS", 115, NULL},
	{"EREMOTEIO", 121, NULL},
	{"ECANCELED", 125, NULL},
	{"EPROBE_DEFER", 517, NULL},
	{"ENOTSUPP", 524, NULL},
};
const size_t nr_builtin_consts = ARRAY_SIZE(builtin_consts);
