# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/checker.c \
	%D%/ctf.h \
	%D%/ctf-metadata.c \
	%D%/ctf-packet.c %D%/ctf-packet.h \
	%D%/ctf-reader.c %D%/ctf-reader.h \
	%D%/ctf-writer.c %D%/ctf-writer.h \
	%D%/finding.c \
	%D%/queue.c %D%/queue.h \
	%D%/stream.c \
	%D%/tsan.h

unit_tests += tests/unit/test-ctf
