#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Output that cannot be written, and signals.
. "${srcdir:-.}/tests/tap.sh"

cat >"$tmp/quick.dma" <<'END'
scenario quick "a test";
device nic;
setup { coherent rx = dma_alloc_coherent(nic, le32[1], ZEROED); }
thread dma on nic { rx[0] = 1; }
thread other on nic { rx[0] = 2; }
teardown { free(rx); }
expect nothing;
END
sed 's/scenario quick/scenario second/' "$tmp/quick.dma" >"$tmp/second.dma"

# full WHAT COMMAND...: into a full disk.
full() {
	full_what=$1
	shift
	exits 4 "$full_what to a full disk" \
		sh -c 'exec "$@" >/dev/full' sh "$@"
	has 'says so' "$out" 'standard output: No space left on device'
}
if [ -c /dev/full ]; then
	full run "$CDMASIM" run "$tmp/quick.dma"
	full list "$CDMASIM" list "$tmp/quick.dma"
	full 'list --findings' "$CDMASIM" list --findings
	full check "$CDMASIM" check "$tmp/quick.dma"
	full explain "$CDMASIM" explain leak
	full help "$CDMASIM" help
	full 'run --help' "$CDMASIM" run --help
	full version "$CDMASIM" --version
	full 'fmt -' "$CDMASIM" fmt - <"$tmp/quick.dma"
else
	skip 'a full disk' 'no /dev/full'
fi

# Streams that are closed are not what is opened next.
for fd in 0 1 2; do
	sh -c "exec \"\$@\" $fd>&-" sh "$CDMASIM" run --journal="$tmp/j.$fd" \
		--html="$tmp/h.$fd" "$tmp/quick.dma" >"$tmp/out" 2>&1
	same "stream $fd is closed" $? $((fd == 1 ? 4 : 0))
	same 'the journal has its lines' "$(grep -vc '^{.*}$' "$tmp/j.$fd")" 0
	same 'the page begins as it does' "$(head -c 9 "$tmp/h.$fd")" '<!DOCTYPE'
done
exits 4 'standard input is closed' sh -c 'exec "$@" <&-' sh \
	"$CDMASIM" check -

# What could not be written is not there: half of it might look whole.
small() {
	small_what=$1
	shift
	exits 4 "$small_what on a full disk" \
		sh -c 'ulimit -f 1; exec "$@"' sh "$@"
	has 'says so' "$out" 'File too large'
}
bug=$(find "$srcdir/scenarios/ordering" -name "*.dma" | sort | head -n 1)
for format in html svg lcov json jsonl junit sarif perfetto; do
	small "$format" "$CDMASIM" run --variant=default -v \
		--format=$format:"$tmp/full.out" "$srcdir/scenarios/ordering"
	same 'and takes it back' "$(ls "$tmp/full.out" 2>&1 | grep -c No)" 1
done
small save "$CDMASIM" run --save="$tmp/saved" "$bug"
small log "$CDMASIM" run --log="$tmp/logged" "$bug"
same 'nothing half saved' "$(ls "$tmp/saved")" ''

# A pipe whose reader has gone before anything is written.
mkfifo "$tmp/gone"
{
	read -r _ <"$tmp/gone"
	"$CDMASIM" run "$tmp/quick.dma" 2>"$tmp/err"
	echo $? >"$tmp/status"
} | {
	exec <&-
	echo >"$tmp/gone"
}
same 'a closed pipe' "$(cat "$tmp/status")" 4
same 'is no news' "$(cat "$tmp/err")" ''

# interrupted SIGNAL: while the second of two scenarios runs.
interrupted() {
	env --default-signal="$1" "$CDMASIM" run --schedules=10000000000 \
		--log="$tmp/log-$1" --variant=default "$tmp/second.dma" \
		>"$tmp/out" 2>&1 &
	pid=$!
	# The signal waits from the moment that it is blocked.
	while kill -0 $pid && ! grep -q "^SigBlk:.*[1-9a-f]" /proc/$pid/status
	do :; done 2>/dev/null
	kill "-$1" $pid
	wait $pid
	same "$1 kills" $? "$2"
	has 'with a line for the variant' "$(cat "$tmp/out")" 'OPEN  second/default'
	same 'and a trace' "$(ls "$tmp/log-$1")" 'second.default'
	has 'and the sum so far' "$(cat "$tmp/out")" 'interrupted; so far: 1 variant'
}
if [ -r /proc/self/status ] && env --default-signal=INT true 2>/dev/null; then
	interrupted INT 130
	interrupted TERM 143
	interrupted HUP 129
	# One that came before it began waits, too.
	env --default-signal=INT --block-signal=INT sh -c 'kill -INT $$
		exec "$@"' sh "$CDMASIM" explore "$srcdir/scenarios/litmus" \
		>"$tmp/out" 2>&1
	same 'an interrupt ends litmus tests' $? 3
	has 'and says so' "$(cat "$tmp/out")" ' not looked at'
else
	skip 'signals' 'no /proc, or no env --default-signal'
fi

done_testing
