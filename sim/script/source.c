/* SPDX-License-Identifier: MIT */
#include "script/source.h"

#include "base/macros.h"
#include "base/vec.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void sources_fini(struct sources *sources)
{
	for (size_t i = 0; i < sources->nr; i++) {
		free(sources->at[i].path);
		free(sources->at[i].text);
		free(sources->at[i].lines);
	}
	cdma_vec_free(sources);
}

uint32_t sources_add(struct sources *sources, const char *path,
		     const char *text, size_t len)
{
	struct source *source = cdma_vec_push(sources);

	CDMA_REQUIRE(len <= SOURCE_SIZE_MAX);
	*source = (struct source){.path = cdma_xstrdup(path),
				  .text = cdma_xmalloc(len + 1),
				  .len = (uint32_t)len};
	if (len)
		memcpy(source->text, text, len);
	source->text[len] = '\0';
	return (uint32_t)(sources->nr - 1);
}

/* All of @fd up to one byte more than may be; its length in *@len. */
static int read_all(int fd, char **text, size_t *len)
{
	size_t room = 1u << 16;
	ssize_t got;

	*text = cdma_xmalloc(room);
	for (*len = 0; (got = read(fd, *text + *len, room - *len)) != 0;) {
		if (got < 0 && errno != EINTR)
			return -errno;
		*len += got < 0 ? 0 : (size_t)got;
		if (*len > SOURCE_SIZE_MAX)
			return -EFBIG;
		if (*len == room)
			*text = cdma_xrealloc(*text, room *= 2, 1);
	}
	return 0;
}

int sources_read(struct sources *sources, const char *path, uint32_t *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t len;
	int err;

	if (fd < 0)
		return -errno;
	err = read_all(fd, &text, &len);
	if (!err)
		*out = sources_add(sources, path, text, len);
	free(text);
	close(fd);
	return err;
}

static void find_lines(struct source *source)
{
	CDMA_VEC(uint32_t) starts = {0};
	const char *text = source->text, *lf = text;

	*cdma_vec_push(&starts) = 0;
	while ((lf = memchr(lf, '\n', (size_t)(text + source->len - lf))))
		*cdma_vec_push(&starts) = (uint32_t)(++lf - text);
	source->lines = starts.at;
	source->nr_lines = (uint32_t)starts.nr;
}

void source_place(struct source *source, uint32_t at, uint32_t *line,
		  uint32_t *col)
{
	uint32_t lo = 0, hi;

	if (!source->lines)
		find_lines(source);
	hi = source->nr_lines;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (source->lines[mid] <= at)
			lo = mid;
		else
			hi = mid;
	}
	*line = lo + 1;
	*col = at - source->lines[lo] + 1;
}

const char *source_line(struct source *source, uint32_t line, size_t *len)
{
	uint32_t start, end;

	if (!source->lines)
		find_lines(source);
	CDMA_REQUIRE(line >= 1 && line <= source->nr_lines);
	start = source->lines[line - 1];
	end = line < source->nr_lines ? source->lines[line] - 1 : source->len;
	if (end > start && source->text[end - 1] == '\r')
		end--;
	*len = end - start;
	return source->text + start;
}
