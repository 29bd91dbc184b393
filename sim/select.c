/* SPDX-License-Identifier: MIT */
#include "select.h"

#include "base/text.h"
#include "base/vec.h"
#include "cmd.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A link that leads back up would go on for ever. */
#define DEPTH_MAX 32

void select_fini(struct paths *paths)
{
	for (size_t i = 0; i < paths->nr; i++)
		free(paths->at[i]);
	cdma_vec_free(paths);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool select_ends(const char *path, const char *ending)
{
	size_t len = strlen(path), tail = strlen(ending);

	return len > tail && !strcmp(path + len - tail, ending);
}

static int walk(struct paths *paths, const char *dir, const char *ending,
		int depth);

static int walk_entry(struct paths *paths, const char *dir, const char *name,
		      const char *ending, int depth)
{
	struct cdma_text path = {0};
	struct stat st;
	int err = 0;

	if (name[0] == '.')
		return 0;
	cdma_text_add(&path, dir);
	if (path.len && path.at[path.len - 1] != '/')
		cdma_text_addc(&path, '/');
	cdma_text_add(&path, name);
	if (!stat(path.at, &st) && S_ISDIR(st.st_mode))
		err = walk(paths, path.at, ending, depth + 1);
	else if (select_ends(path.at, ending))
		*cdma_vec_push(paths) = cdma_xstrdup(path.at);
	cdma_text_fini(&path);
	return err;
}

static int walk(struct paths *paths, const char *dir, const char *ending,
		int depth)
{
	struct dirent *entry;
	DIR *d = depth < DEPTH_MAX ? opendir(dir) : NULL;
	int err = 0;

	if (!d) {
		err = depth < DEPTH_MAX ? -errno : -ELOOP;
		complain("%s: %s", dir, strerror(-err));
		return err;
	}
	while (!err && (entry = readdir(d)))
		err = walk_entry(paths, dir, entry->d_name, ending, depth);
	closedir(d);
	return err;
}

bool select_is_dir(const char *operand)
{
	struct stat st;

	return !stat(operand, &st) && S_ISDIR(st.st_mode);
}

int select_add(struct paths *paths, const char *operand)
{
	if (select_is_dir(operand))
		return select_add_below(paths, operand, ".dma");
	*cdma_vec_push(paths) = cdma_xstrdup(operand);
	return 0;
}

int select_add_below(struct paths *paths, const char *dir, const char *ending)
{
	size_t first = paths->nr;
	int err = walk(paths, dir, ending, 0);

	if (paths->nr > first)
		qsort(paths->at + first, paths->nr - first, sizeof(char *),
		      compare);
	return err;
}
