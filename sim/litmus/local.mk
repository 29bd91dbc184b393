# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/lex.c %D%/lex.h \
	%D%/litmus.h \
	%D%/outcome.c \
	%D%/parse.c %D%/parse.h \
	%D%/parse-call.c \
	%D%/parse-code.c \
	%D%/program.h \
	%D%/scenario.c %D%/scenario.h

unit_tests += tests/unit/test-litmus
