#!/bin/sh
# SPDX-License-Identifier: MIT
#
# barriers.sh NAME OUT: what is found in driver NAME when one of its barriers is
# taken out, for each that the scenario comes to: a row of a table each.
#
# From the environment: as for driver.sh; CDMASIM.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 out=$2
driver=''
# shellcheck source=/dev/null # NAME.conf
. "$here/$name.conf"
file=$(basename "$driver")
barrier='\(dma_\|virtio_\|\)\(r\|w\|\)mb([^;]*);'

# try DIR SED: the lines that say what is found in the driver then.
try() {
	mkdir -p "$1"
	"$here/driver.sh" "$name" "$1" "$2"
	grep -v '^expect' "$here/$name.dma" >"$1/$name.dma"
	(cd "$1" && "$CDMASIM" run --schedules=200 "$name.dma" 2>&1) |
		sed -n 's/^SUMMARY: cdmasim: //p' | sort -u
}

# Which of them it comes to: each says so.
lines=$(grep -n "^[[:space:]]*$barrier" "$TREE/$driver" | cut -d: -f1)
say=''
for line in $lines; do
	say="$say
${line}s/$barrier/& cdma_driver_warn(\"here\");/"
done
reached=$(try "$out/$name.reached" "$say" |
	sed -n "s/^assertion .*$file:\\([0-9]*\\).*/\\1/p" | sort -un)
as_it_is=$(try "$out/$name.as-it-is" '')

for line in $reached; do
	text=$(sed -n "${line}s/^[[:space:]]*\\([^;]*;\\).*/\\1/p" \
		"$TREE/$driver")
	found=$(try "$out/$name.$line" "${line}s/$barrier//" |
		grep -vxF "${as_it_is:-nothing}" |
		sed "s|drivers/[^ ]*/||g" | paste -sd ';' -)
	# shellcheck disable=SC2016 # Markdown
	printf '| `%s` | %s | `%s` | %s |\n' "$file" "$line" "$text" \
		"${found:-nothing}"
done
for line in $lines; do
	if ! echo "$reached" | grep -qx "$line"; then
		# shellcheck disable=SC2016
		printf '| `%s` | %s | | not come to |\n' "$file" "$line"
	fi
done
