#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Print the files of the project, one a line: those that git tracks, or in a
# tarball those that are there and not generated.
set -eu
cd "$(dirname "$0")/../.."
if [ -e .git ] && files=$(git ls-files --deduplicate 2>/dev/null); then
	echo "$files" | while read -r file; do
		if [ -f "$file" ]; then
			echo "$file"
		fi
	done
else
	find . -type d \( -name .git -o -name autom4te.cache -o -name build \
		-o -name 'build-*' -o -name '_*' \) -prune -o \
		-type f -name '[!.]*' -print |
		sed 's,^\./,,' |
		grep -Ev '^(configure|aclocal\.m4|Makefile\.in)$' | sort
fi
