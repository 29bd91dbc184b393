#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What --format writes, as those read it who have to.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
srcdir=$(cd "$srcdir" && pwd)
schema=$srcdir/doc/report.schema.json

# asked WHAT QUESTION...: passes when formats.py does; $out is its answer.
asked() {
	what=$1 got=0
	shift
	if ! [ -x /usr/bin/python3 ]; then
		skip "$what" 'no /usr/bin/python3'
		return 1
	fi
	out=$(/usr/bin/python3 "$srcdir/tests/cli/formats.py" "$@" 2>&1) ||
		got=$?
	if [ $got -eq 77 ]; then
		skip "$what" 'a module of Python is missing'
		return 1
	fi
	result $got "$what"
	[ $got -eq 0 ] || note "$out"
}

cat >"$tmp/bug.dma" <<'END'
scenario bug "a test, with <&\"> in it";
param rmb = 0;
struct desc { le32 len; le32 done; };
device nic;
setup {
	coherent rx = dma_alloc_coherent(nic, desc, ZEROED);
	if (!rx) return -ENOMEM;
}
thread dma on nic {
w_len:	rx.len = 64;
	rx.done = 1;
}
thread poll on cpu {
	poll (READ_ONCE(rx.done)) max 100 else return;
	if (rmb) dma_rmb();
r_len:	u32 len = READ_ONCE(rx.len);	/* 100%: <&"> */
}
teardown { free(rx); }
expect nothing;
variant fixed { rmb = 1; expect nothing; }
variant known { expect unordered_read at r_len against w_len; }
variant missing { rmb = 1; expect unordered_read at r_len; }
END
cat >"$tmp/open.dma" <<'END'
scenario open "nothing happens";
shared u32 x;
setup { return -ENODEV; }
thread a on cpu { WRITE_ONCE(x, 1); }
expect nothing;
END
cat >"$tmp/divides.dma" <<'END'
scenario divides "a mistake that shows when it runs";
shared u32 x;
thread a on cpu {
	u32 y = READ_ONCE(x);
	u32 z = 5 / y;
}
expect nothing;
END
sed 's/READ_ONCE/READ_ONSE/' "$tmp/bug.dma" >"$tmp/wrong.dma"
printf 'scenario odd "\377\376";\nthread a on cpu { u32 x = \377; }\n' \
	>"$tmp/odd.dma"
cd "$tmp" || exit
all='bug.dma open.dma divides.dma wrong.dma odd.dma'

# All formats at once, each in a file, and text on standard output.
# shellcheck disable=SC2086 # a list of words
exits 2 'all formats at once' "$CDMASIM" run --format=json:all.json \
	--format=jsonl:all.jsonl --format=tap:all.tap --format=junit:all.xml \
	--format=sarif:all.sarif --format=github:all.github \
	--format=text:all.txt $all
has 'and text on standard output' "$out" 'FAIL  bug/default'
# shellcheck disable=SC2086
same 'which says what it says in a file' "$(cat all.txt)" \
	"$("$CDMASIM" run $all 2>/dev/null)"

# JSON.
asked 'json is as its schema says' schema "$schema" all.json
asked 'so is jsonl' lines "$schema" all.jsonl
for part in '"verdict": "differs"' '"verdict": "inconclusive"' \
	'"verdict": "error"' '"is": "mistake"' '"memory": "rx.len"' \
	'"text": "add dma_rmb() after bug.dma:14"' '"status": 2'; do
	has "json has $part" "$(grep -F "$part" all.json)" "$part"
done
ok 'check' "$CDMASIM" check --format=json:check.json bug.dma
"$CDMASIM" check --format=json bug.dma wrong.dma >wrong.json 2>/dev/null
"$CDMASIM" explore --format=json:explore.json bug.dma >/dev/null
"$CDMASIM" explore --format=json:bounded.json --executions=1 bug.dma >/dev/null
"$CDMASIM" run --format=json:faults.json --faults=each bug.dma >/dev/null
"$CDMASIM" run --shard=1/2 --journal=shard.jsonl --format=json:shard.json \
	bug.dma >/dev/null
"$CDMASIM" merge --format=json:merge.json shard.jsonl >/dev/null
cat >MP.litmus <<'END'
C MP
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\ 1:r1=0)
END
"$CDMASIM" explore --format=json:litmus.json MP.litmus >/dev/null
replay=$("$CDMASIM" run bug.dma | sed -n 's/^replay: cdmasim //p' | head -n 1)
eval "\"\$CDMASIM\" $replay --format=json:replay.json" >/dev/null
asked 'every command says it in that schema' schema "$schema" check.json \
	wrong.json explore.json bounded.json faults.json shard.json merge.json \
	litmus.json replay.json

# TAP.
if command -v prove >/dev/null; then
	exits 1 'prove reads TAP' prove -e cat all.tap
	has 'and counts as we do' "$out" 'Failed 6/8 subtests'
	"$CDMASIM" run --format=tap:good.tap --variant=fixed bug.dma >/dev/null
	ok 'prove sees what passed' prove -e cat good.tap
else
	skip 'prove reads TAP' 'no prove'
fi

# JUnit.
if asked 'junitparser reads it' junit all.xml; then
	same 'and counts as we do' "$out" '8 tests, 2 failures, 4 errors'
fi
if command -v xmllint >/dev/null; then
	ok 'it is well-formed' xmllint --noout all.xml
else
	skip 'it is well-formed' 'no xmllint'
fi

# SARIF: the level, and the lines of both places.
if asked 'SARIF is as the standard requires' sarif all.sarif; then
	has 'an unexpected finding' "$out" 'error unordered_read 16 10 14 11'
	has 'one that is expected' "$out" 'note unordered_read 16 10 14 11'
	has 'one that is missing' "$out" 'error missing 22'
	has 'what has no verdict' "$out" 'warning inconclusive'
	has 'a mistake' "$out" 'error mistake 14'
fi

# GitHub.
github=$(cat all.github)
has 'github: a finding with its place' "$github" \
	'::error file=bug.dma,line=16,col=18,title=unordered_read in bug/default::'
has 'with the other place' "$github" \
	'by device nic, thread dma (#7) at bug.dma:10:8%0A'
has 'an expectation that was not met' "$github" \
	'::error file=bug.dma,line=22,col=28,title=bug/missing::expected'
has 'a mistake' "$github" '::error file=wrong.dma,line=14,col='
has 'what has no verdict' "$github" '::warning file=open.dma,title=open/default'
has 'and the sum' "$github" '5 variants: '
same 'and nothing of what is as expected' \
	"$("$CDMASIM" run --format=github --variant=known bug.dma)" \
	'1 variant: 1 as expected; 1 finding in 200 schedules'

# The same bytes.
# shellcheck disable=SC2086
for format in json jsonl tap junit sarif github; do
	"$CDMASIM" run --format=$format $all >again 2>/dev/null
	"$CDMASIM" run -j 2 --format=$format $all >parts 2>/dev/null
	ok "$format: the same bytes again, whoever did the work" cmp again parts
done
same 'nobody takes up two formats' "$(cat again)" "$github"

# What can be said wrong.
exits 2 'no such format' "$CDMASIM" run --format=jsno bug.dma
has 'names those that there are' "$out" 'json, jsonl, tap'
exits 2 'two on standard output' "$CDMASIM" run --format=json --format=tap \
	bug.dma
exits 2 'no file' "$CDMASIM" run --format=json: bug.dma
exits 4 'a file below nothing' "$CDMASIM" run --format=json:none/x bug.dma
has 'is named' "$out" 'none/x: No such file'
if [ -e /dev/full ]; then
	exits 4 'a full disk' "$CDMASIM" run --format=json:/dev/full bug.dma
	has 'is said' "$out" '/dev/full: No space left'
fi

# --fail-fast.
exits 1 '--fail-fast' "$CDMASIM" run --fail-fast bug.dma
has 'stops after the first' "$out" \
	'stopped by --fail-fast; so far: 1 variant: 0 as expected, 1 not'
exits 2 '--fail-fast with a mistake' "$CDMASIM" run --fail-fast wrong.dma bug.dma
has 'stops, too' "$out" 'stopped by --fail-fast; so far: 0 variants'
exits 2 'check --fail-fast' "$CDMASIM" check --fail-fast wrong.dma nofile.dma
case $out in *nofile*) stopped=1 ;; *) stopped=0 ;; esac
result $stopped 'does not look any further'
ok '--fail-fast with nothing that fails' "$CDMASIM" run --fail-fast \
	--variant=fixed bug.dma
has 'runs all' "$out" '
1 variant: 1 as expected'

# Coverage: what no variant came to, and what a failed call does.
lcov() {
	"$CDMASIM" run -q --schedules=20 --coverage=bug.info "$@" bug.dma
}
ok '--coverage' lcov --variant=fixed
got=$(cat bug.info)
has 'has its file' "$got" 'SF:bug.dma'
has 'a line that was reached' "$got" 'DA:15,1'
has 'a call that never failed' "$got" 'BRDA:7,0,0,0
BRDA:7,0,1,1'
has 'a poll that held' "$got" 'BRDA:14,0,0,1
BRDA:14,0,1,0'
exits 1 'of two variants' lcov --variant='[fd]*'
has 'a line that both have' "$(cat bug.info)" 'DA:14,2'
has 'one that a param leaves out of one' "$(cat bug.info)" 'DA:15,1'
ok 'with faults' lcov --variant=fixed --faults=each
has 'the call has failed' "$(cat bug.info)" 'BRDA:7,0,0,1'

# "-" is standard input.
stdin() {
	"$CDMASIM" "$@" <bug.dma
}
exits 1 'a scenario from standard input' stdin run -
has 'is named so' "$out" "SUMMARY: cdmasim: unordered_read <stdin>:16:18 in"
has 'with its cure' "$out" 'help: add dma_rmb() after <stdin>:14'
replay=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p' | head -n 1)
eval "exits 1 'its replay' stdin $replay"
has 'shows it' "$out" 'SUMMARY: cdmasim: unordered_read <stdin>:16:18 in'
exits 1 'explored' stdin explore -j 2 -
ok 'checked' stdin check -
ok 'listed' stdin list -
ok 'formatted' stdin fmt -
exits 2 'nothing on standard input' "$CDMASIM" run - </dev/null

# --quiet is quiet.
ok '-q' "$CDMASIM" run -q --variant=fixed bug.dma
same 'says nothing' "$out" ''
exits 1 '-q and something wrong' "$CDMASIM" run -q bug.dma
has 'says it' "$out" 'FAIL  bug/default'
has 'with the sum' "$out" '4 variants: 2 as expected'
ok 'explore -q of litmus tests' "$CDMASIM" explore -q MP.litmus MP.litmus
same 'says nothing' "$out" ''

done_testing
