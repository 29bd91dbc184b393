# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/finding.c \
	%D%/stream.c
