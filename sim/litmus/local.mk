# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/execution.c %D%/execution.h \
	%D%/lex.c %D%/lex.h \
	%D%/litmus.h \
	%D%/outcome.c \
	%D%/parse.c %D%/parse.h \
	%D%/parse-call.c \
	%D%/parse-code.c \
	%D%/reorder.c %D%/reorder.h \
	%D%/run.c %D%/run.h

unit_tests += tests/unit/test-litmus
