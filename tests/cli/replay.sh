#!/bin/sh
# SPDX-License-Identifier: MIT
#
# cdmasim replay: schedules from reports and files, and what does not fit.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

# The reports in a text, without what is said of many schedules.
reports() {
	printf '%s\n' "$1" | sed -n '/^BUG/,/^SUMMARY/p'
}

cat >"$tmp/desc.dma" <<'END'
struct desc { le32 len; le32 done; };
END
cat >"$tmp/bug.dma" <<'END'
scenario bug "a test";
include "desc.dma";
param rmb = 0;
const n = 2;
device nic;
setup {
	coherent rx = dma_alloc_coherent(nic, desc[n], ZEROED);
	if (!rx) return -ENOMEM;
}
thread dma on nic {
	for (i in 0..n max 64) {
w_len:	rx[i].len = 64;
	rx[i].done = 1;
	}
}
thread poll on cpu {
	for (i in 0..n max 64) {
	poll (READ_ONCE(rx[i].done)) max 100 else return;
	if (rmb) dma_rmb();
r_len:	u32 len = READ_ONCE(rx[i].len);
	}
}
teardown { free(rx); }
expect unordered_read at r_len against w_len;
variant fixed { rmb = 1; expect nothing; }
END
ok 'run' "$CDMASIM" run "$tmp/bug.dma"
want=$(reports "$out")
has 'it is in the report' "$out" ': dma*2 poll*2'
line=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p')
eval "ok 'the line of the report' \"\$CDMASIM\" $line"
same 'shows the same report' "$(reports "$out")" "$want"
has 'and says what it did' "$out" 'replayed bug/default: 4 steps, 1 finding'
hash=$(printf '%s\n' "$line" | sed 's/.*@\([0-9a-f]*\):.*/\1/')

# From files.
ok 'run --save' "$CDMASIM" run --seed=0x5eed --save="$tmp/saved" "$tmp/bug.dma"
want=$(reports "$out")
sched=$tmp/saved/bug.default.unordered_read.sched
ok 'replay of a file, in the scenario' "$CDMASIM" replay "$sched" "$tmp/bug.dma"
same 'shows the same report' "$(reports "$out")" "$want"
mv "$tmp/desc.dma" "$tmp/gone.dma"
ok 'replay of a file alone' "$CDMASIM" replay "$sched"
mv "$tmp/gone.dma" "$tmp/desc.dma"
has 'finds the scenario beside it' "$out" "$tmp/saved/bug.dma"
has 'which shows it' "$out" 'BUG: cdmasim: unordered_read in poll / dma'
has 'it says where it comes from' "$(cat "$sched")" \
	'origin "run --seed=24301 --first='
ok 'saved again' "$CDMASIM" run --seed=0x5eed --save="$tmp/saved" "$tmp/bug.dma"
same 'the same files are not written twice' "$(ls "$tmp/saved")" \
	'bug.default.unordered_read.sched
bug.dma'
ok 'explore --save' "$CDMASIM" explore --save="$tmp/explored" "$tmp/bug.dma"
ok 'is replayed' "$CDMASIM" replay "$tmp/explored/bug.default.unordered_read.sched"

# A long one: what found it is in the report, and in the file.
cat >"$tmp/long.dma" <<'END'
scenario long "threads that have to take turns";
param check = 0;
const n = 3;
shared u32 x;
thread the_first_of_the_two_threads on cpu {
	for (i in 0..n max 64) {
		if (READ_ONCE(x) == 2 * i) WRITE_ONCE(x, 2 * i + 1);
	}
	if (check) assert(READ_ONCE(x) != 2 * n);
}
thread the_second_of_the_two_threads on cpu {
	for (i in 0..n max 64) {
		if (READ_ONCE(x) == 2 * i + 1) WRITE_ONCE(x, 2 * i + 2);
	}
}
END
exits 1 'a schedule that is too long for a line' "$CDMASIM" run -D check=1 \
	--save="$tmp/long" --schedules=20000 "$tmp/long.dma"
want=$(reports "$out")
line=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p')
case $line in run*) result 0 'its line is that of the run' ;;
*) result 1 'its line is that of the run' && note "$line" ;;
esac
eval "exits 1 'the line of the run' \"\$CDMASIM\" $line"
same 'shows the same report' "$(reports "$out")" "$want"
exits 1 'the file' "$CDMASIM" replay "$tmp/long/long.default.assertion.sched" \
	"$tmp/long.dma"
same 'shows the same report' "$(reports "$out")" "$want"

# A simpler one is looked for.
cat >"$tmp/noise.dma" <<'END'
scenario noise "much goes on";
shared u32 x;
shared u32 y;
thread a on cpu { for (i in 0..9) WRITE_ONCE(y, i); WRITE_ONCE(x, 1); }
thread b on cpu { for (i in 0..9) WRITE_ONCE(y, i); assert(!READ_ONCE(x)); }
thread c on cpu { for (i in 0..9) WRITE_ONCE(y, i); }
END
exits 1 'a schedule that could be simpler' "$CDMASIM" run "$tmp/noise.dma"
has 'is minimised' "$out" ': a*10 b*10'
has 'which is said' "$out" 'schedules; minimised from '
has 'with both sizes' "$out" ' to 20 and 1'

# Smaller params and fewer faults are looked for.
cat >"$tmp/sizes.dma" <<'END'
scenario sizes "n is a size, rmb a choice";
param rmb = 0;
param n = 4;
device nic;
struct desc { le32 len; le32 done; };
setup {
	coherent rx = dma_alloc_coherent(nic, desc[n], ZEROED);
	if (!rx) return -ENOMEM;
	coherent spare = dma_alloc_coherent(nic, desc[n], ZEROED);
	if (spare) free(spare);
}
thread dma on nic {
	for (i in 0..n max 64) {
w_len:		rx[i].len = 64;
		rx[i].done = 1;
	}
}
thread poll on cpu {
	for (i in 0..n max 64) {
		poll (READ_ONCE(rx[i].done)) max 100 else return;
		if (rmb == 2) dma_rmb();
		if (rmb == 1) smp_rmb();
r_len:		u32 len = READ_ONCE(rx[i].len);
	}
}
teardown { free(rx); }
fail dma_alloc #2;
expect unordered_read at r_len against w_len;
variant smp { rmb = 1; }
variant fixed { rmb = 2; expect nothing; }
END
ok 'params that could be smaller' "$CDMASIM" run --variant=default -D n=40 \
	--save="$tmp/sizes" "$tmp/sizes.dma"
want=$(reports "$out")
has 'stay in the line, without the fault' "$out" \
	"replay: cdmasim replay -D n=40 --fail=none --schedule='v1 sizes/default@"
has 'what would do is said' "$out" "; minimised without the fault \
'dma_alloc #2'; it shows with -D n=1 instead of 40, without the fault \
'dma_alloc #2', too"
line=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p')
eval "ok 'the line of the report' \"\$CDMASIM\" $line"
same 'shows the same report' "$(reports "$out")" "$want"
sized=$tmp/sizes/sizes.default.unordered_read.sched
ok 'the file' "$CDMASIM" replay "$sized" "$tmp/sizes.dma"
same 'shows the same report' "$(reports "$out")" "$want"
same 'since it has both' "$(grep -E '^(define|fail)' "$sized")" 'define "n=40"
fail "none"'
ok 'the file, and something else' "$CDMASIM" replay -D n=3 \
	--fail='dma_alloc #3' "$sized" "$tmp/sizes.dma"
has 'which counts' "$out" 'buffer rx: 24 bytes'
has 'and no more than that' "$out" \
	" -D n=40 -D n=3 --fail='dma_alloc #3' --schedule="
has 'and where it began' "$(cat "$sized")" ' --variant=default -D n=40"'
ok 'a choice' "$CDMASIM" run --variant=smp -D n=2 "$tmp/sizes.dma"
has 'stays' "$out" ' -D n=2 --fail=none --schedule='
ok 'what is minimal' "$CDMASIM" run --variant=smp -D n=1 --fail=none \
	"$tmp/sizes.dma"
same 'stays, too' "$(printf '%s\n' "$out" | grep -c minimised)" 0

# The same, when the schedule is too long for a line.
cat >"$tmp/turns.dma" <<'END'
scenario turns "the long one, and x begins with k of no use";
param k = 7;
shared u32 x;
shared u32 y;
thread the_first_of_the_two_threads on cpu {
	WRITE_ONCE(y, k);
	for (i in 0..3) if (READ_ONCE(x) == 2 * i) WRITE_ONCE(x, 2 * i + 1);
	assert(READ_ONCE(x) != 6);
}
thread the_second_of_the_two_threads on cpu {
	for (i in 0..3) if (READ_ONCE(x) == 2 * i + 1) WRITE_ONCE(x, 2 * i + 2);
}
END
exits 1 'a long one that could be smaller' "$CDMASIM" run --schedules=20000 \
	--save="$tmp/turns" "$tmp/turns.dma"
want=$(reports "$out")
has 'could be smaller' "$out" 'it shows with -D k=1 instead of 7, too'
line=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p')
case $line in run*) result 0 'its line is that of the run' ;;
*) result 1 'its line is that of the run' && note "$line" ;;
esac
eval "exits 1 'the line of the run' \"\$CDMASIM\" $line"
same 'shows the same report' "$(reports "$out")" "$want"
exits 1 'the file' "$CDMASIM" replay \
	"$tmp/turns/turns.default.assertion.sched" "$tmp/turns.dma"
same 'shows the same report' "$(reports "$out")" "$want"

# Changed by hand, and where that does not fit.
replay() {
	"$CDMASIM" replay --schedule="v1 bug/default@$hash: $1" "$tmp/bug.dma"
}
ok 'dma to its end first' replay 'dma*4 poll'
has 'is the same finding' "$out" 'unordered_read'
exits 1 'a thread that waits' replay 'dma poll*2'
same 'says at which step and who could go on' "$out" \
	"--schedule:1:30: error: step 2: 'poll' cannot go on here; dma can
    1 | v1 bug/default@$hash: dma poll*2
      |                              ^~~~
      = note: 'poll' stands at $tmp/bug.dma:18:2: poll (READ_ONCE(rx[i].done)) max 100 else return;
      = note: 'dma' stands at $tmp/bug.dma:13:2: rx[i].done = 1;"
exits 1 'a thread that has ended' replay 'dma*5'
has 'is said' "$out" "'dma' has ended"
exits 1 'steps that are left' replay 'dma*4 poll*4 dma'
has 'are said' "$out" \
	"step 9: the run is over before this step of 'dma'"
exits 1 'a way that there is not' replay 'dma:split=1 poll'
has 'is said' "$out" "step 1: this step of 'dma' cannot go that way"
ok '--continue' "$CDMASIM" replay --continue=first \
	--schedule="v1 bug/default@$hash: dma poll*2" "$tmp/bug.dma"
has 'says the same' "$out" "step 2: 'poll' cannot go on here; dma can"
has 'and goes on' "$out" 'replayed bug/default: 8 steps, 1 finding'
ok '--continue=random' "$CDMASIM" replay --continue=random --seed=3 \
	--schedule="v1 bug/default@$hash: dma poll*2" "$tmp/bug.dma"
ok 'nothing but the end of a schedule' replay ''
has 'is one thread after the other' "$out" 'replayed bug/default: 0 steps, 1'

# The scenario changes.
sed 's/^w_len:/  \/\/ a comment\n\nw_len:/' "$tmp/bug.dma" >"$tmp/comment.dma"
cp "$sched" "$tmp/x.sched"
ok 'a comment' "$CDMASIM" replay "$tmp/x.sched" "$tmp/comment.dma"
sed 's/poll (READ_ONCE(rx\[i\].done))/WRITE_ONCE(x, 1);poll (READ_ONCE(rx[i].done) == 2)/;s/^const n/shared u32 x;\nconst n/' \
	"$tmp/bug.dma" >"$tmp/changed.dma"
exits 1 'a step more' "$CDMASIM" replay "$tmp/x.sched" "$tmp/changed.dma"
has 'is said' "$out" 'have changed since the schedule was recorded'

# Mistakes.
exits 2 'no operand' "$CDMASIM" replay
exits 2 'no scenario' "$CDMASIM" replay --schedule="v1 bug/default@0:"
exits 2 'too many' "$CDMASIM" replay "$sched" a b
exits 2 'no such file' "$CDMASIM" replay "$tmp/none.sched"
exits 2 'a mistake in the schedule' replay 'dma*x'
has 'is shown with its place' "$out" '--schedule:1:'
exits 2 'no such thread' replay 'dam'
has 'suggests one' "$out" "did you mean 'dma'?"
exits 2 'another scenario' "$CDMASIM" replay "$sched" "$tmp/long.dma"
has 'is said' "$out" "is scenario 'long', and the schedule is of 'bug'"
exits 2 'no such variant' "$CDMASIM" replay --schedule='v1 bug/fix@0:' \
	"$tmp/bug.dma"
has 'is said' "$out" "has no variant 'fix'"
exits 4 '--save where nothing can be' "$CDMASIM" run --save="$tmp/none/none" \
	"$tmp/bug.dma"

# Strategies.
ok '--strategy=first' "$CDMASIM" run --strategy=first --variant=default \
	"$tmp/bug.dma"
ok '--strategy=pct:2' "$CDMASIM" run --strategy=pct:2 --save="$tmp/pct" \
	--variant=default "$tmp/bug.dma"
has 'is in the origin' "$(cat "$tmp/pct/"*.sched)" ' --strategy=pct:2 '
exits 2 'a strategy with a mistake' "$CDMASIM" run --strategy=pct:x "$tmp/bug.dma"
has 'is said' "$out" '--strategy: pct:x: the depth is a number from 1 to 16'

done_testing
