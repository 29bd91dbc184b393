#!/bin/sh
# SPDX-License-Identifier: MIT
#
# No source file is over 600 lines: it would no longer be one noun.
set -eu
cd "${srcdir:-.}"
tests/lint/files.sh | grep -E '\.([ch]|sh)$' | xargs awk '
FNR == 601 {
	print FILENAME ":601: more than 600 lines; is it still one noun?"
	bad = 1
}
END { exit bad }
'
