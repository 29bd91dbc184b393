#!/bin/sh
# SPDX-License-Identifier: MIT
#
# prepare.sh TREE OUT: a kernel's tree as drivers are compiled against it: for
# user mode (ARCH=um) with PCI, in OUT.  Nothing of TREE is changed.
set -eu
tree=$1 out=$2

if [ -e "$out/.prepared" ]; then
	exit
fi
mkdir -p "$out"
make_() {
	make -s -C "$tree" ARCH=um O="$out" "$@" >>"$out/prepare.log" 2>&1
}
make_ defconfig
# PCI comes with virtio; locks are functions, and mapping errors are asked for
# by one, when they are debugged.
"$tree/scripts/config" --file "$out/.config" -e VIRTIO_UML \
	-e UML_PCI_OVER_VIRTIO -e DEBUG_SPINLOCK -e DMA_API_DEBUG
make_ olddefconfig
make_ -j"$(nproc)" prepare modules_prepare
make_ lib/crc32.o # lib/crc32table.h
touch "$out/.prepared"
