# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/brief.c %D%/brief.h \
	%D%/expect.c \
	%D%/finding.c \
	%D%/fold.c %D%/fold.h \
	%D%/github.c \
	%D%/html.c \
	%D%/json.c %D%/json.h \
	%D%/json-result.c \
	%D%/junit.c \
	%D%/model.c %D%/model.h \
	%D%/model-finding.c \
	%D%/lcov.c \
	%D%/mermaid.c \
	%D%/model-variant.c \
	%D%/paint.c %D%/paint.h \
	%D%/perfetto.c \
	%D%/reach.c \
	%D%/replay.c \
	%D%/report.c %D%/report.h \
	%D%/sarif.c \
	%D%/seen.c \
	%D%/svg.c \
	%D%/tap.c \
	%D%/timeline.c %D%/timeline.h \
	%D%/text.c \
	%D%/wording.c %D%/wording.h

unit_tests += tests/unit/test-report
