#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every source, page of documentation and test is named in a local.mk, so that
# it is built, installed or run.  $LISTED: all that are.
set -eu
"${srcdir:-.}/tests/lint/files.sh" | awk -v listed="$LISTED" '
BEGIN {
	n = split(listed, name, " ")
	for (i = 1; i <= n; i++)
		known[name[i]] = 1
}
/^(src|sim)\/.*\.[ch]$/ || /^doc\/[^\/]*\.(md|1)$/ ||
/^scenarios\/.*\.dma$/ || /^tests\/[a-z]+\/test-[^\/]*\.(c|sh)$/ ||
/^tests\/cli\/[^\/]*\.sh$/ {
	program = $0
	sub(/\.c$/, "", program)
	if (!($0 in known || program in known)) {
		print $0 ": is named in no local.mk"
		bad = 1
	}
}
END { exit bad }
'
