#!/bin/sh
# SPDX-License-Identifier: MIT
#
# soak-kill.sh CDMASIM N: a run that is logged is killed at a random moment, N
# times.  Whatever it left is read to its end, and is what the log of the same
# run has that nobody killed, as far as it goes.
set -eu
cdmasim=$1 n=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$tmp/long.dma" <<'END'
scenario long "stores and looks in a loop";
shared u32 word;
shared u32 other;
thread a on cpu { for (n in 0..60000) { WRITE_ONCE(word, n); } }
thread b on cpu { for (n in 0..60000) { u32 seen = READ_ONCE(other); } }
END
run() {
	exec "$cdmasim" run --schedules=1 --steps=100000000 --log="$1" \
		"$tmp/long.dma" >"$tmp/out" 2>&1
}
show() {
	"$cdmasim" show -v --width=200 "$1/long.default"
}

begun=$(date +%s%N)
(run "$tmp/whole") || { cat "$tmp/out"; exit 1; }
took=$((($(date +%s%N) - begun) / 1000))
show "$tmp/whole" >"$tmp/whole.txt"

i=0 early=0 late=0
while [ "$i" -lt "$n" ]; do
	i=$((i + 1))
	rm -rf "$tmp/log"
	run "$tmp/log" &
	pid=$!
	# Somewhere within the run, in microseconds.
	at=$(od -An -N4 -tu4 /dev/urandom)
	at=$((at % took))
	sleep "$(printf '%d.%06d' $((at / 1000000)) $((at % 1000000)))"
	kill -9 "$pid" 2>/dev/null || late=$((late + 1))
	wait "$pid" 2>/dev/null || :
	# Before there was a log there is nothing to be read.
	if [ ! -e "$tmp/log/long.default/metadata" ]; then
		early=$((early + 1))
		continue
	fi
	if ! show "$tmp/log" >"$tmp/part.txt"; then
		echo "kill $i, after $at us: the log cannot be read" >&2
		exit 1
	fi
	lines=$(wc -l <"$tmp/part.txt")
	if ! head -n "$lines" "$tmp/whole.txt" | cmp -s - "$tmp/part.txt"; then
		echo "kill $i, after $at us: the log is not that of the run" >&2
		exit 1
	fi
done
echo "$n killed: $early before there was a log, $late after the end;" \
	"all others left what could be read, up to its last event"
