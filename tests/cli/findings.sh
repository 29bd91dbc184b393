#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every kind of finding has a page, and every page an example that has just
# this finding.
. "${srcdir:-.}/tests/tap.sh"

"$CDMASIM" list --findings | awk '{ print $1 }' >"$tmp/ids"
result "$(test -s "$tmp/ids"; echo $?)" 'there are findings'
sort "$tmp/ids" >"$tmp/sorted"
for page in "$srcdir"/doc/findings/*.md; do
	basename "$page" .md
done | sort >"$tmp/pages"
same 'every id has a page, every page an id' "$(cat "$tmp/pages")" \
	"$(cat "$tmp/sorted")"

ok 'explain lists them' "$CDMASIM" explain
list=$out
while read -r id; do
	has "$id is listed" "$list" "  $id "
	page=$srcdir/doc/findings/$id.md
	"$CDMASIM" explain "$id" >"$tmp/text" 2>&1
	ok "$id is explained by its page" cmp "$tmp/text" "$page"
	ok "$id fits a screen" awk 'END { exit NR > 40 }' "$page"

	awk '/^```$/ { on = 0 } on; /^```dma$/ { on = 1 }' "$page" \
		>"$tmp/$id.dma"
	ok "the example of $id runs as expected" "$CDMASIM" run -v "$tmp/$id.dma"
	has "and has $id" "$out" "SUMMARY: cdmasim: $id "
	# Its expectations replace nothing: what is found is what it names.
	found=$(printf '%s\n' "$out" |
		sed -n 's/^SUMMARY: cdmasim: \([a-z_]*\) .*/\1/p' | sort -u)
	named=$(sed -n 's/^expect \([a-z_]*\).*/\1/p' "$tmp/$id.dma" | sort -u)
	same "and nothing that it does not name" "$found" "$named"
done <"$tmp/ids"

# What an access got that the model judged before it was done.
cat >"$tmp/got.dma" <<'END'
scenario got "reads of what is not there, or was never written";
device nic;
contract = rust;
setup { coherent c = dma_alloc_coherent(nic, le32[2]); }
thread t on cpu {
	u32 v = READ_ONCE(c[0]);
	assert(v);
	WRITE_ONCE(c[1], 7);
	free(c);
	u32 w = READ_ONCE(c[1]);
}
expect uninit_read;
expect cpu_uaf;
END
ok 'reads of nothing' "$CDMASIM" run "$tmp/got.dma"
has 'what nobody wrote is used' "$out" 'it is asserted'
has 'and the read in between' "$out" 'its value was fetched by this read of 4'
has 'and where it comes from' "$out" 'coherent c = dma_alloc_coherent(nic, le32[2]);'
has 'what was freed is not what was written' "$out" \
	"it read 0xa7a7a7a7, which is nobody's data"

exits 2 'no such finding' "$CDMASIM" explain frobnicate
has 'says where they are' "$out" "cdmasim explain"
ok 'several at once' "$CDMASIM" explain leak data-race
has 'the first' "$out" '# leak'
has 'and the second' "$out" '# data_race'
exits 2 'one of several is wrong' "$CDMASIM" explain leak laek

# The doorbell of another CPU is to blame, not what that CPU has read.
"$CDMASIM" run "$srcdir/scenarios/cases/13-relaxed-doorbell.dma" >"$tmp/bell" 2>&1
has 'a relaxed doorbell is told as one' "$(cat "$tmp/bell")" \
	'a relaxed register write waits for no write to memory'

# An access that may still be under way when its memory ends came before that.
cat >"$tmp/before.dma" <<'END'
scenario before "a read before the free, and nothing orders it";
device nic { regs { u64 ring; u32 go; } };
setup {
	coherent r = dma_alloc_coherent(nic, le32[2], ZEROED);
	if (!r) return -ENOMEM;
	writeq(dma_handle(r), nic.ring);
	writel(1, nic.go);
}
thread hw on nic {
	poll (nic.go) max 10 else return;
	u32 v = *(le32 *)(nic.ring);
}
thread remove on cpu { writel(0, nic.go); free(r); }
expect device_uaf;
END
ok 'a read before a free' "$CDMASIM" run "$tmp/before.dma"
has 'says which came first' "$out" 'nothing orders it before this free by'
case $out in
*'The DMA address was'*) result 1 'and no address that it has not' ;;
*) result 0 'and no address that it has not' ;;
esac

# A bug may make a loop run away: it is told what was found before.
cat >"$tmp/away.dma" <<'END'
scenario away "two CPUs reclaim without a lock";
shared u32 dirty;
shared u32 cur = 1;
static void reclaim(void)
{
	while (dirty != cur) max 8
		dirty++;
}
thread a on cpu { reclaim(); }
thread b on cpu { reclaim(); }
expect data_race;
END
exits 2 'a loop that runs away' "$CDMASIM" run "$tmp/away.dma"
has 'is a mistake' "$out" 'this loop goes on after its max'
has 'that comes of a finding' "$out" 'BUG: cdmasim: data_race in '

# A device changes its own register in one step, in an expression, too.
cat >"$tmp/step.dma" <<'END'
scenario step "nothing that a CPU sets is lost";
device nic { regs { u32 r w1s; } };
thread hw on nic { u32 x = nic.r++; }
thread t on cpu { writel(0x100, nic.r); }
final { assert(nic.r & 0x100); }
expect nothing;
END
ok 'a register that counts' "$CDMASIM" explore "$tmp/step.dma"

done_testing
