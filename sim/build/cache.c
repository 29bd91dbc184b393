/* SPDX-License-Identifier: MIT */
#include "build/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"

static void add_absolute(struct cdma_text *out, const char *path)
{
	char *here = *path == '/' ? NULL : getcwd(NULL, 0);

	if (here)
		cdma_text_addf(out, "%s/", here);
	cdma_text_add(out, path);
	free(here);
}

bool cache_dir(const char *given, struct cdma_text *out)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (given && *given)
		add_absolute(out, given);
	else if (xdg && *xdg == '/')
		cdma_text_addf(out, "%s/cdmasim", xdg);
	else if (home && *home == '/')
		cdma_text_addf(out, "%s/.cache/cdmasim", home);
	return out->len;
}

int cache_make_dir(const char *path)
{
	char *copy = cdma_xstrdup(path), *slash = copy;
	int err = 0;

	while (!err && slash) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = 0;
		if (mkdir(copy, 0777) && errno != EEXIST)
			err = -errno;
		if (slash)
			*slash = '/';
	}
	free(copy);
	return err;
}

int cache_lock(const char *dir)
{
	struct cdma_text path = {0};
	int fd, err = 0;

	cdma_text_addf(&path, "%s/lock", dir);
	fd = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	cdma_text_fini(&path);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX))
		if (errno != EINTR) {
			err = -errno;
			close(fd);
			return err;
		}
	return fd;
}

void cache_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}
