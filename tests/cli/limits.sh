#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Too much of something: refused, with the place and the number, or ended with
# a message.
. "${srcdir:-.}/tests/tap.sh"
: "${SANITIZER:=no}"

# refused WHAT TEXT: x.dma is.
refused() {
	exits 2 "$1" "$CDMASIM" check "$tmp/x.dma"
	has 'and says so' "$out" "$2"
}

# threads N: a scenario with so many.
threads() {
	echo 'scenario x;'
	seq "$1" | sed 's/.*/thread t& on cpu { u32 x = 1; }/'
	echo 'expect nothing;'
}
threads 64 >"$tmp/x.dma"
refused 'one thread too many' \
	"x.dma:65:8: error: 't64' is one thread or handler more than the 63"
threads 63 >"$tmp/x.dma"
ok 'as many as may be' "$CDMASIM" run --schedules=2 "$tmp/x.dma"

# arrays N: local arrays of a MiB each.
arrays() {
	printf 'scenario x;\nthread t on cpu {\n'
	seq "$1" | sed 's/.*/u8 a&[1 << 20]; memset(a&, 0, 1);/'
	printf '}\nexpect nothing;\n'
}
arrays 65 >"$tmp/x.dma"
refused 'an array too many' \
	'x.dma:67:4: error: with these 1048576 bytes'
has 'says what is left' "$out" '67108864 bytes that they may be; 0 are left'
arrays 64 >"$tmp/x.dma"
ok 'as many as may be' "$CDMASIM" check "$tmp/x.dma"

# one TYPE N: a variable of N bytes.
one() {
	printf 'scenario x;\n%s u8 x[%s];\nthread t on cpu { x[0] = 1; }\n' \
		"$1" "$2"
	echo 'expect nothing;'
}
one shared '(16 << 20) + 1' >"$tmp/x.dma"
refused 'shared: one byte too many' \
	'x.dma:2:13: error: it has 16777217 bytes; at most 16777216'
one shared '16 << 20' >"$tmp/x.dma"
ok 'as many as may be' "$CDMASIM" check "$tmp/x.dma"

# ---- memory of the host ----

for size in 0 x 1X M 1KK 99999999999G; do
	exits 2 "no size: $size" "$CDMASIM" run --memory-limit=$size "$tmp/x.dma"
	has 'says how it is said' "$out" "'$size' is not a size such as 512M or 4G"
done

cat >"$tmp/large.dma" <<'END'
scenario large;
device nic;
setup {
	coherent rx = dma_alloc_coherent(nic, u8[1 << 30], ZEROED);
	if (!rx) return -ENOMEM;
}
thread dma on nic { rx[0] = 1; }
teardown { free(rx); }
expect nothing;
END
case $SANITIZER in
no)
	ok 'what fits' "$CDMASIM" run --memory-limit=2G "$tmp/large.dma"
	exits 4 'what does not' "$CDMASIM" run --memory-limit=512M \
		--html="$tmp/page.html" "$tmp/large.dma"
	has 'says who' "$out" 'out of memory: '"$tmp"'/large.dma: large/default'
	has 'how much' "$out" ' wanted 1152 MiB more, with '
	has 'what helps' "$out" ' a larger --memory-limit helps; '
	same 'a page that is not done is not there' \
		"$(ls "$tmp/page.html" 2>&1 | grep -c No)" 1
	exits 4 'in another process' "$CDMASIM" run --memory-limit=1G -j2 \
		"$tmp/large.dma"
	has 'the same line' "$out" 'large/default wanted 1152 MiB more'
	has 'and what was done' "$out" 'stopped by want of memory'
	exits 4 'who writes a journal' "$CDMASIM" run --memory-limit=1G \
		--journal="$tmp/j" "$tmp/large.dma"
	same 'writes no case' "$(wc -l <"$tmp/j")" 1
	exits 4 'a limit of the shell' sh -c 'ulimit -v 500000; exec "$@"' sh \
		"$CDMASIM" run "$tmp/large.dma"
	has 'is not ours' "$out" "it takes a larger machine, or 'ulimit'"
	;;
*)
	skip 'a limit on memory' 'a sanitizer wants more than any'
	;;
esac

done_testing
