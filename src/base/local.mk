# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/macros.h \
	%D%/require.c

unit_tests += tests/unit/test-require
