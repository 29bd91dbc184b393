/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_SHADOW_H
#define CDMA_ORDER_SHADOW_H

/*
 * Shadow: what was done to each byte, as far as it may still matter.
 *
 * Memory is shadowed in granules of eight bytes.  The cell of a granule has a
 * column for each lane that touched it, and a column two lists, newest first:
 * stores and reads.  The last access alone would not do: a store that nobody
 * has been told of is no finding, while the one before it, which was published,
 * may be.
 *
 * A read adds nothing that an earlier read of the same bytes did not unless its
 * actor has stored, and so may have published, something in between; so a read
 * replaces the one before it in the same *segment*, and a poll that turns a
 * thousand times leaves one record.  One whose value nobody gets is never held
 * against anybody, and replaces the one before it always.
 *
 * A list may become as long as the run, and most of it may be of other bytes
 * than those of an access.  So each record knows a way to one far behind it,
 * and which bytes are touched on the way: cdma_record_at() gets by in a number
 * of looks that grows with the logarithm of the length.
 *
 * Lifetime: records live in the arena of the run and are given out as borrowed
 * pointers; a reset of the shadow goes with a reset of the arena.
 */

#include "base/arena.h"
#include "base/vec.h"
#include "order/belief.h"
#include "order/clock.h"

#include <cdma/event.h>
#include <cdma/finding.h>

/* What a store tells those who read it: everything in base, and the writer's
 * own lane up to two epochs, kept apart so that a row of stores shares one
 * base. */
struct cdma_message {
	const struct cdma_clock *base; /* NULL: nothing */
	uint32_t own_writes, own_reads;
};

/* A store that a read saw.  One read may see several, byte by byte. */
struct cdma_saw {
	const struct cdma_record *store; /* NULL: nobody ever wrote here */
	const struct cdma_saw *next;
};

/*
 * What comes before an access: others' accesses, single own reads, and all own
 * reads up to a number, which depends on whom it is towards: smp_rmb() orders
 * nothing that a device could see.
 */
struct cdma_past {
	const struct cdma_clock *clock; /* NULL: nothing */
	uint32_t own[2];                /* towards a CPU, and a device */
	bool of_device; /* some of it by a device's store or a register */
};

/* One access. */
struct cdma_record {
	struct cdma_record *older;       /* in the list of its column */
	struct cdma_record *older_store; /* in coherence order, all lanes */
	struct cdma_record *jump;        /* in the list, past several */
	uint64_t seq, op;
	uint64_t op_offset, op_size, value;
	const struct cdma_site *site; /* borrowed */
	uint32_t ctx, object, flags;
	uint32_t segment;    /* how often its actor had published */
	struct cdma_dot dot; /* lane, epoch, side and place */
	cdma_actor_id actor;
	uint8_t kind, how;
	uint8_t mask; /* which bytes of the granule */
	uint8_t span; /* which bytes those before jump touch, with this one */
	uint8_t branched; /* of a read: bytes that a condition looked at */
	bool stale;       /* of a read: it saw what saw says, not the newest */
	bool replaced;    /* of a read: another stands for it in the list */
	bool of_device;  /* of a read: its address is, as in struct cdma_past */
	bool by_address; /* of a read: its address was computed from others */
	bool modifies;   /* of a store: what its actor read one epoch before */
	bool raced;      /* of a read: with a store that it saw */
	bool told;       /* of a read: its taint was */
	uint32_t length; /* how many records jump gets past, with this one */
	/* The read that its value comes from, of what a device may have made
	 * up; or NULL. */
	const struct cdma_record *taint;
	union {
		struct {
			struct cdma_message to_cpu, to_device;
			/* Tells of the reads in two more: what the
			 * actor's writes came after, and what this one
			 * does beside. */
			const struct cdma_clock *behind, *after;
			/* Of after, what it was computed from; or NULL. */
			const struct cdma_past *from;
			/* The writer's, but for itself. */
			const struct cdma_belief *belief;
			/* Two clocks: what had landed before it, by kind of
			 * reader.  Set in weak memory only, see landed.c. */
			struct cdma_clock **landed;
		}; /* of a store */
		struct {
			struct cdma_saw saw;
			/* Of a register read: what it pushed, or NULL. */
			const struct cdma_clock *pushed;
			/* What the read comes after, and up to which read of
			 * its own actor, towards a CPU and a device.  Of a
			 * device's kept when it is made in pieces. */
			const struct cdma_clock *before;
			uint32_t own_before[2];
			/* And what it comes after because of what it saw; or
			 * NULL.  See overtaken.c. */
			const struct cdma_past *overtaken;
			/* Two clocks: the floor of its actor then.  Set in
			 * weak memory only, see landed.c. */
			struct cdma_clock **floor;
			/* The actor's read of the same bytes before. */
			const struct cdma_record *previous;
			/* The store that this and an earlier read saw in
			 * part, or NULL. */
			const struct cdma_record *torn_by;
			/* Of the first piece of an access: pieces of it that a
			 * condition looked at; see parts.c. */
			struct cdma_looked *looked;
		}; /* of a read */
	};
};

struct cdma_column {
	struct cdma_column *next;
	struct cdma_record *stores, *reads;
	uint16_t lane;
	cdma_actor_id actor;
};

/*
 * Bytes that went from a CPU to a device, or back: a map, an unmap, a sync.
 * What had come to an end for the actor of it by then is over for the other
 * side; for all engines of the device, and for a CPU that comes after it.
 */
struct cdma_handover {
	struct cdma_handover *older;
	struct cdma_record as; /* as if its actor had stored there */
	const struct cdma_clock *over;
	cdma_device_id device;
	bool to_device;
};

struct cdma_cell {
	uint64_t key;        /* region and granule */
	uint32_t generation; /* of the shadow, when it was made */
	bool odd;            /* an access to it was, see cdma_order_is_odd() */
	struct cdma_column *columns;     /* in order of first touch */
	struct cdma_record *newest;      /* store, over all lanes */
	struct cdma_handover *handovers; /* newest first */
};

/* A cell by its key, and the one of the same region that was made before it:
 * its number from 1, or 0. */
struct cdma_made {
	uint64_t key;
	uint32_t before;
};

struct cdma_shadow {
	struct cdma_arena *arena; /* borrowed */
	struct cdma_cell *cells;  /* owned; open addressing, a power of two */
	uint32_t room, used;
	uint32_t generation;
	CDMA_VEC(struct cdma_cell) marked;
	CDMA_VEC(struct cdma_made) made; /* all cells, in that order */
	CDMA_VEC(uint32_t) last_made;    /* by region: as before above */
};

void cdma_shadow_init(struct cdma_shadow *shadow, struct cdma_arena *arena);
void cdma_shadow_fini(struct cdma_shadow *shadow);

/* Forget every cell.  The caller resets the arena. */
void cdma_shadow_reset(struct cdma_shadow *shadow);

/* Remember all cells; go back to them.  The caller does it for the arena. */
void cdma_shadow_mark(struct cdma_shadow *shadow);
void cdma_shadow_rewind(struct cdma_shadow *shadow);

/* The cell of @granule of @region, made when it is not there.  Valid until the
 * next call. */
struct cdma_cell *cdma_shadow_cell(struct cdma_shadow *shadow, uint32_t region,
				   uint64_t granule);

/* The cell, or NULL when nothing was ever done there. */
struct cdma_cell *cdma_shadow_find(const struct cdma_shadow *shadow,
				   uint32_t region, uint64_t granule);

/* Call @fn with each cell of @region; with each there is when that is 0.  It
 * makes no cells. */
void cdma_shadow_each(struct cdma_shadow *shadow, uint32_t region,
		      void (*fn)(void *aux, struct cdma_cell *cell), void *aux);

/* The same with those of its bytes @first up to @end, which may be any numbers:
 * what is not there costs nothing. */
void cdma_shadow_each_in(struct cdma_shadow *shadow, uint32_t region,
			 uint64_t first, uint64_t end,
			 void (*fn)(void *aux, struct cdma_cell *cell),
			 void *aux);

/* Where in its region the first byte of @cell is. */
static inline uint64_t cdma_cell_offset(const struct cdma_cell *cell)
{
	return (cell->key & (((uint64_t)1 << CDMA_GRANULE_BITS) - 1)) << 3;
}

/* The column of @lane, made when it is not there. */
struct cdma_column *cdma_cell_column(struct cdma_shadow *shadow,
				     struct cdma_cell *cell, uint16_t lane,
				     cdma_actor_id actor);

/* The same, or NULL. */
struct cdma_column *cdma_cell_find(const struct cdma_cell *cell, uint16_t lane);

/* Add a new record of a store of the bytes @mask to @column and to the
 * coherence order of @cell. */
struct cdma_record *cdma_shadow_store(struct cdma_shadow *shadow,
				      struct cdma_cell *cell,
				      struct cdma_column *column, uint8_t mask);

/* Add a record of the read @ev of the bytes @mask to @column.  What it replaces
 * leaves the list, and can still be reached as previous. */
struct cdma_record *cdma_shadow_read(struct cdma_shadow *shadow,
				     struct cdma_column *column,
				     const struct cdma_event *ev, uint8_t mask,
				     uint32_t segment);

/* The first record of a list from @record on that touches any of the bytes
 * @mask, or NULL. */
static inline const struct cdma_record *
cdma_record_at(const struct cdma_record *record, uint8_t mask)
{
	while (record && !(record->mask & mask))
		record = record->span & mask ? record->older : record->jump;
	return record;
}

/* Fill in what every record has. */
void cdma_record_fill(struct cdma_record *record, const struct cdma_event *ev);

/* The record as a side of a finding. */
struct cdma_party cdma_record_party(const struct cdma_record *record);

#endif /* CDMA_ORDER_SHADOW_H */
