# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/crash.c \
	%D%/library.c %D%/library.h \
	%D%/native.c %D%/native.h \
	%D%/needs.c %D%/needs.h \
	%D%/place.c %D%/place.h \
	%D%/sanitize.c %D%/sanitize.h \
	%D%/state.h \
	%D%/switch.c %D%/switch.h
