/* SPDX-License-Identifier: MIT */
#include "replace.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int fill(int fd, mode_t mode, const char *text, size_t size)
{
	if (fchmod(fd, mode))
		return -errno;
	while (size) {
		ssize_t done = write(fd, text, size);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			text += done;
			size -= (size_t)done;
		}
	}
	return fsync(fd) ? -errno : 0;
}

/* @path: of the file itself, no link. */
static int replace(const char *path, const char *text, size_t size)
{
	struct cdma_text temp = {0};
	struct stat st;
	int fd, err;

	if (stat(path, &st) || access(path, W_OK))
		return -errno;
	cdma_text_addf(&temp, "%s.XXXXXX", path);
	fd = mkstemp(temp.at);
	err = fd < 0 ? -errno : fill(fd, st.st_mode & 07777, text, size);
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (!err && rename(temp.at, path))
		err = -errno;
	if (err && fd >= 0)
		unlink(temp.at);
	cdma_text_fini(&temp);
	return err;
}

int replace_file(const char *path, const char *text, size_t size)
{
	char *real = realpath(path, NULL);
	int err = real ? replace(real, text, size) : -errno;

	free(real);
	return err;
}
