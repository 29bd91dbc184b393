/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_WORLD_H
#define CDMA_MODEL_WORLD_H

/*
 * What a world is made of, and how the model speaks: events and findings.
 *
 * A finding names the event that it is about before that event is shown to
 * anybody.  So an event is built first, then judged, then emitted:
 *
 *	struct cdma_event ev = cdma_event_new(world, CDMA_EV_FREE, site);
 *
 *	ev.object = region->id;
 *	if (wrong)
 *		cdma_report(world, CDMA_FINDING_..., &ev, region, against);
 *	cdma_world_emit(world, &ev);
 */

#include "base/arena.h"
#include "base/image.h"
#include "base/macros.h"
#include "base/vec.h"
#include "model/block.h"
#include "model/iova.h"

#include <cdma/fault.h>
#include <cdma/memory.h>
#include <cdma/step.h>
#include <cdma/world.h>

struct cdma_device;
struct cdma_handler;
struct cdma_pool;

/* What holds for the next access op. */
struct cdma_ambient {
	cdma_dep_t addr_dep, data_dep;
	uint32_t flags;
	cdma_undef_t *undef;         /* borrowed; NULL: nobody asks */
	struct cdma_source *sources; /* the same */
};

/* A chunk of the memory of a region, as it was at the mark. */
struct cdma_world_chunk {
	struct cdma_region *region;
	size_t nr;
	unsigned char bytes[CDMA_CHUNK], init[CDMA_CHUNK / 8];
};

/* See cdma_world_mark(). */
struct cdma_world_mark {
	struct cdma_image image;
	CDMA_VEC(struct cdma_world_chunk) chunks;
};

struct cdma_world {
	struct cdma_stream stream;
	struct cdma_finding_sink sink;
	struct cdma_config config;
	struct cdma_memory shows;    /* how memory shows itself to reads */
	struct cdma_stepper stepper; /* who lets actors take turns; step.h */

	/* The acting actor, and what is in its next events. */
	struct cdma_actor *actor;
	struct cdma_ambient ambient;
	cdma_dep_t last_dep;
	uint32_t ctx;
	const char *name; /* of the next thing; borrowed */

	struct cdma_pool *pools;       /* newest first */
	struct cdma_handler *handlers; /* the same */
	uint32_t nr_handlers;
	bool is_shut;    /* all memory is somebody else's */
	uint64_t memory; /* bytes that are allocated */
	uint64_t panics;

	struct cdma_iova iova;
	struct cdma_block_pool blocks;
	struct cdma_deps *deps;     /* owned */
	struct cdma_faults *faults; /* owned */
	const uint32_t *armed;      /* of it; see cdma_faults_armed() */
	struct cdma_arena arena;    /* all objects of the run */
	struct cdma_world_mark mark;

	/* By id, from 1: element 0 is that of id 1. */
	CDMA_VEC(struct cdma_actor *) actors;
	CDMA_VEC(struct cdma_device *) devices;
	CDMA_VEC(struct cdma_region *) regions;
	CDMA_VEC(const char *) objects; /* names of sync objects */
};

/* Give back the memory of all regions. */
void cdma_world_put_blocks(struct cdma_world *world);

/* pool.c: report those that were not destroyed. */
void cdma_pools_finish(struct cdma_world *world);

/* Memory of the run, zeroed; and a copy of @s, or NULL for NULL. */
void *cdma_world_zalloc(struct cdma_world *world, size_t size);
char *cdma_world_strdup(struct cdma_world *world, const char *s);

/* The next id of a sync object.  @name: stays. */
cdma_object_id cdma_world_object(struct cdma_world *world, const char *name);

/* The name that was set for the next thing, or NULL; it is used up. */
const char *cdma_world_take_name(struct cdma_world *world);

/* An event of the acting actor; of @actor. */
struct cdma_event cdma_event_new(const struct cdma_world *world,
				 enum cdma_event_kind kind,
				 const struct cdma_site *site);
struct cdma_event cdma_event_by(const struct cdma_world *world,
				const struct cdma_actor *actor,
				enum cdma_event_kind kind,
				const struct cdma_site *site);

/* Who adds a member sets it in cdma_event_by() and in cdma_op_begin(), which
 * do not clear the event: that would be half of their cost. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct cdma_event) == 112,
	       "a member of struct cdma_event is not set");

static inline void cdma_world_emit(struct cdma_world *world,
				   struct cdma_event *ev)
{
	cdma_emit(&world->stream, ev);
}

/* As much of @ev, which is emitted next, as a finding names. */
struct cdma_party cdma_party_next(const struct cdma_world *world,
				  const struct cdma_event *ev);

/* A finding about @ev, which is emitted next, and flags it as reported.
 * @region: may be NULL.  @against: may be NULL. */
struct cdma_finding cdma_finding_about(const struct cdma_world *world,
				       enum cdma_finding_id id,
				       struct cdma_event *ev,
				       const struct cdma_region *region,
				       const struct cdma_party *against);
void cdma_report(struct cdma_world *world, enum cdma_finding_id id,
		 struct cdma_event *ev, const struct cdma_region *region,
		 const struct cdma_party *against, const char *detail);

/* The same for what makes no event of its own.  Emits: NOTE. */
void cdma_report_note(struct cdma_world *world, enum cdma_finding_id id,
		      const struct cdma_region *region,
		      const struct cdma_party *against, const char *detail,
		      const struct cdma_site *site);

/* The modelled call would panic.  May not return. */
void cdma_panic(struct cdma_world *world, const char *detail,
		const struct cdma_site *site);

/* What asks the plan: writes of engines, interrupts, accesses of CPUs to
 * registers. */
#define CDMA_ARMED_WRITES                                                      \
	(CDMA_FAULT_BIT(DROP_WRITE) | CDMA_FAULT_BIT(REPEAT_WRITE) |           \
	 CDMA_FAULT_BIT(DELAY_WRITE) | CDMA_FAULT_BIT(REORDER_WRITE) |         \
	 CDMA_FAULT_BIT(TEAR_WRITE) | CDMA_FAULT_BIT(FLIP_WRITE) |             \
	 CDMA_FAULT_BIT(FORGE_WRITE) | CDMA_FAULT_BIT(STALE_WRITE) |           \
	 CDMA_FAULT_BIT(STRAY_WRITE) | CDMA_FAULT_BIT(TRUNCATE_WRITE))
#define CDMA_ARMED_IRQS (CDMA_FAULT_BIT(DROP_IRQ) | CDMA_FAULT_BIT(REPEAT_IRQ))
#define CDMA_ARMED_REGISTERS                                                   \
	(CDMA_FAULT_BIT(ONES_READL) | CDMA_FAULT_BIT(DROP_WRITEL))

/* Pass a fault site; @size as in cdma_fault_hit(); @quiet: its caller wants no
 * word of a failure.  Emits: FAULT when it fails. */
int cdma_world_fault(struct cdma_world *world, enum cdma_fault_site fault,
		     const char *name, uint64_t size, bool quiet,
		     const struct cdma_site *site);
void cdma_world_emit_fault(struct cdma_world *world, enum cdma_fault_site fault,
			   bool quiet, const struct cdma_site *site);

#endif /* CDMA_MODEL_WORLD_H */
