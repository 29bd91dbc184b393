/* SPDX-License-Identifier: MIT */
#include "build/making.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum build_result making_failed(struct making *m, const char *what, int err)
{
	cdma_text_addf(m->why, "%s: %s", what, strerror(-err));
	return BUILD_FAILED;
}

int making_write(const char *path, const struct cdma_text *text)
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

/* What the compiler shall refuse: a macro that it has found otherwise. */
static void add_asserts(struct cdma_text *out, const struct native_object *o)
{
	for (size_t i = 0; i < o->nr_defines; i++)
		if (o->defines[i].is_number)
			cdma_text_addf(out,
				       "\n_Static_assert((%s) == (%s), "
				       "\"a header defines %s itself\");",
				       o->defines[i].name, o->defines[i].text,
				       o->defines[i].name);
}

int making_unit(struct making *m, const struct c_sources *c,
		const struct c_source *first, const char *behind,
		struct cdma_text *path)
{
	const struct native_object *o = m->recipe->object;
	struct cdma_text all = {0};
	bool is_main = first->role == SOURCE_MAIN;
	int err;

	if (!first->is_changed && !behind &&
	    !(is_main && (o->nr_sources || o->nr_defines))) {
		cdma_text_add(path, first->path);
		return 0;
	}
	cdma_text_addf(path, "%s/%s", m->dir.at, path_base(first->name));
	cdma_text_addf(&all, "#line 1 \"%s\"\n%s", first->name,
		       cdma_text_str(&first->text));
	for (size_t i = 0; is_main && i < c->list.nr; i++)
		if (c->list.at[i].role == SOURCE_BEHIND)
			cdma_text_addf(&all, "\n#line 1 \"%s\"\n%s",
				       c->list.at[i].name,
				       cdma_text_str(&c->list.at[i].text));
	if (is_main)
		add_asserts(&all, o);
	cdma_text_addf(&all, "\n%s\n", behind ? behind : "");
	err = making_write(path->at, &all);
	cdma_text_fini(&all);
	return err;
}

enum build_result making_run(struct making *m, const struct args *args,
			     const char *dir)
{
	int err = tool_run(args, dir, NULL);

	if (err < 0)
		return making_failed(m, args->list.at[0], err);
	return err ? BUILD_WRONG : BUILD_DONE;
}

enum build_result making_compile(struct making *m, const struct args *flags,
				 const char *unit, const char *object,
				 const char *dir, struct made *made)
{
	struct args args = {0};
	struct cdma_text dep = {0};
	enum build_result result;
	int err;

	for (size_t i = 0; i < flags->list.nr; i++)
		args_add(&args, flags->list.at[i]);
	cdma_text_addf(&dep, "%s.d", object);
	args_add_words(&args, "-MD -MF");
	args_add(&args, dep.at);
	args_add(&args, "-c");
	args_add(&args, "-o");
	args_add(&args, object);
	args_add(&args, unit);
	result = making_run(m, &args, dir);
	err = result == BUILD_DONE ? made_add_depfile(made, dep.at, dir) : 0;
	unlink(cdma_text_str(&dep));
	args_fini(&args);
	cdma_text_fini(&dep);
	return err ? making_failed(m, "what the compiler has read", err)
		   : result;
}

enum build_result making_take(struct making *m, const char *temp)
{
	if (rename(temp, m->object.at))
		return making_failed(m, m->object.at, -errno);
	return BUILD_DONE;
}
