#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every header of src/ and sim/ compiles alone; a public one also for users
# who ask for plain C11 and see nothing but the public headers.
set -eu
cd "${srcdir:-.}"
bad=0

# compile HEADER FLAGS...
compile() {
	header=$1
	shift
	echo "#include \"$header\"" |
		${CC:-cc} -x c -fsyntax-only -Wall -Wextra -Werror \
			-Wno-unused-parameter "$@" - || bad=1
}

for header in $(tests/lint/files.sh | grep '^s.*/.*\.h$'); do
	case $header in
	src/cdma/*) compile "${header#src/}" -std=c11 -pedantic -Isrc ;;
	src/*) compile "${header#src/}" -std=gnu11 -D_GNU_SOURCE -Isrc ;;
	sim/*) compile "${header#sim/}" -std=gnu11 -D_GNU_SOURCE -Isrc -Isim ;;
	esac
done
exit $bad
