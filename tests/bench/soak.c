/* SPDX-License-Identifier: MIT */

/*
 * A soak: eight threads, 64 devices, 100,000 live allocations, faults on.
 *
 *	soak [SECONDS]
 *
 * Half of the threads are drivers.  Each has its share of the devices and of
 * the allocations, all of which stay live but one, which is freed for the next,
 * and now and then it unbinds a device, or maps some memory of the kernel.  The
 * others are engines: they look up addresses without a lock, live ones and
 * stale ones, and read and write there.  Allocations fail by chance, and a
 * device drops writes.  A thread of its own judges all events.
 *
 * A world keeps what it has freed until it is reset, so the work is done in
 * rounds.  Nothing may be lost: as many events are checked as were made, and
 * they were numbered in a row.  What the host gave must not grow after the
 *first rounds.  The sanitizers see the rest.
 */

#include <cdma/cdma.h>
#include <cdma/checker.h>
#include <cdma/order.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/rng.h"
#include "base/xalloc.h"

#define GFP     CDMA_GFP_KERNEL
#define DRIVERS 4
#define ENGINES 4
#define DEVICES 64
#define LIVE    100000
#define TURNS   5000 /* of each driver in a round, when all are live */
#define WARM    2    /* rounds in which memory may grow */

#define OF_DRIVER (LIVE / DRIVERS)

/* Addresses that engines may use, engine 0 the first, the fifth and so on; what
 * one was given for may be gone. */
#define BOARD 1024

struct soak {
	struct cdma_world *world;
	struct cdma_order *order;
	struct cdma_checker *checker;
	struct cdma_findings *findings;
	pthread_mutex_t lock; /* of the world */
	struct cdma_device *devices[DEVICES];
	struct cdma_mmio *doorbells[ENGINES]; /* of the first devices */
	_Atomic(cdma_addr_t) board[BOARD];
	atomic_uint drivers_left;
	atomic_ullong turns; /* of drivers, in this round */
	uint64_t before;     /* events of the round that nobody counts */
	uint64_t events, allocs, failed, findings_all;
};

struct worker {
	struct soak *soak;
	unsigned int number;
	uint64_t round;
	struct cdma_actor *actor;
	struct cdma_rng rng;
	pthread_t id;
	struct cdma_coherent **live; /* of a driver: OF_DRIVER */
	uint64_t allocs, failed;
};

/* ---- drivers ---- */

/* One of its own: no other driver uses it.  Those with an engine stay bound. */
static struct cdma_device *some_device(struct worker *w)
{
	uint32_t i = cdma_rng_below(&w->rng, DEVICES / DRIVERS - 1) + 1;

	return w->soak->devices[i * DRIVERS + w->number];
}

/* In the world. */
static void replace(struct worker *w, size_t i)
{
	struct soak *s = w->soak;
	uint32_t at = cdma_rng_below(&w->rng, BOARD);
	cdma_addr_t addr;

	cdma_coherent_free(&w->live[i]);
	w->allocs++;
	if (cdma_dma_alloc_coherent(some_device(w), 8, 1, GFP, 0,
				    &w->live[i])) {
		w->failed++;
		return;
	}
	addr = cdma_coherent_dma_handle(w->live[i]);
	cdma_view_write(cdma_coherent_view(w->live[i]), i);
	atomic_store(&s->board[at], addr);
	cdma_writel(at, cdma_mmio_view(s->doorbells[at % ENGINES]), 0);
}

static void map_and_unmap(struct worker *w)
{
	struct cdma_device *dev = some_device(w);
	struct cdma_view mem;
	cdma_addr_t addr;

	if (cdma_kmalloc(w->soak->world, 1, 256, GFP, &mem))
		return;
	addr = cdma_dma_map_single(dev, mem, CDMA_BIDIRECTIONAL);
	if (!cdma_dma_mapping_error(dev, addr))
		cdma_dma_unmap_single(dev, addr, 256, CDMA_BIDIRECTIONAL);
	cdma_kfree(mem);
}

static void rebind(struct worker *w)
{
	struct cdma_device *dev = some_device(w);

	cdma_device_unbind(dev);
	CDMA_REQUIRE(!cdma_device_bind(dev, NULL, NULL));
}

static void step(struct worker *w, uint64_t turn)
{
	uint32_t what = cdma_rng_below(&w->rng, 4096);

	if (turn < OF_DRIVER)
		replace(w, turn);
	else if (what == 0)
		rebind(w);
	else if (what < 1024)
		map_and_unmap(w);
	else
		replace(w, cdma_rng_below(&w->rng, OF_DRIVER));
}

static void *drive(void *aux)
{
	struct worker *w = aux;
	struct soak *s = w->soak;

	for (uint64_t i = 0; i < OF_DRIVER + TURNS; i++) {
		pthread_mutex_lock(&s->lock);
		cdma_world_enter(s->world, w->actor);
		step(w, i);
		pthread_mutex_unlock(&s->lock);
		atomic_fetch_add(&s->turns, 1);
	}
	atomic_fetch_sub(&s->drivers_left, 1);
	return NULL;
}

/* ---- engines ---- */

static void *run_engine(void *aux)
{
	struct worker *w = aux;
	struct soak *s = w->soak;
	uint64_t done = 0;

	/* As much as a driver: a store is remembered until the round ends. */
	while (atomic_load(&s->drivers_left)) {
		uint32_t i =
			cdma_rng_below(&w->rng, BOARD / ENGINES) * ENGINES +
			w->number - DRIVERS;
		cdma_addr_t addr = atomic_load(&s->board[i]);
		uint64_t word = i;

		if (!addr || done >= atomic_load(&s->turns) / DRIVERS) {
			sched_yield();
			continue;
		}
		for (int n = 0; n < 8; n++)
			cdma_engine_translate(w->actor, addr);
		pthread_mutex_lock(&s->lock);
		cdma_engine_reg_read(w->actor,
				     s->doorbells[w->number - DRIVERS], 0, 4);
		if (done % 2)
			cdma_engine_read(w->actor, addr, &word, 8);
		else
			cdma_engine_write(w->actor, addr, &word, 8);
		pthread_mutex_unlock(&s->lock);
		done++;
	}
	return NULL;
}

/* ---- a round ---- */

static void begin_world(struct soak *s)
{
	char name[16];

	cdma_world_reset(s->world);
	cdma_order_reset(s->order);
	cdma_findings_reset(s->findings);
	for (size_t i = 0; i < DEVICES; i++) {
		const struct cdma_device_config config = {
			.mask_bits = 64,
			.iova_base = (uint64_t)(i + 1) << 34,
		};

		snprintf(name, sizeof(name), "dev%zu", i);
		s->devices[i] = cdma_device_new(s->world, &config, name);
		CDMA_REQUIRE(!cdma_device_bind(s->devices[i], NULL, NULL));
	}
	for (size_t i = 0; i < ENGINES; i++)
		CDMA_REQUIRE(!cdma_mmio_new(s->devices[i], 64, 64,
					    &s->doorbells[i]));
	for (size_t i = 0; i < BOARD; i++)
		atomic_store(&s->board[i], 0);
	atomic_store(&s->drivers_left, DRIVERS);
	atomic_store(&s->turns, 0);
	s->before = cdma_world_stream(s->world)->seq;
}

static void begin_worker(struct soak *s, struct worker *w, unsigned int i,
			 uint64_t round)
{
	char name[16];

	w->soak = s;
	w->number = i;
	w->rng = cdma_rng_case(round + 1, i);
	w->allocs = w->failed = 0;
	snprintf(name, sizeof(name), "%s%u", i < DRIVERS ? "drv" : "dma", i);
	w->actor = i < DRIVERS ? cdma_actor_new(s->world, CDMA_CPU, name)
			       : cdma_engine_new(s->devices[i - DRIVERS], name);
	cdma_actor_start(w->actor);
}

/* All is freed, as the last thing of a run. */
static void free_all(struct soak *s, struct worker *w)
{
	cdma_world_enter(s->world, w->actor);
	for (size_t i = 0; i < OF_DRIVER; i++)
		cdma_coherent_free(&w->live[i]);
}

static bool do_round(struct soak *s, struct worker *workers, uint64_t round)
{
	struct cdma_checker_stats before = cdma_checker_stats(s->checker);
	struct cdma_checker_stats after;
	uint64_t made;

	begin_world(s);
	cdma_world_share(s->world, true);
	cdma_checker_begin(s->checker);
	for (unsigned int i = 0; i < DRIVERS + ENGINES; i++)
		begin_worker(s, &workers[i], i, round);
	for (unsigned int i = 0; i < DRIVERS + ENGINES; i++)
		pthread_create(&workers[i].id, NULL,
			       i < DRIVERS ? drive : run_engine, &workers[i]);
	for (unsigned int i = 0; i < DRIVERS + ENGINES; i++)
		pthread_join(workers[i].id, NULL);
	for (unsigned int i = 0; i < DRIVERS; i++) {
		free_all(s, &workers[i]);
		s->allocs += workers[i].allocs;
		s->failed += workers[i].failed;
	}
	cdma_checker_end(s->checker);
	cdma_world_share(s->world, false);
	after = cdma_checker_stats(s->checker);
	/* Devices were made before there was anybody to count. */
	made = cdma_world_stream(s->world)->seq - s->before;
	s->events += made;
	s->findings_all += cdma_findings_nr(s->findings);
	return after.events - before.events == made &&
	       after.checked - before.checked == made;
}

/* ---- all of it ---- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t host_memory(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long all = 0, here = 0;

	CDMA_REQUIRE(file && fscanf(file, "%lu %lu", &all, &here) == 2);
	fclose(file);
	return here * (size_t)sysconf(_SC_PAGESIZE);
}

static void begin(struct soak *s, struct worker *workers)
{
	static const struct cdma_fault_rule rules[] = {
		{.site = CDMA_FAULT_DMA_ALLOC,
		 .has_attr = true,
		 .attr = {.probability = 1, .times = -1, .interval = 1}},
		{.site = CDMA_FAULT_DMA_MAP, .nth = 5, .every = 100},
		{.site = CDMA_FAULT_DROP_WRITE, .device = "dev1", .every = 7},
	};
	struct cdma_finding_sink sink;

	pthread_mutex_init(&s->lock, NULL);
	s->world = cdma_world_new(NULL);
	s->findings = cdma_findings_new();
	sink = cdma_findings_sink(s->findings);
	s->order = cdma_order_new(&(struct cdma_order_config){
		.deps = cdma_world_deps(s->world), .sink = sink});
	s->checker = cdma_checker_new(sink, 0);
	cdma_checker_observe(s->checker, cdma_order_observer(s->order));
	cdma_stream_observe(cdma_world_stream(s->world),
			    cdma_checker_observer(s->checker));
	cdma_world_set_sink(s->world, cdma_checker_sink(s->checker));
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		CDMA_REQUIRE(!cdma_faults_add(cdma_world_faults(s->world),
					      &rules[i]));
	for (unsigned int i = 0; i < DRIVERS; i++)
		workers[i].live =
			cdma_xcalloc(OF_DRIVER, sizeof(*workers[i].live));
}

static void end(struct soak *s, struct worker *workers)
{
	for (unsigned int i = 0; i < DRIVERS; i++)
		free(workers[i].live);
	cdma_checker_free(s->checker);
	cdma_order_free(s->order);
	cdma_world_free(s->world);
	cdma_findings_free(s->findings);
	pthread_mutex_destroy(&s->lock);
}

static void say(const struct soak *s, uint64_t round, size_t warm, size_t most)
{
	const struct cdma_checker_stats stats = cdma_checker_stats(s->checker);

	printf("%llu rounds: %llu events made, %llu checked, %llu waits for "
	       "the detectors\n"
	       "%llu allocations, of which %llu failed; %llu distinct findings "
	       "a round\n"
	       "%zu MiB of memory after the first rounds, %zu MiB at most "
	       "since\n",
	       (unsigned long long)round, (unsigned long long)s->events,
	       (unsigned long long)stats.checked,
	       (unsigned long long)stats.waits, (unsigned long long)s->allocs,
	       (unsigned long long)s->failed,
	       (unsigned long long)(s->findings_all / round), warm >> 20,
	       most >> 20);
}

int main(int argc, char **argv)
{
	double until = now() + (argc > 1 ? strtod(argv[1], NULL) : 60);
	struct worker workers[DRIVERS + ENGINES] = {0};
	struct soak s = {0};
	uint64_t round = 0;
	size_t warm = 0, most = 0, is;
	bool ok = true;

	begin(&s, workers);
	/* A round that is only warm says nothing of what comes. */
	while (ok && (round < WARM + 1 || now() < until)) {
		ok = do_round(&s, workers, round++);
		is = host_memory();
		if (round <= WARM)
			warm = is > warm ? is : warm;
		else
			most = is > most ? is : most;
	}
	say(&s, round, warm, most);
	if (!ok)
		fprintf(stderr, "soak: events were lost\n");
	/* Rounds are drawn, and some are a little larger. */
	if (most > warm + warm / 8) {
		fprintf(stderr, "soak: memory grows\n");
		ok = false;
	}
	end(&s, workers);
	return ok ? 0 : 1;
}
