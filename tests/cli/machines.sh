#!/bin/sh
# SPDX-License-Identifier: MIT
#
# --machine, and machine in a scenario.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

where=$srcdir/scenarios/machines

# rx MACHINE EXPECTATION: a receive path without a sync.
rx() {
	cat <<-END
	scenario rx "a receive path without a sync";
	device nic { regs { u64 addr; u32 go; u32 done; } };
	thread rx on cpu {
		buffer skb = kzalloc(u8[64]);
		if (!skb) return -ENOMEM;
		dma_addr_t map = dma_map_single(nic, skb, 64, DMA_FROM_DEVICE);
		if (dma_mapping_error(nic, map)) { kfree(skb); return -EIO; }
		writeq(map, nic.addr);
		writel(1, nic.go);
		poll (readl(nic.done)) max 1000 else return -ETIMEDOUT;
	r_len:	u8 len = skb[0];
		dma_unmap_single(nic, map, 64, DMA_FROM_DEVICE);
		kfree(skb);
	}
	thread dma on nic {
		poll (nic.go) max 1000 else return;
	w_len:	*(u8 *)(nic.addr) = 46;
		nic.done = 1;
	}
	$1
	$2
	END
}

# lines TEXT: those that say where it is right and where wrong.
lines() {
	printf '%s\n' "$1" | grep -E '^      (right|wrong|nothing|not known)'
}

rx 'machine = sev;' 'expect missing_sync at r_len against w_len;' >"$tmp/sev.dma"
rx 'machine = x86;' 'expect nothing;' >"$tmp/x86.dma"
rx '' 'expect nothing;' >"$tmp/any.dma"
rx 'machine = arm;' 'expect nothing;' >"$tmp/arm.dma"
rx 'machine = "x86,line=9";' 'expect nothing;' >"$tmp/line.dma"

ok 'wrong under SEV, as it says' "$CDMASIM" run "$tmp/sev.dma"
has 'the machine is in the report' "$out" '(rx, variant default, on sev)'
has 'and in the line' "$out" 'rx/default on sev: missing_sync'
ok 'right on a PC' "$CDMASIM" run "$tmp/x86.dma"
exits 1 'by what the kernel promises it is wrong' "$CDMASIM" run "$tmp/any.dma"
ok 'which an option can change' "$CDMASIM" run --machine=x86 "$tmp/any.dma"
exits 1 'in both directions' "$CDMASIM" run --machine=any "$tmp/x86.dma"
exits 1 'also for explore' "$CDMASIM" explore --machine=arm64,swiotlb=none \
	"$tmp/x86.dma"

exits 2 'a machine that is none' "$CDMASIM" check "$tmp/arm.dma"
has 'says which there are' "$out" \
	'machines are any, x86, x86_high, x86_iommu, sev, arm64'
exits 2 'a line of 9 bytes' "$CDMASIM" check "$tmp/line.dma"
has 'says where it is wrong' "$out" "a line has 8, 16, ... 4096 bytes, at '9'"
exits 2 'and so does the option' "$CDMASIM" run --machine=x86,iommu=fast \
	"$tmp/sev.dma"
has 'in the same words' "$out" "expected none, strict or lazy, at 'fast'"

ok 'each' "$CDMASIM" run --machine=each --schedules=20 "$tmp/sev.dma"
same 'says where it is right and where wrong' "$(lines "$out")" \
"      right on x86, x86_high, x86_iommu
      wrong on sev, arm64, arm64_smmu, arm32: missing_sync"
ok 'one that has a machine is asked about that one' "$CDMASIM" run -q \
	--machine=each --schedules=20 "$tmp/x86.dma"
cp "$where/shared-line.dma" "$tmp/shared.dma"
sed -i '/^machine = /d;/^expect /s/.*/expect nothing;/;/^variant/,$d' \
	"$tmp/shared.dma"
ok 'what is right without a machine' "$CDMASIM" run "$tmp/shared.dma"
exits 1 'may be wrong on one' "$CDMASIM" run --machine=each --schedules=20 \
	"$tmp/shared.dma"
has 'and is reported there' "$out" \
	'FAIL  shared_line/default on arm64: not as expected'
same 'and summed up' "$(lines "$out")" \
"      right on x86, x86_high, x86_iommu, sev
      wrong on arm64, arm64_smmu, arm32: shared_line"

one=$("$CDMASIM" explore --machine=each "$tmp/sev.dma" 2>&1)
two=$("$CDMASIM" explore --machine=each -j 2 "$tmp/sev.dma" 2>&1)
same 'two processes say the same' "$(lines "$two")" "$(lines "$one")"
ok 'with a journal' "$CDMASIM" run --machine=each --schedules=20 \
	--journal="$tmp/j" "$tmp/sev.dma"
want=$(lines "$out")
ok 'from the journal' "$CDMASIM" merge "$tmp/j"
same 'it is the same' "$(lines "$out")" "$want"
ok 'as JSON' "$CDMASIM" run --machine=each --schedules=20 --format=json \
	"$tmp/sev.dma"
has 'there is a result of its own' "$out" '"is": "machines"'

out=$("$CDMASIM" run --machine=arm64_smmu "$tmp/any.dma" 2>&1)
line=$(printf '%s\n' "$out" | sed -n 's/^replay: cdmasim //p' | head -1)
has 'a replay says the machine' "$line" '--machine=arm64_smmu'
exits 1 'and shows it again' sh -c "\"\$0\" $line" "$CDMASIM"
has 'on that machine' "$out" 'variant default, on arm64_smmu)'
exits 1 'a saved one' "$CDMASIM" run --machine=arm64_smmu --save="$tmp/saved" \
	"$tmp/any.dma"
has 'has it' "$(cat "$tmp"/saved/*.sched)" 'machine "arm64_smmu"'
exits 1 'and is replayed by it' "$CDMASIM" replay "$tmp"/saved/*.sched
exits 2 'but not on each' "$CDMASIM" replay --machine=each \
	"$tmp"/saved/*.sched
exits 2 'a litmus test has no machine' "$CDMASIM" explore --machine=x86 \
	"$srcdir/scenarios/litmus/dma-CoRR.litmus"

for file in "$where"/right-*.dma; do
	name=$(basename "$file" .dma)
	ok "$name" "$CDMASIM" explore --machine=each "$file"
	same "$name: right on all machines" "$(lines "$out" | sort -u)" \
"      right on x86, x86_high, x86_iommu, sev, arm64, arm64_smmu, arm32"
done
# What is not streaming is the same everywhere, and so are the rest's fixes.
ok 'the corpus on each machine' "$CDMASIM" run -q --machine=each \
	--schedules=3 "$srcdir/scenarios/machines" "$srcdir/scenarios/streaming" \
	"$srcdir/scenarios/masks"

done_testing
