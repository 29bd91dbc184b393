#!/bin/sh
# SPDX-License-Identifier: MIT
#
# barriers.sh NAME DIR: what is found in driver NAME when one of its barriers is
# taken out, for each that the scenario comes to: a row of a table each.  In DIR
# is then a scenario with a variant for each of them.
#
# From the environment: KERNEL, the tree; CDMASIM.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 dir=$2
driver=$(sed -n 's/^driver "\(.*\)" {$/\1/p' "$here/$name.dma")
file=$(basename "$driver")
scenario=$dir/$name.dma
barrier='(dma_|virtio_)?[rw]?mb[(][^;]*[)];'
lines=$(grep -nE "^[[:space:]]*$barrier" "$KERNEL/$driver" | cut -d: -f1)

# Where each stood something is said instead.  The lines before it say which one
# is meant.
variants() {
	awk -v lines="$(echo "$lines" | paste -sd ' ' -)" -v barrier="$barrier" '
	BEGIN {
		nr = split(lines, list, " ")
		for (i = 1; i <= nr; i++) wanted[list[i]] = 1
		say = "{ extern void cdma_driver_warn(const char *); " \
			"cdma_driver_warn(\\\"gone\\\"); }"
	}
	{
		gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, " ")
		line[NR] = $0
	}
	NR in wanted {
		match($0, barrier)
		before = ""
		for (i = NR - 8; i < NR; i++) before = before line[i] "\\n"
		printf "variant without_%d { patch replace \"%s%s\" \"%s%s\"; }\n",
			NR, before, substr($0, 1, RSTART + RLENGTH - 1),
			before, say
	}' "$KERNEL/$driver"
}

# found VARIANT: what is found in it.
found() {
	"$CDMASIM" run -I "$here" --variant="$1" "$scenario" 2>&1 |
		sed -n 's/^SUMMARY: cdmasim: //p' | sort -u
}

mkdir -p "$dir"
{
	sed '/^expect/d; /^variant/,$d' "$here/$name.dma"
	variants
} >"$scenario"
"$CDMASIM" native build -q -I "$here" --kernel="$KERNEL" "$scenario"

as_it_is=$(found default)
for line in $lines; do
	all=$(found "without_$line" | grep -vxF "${as_it_is:-nothing}") || :
	if ! echo "$all" | grep -q "^assertion .*$file:$line:"; then
		# shellcheck disable=SC2016 # Markdown
		printf '| `%s` | %s | | not come to |\n' "$file" "$line"
		continue
	fi
	text=$(sed -n "${line}s/^[[:space:]]*\\([^;]*;\\).*/\\1/p" \
		"$KERNEL/$driver")
	all=$(echo "$all" | grep -v "^assertion .*$file:$line:" |
		sed 's|drivers/[^ ]*/||g' | paste -sd ';' -)
	# shellcheck disable=SC2016
	printf '| `%s` | %s | `%s` | %s |\n' "$file" "$line" "$text" \
		"${all:-nothing}"
done
