/* SPDX-License-Identifier: MIT */
#include "work/journal.h"

#include "base/text.h"
#include "base/xalloc.h"
#include "json/must.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct journal {
	int fd; /* to write to; -1: none */
	/* The cases by "file variant hash number"; owned. */
	struct json_object *cases;
	struct cdma_text variant; /* "file variant hash " */
	const char *file;         /* borrowed */
	struct cdma_text name, hash;
	uint64_t known;
};

struct journal *journal_new(void)
{
	struct journal *j = cdma_xcalloc(1, sizeof(*j));

	j->fd = -1;
	j->cases = must_object();
	return j;
}

void journal_free(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	json_object_put(j->cases);
	cdma_text_fini(&j->variant);
	cdma_text_fini(&j->name);
	cdma_text_fini(&j->hash);
	free(j);
}

/* ---- reading ---- */

static const char *string_of(struct json_object *line, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(line, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

/* What a case is known by. */
static bool add_key(struct cdma_text *out, struct json_object *line)
{
	static const char *const names[] = {"file", "variant", "hash"};
	struct json_object *nr;

	for (size_t i = 0; i < 3; i++) {
		const char *value = string_of(line, names[i]);

		if (!value)
			return false;
		cdma_text_addf(out, "%s ", value);
	}
	if (!json_object_object_get_ex(line, "case", &nr) ||
	    !json_object_is_type(nr, json_type_int))
		return false;
	cdma_text_addf(out, "%llu",
		       (unsigned long long)json_object_get_uint64(nr));
	return true;
}

/* A line, which is not empty. */
static struct json_object *parse(const char *text, size_t len)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *line = NULL;

	if (!tokener)
		cdma_no_memory(sizeof(void *));
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	if (len < INT32_MAX)
		line = json_tokener_parse_ex(tokener, text, (int)len);
	if (line && (json_tokener_get_error(tokener) != json_tokener_success ||
		     !json_object_is_type(line, json_type_object))) {
		json_object_put(line);
		line = NULL;
	}
	json_tokener_free(tokener);
	return line;
}

/*
 * A crash is worth another try.  What a case shows does not depend on who does
 * it, so lines that say something else of it are not of the same program.
 *
 * Returns: NULL, or what is wrong with it.
 */
static const char *know(struct journal *j, struct json_object *line)
{
	struct cdma_text key = {0};
	struct json_object *old;
	const char *wrong = NULL;

	if (!add_key(&key, line)) {
		wrong = "not a case";
	} else if (json_object_object_get_ex(j->cases, key.at, &old)) {
		if (!json_object_object_get_ex(line, "crash", NULL) &&
		    !json_object_equal(old, line))
			wrong = "it contradicts an earlier line about the same "
				"case; no verdict can rest on either";
	} else if (!json_object_object_get_ex(line, "crash", NULL)) {
		must_add(j->cases, key.at, json_object_get(line));
		j->known++;
	}
	cdma_text_fini(&key);
	return wrong;
}

static int blame(struct cdma_text *err, const char *path, size_t line,
		 const char *what)
{
	cdma_text_addf(err, "%s:%zu: %s", path, line, what);
	return -EINVAL;
}

/* The first line. */
static int check_head(struct json_object *line, const char *path,
		      struct cdma_text *err)
{
	const char *version = string_of(line, "cdmasim");

	if (!version)
		return blame(err, path, 1, "not a journal of cdmasim");
	if (!strcmp(version, PACKAGE_VERSION))
		return 0;
	cdma_text_addf(err,
		       "%s:1: cdmasim %s wrote it, and this is " PACKAGE_VERSION
		       ": what one has counted means nothing to the other",
		       path, version);
	return -EINVAL;
}

/* All lines; *@len is cut down to the whole ones. */
static int read_lines(struct journal *j, const char *path, const char *text,
		      size_t *len, struct json_object **head,
		      struct cdma_text *err)
{
	size_t at = 0, nr = 1;
	int ret = 0;

	for (; at < *len && !ret; nr++) {
		const char *end = memchr(text + at, '\n', *len - at);
		const char *wrong = NULL;
		struct json_object *line;

		if (!end)
			break;
		line = parse(text + at, (size_t)(end - text) - at);
		if (!line)
			wrong = "not a JSON object";
		else if (nr == 1)
			ret = check_head(line, path, err);
		else
			wrong = know(j, line);
		if (wrong)
			ret = blame(err, path, nr, wrong);
		if (nr == 1 && !ret)
			*head = json_object_get(line);
		json_object_put(line);
		at = (size_t)(end + 1 - text);
	}
	*len = at;
	return ret;
}

/* Of a file: a device may have no end. */
static int read_all(int fd, struct cdma_text *out)
{
	char part[65536];
	struct stat st;
	ssize_t nr;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOTSUP;
	while ((nr = read(fd, part, sizeof(part))) != 0) {
		if (nr < 0 && errno != EINTR)
			return -errno;
		if (nr > 0)
			cdma_text_addn(out, part, (size_t)nr);
	}
	return 0;
}

/* Read what is in @fd; @len: of the whole lines. */
static int read_fd(struct journal *j, int fd, const char *path, size_t *len,
		   struct json_object **head, struct cdma_text *err)
{
	struct cdma_text text = {0};
	int ret = read_all(fd, &text);

	*head = NULL;
	*len = text.len;
	if (ret)
		cdma_text_addf(err, "%s: %s", path,
			       ret == -ENOTSUP ? "it is no regular file"
					       : strerror(-ret));
	else
		ret = read_lines(j, path, cdma_text_str(&text), len, head, err);
	cdma_text_fini(&text);
	return ret;
}

int journal_read(struct journal *j, const char *path, struct json_object **head,
		 struct cdma_text *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = -errno;
	size_t len;

	if (fd < 0) {
		cdma_text_addf(err, "%s: %s", path, strerror(-ret));
		return ret;
	}
	ret = read_fd(j, fd, path, &len, head, err);
	if (!ret && !*head)
		ret = blame(err, path, 1, "not a journal of cdmasim");
	close(fd);
	return ret;
}

/* ---- writing ---- */

static int write_line(struct journal *j, struct json_object *line)
{
	struct cdma_text text = {0};
	size_t at = 0;
	int ret = 0;

	cdma_text_addf(&text, "%s\n",
		       must_text(line, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE));
	while (at < text.len && !ret) {
		ssize_t nr = write(j->fd, text.at + at, text.len - at);

		if (nr >= 0)
			at += (size_t)nr;
		else if (errno != EINTR)
			ret = -errno;
	}
	cdma_text_fini(&text);
	return ret;
}

/* What was there is kept if it is of the same work. */
static int go_on(struct journal *j, const char *path, struct json_object *head,
		 struct cdma_text *err)
{
	struct json_object *old;
	size_t len;
	int ret = read_fd(j, j->fd, path, &len, &old, err);

	/* Whatever else is wrong with it. */
	if (old && !json_object_equal(old, head)) {
		cdma_text_cut(err, 0);
		cdma_text_addf(err,
			       "%s is the journal of other work: %s; name "
			       "another file, or remove it",
			       path, must_text(old, JSON_C_TO_STRING_SPACED));
		ret = -EEXIST;
	}
	if (!ret && ftruncate(j->fd, (off_t)len)) {
		ret = -errno;
		cdma_text_addf(err, "%s: %s", path, strerror(-ret));
	}
	if (!ret && !old) {
		ret = write_line(j, head);
		if (ret)
			cdma_text_addf(err, "%s: %s", path, strerror(-ret));
	}
	json_object_put(old);
	return ret;
}

int journal_open(struct journal *j, const char *path, struct json_object *head,
		 struct cdma_text *err)
{
	int ret;

	j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (j->fd < 0) {
		ret = -errno;
		cdma_text_addf(err, "%s: %s", path, strerror(-ret));
		return ret;
	}
	if (flock(j->fd, LOCK_EX | LOCK_NB)) {
		cdma_text_addf(err, "%s: somebody else is writing to it", path);
		return -EBUSY;
	}
	return go_on(j, path, head, err);
}

/* ---- cases ---- */

void journal_variant(struct journal *j, const char *file, const char *scenario,
		     const char *variant, uint32_t hash)
{
	j->file = file;
	cdma_text_cut(&j->name, 0);
	cdma_text_addf(&j->name, "%s/%s", scenario, variant);
	cdma_text_cut(&j->hash, 0);
	cdma_text_addf(&j->hash, "%08x", hash);
	cdma_text_cut(&j->variant, 0);
	cdma_text_addf(&j->variant, "%s %s %s ", file, j->name.at, j->hash.at);
}

struct json_object *journal_find(const struct journal *j, uint64_t nr)
{
	struct cdma_text key = {0};
	struct json_object *line = NULL;

	cdma_text_addf(&key, "%s%llu", j->variant.at, (unsigned long long)nr);
	json_object_object_get_ex(j->cases, key.at, &line);
	cdma_text_fini(&key);
	return line;
}

int journal_add(struct journal *j, uint64_t nr, struct json_object *result)
{
	struct json_object *line;
	int ret = 0;

	if (j->fd >= 0) {
		line = must_object();
		must_add(line, "file", must_string(j->file));
		must_add(line, "variant", must_string(j->name.at));
		must_add(line, "hash", must_string(j->hash.at));
		must_add(line, "case", must_uint64(nr));
		json_object_object_foreach(result, key, value)
			must_add(line, key, json_object_get(value));
		ret = write_line(j, line);
		json_object_put(line);
	}
	json_object_put(result);
	return ret;
}

uint64_t journal_known(const struct journal *j)
{
	return j->known;
}
