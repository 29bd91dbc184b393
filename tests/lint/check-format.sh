#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every .c and .h is as clang-format leaves it.
set -eu
cd "${srcdir:-.}"
if ! command -v clang-format >/dev/null; then
	echo 'check-format: clang-format is missing (Debian: clang-format)' >&2
	exit 1
fi
tests/lint/files.sh | grep '\.[ch]$' | xargs clang-format --dry-run -Werror
