# SPDX-License-Identifier: MIT
#
# awk -v name=pages -v type=page -f pages.awk doc/findings/*.md >pages.c
#
# The texts of files as C strings: an array of that name and type, declared in
# NAME.h.

function finish() {
	if (NR > 1)
		print "\t},"
}

BEGIN {
	print "/* Made by sim/pages.awk. */"
	printf "#include \"%s.h\"\n\n", name
	printf "const struct %s %s[] = {\n", type, name
}

FNR == 1 {
	finish()
	id = FILENAME
	sub(/.*\//, "", id)
	sub(/\.[a-z]*$/, "", id)
	printf "\t{\"%s\",\n", id
}

{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	gsub(/\?\?/, "?\"\"?")
	printf "\t \"%s\\n\"\n", $0
}

END {
	finish()
	print "\t{0, 0},"
	print "};"
}
