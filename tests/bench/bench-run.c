/* SPDX-License-Identifier: MIT */

/*
 * What one run costs: a scenario from setup to teardown, all checks on.
 *
 * First the ring of the language's first example with two descriptors, correct,
 * and then with buffers that are a thousand times larger: a run pays for what
 * it touches, not for what it allocates.  Then the shapes that tools for
 * threads are compared by, in their sizes: a payload and a flag, store
 * buffering, and a ring that is passed once, with two looks at each slot.
 *
 * Schedules are random; the best of a few rounds counts.  The host's memory
 * must not grow with the number of runs.
 */

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/macros.h"
#include "run/machine.h"
#include "script/diag.h"
#include "script/script.h"

#define RUNS   20000
#define ROUNDS 7

static const char nic_ring[] =
	"scenario nic_rx_rmb \"NIC RX ring\";\n"
	"const N = 2, DONE = 1;\n"
	"param size = 2048;\n"
	"struct rx_desc { le32 len; le32 status; };\n"
	"device nic { dma_bits = 64; };\n"
	"setup {\n"
	"	box ring = dma_alloc(nic, rx_desc[N], ZEROED);\n"
	"	if (!ring) return -ENOMEM;\n"
	"	box bufs = dma_alloc(nic, u8[N * size], ZEROED);\n"
	"	if (!bufs) return -ENOMEM;\n"
	"	coherent rx = expose(ring);\n"
	"	coherent rb = expose(bufs);\n"
	"}\n"
	"thread dma on nic {\n"
	"	for (i in 0..N) {\n"
	"		rx[i].len = 64 + i;\n"
	"		rx[i].status = DONE;\n"
	"	}\n"
	"}\n"
	"thread poll on cpu {\n"
	"	for (i in 0..N) {\n"
	"		poll (READ_ONCE(rx[i].status) == DONE) max 1000 else\n"
	"			return -ETIMEDOUT;\n"
	"		dma_rmb();\n"
	"		u32 len = READ_ONCE(rx[i].len);\n"
	"	}\n"
	"}\n"
	"teardown { free(rb); free(rx); }\n"
	"variant large { size = 2048 * 1000; }\n";

static const char message[] =
	"scenario message \"payload and flag\";\n"
	"shared u32 payload;\n"
	"shared u32 flag;\n"
	"thread w on cpu { payload = 1; smp_store_release(flag, 1); }\n"
	"thread r on cpu {\n"
	"	poll (smp_load_acquire(flag)) max 100 else return;\n"
	"	u32 x = payload;\n"
	"	assert(x == 1);\n"
	"}\n";

static const char buffering[] =
	"scenario buffering \"store buffering\";\n"
	"shared u32 x;\n"
	"shared u32 y;\n"
	"thread a on cpu { WRITE_ONCE(x, 1); u32 r = READ_ONCE(y); }\n"
	"thread b on cpu { WRITE_ONCE(y, 1); u32 r = READ_ONCE(x); }\n";

static const char pass[] =
	"scenario pass \"a ring, once\";\n"
	"param n = 3;\n"
	"shared u32 len[n];\n"
	"shared u32 valid[n];\n"
	"thread w on cpu {\n"
	"	for (i in 0..n) {\n"
	"		len[i] = 64 + i;\n"
	"		smp_store_release(valid[i], 1);\n"
	"	}\n"
	"}\n"
	"thread r on cpu {\n"
	"	for (i in 0..n) {\n"
	"		bool got = false;\n"
	"		for (look in 0..2) {\n"
	"			if (smp_load_acquire(valid[i])) {\n"
	"				u32 x = len[i];\n"
	"				got = true;\n"
	"				break;\n"
	"			}\n"
	"		}\n"
	"		if (!got) return;\n"
	"	}\n"
	"}\n"
	"variant four { n = 4; }\n";

static const struct shape {
	const char *name, *text;
	size_t variant;
} shapes[] = {
	{"ring of 2", nic_ring, 0},
	{"the same, 4 MB buffers", nic_ring, 1},
	{"message passing", message, 0},
	{"store buffering", buffering, 0},
	{"one pass, 3 slots", pass, 0},
	{"one pass, 4 slots", pass, 1},
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* KiB that the process has had at most. */
static long peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static struct program *compile(const struct shape *shape)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct script *script = script_parse(
		"bench.dma", shape->text, strlen(shape->text), &options, diag);
	struct unit *unit =
		script ? script_resolve(script, shape->variant, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;

	CDMA_REQUIRE(program);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
	return program;
}

static void measure(const struct shape *shape)
{
	struct program *program = compile(shape);
	struct machine *m = machine_new(program, NULL);
	struct run_result result = {0};
	uint64_t events = 0, steps = 0;
	double best = 1e9;
	long first = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double from = now();

		events = steps = 0;
		for (uint64_t i = 0; i < RUNS; i++) {
			machine_run(m, 1, i, &result);
			events += result.events;
			steps += result.steps;
		}
		if (now() - from < best)
			best = now() - from;
		if (!round)
			first = peak();
	}
	CDMA_REQUIRE(result.end == RUN_DONE);
	CDMA_REQUIRE(!cdma_findings_nr(machine_findings(m)));
	printf("%-22s %.0f runs/s, %.2f us each: %.1f steps, %.1f events; "
	       "%.1f M events/s; memory +%ld KiB\n",
	       shape->name, RUNS / best, best / RUNS * 1e6,
	       (double)steps / RUNS, (double)events / RUNS,
	       (double)events / best * 1e-6, peak() - first);
	machine_free(m);
	program_free(program);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		measure(&shapes[i]);
	return 0;
}
