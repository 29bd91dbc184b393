# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/dep.c \
	%D%/image.c %D%/image.h \
	%D%/macros.h \
	%D%/require.c \
	%D%/rng.h \
	%D%/suggest.c %D%/suggest.h \
	%D%/text.c %D%/text.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/vec.h \
	%D%/xalloc.c %D%/xalloc.h

unit_tests += tests/unit/test-dep tests/unit/test-require \
	tests/unit/test-suggest
