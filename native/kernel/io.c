/* SPDX-License-Identifier: MIT */
/*
 * Io: registers by ioremap(), ioread32(), and by copies.
 *
 * ioread32() and iowrite32() order what readl() and writel() do; the `be' ones,
 * too.  A copy, and a read or write of a string of words, is one relaxed access
 * after the other, as memcpy_fromio() is where nothing better is there.
 */
#include <linux/io.h>

#include <cdma/driver.h>

CDMA_SERVICES;

void __iomem *ioremap(phys_addr_t at, size_t size)
{
	return (void __iomem *)(unsigned long)at;
}

void iounmap(volatile void __iomem *at)
{
}

void memset_io(volatile void __iomem *at, int value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		__raw_writeb(value, at + i);
}

void memcpy_fromio(void *to, const volatile void __iomem *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((u8 *)to)[i] = __raw_readb(from + i);
}

void memcpy_toio(volatile void __iomem *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		__raw_writeb(((const u8 *)from)[i], to + i);
}

#ifdef CONFIG_GENERIC_IOMAP
unsigned int ioread8(const void __iomem *at)
{
	return readb(at);
}

unsigned int ioread16(const void __iomem *at)
{
	return readw(at);
}

unsigned int ioread16be(const void __iomem *at)
{
	return swab16(readw(at));
}

unsigned int ioread32(const void __iomem *at)
{
	return readl(at);
}

unsigned int ioread32be(const void __iomem *at)
{
	return swab32(readl(at));
}

void iowrite8(u8 value, void __iomem *at)
{
	writeb(value, at);
}

void iowrite16(u16 value, void __iomem *at)
{
	writew(value, at);
}

void iowrite16be(u16 value, void __iomem *at)
{
	writew(swab16(value), at);
}

void iowrite32(u32 value, void __iomem *at)
{
	writel(value, at);
}

void iowrite32be(u32 value, void __iomem *at)
{
	writel(swab32(value), at);
}
#endif
