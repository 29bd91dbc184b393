/* SPDX-License-Identifier: MIT */
/*
 * What a scenario brings in from other files, which stay below its directory:
 * who runs a scenario of somebody else does not show him his files.
 */
#include "script/private.h"

#include "base/text.h"
#include "base/xalloc.h"
#include "script/diag.h"
#include "script/parse.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct script_file *find_known(struct script *script,
				      const struct stat *st)
{
	for (size_t i = 0; i < script->nr_files; i++)
		if (script->files[i].dev == st->st_dev &&
		    script->files[i].ino == st->st_ino)
			return &script->files[i];
	return NULL;
}

size_t include_opened(struct script *script, const struct stat *st,
		      uint32_t file)
{
	script->files = cdma_xrealloc(script->files, script->nr_files + 1,
				      sizeof(script->files[0]));
	script->files[script->nr_files] = (struct script_file){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.file = file,
		.is_open = true,
	};
	return script->nr_files++;
}

/* "dir/name", where dir is the @dir_len bytes at @dir; owned by the caller. */
static char *join_path(const char *dir, size_t dir_len, const char *name)
{
	struct cdma_text path = {0};

	if (name[0] != '/' && dir_len) {
		cdma_text_addn(&path, dir, dir_len);
		if (dir[dir_len - 1] != '/')
			cdma_text_addc(&path, '/');
	}
	cdma_text_add(&path, name);
	return path.at;
}

/* Whether @path, with all links followed, is in the directory @dir or below. */
static bool is_below(const char *path, const char *dir)
{
	char *root = realpath(dir, NULL), *real = realpath(path, NULL);
	size_t len = root ? strlen(root) : 0;
	bool below;

	/* "/" ends with the slash that others have behind them. */
	if (len && root[len - 1] == '/')
		len--;
	below = root && real && !strncmp(real, root, len) && real[len] == '/';
	free(root);
	free(real);
	return below;
}

static bool may_include(const struct script *script, const char *path)
{
	const struct script_options *options = script->options;
	const char *file = script->sources.at[0].path;
	const char *slash = strrchr(file, '/');
	char *dir = slash ? cdma_xstrndup(file, (size_t)(slash + 1 - file))
			  : cdma_xstrdup(".");
	bool may = is_below(path, dir);

	for (size_t i = 0; options && !may && i < options->nr_include_dirs; i++)
		may = is_below(path, options->include_dirs[i]);
	free(dir);
	return may;
}

/* Where @name is, seen from the file @path; NULL: nowhere. */
static char *find_name(const struct script *script, const char *path,
		       const char *name, struct stat *st)
{
	const struct script_options *options = script->options;
	const char *slash = strrchr(path, '/');
	char *found =
		join_path(path, slash ? (size_t)(slash + 1 - path) : 0, name);

	if (!stat(found, st))
		return found;
	for (size_t i = 0; options && i < options->nr_include_dirs; i++) {
		const char *dir = options->include_dirs[i];

		free(found);
		found = join_path(dir, strlen(dir), name);
		if (!stat(found, st))
			return found;
	}
	free(found);
	return NULL;
}

/* The file that @item names; NULL: there is none, or it may not be used, which
 * is an error. */
static char *find_file(struct parser *p, const struct item *item,
		       struct stat *st)
{
	struct script *script = p->script;
	char *path = find_name(script, script->sources.at[p->file].path,
			       item->text, st);

	if (!path || may_include(script, path))
		return path;
	parse_fail(p, item->span,
		   "'%s' is not below the directory of the scenario",
		   item->text);
	diag_help(p->diag, "--include-dir=DIR allows what is below DIR");
	free(path);
	return NULL;
}

/* Read the file that was found, unless that makes no sense. */
static void include_file(struct parser *p, const struct item *item,
			 const char *path, const struct stat *st)
{
	struct script *script = p->script;
	struct script_file *known = find_known(script, st);
	uint32_t file = 0;
	size_t at;
	int err;

	if (known && known->is_open)
		parse_fail(p, item->span, "'%s' is part of what it includes",
			   item->text);
	if (known)
		return;
	if (!S_ISREG(st->st_mode)) {
		parse_fail(p, item->span, "'%s' is no regular file", path);
		return;
	}
	err = sources_read(&script->sources, path, &file);
	if (err) {
		parse_fail(p, item->span, "cannot read '%s': %s", path,
			   strerror(-err));
		return;
	}
	script->sources.at[file].is_included = true;
	script->sources.at[file].included = item->span;
	at = include_opened(script, st, file);
	p->failed |= !script_parse_source(script, file, p->includes + 1,
					  p->diag, &p->tail);
	script->files[at].is_open = false;
}

void parse_include(struct parser *p, const struct item *item)
{
	struct script *script = p->script;
	struct stat st;
	char *path;

	if (script->options && script->options->no_includes)
		return;
	if (p->includes >= SOURCE_INCLUDE_MAX) {
		parse_fail(p, item->span,
			   "files are included more than %d deep",
			   SOURCE_INCLUDE_MAX);
	} else {
		path = find_file(p, item, &st);
		if (path)
			include_file(p, item, path, &st);
		else if (!p->panic)
			parse_fail(p, item->span, "there is no file '%s'",
				   item->text);
		free(path);
	}
	/* What is wrong with a file is no reason to skip what follows. */
	p->panic = false;
}

/* Who runs C of somebody else has trusted him with more than that. */
const char *parse_find(struct parser *p, const char *text)
{
	struct script *script = p->script;
	const char *kept = NULL;
	struct stat st;
	char *path;

	if (script->options && script->options->own_natives && !*text)
		return text;
	path = find_name(script, script->sources.at[p->file].path, text, &st);
	if (path)
		kept = parse_text(
			p, names_intern(&script->names, path, strlen(path)));
	free(path);
	return kept;
}

void include_is_none(struct script *script, uint32_t file, size_t before,
		     struct diag *diag)
{
	const struct source *source = &script->sources.at[file];
	struct diag_error error = {0};
	struct cdma_text path = {0};
	uint32_t line = 0;

	for (size_t i = before; diag_as_said(diag, i, &error); i++)
		if (!strcmp(error.path, source->path) &&
		    (!line || error.line < line))
			line = error.line;
	if (!line)
		return;
	cdma_text_add(&path, source->path);
	diag_forget(diag, before);
	diag_error(diag, &script->sources, source->included,
		   "'%s' is no part of a scenario: its line %u is not", path.at,
		   line);
	diag_help(diag, "'cdmasim check %s' shows the line", path.at);
	cdma_text_fini(&path);
}
