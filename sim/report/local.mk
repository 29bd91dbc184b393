# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/finding.c \
	%D%/fold.c %D%/fold.h \
	%D%/paint.c %D%/paint.h \
	%D%/reach.c \
	%D%/replay.c \
	%D%/report.c %D%/report.h \
	%D%/seen.c \
	%D%/text.c \
	%D%/wording.c %D%/wording.h

unit_tests += tests/unit/test-report
