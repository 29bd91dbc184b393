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

# Minutes under load, not in `make check': whether anything is lost, grows, or
# is reported by the sanitizer that this was built with.
EXTRA_PROGRAMS += %D%/soak
CLEANFILES += %D%/soak
EXTRA_DIST += %D%/soak-kill.sh
SOAK_SECONDS = 60
SOAK_KILLS = 200
soak: cdmasim %D%/soak
	$(SANITIZER_WRAP) ./%D%/soak $(SOAK_SECONDS)
	$(SANITIZER_WRAP) sh $(srcdir)/%D%/soak-kill.sh ./cdmasim $(SOAK_KILLS)
.PHONY: soak
