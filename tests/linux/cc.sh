#!/bin/sh
# SPDX-License-Identifier: MIT
#
# cc.sh OBJECT SOURCE [FLAG...]: compile a file of the kernel, or one that is
# written against it, for the simulator: with the flags of its Makefiles, our
# overlay in front, and the pass.
#
# From the environment: TREE, the kernel; PREPARED, what prepare.sh made of it;
# NATIVE, our native/; PLUGIN, the pass.
set -eu
object=$1 source=$2
shift 2
module=$(basename "$source" .c | tr - _)

cd "$PREPARED"
exec "${CLANG:-clang}" -c -o "$object" "$source" -nostdinc \
	-I"$NATIVE/include" -I"$NATIVE/../src" \
	-I"$TREE/arch/um/include" -Iarch/um/include/generated \
	-I"$TREE/include" -Iinclude \
	-I"$TREE/arch/um/include/uapi" -Iarch/um/include/generated/uapi \
	-I"$TREE/include/uapi" -Iinclude/generated/uapi \
	-include "$TREE/include/linux/compiler-version.h" \
	-include "$TREE/include/linux/kconfig.h" \
	-include "$TREE/include/linux/compiler_types.h" \
	-I"$TREE/arch/x86/um" -I"$TREE/arch/x86/include" \
	-I"$TREE/arch/x86/include/uapi" -Iarch/x86/include/generated \
	-Iarch/x86/include/generated/uapi \
	-I"$TREE/arch/um/include/shared" -I"$TREE/arch/x86/um/shared" \
	-I"$TREE/arch/um/include/shared/skas" -I"$(dirname "$source")" -Ilib \
	-D__KERNEL__ -D__arch_um__ -DMODULE -DKBUILD_BASENAME="\"$module\"" \
	-DKBUILD_MODNAME="\"$module\"" -D__KBUILD_MODNAME="kmod_$module" \
	-m64 -std=gnu11 -O1 -g -fPIC -w -fno-strict-aliasing -fno-common \
	-fshort-wchar -fno-builtin -fno-delete-null-pointer-checks \
	-fno-stack-protector -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -fno-strict-overflow \
	-ffile-prefix-map="$TREE/=" -fpass-plugin="$PLUGIN" "$@"
