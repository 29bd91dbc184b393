/* SPDX-License-Identifier: MIT */
#include "build/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* What is longer is no source. */
#define SIZE_LIMIT (64u << 20)

static int read_all(const char *path, struct cdma_text *out)
{
	FILE *file = fopen(path, "re");
	char buf[16384];
	size_t got;
	int err = 0;

	if (!file)
		return -errno;
	errno = 0;
	while ((got = fread(buf, 1, sizeof(buf), file)) &&
	       out->len < SIZE_LIMIT)
		cdma_text_addn(out, buf, got);
	if (ferror(file))
		err = errno ? -errno : -EIO;
	else if (got)
		err = -EFBIG;
	fclose(file);
	return err;
}

int c_sources_read(struct c_sources *sources, enum source_role role,
		   const char *path, const char *name)
{
	struct cdma_text text = {0};
	int err = read_all(path, &text);

	if (err) {
		cdma_text_fini(&text);
		return err;
	}
	*cdma_vec_push(&sources->list) = (struct c_source){
		.role = role,
		.path = cdma_xstrdup(path),
		.name = cdma_xstrdup(name),
		.text = text,
	};
	return 0;
}

void c_sources_fini(struct c_sources *sources)
{
	for (size_t i = 0; i < sources->list.nr; i++) {
		free(sources->list.at[i].path);
		free(sources->list.at[i].name);
		cdma_text_fini(&sources->list.at[i].text);
	}
	cdma_vec_free(&sources->list);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void path_dir(const char *path, struct cdma_text *out)
{
	const char *base = path_base(path);

	if (base == path)
		cdma_text_add(out, ".");
	else if (base == path + 1)
		cdma_text_add(out, "/");
	else
		cdma_text_addn(out, path, (size_t)(base - path - 1));
}
