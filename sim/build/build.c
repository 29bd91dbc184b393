/* SPDX-License-Identifier: MIT */
#include "build/build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "build/cache.h"
#include "build/patch.h"
#include "build/source.h"
#include "build/tools.h"

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

static enum build_result failed(struct building *b, const char *what, int err)
{
	cdma_text_addf(b->why, "%s: %s", what, strerror(-err));
	return BUILD_FAILED;
}

/* The sources as they are, then as the scenario changes them. */
static bool read_source(struct building *b, struct c_sources *out,
			enum source_role role, const struct native_file *file)
{
	int err = c_sources_read(out, role, file->path, path_base(file->path));

	if (err)
		diag_error(b->diag, b->sources, file->span, "'%s': %s",
			   file->path, strerror(-err));
	return !err;
}

static bool read_sources(struct building *b, struct c_sources *out)
{
	const struct native_object *o = b->recipe->object;
	struct native_file main = {o->file.text, o->source, o->file.span};
	bool ok = read_source(b, out, SOURCE_MAIN, &main);

	for (size_t i = 0; i < o->nr_sources; i++)
		ok &= read_source(b, out, SOURCE_BEHIND, &o->sources[i]);
	for (size_t i = 0; i < o->nr_links; i++)
		ok &= read_source(b, out, SOURCE_BESIDE, &o->links[i]);
	return ok;
}

static bool change_define(struct building *b, struct c_sources *c,
			  const struct native_define *define)
{
	switch (patch_define(c, define)) {
	case PATCH_NOWHERE:
		diag_error(b->diag, b->sources, define->span,
			   "'%s' stands in no source: it would change nothing",
			   define->name);
		return false;
	case PATCH_NAMED:
		args_addf(&b->defines, "-D%s=%s", define->name, define->text);
		return true;
	default:
		return true;
	}
}

static bool change_sources(struct building *b, struct c_sources *c)
{
	const struct recipe *r = b->recipe;
	struct cdma_text why = {0};
	bool ok = true;

	for (size_t i = 0; i < r->nr_patches; i++) {
		if (patch_apply(c, &r->patches[i], &why))
			continue;
		diag_error(b->diag, b->sources, r->patches[i].span, "%s",
			   cdma_text_str(&why));
		cdma_text_cut(&why, 0);
		ok = false;
	}
	for (size_t i = 0; i < r->object->nr_defines; i++)
		ok &= change_define(b, c, &r->object->defines[i]);
	cdma_text_fini(&why);
	return ok;
}

static int write_all(const char *path, const struct cdma_text *text)
{
	FILE *file = fopen(path, "we");
	int err = file ? 0 : -errno;

	if (file &&
	    fwrite(cdma_text_str(text), 1, text->len, file) != text->len)
		err = -EIO;
	if (file && fclose(file) && !err)
		err = -errno;
	return err;
}

/* What a unit is compiled from: the file itself, when it is as it was. */
static int write_unit(struct building *b, const struct c_sources *c,
		      const struct c_source *first, struct cdma_text *path)
{
	const struct native_object *o = b->recipe->object;
	struct cdma_text all = {0};
	bool is_main = first->role == SOURCE_MAIN;
	int err;

	if (!first->is_changed &&
	    !(is_main && (o->nr_sources || o->nr_defines))) {
		cdma_text_add(path, first->path);
		return 0;
	}
	cdma_text_addf(path, "%s/%s", b->dir.at, first->name);
	cdma_text_addf(&all, "#line 1 \"%s\"\n%s", first->name,
		       cdma_text_str(&first->text));
	for (size_t i = 0; is_main && i < c->list.nr; i++)
		if (c->list.at[i].role == SOURCE_BEHIND)
			cdma_text_addf(&all, "\n#line 1 \"%s\"\n%s",
				       c->list.at[i].name,
				       cdma_text_str(&c->list.at[i].text));
	for (size_t i = 0; is_main && i < o->nr_defines; i++)
		if (o->defines[i].is_number)
			cdma_text_addf(&all,
				       "\n_Static_assert((%s) == (%s), "
				       "\"a header defines %s itself\");",
				       o->defines[i].name, o->defines[i].text,
				       o->defines[i].name);
	cdma_text_addc(&all, '\n');
	err = write_all(path->at, &all);
	cdma_text_fini(&all);
	return err;
}

/* ---- a model in C ---- */

/* The flags of all units of a plain model. */
static bool plain_flags(struct building *b, struct args *args, const char *dir)
{
	const char *cc = getenv("CC");
	struct cdma_text include = {0};

	args_add_words(args, cc && *cc ? cc : "cc");
	if (!tool_is_there(args->list.at[0])) {
		cdma_text_addf(b->why,
			       "there is no C compiler '%s': install gcc or "
			       "clang, or say which in CC",
			       args->list.at[0]);
		return false;
	}
	if (!tool_include_dir(&include)) {
		cdma_text_add(b->why, "the headers of libcdma are not where "
				      "they were installed; Debian has them in "
				      "libcdma-dev");
		cdma_text_fini(&include);
		return false;
	}
	args_add_words(args, "-std=gnu11 -g -O1 -fPIC -Wall");
	args_addf(args, "-I%s", include.at);
	args_addf(args, "-iquote%s", dir);
	args_addf(args, "-ffile-prefix-map=%s/=", dir);
	args_addf(args, "-ffile-prefix-map=%s=.", dir);
	args_addf(args, "-ffile-prefix-map=%s=.", b->dir.at);
	for (size_t i = 0; i < b->defines.list.nr; i++)
		args_add(args, b->defines.list.at[i]);
	cdma_text_fini(&include);
	return true;
}

static enum build_result run_compiler(struct building *b, struct args *args,
				      const char *dir)
{
	int err = tool_run(args, dir, NULL);

	if (err < 0)
		return failed(b, args->list.at[0], err);
	return err ? BUILD_WRONG : BUILD_DONE;
}

/* Compile a unit to DIR/@nr.o. */
static enum build_result compile(struct building *b, const struct args *flags,
				 const char *unit, size_t nr, const char *dir)
{
	struct args args = {0};
	struct cdma_text dep = {0};
	enum build_result result;
	int err;

	for (size_t i = 0; i < flags->list.nr; i++)
		args_add(&args, flags->list.at[i]);
	cdma_text_addf(&dep, "%s/%zu.d", b->dir.at, nr);
	args_add_words(&args, "-MD -MF");
	args_add(&args, dep.at);
	args_add(&args, "-c");
	args_add(&args, "-o");
	args_addf(&args, "%s/%zu.o", b->dir.at, nr);
	args_add(&args, unit);
	result = run_compiler(b, &args, dir);
	err = result == BUILD_DONE ? made_add_depfile(&b->made, dep.at, dir)
				   : 0;
	unlink(cdma_text_str(&dep));
	args_fini(&args);
	cdma_text_fini(&dep);
	return err ? failed(b, "what the compiler has read", err) : result;
}

static enum build_result link_all(struct building *b, const struct args *flags,
				  size_t nr, const char *dir)
{
	struct args args = {0};
	struct cdma_text temp = {0};
	enum build_result result;

	args_add(&args, flags->list.at[0]);
	cdma_text_addf(&temp, "%s/object.new", b->dir.at);
	args_add_words(&args, "-shared -g -o");
	args_add(&args, temp.at);
	for (size_t i = 0; i < nr; i++)
		args_addf(&args, "%s/%zu.o", b->dir.at, i);
	result = run_compiler(b, &args, dir);
	if (result == BUILD_DONE && rename(temp.at, b->object.at))
		result = failed(b, b->object.at, -errno);
	for (size_t i = 0; i < nr; i++)
		unlink(args.list.at[args.list.nr - 1 - i]);
	args_fini(&args);
	cdma_text_fini(&temp);
	return result;
}

/* Each unit, then all of them together. */
static enum build_result make_plain(struct building *b, struct c_sources *c,
				    const char *dir)
{
	enum build_result result = BUILD_DONE;
	struct args flags = {0};
	struct cdma_text unit = {0}, command = {0};
	size_t nr = 0;
	int err;

	if (!plain_flags(b, &flags, dir))
		result = BUILD_FAILED;
	for (size_t i = 0; result == BUILD_DONE && i < c->list.nr; i++) {
		const struct c_source *s = &c->list.at[i];

		err = made_add(&b->made, s->path);
		if (s->role == SOURCE_BEHIND && !err)
			continue;
		cdma_text_cut(&unit, 0);
		err = err ? err : write_unit(b, c, s, &unit);
		result = err ? failed(b, s->path, err)
			     : compile(b, &flags, unit.at, nr++, dir);
	}
	if (result == BUILD_DONE)
		result = link_all(b, &flags, nr, dir);
	args_text(&flags, &command);
	b->made.command = cdma_xstrdup(cdma_text_str(&command));
	args_fini(&flags);
	cdma_text_fini(&unit);
	cdma_text_fini(&command);
	return result;
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
static void name_object(struct building *b, const struct c_sources *c,
			const char *dir)
{
	const char *name = c->list.at[0].name;

	cdma_text_addf(&b->object, "%s/%.*s.so",
		       b->recipe->object->is_source ? b->dir.at : dir,
		       (int)strlen(name) - 2, name);
}

static enum build_result finish(struct building *b, const char *root)
{
	struct cdma_text path = {0};
	enum build_result result = BUILD_DONE;
	int err = made_take_object(&b->made, b->object.at);

	*cdma_vec_push(&b->made.roots) = cdma_xstrdup(root);
	cdma_text_addf(&path, "%s/made", b->dir.at);
	if (!err)
		err = made_write(path.at, &b->made);
	if (err)
		result = failed(b, path.at, err);
	cdma_text_fini(&path);
	return result;
}

static enum build_result make(struct building *b)
{
	struct c_sources c = {0};
	enum build_result result = BUILD_WRONG;
	char *dir = NULL;

	if (read_sources(b, &c) && change_sources(b, &c)) {
		dir = main_dir(&c);
		name_object(b, &c, dir);
		result = make_plain(b, &c, dir);
	}
	if (result == BUILD_DONE)
		result = finish(b, dir);
	free(dir);
	c_sources_fini(&c);
	return result;
}

/* A patch may be wrong that would give what is there. */
static bool is_fresh(const struct building *b)
{
	struct build_look look;
	bool fresh;

	build_look(b->options->cache, b->recipe, &look);
	fresh = look.state == BUILD_OURS;
	build_look_fini(&look);
	return fresh && !b->options->again;
}

static enum build_result make_locked(struct building *b)
{
	int lock = cache_lock(b->dir.at);
	enum build_result result;

	if (lock < 0)
		return failed(b, b->dir.at, lock);
	result = is_fresh(b) ? BUILD_FRESH : make(b);
	cache_unlock(lock);
	return result;
}

enum build_result build_make(const struct build_options *options,
			     const struct recipe *recipe,
			     struct sources *sources, struct diag *diag,
			     struct cdma_text *why)
{
	struct building b = {
		.options = options,
		.recipe = recipe,
		.sources = sources,
		.diag = diag,
		.why = why,
	};
	enum build_result result = BUILD_FAILED;
	int err;

	if (recipe->object->is_driver) {
		cdma_text_add(why, "drivers of a kernel are not compiled yet");
		return BUILD_FAILED;
	}
	if (!cache_dir(options->cache, &b.cache)) {
		cdma_text_add(why, "where to? neither --cache, nor "
				   "XDG_CACHE_HOME, nor HOME says so");
		return BUILD_FAILED;
	}
	object_dir(&b.dir, &b.cache, recipe);
	err = cache_make_dir(b.dir.at);
	result = err ? failed(&b, b.dir.at, err) : make_locked(&b);
	made_fini(&b.made);
	args_fini(&b.defines);
	cdma_text_fini(&b.cache);
	cdma_text_fini(&b.dir);
	cdma_text_fini(&b.object);
	return result;
}
