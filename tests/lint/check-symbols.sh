#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What libcdma.a must not have: a global symbol without our prefix, writable
# data, output, exit, a clock, or chance of its own.  $LIBCDMA: the archive.
set -eu
if [ "${SANITIZER:-no}" != no ]; then
	exit 0 # it adds data and calls of its own
fi

# The section tells constant tables with pointers (.data.rel.ro) from data,
# which nm's letters do not.
${NM:-nm} --format=sysv "${LIBCDMA:-libcdma.a}" | awk -F'|' '
function wrong(text) {
	print object ": " text
	bad = 1
}

BEGIN {
	n = split("printf vprintf dprintf fprintf vfprintf puts fputs putchar " \
		"putc fputc fwrite perror stdout stderr abort exit _exit " \
		"quick_exit __assert_fail time clock gettimeofday " \
		"clock_gettime rand srand rand_r random srandom drand48 " \
		"getrandom getenv secure_getenv", name, " ")
	for (i = 1; i <= n; i++)
		forbidden[name[i]] = 1
	# The one message that a library may print: its caller is wrong.
	n = split("abort stderr fprintf vfprintf fputc fwrite", name, " ")
	for (i = 1; i <= n; i++)
		allowed["require", name[i]] = 1
	allowed["xalloc", "abort"] = 1
}

/^Symbols from / {
	object = $0
	sub(/^.*\[(libcdma_a-)?/, "", object)
	sub(/\.o\].*$/, "", object)
	next
}

NF == 7 && $1 !~ /^Name/ {
	for (i = 1; i <= NF; i++)
		gsub(/^ +| +$/, "", $i)
	symbol = $1
	if ($3 == "U") {
		sub(/^__/, "", symbol)
		sub(/_chk$/, "", symbol)
		if ((symbol in forbidden || $1 in forbidden) &&
		    !((object, symbol) in allowed))
			wrong("uses " symbol)
		next
	}
	if ($3 ~ /[A-Z]/ && symbol !~ /^cdma_/)
		wrong(symbol " is global and does not start with cdma_")
	if ($7 ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ &&
	    $7 !~ /^\.data\.rel\.ro/)
		wrong(symbol " is writable data: let it hang off the world")
}

END { exit bad }
'
