# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/alike.c \
	%D%/ast.c %D%/ast.h \
	%D%/builtin-args.c \
	%D%/bits-calls.h \
	%D%/builtin-bits.c \
	%D%/builtin-consts.c \
	%D%/builtin-find.c \
	%D%/builtins.c %D%/builtins.h \
	%D%/compile.c %D%/compile.h \
	%D%/compile-atomic.c \
	%D%/compile-bytes.c \
	%D%/compile-call.c \
	%D%/compile-device.c \
	%D%/compile-mapping.c \
	%D%/compile-native.c \
	%D%/compile-expr.c \
	%D%/compile-handler.c \
	%D%/compile-jump.c \
	%D%/compile-loop.c \
	%D%/compile-object.c \
	%D%/compile-place.c \
	%D%/compile-pointer.c \
	%D%/compile-reaction.c \
	%D%/compile-register.c \
	%D%/compile-revocable.c \
	%D%/compile-stmt.c \
	%D%/compile-sync.c \
	%D%/compile-unit.c \
	%D%/diag.c %D%/diag.h \
	%D%/edit.c %D%/edit.h \
	%D%/compile-fault.c \
	%D%/fault-text.c \
	%D%/fmt.c %D%/fmt.h \
	%D%/fmt-line.c %D%/fmt-line.h \
	%D%/fold.c \
	%D%/hash.c %D%/include.c \
	%D%/ignored.c \
	%D%/insn.h \
	%D%/keywords.h \
	%D%/lifetime-calls.h \
	%D%/lexer.c %D%/lexer.h \
	%D%/names.c %D%/names.h \
	%D%/parse.c %D%/parse.h \
	%D%/parse-c.c \
	%D%/parse-config.c \
	%D%/parse-decl.c \
	%D%/parse-expr.c \
	%D%/parse-item.c \
	%D%/parse-jump.c \
	%D%/parse-list.c \
	%D%/parse-native.c \
	%D%/parse-loop.c \
	%D%/parse-operand.c \
	%D%/parse-reaction.c \
	%D%/parse-stmt.c \
	%D%/parse-struct.c \
	%D%/parse-type.c \
	%D%/prelude.c %D%/prelude.h \
	%D%/private.h \
	%D%/program.h \
	%D%/refuse.c %D%/refuse.h \
	%D%/resolve.c %D%/resolve.h \
	%D%/resolve-attr.c \
	%D%/resolve-call.c \
	%D%/resolve-define.c \
	%D%/resolve-endian.c \
	%D%/resolve-expect.c \
	%D%/resolve-fault.c \
	%D%/resolve-fits.c \
	%D%/resolve-expr.c \
	%D%/resolve-fn.c \
	%D%/resolve-assign.c \
	%D%/resolve-item.c \
	%D%/resolve-native.c \
	%D%/resolve-jump.c \
	%D%/resolve-loop.c \
	%D%/resolve-macro.c \
	%D%/resolve-memory.c \
	%D%/resolve-part.c \
	%D%/resolve-place.c \
	%D%/resolve-pointer.c \
	%D%/resolve-reaction.c \
	%D%/resolve-revocable.c \
	%D%/resolve-section.c \
	%D%/resolve-stmt.c \
	%D%/resolve-type.c \
	%D%/scope.c \
	%D%/script.c %D%/script.h \
	%D%/shares.c %D%/shares.h \
	%D%/source.c %D%/source.h \
	%D%/span.h \
	%D%/sync-calls.h \
	%D%/type.c %D%/type.h \
	%D%/type-path.c \
	%D%/unit.h

unit_tests += \
	tests/unit/test-diag \
	tests/unit/test-fmt \
	tests/unit/test-kernel-c \
	tests/unit/test-language \
	tests/unit/test-lexer \
	tests/unit/test-parser \
	tests/unit/test-resolve
EXTRA_DIST += \
	tests/unit/messages/lexer.txt \
	tests/unit/messages/parser.txt \
	tests/unit/messages/resolve.txt
