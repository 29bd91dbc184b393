# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/access.c \
	%D%/actor.c %D%/actor.h \
	%D%/barrier.c \
	%D%/belief.c %D%/belief.h \
	%D%/clock.c %D%/clock.h \
	%D%/handover.c \
	%D%/judge.c \
	%D%/landed.c %D%/lifetime.c \
	%D%/news.c \
	%D%/order.c \
	%D%/overtaken.c \
	%D%/parts.c \
	%D%/past.c \
	%D%/rcu.c \
	%D%/shadow.c %D%/shadow.h \
	%D%/stale.c \
	%D%/state.h \
	%D%/sync.c \
	%D%/taint.c %D%/taint.h \
	%D%/tell.c \
	%D%/values.c \
	%D%/visible.c

unit_tests += \
	tests/unit/test-order \
	tests/unit/test-order-model \
	tests/unit/test-shadow \
	tests/unit/test-weak
