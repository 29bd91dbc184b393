# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/crash.c \
	%D%/driver-memory.c \
	%D%/driver-order.c \
	%D%/driver-sync.c \
	%D%/heap.c %D%/heap.h \
	%D%/hooks.c %D%/hooks.h \
	%D%/hooks-atomic.c \
	%D%/hooks-bulk.c \
	%D%/hooks-text.c \
	%D%/keys.c %D%/keys.h \
	%D%/labels.c %D%/labels.h \
	%D%/library.c %D%/library.h \
	%D%/native.c %D%/native.h \
	%D%/needs.c %D%/needs.h \
	%D%/place.c %D%/place.h \
	%D%/sanitize.c %D%/sanitize.h \
	%D%/self.c %D%/self.h \
	%D%/shared.c %D%/shared.h \
	%D%/state.h \
	%D%/switch.c %D%/switch.h \
	%D%/target.c \
	%D%/window.c %D%/window.h
