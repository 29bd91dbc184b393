#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Drivers of Linux 6.1 as they are: each is built by `cdmasim native build', run,
# and has just the findings that its scenario expects.  Variants change its
# text, as a fix does or a mistake.
#
# KERNEL: a tree; else that of Debian's linux-source-6.1 is unpacked here.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
archive=/usr/src/linux-source-6.1.tar.xz
here=$(cd "$srcdir/tests/linux" && pwd)
work=$PWD/tests/linux/work
XDG_CACHE_HOME=$work/cache
export XDG_CACHE_HOME
mkdir -p "$work"

tree=${KERNEL:-$work/linux-source-6.1}
[ -e "$tree/Kbuild" ] || [ ! -e "$archive" ] || tar -C "$work" -xf "$archive"

skip_all() {
	skip 'drivers of Linux' "$1"
	done_testing
	exit
}
[ -e "$tree/Kbuild" ] ||
	skip_all "no Linux 6.1: KERNEL=TREE, or Debian's linux-source-6.1"
[ -e native/pass/cdmapass.so ] ||
	skip_all 'no compiler pass: it takes llvm-14-dev'

for name in 8139cp e1000 nvme plx-dma virtio-ring; do
	ok "$name is built" \
		"$CDMASIM" native build --kernel="$tree" "$here/$name.dma"
	ok "$name: run, as expected" "$CDMASIM" run "$here/$name.dma"
done

done_testing
