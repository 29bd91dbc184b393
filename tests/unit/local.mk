# SPDX-License-Identifier: MIT
#
# A module lists its test beside its sources: unit_tests += tests/unit/test-x
# builds tests/unit/test-x.c.

EXTRA_DIST += %D%/corpus.h %D%/dropped.h \
	%D%/kernel-c-pairs.h %D%/kernel-c-values.h %D%/litmus.h %D%/rig.h %D%/scene.h %D%/search.h %D%/streaming.h %D%/any-call.h %D%/any-fault.h %D%/any-program.h %D%/toy.h %D%/toy-dpor.h %D%/unit.c %D%/unit.h %D%/messages.h \
	%D%/order-judge.h %D%/order-kept.h %D%/order-model.h %D%/order-rows.h %D%/order-rows-parts.h %D%/work-heard.h %D%/judge-programs.h %D%/judge-run.h %D%/judge-ask.h %D%/judge-shapes.h %D%/judge-families.h %D%/judge-kinds.h

if HAVE_CHECK
check_LIBRARIES += libunit.a
libunit_a_SOURCES = %D%/unit.c %D%/unit.h
libunit_a_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
LDADD += libunit.a $(CHECK_LIBS)
endif

# The rules, and the values of weak memory, against the axioms on thousands of
# generated programs; and the rules against ThreadSanitizer, in a build with it.
.PHONY: oracle
oracle: tests/unit/test-judge tests/unit/test-judge-values tests/oracle/test-tsan
	srcdir=$(srcdir) TSAN_CASES=$${TSAN_CASES:-4000} \
		TSAN_RUNS=$${TSAN_RUNS:-5} \
		$(SANITIZER_WRAP) ./tests/oracle/test-tsan
	JUDGE=$${JUDGE:-3000} SHAPES= CK_TIMEOUT_MULTIPLIER=40 \
		./tests/unit/test-judge
	VALUES=$${VALUES:-1000} CK_TIMEOUT_MULTIPLIER=20 \
		./tests/unit/test-judge-values
