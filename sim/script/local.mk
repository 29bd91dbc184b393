# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/ast.c %D%/ast.h \
	%D%/builtins.c %D%/builtins.h \
	%D%/diag.c %D%/diag.h \
	%D%/keywords.h \
	%D%/lexer.c %D%/lexer.h \
	%D%/names.c %D%/names.h \
	%D%/parse.c %D%/parse.h \
	%D%/parse-expr.c \
	%D%/parse-item.c \
	%D%/parse-stmt.c \
	%D%/private.h \
	%D%/refuse.c %D%/refuse.h \
	%D%/script.c %D%/script.h \
	%D%/source.c %D%/source.h \
	%D%/span.h \
	%D%/type.c %D%/type.h \
	%D%/unit.h
