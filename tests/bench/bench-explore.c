/* SPDX-License-Identifier: MIT */

/*
 * How fast every schedule is covered: the benchmarks that exploration tools
 * are compared by, with all checks on, in one process.
 *
 * lastzero(n): n writers, a[j] = a[j-1] + 1, and a reader that scans down from
 * a[n] to the first zero. One execution of each class is run, 3328 for 10 and
 * 15360 for 12; the best of a few rounds counts.  Random runs of the same
 * program stand beside it, for tools that cannot cover it. The host's loads and
 * stores of the same run are printed as a baseline by bench-access.
 */

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/macros.h"
#include "base/text.h"
#include "explore/explore.h"
#include "run/machine.h"
#include "script/diag.h"
#include "script/script.h"

#define ROUNDS 3
#define RUNS   20000

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

static void lastzero(struct cdma_text *out, unsigned int n)
{
	cdma_text_addf(out,
		       "scenario lastzero \"scan down\";\n"
		       "shared u32 a[%u];\n",
		       n + 1);
	for (unsigned int j = 1; j <= n; j++)
		cdma_text_addf(out,
			       "thread w%u on cpu { WRITE_ONCE(a[%u], "
			       "READ_ONCE(a[%u]) + 1); }\n",
			       j, j, j - 1);
	cdma_text_addf(out,
		       "thread r on cpu { for (i in 0..%u) {\n"
		       "if (data_race(READ_ONCE(a[%u - i])) == 0) break; } }\n",
		       n + 1, n);
}

static struct program *compile(const struct cdma_text *text)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct script *script = script_parse("lastzero.dma", text->at,
					     text->len, &options, diag);
	struct unit *unit = script ? script_resolve(script, 0, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;

	CDMA_REQUIRE(program);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
	return program;
}

static uint64_t explore(const struct program *program)
{
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);
	struct run_result result;
	uint64_t executions;

	machine_observe_threads(m, explorer_observer(e));
	do
		machine_run(m, 0, 0, &result);
	while (explorer_next(e));
	executions = explorer_executions(e);
	CDMA_REQUIRE(!explorer_blocked(e));
	machine_free(m);
	explorer_free(e);
	return executions;
}

static void measure(unsigned int n, uint64_t want)
{
	struct cdma_text text = {0};
	struct program *program;
	double best = 1e9;

	lastzero(&text, n);
	program = compile(&text);
	for (int round = 0; round < ROUNDS; round++) {
		double from = now();

		CDMA_REQUIRE(explore(program) == want);
		if (now() - from < best)
			best = now() - from;
	}
	printf("lastzero(%u)%*s %.3f s, %llu executions, %.0f a second; "
	       "memory %ld KiB\n",
	       n, n < 10 ? 11 : 10, "", best, (unsigned long long)want,
	       (double)want / best, peak());
	program_free(program);
	cdma_text_fini(&text);
}

static void measure_random(unsigned int n)
{
	struct cdma_text text = {0};
	struct program *program;
	struct run_result result;
	struct machine *m;
	double best = 1e9;

	lastzero(&text, n);
	program = compile(&text);
	m = machine_new(program, NULL);
	for (int round = 0; round < ROUNDS; round++) {
		double from = now();

		for (uint64_t i = 0; i < RUNS; i++)
			machine_run(m, 1, i, &result);
		if (now() - from < best)
			best = now() - from;
	}
	printf("lastzero(%u), random   %.0f runs/s, %.2f us each\n", n,
	       RUNS / best, best / RUNS * 1e6);
	machine_free(m);
	program_free(program);
	cdma_text_fini(&text);
}

int main(void)
{
	measure(5, 64);
	measure(10, 3328);
	measure(12, 15360);
	measure_random(10);
	return 0;
}
