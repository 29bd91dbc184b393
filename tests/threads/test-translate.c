/* SPDX-License-Identifier: MIT */
/*
 * Devices that look addresses up without a lock, while drivers allocate, free,
 * map, unmap and unbind.
 *
 * Eight threads.  Half of them are drivers, each with a device of its own, in
 * the world one at a time; half are engines, which look up whatever address
 * anybody has ever given, before they make an access there.  What is found must
 * be what the address meant when it was given, alive or dead; a stale one is a
 * finding.  The sanitizers see the rest: memory that is used after it was
 * given back, and what is not ordered.
 */
#include "../unit/unit.h"

#include <cdma/cdma.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/rng.h"
#include "model/access.h"
#include "model/iova-index.h"

#define GFP     CDMA_GFP_KERNEL
#define DRIVERS 4
#define ENGINES 4
#define TURNS   UNIT_SHARE(800)
#define BOARD   64

/* The first device has addresses below it, and so few that they are used again:
 * there a stale one may lead to what is new. */
#define SCARCE (1u << 15)

/* An address that somebody gave, and what for.  Word by word: a reader may see
 * those of two, and then leaves it. */
struct given {
	_Atomic(cdma_addr_t) addr;
	atomic_uint region;
	atomic_uint turn; /* odd while it is being written */
};

struct stress {
	struct cdma_world *world;
	pthread_mutex_t lock; /* of the world */
	struct given board[BOARD];
	atomic_uint drivers_left;
};

struct worker {
	struct stress *stress;
	unsigned int number;
	struct cdma_actor *actor;
	struct cdma_device *dev;
	struct cdma_rng rng;
	pthread_t id;
};

static void give(struct worker *w, cdma_addr_t addr, cdma_region_id region)
{
	struct given *g = &w->stress->board[cdma_rng_below(&w->rng, BOARD)];

	atomic_fetch_add(&g->turn, 1);
	atomic_store(&g->addr, addr);
	atomic_store(&g->region, region);
	atomic_fetch_add(&g->turn, 1);
}

/* ---- drivers ---- */

/* Map some memory of the kernel, and undo that. */
static void map_and_unmap(struct worker *w)
{
	struct cdma_view mem;
	cdma_addr_t addr;

	if (cdma_kmalloc(w->stress->world, 1, 256, GFP, &mem))
		return;
	addr = cdma_dma_map_single(w->dev, mem, CDMA_BIDIRECTIONAL);
	if (!cdma_dma_mapping_error(w->dev, addr)) {
		give(w, addr, cdma_view_region(mem));
		cdma_dma_unmap_single(w->dev, addr, 256, CDMA_BIDIRECTIONAL);
	}
	cdma_kfree(mem);
}

static void alloc_and_free(struct worker *w, size_t size)
{
	struct cdma_coherent *mem;

	if (cdma_dma_alloc_coherent(w->dev, 1, size, GFP, 0, &mem))
		return;
	give(w, cdma_coherent_dma_handle(mem), cdma_coherent_region(mem));
	cdma_coherent_free(&mem);
}

static void rebind(struct worker *w)
{
	cdma_device_unbind(w->dev);
	cdma_device_bind(w->dev, NULL, NULL);
}

static void *drive(void *aux)
{
	struct worker *w = aux;
	struct stress *s = w->stress;

	for (unsigned int i = 0; i < TURNS; i++) {
		uint32_t what = cdma_rng_below(&w->rng, 16);

		pthread_mutex_lock(&s->lock);
		cdma_world_enter(s->world, w->actor);
		if (what == 0)
			rebind(w);
		else if (what < 8)
			map_and_unmap(w);
		else
			alloc_and_free(w, 512u * what);
		pthread_mutex_unlock(&s->lock);
	}
	atomic_fetch_sub(&s->drivers_left, 1);
	return NULL;
}

/* ---- engines ---- */

/* Take something from the board, if nobody is writing there. */
static bool take(struct worker *w, cdma_addr_t *addr, cdma_region_id *region)
{
	struct given *g = &w->stress->board[cdma_rng_below(&w->rng, BOARD)];
	unsigned int turn = atomic_load(&g->turn);

	*addr = atomic_load(&g->addr);
	*region = atomic_load(&g->region);
	return *addr && turn % 2 == 0 && atomic_load(&g->turn) == turn;
}

/* In the world, whatever was looked up before makes no difference. */
static void use(struct worker *w, cdma_addr_t addr)
{
	struct cdma_iova *iova = &w->stress->world->iova;
	struct cdma_target ahead = cdma_engine_target(w->actor, addr);
	struct cdma_target now = cdma_iova_target(iova, addr);
	unsigned char byte;

	ck_assert_ptr_eq(ahead.region, now.region);
	ck_assert_ptr_eq(ahead.mapping, now.mapping);
	ck_assert_uint_eq(ahead.offset, now.offset);
	cdma_engine_read(w->actor, addr, &byte, 1);
}

static void *look_up(void *aux)
{
	struct worker *w = aux;
	struct stress *s = w->stress;
	cdma_region_id region, found;
	cdma_addr_t addr;

	while (atomic_load(&s->drivers_left)) {
		if (!take(w, &addr, &region)) {
			sched_yield();
			continue;
		}
		for (int i = 0; i < 8; i++) {
			found = cdma_engine_translate(w->actor, addr);
			if (addr >= SCARCE)
				ck_assert_uint_eq(found, region);
		}
		pthread_mutex_lock(&s->lock);
		use(w, addr);
		pthread_mutex_unlock(&s->lock);
	}
	return NULL;
}

/* ---- all of it ---- */

static void make_worker(struct stress *s, struct worker *w, unsigned int i)
{
	struct cdma_device_config config = {
		.mask_bits = i ? 64 : 15,
		.min_mask_bits = 15,
		/* In between those of others, too. */
		.iova_base = i ? (uint64_t)(ENGINES + DRIVERS - i) << 32 : 0,
	};
	char name[] = "a";

	name[0] = (char)(name[0] + i);
	*w = (struct worker){.stress = s, .number = i};
	w->rng = cdma_rng_case(5, i);
	w->dev = cdma_device_new(s->world, &config, name);
	cdma_device_bind(w->dev, NULL, NULL);
	w->actor = i < DRIVERS ? cdma_actor_new(s->world, CDMA_CPU, name)
			       : cdma_engine_new(w->dev, name);
	cdma_actor_start(w->actor);
}

START_TEST(without_a_lock)
{
	struct cdma_findings *findings = cdma_findings_new();
	struct stress s = {.world = cdma_world_new(NULL),
			   .drivers_left = DRIVERS};
	struct worker workers[DRIVERS + ENGINES];

	pthread_mutex_init(&s.lock, NULL);
	cdma_world_set_sink(s.world, cdma_findings_sink(findings));
	for (unsigned int i = 0; i < DRIVERS + ENGINES; i++)
		make_worker(&s, &workers[i], i);
	cdma_world_share(s.world, true);
	for (unsigned int i = 0; i < DRIVERS + ENGINES; i++)
		pthread_create(&workers[i].id, NULL,
			       i < DRIVERS ? drive : look_up, &workers[i]);
	for (unsigned int i = 0; i < DRIVERS + ENGINES; i++)
		pthread_join(workers[i].id, NULL);
	/* Rows were replaced under the readers, in whatever order drivers
	 * came: where addresses are scarce each takes the place of another. */
	ck_assert_uint_gt(cdma_iova_index_retired(s.world->iova.index), 20);
	cdma_world_share(s.world, false);
	cdma_world_free(s.world);
	cdma_findings_free(findings);
	pthread_mutex_destroy(&s.lock);
}
END_TEST

struct bench {
	struct cdma_world *world;
	struct cdma_findings *findings;
	struct cdma_device *dev;
	struct cdma_actor *engine;
};

static void bench_init(struct bench *b, unsigned int mask_bits)
{
	const struct cdma_device_config config = {
		.mask_bits = mask_bits,
		.min_mask_bits = 14,
	};

	b->world = cdma_world_new(NULL);
	b->findings = cdma_findings_new();
	cdma_world_set_sink(b->world, cdma_findings_sink(b->findings));
	b->dev = cdma_device_new(b->world, &config, "nic");
	cdma_device_bind(b->dev, NULL, NULL);
	b->engine = cdma_engine_new(b->dev, "dma");
	cdma_actor_start(b->engine);
}

static void bench_fini(struct bench *b)
{
	cdma_world_share(b->world, false);
	cdma_world_free(b->world);
	cdma_findings_free(b->findings);
}

/* What was freed between the look and the access is still what the address
 * means: the access is a finding. */
START_TEST(stale_is_found)
{
	struct cdma_coherent *mem;
	cdma_region_id region;
	struct bench b;
	cdma_addr_t addr;
	uint64_t word = 0;

	bench_init(&b, 32);
	cdma_world_share(b.world, true);
	cdma_dma_alloc_coherent(b.dev, 8, 1, GFP, 0, &mem);
	addr = cdma_coherent_dma_handle(mem);
	region = cdma_coherent_region(mem);
	ck_assert_uint_eq(cdma_engine_translate(b.engine, addr), region);
	cdma_coherent_free(&mem);
	ck_assert_uint_eq(cdma_engine_translate(b.engine, addr), region);
	ck_assert_int_eq(cdma_engine_write(b.engine, addr, &word, 8), -EFAULT);
	ck_assert_uint_eq(cdma_findings_nr(b.findings), 1);
	ck_assert_int_eq(cdma_findings_at(b.findings, 0)->id,
			 CDMA_FINDING_DEVICE_UAF);
	ck_assert_uint_eq(cdma_engine_translate(b.engine, 8), 0);
	bench_fini(&b);
}
END_TEST

/* Where addresses are scarce the place of what was looked up may have been
 * given to others meanwhile: then it is looked up again. */
START_TEST(gone_is_looked_up_again)
{
	struct cdma_coherent *mem;
	struct bench b;
	cdma_addr_t addr;
	uint64_t word = 1;

	bench_init(&b, 14);
	cdma_world_share(b.world, true);
	cdma_dma_alloc_coherent(b.dev, 4096, 3, GFP, 0, &mem);
	addr = cdma_coherent_dma_handle(mem);
	ck_assert_uint_eq(cdma_engine_translate(b.engine, addr), 1);
	cdma_coherent_free(&mem);
	cdma_dma_alloc_coherent(b.dev, 4096, 3, GFP, 0, &mem);
	ck_assert_uint_eq(cdma_coherent_dma_handle(mem), addr);
	ck_assert_int_eq(cdma_engine_write(b.engine, addr, &word, 8), 0);
	ck_assert_uint_eq(cdma_findings_nr(b.findings), 0);
	ck_assert_uint_eq(cdma_engine_translate(b.engine, addr), 2);
	/* Nor does it hold when the world was not shared in between. */
	cdma_world_share(b.world, false);
	cdma_coherent_free(&mem);
	cdma_dma_alloc_coherent(b.dev, 4096, 3, GFP, 0, &mem);
	cdma_world_share(b.world, true);
	ck_assert_int_eq(cdma_engine_write(b.engine, addr, &word, 8), 0);
	ck_assert_uint_eq(cdma_findings_nr(b.findings), 0);
	cdma_coherent_free(&mem);
	bench_fini(&b);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("translate");

	unit_add(suite, stale_is_found);
	unit_add(suite, gone_is_looked_up_again);
	unit_add(suite, without_a_lock);
	return suite;
}
