#!/bin/sh
# SPDX-License-Identifier: MIT
#
# untrusted_value: what a hostile device may have written is an index, a length or
# an address; by where it comes from, not by what it is.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

cat >"$tmp/u.dma" <<'END'
scenario ut "untrusted";
param how = 0;
struct d { le32 len; le32 id; le32 st; };
device nic { untrusted = 1; regs { u32 head; u32 n; } };
shared u32 table[64];
struct keep { u32 id; };
shared u32 kept;
setup {
	coherent r = dma_alloc_coherent(nic, d[2], ZEROED);
	if (!r) return -ENOMEM;
}
thread dev on nic { r[0].id = 3; r[0].len = 3; r[0].st = 1; nic.head = 1; }
thread drv on cpu {
	poll (READ_ONCE(r[0].st)) max 100 else return;
	dma_rmb();
	u32 id = READ_ONCE(r[0].id);
	if (how == 0) {
		WRITE_ONCE(table[id], 1);
	}
	if (how == 1) {
		if (id >= 64) return -EINVAL;
		WRITE_ONCE(table[id], 1);
	}
	if (how == 2) WRITE_ONCE(table[id % 64], 1);
	if (how == 3) WRITE_ONCE(table[min(id, 63)], 1);
	if (how == 4) {
		if (id >= 64) return -EINVAL;
		u32 again = READ_ONCE(r[0].id);
		WRITE_ONCE(table[again], 1);
	}
	if (how == 5) {
		kept = id;
		WRITE_ONCE(table[kept], 1);
	}
	if (how == 6) {
		kept = id;
		if (id >= 64) return -EINVAL;
		WRITE_ONCE(table[kept], 1);
	}
	if (how == 7) {
		u32 h = readl(nic.head);
		WRITE_ONCE(table[h], 1);
	}
	if (how == 8) {
		buffer b = kmalloc(u8[64]);
		u64 m = dma_map_single(nic, b, id, DMA_TO_DEVICE);
		if (dma_mapping_error(nic, m)) return;
		dma_unmap_single(nic, m, 3, DMA_TO_DEVICE);
		kfree(b);
	}
	if (how == 13) { u32 *p = table; p = p + id; *p = 1; }
	if (how == 14) { u32 *p = table; p[id] = 1; }
	if (how == 15) {
		buffer b = kzalloc(u8[64]);
		memset(b[0..id], 1);
		kfree(b);
	}
	if (how == 16) {
		u32 st = READ_ONCE(r[0].st);
		WRITE_ONCE(kept, st);
	}
	if (how == 17) {
		window w = as_ref(r[1]);
		u32 plain = w.id;
		end(w);
		WRITE_ONCE(table[plain], 1);
	}
	if (how == 18) {
		d both = copy_read(r[0]);
		if (both.len > 8) return;
		WRITE_ONCE(table[both.id], 1);
	}
	if (how == 19) {
		d both = copy_read(r[0]);
		if (both.id > 8) return;
		WRITE_ONCE(table[both.id], 1);
	}
	if (how == 9) {
		WRITE_ONCE(r[1].id, 5);
		u32 own = READ_ONCE(r[1].id);
		WRITE_ONCE(table[own], 1);
	}
	if (how == 10) {
		buffer k = kzalloc(u32[4]);
		u64 m = dma_map_single(nic, k, 16, DMA_FROM_DEVICE);
		if (dma_mapping_error(nic, m)) return;
		dma_unmap_single(nic, m, 16, DMA_FROM_DEVICE);
		u32 x = k[1];
		WRITE_ONCE(table[x], 1);
		kfree(k);
	}
	if (how == 11) {
		u32 tab[4];
		u32 y = tab[id];
	}
	if (how == 12) {
		u32 sw = 0;
		switch (id) { case 3: sw = 3; break; default: return; }
		WRITE_ONCE(table[id], 1);
	}
}
teardown { free(r); }
expect nothing;
END
sed 's/untrusted = 1/untrusted = 0/' "$tmp/u.dma" >"$tmp/trusted.dma"

# HOW, whether it is found, and what it is.
while read -r how found what; do
	"$CDMASIM" run -D how="$how" "$tmp/u.dma" >"$tmp/out" 2>&1
	same "$what" "$(grep -c '^BUG: cdmasim: untrusted_value' "$tmp/out")" \
		"$found"
	same "$what: nothing else" "$(grep -c ^BUG "$tmp/out")" "$found"
	ok "$what: by a device that is trusted" "$CDMASIM" run -D how="$how" \
		"$tmp/trusted.dma"
done <<'END'
0 1 an index
1 0 an index that was compared
2 0 a remainder
3 0 the smaller of two
4 1 what was compared, and read again
5 1 through memory of the driver
6 0 through memory, and compared meanwhile
7 1 a register
8 1 the length of a map
9 1 what the driver wrote itself, and read back
10 1 a buffer that came back
11 1 an index of a local
12 0 a switch
13 1 arithmetic with a pointer
14 1 a pointer with an index
15 1 the length of a range
16 0 a value that is no more than that
17 1 a plain read
18 1 a copy, of which another field was compared
19 0 a copy, of which that field was compared
END
exits 1 'on threads' "$CDMASIM" run --threads -D how=0 "$tmp/u.dma"
exits 1 'in all orders' "$CDMASIM" explore -D how=5 "$tmp/u.dma"
done_testing
