/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BULK_H
#define CDMA_BULK_H

/*
 * Bulk: an access that is made of pieces, one piece at a time.
 *
 * A scheduler lets other actors act between the pieces of a copy: that is how
 * a copy tears.  The calls that copy at once are loops over this one.
 *
 *	struct cdma_bulk bulk;
 *
 *	cdma_bulk_read_begin(&bulk, view, CDMA_BULK, buf);
 *	while (cdma_bulk_step(&bulk))
 *		let_others_act();
 *	err = cdma_bulk_end(&bulk);
 *
 * Pieces are cut at multiples of eight bytes of the region and where it ends.
 * Each piece is
 * checked when it is made: a region that was freed after the first is a
 * finding at the second.  One op reports each kind of finding once.
 *
 * The actor that begins it makes all of it, whoever acts in the world by then.
 * What was set for the next access (world.h) belongs to the op that begins.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/dep.h>
#include <cdma/event.h>
#include <cdma/site.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_actor;
struct cdma_mapping;
struct cdma_window;
struct cdma_world;

/* In which order the halves of a device store come. */
enum cdma_split {
	CDMA_SPLIT_NONE,
	CDMA_SPLIT_LOW_FIRST,
	CDMA_SPLIT_HIGH_FIRST,
};

/* All members are private. */
struct cdma_bulk {
	struct cdma_event ev; /* of the next piece, as far as it is known */
	struct cdma_world *world;
	struct cdma_actor *actor;
	struct cdma_region *region;   /* NULL: an address that hits nothing */
	struct cdma_mapping *mapping; /* the same; NULL: all of region */
	struct cdma_window *window;   /* through which it is made, or NULL */
	unsigned char *buf;
	cdma_undef_t *undef;         /* one for each byte, or NULL */
	struct cdma_source *sources; /* the same */
	uint64_t limit;   /* of the region: where its bytes end for this op */
	size_t done;      /* bytes done */
	size_t split;     /* where the halves meet; 0: not split */
	cdma_addr_t iova; /* of the op, for a device */
	uint64_t said;    /* kinds of finding that were reported, as bits */
	uint32_t flags;   /* of all pieces */
	cdma_dep_t dep;   /* of what was read; of a write, of all pieces */
	bool faulty;      /* the plan is asked before its first piece */
	bool reacts;      /* a register may do something when it is touched */
	bool missed;      /* a piece did not reach memory */
	bool high_first;  /* of the halves */
	bool misaligned;  /* a typed access that is not aligned */
	bool stale;       /* through a box that had been consumed */
};

/*
 * Begin to read or write all of @view.
 *
 * @how: CDMA_PLAIN; CDMA_MARKED for a volatile access, which becomes
 *       CDMA_BULK when it is too large or not aligned; CDMA_BULK for memcpy.
 *       On registers all of these are CDMA_MMIO.
 * @dst, @src: of the view's size; borrowed until the end.
 */
void cdma_bulk_read_begin(struct cdma_bulk *bulk, struct cdma_view view,
			  enum cdma_access how, void *dst);
void cdma_bulk_write_begin(struct cdma_bulk *bulk, struct cdma_view view,
			   enum cdma_access how, const void *src);

/* The same by DMA address, by a device engine; see engine.h. */
void cdma_bulk_dma_read_begin(struct cdma_bulk *bulk, struct cdma_actor *engine,
			      cdma_addr_t addr, void *dst, size_t size);
void cdma_bulk_dma_write_begin(struct cdma_bulk *bulk,
			       struct cdma_actor *engine, cdma_addr_t addr,
			       const void *src, size_t size,
			       enum cdma_split split);

/*
 * Make one piece.  Returns whether more remain; false for an empty op, which
 * makes no event.
 *
 * Emits: READ or WRITE, unless nothing remained.
 */
bool cdma_bulk_step_at(struct cdma_bulk *bulk, const struct cdma_site *site);
#define cdma_bulk_step(bulk) cdma_bulk_step_at(bulk, CDMA_HERE)

/*
 * End the op; also before its last piece, if nobody wants the rest.
 *
 * Errors: -EFAULT  a piece did not reach memory.
 */
int cdma_bulk_end(struct cdma_bulk *bulk);

/* The reads that the bytes so far came from. */
static inline cdma_dep_t cdma_bulk_dep(const struct cdma_bulk *bulk)
{
	return bulk->dep;
}

#endif /* CDMA_BULK_H */
