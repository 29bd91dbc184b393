#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a fuzzer found once, and all that looks like a scenario.
exec tests/fuzz/replay-scenario "$srcdir/tests/fuzz/corpus/fuzz-scenario" \
	"$srcdir/tests/unit/messages" "$srcdir/scenarios"
