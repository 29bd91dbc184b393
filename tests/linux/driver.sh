#!/bin/sh
# SPDX-License-Identifier: MIT
#
# driver.sh NAME OUT [SED]: make OUT/NAME.so of a driver of Linux, as NAME.conf
# says it, with the services that it needs; SED changes its text first.
#
# From the environment: as for cc.sh, and OBJECTS, where what all drivers share
# is kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 out=$2 edit=${3-}
driver='' functions='' define='' source='' link='' pci=''
# shellcheck source=/dev/null # NAME.conf
. "$here/$name.conf"

# made OBJECT SOURCE: unless it is there, and newer.
made() {
	if [ -z "$(find "$1" -newer "$2" -newer "$PLUGIN" 2>/dev/null)" ]; then
		"$here/cc.sh" "$1" "$2"
	fi
}

# archive NAME DIR FILE...: of what a link takes what it needs.
archive() {
	into=$OBJECTS/$1 from=$2
	shift 2
	mkdir -p "$into"
	for file; do
		made "$into/$(echo "$file" | tr / _ | sed 's/c$/o/')" \
			"$from/$file"
	done
	rm -f "$into.a"
	ar rcs "$into.a" "$into"/*.o
}

mkdir -p "$OBJECTS"
# shellcheck disable=SC2046 # names without spaces
archive services "$NATIVE/kernel" $(cd "$NATIVE/kernel" && echo *.c)
# shellcheck disable=SC2046,SC2086
archive tree "$TREE" $(grep -v '^#' "$NATIVE/kernel/files") $link

# The driver, under its own name, and behind it what is written for it.
work=$out/$name.work
mkdir -p "$work/$(dirname "$driver")"
while read -r macro value; do
	[ -z "$macro" ] ||
		edit="$edit
s/^\\(#define[ 	][ 	]*${macro}[ 	]\\).*/\\1$value/"
done <<EOF
$define
EOF
{
	sed "$edit" "$TREE/$driver"
	if [ -n "$source" ]; then
		echo "#line 1 \"$source\""
		cat "$here/$source"
	fi
} >"$work/$driver"
"$here/cc.sh" "$work/driver.o" "$work/$driver" \
	-I"$TREE/$(dirname "$driver")" -ffile-prefix-map="$work/=" \
	-fdebug-prefix-map="$work/="

cat >"$work/board.c" <<EOF
#include <cdma-native.h>
const struct cdma_native_pci cdma_native_pci = {$pci};
const int cdma_nr_native_pci = 1;
EOF
cc -c -g -fPIC -I"$NATIVE/include" -o "$work/board.o" "$work/board.c"

# What a scenario calls is seen from outside, and nothing else is.
wanted=''
for f in $functions; do
	objcopy --globalize-symbol="$f" "$work/driver.o"
	wanted="$wanted -u $f"
done
# shellcheck disable=SC2086
ld -r -o "$work/all.o" $wanted "$work/driver.o" "$work/board.o" \
	--start-group "$OBJECTS/services.a" "$OBJECTS/tree.a" --end-group

# What nobody has says its name when it is called.
{
	echo '_Noreturn void cdma_driver_missing(const char *name);'
	nm -u "$work/all.o" | awk '$1 == "U" { print $2 }' |
		grep -Ev '^(__cdma_|cdma_driver_|v?snprintf$|sprintf$|_GLOBAL_)' |
		sed 's/.*/void &(void) { cdma_driver_missing("&"); }/'
} >"$work/missing.c"
cc -c -w -g -fPIC -fno-builtin -o "$work/missing.o" "$work/missing.c"
{
	echo '{ global:'
	for f in $functions; do echo "$f;"; done
	echo 'local: *; };'
} >"$work/symbols"
cc -shared -nostdlib -Wl,-Bsymbolic -Wl,--version-script="$work/symbols" \
	-o "$out/$name.so" "$work/all.o" "$work/missing.o"
