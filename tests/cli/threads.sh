#!/bin/sh
# SPDX-License-Identifier: MIT
#
# cdmasim run --threads: verdicts, what is said of runs on threads, and that a
# finding is shown again in lockstep.  Nothing here depends on who is first.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

# A missing dma_rmb() is found in whatever order the two come: without rmb in
# each run, with it in none.
scenario() {
	cat <<-END
	scenario $1 "a test";
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
	r_len:	u32 len = READ_ONCE(rx.len);
	}
	teardown { free(rx); }
	$2
	variant fixed { rmb = 1; expect nothing; }
	END
}
bug=$tmp/bug.dma surprise=$tmp/surprise.dma
scenario bug 'expect unordered_read at r_len against w_len;' >"$bug"
scenario surprise 'expect nothing;' >"$surprise"

ok 'as expected' "$CDMASIM" run --threads --runs=20 "$bug"
has 'a finding is reported' "$out" \
	'BUG: cdmasim: unordered_read in poll / dma  (bug, variant default)'
has 'in how many runs it was' "$out" 'in 20 of 20 schedules'
has 'the fixed variant is clean' "$out" \
	'ok    bug/fixed: nothing found in 20 schedules'
has 'that events were checked' "$out" 'events, all checked;'
report=$out

# The line below it shows it again, in lockstep.
body() {
	printf '%s\n' "$1" | sed -n '/^BUG/,/^replay/p'
}
replay=$(printf '%s\n' "$report" | sed -n 's/^replay: cdmasim //p')
has 'replay is by a schedule' "$replay" "replay --schedule='v1 bug/default@"
eval "ok 'the report is replayed' \"\$CDMASIM\" $replay"
same 'and is the same' "$(body "$out")" "$(body "$report")"

# However long it is, since no seed leads there: two who wait for each other
# twenty times.
cat >"$tmp/long.dma" <<'END'
scenario long "a test";
shared u32 x;
shared u32 y;
thread ping on cpu {
	for (i in 1..30) {
		WRITE_ONCE(x, i);
		poll (READ_ONCE(y) == i) max 100 else return;
	}
a_end:	assert(x == 0);
}
thread pong on cpu {
	for (i in 1..30) {
		poll (READ_ONCE(x) == i) max 100 else return;
		WRITE_ONCE(y, i);
	}
}
expect nothing;
END
exits 1 'what nobody expects' "$CDMASIM" run --threads --runs=2 "$tmp/long.dma"
replay=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p' | head -n 1)
eval "exits 1 'its line can be replayed' \"\$CDMASIM\" $replay"

ok 'with --save' "$CDMASIM" run --threads --runs=5 --save="$tmp/saved" "$bug"
saved=$(echo "$tmp"/saved/*.sched)
has 'the schedule says where it is from' "$(cat "$saved")" \
	'origin "run --threads --variant=default"'
ok 'it is replayed' "$CDMASIM" replay "$saved"
has 'and shows the finding' "$out" 'BUG: cdmasim: unordered_read'
ok 'with --log' "$CDMASIM" run --threads --runs=5 --log="$tmp/log" "$bug"
ok 'the log is read' "$CDMASIM" show "$tmp/log/bug.default.unordered_read"

exits 1 'not as expected' "$CDMASIM" run --threads --runs=5 "$surprise"
has 'is said' "$out" 'FAIL  surprise/default'
exits 3 'what chance did not show is open' \
	"$CDMASIM" run --threads --runs=5 -D rmb=1 --variant=default "$bug"
has 'and said' "$out" \
	'expected unordered_read at r_len against w_len: it was in 0 of 5'
ok 'for some time' "$CDMASIM" run --threads --duration=100ms "$bug"
ok 'a single run' "$CDMASIM" run --threads --runs=1 "$bug"

# Each is one of two outcomes, again and again.
weak=${srcdir:-.}/scenarios/weak/store-buffering.dma
ok 'reads are late on threads, too' "$CDMASIM" run --threads "$weak"
ok 'faults are tried' "$CDMASIM" run --threads --runs=3 --faults=each "$bug"
has 'and counted' "$out" 'faults: 1 tried (dma_alloc 1)'

for option in --seed=1 --first=1 --strategy=first --schedules=1 --jobs=2 \
	--shard=1/2 --journal="$tmp/j"; do
	exits 2 "no ${option%%=*}" "$CDMASIM" run --threads "$option" "$bug"
	has 'and why' "$out" \
		"${option%%=*} is for lockstep; with --threads the host decides"
done
exits 2 'no --runs in lockstep' "$CDMASIM" run --runs=3 "$bug"
has 'and what to say' "$out" '--runs is for --threads'
exits 2 'no --duration in lockstep' "$CDMASIM" run --duration=3s "$bug"
exits 2 'two times' "$CDMASIM" run --threads --duration=3s --time=3s "$bug"
exits 2 'not of explore' "$CDMASIM" explore --threads "$bug"
done_testing
