/* SPDX-License-Identifier: MIT */

/*
 * What a fuzzer would link to: runs a target over all files below the
 * directories that are named, in the order of their names, and says in TAP
 * that it survived each.  A target that is wrong aborts.
 */

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* nftw() has no argument to pass on. */
static CDMA_VEC(char *) paths;

static int collect(const char *path, const struct stat *st, int type,
		   struct FTW *ftw)
{
	if (type == FTW_F)
		*cdma_vec_push(&paths) = cdma_xstrdup(path);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t len = 0, room = 4096, got;
	uint8_t *data = cdma_xmalloc(room);

	if (!file) {
		perror(path);
		exit(1);
	}
	while ((got = fread(data + len, 1, room - len, file)) > 0) {
		len += got;
		if (len == room)
			data = cdma_xrealloc(data, room *= 2, 1);
	}
	fclose(file);
	/* Of the very size, so that a sanitizer sees a read behind it. */
	data = cdma_xrealloc(data, len ? len : 1, 1);
	LLVMFuzzerTestOneInput(data, len);
	free(data);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], collect, 16, FTW_PHYS)) {
			perror(argv[i]);
			return 1;
		}
	if (paths.nr)
		qsort(paths.at, paths.nr, sizeof(paths.at[0]), by_name);
	printf("1..%zu\n", paths.nr);
	for (size_t i = 0; i < paths.nr; i++) {
		fflush(stdout);
		replay(paths.at[i]);
		printf("ok %zu - %s\n", i + 1, strrchr(paths.at[i], '/') + 1);
		free(paths.at[i]);
	}
	cdma_vec_free(&paths);
	return 0;
}
