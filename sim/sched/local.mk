# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/schedule.c %D%/schedule.h \
	%D%/strategy-first.c \
	%D%/strategy-random.c \
	%D%/strategy.c \
	%D%/strategy.h
