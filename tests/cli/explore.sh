#!/bin/sh
# SPDX-License-Identifier: MIT
#
# cdmasim explore: it visits exactly what the best published algorithms visit,
# says what it covered, and agrees with the whole corpus.
. "${srcdir:-.}/tests/tap.sh"

# covered WHAT WANT FILE: so many executions, none of them blocked.
covered() {
	got=$("$CDMASIM" explore "$3" | grep 'covered:' |
		sed 's/ execution.*;/;/; s/^ *//')
	same "$1" "$got" "covered: $2; 0 blocked"
}

# A writer of one word and N readers.
readers() {
	echo 'scenario readers "one writer";'
	echo 'shared u32 x;'
	echo 'thread w on cpu { WRITE_ONCE(x, 1); }'
	for i in $(seq "$1"); do
		echo "thread r$i on cpu { u32 v = READ_ONCE(x); }"
	done
}

# Store buffering: thread i writes x[i] and reads its neighbour's.
sb() {
	echo 'scenario sb "store buffering";'
	echo "shared u32 x[$1];"
	for i in $(seq 0 $(($1 - 1))); do
		echo "thread t$i on cpu {"
		echo "WRITE_ONCE(x[$i], 1);"
		echo "u32 v = data_race(READ_ONCE(x[$(((i + 1) % $1))])); }"
	done
}

# a[j] = a[j-1] + 1, and a reader that scans down to the first zero.
lastzero() {
	echo 'scenario lastzero "scan down";'
	echo "shared u32 a[$(($1 + 1))];"
	for j in $(seq "$1"); do
		echo "thread w$j on cpu {"
		echo "WRITE_ONCE(a[$j], READ_ONCE(a[$((j - 1))]) + 1); }"
	done
	echo "thread r on cpu { for (i in 0..$(($1 + 1))) {"
	echo "if (data_race(READ_ONCE(a[$1 - i])) == 0) break; } }"
}

# A one-pass ring: the reader looks at a status at most twice.
ring() {
	echo 'scenario ring "one pass";'
	echo 'struct slot { u32 payload; u32 pad; u32 status; u32 pad2; };'
	echo 'device dev;'
	echo "setup { coherent r = dma_alloc_coherent(dev, slot[$1], ZEROED); }"
	echo 'thread w on dev {'
	echo "for (i in 0..$1) { r[i].payload = 7; r[i].status = 1; } }"
	echo "thread rd on cpu { for (i in 0..$1) {"
	echo 'u32 s = READ_ONCE(r[i].status);'
	echo 'if (!s) s = READ_ONCE(r[i].status);'
	echo 'if (!s) break;'
	echo 'dma_rmb();'
	echo 'u32 v = READ_ONCE(r[i].payload); } }'
	echo 'teardown { free(r); }'
}

for n in 1 3 8; do
	readers $n >"$tmp/readers.dma"
	covered "readers($n)" $((1 << n)) "$tmp/readers.dma"
done
for n in 2 3 4; do
	sb $n >"$tmp/sb.dma"
	covered "sb($n)" $(((1 << n) - 1)) "$tmp/sb.dma"
done
for row in '4 28' '5 64' '10 3328'; do
	set -- $row
	lastzero "$1" >"$tmp/lastzero.dma"
	covered "lastzero($1)" "$2" "$tmp/lastzero.dma"
done
for row in '2 7' '3 15' '4 31'; do
	set -- $row
	ring "$1" >"$tmp/ring.dma"
	covered "ring($1)" "$2" "$tmp/ring.dma"
done

# N who insert into a table of 128 words, by cmpxchg(): up to 11 of them do not
# meet, and of 12 three do, in eight ways.
indexer() {
	echo 'scenario indexer "hash table";'
	echo 'shared u32 t[128];'
	for i in $(seq 0 $(($1 - 1))); do
		echo "thread i$i on cpu { for (m in 1..5) {"
		echo "u32 v = m * 11 + $i;"
		echo 'u32 h = v * 7 % 128;'
		echo 'for (k in 0..128) {'
		echo 'if (cmpxchg(t[h], 0, v) == 0) break;'
		echo 'h = (h + 1) % 128; } } }'
	done
}

# N queues with nothing in common: a bit lock, a descriptor, a doorbell each.
queues() {
	echo 'scenario mq "queues";'
	echo 'struct desc { le32 len; le32 flags; };'
	echo "device nic { regs { u32 db[$1]; } };"
	echo "shared u32 busy[$1];"
	echo "setup { coherent r = dma_alloc_coherent(nic, desc[$1], ZEROED);"
	echo 'if (!r) return -ENOMEM; }'
	for q in $(seq 0 $(($1 - 1))); do
		echo "thread q$q on cpu {"
		echo "if (test_and_set_bit(0, busy[$q])) return;"
		echo "WRITE_ONCE(r[$q].len, 64);"
		echo 'dma_wmb();'
		echo "WRITE_ONCE(r[$q].flags, 1);"
		echo "writel(1, nic.db[$q]);"
		echo "u32 old = test_and_clear_bit(0, busy[$q]); }"
	done
	echo 'teardown { free(r); }'
}

# A queue pair with N commands: who waits for a doorbell, or for a status, is
# not let go by each store to it, and is not tried where it could not go on.
nvme() {
	echo 'scenario nvme "queue pair with doorbells";'
	echo 'struct sqe { le32 cid; le32 arg; };'
	echo 'struct cqe { le32 result; le16 cid; le16 status; };'
	echo 'device ctrl { regs { u32 sq_db; u32 cq_db; } };'
	echo "setup { coherent sq = dma_alloc_coherent(ctrl, sqe[$1], ZEROED);"
	echo "coherent cq = dma_alloc_coherent(ctrl, cqe[$1], ZEROED);"
	echo 'if (!sq || !cq) return -ENOMEM; }'
	echo "thread submit on cpu { for (i in 0..$1) {"
	echo 'WRITE_ONCE(sq[i].cid, i);'
	echo 'WRITE_ONCE(sq[i].arg, 100 + i);'
	echo 'writel(i + 1, ctrl.sq_db); } }'
	echo "thread dev on ctrl { for (i in 0..$1) {"
	echo 'poll (ctrl.sq_db > i) max 1000 else return;'
	echo 'u32 a = sq[i].arg;'
	echo 'cq[i].result = a + 1;'
	echo 'cq[i].status = 1; } }'
	echo "thread reap on cpu { for (i in 0..$1) {"
	echo 'poll (READ_ONCE(cq[i].status) == 1) max 1000 else return;'
	echo 'dma_rmb();'
	echo 'u32 r = READ_ONCE(cq[i].result);'
	echo 'assert(r == 101 + i);'
	echo 'writel(i + 1, ctrl.cq_db); } }'
	echo 'teardown { free(cq); free(sq); }'
}

for row in '2 1' '11 1' '12 8'; do
	set -- $row
	indexer "$1" >"$tmp/indexer.dma"
	covered "indexer($1)" "$2" "$tmp/indexer.dma"
done
queues 3 >"$tmp/queues.dma"
covered 'three queues with nothing in common' 1 "$tmp/queues.dma"
for row in '4 14' '6 132'; do
	set -- $row
	nvme "$1" >"$tmp/nvme.dma"
	covered "nvme($1)" "$2" "$tmp/nvme.dma"
done

# A ring of N slots, passed twice; either side looks twice at a slot.
rounds() {
	echo 'scenario rounds "a ring, twice round";'
	echo "shared u32 len[$1];"
	echo "shared u32 valid[$1];"
	echo "thread w on cpu { for (m in 0..$((2 * $1))) {"
	echo 'bool got = false;'
	echo 'for (look in 0..2) {'
	echo "if (smp_load_acquire(valid[m % $1]) == 0) { got = true; break; } }"
	echo 'if (!got) return;'
	echo "len[m % $1] = 64 + m;"
	echo "smp_store_release(valid[m % $1], 1); } }"
	echo "thread r on cpu { for (m in 0..$((2 * $1))) {"
	echo 'bool got = false;'
	echo 'for (look in 0..2) {'
	echo "if (smp_load_acquire(valid[m % $1])) {"
	echo "u32 x = len[m % $1];"
	echo 'assert(x == 64 + m);'
	echo "smp_store_release(valid[m % $1], 0);"
	echo 'got = true; break; } }'
	echo 'if (!got) return; } }'
}

# In weak memory a read that misses a store is one that came before it, where it
# can.  (By reads-from alone sb(4) has 16: the one that no order of steps shows
# has four here, one for each read that may be the late one.)
weak() {
	"$@"
	echo 'memory = weak;'
}
weak readers 8 >"$tmp/readersw.dma"
covered 'weak readers(8)' 256 "$tmp/readersw.dma"
for row in '2 5' '3 10' '4 19'; do
	set -- $row
	weak sb "$1" >"$tmp/sbw.dma"
	covered "weak sb($1)" "$2" "$tmp/sbw.dma"
done
weak rounds 3 >"$tmp/roundsw.dma"
covered 'weak ring of 3, twice' 3103 "$tmp/roundsw.dma"

# What others get wrong.
cat >"$tmp/own-read.dma" <<'END'
scenario own_read "a thread that reads a word before it writes it";
shared u32 status;
shared u32 data;
thread w on cpu {
	if (READ_ONCE(status) == 0) {
		WRITE_ONCE(data, 1);
		WRITE_ONCE(status, 1);
	}
}
thread r on cpu {
	u32 s = READ_ONCE(status);
	u32 d = data_race(READ_ONCE(data));
	if (s) assert(d == 2);
}
expect assertion;
END
exits 0 'a read before the write hides nothing' \
	"$CDMASIM" explore "$tmp/own-read.dma"

cat >"$tmp/mixed.dma" <<'END'
scenario mixed "a 64-bit store polled by its 32-bit half";
struct two { u32 low; u32 high; };
device dev;
setup { coherent m = dma_alloc_coherent(dev, two, ZEROED); }
thread w on dev { *(u64 *)dma_handle(m) = 0x100000001; }
thread r on cpu { u32 v = READ_ONCE(m.high); }
teardown { free(m); }
END
covered 'mixed sizes' 2 "$tmp/mixed.dma"

cat >"$tmp/poll.dma" <<'END'
scenario poll "a poll that turns a thousand times";
shared u32 flag;
shared u32 other;
thread w on cpu {
	for (i in 0..20) WRITE_ONCE(other, i);
	WRITE_ONCE(flag, 1);
}
thread r on cpu { poll (READ_ONCE(flag) == 1) max 1000; }
END
covered 'a poll of 1000 turns' 1 "$tmp/poll.dma"

cat >"$tmp/out.dma" <<'END'
scenario out "a poll that runs out";
shared u32 flag;
thread w on cpu { WRITE_ONCE(flag, 2); }
thread r on cpu { poll (READ_ONCE(flag) == 1) max 1000 else assert(0); }
expect always assertion;
END
covered 'running out is explored once' 1 "$tmp/out.dma"

cat >"$tmp/deadlock.dma" <<'END'
scenario deadlock "two locks, two orders";
spinlock a;
spinlock b;
thread t on cpu { spin_lock(a); spin_lock(b); spin_unlock(b); spin_unlock(a); }
thread u on cpu { spin_lock(b); spin_lock(a); spin_unlock(a); spin_unlock(b); }
expect stuck;
END
covered 'deadlock: two ways through, and one into it' 3 "$tmp/deadlock.dma"

# Bounds are told.
exits 3 'a bound makes it inconclusive' \
	"$CDMASIM" explore --executions=5 "$tmp/ring.dma"
has "and says so" "$out" 'not covered: 5 executions tried, 0 blocked; stopped by --executions'
exits 3 'so does time' "$CDMASIM" run --time=1ms --schedules=1000000000 \
	"$tmp/ring.dma"
has "and says so" "$out" 'schedules tried; stopped by --time'
exits 2 'a bound of nothing' "$CDMASIM" explore --executions=0 "$tmp/ring.dma"

# Preemptions: none, then one, and so on; what needs one is not seen without.
cat >"$tmp/lost.dma" <<'END'
scenario lost "an update that is lost";
shared u32 x;
thread t on cpu { u32 v = READ_ONCE(x); WRITE_ONCE(x, v + 1); }
thread u on cpu { u32 v = READ_ONCE(x); WRITE_ONCE(x, v + 1); }
final { assert(x == 2); }
variant known { expect assertion; }
END
# bounded K VARIANT FILE
bounded() {
	"$CDMASIM" explore --preemptions="$1" --variant="$2" "$3"
}
exits 3 'no preemption: not found, and open' bounded 0 default "$tmp/lost.dma"
has 'and it says what stopped it' "$out" \
	'2 executions tried, 0 blocked; stopped by --preemptions=0: at least 2 executions with more not tried'
exits 1 'one preemption: found' bounded 1 default "$tmp/lost.dma"
has 'not in those without' "$out" 'seen in 2 of 4 schedules'
exits 3 'one preemption: as expected, but open' bounded 1 known "$tmp/lost.dma"
exits 0 'two preemptions: that is all' bounded 2 known "$tmp/lost.dma"
has 'and it says so' "$out" 'covered: 6 executions, all'
same 'three find no more' "$(bounded 3 known "$tmp/lost.dma")" "$out"
exits 2 'a bound that is no number' bounded few default "$tmp/lost.dma"

exits 3 'a deadlock needs a preemption' bounded 0 default "$tmp/deadlock.dma"
exits 0 'one is enough' bounded 1 default "$tmp/deadlock.dma"
exits 0 'a switch from a wait is free' bounded 0 default "$tmp/poll.dma"
exits 0 'so is one to a poll that runs out' bounded 0 default "$tmp/out.dma"

cat >"$tmp/late.dma" <<'END'
scenario late "a read that sees the store before the last";
shared u32 x;
thread w on cpu { WRITE_ONCE(x, 1); WRITE_ONCE(x, 2); }
thread r on cpu { assert(data_race(READ_ONCE(x)) != 1); }
END
exits 3 'no preemption, and all reads see the last store' \
	bounded 0 default "$tmp/late.dma"
exits 1 'a late read is no preemption' \
	"$CDMASIM" explore --memory=weak --preemptions=0 "$tmp/late.dma"

# What it covers is as the scenarios expect; the rest is open.
exits 3 'the corpus' "$CDMASIM" explore --preemptions=99 --executions=2000 \
	"$srcdir/scenarios"
same 'is as expected' "$(printf '%s\n' "$out" | grep '^FAIL')" ''

# Exhaustive and random agree on every scenario there is.
ok 'the corpus' "$CDMASIM" explore --executions=100000 "$srcdir/scenarios"
same 'is the same twice' "$("$CDMASIM" explore "$tmp/sb.dma")" \
	"$("$CDMASIM" explore "$tmp/sb.dma")"
done_testing
