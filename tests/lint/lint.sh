#!/bin/sh
# SPDX-License-Identifier: MIT
. "${srcdir:-.}/tests/tap.sh"

for check in $LINT_CHECKS; do
	ok "check-$check" "$srcdir/tests/lint/check-$check.sh"
done
done_testing
