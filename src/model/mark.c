/* SPDX-License-Identifier: MIT */
#include "model/region.h"
#include "model/world.h"

#include <stddef.h>
#include <string.h>

/*
 * The objects of a run are in one arena, so going back puts their bytes back.
 * What regions hold is kept apart: their blocks are taken from a pool.
 */

static void mark_block(struct cdma_world *world, struct cdma_region *region)
{
	const struct cdma_block *block = region->block;

	for (size_t i = 0; block && i < block->touched.nr; i++) {
		struct cdma_world_chunk *chunk =
			cdma_vec_push(&world->mark.chunks);
		size_t nr = block->touched.at[i];

		chunk->region = region;
		chunk->nr = nr;
		memcpy(chunk->bytes, block->bytes + nr * CDMA_CHUNK,
		       sizeof(chunk->bytes));
		memcpy(chunk->init, block->init + nr * CDMA_CHUNK / 8,
		       sizeof(chunk->init));
	}
}

void cdma_world_mark(struct cdma_world *world)
{
	struct cdma_image *image = &world->mark.image;

	cdma_image_clear(image);
	world->mark.chunks.nr = 0;
	for (size_t i = 0; i < world->regions.nr; i++) {
		CDMA_REQUIRE(!world->regions.at[i]->escaped);
		mark_block(world, world->regions.at[i]);
	}
	cdma_arena_mark(&world->arena, image);
	cdma_image_add(image, &world->stream.seq, sizeof(world->stream.seq));
	cdma_image_add(image, &world->actor,
		       offsetof(struct cdma_world, iova) -
			       offsetof(struct cdma_world, actor));
	cdma_iova_mark(&world->iova, image);
	cdma_deps_mark(world->deps, image);
	cdma_faults_mark(world->faults, image);
	cdma_image_add(image, &world->actors.nr, sizeof(world->actors.nr));
	cdma_image_add(image, &world->devices.nr, sizeof(world->devices.nr));
	cdma_image_add(image, &world->regions.nr, sizeof(world->regions.nr));
	cdma_image_add(image, &world->objects.nr, sizeof(world->objects.nr));
}

static void fill_blocks(struct cdma_world *world)
{
	for (size_t i = 0; i < world->regions.nr; i++) {
		struct cdma_region *region = world->regions.at[i];

		if (region->block)
			region->block = cdma_block_get(
				&world->blocks, region->size, !region->zeroed);
	}
	for (size_t i = 0; i < world->mark.chunks.nr; i++) {
		const struct cdma_world_chunk *chunk =
			&world->mark.chunks.at[i];
		struct cdma_block *block = chunk->region->block;

		cdma_block_touch(block, chunk->nr);
		memcpy(block->bytes + chunk->nr * CDMA_CHUNK, chunk->bytes,
		       sizeof(chunk->bytes));
		memcpy(block->init + chunk->nr * CDMA_CHUNK / 8, chunk->init,
		       sizeof(chunk->init));
		for (size_t j = 0; j < sizeof(chunk->init); j++)
			block->mixed |= !block->poisoned && chunk->init[j];
	}
}

void cdma_world_rewind(struct cdma_world *world)
{
	cdma_world_put_blocks(world);
	cdma_image_restore(&world->mark.image);
	fill_blocks(world);
}
