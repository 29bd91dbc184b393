# SPDX-License-Identifier: MIT
#
# Four lists of tests, each printing TAP but the scenarios, which are judged
# by exit status:
#
#   unit_tests     libcheck programs, tests/unit/test-MODULE
#   program_tests  other programs
#   shell_tests    scripts, *.sh
#   scenarios      *.dma

program_tests =
shell_tests =

include %D%/unit/local.mk
include %D%/cli/local.mk
include %D%/lint/local.mk
include %D%/threads/local.mk
include %D%/native/local.mk
include %D%/linux/local.mk
include %D%/oracle/local.mk
include %D%/fuzz/local.mk
include %D%/bench/local.mk

check_PROGRAMS += $(program_tests)
TESTS += $(program_tests) $(shell_tests) $(scenarios)
EXTRA_DIST += %D%/tap.sh $(shell_tests)

# Scripts too need the TAP driver: without it a "not ok" with exit 0 passes.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .dma .sh
LOG_COMPILER = $(SANITIZER_WRAP)
SH_LOG_COMPILER = $(SANITIZER_WRAP)
DMA_LOG_COMPILER = $(SANITIZER_WRAP) $(top_builddir)/cdmasim
AM_DMA_LOG_FLAGS = run

# What a test finds in its environment, besides $srcdir.  The current directory
# is the top of the build tree, the only place where a test may write.
AM_TESTS_ENVIRONMENT = \
	export CDMASIM='$(abs_top_builddir)/cdmasim'; $(lint_env)
if SANITIZER
AM_TESTS_ENVIRONMENT += export CK_TIMEOUT_MULTIPLIER=10;
endif
