# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/bounded.c %D%/bounded.h \
	%D%/dpor-races.c \
	%D%/dpor-reads.c \
	%D%/dpor-state.h \
	%D%/dpor-unit.c %D%/dpor-unit.h \
	%D%/dpor.c %D%/dpor.h \
	%D%/explore.c %D%/explore.h \
	%D%/footprint.c %D%/footprint.h \
	%D%/source.c \
	%D%/tree.c %D%/tree.h \
	%D%/wakeup.c %D%/wakeup.h

unit_tests += tests/unit/test-bounded tests/unit/test-dpor \
	tests/unit/test-any-program tests/unit/test-explore \
	tests/unit/test-explore-all tests/unit/test-explore-machines \
	tests/unit/test-footprint tests/unit/test-tree
