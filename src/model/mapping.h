/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_MAPPING_H
#define CDMA_MODEL_MAPPING_H

/*
 * What a mapping is made of.
 *
 * It belongs to the device that owns it unless a span says otherwise.  A
 * mapping that was undone stays with its addresses, and, when its unmap took
 * nothing back (SKIP_CPU_SYNC), with its region.
 */

#include <cdma/mapping.h>

#include "model/span.h"

struct cdma_bounce;
struct cdma_bulk;
struct cdma_region;
struct cdma_world;

/* How the CPU owns bytes. */
enum cdma_owner {
	CDMA_OWNER_DEVICE,
	CDMA_OWNER_CPU,     /* the CPU has looked at most */
	CDMA_OWNER_DIRTY,   /* it has written */
	CDMA_OWNER_TOUCHED, /* it has looked, and the device wrote then */
};

struct cdma_mapping {
	struct cdma_device *dev;    /* borrowed */
	struct cdma_region *region; /* borrowed */
	uint64_t offset, size;      /* bytes of the region */
	cdma_addr_t iova;
	enum cdma_direction dir;
	enum cdma_map_kind kind;
	cdma_attrs_t attrs;
	/* Of a list: how many entries were mapped at once, and the segments. */
	unsigned int nents;
	struct cdma_mapping *next_segment;
	bool is_again; /* its list is mapped already, and that was reported */
	bool is_bounced;
	struct cdma_bounce *bounce; /* when it is bounced and mapped */
	bool checked;               /* somebody asked whether it failed */
	bool said; /* it was not unmapped, and that was reported */
	struct cdma_party map, unmap;     /* unmap.seq 0: it is mapped */
	struct cdma_party given;          /* what gave it to the device */
	const struct cdma_party *unbound; /* the unbind that it outlived */
	struct cdma_span *spans;          /* of enum cdma_owner */
	struct cdma_mapping *of_region;   /* the next one of the region */
	struct cdma_mapping *next, *prev; /* live ones of the device, by age */
};

static inline bool cdma_mapping_is_live(const struct cdma_mapping *m)
{
	return !m->unmap.seq;
}

/* Whether @size bytes of the region at @offset are all in it. */
static inline bool cdma_mapping_covers(const struct cdma_mapping *m,
				       uint64_t offset, uint64_t size)
{
	return offset >= m->offset && offset - m->offset < m->size &&
	       m->size - (offset - m->offset) >= size;
}

/* ---- mapping.c ---- */

/* One check of the list in mapping.h has failed for @ev.
 * @region, @against: may be NULL. */
void cdma_map_say(struct cdma_world *world, enum cdma_finding_id id,
		  struct cdma_event *ev, const struct cdma_region *region,
		  const struct cdma_party *against,
		  enum cdma_mapping_check check);

/* Whether @dir is a direction; a panic when not. */
bool cdma_map_has_direction(struct cdma_device *dev, enum cdma_direction dir,
			    const struct cdma_site *site);

/* What makes a map fail before anything is tried. */
bool cdma_map_is_refused(struct cdma_device *dev, uint64_t size,
			 enum cdma_direction dir, const struct cdma_site *site);

/* What is wrong with mapping @region; NONE: nothing. */
enum cdma_mapping_check cdma_map_check(const struct cdma_region *region);

/* It is mapped.  @check: what is wrong with it.  Emits: MAP. */
void cdma_mapping_announce(struct cdma_mapping *m,
			   enum cdma_mapping_check check,
			   const struct cdma_site *site);

/* What an unmap says; it may differ from what the map said. */
struct cdma_unmap {
	struct cdma_device *dev;
	cdma_addr_t addr;
	uint64_t size;
	enum cdma_map_kind kind;
	enum cdma_direction dir;
	cdma_attrs_t attrs;
	unsigned int nents;
	/* What the caller means to free; NULL: he does not say. */
	const struct cdma_region *cpu;
	uint64_t cpu_offset;
};

/* Undo @m, which is live, after saying what is wrong.  Emits: UNMAP. */
void cdma_mapping_undo(struct cdma_mapping *m, const struct cdma_unmap *u,
		       const struct cdma_site *site);

/* A sync, and what is wrong with it beside its direction. */
struct cdma_move {
	uint64_t offset, size; /* bytes of the region, inside the mapping */
	enum cdma_direction dir;
	bool for_cpu;
	enum cdma_mapping_check wrong;
};

/* Emits: SYNC_CPU or SYNC_DEVICE. */
void cdma_mapping_move(struct cdma_mapping *m, const struct cdma_move *to,
		       const struct cdma_site *site);

/* ---- stream.c ---- */

/* The mapping that @addr is in, live or not; NULL: none. */
struct cdma_mapping *cdma_mapping_find(const struct cdma_device *dev,
				       cdma_addr_t addr);

/* An unmap of @addr, or a sync, where nothing is mapped: it has no effect. */
void cdma_unmap_nothing(struct cdma_device *dev, cdma_addr_t addr,
			const struct cdma_site *site);
void cdma_sync_nothing(struct cdma_device *dev, cdma_addr_t addr,
		       const struct cdma_site *site);

/* What a map leaves as it is, since it is to move nothing. */
enum cdma_left {
	CDMA_LEFT_NOTHING,
	CDMA_LEFT_LENT,  /* to another device, which has all of it */
	CDMA_LEFT_DIRTY, /* what CPUs may have written */
};

/*
 * apart.c: whether the device must not use @m any more, since it was unmapped:
 * not where nothing lies between it and the memory; and whether it reaches the
 * memory all the same.
 */
bool cdma_mapping_is_over(const struct cdma_mapping *m);
bool cdma_mapping_lingers(const struct cdma_mapping *m);

/* What the call @by does on this machine to the bytes from @first to
 * before @end.  @dir: which it says. */
void cdma_apart_map(struct cdma_mapping *m, enum cdma_left left,
		    const struct cdma_party *by);
void cdma_apart_to_device(struct cdma_mapping *m, uint64_t first, uint64_t end,
			  enum cdma_direction dir, const struct cdma_party *by);
void cdma_apart_to_cpu(struct cdma_mapping *m, uint64_t first, uint64_t end,
		       enum cdma_direction dir, const struct cdma_party *by);

/*
 * Whether it does no harm there to what is still under way: what that may miss,
 * or loses, is known by who comes first.  An end of the addresses does.
 */
bool cdma_apart_is_idle(const struct cdma_mapping *m,
			enum cdma_event_kind kind);

/* owner.c: report what is wrong with the piece op->ev by who owns its bytes,
 * and remember what it does to them. */
void cdma_mapping_judge_cpu(struct cdma_bulk *op);
void cdma_mapping_judge_device(struct cdma_bulk *op);

/* Report those that are still live: the device is unbound, @unbind; the region
 * is freed by @ev; the run is over. */
void cdma_mappings_unbind(struct cdma_device *dev,
			  const struct cdma_party *unbind, bool report);
void cdma_mappings_free(struct cdma_region *region, struct cdma_event *ev);
void cdma_mappings_finish(struct cdma_device *dev);

#endif /* CDMA_MODEL_MAPPING_H */
