#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Litmus tests: the verdicts of the Linux kernel memory model, and the output.
. "${srcdir:-.}/tests/tap.sh"

litmus=$srcdir/scenarios/litmus

# These need stores that come early; nothing else is left undecided.
outside='2+2W LB LB+gp+rscs+rscs S'

for file in "$litmus"/*.litmus; do
	name=$(basename "$file" .litmus)
	same "$name: has its own name" "$(head -n 1 "$file")" "C $name"
	ok "$name: says what LKMM says" grep -q \
		'^ \* Result: \(Never\|Sometimes\|Always\|DATARACE\)$' "$file"
	case " $outside " in
	*" $name "*)
		exits 3 "$name: is left undecided" \
			"$CDMASIM" explore "$file"
		same "$name: and says why" \
			"$(echo "$out" | sed -n '/^Note:/s/P[0-9]/PN/p')" \
			'Note: a store of PN may come early in LKMM, which is not shown; Never is not its verdict'
		;;
	*)
		ok "$name: agrees with LKMM" "$CDMASIM" explore "$file"
		;;
	esac
done

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
exits 2 'litmus tests and scenarios do not mix' \
	"$CDMASIM" explore "$litmus/MP.litmus" "$srcdir/scenarios"
exits 2 'what means nothing is refused' \
	"$CDMASIM" explore --memory=strong "$litmus/MP.litmus"
exits 2 'a file that is not there' "$CDMASIM" explore "$tmp/none.litmus"

done_testing
