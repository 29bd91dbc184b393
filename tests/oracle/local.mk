# SPDX-License-Identifier: MIT
#
# The detector's verdicts against those of somebody else.
# program_tests += %D%/test-x

EXTRA_DIST += %D%/lkmm.tsv

# ThreadSanitizer; skipped in a build without it.
program_tests += %D%/test-tsan
tests_oracle_test_tsan_SOURCES = \
	%D%/access.c \
	%D%/actor.h \
	%D%/chain.h \
	%D%/edges.c %D%/edges.h \
	%D%/fiber.c %D%/fiber.h \
	%D%/known.c %D%/known.h \
	%D%/log.c %D%/log.h \
	%D%/overtaken.c \
	%D%/store.c \
	%D%/sync.c \
	%D%/test-tsan.c \
	%D%/verdict.c %D%/verdict.h
