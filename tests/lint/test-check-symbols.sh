#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The test of a test: check-symbols sees what it must, and no more.
. "${srcdir:-.}/tests/tap.sh"

if [ "${SANITIZER:-no}" != no ]; then
	skip 'check-symbols' 'not with a sanitizer'
	done_testing
	exit
fi

# archive NAME CODE: an archive with one object, NAME.o, of that C code.
archive() {
	rm -f "$tmp"/*
	printf '%s\n' "$2" >"$tmp/x.c"
	${CC:-cc} -O2 -c "$tmp/x.c" -o "$tmp/$1.o" || exit 1
	ar cr "$tmp/lib.a" "$tmp/$1.o" || exit 1
}

check() {
	LIBCDMA=$tmp/lib.a "$srcdir/tests/lint/check-symbols.sh"
}

archive x 'static const char *const t[] = {"a", "b"};
const int cdma_two = 2;
const char *cdma_name(int i) { return t[i]; }'
ok 'constants and tables with pointers are allowed' check

archive x 'int two(void) { return 2; }'
exits 1 'a foreign name is refused' check
same 'the report names object and symbol' "$out" \
	'x: two is global and does not start with cdma_'
for data in 'int cdma_x' 'int cdma_x = 1' 'const char *cdma_x = "a"' \
	'_Thread_local int cdma_x'; do
	archive x "$data;"
	exits 1 "writable: $data" check
done
archive x 'int cdma_next(void) { static int nr; return nr++; }'
exits 1 'writable: a static of a function' check

archive x '#include <stdio.h>
void cdma_x(int i) { printf("%d\n", i); }'
exits 1 'printing is refused' check
has 'the report says what is used' "$out" 'x: uses printf'
archive x '#include <stdlib.h>
void cdma_x(void) { exit(1); }'
exits 1 'exit is refused' check
archive x '#include <time.h>
long cdma_x(void) { return time(NULL); }'
exits 1 'a clock is refused' check

die='#include <stdio.h>
#include <stdlib.h>
void cdma_x(void) { fprintf(stderr, "%d\n", 1); abort(); }'
archive libcdma_a-require "$die"
ok 'a requirement prints and aborts' check
archive libcdma_a-other "$die"
exits 1 'nothing else does' check
done_testing
