#!/bin/sh
# SPDX-License-Identifier: MIT
#
# cdmasim run: verdicts, exit statuses, what is reported, and replay.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
mkdir "$tmp/dir" "$tmp/dir/sub" "$tmp/empty"

# scenario NAME EXPECTATION: a missing dma_rmb() unless rmb is set.
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
bug=$tmp/dir/bug.dma surprise=$tmp/surprise.dma
scenario bug 'expect unordered_read at r_len against w_len;' >"$bug"
scenario other 'expect unordered_read at r_len;' >"$tmp/dir/sub/other.dma"
scenario surprise 'expect nothing;' >"$surprise"

ok 'as expected' "$CDMASIM" run "$bug"
has 'one file: an expected finding is reported' "$out" \
	'BUG: cdmasim: unordered_read in poll / dma  (bug, variant default)'
has 'with both places' "$out" \
	"SUMMARY: cdmasim: unordered_read $bug:16:18 in poll vs $bug:10:8 in dma"
has 'with the cure' "$out" "help: add dma_rmb() after $bug:14"
has 'and a line a variant' "$out" 'ok    bug/fixed: nothing found'
has 'and the sum' "$out" '2 variants: 2 as expected; 1 finding in 400 schedules'
report=$out

# The line that replays it shows the same finding, in one schedule.
replay=$(printf '%s\n' "$report" | sed -n 's/^replay: cdmasim //p')
eval "ok 'the report is replayed' \"\$CDMASIM\" $replay"
body() {
	printf '%s\n' "$1" | sed -n '/^BUG/,/^SUMMARY/p'
}
same 'and is the same' "$(body "$out")" "$(body "$report")"

exits 1 'not as expected' "$CDMASIM" run "$surprise"
has 'is said' "$out" 'FAIL  surprise/default'
has 'and why' "$out" 'not expected: unordered_read'
exits 1 'an expected finding is missing' "$CDMASIM" run -D rmb=1 "$bug"
has 'is said' "$out" 'expected unordered_read at r_len against w_len'
ok '-q as expected' "$CDMASIM" run -q "$bug"
same 'nothing to say' "$out" ''

# A data race has no wrong side: it is expected either way round.
race() {
	cat <<-END
	scenario race "either way round";
	shared u32 x;
	thread a on cpu {
	w_a:	x = 1;
	}
	thread b on cpu {
	w_b:	x = 2;
	}
	expect data_race at $1 against $2;
	END
}
race w_a w_b >"$tmp/race1.dma"
race w_b w_a >"$tmp/race2.dma"
ok 'a race, expected one way round' "$CDMASIM" run "$tmp/race1.dma"
ok 'and the other' "$CDMASIM" run "$tmp/race2.dma"

# What is reported of one file, as the help says.
sed "s/^variant fixed.*/variant more { expect unordered_read; }/" "$bug" \
	>"$tmp/more.dma"
bugs() {
	printf '%s\n' "$out" | grep -c '^BUG'
}
ok 'one file with the same finding in two variants' "$CDMASIM" run \
	"$tmp/more.dma"
same 'has one report of it' "$(bugs)" 1
has 'as the help says' "$("$CDMASIM" run --help)" 'once for each place'
ok 'with -v' "$CDMASIM" run -v "$tmp/more.dma"
same 'there are two' "$(bugs)" 2
ok 'in a directory' "$CDMASIM" run "$tmp/dir"
same 'there is none, since it is expected' "$(bugs)" 0
exits 1 'what nobody expects' "$CDMASIM" run "$tmp/dir" "$surprise"
same 'is reported anywhere' "$(bugs)" 1

ok 'a directory' "$CDMASIM" run "$tmp/dir"
case $out in *BUG*) result 1 'no reports' ;; *) result 0 'no reports' ;; esac
same 'all below it, in order' "$(printf '%s\n' "$out" | sed 's/[:;].*//')" \
	'ok    bug/default
ok    bug/fixed
ok    other/default
ok    other/fixed
4 variants'
ok 'a directory with -v' "$CDMASIM" run -v "$tmp/dir"
has 'reports expected findings' "$out" 'SUMMARY'
exits 1 'a directory and a file that differs' "$CDMASIM" run "$tmp/dir" "$surprise"
has 'reports what was not expected' "$out" '(surprise, variant default)'

exits 5 'an empty directory' "$CDMASIM" run "$tmp/empty"
exits 5 'no such variant' "$CDMASIM" run --variant=nix "$bug"
has 'is said' "$out" "no variant is called 'nix'"
ok 'a variant' "$CDMASIM" run --variant='f*' "$bug"
has 'only that' "$out" '1 variant: 1 as expected'

exits 2 'no such file' "$CDMASIM" run "$tmp/none.dma"
has 'names it' "$out" "$tmp/none.dma"
exits 2 '-D without a value' "$CDMASIM" run -D rmb "$bug"
exits 2 '-D of no param' "$CDMASIM" run -D rbm=1 "$bug"
has 'suggests one' "$out" "'rmb'"
has 'and points at the name' "$out" "    1 | rbm=1
      | ^~~"
ok '--fail' "$CDMASIM" run --fail='dma_alloc every 1' --variant=fixed "$bug"
exits 1 'takes the memory away' "$CDMASIM" run --fail=dma_alloc \
	--variant=default "$bug"
has 'so nothing is found' "$out" \
	'expected unordered_read at r_len against w_len'
exits 2 '--fail of what cannot fail' "$CDMASIM" run --fail='dma_aloc #2' "$bug"
has 'suggests one' "$out" "did you mean 'dma_alloc'?"
exits 2 '--fail with a mistake' "$CDMASIM" run --fail='dma_alloc 2' "$bug"
has 'is shown with its place' "$out" '--fail:1:11: error: '
sed 's/READ_ONCE/READ_ONSE/' "$bug" >"$tmp/wrong.dma"
exits 2 'a mistake in a scenario' "$CDMASIM" run "$tmp/wrong.dma" "$bug"
has 'is shown with its place' "$out" "$tmp/wrong.dma:14:"
has 'and other files are run' "$out" 'ok    bug/default'

cat >"$tmp/bounded.dma" <<'END'
scenario bounded "more steps than a run may have";
device nic;
setup { coherent rx = dma_alloc_coherent(nic, le32[1], ZEROED); }
thread dma on nic { for (i in 0..2000) for (k in 0..1000) rx[0] = k; }
teardown { free(rx); }
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
exits 2 'a mistake that shows when it runs' "$CDMASIM" run "$tmp/divides.dma"
has 'has a place' "$out" 'divides.dma:5:10: error: division by zero
        u32 z = 5 / y;'
has 'and is no pass' "$out" 'ERROR divides/default: given up'
exits 3 'inconclusive' "$CDMASIM" run "$tmp/bounded.dma"
has 'four such schedules are enough' "$out" \
	'given up: 4 schedules did not end within 1000000 steps'
has 'is said' "$out" 'OPEN  bounded/default'
exits 3 'fewer steps' "$CDMASIM" run --steps=1000 "$tmp/bounded.dma"
has 'are said' "$out" 'did not end within 1000 steps; --steps allows more'
exits 0 'more are enough' \
	"$CDMASIM" run --steps=5000000 --schedules=1 "$tmp/bounded.dma"
exits 2 'none are too few' "$CDMASIM" run --steps=0 "$tmp/bounded.dma"
exits 1 'worse wins' "$CDMASIM" run --schedules=1 "$tmp/bounded.dma" "$surprise"

# The same input, seed and options: the same bytes.
"$CDMASIM" run -v "$tmp/dir" "$surprise" >"$tmp/1" 2>&1
"$CDMASIM" run -v "$tmp/dir" "$surprise" >"$tmp/2" 2>&1
ok 'a second run says the same' cmp "$tmp/1" "$tmp/2"
(cd / && TZ=Asia/Tokyo LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 \
	"$CDMASIM" run -v "$tmp/dir" "$surprise") >"$tmp/3" 2>&1
ok 'anywhere' cmp "$tmp/1" "$tmp/3"
ok 'another seed' "$CDMASIM" run --seed=0x5eed "$bug"

# Colour: --color, else NO_COLOR, else FORCE_COLOR, else the terminal.
colour() {
	out=$("$@" 2>&1) || :
	esc=$(printf '\033')
	case $out in *"$esc"*) echo yes ;; *) echo no ;; esac
}
same 'no colour in a pipe' "$(colour "$CDMASIM" run "$bug")" no
same '--color=always' "$(colour "$CDMASIM" run --color=always "$bug")" yes
same 'FORCE_COLOR' "$(colour env FORCE_COLOR=1 "$CDMASIM" run "$bug")" yes
same 'CLICOLOR_FORCE' "$(colour env CLICOLOR_FORCE=1 "$CDMASIM" run "$bug")" yes
same 'CLICOLOR_FORCE=0' "$(colour env CLICOLOR_FORCE=0 "$CDMASIM" run "$bug")" no
same 'NO_COLOR wins over it' \
	"$(colour env NO_COLOR=1 FORCE_COLOR=1 "$CDMASIM" run "$bug")" no
same 'an empty NO_COLOR says nothing' \
	"$(colour env NO_COLOR= FORCE_COLOR=1 "$CDMASIM" run "$bug")" yes
same '--color wins over all' "$(colour env NO_COLOR=1 FORCE_COLOR=1 \
	"$CDMASIM" run --color=always "$bug")" yes
same '--color=never too' "$(colour env FORCE_COLOR=1 \
	"$CDMASIM" run --color=never "$bug")" no

# Without running.
ok 'check' "$CDMASIM" check "$tmp/dir"
has 'counts' "$out" '2 files, 4 variants: ok'
ok 'check -q' "$CDMASIM" check -q "$tmp/dir"
same 'says nothing' "$out" ''
exits 2 'check of a mistake' "$CDMASIM" check "$tmp/wrong.dma"
exits 5 'check of nothing' "$CDMASIM" check "$tmp/empty"
ok 'list' "$CDMASIM" list "$tmp/dir"
has 'names file and scenario' "$out" "$bug: bug, a test"
has 'and what is expected' "$out" 'unordered_read at r_len against w_len'
exits 5 'list of nothing' "$CDMASIM" list --variant=nix "$tmp/dir"
exits 2 'list of a mistake' "$CDMASIM" list "$tmp/wrong.dma"

# Formatting.
ok 'fmt' "$CDMASIM" fmt "$tmp/dir"
ok 'fmt --check afterwards' "$CDMASIM" fmt --check "$tmp/dir"
sed 's/^/ /' "$bug" >"$tmp/ugly.dma"
chmod 640 "$tmp/ugly.dma"
cp "$tmp/ugly.dma" "$tmp/kept.dma"
exits 1 'fmt --check of an ugly file' "$CDMASIM" fmt --check "$tmp/ugly.dma"
has 'names it' "$out" "$tmp/ugly.dma: not formatted"
ok 'and leaves it alone' cmp "$tmp/ugly.dma" "$tmp/kept.dma"
"$CDMASIM" fmt - <"$tmp/ugly.dma" >"$tmp/filtered.dma"
ok 'fmt in place' "$CDMASIM" fmt "$tmp/ugly.dma"
ok 'is what the filter gives' cmp "$tmp/ugly.dma" "$tmp/filtered.dma"
same 'the mode is kept' "$(stat -c %a "$tmp/ugly.dma")" 640

# What of a directory is no scenario, whatever it is called.
mkdir "$tmp/odd" "$tmp/odd/below"
cp "$surprise" "$tmp/odd/"
mkfifo "$tmp/odd/pipe.dma"
ln -s self.dma "$tmp/odd/self.dma"
ln -s ../below "$tmp/odd/below/loop"
exits 1 'a pipe and links that lead nowhere' "$CDMASIM" run "$tmp/odd"
has 'a pipe is left out' "$out" 'odd/pipe.dma is left out: it is no file'
has 'and a link to itself' "$out" 'odd/self.dma is left out'
has 'and one to a directory above' "$out" 'odd/below/loop is left out'

cp "$tmp/wrong.dma" "$tmp/garbage.dma"
echo '}}}' >>"$tmp/garbage.dma"
cp "$tmp/garbage.dma" "$tmp/kept.dma"
exits 2 'fmt of garbage' "$CDMASIM" fmt "$tmp/garbage.dma"
ok 'leaves it alone' cmp "$tmp/garbage.dma" "$tmp/kept.dma"
exits 4 'fmt of no file' "$CDMASIM" fmt "$tmp/none.dma"

done_testing
