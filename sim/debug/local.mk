# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/debug.c %D%/debug.h \
	%D%/look.c \
	%D%/move.c \
	%D%/place.c %D%/place.h \
	%D%/stops.c %D%/stops.h \
	%D%/walk.c %D%/walk.h
