/* SPDX-License-Identifier: MIT */

/*
 * What an event costs from stage to stage, with one to four threads that make
 * them; and what an allocation costs among many.
 *
 * Each stage adds one thing to those before it: the model alone; a queue to a
 * thread that throws events away; the ordering rules in that thread; the log.
 * A producer is a CPU thread with memory of its own, in the world for a few
 * accesses at a time, so that what is measured is the way of an event and not
 * who waits for whom in a driver.
 */

#include <cdma/cdma.h>
#include <cdma/checker.h>
#include <cdma/order.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/rng.h"
#include "base/xalloc.h"
#include "log/ctf-writer.h"

#define PRODUCERS 4
#define EVENTS    400000 /* of all producers of a round */
#define AT_ONCE   16
#define WORDS     512
#define ROUNDS    3

/* X(name, what it adds) */
enum stage { MODEL, QUEUE, ORDER, LOG, STAGES };
static const char *const stage_names[] = {
	[MODEL] = "model",
	[QUEUE] = "and queue",
	[ORDER] = "and order",
	[LOG] = "and log",
};

struct bench {
	enum stage stage;
	struct cdma_world *world;
	struct cdma_checker *checker;
	struct cdma_order *order;
	struct cdma_findings *findings;
	struct cdma_ctf_writer *log;
	struct cdma_device *dev;
	pthread_mutex_t lock;
	char dir[64];
};

struct producer {
	struct bench *bench;
	struct cdma_actor *actor;
	struct cdma_coherent *mem;
	size_t events;
	pthread_t id;
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ignore(void *aux, const struct cdma_event *ev)
{
	(void)aux;
	(void)ev;
}

static void begin_log(struct bench *b)
{
	const struct cdma_ctf_config config = {
		.deps = cdma_world_deps(b->world)};
	const char *tmp = getenv("TMPDIR");

	snprintf(b->dir, sizeof(b->dir), "%.40s/bench-stages-%ld",
		 tmp ? tmp : "/tmp", (long)getpid());
	CDMA_REQUIRE(!cdma_ctf_create(b->dir, &config, &b->log));
	cdma_checker_observe(b->checker, cdma_ctf_observer(b->log));
}

static void end_log(struct bench *b)
{
	char command[96];

	CDMA_REQUIRE(!cdma_ctf_close(b->log));
	snprintf(command, sizeof(command), "rm -r '%s'", b->dir);
	CDMA_REQUIRE(!system(command));
}

static void begin(struct bench *b, enum stage stage)
{
	struct cdma_finding_sink sink;

	*b = (struct bench){.stage = stage};
	pthread_mutex_init(&b->lock, NULL);
	b->world = cdma_world_new(NULL);
	b->findings = cdma_findings_new();
	sink = cdma_findings_sink(b->findings);
	cdma_world_set_sink(b->world, sink);
	b->dev = cdma_device_new(b->world, NULL, "dev");
	CDMA_REQUIRE(!cdma_device_bind(b->dev, NULL, NULL));
	if (stage == MODEL)
		return;
	b->checker = cdma_checker_new(sink, 0);
	cdma_world_set_sink(b->world, cdma_checker_sink(b->checker));
	b->order = cdma_order_new(&(struct cdma_order_config){
		.deps = cdma_world_deps(b->world), .sink = sink});
	cdma_checker_observe(b->checker,
			     stage == QUEUE
				     ? (struct cdma_observer){.event = ignore}
				     : cdma_order_observer(b->order));
	if (stage == LOG)
		begin_log(b);
	cdma_stream_observe(cdma_world_stream(b->world),
			    cdma_checker_observer(b->checker));
}

static void end(struct bench *b)
{
	if (b->log)
		end_log(b);
	cdma_checker_free(b->checker);
	cdma_order_free(b->order);
	cdma_world_free(b->world);
	/* All of it is in order: what is measured is silence. */
	CDMA_REQUIRE(!cdma_findings_nr(b->findings));
	cdma_findings_free(b->findings);
	pthread_mutex_destroy(&b->lock);
}

/* ---- producers ---- */

static void *produce(void *aux)
{
	struct producer *p = aux;
	struct cdma_view all = cdma_coherent_view(p->mem);

	for (size_t i = 0; i < p->events; i += AT_ONCE) {
		pthread_mutex_lock(&p->bench->lock);
		cdma_world_enter(p->bench->world, p->actor);
		for (size_t n = i; n < i + AT_ONCE; n += 2) {
			struct cdma_view word =
				cdma_view_index(all, n / 2 % WORDS);

			cdma_view_write(word, n);
			cdma_view_read(word);
		}
		pthread_mutex_unlock(&p->bench->lock);
	}
	return NULL;
}

/* Seconds, and those of the processor. */
static void measure(enum stage stage, unsigned int nr, double out[2])
{
	struct producer producers[PRODUCERS];
	struct bench b;

	begin(&b, stage);
	for (unsigned int i = 0; i < nr; i++) {
		producers[i] =
			(struct producer){.bench = &b, .events = EVENTS / nr};
		CDMA_REQUIRE(!cdma_dma_alloc_coherent(b.dev, 8, WORDS,
						      CDMA_GFP_KERNEL, 0,
						      &producers[i].mem));
		producers[i].actor = cdma_actor_new(b.world, CDMA_CPU, "cpu");
		cdma_actor_start(producers[i].actor);
	}
	cdma_world_share(b.world, true);
	out[0] = now(CLOCK_MONOTONIC);
	out[1] = now(CLOCK_PROCESS_CPUTIME_ID);
	if (b.checker)
		cdma_checker_begin(b.checker);
	for (unsigned int i = 0; i < nr; i++)
		pthread_create(&producers[i].id, NULL, produce, &producers[i]);
	for (unsigned int i = 0; i < nr; i++)
		pthread_join(producers[i].id, NULL);
	if (b.checker)
		cdma_checker_end(b.checker);
	out[0] = now(CLOCK_MONOTONIC) - out[0];
	out[1] = now(CLOCK_PROCESS_CPUTIME_ID) - out[1];
	cdma_world_share(b.world, false);
	cdma_world_enter(b.world, cdma_world_main(b.world));
	for (unsigned int i = 0; i < nr; i++)
		cdma_coherent_free(&producers[i].mem);
	end(&b);
}

static void stages(void)
{
	double cost[STAGES] = {0};

	printf("%-22s %10s %10s\n", "events, from producers", "million/s",
	       "ns of CPU");
	for (int stage = 0; stage < STAGES; stage++)
		for (unsigned int nr = 1; nr <= PRODUCERS; nr++) {
			double best[2] = {0};
			char name[32];

			for (int i = 0; i < ROUNDS; i++) {
				double is[2];

				measure((enum stage)stage, nr, is);
				for (int j = 0; j < 2; j++)
					if (!i || is[j] < best[j])
						best[j] = is[j];
			}
			if (nr == 1)
				cost[stage] = best[1] / EVENTS * 1e9;
			snprintf(name, sizeof(name), "%s, %u",
				 stage_names[stage], nr);
			printf("%-22s %10.2f %10.1f\n", name,
			       EVENTS / best[0] / 1e6, best[1] / EVENTS * 1e9);
		}
	printf("%-22s %10s\n", "what a stage adds", "ns of CPU");
	for (int stage = 0; stage < STAGES; stage++)
		printf("%-22s %10.1f\n", stage_names[stage],
		       cost[stage] - (stage ? cost[stage - 1] : 0));
}

/* ---- allocations among many ---- */

#define DEVICES 64
#define PAIRS   20000

/* Free one of @live and allocate another in its place, PAIRS times. */
static double pairs(size_t live, bool shared)
{
	struct cdma_coherent **mem =
		cdma_xcalloc(live, sizeof(struct cdma_coherent *));
	struct cdma_world *world = cdma_world_new(NULL);
	struct cdma_device *devices[DEVICES];
	struct cdma_rng rng = cdma_rng_case(1, live);
	double took;

	for (size_t i = 0; i < DEVICES; i++) {
		const struct cdma_device_config config = {
			.mask_bits = 64,
			.iova_base = (uint64_t)(i + 1) << 34,
		};

		devices[i] = cdma_device_new(world, &config, "dev");
		CDMA_REQUIRE(!cdma_device_bind(devices[i], NULL, NULL));
	}
	cdma_world_share(world, shared);
	for (size_t i = 0; i < live; i++)
		CDMA_REQUIRE(!cdma_dma_alloc_coherent(devices[i % DEVICES], 8,
						      1, CDMA_GFP_KERNEL, 0,
						      &mem[i]));
	took = now(CLOCK_PROCESS_CPUTIME_ID);
	for (size_t n = 0; n < PAIRS; n++) {
		size_t i = cdma_rng_below(&rng, (uint32_t)live);

		cdma_coherent_free(&mem[i]);
		CDMA_REQUIRE(!cdma_dma_alloc_coherent(devices[i % DEVICES], 8,
						      1, CDMA_GFP_KERNEL, 0,
						      &mem[i]));
	}
	took = now(CLOCK_PROCESS_CPUTIME_ID) - took;
	for (size_t i = 0; i < live; i++)
		cdma_coherent_free(&mem[i]);
	cdma_world_share(world, false);
	cdma_world_free(world);
	free(mem);
	return took / PAIRS * 1e9;
}

static void allocations(void)
{
	static const size_t lives[] = {100, 1000, 10000, 100000};

	printf("%-22s %10s %10s\n", "ns per alloc and free", "alone", "shared");
	for (size_t i = 0; i < ARRAY_SIZE(lives); i++) {
		double best[2] = {0};
		char name[32];

		for (int round = 0; round < ROUNDS; round++)
			for (int shared = 0; shared < 2; shared++) {
				double is = pairs(lives[i], shared);

				if (!round || is < best[shared])
					best[shared] = is;
			}
		snprintf(name, sizeof(name), "%zu live", lives[i]);
		printf("%-22s %10.0f %10.0f\n", name, best[0], best[1]);
	}
}

int main(void)
{
	stages();
	allocations();
	return 0;
}
