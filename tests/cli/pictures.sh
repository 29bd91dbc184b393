#!/bin/sh
# SPDX-License-Identifier: MIT
#
# --html, --svg and the formats that other programs draw: what is in a picture,
# and whether it can be read.
. "${srcdir:-.}/tests/tap.sh"
srcdir=$(cd "$srcdir" && pwd)
[ -x /usr/bin/python3 ] && have_python=true || have_python=false

# looked_at WHAT FILE: passes when pictures.py can read it; $out is what it saw.
looked_at() {
	if $have_python; then
		ok "$1" /usr/bin/python3 "$srcdir/tests/cli/pictures.py" "$2"
	else
		out=
		skip "$1" 'no /usr/bin/python3'
		return 1
	fi
}

# scenario N: so many descriptors, with <&"> in it.
scenario() {
	cat <<-END
	scenario bug "a test, with <&\"> in it";
	const N = $1;
	struct desc { le32 addr; le32 len; le32 done; };
	device nic;
	spinlock guard;
	setup {
		coherent rx = dma_alloc_coherent(nic, desc[N], ZEROED);
		if (!rx) return -ENOMEM;
	}
	thread dma on nic {
		for (i in 0..N) {
			rx[i].addr = 4096 + i;
	w_len:		rx[i].len = 64 + i;	/* <&"> */
			rx[i].done = 1;
		}
	}
	thread poll on cpu {
		for (i in 0..N) {
			poll (READ_ONCE(rx[i].done)) max 100 else return;
			if (i < N - 1) dma_rmb();
			spin_lock(guard);
	r_len:		u32 len = READ_ONCE(rx[i].len);
			spin_unlock(guard);
		}
	}
	thread other on cpu {
		spin_lock(guard);
		spin_unlock(guard);
	}
	teardown { free(rx); }
	expect unordered_read at r_len against w_len;
	END
}
cd "$tmp" || exit
scenario 2 >bug.dma
scenario 10 >eighty.dma
scenario 26 >long.dma

ok 'pictures of a run' "$CDMASIM" run --html=bug.html --svg=bug.svg \
	--format=mermaid:bug.md --format=perfetto:bug.json bug.dma
has 'and text on standard output' "$out" 'ok    bug/default'
if looked_at 'the page is well made' bug.html; then
	page=$out
	has 'it has a lane for each' "$page" ' rows, 4 lanes'
	has 'what is wrong, by the names of fields' "$page" \
		'read at: read rx[1].len: 0x41'
	has 'what that is against' "$page" 'write against: write rx[1].len: 0x41'
	has 'what was relied on' "$page" 'read proof: read rx[1].done: 0x1'
	has 'a barrier' "$page" 'barrier: dma_rmb()'
	has 'the cure, which is not there' "$page" 'ghost: dma_rmb()'
	at=$(sed -n 's/.*class="row read at" data-event="\([0-9]*\)".*/\1/p' \
		bug.html | head -n 1)
	against=$(sed -n \
		's/.*class="row write against" data-event="\([0-9]*\)".*/\1/p' \
		bug.html | head -n 1)
	has 'an edge that was believed' "$page" "believed $against -> $at"
fi
has 'the index leads to the finding' "$(cat bug.html)" \
	'<a href="#finding-1">unordered_read in poll / dma</a>'
has 'it has the cure in words' "$(grep class=.help bug.html)" \
	'help: add dma_rmb() after bug.dma:19'
has 'and how it is shown again' "$(cat bug.html)" '<pre class="replay">cdmasim replay'
if looked_at 'so is the SVG' bug.svg; then
	same 'which is the picture of the page' "$out" "$page"
fi
if command -v xmllint >/dev/null; then
	ok 'it is well-formed' xmllint --noout bug.svg
else
	skip 'it is well-formed' 'no xmllint'
fi
has 'mermaid: lanes' "$(cat bug.md)" '  participant L1 as dma, device nic'
has 'mermaid: edges' "$(cat bug.md)" '--xL2: believed, not guaranteed #35;'
if $have_python; then
	ok 'perfetto: events and flows' /usr/bin/python3 \
		"$srcdir/tests/cli/formats.py" perfetto bug.json
	has 'as many as there are' "$out" ' events, '
else
	skip 'perfetto: events and flows' 'no /usr/bin/python3'
fi

# Legible however long it is.
for name in eighty long; do # rows, about 80 and 200
	ok "$name" "$CDMASIM" run --schedules=20 --html=$name.html $name.dma
	looked_at "$name: can be read" $name.html || continue
	note "$(printf '%s\n' "$out" | head -n 1)"
done
scenario 70 >huge.dma
ok 'a run that is too long' "$CDMASIM" run --schedules=2 --svg=huge.svg huge.dma
looked_at 'is shown where it matters' huge.svg
has 'and says what is left out' "$(cat huge.svg)" 'events left out</text>'

# What else leads from one to another.
cat >late.dma <<'END'
scenario late "a read that is late, and an interrupt";
device nic {
	irq line: intx;
};
shared u32 seen;
setup { coherent rx = dma_alloc_coherent(nic, le32[2], ZEROED); }
thread dma on nic { rx[0] = 7; rx[1] = 1; raise(nic.line); }
irq isr on nic.line { WRITE_ONCE(seen, 1); }
thread poll on cpu {
	poll (READ_ONCE(rx[1])) max 100 else return;
	u32 v = READ_ONCE(rx[0]);
	assert(v == 7);
}
teardown { free(rx); }
END
exits 1 'late reads and interrupts' "$CDMASIM" run --memory=weak \
	--html=late.html late.dma
if looked_at 'can be read' late.html; then
	has 'a late read has an edge of its own' "$out" 'late '
	has 'and one from what it did not see' "$out" 'missed '
	has 'an interrupt comes from who raised it' "$out" 'irq '
fi

# Who writes lacks a barrier: it is his two stores that are not in order.
cat >writer.dma <<'END'
scenario writer "a descriptor without a barrier";
device nic { regs { u32 bell; } };
setup { coherent q = dma_alloc_coherent(nic, le32[2], ZEROED); }
thread xmit on cpu { WRITE_ONCE(q[0], 7); writel_relaxed(1, nic.bell); }
thread dma on nic { poll (nic.bell) max 100 else return; u32 v = q[0]; }
teardown { free(q); }
expect unordered_publish;
END
ok 'a writer without a barrier' "$CDMASIM" run --svg=writer.svg writer.dma
if looked_at 'can be read' writer.svg; then
	read -r against publish at <<-END
	$(for role in 'write against' 'write publish' 'read at'; do
		sed -n "s/.*class=\"row $role\" data-event=\"\([0-9]*\)\".*/\1/p" \
			writer.svg
	done | tr '\n' ' ')
	END
	has 'what he believed' "$out" "believed $against -> $publish"
	has 'and what comes of it' "$out" "believed $against -> $at"
	same 'nothing else' "$(printf '%s\n' "$out" | grep -c believed)" 2
fi

# Nothing found, several at once, and the same bytes.
printf 'scenario fine "x"; thread a on cpu { } expect nothing;\n' >fine.dma
ok 'nothing found' "$CDMASIM" run --html=fine.html --svg=fine.svg fine.dma
looked_at 'is a page, too' fine.html
has 'a picture that says so' "$(cat fine.svg)" 'nothing found'
ok 'a directory' "$CDMASIM" run --schedules=20 --html=all.html bug.dma fine.dma \
	eighty.dma
looked_at 'is one page' all.html
has 'with all findings' "$(cat all.html)" 'href="#finding-2"'
ok 'once more' "$CDMASIM" run -j 2 --schedules=20 --html=again.html bug.dma \
	fine.dma eighty.dma
ok 'gives the same bytes' cmp all.html again.html
ok 'explore' "$CDMASIM" explore --executions=5 --html=explore.html fine.dma
# Few schedules do not find all that is expected; what they find is drawn.
"$CDMASIM" run --schedules=2 --html=corpus.html "$srcdir/scenarios" >/dev/null
looked_at 'all scenarios: can be read' corpus.html
replay=$("$CDMASIM" run bug.dma | sed -n 's/^replay: cdmasim //p')
eval "ok 'replay' \"\$CDMASIM\" $replay --html=replay.html"
looked_at 'of the same' replay.html
exits 4 'a file below nothing' "$CDMASIM" run --html=none/x.html bug.dma

done_testing
