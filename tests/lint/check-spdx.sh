#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every file that is written by hand and has comments names its licence in
# its first three lines.
set -eu
cd "${srcdir:-.}"
bad=0
for file in $(tests/lint/files.sh | grep -E \
	'\.([ch]|sh|mk|m4|ac|am|in|awk|py)$|^scenarios/.*\.dma$|^bootstrap$|^\.ci/'); do
	if ! head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT'; then
		echo "$file:1: no SPDX-License-Identifier: MIT"
		bad=1
	fi
done
exit $bad
