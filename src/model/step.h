/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_STEP_H
#define CDMA_MODEL_STEP_H

/*
 * Step: where a call lets others come first.
 *
 * Each call that makes a visible event begins with one of these, before it
 * looks at anything that others may change.
 */

#include "model/world.h"

/* Out of line: there is a stepper. */
enum cdma_stepping cdma_step_take(struct cdma_world *world,
				  const struct cdma_step *step);

static inline void cdma_step(struct cdma_world *world,
			     const struct cdma_site *site)
{
	if (__builtin_expect(world->stepper.step != NULL, 0))
		cdma_step_take(world, &(struct cdma_step){.site = site});
}

/* The same for one that can be done once @ready says so. */
static inline void cdma_step_until(struct cdma_world *world,
				   bool (*ready)(const void *arg),
				   const void *arg, cdma_object_id object,
				   const struct cdma_site *site)
{
	if (__builtin_expect(world->stepper.step != NULL, 0))
		cdma_step_take(world, &(struct cdma_step){.site = site,
							  .ready = ready,
							  .arg = arg,
							  .object = object});
}

/* For one that only reads.  True: do not even that; look without a trace. */
static inline bool cdma_step_look(struct cdma_world *world,
				  const struct cdma_site *site)
{
	if (__builtin_expect(world->stepper.step == NULL, 1))
		return false;
	return cdma_step_take(world, &(struct cdma_step){.site = site,
							 .looks = true}) ==
	       CDMA_STEP_PEEK;
}

/* The value at @offset of @region as a peek finds it. */
uint64_t cdma_step_peek(const struct cdma_world *world,
			const struct cdma_region *region, uint64_t offset,
			size_t size);

#endif /* CDMA_MODEL_STEP_H */
