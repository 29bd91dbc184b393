#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The scenarios as a whole: each names its source, a bug comes with its fix, and
# their reports can be read.  (That each is as it says is a test of its own.)
: "${SANITIZER:=no}"
. "${srcdir:-.}/tests/tap.sh"

# without WORDS FILE...: the files in which no line begins with WORDS.
without() {
	words=$1
	shift
	for file; do
		grep -q "^[^/]*$words" "$file" || echo "${file#"$srcdir"/}"
	done
}

# reports FILE: what is found in its default variant.
reports() {
	"$CDMASIM" run -v --variant=default "$srcdir/scenarios/$1" 2>&1
}

set -- "$srcdir"/scenarios/*/*.dma
same 'each says where it comes from' "$(without 'source "' "$@")" ''
same 'each can be silent' "$(without 'expect nothing[; ]' "$@" |
	grep -v '^scenarios/cases/')" ''
same 'but for the correct drivers, each finds something' "$(
	without 'expect \(setup\|stuck;\|\(always \)*[a-z_]* \(at\|of\|under\) \)' "$@" |
		grep -v '^scenarios/\(\(cases\|controls\)/\|machines/right-\)')" ''

ok 'all are formatted' "$CDMASIM" fmt --check "$srcdir"/scenarios

# One seed must not be lucky; and what is right stays right when a call fails
# that can.  A sanitizer sees the same code run, and looks at a part.
if [ "$SANITIZER" = no ]; then
	ok 'all are as expected under another seed' \
		"$CDMASIM" run -q --seed=20 --schedules=400 "$srcdir"/scenarios
	ok 'all are as expected whatever fails' \
		"$CDMASIM" run -q --schedules=60 --faults=each \
		"$srcdir"/scenarios
else
	ok 'faults are as expected whatever fails' \
		"$CDMASIM" run -q --schedules=10 --faults=each \
		"$srcdir"/scenarios/leaks "$srcdir"/scenarios/start
fi

# Each execution of the manual is a scenario with the same verdict.
sed -n 's/^| \([0-9]*\) | [^|]* | \([^|]*\) |.*/\1 \2/p' \
	"$srcdir/doc/memory-model.md" >"$tmp/rows"
ok 'the manual has executions' test "$(wc -l <"$tmp/rows")" -ge 36
while read -r nr verdict; do
	case $verdict in
	\`*) want=${verdict#?} want="expect always ${want%%\`*} " ;;
	*) want='expect nothing;' ;;
	esac
	# Number 29 cannot be forced without the branch that it must not have.
	[ "$nr" = 29 ] && want='expect unordered_write '
	# Nor number 20 without something that would be believed.
	[ "$nr" = 20 ] && want='expect data_race '
	has "execution $nr" "$(cat "$srcdir/scenarios/cases/$(
		printf %02d "$nr")"-*.dma)" "$want"
done <"$tmp/rows"

out=$(reports ordering/idpf-ctlq-dd.dma)
has 'a missing barrier: which read' "$out" \
	'r_ret: u16 desc_err = READ_ONCE(cq[ntc].ret_val) & 0xff;'
has 'what it may miss' "$out" 'w_ret: cq[i].ret_val = 0x10 + i;'
has 'what it relied on' "$out" 'poll (READ_ONCE(cq[ntc].flags)'
has 'and the cure' "$out" 'help: add dma_rmb() after '

out=$(reports masks/asm1061-43bit.dma)
has 'too many address bits' "$out" 'the device drives 43 bits.'
out=$(reports publish/hubris-own-midfetch.dma)
has 'an address of nothing' "$out" 'The DMA address was 0x123.'
cat >"$tmp/zero.dma" <<'EOF'
scenario zero "an address that nobody has filled in";
device d { regs { u32 go; } };
thread dev on d { *(u8 *)0 = 1; }
expect out_of_bounds;
EOF
has 'the address of nothing, 0' "$("$CDMASIM" run "$tmp/zero.dma")" \
	'The DMA address was 0x0.'
case $out in
*'It reaches from'*) result 1 'has no place in memory' ;;
*) result 0 'has no place in memory' ;;
esac
out=$(reports values/phantom-split-64.dma)
has 'a store in halves' "$out" 'One of the two was made in pieces'

done_testing
