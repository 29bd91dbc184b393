/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MMIO_H
#define CDMA_MMIO_H

/*
 * Mmio: the registers of a device (Region, Mmio, RelaxedMmio).
 *
 * Registers are a region of their own that both sides access as CDMA_MMIO: the
 * CPU through a view, the device's engines by offset (engine.h).  A register
 * holds what was last written to it; what a write sets off is the engine's to
 * do.
 *
 * What they order
 * ---------------
 * writel: whoever sees the value comes after all memory writes that the writer
 * made before (R92).  readl: what the reader does next comes after all DMA
 * writes that the device made before (R93).  The relaxed ones do neither, and
 * are had by making the view relaxed.
 *
 *	cdma_writel(tail, regs, REG_TAIL);
 *	cdma_writel_relaxed(tail, regs, REG_TAIL);
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_actor;
struct cdma_device;
struct cdma_mmio;

/*
 * Make a register file of @size bytes, all 0, for @dev.
 *
 * @min_size: bytes that the driver counts on (Region<SIZE>).
 *
 * Errors: -EINVAL  @size is less than @min_size, is 0 or no multiple of 4.
 * Owns:   the world, to the end of the run; it does not leak.
 * Emits:  ALLOC, how CDMA_MMIO.
 */
int cdma_mmio_new_at(struct cdma_device *dev, size_t size, size_t min_size,
		     struct cdma_mmio **out, const struct cdma_site *site);
#define cdma_mmio_new(...) cdma_mmio_new_at(__VA_ARGS__, CDMA_HERE)

cdma_region_id cdma_mmio_region(const struct cdma_mmio *mmio);

/* All registers, as a view of bytes. */
struct cdma_view cdma_mmio_view(const struct cdma_mmio *mmio);

/* Mmio::relaxed(): the same, accessed by the relaxed accessors.
 * @view: of registers. */
struct cdma_view cdma_mmio_relaxed(struct cdma_view view);

/*
 * try_read8 to 64, try_write, try_update: checked when it is called.
 *
 * @width: bytes, 1, 2, 4 or 8.
 * @update: @fn is called with the old value; nothing keeps others out between
 *          the read and the write.
 *
 * Errors: -EINVAL  @offset + @width overflows or is more than the view has.
 *         -EINVAL  the register is not aligned to its width.
 * Emits:  READ or WRITE, MMIO; CDMA_EVF_RELAXED for a relaxed view.
 */
int cdma_mmio_try_read_at(struct cdma_view view, size_t offset,
			  unsigned int width, uint64_t *out,
			  const struct cdma_site *site);
#define cdma_mmio_try_read(...) cdma_mmio_try_read_at(__VA_ARGS__, CDMA_HERE)
int cdma_mmio_try_write_at(struct cdma_view view, size_t offset,
			   unsigned int width, uint64_t value,
			   const struct cdma_site *site);
#define cdma_mmio_try_write(...) cdma_mmio_try_write_at(__VA_ARGS__, CDMA_HERE)
int cdma_mmio_try_update_at(struct cdma_view view, size_t offset,
			    unsigned int width,
			    uint64_t (*fn)(uint64_t value, void *arg),
			    void *arg, const struct cdma_site *site);
#define cdma_mmio_try_update(...)                                              \
	cdma_mmio_try_update_at(__VA_ARGS__, CDMA_HERE)

/* The same by width; @out points to a value of that width. */
#define CDMA_MMIO_TRY_(bits)                                                   \
	static inline int cdma_mmio_try_read##bits##_at(                       \
		struct cdma_view view, size_t offset, uint##bits##_t *out,     \
		const struct cdma_site *site)                                  \
	{                                                                      \
		uint64_t value;                                                \
		int err = cdma_mmio_try_read_at(view, offset, bits / 8,        \
						&value, site);                 \
                                                                               \
		if (!err)                                                      \
			*out = (uint##bits##_t)value;                          \
		return err;                                                    \
	}                                                                      \
	static inline int cdma_mmio_try_write##bits##_at(                      \
		struct cdma_view view, size_t offset, uint##bits##_t value,    \
		const struct cdma_site *site)                                  \
	{                                                                      \
		return cdma_mmio_try_write_at(view, offset, bits / 8, value,   \
					      site);                           \
	}

CDMA_MMIO_TRY_(8)
CDMA_MMIO_TRY_(16)
CDMA_MMIO_TRY_(32)
CDMA_MMIO_TRY_(64)
#undef CDMA_MMIO_TRY_

#define cdma_mmio_try_read8(...) cdma_mmio_try_read8_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_read16(...)                                              \
	cdma_mmio_try_read16_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_read32(...)                                              \
	cdma_mmio_try_read32_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_read64(...)                                              \
	cdma_mmio_try_read64_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_write8(...)                                              \
	cdma_mmio_try_write8_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_write16(...)                                             \
	cdma_mmio_try_write16_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_write32(...)                                             \
	cdma_mmio_try_write32_at(__VA_ARGS__, CDMA_HERE)
#define cdma_mmio_try_write64(...)                                             \
	cdma_mmio_try_write64_at(__VA_ARGS__, CDMA_HERE)

/*
 * read8 to 64 and write, checked when upstream compiles; here `out_of_bounds`
 * or `misaligned`, a read gives all ones and a write is dropped.
 */
uint64_t cdma_mmio_read_at(struct cdma_view view, size_t offset,
			   unsigned int width, const struct cdma_site *site);
void cdma_mmio_write_at(struct cdma_view view, size_t offset,
			unsigned int width, uint64_t value,
			const struct cdma_site *site);

/* What a register that a read clears does then, with the CPU that has read it:
 * a relaxed write of 0 that passes no fault. */
void cdma_mmio_clear_at(struct cdma_view view, size_t offset,
			unsigned int width, const struct cdma_site *site);

/*
 * Registers that do something
 * ---------------------------
 * Logic that is done at once when a CPU has written a register, or reads one:
 * nobody comes between.  What it reads and writes of registers, and the
 * interrupts that it raises, are by @port, an engine that does nothing else.
 * It may touch registers of its device, and nothing else.
 *
 * Accesses of engines set nothing off, nor does one that a fault has kept from
 * the device.
 */
struct cdma_mmio_ops {
	/* A CPU has written @width bytes at @offset, which are there. */
	void (*written)(void *aux, size_t offset, unsigned int width,
			const struct cdma_site *site);
	/* A CPU has read @value there; returns what it gets instead. */
	uint64_t (*read)(void *aux, size_t offset, unsigned int width,
			 uint64_t value, const struct cdma_site *site);
};

/*
 * @ops: either may be NULL; borrowed, and @aux is passed to them.
 * @port: of the same device, made by cdma_port_new() and started; it acts
 *        while they are called.
 */
void cdma_mmio_set_ops(struct cdma_mmio *mmio, const struct cdma_mmio_ops *ops,
		       void *aux, struct cdma_actor *port);

/*
 * What the CPU is told comes from this register, too: it reads it as it reads
 * the one that it asked for.  In ops->read, before it changes.
 *
 * Emits: READ, MMIO, by the CPU that has asked; nothing when none has, or when
 *        that is what it has read already.
 */
void cdma_mmio_tell_at(struct cdma_mmio *mmio, size_t offset,
		       unsigned int width, const struct cdma_site *site);

/* The kernel's names.  @regs: a view of registers. */
#define cdma_readb(regs, offset)                                               \
	((uint8_t)cdma_mmio_read_at(regs, offset, 1, CDMA_HERE))
#define cdma_readw(regs, offset)                                               \
	((uint16_t)cdma_mmio_read_at(regs, offset, 2, CDMA_HERE))
#define cdma_readl(regs, offset)                                               \
	((uint32_t)cdma_mmio_read_at(regs, offset, 4, CDMA_HERE))
#define cdma_readq(regs, offset)                                               \
	((uint64_t)cdma_mmio_read_at(regs, offset, 8, CDMA_HERE))
#define cdma_readb_relaxed(regs, offset)                                       \
	cdma_readb(cdma_mmio_relaxed(regs), offset)
#define cdma_readw_relaxed(regs, offset)                                       \
	cdma_readw(cdma_mmio_relaxed(regs), offset)
#define cdma_readl_relaxed(regs, offset)                                       \
	cdma_readl(cdma_mmio_relaxed(regs), offset)
#define cdma_readq_relaxed(regs, offset)                                       \
	cdma_readq(cdma_mmio_relaxed(regs), offset)

#define cdma_writeb(value, regs, offset)                                       \
	cdma_mmio_write_at(regs, offset, 1, (uint8_t)(value), CDMA_HERE)
#define cdma_writew(value, regs, offset)                                       \
	cdma_mmio_write_at(regs, offset, 2, (uint16_t)(value), CDMA_HERE)
#define cdma_writel(value, regs, offset)                                       \
	cdma_mmio_write_at(regs, offset, 4, (uint32_t)(value), CDMA_HERE)
#define cdma_writeq(value, regs, offset)                                       \
	cdma_mmio_write_at(regs, offset, 8, (uint64_t)(value), CDMA_HERE)
#define cdma_writeb_relaxed(value, regs, offset)                               \
	cdma_writeb(value, cdma_mmio_relaxed(regs), offset)
#define cdma_writew_relaxed(value, regs, offset)                               \
	cdma_writew(value, cdma_mmio_relaxed(regs), offset)
#define cdma_writel_relaxed(value, regs, offset)                               \
	cdma_writel(value, cdma_mmio_relaxed(regs), offset)
#define cdma_writeq_relaxed(value, regs, offset)                               \
	cdma_writeq(value, cdma_mmio_relaxed(regs), offset)

/* memcpy_fromio and memcpy_toio are copy_to_slice and copy_from_slice of a
 * view of registers (copy.h). */

#endif /* CDMA_MMIO_H */
