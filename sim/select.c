/* SPDX-License-Identifier: MIT */
#include "select.h"

#include "base/text.h"
#include "base/vec.h"
#include "cmd.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

/* A directory, and the one that it was come to from; NULL: it was named. */
struct level {
	const struct level *up;
	dev_t dev;
	ino_t ino;
};

static bool is_above(const struct level *level, const struct stat *st)
{
	for (; level; level = level->up)
		if (level->dev == st->st_dev && level->ino == st->st_ino)
			return true;
	return false;
}

static int walk(struct paths *paths, const char *dir, const char *ending,
		const struct level *up);

static void leave_out(const char *path, const char *why)
{
	complain("note: %s is left out: %s", path, why);
}

/* What a pipe or a device of that name would say, nobody may ever know. */
static int take(struct paths *paths, const char *path, const char *ending,
		const struct level *level)
{
	bool wanted = select_ends(path, ending);
	struct stat st;

	if (stat(path, &st)) {
		if (wanted && errno == ELOOP)
			leave_out(path, "it leads back to itself");
		else if (wanted)
			*cdma_vec_push(paths) = cdma_xstrdup(path);
		return 0;
	}
	if (S_ISDIR(st.st_mode)) {
		if (!is_above(level, &st))
			return walk(paths, path, ending, level);
		leave_out(path, "it leads back to where it is");
	} else if (wanted && !S_ISREG(st.st_mode)) {
		leave_out(path, "it is no file");
	} else if (wanted) {
		*cdma_vec_push(paths) = cdma_xstrdup(path);
	}
	return 0;
}

static int walk_entry(struct paths *paths, const char *dir, const char *name,
		      const char *ending, const struct level *level)
{
	struct cdma_text path = {0};
	int err;

	if (name[0] == '.')
		return 0;
	cdma_text_add(&path, dir);
	if (path.len && path.at[path.len - 1] != '/')
		cdma_text_addc(&path, '/');
	cdma_text_add(&path, name);
	err = take(paths, path.at, ending, level);
	cdma_text_fini(&path);
	return err;
}

static int walk(struct paths *paths, const char *dir, const char *ending,
		const struct level *up)
{
	struct level level = {.up = up};
	struct dirent *entry;
	DIR *d = opendir(dir);
	struct stat st;
	int err = 0;

	if (!d || fstat(dirfd(d), &st)) {
		err = -errno;
		complain("%s: %s", dir, strerror(-err));
		if (d)
			closedir(d);
		return err;
	}
	level.dev = st.st_dev;
	level.ino = st.st_ino;
	while (!err && (entry = readdir(d)))
		err = walk_entry(paths, dir, entry->d_name, ending, &level);
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
	int err = walk(paths, dir, ending, NULL);

	if (paths->nr > first)
		qsort(paths->at + first, paths->nr - first, sizeof(char *),
		      compare);
	return err;
}
