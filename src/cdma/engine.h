/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ENGINE_H
#define CDMA_ENGINE_H

/*
 * Engine: the part of a device that acts (the device side; not in the kernel).
 *
 * An engine reaches memory by DMA address, whatever address: stale, truncated
 * and foreign ones are what the model is for.  It acts whoever is entered in
 * the world.
 *
 * An access is looked up once, by its first byte, and belongs to the region
 * that it finds there.  What is checked, in this order; the first that fails
 * is the one that is reported:
 *
 *	bus_master_off    the device may not master the bus (BIND-7)
 *	mask_exceeded     the address has more bits than the device (R3)
 *	out_of_bounds     nothing is there, or a byte is outside what is there
 *	                  (BND-1)
 *	device_uaf        it was freed, or its device was unbound (LIFE-2)
 *	wrong_device      it was mapped for another device (R8)
 *	unexposed_access  it is a box (EXPO-1)
 *	window_conflict   see window.h (WIN-1, WIN-3)
 *	uninit_exposed    a byte that is read was never written (INIT-1)
 *
 * The first five touch no memory: a read gives poison (region.h), a write is
 * dropped, and the call returns -EFAULT.  Bytes of the op that are inside the
 * region are transferred when only others are out of bounds.
 *
 * Stores of a device stay in order (posted writes), unless CDMA_EVF_RELAXED or
 * CDMA_EVF_UNORDERED is set for one (world.h); the latter always is for a
 *buffer with CDMA_ATTR_WEAK_ORDERING (R80).
 */

#include <cdma/actor.h>
#include <cdma/bulk.h>
#include <cdma/mmio.h>
#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_device;

/* Make an engine of @dev that has not started yet; see actor.h.
 * @name: for reports; copied.  Owns: the world. */
struct cdma_actor *cdma_engine_new(struct cdma_device *dev, const char *name);

/* The same for one that is the logic of registers: see cdma_mmio_set_ops(). */
struct cdma_actor *cdma_port_new(struct cdma_device *dev, const char *name);

/*
 * Read or write @size bytes of memory at @addr.
 *
 * @split: a store in two halves; CDMA_SPLIT_NONE for the usual.
 *
 * Errors: -EFAULT  it did not reach memory, or not with all bytes.
 * Emits:  READ or WRITE, DMA, one for each piece.
 */
int cdma_engine_read_at(struct cdma_actor *engine, cdma_addr_t addr, void *dst,
			size_t size, const struct cdma_site *site);
#define cdma_engine_read(...) cdma_engine_read_at(__VA_ARGS__, CDMA_HERE)
int cdma_engine_write_at(struct cdma_actor *engine, cdma_addr_t addr,
			 const void *src, size_t size,
			 const struct cdma_site *site);
#define cdma_engine_write(...) cdma_engine_write_at(__VA_ARGS__, CDMA_HERE)
int cdma_engine_write_split_at(struct cdma_actor *engine, cdma_addr_t addr,
			       const void *src, size_t size,
			       enum cdma_split split,
			       const struct cdma_site *site);
#define cdma_engine_write_split(...)                                           \
	cdma_engine_write_split_at(__VA_ARGS__, CDMA_HERE)

/*
 * Look up what @addr leads to, ahead of an access there: with no lock, while
 * others allocate, map, unmap and free.  The access finds what was looked up
 * last, unless that has gone meanwhile; what is there is judged then, so a
 * stale address is a finding and no more.
 *
 * Returns: the region, dead or alive; 0: nothing is there.
 * Threads: that of the engine, at any time while the world is shared
 * (cdma_world_share()), whoever is in it.
 */
cdma_region_id cdma_engine_translate(struct cdma_actor *engine,
				     cdma_addr_t addr);

/* Look at what the engine would read: no event, no check.  Poison where there
 * is nothing. */
void cdma_engine_peek(const struct cdma_actor *engine, cdma_addr_t addr,
		      void *dst, size_t size);

/*
 * Read or write a register from the device's side.
 *
 * @mmio: of the engine's device; the register lies inside.
 * @width: bytes, 1, 2, 4 or 8; the offset is a multiple of it.
 *
 * Emits: READ or WRITE, MMIO.
 */
uint64_t cdma_engine_reg_read_at(struct cdma_actor *engine,
				 const struct cdma_mmio *mmio, size_t offset,
				 unsigned int width,
				 const struct cdma_site *site);
#define cdma_engine_reg_read(...)                                              \
	cdma_engine_reg_read_at(__VA_ARGS__, CDMA_HERE)
void cdma_engine_reg_write_at(struct cdma_actor *engine,
			      const struct cdma_mmio *mmio, size_t offset,
			      unsigned int width, uint64_t value,
			      const struct cdma_site *site);
#define cdma_engine_reg_write(...)                                             \
	cdma_engine_reg_write_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_ENGINE_H */
