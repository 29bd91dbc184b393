# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/action.c \
	%D%/device.c %D%/device.h %D%/device-po.c %D%/device-po.h \
	%D%/dot.c %D%/dot.h \
	%D%/execution.c %D%/execution.h \
	%D%/flags.c \
	%D%/in-order.c \
	%D%/model.c %D%/model.h \
	%D%/path.c %D%/path.h \
	%D%/prune.c %D%/prune.h \
	%D%/race.c \
	%D%/rel.c %D%/rel.h \
	%D%/search.c %D%/search.h \
	%D%/value.c \
	%D%/verdict.c %D%/verdict.h \
	%D%/walk.h

unit_tests += tests/unit/test-judge tests/unit/test-judge-values tests/unit/test-lkmm
