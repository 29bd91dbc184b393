#!/bin/sh
# SPDX-License-Identifier: MIT
#
# -j, --journal, --shard and merge: work that is done in parts comes to what
# one process makes of it, byte for byte.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 1

# A bug that some schedules show, one that none do, and a wrong expectation.
cat >a.dma <<'END'
scenario a "a flag without a barrier";
param fix = 0;
const N = 2;
struct slot { le32 len; le32 done; };
device nic;
setup {
	coherent rx = dma_alloc_coherent(nic, slot[N], ZEROED);
	if (!rx) return -ENOMEM;
}
thread dma on nic { for (i in 0..N) { rx[i].len = 64; rx[i].done = 1; } }
thread poll on cpu {
	for (i in 0..N) {
		if (READ_ONCE(rx[i].done)) {
			if (fix) dma_rmb();
			u32 len = READ_ONCE(rx[i].len);
		}
	}
}
teardown { free(rx); }
expect unordered_read;
variant fixed { fix = 1; expect nothing; }
variant wrong { expect leak; }
END
mkdir dir && cp a.dma dir/b.dma && sed -i 's/scenario a/scenario b/' dir/b.dma

run='run --schedules=5500 --seed=3 a.dma dir'
# shellcheck disable=SC2086 # a list of words
whole=$("$CDMASIM" $run)
whole_status=$?
same 'the whole: something differs' $whole_status 1

# parts WHAT STATUS ARG...: the same output as the whole, and its status.
parts() {
	what=$1 want=$2
	shift 2
	exits "$want" "$what: status" "$CDMASIM" "$@"
	same "$what: the same bytes" "$out" "$whole"
}

# shellcheck disable=SC2086
parts 'two processes' 1 $run -j2
# shellcheck disable=SC2086
parts 'five processes, a journal' 1 $run -j 5 --journal=j.jsonl
# shellcheck disable=SC2086
parts 'once more, from the journal' 1 $run --journal=j.jsonl
parts 'merge of one' 1 merge j.jsonl
cp j.jsonl twice.jsonl
parts 'merge of two of the same' 1 merge j.jsonl twice.jsonl

# Killed in the middle: what is there is kept, and the rest is done.
head -n 9 j.jsonl >killed.jsonl
head -n 10 j.jsonl | tail -n 1 | cut -c 1-40 | tr -d '\n' >>killed.jsonl
exits 3 'merge of what was killed is inconclusive' "$CDMASIM" merge killed.jsonl
has 'and says what is missing' "$out" 'in none of the journals'
# shellcheck disable=SC2086
parts 'going on' 1 $run -j2 --journal=killed.jsonl
same 'each case is there once' "$(sort killed.jsonl)" "$(sort j.jsonl)"

# Shards.
for i in 1 2 3; do
	# shellcheck disable=SC2086
	ok "shard $i is done, whatever it found" \
		"$CDMASIM" $run --shard=$i/3 --journal=s$i.jsonl
done
parts 'merge of all shards' 1 merge s1.jsonl s2.jsonl s3.jsonl
parts 'in any order' 1 merge s3.jsonl s1.jsonl s2.jsonl
same 'no case is in two shards' \
	"$(cat s?.jsonl | grep -v '"cdmasim"' | sort | uniq -d)" ''
same 'each is in one' "$(cat s?.jsonl | grep -v '"cdmasim"' | sort)" \
	"$(grep -v '"cdmasim"' j.jsonl | sort)"
exits 1 'merge without one of them: a surprise stays one' "$CDMASIM" merge s1.jsonl s3.jsonl
has 'says which' "$out" 'a.dma: a/default: 2 cases, the first of them number 1'

# What cannot be.
# shellcheck disable=SC2086
exits 2 'a shard without a journal' "$CDMASIM" $run --shard=1/2
has 'says why' "$out" "only 'cdmasim merge'"
for shard in 0/2 3/2 1 a/b 1/ /2 1/0; do
	exits 2 "no shard: $shard" "$CDMASIM" run --shard=$shard --journal=x a.dma
done
exits 2 'the journal of other work' \
	"$CDMASIM" run --seed=4 --journal=j.jsonl a.dma
has 'says what of' "$out" '"--seed=3"'
exits 2 'merge of different work' sh -c \
	"'$CDMASIM' run --journal=o.jsonl a.dma >/dev/null; \
	'$CDMASIM' merge j.jsonl o.jsonl"
has 'says so' "$out" 'o.jsonl is of other work'
exits 2 'merge of nothing' "$CDMASIM" merge
exits 4 'merge of what is not there' "$CDMASIM" merge no.jsonl
exits 2 'merge of what is no journal' "$CDMASIM" merge a.dma
has 'says where' "$out" 'a.dma:1: not a JSON object'
exits 4 'a journal that cannot be written' \
	"$CDMASIM" run --journal=no/x.jsonl a.dma
exits 4 'a journal that is no file' "$CDMASIM" run --journal=/dev/zero a.dma
has 'says so' "$out" '/dev/zero: it is no regular file'
exits 4 'merge of no file' "$CDMASIM" merge /dev/zero
# shellcheck disable=SC2086
exits 4 'a full disk ends the run soon' sh -c 'ulimit -f 1; exec "$@"' sh \
	"$CDMASIM" $run --schedules=100000000000 --journal=full.jsonl
has 'and says so' "$out" 'journal: case '

# What cannot be right.
sed '1s/"cdmasim":"[^"]*"/"cdmasim":"0.0.1"/' j.jsonl >old.jsonl
# shellcheck disable=SC2086
exits 2 'a journal of another version' "$CDMASIM" $run --journal=old.jsonl
has 'says which' "$out" 'old.jsonl:1: cdmasim 0.0.1 wrote it'
exits 2 'merge of it' "$CDMASIM" merge j.jsonl old.jsonl
sed -n '1p; 2s/"steps":[0-9]*/"steps":1/p' j.jsonl >other.jsonl
exits 2 'merge of journals that contradict each other' \
	"$CDMASIM" merge j.jsonl other.jsonl
has 'says where' "$out" 'other.jsonl:2: it contradicts'
cat j.jsonl >both.jsonl
tail -n 1 other.jsonl >>both.jsonl
# shellcheck disable=SC2086
exits 2 'a journal that contradicts itself' "$CDMASIM" $run --journal=both.jsonl
sed '2s/"expects":\[[0-9]*/"expects":[9999999/' j.jsonl >much.jsonl
exits 4 'a case that shows more than was run' "$CDMASIM" merge much.jsonl
has 'says so' "$out" ': this is not what a case shows'

# Exploring in cases: nothing is lost and nothing is done twice.  How often an
# execution ends before it is one depends on how it is cut up, and not on who
# does it.
cat >big.dma <<'END'
scenario big "three readers of seven flags";
param fix = 0;
const N = 7;
struct slot { le32 done; le32 len; };
device nic;
setup { coherent rx = dma_alloc_coherent(nic, slot[N], ZEROED); }
thread dma on nic { for (i in 0..N) { rx[i].len = 1; rx[i].done = 1; } }
thread a on cpu { for (i in 0..N) if (!READ_ONCE(rx[i].done)) break; }
thread b on cpu { for (i in 0..N) u32 done = READ_ONCE(rx[i].done); }
thread c on cpu {
	if (READ_ONCE(rx[0].done)) {
		if (fix) dma_rmb();
		u32 len = READ_ONCE(rx[0].len);
	}
}
teardown { free(rx); }
expect unordered_read;
variant fixed { fix = 1; expect nothing; }
END

# unblocked: without how many were.
unblocked() {
	sed 's/; [0-9]* blocked//'
}

explore='explore -v big.dma a.dma'
# shellcheck disable=SC2086
alone=$("$CDMASIM" $explore | unblocked)
# shellcheck disable=SC2086
whole=$("$CDMASIM" $explore -j1)
same 'explored in cases: the same as in one' \
	"$(printf '%s\n' "$whole" | unblocked)" "$alone"
has 'there are more than a case takes on' "$whole" 'covered: 2048 executions'
# shellcheck disable=SC2086
parts 'explored by two' 1 $explore -j2
# shellcheck disable=SC2086
parts 'explored by five, with a journal' 1 $explore -j5 --journal=e.jsonl
same 'there are several cases' "$(grep -c '"case":[1-9]' e.jsonl | grep -c '^[0-3]$')" 0
# shellcheck disable=SC2086
parts 'explored from the journal' 1 $explore --journal=e.jsonl
parts 'merge of an exploration' 1 merge -v e.jsonl
head -n 4 e.jsonl >killed.jsonl
head -n 5 e.jsonl | tail -n 1 | cut -c 1-400 | tr -d '\n' >>killed.jsonl
exits 3 'merge of a part is inconclusive' "$CDMASIM" merge killed.jsonl
# shellcheck disable=SC2086
parts 'going on exploring' 1 $explore -j2 --journal=killed.jsonl
same 'each of its cases is there once' "$(sort killed.jsonl)" "$(sort e.jsonl)"
for i in 1 2 3; do
	# shellcheck disable=SC2086
	ok "shard $i of an exploration" \
		"$CDMASIM" $explore --shard=$i/3 --journal=x$i.jsonl
done
parts 'merge of its shards' 1 merge -v x3.jsonl x1.jsonl x2.jsonl
same 'no case of it is in two shards' \
	"$(cat x?.jsonl | grep -v '"cdmasim"' | sort | uniq -d)" ''
exits 3 'no more than may be tried' \
	"$CDMASIM" explore -j2 --executions=500 --variant=fixed big.dma
has 'and not one less' "$out" '500 executions tried'

# With few files that may be open there are fewer processes, and no other
# result.
few() (
	ulimit -n 16
	exec "$CDMASIM" "$@"
)
# shellcheck disable=SC2086 # a list of words
same 'more processes than there can be' "$(few $run -j 4000 2>/dev/null)" \
	"$("$CDMASIM" $run)"

# A run without end, by one who writes a journal and has no other process.
cat >long.dma <<'END'
scenario long_run "a run of a thousand million steps";
shared u32 x;
thread a on cpu { for (i in 0..1000000) for (k in 0..1000) WRITE_ONCE(x, k); }
expect nothing;
END
exits 3 'is stopped in time' "$CDMASIM" run --steps=10000000000 --schedules=1 \
	--journal=long.jsonl --time=100ms long.dma
has 'and says so' "$out" 'stopped by --time'

# A scenario that has changed since.
sed -i 's/len = 64/len = 65/' a.dma
exits 1 'merge after a change of one of the two' "$CDMASIM" merge j.jsonl
has 'does not count what is of another scenario' "$out" \
	'a.dma: a/default: 6 cases, the first of them number 0'

done_testing
