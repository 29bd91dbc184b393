#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Drivers in C under run, explore and replay: what is found, where it is said
# to be, what crashes, and what is not loaded.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR

# Stacks of one's own under ThreadSanitizer are annotated, and have not been
# tried on CI yet.
case ${SANITIZER:-no} in
*thread*)
	skip 'native code' 'not tried under ThreadSanitizer'
	done_testing
	exit
	;;
esac

dir=$srcdir/tests/native
objects=$PWD/tests/native

# cdmasim COMMAND ARG...: with the objects that were built for this test.
cdmasim() {
	command=$1
	shift
	"$CDMASIM" "$command" -I "$objects" "$@"
}

ok 'as expected' cdmasim run "$dir/nic-rx.dma"
report=$out
has 'the line of C is named' "$report" ' #0 poll_rx '
has 'so is the one that it races with' "$report" ' #0 put '
has 'and the proof' "$report" ' #0 is_done '
has 'memory has the name it was given' "$report" 'buffer ring: 16 bytes'
has 'and the fix is clean' "$report" 'ok    nic_rx_c/fixed: nothing found'

same 'two processes, the same' \
	"$(cdmasim run -j2 "$dir/nic-rx.dma" 2>&1)" "$report"
ok 'and again after faults' cdmasim run --faults=each "$dir/nic-rx.dma"
ok 'in weak memory' cdmasim run --memory=weak "$dir/nic-rx.dma"
ok 'on threads' cdmasim run --threads --runs=20 "$dir/nic-rx.dma"

ok 'explored' cdmasim explore "$dir/nic-rx.dma"
has 'all of it' "$out" 'covered: 1 execution, all that can be told apart'
has 'minimised' "$out" 'minimised from'

schedule=$(echo "$report" | sed -n "s/.*--schedule='\(.*\)'.*/\1/p")
exits 0 'replayed' cdmasim replay --schedule="$schedule" "$dir/nic-rx.dma"
has 'and found again' "$out" 'unordered_read'

ok 'locks, waits and interrupts, explored' cdmasim explore "$dir/waits.dma"
has 'all of it' "$out" 'covered: '
covered() {
	cdmasim explore "$dir/$1.dma" | grep 'covered: '
}
same 'as many executions as the same in the language has' \
	"$(covered waits)" "$(covered waits-language)"

ok 'guards and resources' cdmasim run "$dir/guards.dma"
ok 'explored' cdmasim explore "$dir/guards.dma"
ok 'in weak memory' cdmasim explore --memory=weak "$dir/guards.dma"
ok 'on threads' cdmasim run --threads --runs=20 --variant=fixed \
	"$dir/guards.dma"

# What the guide shows is what is run here, and is built as it says there.
block() {
	awk -v begin="$1" '
	/^```/ { if (on) exit; open = !open; next }
	open && !on && index($0, begin) == 1 { on = 1 }
	on { print }' "$srcdir/doc/libcdma.md"
}
block '#include <cdma/model.h>' >"$tmp/nic-rx.c"
same 'the C of the guide' "$(cat "$tmp/nic-rx.c")" \
	"$(sed -n '/^#include <cdma/,$p' "$dir/nic-rx.c")"
block 'scenario nic_rx_c' >"$tmp/nic-rx.dma"
same 'its scenario' "$(cat "$tmp/nic-rx.dma")" "$(cat "$dir/nic-rx.dma")"
ok 'the headers are installed' env -u MAKEFLAGS make -s DESTDIR="$tmp/root" \
	install-cdmaincludeHEADERS install-pkgconfigDATA
installed=$(find "$tmp/root" -name cdma.pc)
flags=$(PKG_CONFIG_SYSROOT_DIR="$tmp/root" \
	PKG_CONFIG_PATH="${installed%/*}" pkg-config --cflags cdma)
# shellcheck disable=SC2086 # a list of words
ok 'the guide compiles' env -C "$tmp" cc -Wall -Wextra -Werror -g -fPIC \
	-shared -o nic-rx.so nic-rx.c $flags
ok 'and is found beside the scenario' env -C "$tmp" "$CDMASIM" run nic-rx.dma
has 'with lines of the source' "$out" '
      bytes += cdma_view_read32(field_of(i, 0));
      it read 0x40'

ok 'a crash is a finding' cdmasim run --schedules=3 "$dir/crash.dma"
has 'with its place' "$out" 'panic in a  (crash, variant wild)'
has 'and its calls' "$out" ' #1 driver '

# refused TEXT FUNCTION: what is not loaded, and why.
refused() {
	printf 'scenario r "a test";\nnative "%s" %s;\n' "$2" "$3" \
		>"$tmp/r.dma"
	exits 2 "not loaded: $1" "$CDMASIM" run -I "$objects" "$tmp/r.dma"
	has "it is said why: $1" "$out" "$1"
}
refused 'has no function' nic-rx.so nothing
refused 'there is no file' nothing.so f
echo text >"$tmp/text.so"
refused 'it is no shared object' text.so f
refused 'it calls malloc()' needs.so f

printf 'scenario r "a test";\nnative "crash.so" driver;\nsetup { driver(8); }\nshared u32 flag;' >"$tmp/r.dma"
exits 2 'a name that is not there' cdmasim run "$tmp/r.dma"
has 'is a mistake' "$out" 'the scenario has no param of this name'

done_testing
