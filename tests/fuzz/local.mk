# SPDX-License-Identifier: MIT
#
# Fuzz targets, for builds --with-sanitizer=fuzzer,address (clang):
#
#   fuzz_programs += %D%/fuzz-x
#   tests_fuzz_fuzz_x_LDFLAGS = $(FUZZER_LDFLAGS)
#
# `make fuzz' runs each for FUZZ_SECONDS.  What it finds of interest stays in
# the build tree, in corpus/fuzz-x; tests/fuzz/corpus/fuzz-x is where it starts.

FUZZ_SECONDS = 60
fuzz_programs =

EXTRA_PROGRAMS += $(fuzz_programs)
CLEANFILES += $(fuzz_programs)

if FUZZER
fuzz: $(fuzz_programs)
	@for target in $(fuzz_programs); do \
	  name=$$(basename $$target); seeds=$(srcdir)/tests/fuzz/corpus/$$name; \
	  $(MKDIR_P) corpus/$$name; test -d $$seeds || seeds=; \
	  ./$$target -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 \
	    corpus/$$name $$seeds || exit 1; \
	done
else
fuzz:
	@echo 'make fuzz: configure with CC=clang --with-sanitizer=fuzzer,address'
	@exit 1
endif
.PHONY: fuzz

# The same targets without a fuzzer, over the corpus, in `make check'.
EXTRA_DIST += %D%/corpus

fuzz_programs += %D%/fuzz-scenario
tests_fuzz_fuzz_scenario_LDFLAGS = $(FUZZER_LDFLAGS)
check_PROGRAMS += %D%/replay-scenario
tests_fuzz_replay_scenario_SOURCES = %D%/fuzz-scenario.c %D%/replay.c
shell_tests += %D%/test-corpus.sh
