#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The test of a test: check-layers sees each kind of offence, and where it is.
. "${srcdir:-.}/tests/tap.sh"

mkdir -p "$tmp/doc" "$tmp/tests/lint" "$tmp/src/low" "$tmp/src/high" "$tmp/sim"
cp "$srcdir/tests/lint/files.sh" "$tmp/tests/lint"
touch "$tmp/src/low/own.h" "$tmp/sim/cmd.h"

# tree RULES FILE LINE: a tree with these rules, in which FILE has one line
# below its licence.
tree() {
	rm -f "$tmp"/src/*/*.c "$tmp"/sim/*.c
	printf '%s\n' "$1" >"$tmp/doc/layers"
	printf '/* MIT */\n%s\n' "$3" >"$tmp/$2"
}

check() {
	srcdir=$tmp "$srcdir/tests/lint/check-layers.sh"
}

rules='low:
high: low
sim: high'

tree "$rules" src/high/x.c '#include "low/own.h"'
ok 'an include downwards is allowed' check
tree "$rules" src/low/x.c '#include "own.h"'
ok 'so is one in the same directory' check
tree "$rules" src/low/x.c '#include <stdio.h>'
ok 'and one of the system' check

tree "$rules" src/low/x.c '#include "high/x.h"'
exits 1 'an include upwards is refused' check
same 'the report names the line' "$out" \
	'src/low/x.c:2: low may not include high/x.h (doc/layers)'
tree "$rules" src/low/x.c ' #  include <high/x.h>'
exits 1 'in brackets and with blanks too' check
tree "$rules" sim/x.c '#include "low/own.h"'
exits 1 'what a layer may include is not inherited' check
has 'sim/ is a layer' "$out" 'sim/x.c:2: sim may not include low/own.h'
tree "$rules" src/low/x.c '#include "../high/x.h"'
exits 1 'nor is there a way round by ..' check
tree "$rules" src/low/x.c '#include "cmd.h"'
exits 1 'nor by a name without directory' check

tree "$rules
more: low" src/low/x.c ''
ok 'a rule may be without files' check
tree 'low: high
high: low
sim:' src/low/x.c ''
exits 1 'a cycle cannot be written' check
has 'the report names the rule' "$out" \
	'doc/layers:1: low names high, which has no line above'
tree 'low: low2
sim:' src/low/x.c ''
exits 1 'an unknown name is refused' check
tree "$rules
low: high" src/low/x.c ''
exits 1 'a second line cannot add to the first' check
tree 'low:' src/high/x.c ''
exits 1 'a directory needs a line' check
has 'the report names the file' "$out" 'src/high/x.c:1: high has no line'
done_testing
