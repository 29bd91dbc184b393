#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every #include of src/ and sim/ is allowed by doc/layers.
set -eu
cd "${srcdir:-.}"
exec awk '
function wrong(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}

# A rule: "dir: dir ...", naming only dirs that have a line above.
FILENAME == "doc/layers" {
	if (/^(#|$)/)
		next
	if ($1 !~ /^[a-z][a-z-]*:$/) {
		wrong("not a rule: " $0)
		next
	}
	layer = substr($1, 1, length($1) - 1)
	if (layer in known)
		wrong(layer " has a line above already")
	for (i = 2; i <= NF; i++) {
		if (!($i in known))
			wrong(layer " names " $i ", which has no line above")
		may[layer, $i] = 1
	}
	known[layer] = may[layer, layer] = 1
	next
}

# src/model/x.c is of layer model, sim/main.c of layer sim.
FNR == 1 {
	parts = split(FILENAME, part, "/")
	here = substr(FILENAME, 1, length(FILENAME) - length(part[parts]))
	layer = part[parts - 1]
	if (!(layer in known))
		wrong(layer " has no line in doc/layers")
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	split($0, part, /["<>]/)
	name = part[2]
	quoted = $0 ~ /"/
	if (split(name, part, "/") == 1) {
		# Without a directory it is in that of the includer.
		if (quoted && (getline line < (here name)) < 0)
			wrong(name " is not in " here ": name its directory")
		close(here name)
	} else if (part[1] in known || quoted) {
		if (!((layer, part[1]) in may))
			wrong(layer " may not include " name " (doc/layers)")
	}
}

END { exit bad }
' doc/layers $(tests/lint/files.sh | grep '^s[a-z]*/.*\.[ch]$' |
	grep -E '^(src|sim)/')
