# SPDX-License-Identifier: MIT
#
# Measurements, not tests: `make bench' builds and runs them.
# bench_programs += %D%/bench-x

bench_programs = %D%/bench-access %D%/bench-run %D%/bench-explore \
	%D%/bench-stages \
	%D%/bench-native
tests_bench_bench_native_LDFLAGS = $(native_ldflags)
EXTRA_DIST += %D%/native-ring.c %D%/native-ring.dma %D%/native-work.dma

EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

# Where the compiler pass can be built.
bench_objects =
if HAVE_PASS
bench_objects += %D%/native-ring.so
%D%/native-ring.so: %D%/native-ring.c $(pass_plugin)
	$(AM_V_GEN)$(MKDIR_P) %D% && $(DRIVER_CC) -std=gnu11 -g -O2 -fPIC \
	  -shared -fpass-plugin=$(pass_plugin) -I$(top_srcdir)/src -o $@ \
	  $(srcdir)/%D%/native-ring.c
endif
CLEANFILES += $(bench_objects)

bench: cdmasim $(bench_programs) $(bench_objects) bench-ring
	@export srcdir=$(srcdir); for program in $(bench_programs); do \
	  ./$$program || exit 1; done
.PHONY: bench bench-ring

# One program in C memory and in that of libcdma, without TSan and with it; for
# that there is a libcdma that has it, too.
EXTRA_DIST += %D%/ring.c
ring_cc = $(CC) -std=gnu11 -O2 -g -D_GNU_SOURCE -I$(top_srcdir)/src \
	$(URCU_CFLAGS) -pthread
bench-ring: libcdma.a
	@$(MKDIR_P) %D%/tsan
	@for source in $(libcdma_a_SOURCES); do \
	  case $$source in *.h) continue ;; esac; \
	  object=%D%/tsan/`echo $$source | tr / -`.o; \
	  test -e $$object && test ! $(srcdir)/$$source -nt $$object || \
	    $(ring_cc) -fsanitize=thread -c -o $$object $(srcdir)/$$source || \
	    exit 1; \
	done
	@$(ring_cc) -DCDMA=0 -o %D%/tsan/plain $(srcdir)/%D%/ring.c
	@$(ring_cc) -DCDMA=0 -fsanitize=thread -o %D%/tsan/plain-tsan \
	  $(srcdir)/%D%/ring.c
	@$(ring_cc) -DCDMA=1 -o %D%/tsan/cdma $(srcdir)/%D%/ring.c \
	  libcdma.a $(URCU_LIBS)
	@$(ring_cc) -DCDMA=1 -fsanitize=thread -o %D%/tsan/cdma-tsan \
	  $(srcdir)/%D%/ring.c %D%/tsan/*.o $(URCU_LIBS)
	@printf '%-22s %10s\n' 'ring, on two threads' 'ns a slot'
	@for kind in plain plain-tsan cdma cdma-tsan; do \
	  printf '%-22s ' $$kind; setarch -R %D%/tsan/$$kind || exit 1; \
	done
clean-local: clean-bench
clean-bench:
	rm -rf %D%/tsan
.PHONY: clean-bench

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
