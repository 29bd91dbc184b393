/* SPDX-License-Identifier: MIT */
#include "model/step.h"

#include "model/region.h"
#include "model/value.h"

void cdma_world_set_stepper(struct cdma_world *world,
			    struct cdma_stepper stepper)
{
	CDMA_REQUIRE(!stepper.step || stepper.assumed);
	world->stepper = stepper;
}

/* What was set for the call stays with it, whoever comes first. */
enum cdma_stepping cdma_step_take(struct cdma_world *world,
				  const struct cdma_step *step)
{
	const struct cdma_stepper *by = &world->stepper;
	struct cdma_ambient ambient = world->ambient;
	const char *name = world->name;
	enum cdma_stepping how;

	world->ambient = (struct cdma_ambient){0};
	world->name = NULL;
	how = by->step(by->aux, step);
	CDMA_REQUIRE(how != CDMA_STEP_PEEK || step->looks,
		     "a condition only looks");
	world->name = name;
	if (how == CDMA_STEP_PEEK)
		return how;
	world->ambient = ambient;
	if (how == CDMA_STEP_POLL)
		world->ambient.flags |= CDMA_EVF_POLL;
	return how;
}

uint64_t cdma_step_peek(const struct cdma_world *world,
			const struct cdma_region *region, uint64_t offset,
			size_t size)
{
	const struct cdma_assumed *assumed = world->stepper.assumed;
	unsigned char bytes[8] = {0};

	if (assumed->size == size && assumed->offset == offset &&
	    assumed->region == region->id)
		return assumed->value;
	cdma_region_peek(world, region->id, offset, bytes, size);
	return cdma_value_get(bytes, (unsigned int)size);
}
