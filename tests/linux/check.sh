#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Drivers of Linux 6.1 as they are: each is compiled, run and explored, and has
# just the findings that its scenario expects; the text of some is changed, as a
# fix is or a mistake.
#
# KERNEL: a tree; else that of Debian's linux-source-6.1 is unpacked here.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
archive=/usr/src/linux-source-6.1.tar.xz
here=$(cd "$srcdir/tests/linux" && pwd)
work=$PWD/tests/linux/work
mkdir -p "$work"

TREE=${KERNEL:-$work/linux-source-6.1}
PREPARED=$work/prepared
NATIVE=$(cd "$srcdir/native" && pwd)
PLUGIN=${PLUGIN:-$PWD/native/pass/cdmapass.so}
CLANG=${CLANG:-$(command -v clang-14 || command -v clang || :)}
OBJECTS=$work/objects
export TREE PREPARED NATIVE PLUGIN CLANG OBJECTS

# needs WHAT COMMAND...: without it nothing is tried.
needs() {
	why=$1
	shift
	if ! "$@" >/dev/null 2>&1; then
		skip 'drivers of Linux' "$why"
		done_testing
		exit
	fi
}

[ -e "$TREE/Kbuild" ] || [ ! -e "$archive" ] || tar -C "$work" -xf "$archive"
needs "no Linux 6.1: KERNEL=TREE, or Debian's linux-source-6.1" \
	test -e "$TREE/Kbuild"
needs 'no compiler pass: it takes llvm-14-dev' test -e "$PLUGIN"
needs 'no clang 14' test -n "$CLANG"
needs "the tree cannot be prepared: $PREPARED/prepare.log" \
	"$here/prepare.sh" "$TREE" "$PREPARED"

# drives NAME [SED]: build it; what it says is in $out afterwards.
drives() {
	ok "$1 is built${2:+, changed}" "$here/driver.sh" "$1" "$work" "${2-}"
	cp "$here/$1.dma" "$work"
}

for name in 8139cp e1000 nvme plx-dma virtio-ring; do
	drives "$name"
	ok "$name: run, as expected" "$CDMASIM" run "$work/$name.dma"
done

# With both barriers that it lacks, 8139cp is silent.
drives 8139cp '/^static int cp_rx_poll/,/^}/{
s/^			break;$/& dma_rmb();/
s/if (rx_tail == (CP_RX_RING_SIZE - 1))/dma_wmb(); &/
}'
sed '/^expect/d' "$here/8139cp.dma" >"$work/8139cp.dma"
ok '8139cp with its barriers: nothing is found' \
	"$CDMASIM" run "$work/8139cp.dma"

# Without one that it has, each is found.
drives e1000 '/dma_rmb(); \/\* read descriptor and rx_buffer_info/s/dma_rmb();//'
exits 1 'e1000 without dma_rmb(): it is found' "$CDMASIM" run "$work/e1000.dma"
has 'where the length is read' "$out" 'unordered_read'
drives nvme '/^[[:space:]]*dma_rmb();/s/dma_rmb();//'
exits 1 'nvme without dma_rmb(): it is found' "$CDMASIM" run "$work/nvme.dma"
has 'where the completion is read' "$out" 'unordered_read'

done_testing
