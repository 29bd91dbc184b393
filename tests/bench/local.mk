# SPDX-License-Identifier: MIT
#
# Measurements, not tests: `make bench' builds and runs them.
# bench_programs += %D%/bench-x

bench_programs = %D%/bench-access %D%/bench-run %D%/bench-explore

EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

bench: cdmasim $(bench_programs)
	@for program in $(bench_programs); do ./$$program || exit 1; done
.PHONY: bench
