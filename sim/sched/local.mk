# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/schedule.c %D%/schedule.h \
	%D%/schedule-parse.c \
	%D%/schedule-print.c \
	%D%/schedule-text.h \
	%D%/strategy-first.c \
	%D%/strategy-mixed.c \
	%D%/strategy-pct.c \
	%D%/strategy-random.c \
	%D%/strategy.c \
	%D%/strategy.h

unit_tests += \
	tests/unit/test-pct \
	tests/unit/test-schedule
