/* SPDX-License-Identifier: MIT */

/*
 * What code of the compiler pass costs: a run of the ring of bench-run.c as a
 * driver in C, a step of it, and an access to private memory.  Nothing where
 * the pass was not built.
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/text.h"
#include "load.h"
#include "run/machine.h"

#define OBJECT "tests/bench/native-ring.so"
#define RUNS   20000
#define ROUNDS 7

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void load(const char *name, const char *define, struct loaded *out)
{
	const char *srcdir = getenv("srcdir");
	struct cdma_text path = {0};
	struct settings set = {0};

	*cdma_vec_push(&set.includes) = "tests/bench";
	if (define)
		*cdma_vec_push(&set.defines) = define;
	cdma_text_addf(&path, "%s/tests/bench/%s.dma", srcdir ? srcdir : ".",
		       name);
	CDMA_REQUIRE(!load_file(path.at, &set, out), "%s", path.at);
	cdma_text_fini(&path);
	cdma_vec_free(&set.includes);
	cdma_vec_free(&set.defines);
}

/* The best of a few rounds: seconds for all of them. */
static double best_of(struct machine *m, uint64_t runs, uint64_t *steps)
{
	struct run_result result = {0};
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double from = now();

		*steps = 0;
		for (uint64_t i = 0; i < runs; i++) {
			machine_run(m, 1, i, &result);
			*steps += result.steps;
		}
		if (now() - from < best)
			best = now() - from;
	}
	CDMA_REQUIRE(result.end == RUN_DONE);
	return best;
}

static void measure_ring(void)
{
	struct loaded loaded = {0};
	struct machine *m;
	uint64_t steps;
	double best;

	load("native-ring", NULL, &loaded);
	m = machine_new(loaded.programs[0], NULL);
	best = best_of(m, RUNS, &steps);
	printf("%-22s %.0f runs/s, %.2f us each: %.1f steps, %.2f us a step\n",
	       "ring of 2, in C", RUNS / best, best / RUNS * 1e6,
	       (double)steps / RUNS, best / (double)steps * 1e6);
	machine_free(m);
	loaded_fini(&loaded);
}

/* Seconds of a run with so many of them. */
static double work(const char *count)
{
	struct loaded loaded = {0};
	struct machine *m;
	uint64_t steps;
	double best;

	load("native-work", count, &loaded);
	m = machine_new(loaded.programs[0], NULL);
	best = best_of(m, 1, &steps);
	machine_free(m);
	loaded_fini(&loaded);
	return best;
}

static void measure_work(void)
{
	double none = work("count=0"), all = work("count=10000000");

	printf("%-22s %.2f ns each\n", "private access",
	       (all - none) / (2 * 10000000) * 1e9);
}

int main(void)
{
	if (access(OBJECT, R_OK)) {
		printf("drivers in C: the compiler pass was not built\n");
		return 0;
	}
	measure_ring();
	measure_work();
	return 0;
}
