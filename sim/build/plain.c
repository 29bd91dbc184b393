/* SPDX-License-Identifier: MIT */
#include "build/making.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"

/*
 * A model in C, against the headers of libcdma: any compiler does.
 */

/* The flags of all units. */
static bool add_flags(struct making *m, struct args *args, const char *dir)
{
	const char *cc = getenv("CC");
	struct cdma_text include = {0};

	args_add_words(args, cc && *cc ? cc : "cc");
	if (!tool_is_there(args->list.at[0])) {
		cdma_text_addf(m->why,
			       "there is no C compiler '%s': install gcc or "
			       "clang, or say which in CC",
			       args->list.at[0]);
		return false;
	}
	if (!tool_include_dir(&include)) {
		cdma_text_add(m->why, "the headers of libcdma are not where "
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
	args_addf(args, "-ffile-prefix-map=%s=.", m->dir.at);
	for (size_t i = 0; i < m->defines.list.nr; i++)
		args_add(args, m->defines.list.at[i]);
	cdma_text_fini(&include);
	return true;
}

static enum build_result link_all(struct making *m, const struct args *flags,
				  const struct args *objects, const char *dir)
{
	struct args args = {0};
	struct cdma_text temp = {0};
	enum build_result result;

	args_add(&args, flags->list.at[0]);
	cdma_text_addf(&temp, "%s/object.new", m->dir.at);
	args_add_words(&args, "-shared -g -o");
	args_add(&args, temp.at);
	for (size_t i = 0; i < objects->list.nr; i++)
		args_add(&args, objects->list.at[i]);
	result = making_run(m, &args, dir);
	if (result == BUILD_DONE)
		result = making_take(m, temp.at);
	args_fini(&args);
	cdma_text_fini(&temp);
	return result;
}

static enum build_result compile(struct making *m, const struct c_sources *c,
				 const struct c_source *source,
				 const struct args *flags, const char *object,
				 const char *dir)
{
	struct cdma_text unit = {0};
	enum build_result result;
	int err = making_unit(m, c, source, NULL, &unit);

	result = err ? making_failed(m, source->path, err)
		     : making_compile(m, flags, unit.at, object, dir, &m->made);
	cdma_text_fini(&unit);
	return result;
}

/* Each unit, then all of them together. */
enum build_result make_plain(struct making *m, struct c_sources *c,
			     const char *dir)
{
	enum build_result result = BUILD_DONE;
	struct args flags = {0}, objects = {0};
	struct cdma_text command = {0};

	if (!add_flags(m, &flags, dir))
		result = BUILD_FAILED;
	for (size_t i = 0; result == BUILD_DONE && i < c->list.nr; i++) {
		if (c->list.at[i].role == SOURCE_BEHIND)
			continue;
		args_addf(&objects, "%s/%zu.o", m->dir.at, i);
		result = compile(m, c, &c->list.at[i], &flags,
				 objects.list.at[objects.list.nr - 1], dir);
	}
	if (result == BUILD_DONE)
		result = link_all(m, &flags, &objects, dir);
	for (size_t i = 0; i < objects.list.nr; i++)
		unlink(objects.list.at[i]);
	args_text(&flags, &command);
	m->made.command = cdma_xstrdup(cdma_text_str(&command));
	args_fini(&flags);
	args_fini(&objects);
	cdma_text_fini(&command);
	return result;
}
