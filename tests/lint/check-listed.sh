#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every test is on a list of the Makefile, so that it runs.  $LISTED: all lists.
set -eu
"${srcdir:-.}/tests/lint/files.sh" | awk -v listed="$LISTED" '
BEGIN {
	n = split(listed, name, " ")
	for (i = 1; i <= n; i++)
		known[name[i]] = 1
}
/^scenarios\/.*\.dma$/ || /^tests\/[a-z]+\/test-[^\/]*\.(c|sh)$/ ||
/^tests\/cli\/[^\/]*\.sh$/ {
	test = $0
	sub(/\.c$/, "", test)
	if (!(test in known)) {
		print $0 ": is in no list of tests, so it does not run"
		bad = 1
	}
}
END { exit bad }
'
