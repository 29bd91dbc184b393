/* SPDX-License-Identifier: MIT */

/*
 * What one access costs: bytes changed, states checked, order judged.
 *
 * Each kind of access walks over a 4 KiB buffer whose other side was accessed
 * once by an engine, so that there is something to judge against; the best of
 * a few rounds counts. A volatile access of the host in the same run is the
 * baseline: the ratio is what can be compared between machines.
 */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cdma/cdma.h>
#include <cdma/order.h>

#include "base/macros.h"
#include "log/ctf-writer.h"

#define SIZE   4096
#define WORDS  (SIZE / 8)
#define LAPS   10
#define ROUNDS 41

struct bench {
	struct cdma_world *world;
	struct cdma_order *order;
	struct cdma_device *dev;
	struct cdma_actor *engine;
	struct cdma_box *box;
	struct cdma_coherent *mem;
	struct cdma_mmio *mmio;
	struct cdma_window *window;
	struct cdma_view word[WORDS];
	struct cdma_view regs;
	uint64_t host[WORDS];
	uint64_t sum;
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void begin(struct bench *b)
{
	struct cdma_world *w = b->world;
	cdma_addr_t addr;
	uint64_t zero = 0;

	b->dev = cdma_device_new(w, NULL, "dev");
	CDMA_REQUIRE(!cdma_device_bind(b->dev, NULL, NULL));
	CDMA_REQUIRE(!cdma_box_zeroed(b->dev, SIZE, CDMA_GFP_KERNEL, &b->box));
	CDMA_REQUIRE(!cdma_coherent_zeroed_slice(b->dev, 8, WORDS,
						 CDMA_GFP_KERNEL, &b->mem));
	CDMA_REQUIRE(!cdma_mmio_new(b->dev, SIZE, SIZE, &b->mmio));
	b->regs = cdma_mmio_view(b->mmio);
	for (size_t i = 0; i < WORDS; i++)
		b->word[i] = cdma_view_index(cdma_coherent_view(b->mem), i);
	b->engine = cdma_engine_new(b->dev, "engine");
	cdma_actor_start(b->engine);
	addr = cdma_coherent_dma_handle(b->mem);
	for (size_t i = 0; i < WORDS; i++)
		cdma_engine_write(b->engine, addr + i * 8, &zero, 8);
	cdma_world_enter(w, cdma_world_main(w));
	b->sum += cdma_readl(b->regs, 0);
	cdma_mb(w);
	b->window = cdma_coherent_as_mut(b->mem);
}

static void end(struct bench *b)
{
	cdma_world_reset(b->world);
	if (b->order)
		cdma_order_reset(b->order);
}

static void host(struct bench *b, size_t i)
{
	b->sum += *(volatile uint64_t *)&b->host[i];
	*(volatile uint64_t *)&b->host[i] = b->sum;
}

static void plain_box(struct bench *b, size_t i)
{
	cdma_box_write(b->box, i * 8, &b->sum, 8);
}

static void plain_window(struct bench *b, size_t i)
{
	cdma_window_write(b->window, i * 8, &b->sum, 8);
}

static void read_once(struct bench *b, size_t i)
{
	b->sum += cdma_view_read(b->word[i]);
}

static void write_once(struct bench *b, size_t i)
{
	cdma_view_write(b->word[i], i);
}

static void dma_read(struct bench *b, size_t i)
{
	cdma_engine_read(b->engine, cdma_view_dma_handle(b->word[i]), &b->sum,
			 8);
}

static void dma_write(struct bench *b, size_t i)
{
	cdma_engine_write(b->engine, cdma_view_dma_handle(b->word[i]), &i, 8);
}

static void read_register(struct bench *b, size_t i)
{
	b->sum += cdma_readl(b->regs, i * 8);
}

static void write_register(struct bench *b, size_t i)
{
	cdma_writel((uint32_t)i, b->regs, i * 8);
}

static void read_barrier(struct bench *b, size_t i)
{
	(void)i;
	cdma_dma_rmb(b->world);
}

static void allocate(struct bench *b, size_t i)
{
	struct cdma_box *box;

	(void)i;
	CDMA_REQUIRE(!cdma_box_zeroed(b->dev, 8, CDMA_GFP_KERNEL, &box));
	cdma_box_free(&box);
}

/* Armed: a rule is about the site, and never strikes. */
static const struct kind {
	const char *name;
	void (*access)(struct bench *b, size_t i);
	bool window; /* keep the window open */
	bool armed;
} kinds[] = {
	{"host load and store", host, false, false},
	{"box write", plain_box, false, false},
	{"window write", plain_window, true, false},
	{"READ_ONCE", read_once, false, false},
	{"WRITE_ONCE", write_once, false, false},
	{"device read", dma_read, false, false},
	{"device write", dma_write, false, false},
	{"device write, armed", dma_write, false, true},
	{"readl", read_register, false, false},
	{"writel", write_register, false, false},
	{"writel, armed", write_register, false, true},
	{"alloc and free", allocate, false, false},
	{"alloc and free, armed", allocate, false, true},
	{"dma_rmb", read_barrier, false, false},
};

static void arm(struct bench *b)
{
	static const struct cdma_fault_rule rules[] = {
		{.site = CDMA_FAULT_DMA_ALLOC, .nth = UINT64_MAX},
		{.site = CDMA_FAULT_DROP_WRITE,
		 .device = "dev",
		 .nth = UINT64_MAX},
		{.site = CDMA_FAULT_DROP_WRITEL,
		 .device = "dev",
		 .nth = UINT64_MAX},
	};
	struct cdma_faults *faults = cdma_world_faults(b->world);

	cdma_faults_clear(faults);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		CDMA_REQUIRE(!cdma_faults_add(faults, &rules[i]));
}

static double measure(struct bench *b, const struct kind *kind)
{
	double best = 0;

	if (kind->armed)
		arm(b);
	for (int round = 0; round < ROUNDS; round++) {
		double t;

		begin(b);
		if (!kind->window)
			cdma_window_end(&b->window);
		t = now_ns();
		for (int lap = 0; lap < LAPS; lap++)
			for (size_t i = 0; i < WORDS; i++)
				kind->access(b, i);
		t = (now_ns() - t) / (LAPS * WORDS);
		if (!round || t < best)
			best = t;
		end(b);
	}
	cdma_faults_clear(cdma_world_faults(b->world));
	return best;
}

static void found(void *aux, const struct cdma_finding *finding)
{
	(void)finding;
	++*(uint64_t *)aux;
}

static struct bench *bench_new(bool checked, uint64_t *findings)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct cdma_order_config config = {.sink = {found, findings}};

	CDMA_REQUIRE(b);
	b->world = cdma_world_new(NULL);
	cdma_world_set_sink(b->world, config.sink);
	if (checked) {
		config.deps = cdma_world_deps(b->world);
		b->order = cdma_order_new(&config);
		cdma_stream_observe(cdma_world_stream(b->world),
				    cdma_order_observer(b->order));
	}
	return b;
}

static void bench_free(struct bench *b)
{
	cdma_order_free(b->order);
	cdma_world_free(b->world);
	free(b);
}

static void accesses(void)
{
	uint64_t findings = 0;
	struct bench *bare = bench_new(false, &findings);
	struct bench *checked = bench_new(true, &findings);
	double base = 0;

	printf("%-22s %10s %10s %10s\n", "ns per access", "unchecked",
	       "checked", "/ host");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		double a = measure(bare, &kinds[i]);
		double c = measure(checked, &kinds[i]);

		if (!i)
			base = a;
		printf("%-22s %10.1f %10.1f %10.1f\n", kinds[i].name, a, c,
		       c / base);
	}
	/* All of it is in order: what is measured is silence. */
	CDMA_REQUIRE(!findings);
	bench_free(bare);
	bench_free(checked);
}

/* With and without the log, the access being a WRITE_ONCE. */
static void logging(void)
{
	char dir[] = "/tmp/cdma-bench-XXXXXX", trace[64], command[80];
	uint64_t findings = 0;
	struct bench *b = bench_new(true, &findings);
	struct cdma_ctf_writer *writer;
	struct cdma_ctf_config config = {.deps = cdma_world_deps(b->world)};
	double without = measure(b, &kinds[4]), with;

	CDMA_REQUIRE(mkdtemp(dir));
	snprintf(trace, sizeof(trace), "%s/trace", dir);
	CDMA_REQUIRE(!cdma_ctf_create(trace, &config, &writer));
	cdma_stream_observe(cdma_world_stream(b->world),
			    cdma_ctf_observer(writer));
	with = measure(b, &kinds[4]);
	printf("events/s               %.1f M without the log, %.1f M with it "
	       "(%.2f times the cost)\n",
	       1e3 / without, 1e3 / with, with / without);
	CDMA_REQUIRE(!cdma_ctf_close(writer));
	snprintf(command, sizeof(command), "rm -r %s", dir);
	CDMA_REQUIRE(!system(command));
	bench_free(b);
}

/* What the host keeps for each byte that was touched, and for a big buffer of
 * which little is. */
static void memory(void)
{
	uint64_t findings = 0, x = 0;
	struct bench *b = bench_new(true, &findings);
	const size_t size = (size_t)1 << 30, touched = (size_t)1 << 20;
	struct cdma_coherent *big;
	size_t before, after;

	b->dev = cdma_device_new(b->world, NULL, "dev");
	CDMA_REQUIRE(!cdma_device_bind(b->dev, NULL, NULL));
	CDMA_REQUIRE(!cdma_coherent_zeroed_slice(b->dev, 8, size / 8,
						 CDMA_GFP_KERNEL, &big));
	before = mallinfo2().uordblks;
	for (size_t i = 0; i < touched / 8; i++)
		cdma_view_write(cdma_view_index(cdma_coherent_view(big), i), x);
	after = mallinfo2().uordblks;
	printf("host bytes per byte    %.1f, of %zu MiB touched in a buffer "
	       "of %zu MiB, first write\n",
	       (double)(after - before) / (double)touched, touched >> 20,
	       size >> 20);
	bench_free(b);
}

int main(void)
{
	accesses();
	logging();
	memory();
	return 0;
}
