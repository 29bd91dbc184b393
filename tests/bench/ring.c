/* SPDX-License-Identifier: MIT */

/*
 * One program, four ways: a device fills in a ring, a driver takes from it, and
 * the two hand it to each other by a lock and a condition, as threads do that
 * are not simulated.
 *
 *	plain C memory			-DCDMA=0
 *	... under ThreadSanitizer	-DCDMA=0 -fsanitize=thread
 *	memory of libcdma, checked	-DCDMA=1
 *	... and under ThreadSanitizer	-DCDMA=1, with a libcdma that has it,
 *too
 *
 * It prints nanoseconds per descriptor: two stores, two loads, a barrier.
 */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if CDMA
#include <cdma/cdma.h>
#include <cdma/order.h>
#endif

#define RING   64
#define LAPS   400
#define ROUNDS 5

struct desc {
	uint32_t len, status;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int filled; /* it is the driver's turn */
static uint64_t bytes;

#if CDMA
static struct cdma_world *world;
static struct cdma_order *order;
static struct cdma_findings *findings;
static struct cdma_coherent *mem;
static struct cdma_actor *engine, *cpu;
static struct cdma_mmio *regs;

static void begin(void)
{
	struct cdma_device *dev;

	world = cdma_world_new(NULL);
	findings = cdma_findings_new();
	order = cdma_order_new(&(struct cdma_order_config){
		.deps = cdma_world_deps(world),
		.sink = cdma_findings_sink(findings)});
	cdma_world_set_sink(world, cdma_findings_sink(findings));
	cdma_stream_observe(cdma_world_stream(world),
			    cdma_order_observer(order));
	dev = cdma_device_new(world, NULL, "nic");
	if (cdma_device_bind(dev, NULL, NULL) ||
	    cdma_coherent_zeroed_slice(dev, sizeof(struct desc), RING,
				       CDMA_GFP_KERNEL, &mem) ||
	    cdma_mmio_new(dev, 64, 64, &regs))
		return;
	engine = cdma_engine_new(dev, "dma");
	cpu = cdma_actor_new(world, CDMA_CPU, "poll");
	cdma_actor_start(engine);
	cdma_actor_start(cpu);
}

static int end(void)
{
	size_t nr = cdma_findings_nr(findings);

	cdma_world_enter(world, cdma_world_main(world));
	cdma_coherent_free(&mem);
	cdma_order_free(order);
	cdma_world_free(world);
	cdma_findings_free(findings);
	return nr != 0;
}

static void put(size_t i, uint32_t lap)
{
	cdma_addr_t at = cdma_coherent_dma_handle(mem) + 8 * i;
	uint32_t len = 64;

	/* The doorbell of the last lap. */
	if (i == 0)
		cdma_engine_reg_read(engine, regs, 0, 4);
	cdma_engine_write(engine, at, &len, 4);
	cdma_engine_write(engine, at + 4, &lap, 4);
}

static uint32_t take(size_t i, uint32_t lap)
{
	struct cdma_view ring = cdma_coherent_view(mem);
	uint32_t len;

	if (i == 0)
		cdma_world_enter(world, cpu);
	if (cdma_view_read32(cdma_view_field(ring, 8 * i + 4, 4, 4)) != lap)
		return 0;
	cdma_branch(world, cdma_last_dep(world));
	cdma_dma_rmb(world);
	len = cdma_view_read32(cdma_view_field(ring, 8 * i, 4, 4));
	if (i == RING - 1) {
		cdma_mb(world);
		cdma_writel(lap, cdma_mmio_view(regs), 0);
	}
	return len;
}

#else
static struct desc ring[RING];

static void begin(void)
{
}

static int end(void)
{
	return 0;
}

static void put(size_t i, uint32_t lap)
{
	*(volatile uint32_t *)&ring[i].len = 64;
	__atomic_store_n(&ring[i].status, lap, __ATOMIC_RELEASE);
}

static uint32_t take(size_t i, uint32_t lap)
{
	if (__atomic_load_n(&ring[i].status, __ATOMIC_ACQUIRE) != lap)
		return 0;
	return *(volatile uint32_t *)&ring[i].len;
}
#endif

static void wait_for(int is_filled)
{
	pthread_mutex_lock(&lock);
	while (filled != is_filled)
		pthread_cond_wait(&changed, &lock);
}

static void hand_over(int is_filled)
{
	filled = is_filled;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static void *device(void *aux)
{
	for (uint32_t lap = 1; lap <= LAPS; lap++) {
		wait_for(0);
		for (size_t i = 0; i < RING; i++)
			put(i, lap);
		hand_over(1);
	}
	return aux;
}

static void *driver(void *aux)
{
	for (uint32_t lap = 1; lap <= LAPS; lap++) {
		wait_for(1);
		for (size_t i = 0; i < RING; i++)
			bytes += take(i, lap);
		hand_over(0);
	}
	return aux;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(void)
{
	double best = 0;
	int bad = 0;

	for (int round = 0; round < ROUNDS; round++) {
		pthread_t a, b;
		double took;

		begin();
		bytes = 0;
		took = now();
		pthread_create(&a, NULL, device, NULL);
		pthread_create(&b, NULL, driver, NULL);
		pthread_join(a, NULL);
		pthread_join(b, NULL);
		took = (now() - took) / (LAPS * RING);
		if (!round || took < best)
			best = took;
		bad |= end() || bytes != (uint64_t)64 * LAPS * RING;
	}
	printf("%10.1f\n", best);
	return bad;
}
