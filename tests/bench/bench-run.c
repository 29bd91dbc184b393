/* SPDX-License-Identifier: MIT */

/*
 * What one run costs: a scenario from setup to teardown, all checks on.
 *
 * The ring of the language's first example with two descriptors, correct, and
 * then with buffers that are a thousand times larger: a run pays for what it
 * touches, not for what it allocates. The best of a few rounds counts.
 */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "run/machine.h"
#include "script/diag.h"
#include "script/script.h"

#define RUNS   20000
#define ROUNDS 7

static const char ring[] =
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

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct program *compile(size_t variant)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct script *script =
		script_parse("ring.dma", ring, strlen(ring), &options, diag);
	struct unit *unit =
		script ? script_resolve(script, variant, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;

	CDMA_REQUIRE(program);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
	return program;
}

static void measure(size_t variant, const char *name)
{
	struct program *program = compile(variant);
	struct machine *m = machine_new(program, NULL);
	struct run_result result = {0};
	uint64_t events = 0, steps = 0;
	double best = 1e9;

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
	}
	CDMA_REQUIRE(result.end == RUN_DONE);
	CDMA_REQUIRE(!cdma_findings_nr(machine_findings(m)));
	printf("%-22s %.0f runs/s, %.2f us each: %.1f steps, %.1f events; "
	       "%.1f M events/s\n",
	       name, RUNS / best, best / RUNS * 1e6, (double)steps / RUNS,
	       (double)events / RUNS, (double)events / best * 1e-6);
	machine_free(m);
	program_free(program);
}

int main(void)
{
	measure(0, "ring of 2");
	measure(1, "the same, 4 MB buffers");
	return 0;
}
