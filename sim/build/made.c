/* SPDX-License-Identifier: MIT */
#include "build/made.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "build/recipe.h"

#define HEAD "cdmasim made 1"

void made_fini(struct made *made)
{
	free(made->object);
	free(made->command);
	for (size_t i = 0; i < made->roots.nr; i++)
		free(made->roots.at[i]);
	for (size_t i = 0; i < made->inputs.nr; i++)
		free(made->inputs.at[i].path);
	cdma_vec_free(&made->roots);
	cdma_vec_free(&made->inputs);
	*made = (struct made){0};
}

/* ---- files ---- */

static int hash_file(const char *path, uint64_t *hash)
{
	FILE *file = fopen(path, "re");
	char buf[65536];
	size_t got;
	int err = 0;

	*hash = 0;
	if (!file)
		return -errno;
	while ((got = fread(buf, 1, sizeof(buf), file)))
		*hash = recipe_hash(*hash, buf, got);
	if (ferror(file))
		err = -EIO;
	fclose(file);
	return err;
}

static int look(const char *path, struct made_input *out)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	out->size = (uint64_t)st.st_size;
	out->changed =
		(int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return 0;
}

int made_add(struct made *made, const char *path)
{
	char *real = realpath(path, NULL);
	struct made_input input = {.path = real};
	int err = real ? look(real, &input) : -errno;

	for (size_t i = 0; !err && i < made->inputs.nr; i++)
		if (!strcmp(made->inputs.at[i].path, real)) {
			free(real);
			return 0;
		}
	if (!err)
		err = hash_file(real, &input.hash);
	if (err)
		free(real);
	else
		*cdma_vec_push(&made->inputs) = input;
	return err;
}

static bool is_same(const struct made_input *input)
{
	struct made_input now = {0};

	if (look(input->path, &now) || now.size != input->size)
		return false;
	return now.changed == input->changed ||
	       (!hash_file(input->path, &now.hash) && now.hash == input->hash);
}

const char *made_is_old(const struct made *made)
{
	for (size_t i = 0; i < made->inputs.nr; i++)
		if (!is_same(&made->inputs.at[i]))
			return made->inputs.at[i].path;
	return NULL;
}

bool made_is_there(const struct made *made)
{
	uint64_t hash;

	return !hash_file(made->object, &hash) && hash == made->hash;
}

int made_take_object(struct made *made, const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		return -errno;
	free(made->object);
	made->object = real;
	return hash_file(real, &made->hash);
}

/* ---- what a compiler writes for make ---- */

/* The next word of *@at, in which a space is behind a backslash. */
static bool next_word(const char **at, struct cdma_text *out)
{
	const char *s = *at;

	cdma_text_cut(out, 0);
	while (*s == ' ' || *s == '\n' || *s == '\t' ||
	       (*s == '\\' && s[1] == '\n'))
		s++;
	while (*s && *s != ' ' && *s != '\n' && *s != '\t' &&
	       !(*s == '\\' && s[1] == '\n')) {
		if ((*s == '\\' && (s[1] == ' ' || s[1] == '#')) ||
		    (*s == '$' && s[1] == '$'))
			s++;
		cdma_text_addc(out, *s++);
	}
	*at = s;
	return out->len;
}

static int add_below(struct made *made, const char *path, const char *dir)
{
	struct cdma_text text = {0};
	int err;

	if (*path != '/')
		cdma_text_addf(&text, "%s/", dir);
	cdma_text_add(&text, path);
	err = made_add(made, text.at);
	cdma_text_fini(&text);
	return err;
}

int made_add_depfile(struct made *made, const char *path, const char *dir)
{
	struct cdma_text all = {0}, word = {0};
	FILE *file = fopen(path, "re");
	char buf[16384];
	const char *at;
	size_t got;
	int err = 0;

	if (!file)
		return -errno;
	while ((got = fread(buf, 1, sizeof(buf), file)))
		cdma_text_addn(&all, buf, got);
	fclose(file);
	at = cdma_text_str(&all);
	at += strcspn(at, ":");
	at += *at == ':';
	while (!err && next_word(&at, &word))
		err = add_below(made, word.at, dir);
	cdma_text_fini(&all);
	cdma_text_fini(&word);
	return err;
}

/* ---- the file ---- */

int made_write(const char *path, const struct made *made)
{
	struct cdma_text temp = {0};
	FILE *file;
	int err = 0;

	cdma_text_addf(&temp, "%s.new", path);
	file = fopen(temp.at, "we");
	if (!file) {
		err = -errno;
		cdma_text_fini(&temp);
		return err;
	}
	fprintf(file, HEAD "\nobject %" PRIx64 " %s\ncommand %s\n", made->hash,
		made->object, made->command);
	for (size_t i = 0; i < made->roots.nr; i++)
		fprintf(file, "root %s\n", made->roots.at[i]);
	for (size_t i = 0; i < made->inputs.nr; i++) {
		const struct made_input *in = &made->inputs.at[i];

		fprintf(file, "input %" PRIu64 " %" PRId64 " %" PRIx64 " %s\n",
			in->size, in->changed, in->hash, in->path);
	}
	err = ferror(file) ? -EIO : 0;
	if (fclose(file) && !err)
		err = -errno;
	if (!err && rename(temp.at, path))
		err = -errno;
	cdma_text_fini(&temp);
	return err;
}

static bool read_line(struct made *made, const char *line)
{
	struct made_input in = {0};
	int at = 0;

	if (sscanf(line, "input %" SCNu64 " %" SCNd64 " %" SCNx64 " %n",
		   &in.size, &in.changed, &in.hash, &at) == 3 &&
	    at) {
		in.path = cdma_xstrdup(line + at);
		*cdma_vec_push(&made->inputs) = in;
	} else if (!strncmp(line, "root ", 5)) {
		*cdma_vec_push(&made->roots) = cdma_xstrdup(line + 5);
	} else if (!strncmp(line, "command ", 8) && !made->command) {
		made->command = cdma_xstrdup(line + 8);
	} else if (sscanf(line, "object %" SCNx64 " %n", &made->hash, &at) ==
			   1 &&
		   at && !made->object) {
		made->object = cdma_xstrdup(line + at);
	} else {
		return false;
	}
	return true;
}

int made_read(const char *path, struct made *out)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0, nr = 0;
	bool ok = true;
	ssize_t len;

	*out = (struct made){0};
	if (!file)
		return -errno;
	while (ok && (len = getline(&line, &room, file)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = 0;
		ok = nr++ ? read_line(out, line) : !strcmp(line, HEAD);
	}
	free(line);
	fclose(file);
	if (ok && out->object && out->command)
		return 0;
	made_fini(out);
	return -EINVAL;
}
