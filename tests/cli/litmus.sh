#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Litmus tests: the verdicts of the Linux kernel memory model, those of our own
# where a device takes part, and the output.
. "${srcdir:-.}/tests/tap.sh"

litmus=$srcdir/scenarios/litmus

for file in "$litmus"/*.litmus; do
	name=$(basename "$file" .litmus)
	same "$name: has its own name" "$(head -n 1 "$file")" "C $name"
	ok "$name: has a verdict" grep -q \
		'^ \* Result: \(Never\|Sometimes\|Always\|DATARACE\)$' "$file"
	ok "$name: is so" "$CDMASIM" explore "$file"
done

# What is wrong with a driver is found whatever it reads; and nothing else is.
while read -r name flags; do
	"$CDMASIM" explore "$litmus/dma-$name.litmus" >"$tmp/out"
	same "dma-$name: ${flags:-nothing found}" \
		"$(sed -n 's/^Flag //p' "$tmp/out" | tr '\n' ' ')" \
		"$flags${flags:+ }"
done <<EOF
CoRR
INTx unordered_read
INTx+readl
IRIW+dma_mbs
IRIW+dma_rmbs
ISA2+dma_mb
ISA2+dma_wmb unordered_publish
MP unordered_read
MP+acq unordered_read
MP+addr
MP+ctrl unordered_read
MP+dma_rmb
MP+dma_rmb-early unordered_read
MP+relaxed+dma_rmb
MP+relaxed-flag+dma_rmb device_order
MP+unordered+dma_rmb device_order
MP+smp_rmb unordered_read
MSI
MSI+relaxed
MSI+unordered device_order
SB
SB+dma_mb
doorbell
doorbell+lock
doorbell+relaxed unordered_publish
doorbell+wmb+relaxed
giveback unordered_write unordered_giveback
giveback+dma_mb
order
order+relaxed
order+unordered device_order
publish unordered_publish
publish+dma_wmb
publish+rel unordered_publish
publish+smp_wmb unordered_publish
readl
readl_relaxed unordered_read
readl_relaxed+rmb
EOF

ok 'message passing' "$CDMASIM" explore "$litmus/MP.litmus"
same 'is shown as herd7 does' "$out" 'Test MP Allowed
States 4
1:r0=0; 1:r1=0;
1:r0=0; 1:r1=1;
1:r0=1; 1:r1=0;
1:r0=1; 1:r1=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (1:r0=1 /\ 1:r1=0)
Observation MP Sometimes 1 3'

# observed NAME: the last line of its report.
observed() {
	"$CDMASIM" explore "$litmus/$1.litmus" | grep '^Observation'
}

# Executions are counted, not schedules: four choices of what is read, and the
# barriers leave out one.
same 'IRIW has 16 executions' "$(observed IRIW)" \
	'Observation IRIW Sometimes 1 15'
same 'with barriers, 15' "$(observed IRIW+mbs)" \
	'Observation IRIW+mbs Never 0 15'
same 'store buffering has 4' "$(observed SB)" 'Observation SB Sometimes 1 3'

# edited SCRIPT NAME: a copy of a test, changed by sed.
edited() {
	sed "$1" "$litmus/$2.litmus" >"$tmp/t.litmus"
}

edited 's/Never/Sometimes/' SB+mbs
exits 1 'a wrong Result is told' "$CDMASIM" explore "$tmp/t.litmus"
same 'in a line' "$(echo "$out" | tail -n 1)" \
	'Result: Sometimes was expected'
edited 's/^exists/~exists/' MP+wmb+rmb
ok '~exists' "$CDMASIM" explore "$tmp/t.litmus"
same 'is forbidden' "$(echo "$out" | sed -n '1p;/^Ok/p')" \
	'Test MP+wmb+rmb Forbidden
Ok'
edited 's/^exists.*/forall (1:r0=0 \\\/ 1:r1=1)/; s/Never/Always/' MP+wmb+rmb
ok 'forall' "$CDMASIM" explore "$tmp/t.litmus"
same 'is required, always' "$(echo "$out" | sed -n '1p;/^Ob/p')" \
	'Test MP+wmb+rmb Required
Observation MP+wmb+rmb Always 3 0'
edited 's/^exists/filter (1:r0=1) &/' MP
exits 0 'filter' "$CDMASIM" explore "$tmp/t.litmus"
same 'leaves out executions' "$(echo "$out" | grep ^Ob)" \
	'Observation MP Sometimes 1 1'
edited 's/^exists/locations [x; y;] &/' MP+wmb+rmb
ok 'locations' "$CDMASIM" explore "$tmp/t.litmus"
same 'are shown' "$(echo "$out" | sed -n 3p)" \
	'1:r0=0; 1:r1=0; [x]=1; [y]=1;'
ok 'flags a race' "$CDMASIM" explore "$litmus/MP+plain.litmus"
same 'as herd7 does' "$(echo "$out" | grep Flag)" 'Flag data-race'
edited 's/int \*p = &y/int *p/' MP+assign+deref
exits 2 'a pointer that is none' "$CDMASIM" explore "$tmp/t.litmus"
exits 3 'a bound' "$CDMASIM" explore --executions=1 "$litmus/MP+wmb+rmb.litmus"
same 'is told' "$(echo "$out" | tail -n 1)" 'Note: there are more executions'

edited 's/smp_rmb()/smp_rnb()/' MP+wmb+rmb
exits 2 'an unknown call' "$CDMASIM" explore "$tmp/t.litmus"
same 'is shown where it is' "$(echo "$out" | sed "s,$tmp/,,")" \
	"t.litmus:24:2: error: unknown call 'smp_rnb'
   24 |         smp_rnb();
      |         ^~~~~~~"
edited 's/Never/Maybe/' SB+mbs
ok 'Maybe' "$CDMASIM" explore "$tmp/t.litmus"
edited 's/DATARACE/Sometimes DATARACE/' MP+plain
ok 'two words' "$CDMASIM" explore "$tmp/t.litmus"
edited 's/DATARACE/Sometimes/' MP+plain
exits 1 'a race that was not expected' "$CDMASIM" explore "$tmp/t.litmus"
edited 's/Sometimes/Sometimes DATARACE/' SB
exits 1 'a race that is none' "$CDMASIM" explore "$tmp/t.litmus"
edited 's/Never/DEADLOCK/; s/synchronize_rcu();/rcu_read_lock();&rcu_read_unlock();/' \
	RCU+sync+free
ok 'a grace period in a section' "$CDMASIM" explore "$tmp/t.litmus"
same 'never ends' "$(echo "$out" | sed -n '/^States/p;$p')" 'States 0
Observation RCU+sync+free Never 0 0'

# A directory has all of them, in short, and the sum.
mkdir "$tmp/d"
cp "$litmus/SB.litmus" "$litmus/MP+plain.litmus" "$tmp/d"
ok 'a directory' "$CDMASIM" explore "$tmp/d"
same 'is all its tests' "$out" 'Flag data-race
Observation MP+plain Sometimes 1 3
Observation SB Sometimes 1 3
2 litmus tests: 2 as expected, 0 not, 0 undecided'
ok 'with -v' "$CDMASIM" explore -v "$tmp/d"
has 'whole' "$out" 'Test SB Allowed'
ok 'with -q' "$CDMASIM" explore -q "$tmp/d"
same 'has nothing to say' "$out" ''
cp "$litmus/LB.litmus" "$tmp/d"
sed 's/Sometimes/Never/' "$litmus/IRIW.litmus" >"$tmp/d/IRIW.litmus"
echo 'C x' >"$tmp/d/x.litmus"
exits 2 'a directory with mistakes' "$CDMASIM" explore "$tmp/d"
same 'is told' "$(echo "$out" | tail -n 1)" \
	'5 litmus tests: 3 as expected, 1 not, 0 undecided, 1 with mistakes'
rm "$tmp/d/x.litmus"
exits 1 'a wrong Result in it' "$CDMASIM" explore "$tmp/d"
cp "$litmus/IRIW.litmus" "$tmp/d"
exits 3 'one that is cut short' "$CDMASIM" explore --executions=1 "$tmp/d"
rm "$tmp/d/IRIW.litmus"

cp "$srcdir/scenarios/cases/02-read-with-dma-rmb.dma" "$tmp/d"
ok 'scenarios beside them' "$CDMASIM" explore "$tmp/d"
same 'come after' "$(echo "$out" | sed -n '/litmus tests/p;$p')" \
	'3 litmus tests: 3 as expected, 0 not, 0 undecided
1 variant: 1 as expected; 0 findings in 1 schedule'
ok 'what is for scenarios only' "$CDMASIM" explore --memory=strong "$tmp/d"
same 'leaves them out' "$(echo "$out" | grep -c litmus)" 0
ok 'a test and a scenario' "$CDMASIM" explore "$tmp/d/SB.litmus" \
	"$tmp/d/02-read-with-dma-rmb.dma"
same 'both are explored' "$(echo "$out" | tail -n 4 | grep -c SB)" 1
ok 'other commands' "$CDMASIM" list "$tmp/d"
same 'leave them out' "$(echo "$out" | grep -c SB)" 0
exits 2 'or refuse one' "$CDMASIM" run "$tmp/d/SB.litmus"
same 'by name' "$(echo "$out" | sed "s,$tmp/,,")" \
	"cdmasim: d/SB.litmus: is a litmus test, for 'explore' alone"

# --dot: what satisfies the condition, as graphs.
ok '--dot' "$CDMASIM" explore --dot="$tmp/mp.dot" "$litmus/MP+plain.litmus"
same 'draws the one execution there is' "$(cat "$tmp/mp.dot")" \
	'digraph "MP+plain 1" {
  label="MP+plain";
  node [shape=none, fontname="sans-serif", height=0.2];
  edge [fontname="sans-serif", fontsize=10];
  subgraph cluster_0 {
    label="P0";
    color=grey;
    e2 [label="a: W[plain]x=1"];
    e3 [label="b: W[once]y=1"];
  }
  subgraph cluster_1 {
    label="P1";
    color=grey;
    e4 [label="c: R[once]y=1"];
    e5 [label="d: R[plain]x=0"];
  }
    e0 [label="x=0"];
  e2 -> e3 [label="po", color="black", fontcolor="black"];
  e4 -> e5 [label="po", color="black", fontcolor="black"];
  e3 -> e4 [label="rf", color="red", fontcolor="red", constraint=false];
  e0 -> e5 [label="rf", color="red", fontcolor="red", constraint=false];
  e5 -> e2 [label="fr", color="#ffa040", fontcolor="#ffa040", constraint=false];
}'
ok '--dot of several' "$CDMASIM" explore -q --dot="$tmp/all.dot" \
	"$litmus/MP+rel+acq.litmus" "$litmus/LB+datas.litmus" \
	"$litmus/Atomic+inc+once.litmus"
got=$(cat "$tmp/all.dot")
has 'says where there is none' "$got" \
	'// MP+rel+acq: the condition never holds'
exits 4 '--dot where nobody can write' "$CDMASIM" explore \
	--dot="$tmp/none/x.dot" "$litmus/MP.litmus"
has 'says so' "$out" 'none/x.dot: No such file'

# Far more executions than anybody could wait for.
{
	echo 'C big'
	echo '{}'
	for i in 0 1 2 3 4 5 6 7; do
		echo "P$i(int *x, int *y) { int r0; int r1; int r2;"
		echo "r0 = READ_ONCE(*x); WRITE_ONCE(*y, ${i}1);"
		echo "r1 = READ_ONCE(*y); WRITE_ONCE(*x, ${i}2);"
		echo "r2 = READ_ONCE(*x); WRITE_ONCE(*y, ${i}3); }"
	done
	echo 'exists (0:r0=100)'
} >"$tmp/big.litmus"
exits 3 'time that is over' "$CDMASIM" explore --time=1ms "$tmp/big.litmus"
same 'is told' "$(echo "$out" | tail -n 2)" 'Note: there are more executions
Note: stopped by --time'
exits 3 'and leaves some for others' "$CDMASIM" explore --time=2ms \
	"$tmp/big.litmus" "$tmp/big.litmus"
same 'which are undecided, too' "$(echo "$out" | tail -n 1)" \
	'2 litmus tests: 0 as expected, 0 not, 2 undecided'

exits 2 'what means nothing is refused' \
	"$CDMASIM" explore --memory=strong "$litmus/MP.litmus"
exits 2 'a file that is not there' "$CDMASIM" explore "$tmp/none.litmus"

done_testing
