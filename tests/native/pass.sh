#!/bin/sh
# SPDX-License-Identifier: MIT
#
# C that the compiler pass made: which reads a value comes from, by the verdict
# that it makes, in strong and in weak memory; and a driver as C has it.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

case ${SANITIZER:-no} in
*thread*)
	skip 'the compiler pass' 'native code is not tried under ThreadSanitizer'
	done_testing
	exit
	;;
esac
dir=$srcdir/tests/native
objects=$PWD/tests/native
if ! [ -e "$objects/pass-ring.so" ]; then
	skip 'the compiler pass' 'the headers of LLVM 14 were not there'
	done_testing
	exit
fi

cdmasim() {
	command=$1
	shift
	"$CDMASIM" "$command" -I "$objects" "$@"
}

# ---- a driver as C has it ----

ok 'as expected' cdmasim run "$dir/pass-ring.dma"
report=$out
has 'the access has its line and column' "$report" \
	' #0 take tests/native/pass-ring.c:56:21'
has 'and who called that' "$report" ' #1 poll_rx tests/native/pass-ring.c:'
has 'the line is shown, from where the source is' \
	"$(env -C "$srcdir" "$CDMASIM" run -I "$objects" \
		tests/native/pass-ring.dma 2>&1)" '      nic.bytes += desc->len;'
has 'it is plain' "$report" 'plain read of 4 bytes at ring+0x0'
has 'the proof is in a condition' "$report" ' #0 is_done '
has 'and the fix is clean' "$report" 'ok    pass_ring/fixed: nothing found'
same 'two processes, the same' \
	"$(cdmasim run -j2 "$dir/pass-ring.dma" 2>&1)" "$report"
ok 'in weak memory' cdmasim run --memory=weak "$dir/pass-ring.dma"
ok 'and again after faults' cdmasim run --faults=each "$dir/pass-ring.dma"
ok 'explored' cdmasim explore "$dir/pass-ring.dma"
has 'all of it' "$out" 'covered: '
schedule=$(echo "$report" | sed -n "s/.*--schedule='\(.*\)'.*/\1/p" | head -n 1)
exits 0 'replayed' cdmasim replay --schedule="$schedule" "$dir/pass-ring.dma"
has 'and found again' "$out" 'unordered_read'

# ---- what it asks of the kernel, and what is wrong with its memory ----

ok 'by address' cdmasim explore "$dir/pass-nic.dma"
has 'freed memory has its line' "$out" ' #0 remove_nic tests/native/pass-nic.c:'
ok 'each of its calls fails once' cdmasim run --faults=each "$dir/pass-nic.dma"
has 'all that can' "$out" \
	'faults: 5 tried (dma_alloc 1, kmalloc 2, dma_map 1, request_irq 1)'

# ---- what is refused, and what goes wrong ----

# wrong FUNCTION TEXT LINE: what a report says, and where that is.
wrong() {
	sed "s/load_1/$1/g" "$dir/pass-events.dma" >"$tmp/$1.dma"
	exits 1 "$1" cdmasim run --schedules=3 "$tmp/$1.dma"
	has "$1: what it is" "$out" "$2"
	has "$1: where" "$out" " #0 $1 "
	has "$1: in C" "$out" 'tests/native/pass-events.c:'
}
case $(uname -m) in
x86_64) wrong asm_store 'assembly that nobody can know here: movl $$1, $0' ;;
esac
wrong missing 'pci_frobnicate(), which nobody provides'
wrong wild 'a wild pointer'
wrong stray 'a wild pointer'
wrong beyond 'out_of_bounds'
wrong unseen 'an access that the compiler pass did not see'

# ---- dependencies ----

# case_of FUNCTION EXPECTATION DEVICE: a scenario of it.
case_of() {
	cat <<END
scenario $1 "what it reads, and does by that";
native "pass-deps.so" open_dev, close_dev, $1;
device dev { regs { u64 at; } dma_bits = 64; };
setup { return open_dev(); }
thread device on dev { u64 at = dev.at; $3 }
thread driver on cpu { return $1(); }
teardown { close_dev(); }
expect $2;
END
}

# verdict FUNCTION EXPECTATION DEVICE
verdict() {
	case_of "$@" >"$tmp/$1.dma"
	for memory in strong weak; do
		ok "$1: $2 ($memory)" cdmasim explore --memory=$memory \
			"$tmp/$1.dma"
		has "$1: all of it ($memory)" "$out" 'covered: '
	done
}

# mem is a, b, c, ring[5]: the device fills an entry and says so.
fills='*(u32 *)(at + 16) = 7; *(u32 *)(at + 4) = 1;'
gives='*(u32 *)at = 1; *(u32 *)(at + 4) = 1;'
again="$gives poll (*(u32 *)(at + 8) == 1) max 100 else return; *(u32 *)at = 2;"

verdict case_1 'unordered_read at case_1 against device' "$gives"
verdict case_16 'unordered_giveback' "$again"
verdict case_18 nothing "$again"
verdict case_27 nothing "$fills"
verdict case_127 nothing "$fills"
verdict case_128 'unordered_read at look_up against device' "$fills"
verdict case_129 nothing "$fills"
verdict case_130 nothing "$fills"
verdict case_131 'unordered_read at case_131 against device' "$fills"
verdict case_132 nothing "$fills"
verdict case_133 nothing "$fills"
verdict case_134 'unordered_read at case_134 against device' "$fills"
verdict case_136 'unordered_read at case_136 against device' "$fills"
verdict case_28 nothing "$gives"
verdict case_29 'unordered_write at case_29 against device' "$gives"
verdict case_135 nothing "$gives"

done_testing
