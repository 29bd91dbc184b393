#!/bin/sh
# SPDX-License-Identifier: MIT
#
# --faults=each and pairs, and `under faults' of a scenario.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

# hasnt WHAT TEXT PART: passes when TEXT does not contain PART.
hasnt() {
	case $2 in
	*"$3"*) result 1 "$1" ;;
	*) result 0 "$1" ;;
	esac
}

# probe FORGETS EXPECTATION: three allocations, each of which may fail.
probe() {
	cat <<-END
	scenario probe "a probe";
	param forgets = $1;
	device nic { regs { u32 go; } };
	setup {
		coherent a = dma_alloc_coherent(nic, u8[64], ZEROED);
		if (!a) return -ENOMEM;
		coherent b = dma_alloc_coherent(nic, u8[64], ZEROED);
		if (!b) { free(a); return -ENOMEM; }
		coherent c = dma_alloc_coherent(nic, u8[64], ZEROED);
		if (!c) {
			if (!forgets) free(b);
			free(a);
			return -ENOMEM;
		}
	}
	teardown { free(c); free(b); free(a); }
	thread dma on nic { if (nic.go) return -EIO; }
	$2
	END
}
good=$tmp/good.dma bad=$tmp/bad.dma asks=$tmp/asks.dma wrong=$tmp/wrong.dma
probe 0 'expect nothing;' >"$good"
probe 1 'expect nothing;' >"$bad"
probe 1 'expect leak of b under faults each;' >"$asks"
probe 1 'expect leak of a under faults each;' >"$wrong"

for command in run explore; do
	ok "$command: no fault unless asked for" "$CDMASIM" "$command" "$bad"
	hasnt "$command: and none is spoken of" "$out" 'faults:'
	ok "$command: each" "$CDMASIM" "$command" --faults=each "$good"
	has "$command: how many" "$out" \
		'faults: 3 tried (dma_alloc 3); never passed: '
	has "$command: error returns" "$out" 'error returns taken: 3 of 4'
	has "$command: those that are left" "$out" \
		"not at $good:17:33: thread dma on nic { if (nic.go) return -EIO; }"
	hasnt "$command: what a fault reaches is reached" "$out" \
		'lines never reached'
	exits 1 "$command: a rung that is missing" \
		"$CDMASIM" "$command" --faults=each "$bad"
	has "$command: the fault is in the title" "$out" \
		'BUG: cdmasim: leak in setup  (probe, variant default, with dma_alloc #3)'
	has "$command: and in the line that replays it" "$out" \
		"--fail='dma_alloc #3'"
	has "$command: and in the verdict" "$out" \
		'FAIL  probe/default with dma_alloc #3: not as expected'
	ok "$command: a scenario asks for it" "$CDMASIM" "$command" "$asks"
	has "$command: and gets it" "$out" 'faults: 3 tried'
	ok "$command: all runs are shown" "$CDMASIM" "$command" -v "$asks"
	has "$command: with what each found" "$out" \
		'ok    probe/default with dma_alloc #3: leak in '
	exits 1 "$command: what no fault shows" "$CDMASIM" "$command" "$wrong"
	has "$command: is missing" "$out" \
		'expected leak of a under faults each: it came of none'
	exits 1 "$command: without the fault it is a finding" \
		"$CDMASIM" "$command" --fail='dma_alloc #3' "$asks"
done

# An error path that goes on meets the next fault.
cat >"$tmp/pair.dma" <<'END'
scenario pair "a fallback, whose failure is forgotten";
device nic;
setup {
	coherent a = dma_alloc_coherent(nic, u8[64], ZEROED);
	if (!a) return -ENOMEM;
	coherent big = dma_alloc_coherent(nic, u8[8192], ZEROED);
	if (!big) {
		coherent small = dma_alloc_coherent(nic, u8[64], ZEROED);
		if (!small) return -ENOMEM;
		free(small);
	}
}
teardown { free(big); free(a); }
expect nothing;
END
ok 'one fault does not show it' "$CDMASIM" run --faults=each "$tmp/pair.dma"
exits 1 'a pair does' "$CDMASIM" run --faults=pairs "$tmp/pair.dma"
has 'both are in the title' "$out" \
	'leak in setup  (pair, variant default, with dma_alloc #2, dma_alloc #3)'
has 'and counted' "$out" 'faults: 2 tried (dma_alloc 2), and 1 pair;'

# What needs no fault is said once, and not of each that did not strike.
cat >"$tmp/always.dma" <<'END'
scenario always "a leak without any fault";
device nic;
setup { coherent a = dma_alloc_coherent(nic, u8[64], ZEROED); }
expect nothing;
END
exits 1 'a leak without a fault' "$CDMASIM" run --faults=each "$tmp/always.dma"
same 'is said once' "$(echo "$out" | grep -c ^FAIL)" 1

# A label on an error path is asked of all runs together.
rung() {
	probe 0 "expect leak of b at f_b under faults each;
	variant fixed { expect nothing under faults each; }
	shared u32 rungs;" | sed "/forgets)/s/\$/ $1 f_b: rungs = 1;/"
}
rung '' >"$tmp/reached.dma"
ok 'some fault comes to it' "$CDMASIM" run --variant=fixed "$tmp/reached.dma"
rung 'if (rungs)' >"$tmp/unreached.dma"
exits 3 'or none does' "$CDMASIM" run --variant=fixed "$tmp/unreached.dma"
has 'which makes it vacuous' "$out" "'f_b' was never reached"

# In parts: the same, whoever does it.
"$CDMASIM" run --faults=each "$bad" >"$tmp/alone"
for how in -j2 --journal="$tmp/journal" --journal="$tmp/journal"; do
	"$CDMASIM" run --faults=each "$how" "$bad" >"$tmp/parts"
	same "the same with $how" "$(cat "$tmp/parts")" "$(cat "$tmp/alone")"
done
for command in run explore; do
	"$CDMASIM" "$command" --faults=each "$bad" >"$tmp/alone"
	for i in 1 2 3; do
		"$CDMASIM" "$command" --faults=each --shard=$i/3 \
			--journal="$tmp/$command.$i" "$bad" >/dev/null
	done
	"$CDMASIM" merge "$tmp/$command.1" "$tmp/$command.2" \
		"$tmp/$command.3" >"$tmp/merged"
	same "$command: the same in shards" "$(cat "$tmp/merged")" \
		"$(cat "$tmp/alone")"
done

# What a scenario does not model, and what fails in the middle.
cat >"$tmp/call.dma" <<'END'
scenario call "functions that may fail";
device nic { regs { u32 v; } irq vec: msi; };
struct hdr { le32 a; le32 b; le32 c; };
fn plain(x) { return x; }
fn eeprom(x) may fail -EIO { return x; }
setup {
	box b = dma_alloc(nic, hdr, ZEROED);
	if (!b) return -ENOMEM;
	int err = init_at(b, 0, { .a = 1, .b = 2, .c = 3 });
	s64 v = eeprom(7);
	assert(v == 7 || v == -EIO);
	free(b);
	if (err) return err;
	if (v < 0) return v;
}
expect nothing;
END
ok 'each field, and each function' "$CDMASIM" run --faults=each "$tmp/call.dma"
has 'are counted' "$out" 'faults: 5 tried (dma_alloc 1, init_at 3, call 1);'
ok 'a field without its buffer' "$CDMASIM" run \
	--fail='init_at #1 at field b' "$tmp/call.dma"
ok 'a byte' "$CDMASIM" run --fail='init_at at byte 8' "$tmp/call.dma"
ok 'a function' "$CDMASIM" run --fail='call of eeprom' "$tmp/call.dma"
bad() {
	exits 2 "not '$1'" "$CDMASIM" run --fail="$1" "$tmp/call.dma"
	has "because: $2" "$out" "$2"
}
bad 'init_at at field x' 'of which buffer?'
bad 'dma_alloc at byte 8' "'dma_alloc' fails as a whole, not at a byte"
bad 'call of plain' "'plain' does not say that it may fail"
bad 'call of nobody' "there is no function 'nobody'"
bad 'call with -EIO' 'a call fails with what its function says'

# What a broken device does, and what it cannot.
cat >"$tmp/device.dma" <<'END'
scenario device "a device that may be broken";
device nic { regs { u32 go; u32 idle; } irq vec: msi; irq line: intx; };
device quiet;
setup {
	coherent rx = dma_alloc_coherent(nic, le32[2], ZEROED);
	if (!rx) return -ENOMEM;
	writel(1, nic.go);
}
thread dma on nic {
	poll (nic.go) max 1000 else return;
	rx[0] = 1;
	rx[1] = 1;
	raise(nic.vec);
}
shared u32 seen;
irq h on nic.vec { WRITE_ONCE(seen, 1); }
teardown { free(rx); }
final {
	assert(rx[0] == 1);
}
expect nothing;
END
exits 1 'a device fault' "$CDMASIM" run --fail='nic drop write #1' \
	"$tmp/device.dma"
has 'is told of' "$out" 'A fault of the device came before: drop write, at'
replay=$(echo "$out" | sed -n 's/^replay: cdmasim //p' | head -1)
exits 1 'replays' sh -c "\"$CDMASIM\" $replay"
has 'as it was' "$out" 'A fault of the device came before: drop write, at'
ok 'another write' "$CDMASIM" run --fail='nic drop write #2' "$tmp/device.dma"
exits 1 'any write, at random' "$CDMASIM" run --fail='nic drop write' \
	"$tmp/device.dma"
exits 1 'any write, all of them' "$CDMASIM" explore --fail='nic drop write' \
	"$tmp/device.dma"
has 'one of three ways' "$out" 'in 1 of 3 schedules'
ok 'one that comes late' "$CDMASIM" explore --fail='nic delay write' \
	"$tmp/device.dma"
ok 'an interrupt for nothing' "$CDMASIM" explore \
	--fail='nic spurious irq of vec' "$tmp/device.dma"
exits 1 'a removal' "$CDMASIM" explore --fail='nic remove' "$tmp/device.dma"
bad() {
	exits 2 "not '$1'" "$CDMASIM" run --fail="$1" "$tmp/device.dma"
	has "because: $2" "$out" "$2"
}
bad 'nic dorp write' "a device has no fault 'dorp write'; did you mean 'drop write'?"
bad 'nik drop write' "unknown device 'nik'"
bad 'quiet drop write' "'quiet' has no thread, so it writes nothing"
bad 'quiet drop irq' "'quiet' has no interrupt"
bad 'quiet ones readl' "'quiet' has no registers"
bad 'nic drop write of tx' "unknown buffer 'tx'"
bad 'nic drop irq of rx' "'nic' has no interrupt 'rx'"
bad 'nic drop writel of stop' "stop"
bad 'nic spurious irq' "which of the interrupts of 'nic'?"
bad 'nic spurious irq of vec #2' 'comes at any moment, and once'
bad 'nic late irq of vec' "'vec' is an MSI, which nobody shares"
bad 'nic remove of rx' 'all of a device is removed'
bad 'nic drop write with -EIO' 'gives no error'
bad 'nic drop write at byte 2' 'is not at a place of something'
bad 'nic drop write at bit 2' "'flip write' is"
bad 'dma_alloc at bit 2' "'flip write' of a device is"
bad 'none of rx' "all that there is to say"

# A ladder: each way into it is one.
cat >"$tmp/ladder.dma" <<'END'
scenario ladder "a ladder";
device nic;
static le64 *a, *b;
static dma_addr_t a_dma, b_dma;
static int probe(void)
{
	a = dma_alloc_coherent(nic, 64, &a_dma, GFP_KERNEL);
	if (!a) goto err;
	b = dma_alloc_coherent(nic, 64, &b_dma, GFP_KERNEL);
	if (!b) goto err_a;
	if (b_dma == 0) goto err_a;
	goto done;
err_a:
	dma_free_coherent(nic, 64, a, a_dma);
err:
	return -ENOMEM;
done:
	return 0;
}
setup { int err = probe(); if (err) return err; }
teardown {
	dma_free_coherent(nic, 64, b, b_dma);
	dma_free_coherent(nic, 64, a, a_dma);
}
expect nothing;
END
ok 'a ladder' "$CDMASIM" run --faults=each "$tmp/ladder.dma"
has 'has an error exit for each goto' "$out" 'error returns taken: 3 of 4'
has 'and says which was not taken' "$out" \
	"not at $tmp/ladder.dma:11:18: if (b_dma == 0) goto err_a;"

# As the kernel decides it.  What chance says is in the schedule.
cat >"$tmp/attr.dma" <<'END'
scenario attr "two rungs and a thread that allocates";
param forgets = 0;
device nic { regs { u32 go; } };
setup {
	coherent a = dma_alloc_coherent(nic, u8[64], ZEROED);
	if (!a) return -ENOMEM;
	coherent b = dma_alloc_coherent(nic, u8[64], ZEROED);
	if (!b) {
		if (!forgets) free(a);
		return -ENOMEM;
	}
}
thread grow on cpu {
	coherent c = dma_alloc_coherent(nic, u8[64], ZEROED);
l_use:	WRITE_ONCE(a[0], 1);
	coherent d = dma_alloc_coherent(nic, u8[64], ZEROED);
	if (forgets) {
a_c:		assert(!err(c));
a_d:		assert(!err(d));
	}
	free(c);
	free(d);
}
teardown { free(b); free(a); }
expect nothing;
END
ok 'chance' "$CDMASIM" run --fail=dma_alloc,probability=20,times=-1 \
	"$tmp/attr.dma"
exits 1 'shows it' "$CDMASIM" run -D forgets=1 --variant=default \
	--fail=dma_alloc,probability=20,times=-1 "$tmp/attr.dma"
has 'with no fault but the one that it needs' "$out" ': setup setup:fault=1'
replay=$(echo "$out" | sed -n 's/^replay: cdmasim //p' | grep setup:fault)
exits 1 'it replays' sh -c "\"$CDMASIM\" $replay"
has 'as it was' "$out" ': setup setup:fault=1'
exits 1 'all ways' "$CDMASIM" explore -D forgets=1 \
	--fail='dma_alloc of b, probability=1' "$tmp/attr.dma"
"$CDMASIM" explore -D forgets=1 --fail=dma_alloc,probability=1,times=-1 \
	"$tmp/attr.dma" >"$tmp/alone"
"$CDMASIM" explore -j2 -D forgets=1 \
	--fail=dma_alloc,probability=1,times=-1 "$tmp/attr.dma" >"$tmp/parts"
same 'the same in parts' "$(cat "$tmp/parts")" "$(cat "$tmp/alone")"
exits 1 'on threads' "$CDMASIM" run --threads -D forgets=1 \
	--fail='dma_alloc of b, probability=50' "$tmp/attr.dma"
exits 1 'an interval' "$CDMASIM" run -D forgets=1 \
	--fail=dma_alloc,probability=100,interval=2 "$tmp/attr.dma"
exits 1 'any call' "$CDMASIM" run -D forgets=1 --fail=any,fail-nth=2 \
	"$tmp/attr.dma"
has 'as fail-nth does' "$out" 'leak in setup'
ok 'in a scenario' sh -c "sed 's/^expect nothing;/fail dma_alloc of b, probability=50, times=-1; &/' \"$tmp/attr.dma\" | \"$CDMASIM\" explore -"
bad() {
	exits 2 "not '$1'" "$CDMASIM" run --fail="$1" "$tmp/attr.dma"
	has "because: $2" "$out" "$2"
}
bad dma_alloc,prob=3 "no attribute 'prob'"
bad dma_alloc,times=-1 'with probability 0'
bad dma_alloc,probability=1,times=0 'with times 0 nothing fails'
bad dma_alloc,probability=101 'it can be 0 to 100'
bad dma_alloc,times=-2 'times cannot be -2'
bad 'dma_alloc #2, probability=3' 'a number or attributes, not both'
bad 'nic remove, probability=3' 'a device is no call of the kernel'
bad 'any with -EIO' "'any' fails with what each site fails with"
bad 'fail dma_alloc #2' "leave out the word 'fail'"
bad 'fault nic remove' "leave out the word 'fault'"
bad 'fault nic drop write' "leave out the word 'fault'"

# Windows.
strikes() {
	exits 1 "'$1' strikes" "$CDMASIM" explore -D forgets=1 --fail="$1" \
		"$tmp/attr.dma"
	has "'$1' strikes at $2" "$out" "$2"
	same "'$1' strikes there alone" "$(echo "$out" | grep -c ^BUG)" 1
}
strikes 'dma_alloc #2 in setup' 'leak in setup'
strikes 'dma_alloc in grow' 'a_c: assert'
strikes 'dma_alloc #2 in grow' 'a_d: assert'
strikes 'dma_alloc after l_use' 'a_d: assert'
strikes 'any in grow after l_use' 'a_d: assert'
ok 'no second after it' "$CDMASIM" run \
	--fail='dma_alloc #2 after l_use' "$tmp/attr.dma"
has 'which is said' "$out" 'warning: dma_alloc #2 after l_use never failed'
bad 'dma_alloc in grwo' "there is no thread 'grwo'; did you mean 'grow'?"
bad 'dma_alloc after l_us' "unknown label 'l_us'; did you mean 'l_use'?"
bad 'dma_alloc at l_us' "unknown label 'l_us'; did you mean 'l_use'?"
bad 'nic remove in grow' 'comes at any moment'

# The one list of sites.
ok 'they are listed' "$CDMASIM" list --faults
has 'with what passes them' "$out" 'iomap              -ENOMEM       pcim_iomap_'
for site in $(echo "$out" | sed -n '/^of a/d; s/^\([a-z_]*\) .*/\1/p; /^drop/q' | grep -vx 'as\|drop'); do
	has "the manual knows $site" "$(cat "$srcdir/doc/scenarios.md")" "\`$site\`"
done
has 'those of devices, too' "$out" 'drop write         -             a write'
echo "$out" | sed -n '/^of a device/,$s/^\([a-z][a-z]*\( [a-z]*\)\{0,1\}\)  .*/\1/p' >"$tmp/sites"
while read -r site; do
	has "the manual knows $site" "$(cat "$srcdir/doc/scenarios.md")" "\`$site\`"
done <"$tmp/sites"

exits 2 'a mode that there is not' "$CDMASIM" run --faults=all "$good"
has 'is said' "$out" "'all' is not one of said|each|pairs"
done_testing
