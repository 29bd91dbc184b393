#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Models in programs of their own, built as a user builds them: against what is
# installed, by pkg-config.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR MAKEFLAGS

# As for native code.
case ${SANITIZER:-no} in
*thread*)
	skip 'models in C' 'not tried under ThreadSanitizer'
	done_testing
	exit
	;;
esac
# What the archive was instrumented with it needs.
case ${SANITIZER:-no} in
no) sanitize= ;;
*) sanitize=-fsanitize=$SANITIZER ;;
esac

dir=$(cd "$srcdir/tests/threads" && pwd)
ok 'it is installed' make -s DESTDIR="$tmp/root" install-libLIBRARIES \
	install-librunDATA install-cdmaincludeHEADERS install-pkgconfigDATA
installed=$(find "$tmp/root" -name cdma-run.pc)
export PKG_CONFIG_SYSROOT_DIR="$tmp/root" PKG_CONFIG_PATH="${installed%/*}"
flags=$(pkg-config --cflags --libs cdma-run)

# build NAME FLAG...: in a directory with a copy of the source, as a user has.
cp "$dir/nic-ring.c" "$dir/asks.c" "$tmp"
build() {
	name=$1
	shift
	# shellcheck disable=SC2086 # lists of words
	ok "$name is built $*" env -C "$tmp" "${CC:-cc}" $sanitize -Wall \
		-Wextra -Werror -g "$@" -o "$name" "$name.c" $flags
}
nic() {
	(cd "$tmp" && ./nic-ring "$@")
}

build nic-ring
exits 1 'explored' nic explore
has 'what is wrong' "$out" 'BUG: cdmasim: unordered_read in handle_rx / engine'
has 'with a line of the source' "$out" '
 #0 handle_rx nic-ring.c:'
has 'and what stands there' "$out" 'bytes += cdma_view_read32(field(next, 0));'
has 'of all schedules' "$out" 'all that can be told apart'
exits 1 'run' nic run --schedules=50
random=$out
exits 1 'the same again' nic --schedules=50
same 'it is the same' "$out" "$random"
exits 1 'by another strategy' nic run --strategy=pct:2
exits 1 'on threads' nic run --threads --schedules=100
has 'all of them' "$out" 'events, all checked'
replay=$(echo "$out" | sed -n 's/^replay: //p')
exits 1 'and replayed, as the report says' sh -c "cd '$tmp' && $replay"
has 'it is found again' "$out" 'BUG: cdmasim: unordered_read'
exits 1 'in weak memory, with a log' nic run --memory=weak --log=log
ok 'that can be read' "$CDMASIM" show "$tmp/log/nic_ring.unordered_read.0"
has 'with what C does' "$out" 'nic-ring.c:'

ok 'with the barrier it is right' nic explore -D rmb=1
ok 'on threads, too' nic run --threads -Drmb=1 --schedules=100
ok 'and where memory is short' nic run -D rmb=1 '--fail=dma_alloc #1'

exits 2 'no such command' nic walk
exits 2 'no such option' nic --walk
exits 2 'no number' nic --schedules=many
exits 2 'no param of this name' nic -D wmb=1
exits 2 'no schedule' nic replay
ok 'it says what there is' nic --help
exits 4 'a log that is there already' nic --log=log

build asks
ok 'a test of one'\''s own' env -C "$tmp" ./asks
rm -rf "$tmp/asks.log"
case ${SANITIZER:-no} in
no)
	# Variables with bytes between them that are guarded.
	case $("${CC:-cc}" --version) in
	*clang*)
		build nic-ring -fsanitize=address
		exits 2 'a sanitizer that would be put back' nic run
		has 'is refused' "$out" 'link it with -shared-libsan'
		runtime=$("${CC:-cc}" -print-file-name=libclang_rt.asan-x86_64.so)
		set -- -shared-libsan "-Wl,-rpath,${runtime%/*}"
		;;
	*) set -- ;;
	esac
	build asks -fsanitize=address "$@"
	ok 'and under AddressSanitizer' env -C "$tmp" ./asks
	rm -rf "$tmp/asks.log"
	build asks -fPIE -pie
	ok 'at any address' env -C "$tmp" ./asks
	rm -rf "$tmp/asks.log"
	build asks -no-pie
	ok 'or at its own' env -C "$tmp" ./asks
	;;
esac

done_testing
