/* SPDX-License-Identifier: MIT */
#include "run/source-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "base/xalloc.h"

/* A file that was asked for; few are. */
struct file {
	char *name;
	CDMA_VEC(char *) lines;
};

static CDMA_VEC(struct file) files;

/* Where files are looked for. */
static CDMA_VEC(char *) roots;

void run_source_root(const char *dir)
{
	for (size_t i = 0; i < roots.nr; i++)
		if (!strcmp(roots.at[i], dir))
			return;
	*cdma_vec_push(&roots) = cdma_xstrdup(dir);
}

static FILE *open_file(const char *name)
{
	FILE *file = fopen(name, "re");
	struct cdma_text path = {0};

	for (size_t i = roots.nr; !file && *name != '/' && i; i--) {
		cdma_text_cut(&path, 0);
		cdma_text_addf(&path, "%s/%s", roots.at[i - 1], name);
		file = fopen(path.at, "re");
	}
	cdma_text_fini(&path);
	return file;
}

#define LINE_MAX 4096

/* Longer ones are cut, and no line more. */
static void read_lines(struct file *file)
{
	FILE *from = open_file(file->name);
	char line[LINE_MAX];
	size_t len, indent;

	while (from && fgets(line, sizeof(line), from)) {
		len = strcspn(line, "\n");
		while (!line[len] && fgetc(from) != '\n' && !feof(from))
			;
		while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' ||
			       line[len - 1] == '\r'))
			len--;
		line[len] = 0;
		indent = strspn(line, " \t");
		*cdma_vec_push(&file->lines) = cdma_xstrdup(line + indent);
	}
	if (from)
		fclose(from);
}

static const struct file *file_of(const char *name)
{
	struct file *file;

	for (size_t i = 0; i < files.nr; i++)
		if (!strcmp(files.at[i].name, name))
			return &files.at[i];
	file = cdma_vec_push(&files);
	*file = (struct file){.name = cdma_xstrdup(name)};
	read_lines(file);
	return file;
}

const char *run_source_line(const struct cdma_site *site)
{
	const struct file *file;

	if (site->text || !site->file || !site->line)
		return site->text;
	file = file_of(site->file);
	if (site->line > file->lines.nr || !*file->lines.at[site->line - 1])
		return NULL;
	return file->lines.at[site->line - 1];
}
