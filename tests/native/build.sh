#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Models in C that `cdmasim native build' compiles: what is made, what is made
# again, what a variant changes, and what is said when that cannot be.
. "${srcdir:-.}/tests/tap.sh"
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR CC CFLAGS

case ${SANITIZER:-no} in
*thread*)
	skip 'native build' 'native code is not tried under ThreadSanitizer'
	done_testing
	exit
	;;
esac
if ! command -v cc >/dev/null; then
	skip 'native build' 'there is no cc'
	done_testing
	exit
fi

case $CDMASIM in
/*) ;;
*) CDMASIM=$PWD/$CDMASIM ;;
esac
dir=$(cd "$srcdir/tests/native" && pwd)
XDG_CACHE_HOME=$tmp/cache
export XDG_CACHE_HOME
cd "$tmp" || exit
cp "$dir/nic-rx.c" "$dir/nic-rx.dma" .

# scenario NAME NATIVE: nic-rx.dma with another line for what is native, and
# without what it says of variants.
scenario() {
	awk -v native="$2" '
	/^native/ { print native; next }
	/^param/ && native ~ /rmb/ { next }
	/^(expect|variant)/ { next }
	{ print }' nic-rx.dma >"$1.dma"
}
functions='probe, poll_rx, remove_nic, engine'

exits 2 'an object that nobody has built' "$CDMASIM" run nic-rx.dma
has 'is asked for' "$out" "'nic-rx.so' has not been built"
has 'and it is said how' "$out" 'cdmasim native build nic-rx.dma'
exits 2 'an operation that there is not' "$CDMASIM" native make nic-rx.dma
exits 5 'a scenario without C' "$CDMASIM" native build \
	"$dir/waits-language.dma"
ok 'it is built' "$CDMASIM" native build nic-rx.dma
has 'which is said' "$out" 'nic-rx.dma: nic-rx.so: built'
ok 'beside its source' test -f nic-rx.so
ok 'and runs as expected' "$CDMASIM" run nic-rx.dma
has 'with its lines' "$out" 'bytes += cdma_view_read32(field_of(i, 0));'
ok 'once more' "$CDMASIM" native build nic-rx.dma
has 'nothing is done' "$out" 'is built already'
same 'quietly' "$("$CDMASIM" native build -q nic-rx.dma 2>&1)" ''
touch nic-rx.c
ok 'a date is no change' "$CDMASIM" run -q nic-rx.dma
echo '/* changed */' >>nic-rx.c
exits 2 'a change is one' "$CDMASIM" run -q nic-rx.dma
has 'of a source' "$out" "'nic-rx.so' was built before 'nic-rx.c' was changed"
ok 'it is built again' "$CDMASIM" native build nic-rx.dma
has 'really' "$out" 'nic-rx.so: built'
ok 'and runs' "$CDMASIM" run -q nic-rx.dma
cc -shared -fPIC -g -I"$dir/../../src" -o nic-rx.so nic-rx.c
echo '/* changed once more */' >>nic-rx.c
ok 'what somebody else has made is his' "$CDMASIM" run -q nic-rx.dma
rm nic-rx.so

# A source, which a variant changes.
scenario source "native \"nic-rx.c\" { define RING 3; } $functions;"
cat >>source.dma <<'EOT'
expect unordered_read of ring in poll_rx "bytes +=" against put "cdma_engine_write(";
variant asked { rmb = 1; expect nothing; }
variant before { patch before "bytes += cdma" "cdma_dma_rmb(world); "; expect nothing; }
variant after { patch after "cdma_branch(world, cdma_last_dep(world));" "cdma_dma_rmb(world);" in poll_rx; expect nothing; }
variant replace { patch replace "if (cdma_model_param(\"rmb\"))" ""; expect nothing; }
variant still { patch remove "cdma_dma_rmb(world)"; expect unordered_read in poll_rx "bytes   +="; }
EOT
sed -i 's/bytes += cdma"/bytes +="/' source.dma
ok 'a source is built' "$CDMASIM" native build source.dma
same 'once for each that changes it' \
	"$(echo "$out" | sed 's/.*nic-rx.c//')" ': built
, variant before: built
, variant after: built
, variant replace: built
, variant still: built'
ok 'all is as expected' "$CDMASIM" run -v source.dma
has 'in three turns' "$out" 'buffer ring: 24 bytes'
has 'at the line that it is without the patch' "$out" ' #0 poll_rx nic-rx.c:67'
ok 'explored' "$CDMASIM" explore source.dma
ok 'another cache' "$CDMASIM" native build --cache=here source.dma
has 'is empty' "$out" 'nic-rx.c: built'
ok 'and then is not' "$CDMASIM" run --cache=here -q source.dma
sed -i 's/in poll_rx "bytes   +="/in poll_rx "probe"/' source.dma
exits 1 'another line than the one that is found' "$CDMASIM" run source.dma
has 'is said' "$out" 'unordered_read at poll_rx "probe"'

# In several files, and a static function of the first.
cat >more.c <<'EOT'
int twice(int a) { return 2 * half_of(2 * a); }
EOT
cat >half.c <<'EOT'
int half(int a) { return a / BY; }
EOT
cat >first.c <<'EOT'
#include "names.h"
int half(int a);
enum { FOUR = 5, FIVE };
static int half_of(int a) { return half(a) + FOUR - FIVE + 1; }
EOT
echo '#define UNUSED 1' >names.h
cat >several.dma <<'EOT'
scenario several "of several files";
param by = 2;
native "first.c" {
	source "more.c";
	link "half.c";
	define BY by;
	define FOUR by + 2;
} twice;
shared u32 x;
setup { x = twice(21); }
thread t on cpu { assert(x == 42); }
expect nothing;
variant by_three { by = 3; expect assertion; }
EOT
ok 'several files' "$CDMASIM" native build several.dma
has 'for two values' "$out" "several.dma: first.c: built
several.dma: first.c: built"
ok 'do what they say' "$CDMASIM" run several.dma
echo '#define UNUSED 2' >names.h
exits 2 'a header was changed' "$CDMASIM" run several.dma
has 'which' "$out" "'first.c' was built before 'names.h' was changed"

# wrong TEXT NATIVE [LINE]: it is not built, and why.
wrong() {
	scenario wrong "native \"nic-rx.c\" $2 $functions;"
	echo "${3-}" >>wrong.dma
	exits 2 "not built: $1" "$CDMASIM" native build wrong.dma
	has "it is said why: $1" "$out" "$1"
}
wrong "'nowhere' does not stand in nic-rx.c" '' 'patch remove "nowhere";'
wrong "'return 0;' stands 2 times, at nic-rx.c:47, nic-rx.c:69" '' \
	'patch remove "return 0;";'
wrong "no source has a function 'none'" '' 'patch remove "return 0;" in none;'
wrong "'bytes +=' does not stand in probe" '' 'patch remove "bytes +=" in probe;'
wrong "'NONE' stands in no source" '{ define NONE 1; }'
wrong 'error: ' '' 'patch before "bytes +=" "nonsense; ";'
has 'the compiler says where' "$out" 'nic-rx.c:67:'
exits 4 'no compiler' env CC=no-such-cc "$CDMASIM" native build source.dma \
	--again
has 'is what is missing' "$out" "there is no C compiler 'no-such-cc'"
exits 4 'no cache' env -u XDG_CACHE_HOME -u HOME "$CDMASIM" native build \
	source.dma
has 'is said' "$out" 'neither --cache, nor XDG_CACHE_HOME, nor HOME'

# A driver of a kernel, as far as that is without one.
cat >driver.dma <<'EOT'
scenario driver "of a kernel";
device nic;
driver "drivers/net/nic.c" { pci 1:2; } probe;
setup { return probe(); }
expect nothing;
EOT
exits 2 'a driver that nobody has built' "$CDMASIM" run driver.dma
has 'is asked for' "$out" "'drivers/net/nic.c' has not been built"
exits 4 'a driver of no kernel' "$CDMASIM" native build driver.dma
has 'asks for it' "$out" '--kernel=TREE'
exits 4 'a driver of something else' "$CDMASIM" native build --kernel=. \
	driver.dma
has 'is refused' "$out" "'.' is no tree of Linux sources"

# What is missing is named, before anything is begun.
mkdir -p tree/arch/um tree/include/linux tree/drivers/net bin
touch tree/arch/um/Makefile tree/include/linux/dma-mapping.h
exits 4 'no make' env PATH="$tmp/bin" "$CDMASIM" native build \
	--kernel=tree driver.dma
has 'is named, with what goes with it' "$out" "there is no 'make'; a kernel is"

done_testing
