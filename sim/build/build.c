/* SPDX-License-Identifier: MIT */
#include "build/build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "build/cache.h"
#include "build/making.h"
#include "build/patch.h"

/* ---- what there is ---- */

static void object_dir(struct cdma_text *out, const struct cdma_text *cache,
		       const struct recipe *recipe)
{
	cdma_text_addf(out, "%s/objects/%s", cdma_text_str(cache), recipe->key);
}

/* Read what is said of @recipe's object, if anything. */
static bool read_made(const char *cache, const struct recipe *recipe,
		      struct made *out)
{
	struct cdma_text dir = {0}, path = {0};
	bool ok = cache_dir(cache, &dir);

	if (ok) {
		object_dir(&path, &dir, recipe);
		cdma_text_add(&path, "/made");
		ok = !made_read(path.at, out) && made_is_there(out);
	}
	cdma_text_fini(&dir);
	cdma_text_fini(&path);
	return ok;
}

/* @path without the root that it is below. */
static const char *below_root(const struct made *made, const char *path)
{
	for (size_t i = 0; i < made->roots.nr; i++) {
		size_t len = strlen(made->roots.at[i]);

		if (!strncmp(path, made->roots.at[i], len) && path[len] == '/')
			return path + len + 1;
	}
	return path;
}

bool build_can(const struct recipe *recipe)
{
	return recipe->object->source || recipe->object->is_driver;
}

void build_look(const char *cache, const struct recipe *recipe,
		struct build_look *out)
{
	const struct native_object *object = recipe->object;
	const char *old;

	*out = (struct build_look){.state = BUILD_MISSING};
	if (!read_made(cache, recipe, &out->made)) {
		made_fini(&out->made);
		if (!object->is_source && object->file.path) {
			out->state = BUILD_OTHERS;
			cdma_text_add(&out->path, object->file.path);
		}
		return;
	}
	old = made_is_old(&out->made);
	out->state = old ? BUILD_OLD : BUILD_OURS;
	cdma_text_add(&out->what, old ? below_root(&out->made, old) : "");
	cdma_text_add(&out->path, out->made.object);
}

void build_look_fini(struct build_look *look)
{
	made_fini(&look->made);
	cdma_text_fini(&look->path);
	cdma_text_fini(&look->what);
}

/* ---- making one ---- */

/* Where a file is that is not here: in the tree of a driver. */
static char *place_of(const struct making *m, const struct native_file *file)
{
	struct cdma_text path = {0};

	if (file->path)
		return cdma_xstrdup(file->path);
	cdma_text_addf(&path, "%s/%s", cdma_text_str(&m->tree), file->text);
	return path.at;
}

/* What places call it: as it is called in its tree, or beside the scenario. */
static bool read_source(struct making *m, struct c_sources *out,
			enum source_role role, const struct native_file *file)
{
	char *path = place_of(m, file);
	int err = c_sources_read(out, role, path,
				 file->path ? path_base(path) : file->text);

	if (!err)
		err = made_add(&m->made, path);
	if (err)
		diag_error(m->diag, m->sources, file->span, "'%s': %s", path,
			   strerror(-err));
	free(path);
	return !err;
}

/* The sources as they are, then as the scenario changes them. */
static bool read_sources(struct making *m, struct c_sources *out)
{
	const struct native_object *o = m->recipe->object;
	struct native_file main = {o->file.text, o->source, o->file.span};
	bool ok = read_source(m, out, SOURCE_MAIN, &main);

	for (size_t i = 0; i < o->nr_sources; i++)
		ok &= read_source(m, out, SOURCE_BEHIND, &o->sources[i]);
	for (size_t i = 0; i < o->nr_links; i++)
		ok &= read_source(m, out, SOURCE_BESIDE, &o->links[i]);
	return ok;
}

static bool change_define(struct making *m, struct c_sources *c,
			  const struct native_define *define)
{
	switch (patch_define(c, define)) {
	case PATCH_NOWHERE:
		diag_error(m->diag, m->sources, define->span,
			   "'%s' stands in no source: it would change nothing",
			   define->name);
		return false;
	case PATCH_NAMED:
		args_addf(&m->defines, "-D%s=%s", define->name, define->text);
		return true;
	default:
		return true;
	}
}

static bool change_sources(struct making *m, struct c_sources *c)
{
	const struct recipe *r = m->recipe;
	struct cdma_text why = {0};
	bool ok = true;

	for (size_t i = 0; i < r->nr_patches; i++) {
		if (patch_apply(c, &r->patches[i], &why))
			continue;
		diag_error(m->diag, m->sources, r->patches[i].span, "%s",
			   cdma_text_str(&why));
		cdma_text_cut(&why, 0);
		ok = false;
	}
	for (size_t i = 0; i < r->object->nr_defines; i++)
		ok &= change_define(m, c, &r->object->defines[i]);
	cdma_text_fini(&why);
	return ok;
}

/* ---- either ---- */

/* Where the main source is, as an absolute path. */
static char *main_dir(const struct c_sources *c)
{
	struct cdma_text dir = {0};
	char *real;

	path_dir(c->list.at[0].path, &dir);
	real = realpath(dir.at, NULL);
	cdma_text_fini(&dir);
	return real;
}

/* "x.so" for "x.c": beside it if somebody named it so, else in the cache. */
static void name_object(struct making *m, const struct c_sources *c,
			const char *dir)
{
	const char *name = path_base(c->list.at[0].name);

	cdma_text_addf(&m->object, "%s/%.*s.so",
		       m->recipe->object->is_source ? m->dir.at : dir,
		       (int)strlen(name) - 2, name);
}

static enum build_result finish(struct making *m, const char *root)
{
	struct cdma_text path = {0};
	enum build_result result = BUILD_DONE;
	int err = made_take_object(&m->made, m->object.at);

	*cdma_vec_push(&m->made.roots) = cdma_xstrdup(root);
	cdma_text_addf(&path, "%s/made", m->dir.at);
	if (!err)
		err = made_write(path.at, &m->made);
	if (err)
		result = making_failed(m, path.at, err);
	cdma_text_fini(&path);
	return result;
}

static enum build_result make(struct making *m)
{
	const bool is_driver = m->recipe->object->is_driver;
	struct c_sources c = {0};
	enum build_result result = BUILD_WRONG;
	char *dir = NULL;

	if (read_sources(m, &c) && change_sources(m, &c)) {
		dir = main_dir(&c);
		name_object(m, &c, dir);
		result = is_driver ? make_driver(m, &c, dir)
				   : make_plain(m, &c, dir);
	}
	if (result == BUILD_DONE)
		result = finish(m, dir);
	free(dir);
	c_sources_fini(&c);
	return result;
}

/* Whether the services are those that it was made with. */
static bool has_archive(const struct making *m, const struct made *made)
{
	char *real = realpath(cdma_text_str(&m->archive), NULL);
	bool has = !m->archive.len;

	for (size_t i = 0; real && i < made->inputs.nr; i++)
		has |= !strcmp(made->inputs.at[i].path, real);
	free(real);
	return has;
}

static bool is_fresh(const struct making *m)
{
	struct build_look look;
	bool fresh;

	build_look(m->options->cache, m->recipe, &look);
	fresh = look.state == BUILD_OURS && has_archive(m, &look.made);
	build_look_fini(&look);
	return fresh && !m->options->again;
}

static enum build_result make_locked(struct making *m)
{
	int lock = cache_lock(m->dir.at);
	enum build_result result = BUILD_DONE;

	if (lock < 0)
		return making_failed(m, m->dir.at, lock);
	if (m->recipe->object->is_driver)
		result = driver_begin(m);
	if (result == BUILD_DONE)
		result = is_fresh(m) ? BUILD_FRESH : make(m);
	cache_unlock(lock);
	return result;
}

enum build_result build_make(const struct build_options *options,
			     const struct recipe *recipe,
			     struct sources *sources, struct diag *diag,
			     struct cdma_text *why)
{
	struct making m = {
		.options = options,
		.recipe = recipe,
		.sources = sources,
		.diag = diag,
		.why = why,
	};
	enum build_result result = BUILD_FAILED;
	int err;

	if (!cache_dir(options->cache, &m.cache)) {
		cdma_text_add(why, "where to? neither --cache, nor "
				   "XDG_CACHE_HOME, nor HOME says so");
		return BUILD_FAILED;
	}
	object_dir(&m.dir, &m.cache, recipe);
	err = cache_make_dir(m.dir.at);
	result = err ? making_failed(&m, m.dir.at, err) : make_locked(&m);
	made_fini(&m.made);
	args_fini(&m.defines);
	cdma_text_fini(&m.cache);
	cdma_text_fini(&m.dir);
	cdma_text_fini(&m.object);
	cdma_text_fini(&m.tree);
	cdma_text_fini(&m.archive);
	return result;
}
