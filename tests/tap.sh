# SPDX-License-Identifier: MIT
#
# TAP for shell tests:
#
#	#!/bin/sh
#	. "${srcdir:-.}/tests/tap.sh"
#	ok 'what must hold' command arg...
#	exits 2 'a wrong option' "$CDMASIM" run --wrong
#	same 'two words' "$got" "$want"
#	done_testing
#
# $tmp is a directory of this test's own, gone when it ends.  After ok and
# exits, $out holds what the command printed, on both streams.

: "${srcdir:=.}" "${CDMASIM:=$PWD/build/cdmasim}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
tap_nr=0

# result STATUS WHAT: one line of TAP.
result() {
	tap_nr=$((tap_nr + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_nr - $2"
	else
		echo "not ok $tap_nr - $2"
	fi
}

# note TEXT: shown in the log of the test.
note() {
	printf '%s\n' "$1" | sed 's/^/# /'
}

# exits STATUS WHAT COMMAND...: passes when COMMAND ends with STATUS.
exits() {
	tap_want=$1 tap_what=$2 tap_got=0
	shift 2
	out=$("$@" 2>&1) || tap_got=$?
	if [ "$tap_got" -eq "$tap_want" ]; then
		result 0 "$tap_what"
	else
		result 1 "$tap_what"
		note "$*: exit $tap_got, not $tap_want"
		note "$out"
	fi
}

# ok WHAT COMMAND...: passes when COMMAND succeeds.
ok() {
	exits 0 "$@"
}

# same WHAT GOT WANT: passes when the two texts are the same.
same() {
	if [ "$2" = "$3" ]; then
		result 0 "$1"
	else
		result 1 "$1"
		note "got:"
		note "$2"
		note "want:"
		note "$3"
	fi
}

# has WHAT TEXT PART: passes when TEXT contains PART.
has() {
	case $2 in
	*"$3"*) result 0 "$1" ;;
	*)
		result 1 "$1"
		note "no '$3' in:"
		note "$2"
		;;
	esac
}

# skip WHAT WHY: for what cannot be tested here.
skip() {
	tap_nr=$((tap_nr + 1))
	echo "ok $tap_nr - $1 # SKIP $2"
}

# Must come last: a test that ends before it is an error.
done_testing() {
	echo "1..$tap_nr"
}
