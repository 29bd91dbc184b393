# SPDX-License-Identifier: MIT
#
# awk -f pages.awk doc/findings/*.md >pages.c: the texts as C strings.

function finish() {
	if (NR > 1)
		print "\t},"
}

BEGIN {
	print "/* Made by sim/pages.awk from doc/findings. */"
	print "#include \"pages.h\""
	print ""
	print "const struct page pages[] = {"
}

FNR == 1 {
	finish()
	id = FILENAME
	sub(/.*\//, "", id)
	sub(/\.md$/, "", id)
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
