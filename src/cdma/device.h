/* SPDX-License-Identifier: MIT */
#ifndef CDMA_DEVICE_H
#define CDMA_DEVICE_H

/*
 * Device: what DMA memory is allocated for, and what reaches it.
 *
 * Binding
 * -------
 * A driver binds to a device by its probe callback and leaves it by its unbind
 * callback.  In between, and during both, the device is bound: memory can be
 * allocated for it.  The Rust API has this in its types (Device<Bound>,
 * Device<Core>); here each call looks, and reports:
 *
 *	allocation while not bound         unbound_alloc, -ENODEV     BIND-1
 *	an allocation lives past unbind    outlives_unbind            BIND-2
 *	free after unbind                  free_after_unbind          BIND-3
 *	a Core call outside a callback     wrong_context              BIND-5
 *
 * When unbind completes the device loses its mappings: what it then still
 * reaches for is `device_uaf`; the CPU's side of the memory stays valid.
 *
 * Reference counts
 * ----------------
 * cdma_device_new() gives one reference, and everything allocated for a device
 * holds one.  A count keeps the object, not the binding (G4).
 *
 * Masks
 * -----
 * A device has two masks, streaming and coherent, of 32 bits at first unless
 * it is configured otherwise.
 * Allocations respect the coherent one.  The setters must not run while memory
 * is allocated or mapped for the device (MASK-1): each has two halves, so that
 * it can be seen to overlap with something else, which is `mask_race`.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/mask.h>
#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_device;
struct cdma_world;

/* What a device is like.  All zero is the default. */
struct cdma_device_config {
	/* Where its DMA addresses begin; 0: 0x10000000, or 0x1000 when the
	 * mask does not reach that far.  Rounded up to a page. */
	cdma_addr_t iova_base;

	/* Address lines that the hardware has, 1 to 64; 0: 64.  A device
	 * access with more bits is `mask_exceeded` and goes nowhere (R3). */
	unsigned int addr_bits;

	/* Both masks before any setter, bits, 1 to 64; 0: 32. */
	unsigned int mask_bits;

	/* What the platform can serve: the least and the greatest mask that
	 * the setters take, bits; 0: 24, the DMA zone, and 64. */
	unsigned int min_mask_bits, max_mask_bits;

	bool no_mask;      /* the bus gave it no mask: both are 0 (R2) */
	bool no_parms;     /* no dma_parms: no segment size can be set */
	bool needs_master; /* PCI: no DMA before set_master (BIND-7) */

	/* It may be against us, and write whatever it can reach, at any time:
	 * its registers, its coherent memory, and what is mapped for it to
	 * write.  A value from there is `untrusted_value' when it is used as an
	 * index, a length or an address and nobody looked at it (use.h). */
	bool untrusted;
};

/*
 * Make a device without a driver.
 *
 * @config: copied; NULL for the default.
 * @name:   for reports; copied.
 * Owns: the world; the caller has one reference.
 */
struct cdma_device *cdma_device_new(struct cdma_world *world,
				    const struct cdma_device_config *config,
				    const char *name);

/* ARef::clone and drop.  put: NULL is ignored; a put too many aborts. */
struct cdma_device *cdma_device_get(struct cdma_device *dev);
void cdma_device_put(struct cdma_device *dev);
unsigned int cdma_device_refs(const struct cdma_device *dev);

cdma_device_id cdma_device_id_of(const struct cdma_device *dev);
const char *cdma_device_name(const struct cdma_device *dev); /* borrowed */
struct cdma_world *cdma_device_world(const struct cdma_device *dev);

/* Devices by id, for reports.  NULL when there is none of this id. */
struct cdma_device *cdma_device_find(const struct cdma_world *world,
				     cdma_device_id id);

/* How the acting actor sees the device (Device<Normal>, <Bound>, <Core>). */
enum cdma_device_ctx {
	CDMA_CTX_NORMAL, /* not bound */
	CDMA_CTX_BOUND,
	CDMA_CTX_CORE, /* bound, and inside a callback of the driver core */
};

enum cdma_device_ctx cdma_device_ctx(const struct cdma_device *dev);

/* A driver, for those who have it as C functions.  Any may be NULL. */
struct cdma_driver_ops {
	/* Returns 0 or -errno.  May set *drvdata. */
	int (*probe)(struct cdma_device *dev, void *arg, void **drvdata);
	/* Last chance to stop the device. */
	void (*unbind)(struct cdma_device *dev, void *drvdata);
	/* After unbind: release what the driver holds. */
	void (*drop)(void *drvdata);
};

/*
 * Bind: call ops->probe in Core context.
 *
 * @dev: not bound.
 * @ops: borrowed until unbind; NULL: a driver that does nothing.
 * @arg: passed to probe.
 *
 * Errors: what probe returned; the device is not bound then, and has no
 *         resources.
 * Emits:  BIND, before probe; UNBIND when it failed.
 */
int cdma_device_bind_at(struct cdma_device *dev,
			const struct cdma_driver_ops *ops, void *arg,
			const struct cdma_site *site);
#define cdma_device_bind(...) cdma_device_bind_at(__VA_ARGS__, CDMA_HERE)

/*
 * Unbind: ops->unbind in Core context, then ops->drop, then the resources go
 * (devres.h), then the mappings.
 *
 * Reports `outlives_unbind` for each allocation that is still live.
 *
 * @dev: bound.
 * Emits: UNBIND.
 */
void cdma_device_unbind_at(struct cdma_device *dev,
			   const struct cdma_site *site);
#define cdma_device_unbind(dev) cdma_device_unbind_at(dev, CDMA_HERE)

/*
 * The same in halves, for a driver that is not made of C functions.  Between
 * begin and end the acting actor of the begin is in Core context.  Resources
 * are the caller's to release: cdma_devres_release_all().
 *
 * @err: 0, or why the probe failed: nothing is reported then, what is still
 *       live is a leak.
 */
void cdma_device_probe_begin_at(struct cdma_device *dev,
				const struct cdma_site *site);
#define cdma_device_probe_begin(dev) cdma_device_probe_begin_at(dev, CDMA_HERE)
void cdma_device_probe_end_at(struct cdma_device *dev, int err,
			      const struct cdma_site *site);
#define cdma_device_probe_end(...)                                             \
	cdma_device_probe_end_at(__VA_ARGS__, CDMA_HERE)
void cdma_device_unbind_begin_at(struct cdma_device *dev,
				 const struct cdma_site *site);
#define cdma_device_unbind_begin(dev)                                          \
	cdma_device_unbind_begin_at(dev, CDMA_HERE)
void cdma_device_unbind_end_at(struct cdma_device *dev,
			       const struct cdma_site *site);
#define cdma_device_unbind_end(dev) cdma_device_unbind_end_at(dev, CDMA_HERE)

/*
 * Set the streaming mask, the coherent one, or both.
 *
 * Outside a probe or unbind callback: `wrong_context`, and goes on.
 *
 * Errors: -EIO  the device has no mask pointer (not for the coherent one).
 *         -EIO  the mask has less than min_mask_bits, or more than
 *               max_mask_bits; nothing changed.
 *         any   a fault was planned at "set_mask", "set_coherent_mask".
 * When both are set and the coherent one fails, that is ignored, as upstream.
 * Emits: MASK twice, for the begin and the end.
 */
int cdma_set_mask_at(struct cdma_device *dev, struct cdma_mask mask,
		     const struct cdma_site *site);
#define cdma_set_mask(...) cdma_set_mask_at(__VA_ARGS__, CDMA_HERE)
int cdma_set_coherent_mask_at(struct cdma_device *dev, struct cdma_mask mask,
			      const struct cdma_site *site);
#define cdma_set_coherent_mask(...)                                            \
	cdma_set_coherent_mask_at(__VA_ARGS__, CDMA_HERE)
int cdma_set_mask_and_coherent_at(struct cdma_device *dev,
				  struct cdma_mask mask,
				  const struct cdma_site *site);
#define cdma_set_mask_and_coherent(...)                                        \
	cdma_set_mask_and_coherent_at(__VA_ARGS__, CDMA_HERE)

/* Set the greatest length of a segment; silently nothing with no_parms.
 * Emits: MASK twice. */
void cdma_set_max_seg_size_at(struct cdma_device *dev, uint32_t size,
			      const struct cdma_site *site);
#define cdma_set_max_seg_size(...)                                             \
	cdma_set_max_seg_size_at(__VA_ARGS__, CDMA_HERE)

/* Set the mask of the boundary that no segment of a list may cross: 0xffff, of
 * multiples of 64 KiB.  Silently nothing with no_parms.  Emits: MASK twice. */
void cdma_set_seg_boundary_at(struct cdma_device *dev, uint64_t mask,
			      const struct cdma_site *site);
#define cdma_set_seg_boundary(...)                                             \
	cdma_set_seg_boundary_at(__VA_ARGS__, CDMA_HERE)

/* Which setter a half belongs to. */
enum cdma_mask_kind {
	CDMA_MASK_STREAMING,
	CDMA_MASK_COHERENT,
	CDMA_MASK_BOTH,
	CDMA_MASK_SEG_SIZE, /* value: the size */
	CDMA_MASK_SEG_BOUNDARY,
};

/*
 * A setter in halves.  The end belongs to the actor that made the begin; one
 * setter of a device at a time.
 *
 * mask_race: another actor allocates for @dev between begin and end, or is
 * between cdma_alloc_begin() and its allocation at the begin.
 */
void cdma_set_mask_begin_at(struct cdma_device *dev, enum cdma_mask_kind kind,
			    uint64_t value, const struct cdma_site *site);
#define cdma_set_mask_begin(...) cdma_set_mask_begin_at(__VA_ARGS__, CDMA_HERE)
int cdma_set_mask_end_at(struct cdma_device *dev, const struct cdma_site *site);
#define cdma_set_mask_end(dev) cdma_set_mask_end_at(dev, CDMA_HERE)

/*
 * The first half of an allocation for @dev by the acting actor; the next
 * allocating call of that actor, whatever it returns, is the second.
 *
 * Emits: NOTE.
 */
void cdma_alloc_begin_at(struct cdma_device *dev, const struct cdma_site *site);
#define cdma_alloc_begin(dev) cdma_alloc_begin_at(dev, CDMA_HERE)

struct cdma_mask cdma_device_mask(const struct cdma_device *dev);
struct cdma_mask cdma_device_coherent_mask(const struct cdma_device *dev);
uint32_t cdma_device_max_seg_size(const struct cdma_device *dev);
uint64_t cdma_device_seg_boundary(const struct cdma_device *dev);

/*
 * pci::Device::enable_device_mem, and set_master or its opposite.  Outside a
 * probe or unbind callback: `wrong_context`, and goes on.
 *
 * Errors: any  a fault was planned at "enable_device".
 */
int cdma_device_enable_at(struct cdma_device *dev,
			  const struct cdma_site *site);
#define cdma_device_enable(dev) cdma_device_enable_at(dev, CDMA_HERE)

/*
 * pcim_iomap_regions: where it fails the driver has no registers to access,
 * which is for the caller to keep.
 *
 * Errors: -ENOMEM  a fault was planned at "iomap".
 * Emits: EXPOSE for each file of registers that was unmapped.
 */
int cdma_device_iomap_at(struct cdma_device *dev, const struct cdma_site *site);
#define cdma_device_iomap(dev) cdma_device_iomap_at(dev, CDMA_HERE)

/*
 * iounmap: no CPU reaches the registers any more; an access is `cpu_uaf'
 * (MMIO-2), and reads poison.  They are mapped at first, and by
 * cdma_device_iomap() again.
 *
 * Findings: double_free, when they are not mapped.
 * Emits: FREE for each file of registers.
 */
void cdma_device_iounmap_at(struct cdma_device *dev,
			    const struct cdma_site *site);
#define cdma_device_iounmap(dev) cdma_device_iounmap_at(dev, CDMA_HERE)
void cdma_device_set_master_at(struct cdma_device *dev, bool on,
			       const struct cdma_site *site);
#define cdma_device_set_master(...)                                            \
	cdma_device_set_master_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_DEVICE_H */
