/* SPDX-License-Identifier: MIT */
#include "natives.h"

#include "base/text.h"
#include "build/build.h"
#include "native/library.h"
#include "run/source-line.h"
#include "run/driver.h"
#include "script/diag.h"
#include "script/private.h"
#include "script/program.h"
#include "script/script.h"

/* What they are loaded for. */
struct natives {
	struct script *script;
	const struct unit *unit;
	struct program *program;
	const char *cache;
	struct diag *diag;
};

#define blame(n, span, ...)                                                    \
	diag_error((n)->diag, script_sources((n)->script), span, __VA_ARGS__)

static void help_build(const struct natives *n)
{
	diag_help(n->diag, "cdmasim native build %s",
		  script_source(n->script, 0)->path);
}

/* Whether there is an object that can be loaded. */
static bool is_there(const struct natives *n, const struct recipe *recipe,
		     const struct build_look *look)
{
	const struct native_file *file = &recipe->object->file;

	switch (look->state) {
	case BUILD_MISSING:
		if (build_can(recipe)) {
			blame(n, file->span, "'%s' has not been built",
			      file->text);
			help_build(n);
		} else {
			blame(n, file->span, "there is no file '%s'",
			      file->text);
		}
		return false;
	case BUILD_OLD:
		blame(n, file->span, "'%s' was built before '%s' was changed",
		      file->text, cdma_text_str(&look->what));
		help_build(n);
		return false;
	default:
		return true;
	}
}

static struct native_library *load(const struct natives *n,
				   const struct recipe *recipe)
{
	struct native_library *library = NULL;
	struct cdma_text why = {0};
	struct build_look look;

	build_look(n->cache, recipe, &look);
	if (is_there(n, recipe, &look)) {
		library = native_library_load(look.path.at, &why);
		if (!library)
			blame(n, recipe->object->file.span,
			      "cannot load '%s': %s", look.path.at,
			      cdma_text_str(&why));
	}
	for (size_t i = 0; library && i < look.made.roots.nr; i++)
		run_source_root(look.made.roots.at[i]);
	build_look_fini(&look);
	cdma_text_fini(&why);
	return library;
}

static void find_all(const struct natives *n, size_t object,
		     const struct native_library *library)
{
	for (size_t i = 0; i < n->unit->nr_natives; i++) {
		const struct native_fn *fn = &n->unit->natives[i];

		if (fn->object != object)
			continue;
		n->program->natives.at[i].fn =
			native_library_find(library, fn->name);
		if (!n->program->natives.at[i].fn)
			blame(n, fn->span, "'%s' has no function '%s'",
			      n->unit->objects[object].file.text, fn->name);
	}
}

void natives_load(struct script *script, const struct unit *unit,
		  struct program *program, const char *cache, struct diag *diag)
{
	const struct natives n = {script, unit, program, cache, diag};

	for (size_t i = 0; i < unit->nr_objects; i++) {
		struct native_library *library;
		struct recipe recipe;

		recipe_init(&recipe, unit, i);
		library = load(&n, &recipe);
		recipe_fini(&recipe);
		if (!library)
			continue;
		find_all(&n, i, library);
		program->native_hash = program->native_hash * 31 +
				       native_library_hash(library);
	}
	driver_prepare(program);
}
