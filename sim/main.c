/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("cdmasim " PACKAGE_VERSION);
		return 0;
	}
	fputs("usage: cdmasim --version\n", stderr);
	return 2;
}
