/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_IO_H
#define CDMASIM_ASM_IO_H

/*
 * Registers: each access is told to the simulator, with its place.
 *
 * readl() and writel() order as Documentation/memory-barriers.txt says, "KERNEL
 * I/O BARRIER EFFECTS"; those that are _relaxed, and the __raw ones, only what
 * the device sees of one thread.  What they reach is what ioremap() gave
 * (native/kernel/pci.c); ports are registers, too.
 */

#include <linux/types.h>
#include <cdma/driver.h>

/* A port is the address where its register is: pci_resource_start() gives that
 * for a BAR of either kind. */
#define PCI_IOBASE     ((void __iomem *)0)
#define IO_SPACE_LIMIT (~0ul)

#define CDMASIM_READ(name, type, how)                                          \
	static inline type name(const volatile void __iomem *at)               \
	{                                                                      \
		return (type)cdma_driver_mmio_read(at, sizeof(type), how);     \
	}
#define CDMASIM_WRITE(name, type, how)                                         \
	static inline void name(type value, volatile void __iomem *at)         \
	{                                                                      \
		cdma_driver_mmio_write(at, sizeof(type), value, how);          \
	}
#define CDMASIM_REGISTER(x, type)                                              \
	CDMASIM_READ(read##x, type, 0)                                         \
	CDMASIM_READ(read##x##_relaxed, type, CDMA_DRIVER_RELAXED)             \
	CDMASIM_READ(__raw_read##x, type, CDMA_DRIVER_RELAXED)                 \
	CDMASIM_WRITE(write##x, type, 0)                                       \
	CDMASIM_WRITE(write##x##_relaxed, type, CDMA_DRIVER_RELAXED)           \
	CDMASIM_WRITE(__raw_write##x, type, CDMA_DRIVER_RELAXED)

CDMASIM_REGISTER(b, u8)
CDMASIM_REGISTER(w, u16)
CDMASIM_REGISTER(l, u32)
CDMASIM_REGISTER(q, u64)

/* asm-generic/io.h makes those that have no name of the preprocessor's. */
#define readb          readb
#define writeb         writeb
#define readb_relaxed  readb_relaxed
#define writeb_relaxed writeb_relaxed
#define __raw_readb    __raw_readb
#define __raw_writeb   __raw_writeb
#define readw          readw
#define writew         writew
#define readw_relaxed  readw_relaxed
#define writew_relaxed writew_relaxed
#define __raw_readw    __raw_readw
#define __raw_writew   __raw_writew
#define readl          readl
#define writel         writel
#define readl_relaxed  readl_relaxed
#define writel_relaxed writel_relaxed
#define __raw_readl    __raw_readl
#define __raw_writel   __raw_writel
#define readq          readq
#define writeq         writeq
#define readq_relaxed  readq_relaxed
#define writeq_relaxed writeq_relaxed
#define __raw_readq    __raw_readq
#define __raw_writeq   __raw_writeq

#define ioremap ioremap
void __iomem *ioremap(phys_addr_t at, size_t size);
#define iounmap iounmap
void iounmap(volatile void __iomem *at);

#define memset_io memset_io
void memset_io(volatile void __iomem *at, int value, size_t size);
#define memcpy_fromio memcpy_fromio
void memcpy_fromio(void *to, const volatile void __iomem *from, size_t size);
#define memcpy_toio memcpy_toio
void memcpy_toio(volatile void __iomem *to, const void *from, size_t size);

#include <asm-generic/io.h>

#endif /* CDMASIM_ASM_IO_H */
