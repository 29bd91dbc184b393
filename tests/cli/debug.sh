#!/bin/sh
# SPDX-License-Identifier: MIT
#
# cdmasim debug: one schedule, forwards and backwards.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

cat >"$tmp/bug.dma" <<'END'
scenario bug "a test";
struct desc { le32 len; be16 id; u8 pad[2]; le32 done; };
param rmb = 0;
device nic { regs { u32 db; } };
setup {
	coherent rx = dma_alloc_coherent(nic, desc[2], ZEROED);
	if (!rx) return -ENOMEM;
}
thread dma on nic {
	for (i in 0..2) {
w_len:	rx[i].len = 64;
	rx[i].id = 0x102;
	rx[i].done = 1;
	}
}
thread poll on cpu {
	poll (READ_ONCE(rx[0].done)) max 100 else return;
	if (rmb) dma_rmb();
r_len:	u32 len = READ_ONCE(rx[0].len);
	writel(len, nic.db);
}
teardown { free(rx); }
expect unordered_read at r_len against w_len;
variant fixed { rmb = 1; expect nothing; }
END

# script WHAT STATUS LINE...: what debug says to these lines.
script() {
	what=$1 status=$2
	shift 2
	printf '%s\n' "$@" >"$tmp/lines"
	exits "$status" "$what" sh -c \
		"cd '$tmp' && '$CDMASIM' debug $args <lines"
}
stands() {
	has "$1" "$out" "$2"
}

args=bug.dma
script 'without a line' 0
same 'it starts where the threads do' "$out" \
	"bug/default: a schedule that shows unordered_read; 'break finding' and 'continue' go there
step 0 of 9: next is dma, bug.dma:11: w_len: rx[i].len = 64;"

script 'steps' 0 step 'print rx[0]' 's 2' 'print rx[0].id' back 'print rx[0].id' \
	'goto end'
same 'show what they did and what is there' "$out" \
	"bug/default: a schedule that shows unordered_read; 'break finding' and 'continue' go there
step 0 of 9: next is dma, bug.dma:11: w_len: rx[i].len = 64;
  #8    dma        write rx[0].len: 0x40
                   bug.dma:11: w_len: rx[i].len = 64;
step 1 of 9: next is dma, bug.dma:12: rx[i].id = 0x102;
rx[0].len = 64 (0x40)
rx[0].id = 0
rx[0].pad[0] = 0
rx[0].pad[1] = 0
rx[0].done = 0
  #10   dma        write rx[0].done: 0x1
                   bug.dma:13: rx[i].done = 1;
step 3 of 9: next is poll, bug.dma:17: poll (READ_ONCE(rx[0].done)) max 100 else return;
rx[0].id = 258 (0x102)
  #9    dma        write rx[0].id: 0x201
                   bug.dma:12: rx[i].id = 0x102;
step 2 of 9: next is dma, bug.dma:13: rx[i].done = 1;
rx[0].id = 258 (0x102)
  #18   poll       reg write nic.db: 0x40
                   bug.dma:20: writel(len, nic.db);
  #21   main       join nic
                   bug.dma:9: thread dma on nic {
  #23   main       free rx
                   bug.dma:22: teardown { free(rx); }
step 9 of 9: the run is over
*** unordered_read: why 1 tells"

script 'what a read could see' 0 'goto 4' 'sees poll rx[0].len' step \
	'sees poll rx[0].len'
has 'without a barrier, both' "$out" \
	'a read of rx[0].len by poll could see, here and now:
  64 (0x40), the newest
  0, as it was at first'
has 'after it was seen, one' "$out" \
	'a read of rx[0].len by poll is sure to see:
  64 (0x40), the newest'
args='--variant=fixed bug.dma'
script 'with a barrier' 0 'do dma*3 poll*2' 'sees poll rx[0].len'
has 'one' "$out" 'is sure to see:
  64 (0x40), the newest'

args=bug.dma
script 'stops' 0 'break finding' 'b write rx[1].done' 'b w_len' 'b 19' \
	'b in poll' stops c c c c c c c c 'delete 1' 'reverse'
has 'are listed' "$out" 'stop 1: finding
stop 2: write rx[1].done
stop 3: w_len
stop 4: 19
stop 5: in poll'
got=$(printf '%s\n' "$out" | sed -n '/^stop 5: in poll$/,$p' |
	sed -n 's/^step \([0-9]*\) of.*/\1/p' | tr '\n' ' ')
same 'and met in their order' "$got" '3 4 5 8 9 9 9 9 8 '

script 'by hand' 0 'do dma*6 poll*3' 'findings' 'schedule' 'who' 'save o.sched'
has 'it goes as it was told' "$out" 'v1 bug/default@'
has 'to the last step' "$out" ': dma*6 poll*3'
same 'and setup is none of it' "$(printf '%s\n' "$out" | grep -c 'bind nic')" 0
has 'all have ended' "$out" 'poll                  it has ended'
ok 'what was saved replays' "$CDMASIM" replay "$tmp/o.sched"
has 'the same' "$out" 'replayed bug/default: 9 steps, 1 finding'
args=o.sched
script 'and is walked again' 0 'g 9'
stands 'to its end' 'step 9 of 9: the run is over'
args="--schedule='v1 bug/default@0: dma' bug.dma"
script 'a schedule that ends before the run' 0 step
stands 'goes on as strategy first' 'next is dma, as strategy first: '
args='--memory=weak bug.dma'
script 'a late read' 0 'do dma*3 poll poll:rf=1' 'events 1'
has 'can be chosen' "$out" 'read rx[0].len: 0x0 rf #'

args=bug.dma
script 'the report' 0 why
has 'of a finding' "$out" 'SUMMARY: cdmasim: unordered_read bug.dma:19:18'
has 'has its cure' "$out" 'help: add dma_rmb() after bug.dma:17'

# Wrong lines.
script 'wrong lines' 2 'stp' 'print ry' 'print rx[2]' 'print rx[0].lem' \
	'print rx[0' 'sees pol rx' 'sees poll rx' 'do nobody' 'do poll' \
	'goto 99' 'step x' 'back' 'break nosuch' 'break in nobody' 'delete 7' \
	'why 2' 'who is there' 'save /nonexistent/x'
for want in "no command 'stp'; did you mean step" \
	"no memory is called 'ry'; did you mean rx?" '[2] is outside: there are 2' \
	"no field 'lem'; did you mean len?" "is no index such as [0]" \
	"there is no thread 'pol'" 'rx is more than one value' \
	"there is no thread 'nobody'" \
	'step 1: poll cannot go on here; who can: dma' \
	'a step from 0 to 9' "'x' is no number of steps" \
	'this is where the threads begin' "'nosuch' is no line, label" \
	"there is no stop '7'" 'there is no finding 2' 'who takes nothing' \
	'/nonexistent/x: No such file'; do
	has "says: $want" "$out" "$want"
done
exits 2 'without a file' "$CDMASIM" debug
exits 2 'a file that is not there' "$CDMASIM" debug "$tmp/none.dma"
exits 2 'a variant that is not there' "$CDMASIM" debug --variant=x "$tmp/bug.dma"
exits 2 'a strategy that is not there' "$CDMASIM" debug --strategy=x "$tmp/bug.dma"
args='--first=3 --strategy=random bug.dma'
script 'a schedule by its number' 0 schedule
want=$out
script 'is the same again' 0 schedule
same 'to the byte' "$out" "$want"

done_testing
