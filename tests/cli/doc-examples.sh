#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every scenario that the documents show is run, and is as it says.  A block
# marked dma is a whole file; so is one marked c whose first word is scenario.
# (The pages of findings are tested in findings.sh.)
. "${srcdir:-.}/tests/tap.sh"

# extract FILE: writes each block to $tmp/NAME-LINE.dma.
extract() {
	awk -v to="$tmp/$(basename "$1" .md)" '
	/^```(dma|c)$/ { kind = substr($0, 4); first = 1; line = NR; next }
	/^```/ { if (file) close(file); kind = ""; file = ""; next }
	first && (kind == "dma" || /^scenario /) {
		file = sprintf("%s-%04d.dma", to, line)
	}
	{ first = 0 }
	file { print > file }
	' "$1"
}

for doc in "$srcdir"/README.md "$srcdir"/doc/*.md; do
	extract "$doc"
done

nr=0
for scenario in "$tmp"/*.dma; do
	[ -e "$scenario" ] || break
	ok "$(basename "$scenario" .dma)" "$CDMASIM" run "$scenario"
	nr=$((nr + 1))
done
ok 'there are examples to run' test "$nr" -ge 8

done_testing
