#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every cure that a report of the corpus prints is written into the text, as a
# reader would, and the variant is run again: what was to be cured is gone, and
# nothing is found that was not found before.
. "${srcdir:-.}/tests/tap.sh"

# findings FILE < OUTPUT: a line for each report: the variant, its cure or '-',
# and its summary, with the places of FILE as lines.
findings() {
	awk -v file="$1" '
	function plain(s, at) {
		while ((at = index(s, file ":")))
			s = substr(s, 1, at - 1) substr(s, at + length(file))
		return s
	}
	/^BUG: / { variant = $0; sub(/.*, variant /, "", variant)
		   sub(/\).*/, "", variant); cure = "-" }
	/^help: (add|use [a-z]*\(\), not).* \(tried: / {
		cure = $0
		sub(/^help: /, "", cure)
		sub(/ \(tried: .*/, "", cure)
	}
	/^SUMMARY: / { print variant "\t" plain(cure) "\t" plain($0) }
	'
}

# apply CURE < TEXT: the text with what CURE says, on the lines that it has.
#   add dma_rmb() after :12          before :12        at :12:30
#   ... , in braces                  use writel(), not writel_relaxed(), at :12
#   one, and another
apply() {
	awk -v cure="$1" '
	# Where a comment begins, or after the end.
	function code(s, at) {
		at = index(s, "//")
		return at ? at : length(s) + 1
	}
	function put(s, at, what) {
		return substr(s, 1, at - 1) " " what " " substr(s, at)
	}
	function one(cure, n, word, place, what, braces) {
		braces = sub(/, in braces$/, "", cure)
		n = split(cure, word, " ")
		split(word[n], place, ":")
		if (word[1] == "use") {
			sub(/\(\),$/, "", word[2])
			sub(word[2] "_relaxed", word[2], line[place[2]])
			return
		}
		what = word[2] ";"
		if (word[3] == "at")
			inside(place[2], place[3], what, braces)
		else if (word[3] == "after")
			after(place[2], what, braces)
		else
			before(place[2], what, braces)
	}
	# One line has the whole of a branch, or only the other side of it.
	function inside(nr, col, what, braces, end) {
		if (braces) {
			end = 0
			if (substr(line[nr], col - 1, 1) == ";")
				end = begin_of(line[nr], col)
			if (end) {
				line[nr] = put(line[nr], col, what " }")
				line[nr] = put(line[nr], end, "{")
				return
			}
			line[nr] = put(line[nr], code(line[nr]), "}")
			what = "{ " what
		}
		line[nr] = put(line[nr], col, what)
	}
	# Where the statement of an if begins that ends before col.
	function begin_of(s, col, at, open) {
		at = index(s, "if (") + 3
		for (; at < col; at++) {
			open += (substr(s, at, 1) == "(")
			open -= (substr(s, at, 1) == ")")
			if (!open)
				return at + 1
		}
		return 0
	}
	function after(nr, what, braces) {
		if (braces) {
			line[nr] = put(line[nr], match(line[nr], /[^ \t]/), "{")
			what = what " }"
		}
		line[nr] = put(line[nr], code(line[nr]), what)
	}
	function before(nr, what, braces) {
		if (braces) {
			line[nr] = put(line[nr], code(line[nr]), "}")
			what = "{ " what
		}
		line[nr] = put(line[nr], match(line[nr], /[^ \t]/), what)
	}
	{ line[NR] = $0 }
	END {
		nr = split(cure, part, ", and ")
		for (i = 1; i <= nr; i++)
			one(part[i])
		for (i = 1; i <= NR; i++)
			print line[i]
	}
	'
}

# lines < SUMMARY: without columns, which a cure moves.
lines() {
	sed -E 's/(:[0-9]+):[0-9]+/\1/g'
}

# try FILE VARIANT CURE SUMMARY: $all has what was found before.
try() {
	apply "$3" <"$1" >"$tmp/cured.dma"
	cmp -s "$1" "$tmp/cured.dma" && return 1
	"$CDMASIM" run -v --variant="$2" "$tmp/cured.dma" >"$tmp/out" 2>&1
	[ $? -le 1 ] || return 1
	findings "$tmp/cured.dma" <"$tmp/out" | cut -f3 | lines |
		sort -u >"$tmp/now"
	printf '%s\n' "$4" | lines >"$tmp/gone"
	grep -qxFf "$tmp/gone" "$tmp/now" && return 1
	printf '%s\n' "$all" | grep "^$2	" | cut -f3 | lines |
		sort -u >"$tmp/before"
	[ -z "$(comm -23 "$tmp/now" "$tmp/before")" ]
}

cures=0
for scenario in $(find "$srcdir"/scenarios -name '*.dma' | sort); do
	all=$("$CDMASIM" run -v "$scenario" 2>&1 | findings "$scenario")
	printf '%s\n' "$all" | grep '	[au][a-z]* .*	' >"$tmp/cures" || continue
	while IFS='	' read -r variant cure summary; do
		cures=$((cures + 1))
		if ! try "$scenario" "$variant" "$cure" "$summary"; then
			result 1 "$(basename "$scenario")/$variant: $cure"
			note "$(cat "$tmp/out")"
		fi
	done <"$tmp/cures"
done
note "$cures cures"
ok 'each cure cures' test "$tap_nr" -eq 0
ok 'there are cures' test "$cures" -ge 60

done_testing
