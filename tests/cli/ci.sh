#!/bin/sh
# SPDX-License-Identifier: MIT
#
# doc/ci.md: what the jobs call is tried, and the model is built and run in all
# the ways that the page names.
. "${srcdir:-.}/tests/tap.sh"

page=$srcdir/doc/ci.md
: "${CC:=cc}" "${SANITIZER:=no}"

# ---- the calls of cdmasim ----

mkdir "$tmp/dma"
cp "$srcdir/scenarios/ordering/idpf-ctlq-dd.dma" "$tmp/dma"
nr=0
grep -oE '(cdmasim/build|tsan)/cdmasim [^`]*$' "$page" | sort -u >"$tmp/calls"
while read -r program args; do
	nr=$((nr + 1))
	ok "${program##*/} $args" \
		sh -c "cd '$tmp' && exec '$CDMASIM' $args"
done <"$tmp/calls"
ok 'there are calls to try' test "$nr" -ge 3
ok 'the file of results is written' test -s "$tmp/dma.xml"

# ---- the model ----

awk '/^```c$/ { on = 1; next } /^```/ { on = 0 } on' "$page" >"$tmp/model.c"

flags="-I$srcdir/src -pthread"
case $SANITIZER in
no | *fuzzer*) ;;
*) flags="$flags -fsanitize=$SANITIZER" ;;
esac

# built WAY: the model, with the library of this build.
built() {
	# shellcheck disable=SC2086
	$CC -g -O1 $flags $1 "$tmp/model.c" "${LIBCDMA:-libcdma.a}" \
		$(pkg-config --libs liburcu-bp) -o "$tmp/model"
}

# The test itself may be under setarch -R, which programs inherit.
ok 'the model builds' built ''
ok 'it finds nothing' "$tmp/model"
ok 'it builds without dma_rmb()' built -DNO_RMB
exits 1 'it finds that' "$tmp/model"
has 'and says so' "$out" 'model.c:49: unordered_read'
if [ "$SANITIZER" = thread ]; then
	ok 'it builds without the lock' built -DFORGOTTEN
	exits 66 'ThreadSanitizer finds that' "$tmp/model"
	has 'and reports it' "$out" 'WARNING: ThreadSanitizer: data race'
	# Both: the status is the sanitizer's.
	ok 'it builds without both' built '-DFORGOTTEN -DNO_RMB'
	exits 66 'the status is still 66' "$tmp/model"
else
	skip 'the model under ThreadSanitizer' 'needs --with-sanitizer=thread'
fi

done_testing
