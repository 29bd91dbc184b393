/* SPDX-License-Identifier: MIT */
#ifndef CDMAPASS_ASSEMBLY_H
#define CDMAPASS_ASSEMBLY_H

/*
 * Assembly: what a piece of it in C is, by its text and its operands.
 *
 * What touches no memory is a number made of numbers.  What touches memory may
 * be known to be a barrier; else nobody knows what it does, and it is refused
 * where it is reached.
 */

#include "llvm/IR/InlineAsm.h"

enum assembly_kind {
	ASSEMBLY_NOTHING, /* barrier(), cpu_relax() */
	ASSEMBLY_NUMBERS,
	ASSEMBLY_UNKNOWN,
	/* Barriers, by domain and by order: cdma_driver_barrier(). */
	ASSEMBLY_SMP_RMB,
	ASSEMBLY_SMP_WMB,
	ASSEMBLY_SMP_MB,
	ASSEMBLY_DMA_RMB,
	ASSEMBLY_DMA_WMB,
	ASSEMBLY_DMA_MB,
	ASSEMBLY_RMB,
	ASSEMBLY_WMB,
	ASSEMBLY_MB,
};

enum assembly_kind assembly_kind(const llvm::InlineAsm &assembly);

#endif /* CDMAPASS_ASSEMBLY_H */
