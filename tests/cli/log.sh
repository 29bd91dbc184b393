#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The access log: written by run --log, read by show and by babeltrace2, also
# when the writer was killed or the disk was full.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS

cat >"$tmp/bug.dma" <<'END'
scenario bug "a test";
param n = 2;
struct desc { le32 len; le32 done; };
device nic;
setup {
	box ring = dma_alloc(nic, desc[2], ZEROED);
	if (!ring) return -ENOMEM;
	coherent rx = expose(ring);
}
thread dma on nic {
	for (i in 0..n max 1000000) {
		rx[i & 1].len = 64 + i;
		rx[i & 1].done = i + 1;
	}
}
thread poll on cpu {
	for (i in 0..2) {
		poll (READ_ONCE(rx[i].done)) max 100 else return;
		u32 len = READ_ONCE(rx[i].len);
	}
}
teardown { free(rx); }
expect unordered_read;
variant second { expect unordered_read; }
END

if command -v babeltrace2 >/dev/null; then
	have_bt=true
else
	have_bt=false
fi

# readable WHAT TRACE: babeltrace2 reads it, and show has as many events.
readable() {
	"$CDMASIM" show -v "$2" >"$tmp/shown" 2>&1
	result $? "$1: show"
	shown=$(grep -cE '^ {0,4}[0-9]+ ' "$tmp/shown")
	if $have_bt; then
		babeltrace2 "$2" >"$tmp/bt" 2>"$tmp/bt.err"
		result $? "$1: babeltrace2"
		note "$(cat "$tmp/bt.err")"
		same "$1: both see the same events" "$shown" "$(grep -cEv \
			'\) (info|site|actor|name|finding): ' "$tmp/bt")"
	else
		skip "$1: babeltrace2" 'no babeltrace2'
	fi
}

log=$tmp/log
ok 'run --log' "$CDMASIM" run --log="$log" "$tmp/bug.dma"
same 'a trace of each finding' "$(ls "$log")" 'bug.default.unordered_read
bug.second.unordered_read'
readable 'a trace' "$log/bug.default.unordered_read"
ok 'show of a log' "$CDMASIM" show "$log"
has 'names the traces' "$out" "cdmasim show $log/bug.default.unordered_read"

ok 'show' "$CDMASIM" show "$log/bug.default.unordered_read"
text=$out
has 'names the schedule' "$text" 'bug/default, schedule '
for column in main 'dma (nic)' poll; do
	has "has a column $column" "$text" " $column"
done
has 'shows whose store was read' "$text" '<-#'
has 'shows the finding' "$text" '*** unordered_read: #'
has 'calls the memory by its new name' "$text" 'write rx+0x'
wide=$(printf '%s\n' "$text" | awk 'length > 80')
same 'fits 80 columns' "$wide" ''
ok 'show --width' "$CDMASIM" show --width=160 "$log/bug.default.unordered_read"
has 'shows the source' "$out" 'rx[i & 1].len = 64 + i;'
result "$(printf '%s\n' "$out" | awk 'length > 80 { wide = 1 }
	length > 160 { bad = 1 } END { print !wide || bad }')" 'uses 160'

# Late reads are marked, and the help says how.
ok 'a late read' "$CDMASIM" run --memory=weak --schedules=1 --first=4 \
	--variant=default --log="$tmp/late" "$tmp/bug.dma"
"$CDMASIM" show --help >"$tmp/help"
late=$(for i in 0 1 2 3 4 5 6 7; do
	rm -rf "$tmp/late"
	"$CDMASIM" run --memory=weak --schedules=1 --first=$i \
		--variant=default --log="$tmp/late" "$tmp/bug.dma" >/dev/null
	"$CDMASIM" show --width=200 "$tmp/late"
done | grep -o ' rf #[0-9]*' | head -n 1)
has 'is marked' "$late" ' rf #'
has 'as the help says' "$(cat "$tmp/help")" '"rf #3"'
has 'and whose store was read' "$(cat "$tmp/help")" '"<-#9"'

# Many threads in a narrow window.
cat >"$tmp/six.dma" <<'END'
scenario six "six threads";
shared u32 x;
thread alpha on cpu { WRITE_ONCE(x, 1); }
thread bravo on cpu { WRITE_ONCE(x, 2); }
thread charlie on cpu { WRITE_ONCE(x, 3); }
thread delta on cpu { WRITE_ONCE(x, 4); }
thread echo_thread_with_a_long_name on cpu { WRITE_ONCE(x, READ_ONCE(x) + READ_ONCE(x) + READ_ONCE(x) + READ_ONCE(x)); }
thread foxtrot on cpu { WRITE_ONCE(x, 6); }
END
"$CDMASIM" run --log="$tmp/six" --schedules=1 "$tmp/six.dma" >/dev/null
for width in 40 80 100 150; do
	ok "six threads in $width columns" "$CDMASIM" show --width=$width \
		"$tmp/six"
	same 'fit' "$(printf '%s\n' "$out" |
		awk "NR > 1 && length > $width")" ''
	for name in alpha bravo charlie delta echo foxtrot; do
		has "and $name is there" "$out" "$name"
	done
done
has 'what is cut says so' "$("$CDMASIM" show --width=60 "$tmp/six")" '...'

# Dependencies, names, places: a trace needs no other file.
if $have_bt; then
	babeltrace2 "$log/bug.default.unordered_read" >"$tmp/bt"
	for part in 'name: { table = ( "region"' 'name = "rx"' 'label = ' \
		'text = "rx[i & 1].len = 64 + i;"' \
		'key = "variant", value = "default"' \
		'finding: { id = "unordered_read"'; do
		has "the trace has $part" "$(cat "$tmp/bt")" "$part"
	done
fi

ok 'one schedule' "$CDMASIM" run --log="$tmp/one" --schedules=1 \
	--variant=default "$tmp/bug.dma"
same 'one trace' "$(ls "$tmp/one")" bug.default
ok 'show of a log with one trace' "$CDMASIM" show "$tmp/one"
has 'shows it' "$out" '*** unordered_read'

ok 'the same again' "$CDMASIM" run --log="$tmp/again" "$tmp/bug.dma"
ok 'gives the same bytes' diff -r "$log" "$tmp/again"

exits 4 'a log that exists' "$CDMASIM" run --log="$log" "$tmp/bug.dma"
has 'is named, and what to do' "$out" \
	"log $log: File exists; say a new directory"
ok 'and is not touched' diff -r "$log" "$tmp/again"
exits 4 'a log below nothing' "$CDMASIM" run --log="$tmp/none/log" \
	"$tmp/bug.dma"
exits 4 'a log below a file' "$CDMASIM" run --log="$tmp/bug.dma/log" \
	"$tmp/bug.dma"
if [ "$(id -u)" -ne 0 ]; then
	mkdir "$tmp/closed"
	chmod 555 "$tmp/closed"
	exits 4 'a log where none may be' "$CDMASIM" run \
		--log="$tmp/closed/log" "$tmp/bug.dma"
else
	skip 'a log where none may be' 'root may write everywhere'
fi

# No room: files end at 32 KiB.  In blocks of 512 bytes.
full=$tmp/full
exits 4 'no room for the log' sh -c 'ulimit -f 64; exec "$@"' sh \
	"$CDMASIM" run --schedules=1 --variant=default -D n=2000 \
	--log="$full" "$tmp/bug.dma"
has 'is said' "$out" "log $full/bug.default: File too large"
has 'after the result' "$out" 'ok    bug/default'
readable 'what was written before' "$full/bug.default"
result "$(test "$shown" -gt 300; echo $?)" 'was kept'

# kill_in DIR PACKET: log into DIR and kill that once the packet is there.  Gives
# the exit status, which is 0 when it came to its end before.
kill_in() {
	"$CDMASIM" run --schedules=1 --variant=default -D n=100000 \
		--log="$1" "$tmp/bug.dma" >"$tmp/killed.out" 2>&1 &
	pid=$!
	while ! [ -e "$1/bug.default/events-0000$2" ]; do
		kill -0 $pid 2>/dev/null || break
		sleep 0.01
	done
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
}

# Killed at any time.  It writes hundreds of packets, but on a busy machine we
# may come too late: then once more.
for try in 1 3 5; do
	for again in 1 2 3 4 5; do
		killed=$tmp/killed$try.$again
		kill_in "$killed" $try && status=0 || status=$?
		[ $status -eq 0 ] || break
	done
	same "killed in packet $try" $status 137
	readable "its trace" "$killed/bug.default"
done

exits 4 'show of nothing' "$CDMASIM" show "$tmp/none"
exits 4 'show of an empty directory' "$CDMASIM" show "$tmp"
exits 2 'show without a trace' "$CDMASIM" show
mkdir "$tmp/strange"
echo '/* CTF 1.8 */' >"$tmp/strange/metadata"
exits 4 'show of another trace' "$CDMASIM" show "$tmp/strange"
has 'says so' "$out" 'not a trace of this version of cdmasim'
cp -r "$tmp/one/bug.default" "$tmp/damaged"
printf '\377\377\377\377' |
	dd of="$tmp/damaged/events-00000" bs=1 seek=70 conv=notrunc 2>/dev/null
exits 4 'show of a damaged trace' "$CDMASIM" show "$tmp/damaged"
has 'says so' "$out" 'damaged'

# Every call is there, with what came of it, also where nothing was touched; and
# what the kernel would print, unless its caller wants to hear nothing.
cat >"$tmp/calls.dma" <<'END'
scenario calls "calls that fail, or touch nothing";
device nic { regs { u32 go; u64 a; } irq v: msi; };
struct d { le32 x; le32 y; };
setup {
	if (pci_enable_device_mem(nic)) return -EIO;
	if (pcim_iomap_regions(nic)) return -EIO;
	get_device(nic);
	if (request_irq(nic.v)) return -EIO;
	box b = dma_alloc(nic, d[2], ZEROED);
	int e = init_at(b, 0, { .x = 1 });
	e = init_at(b, 5, { .x = 1 });
	coherent c = expose(b);
	writeq(dma_handle(c), nic.a);
	coherent none = dma_alloc_coherent(nic, u8[0]);
	coherent quiet = dma_alloc_coherent(nic, u8[64], NO_WARN);
	coherent loud = dma_alloc_coherent(nic, u8[8193], GFP_ATOMIC);
	buffer gone = kmalloc(u8[64], GFP_KERNEL | GFP_NOWARN);
	e = try_readl(nic, 100);
	e = try_writel(nic, 1, 101);
	u64 off = 0;
	s64 n = debugfs_read(c, off, 8);
	n = debugfs_read(c, off, 100, 2);
	buffer skb = kzalloc(u8[64]);
	u64 m = dma_map_single(nic, skb, 64, DMA_TO_DEVICE);
	if (dma_mapping_error(nic, m)) e = -1;
	kfree(skb);
	put_device(nic);
	free_irq(nic.v);
	free(c); free(quiet); free(loud); kfree(gone);
}
irq h on nic.v { }
expect nothing;
END
ok 'calls' "$CDMASIM" run --schedules=1 --log="$tmp/calls" \
	--fail='dma_alloc #2' --fail='dma_alloc #3' --fail=kmalloc \
	--fail=dma_map "$tmp/calls.dma"
ok 'are shown' "$CDMASIM" show --width=200 "$tmp/calls/calls.default"
while read -r line; do
	has "$line" "$out" " $line"
done <<END
pci_enable_device_mem(nic) = 0
pcim_iomap_regions(nic) = 0
get_device(nic) = 0
request_irq(nic) = 0
init_at(b, 8 bytes) = 0
init_at(b, 8 bytes) = -EINVAL
dma_handle(c) = 0x10000000
dma_alloc(nic, 0 bytes) = -EINVAL
dma_alloc(nic, 64 bytes) = -ENOMEM
dma_alloc(nic, 8193 bytes) = -ENOMEM
kmalloc(64 bytes) = -ENOMEM
try_read(nic, 4 bytes) = -EINVAL
try_write(nic, 4 bytes) = -EINVAL
debugfs_read(c, 8 bytes) = 8
debugfs_read(c, 16 bytes) = -EFAULT
dma_map(nic, skb, 64 bytes) = DMA_MAPPING_ERROR
dma_mapping_error(nic) = -ENOMEM
put_device(nic) = 0
main: page allocation failure: order:2, mode:0xa20(GFP_ATOMIC)
FAULT_INJECTION: forcing a failure. name dma_alloc, interval 1, probability 0, space 0, times 1
FAULT_INJECTION: forcing a failure. name dma_map, interval 1, probability 0, space 0, times 1
nic: swiotlb buffer is full (sz: 64 bytes)
END
same 'who wants no word gets none' "$(echo "$out" | grep -c FAULT_INJ)" 2
same 'of memory, too' "$(echo "$out" | grep -c 'page allocation')" 1
readable 'calls' "$tmp/calls/calls.default"

# A run that is made once is logged while it is made: one that would never end
# is killed once there is something to be read.
cat >"$tmp/endless.dma" <<'END'
scenario endless "a driver that stores for ever";
shared u32 word;
thread poll on cpu {
	for (i in 0..1000000)
		for (n in 0..1000)
			WRITE_ONCE(word, n);
}
END
"$CDMASIM" run --schedules=1 --steps=1000000000 --log="$tmp/endless" \
	"$tmp/endless.dma" >"$tmp/endless.out" 2>&1 &
until [ -e "$tmp/endless/endless.default/events-00003" ]; do
	kill -0 $! 2>/dev/null || break
done
ok 'it was at work' kill -9 $!
wait $! 2>/dev/null || :
ok 'what was killed has left its log' "$CDMASIM" show --width=80 \
	"$tmp/endless/endless.default"
has 'up to what came last' "$out" '[i=0] [n=100]'
readable 'killed' "$tmp/endless/endless.default"

done_testing
