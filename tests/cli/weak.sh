#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Weak memory: what is found in strong memory is found in weak memory too, on
# every scenario; what is more is a consequence; and it can be replayed.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

# found MEMORY: a line for each finding, "scenario/variant: id at x against y".
found() {
	"$CDMASIM" run --memory="$1" "$srcdir/scenarios" |
		sed -n 's/^\(ok  \|FAIL\)  //p' |
		awk -F ': ' '{
			n = split($2, f, "; ")
			for (i = 1; i <= n; i++) {
				sub(/, in .*/, "", f[i])
				sub(/ in [0-9]+ schedules$/, "", f[i])
				if (f[i] !~ /^(nothing|not as)/)
					print $1 ": " f[i]
			}
		}' | sort -u
}
found strong >"$tmp/strong"
found weak >"$tmp/weak"
ok 'there are findings to compare' test "$(wc -l <"$tmp/strong")" -gt 150
same 'weak memory hides no finding' \
	"$(comm -23 "$tmp/strong" "$tmp/weak" | sed 's/ against .*//')" ''

# What wrong values lead to is a finding more, and only in broken drivers: a
# store over one that the load before it missed, DMA to half an address.  And
# what says memory = strong shows what it must not.
differs=$("$CDMASIM" run -q --memory=weak "$srcdir/scenarios" |
	awk '/^FAIL/ { sub(/:$/, "", $2); name = $2 }
	     sub(/.* not expected: /, "") { print name ": " $1 }' | sort)
same 'and adds what follows from late loads' "$differs" \
	'barrier_before_the_loop/default: assertion
ccp5_int_rcvd/default: assertion
e100_s_bit/default: assertion
flexrm_cmpl/default: assertion
i915_csb/default: device_order
macb_64bit_addr/default: out_of_bounds
nic_ring/default: assertion
nvme_shadow_doorbell/strong: assertion
unmapped_while_busy/strict: assertion
virtio_split_ring/no_read_barrier: assertion
virtio_split_ring/no_read_barrier: unordered_read
wbm2sw_hp_stale/default: device_order'

kick=$srcdir/scenarios/weak/nvme-shadow-doorbell.dma
ok 'the lost kick' "$CDMASIM" run --variant=default "$kick"
has 'is reported' "$out" 'a_hang: assert(db.done == 1);'
replay=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p')
has 'with the late read' "$replay" ':rf=1'
eval "ok 'and replayed' \"\$CDMASIM\" $replay"
has 'in one schedule' "$out" 'a_hang: assert(db.done == 1);'

exits 1 'it is not lost where no load is late' \
	"$CDMASIM" run --memory=strong --variant=default "$kick"
has 'that was expected' "$out" 'expected assertion at a_hang'
ok 'a scenario may choose strong memory' "$CDMASIM" run --variant=strong "$kick"
exits 1 'and be overruled' \
	"$CDMASIM" run --memory=weak --variant=strong "$kick"
has 'the replay says so' "$out" ' --memory=weak'
exits 2 'another memory' "$CDMASIM" run --memory=none "$kick"

# The log says which store a read saw.
ok 'logged' "$CDMASIM" run --log "$tmp/log" --variant=default "$kick"
ok 'shown' "$CDMASIM" show "$tmp/log/nvme_shadow_doorbell.default.assertion"
has 'a late read' "$out" ' rf #'

cat >"$tmp/late.dma" <<'END'
scenario late "b sees the flag, and not the second value";
shared u32 x;
shared u32 y;
thread a on cpu {
	WRITE_ONCE(x, 1);
	WRITE_ONCE(x, 2);
	WRITE_ONCE(y, 1);
}
thread b on cpu {
	poll (READ_ONCE(y)) max 9 else return;
	u32 v = READ_ONCE(x);
l:	assert(v != 1);
}
memory = weak;
expect assertion at l, then anything;
expect unordered_publish;
END
ok 'one that saw a store' "$CDMASIM" run --log "$tmp/late" "$tmp/late.dma"
"$CDMASIM" show --width=160 "$tmp/late/late.default.assertion" >"$tmp/shown"
first=$(sed -n 's/^ *\([0-9]*\) *write x+0x0: 0x1$/\1/p' "$tmp/shown")
has 'is followed to it, not to the newest' "$(cat "$tmp/shown")" \
	"read x+0x0: 0x1 rf #$first <-#$first"
done_testing
