#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every scenario that the documents show is run, and is as it says.  A block
# marked dma is a whole file; so is one marked c whose first word is scenario.
# One marked dma-exit-N ends with that status.
# (The pages of findings are tested in findings.sh.)
. "${srcdir:-.}/tests/tap.sh"

# extract FILE: writes each block to $tmp/NAME-LINE.dma.
extract() {
	awk -v to="$tmp/$(basename "$1" .md)" '
	/^```(dma|dma-exit-[0-9]|c)$/ {
		kind = substr($0, 4); first = 1; line = NR; next
	}
	/^```/ { if (file) close(file); kind = ""; file = ""; next }
	first && (kind ~ /^dma/ || /^scenario /) {
		status = kind ~ /exit/ ? substr(kind, 10) : 0
		file = sprintf("%s-%04d.%d.dma", to, line, status)
	}
	{ first = 0 }
	file { print > file }
	' "$1"
}

for doc in "$srcdir"/README.md "$srcdir"/doc/*.md; do
	extract "$doc"
done

# The report in README.md is the one that its scenario gives: each row of lines
# between "..." stands in it as it is.
awk '/^```c$/ { on = 1; next } /^```/ { if (on) exit } on' \
	"$srcdir/README.md" >"$tmp/nic_rx.dma"
awk '/^BUG: / { on = 1 } on && /^```/ { exit } on' "$srcdir/README.md" \
	>"$tmp/shown"
printed=$(cd "$tmp" && "$CDMASIM" run nic_rx.dma)
(cd "$tmp" && "$CDMASIM" run --svg=nic_rx.svg nic_rx.dma >/dev/null)
ok 'the picture in README is the one that is drawn' \
	cmp "$tmp/nic_rx.svg" "$srcdir/doc/nic_rx.svg"
rm "$tmp/nic_rx.dma"
ok 'README shows a report' grep -q '^help: ' "$tmp/shown"
awk -v to="$tmp/part" '/^\.\.\.$/ { nr++; next } { print > (to nr + 0) }' \
	"$tmp/shown"
for part in "$tmp"/part*; do
	has 'which is what is printed' "$printed" "$(cat "$part")"
done

nr=0
for scenario in "$tmp"/*.dma; do
	[ -e "$scenario" ] || break
	name=$(basename "$scenario" .dma)
	exits "${name##*.}" "${name%.*}" "$CDMASIM" run "$scenario"
	nr=$((nr + 1))
done
ok 'there are examples to run' test "$nr" -ge 8

done_testing
