/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "load.h"
#include "output.h"
#include "select.h"

#include "base/text.h"
#include "build/build.h"
#include "script/private.h"
#include "script/script.h"

#include <string.h>

/* What has been done in this file. */
struct work {
	struct cmd *cmd;
	const char *path;
	struct script *script;
	struct build_options options;
	CDMA_VEC(char *) keys; /* of what was made, or found wrong */
	struct cdma_text said;
	size_t wrong, failed, fresh, made;
};

static bool is_new(struct work *w, const char *key)
{
	for (size_t i = 0; i < w->keys.nr; i++)
		if (!strcmp(w->keys.at[i], key))
			return false;
	*cdma_vec_push(&w->keys) = cdma_xstrdup(key);
	return true;
}

static void say(struct work *w, const struct unit *unit,
		const struct recipe *recipe, enum build_result result)
{
	if (w->cmd->set.quiet || result > BUILD_FRESH)
		return;
	cdma_text_addf(&w->said, "%s: %s%s%s: %s\n", w->path,
		       recipe->object->file.text,
		       recipe->nr_patches ? ", variant " : "",
		       recipe->nr_patches ? unit->variant : "",
		       result == BUILD_DONE ? "built" : "is built already");
	output_say(w->cmd->output, &w->said);
	cdma_text_cut(&w->said, 0);
}

static void build_one(struct work *w, const struct unit *unit, size_t i,
		      struct diag *diag)
{
	struct recipe recipe;
	struct cdma_text why = {0};
	enum build_result result;

	recipe_init(&recipe, unit, i);
	if (build_can(&recipe) && is_new(w, recipe.key)) {
		result = build_make(&w->options, &recipe,
				    script_sources(unit->script), diag, &why);
		if (result == BUILD_FAILED)
			complain("%s: %s", recipe.object->file.text,
				 cdma_text_str(&why));
		w->made += result == BUILD_DONE;
		w->fresh += result == BUILD_FRESH;
		w->wrong += result == BUILD_WRONG;
		w->failed += result == BUILD_FAILED;
		say(w, unit, &recipe, result);
	}
	recipe_fini(&recipe);
	cdma_text_fini(&why);
}

static void build_unit(void *aux, const struct unit *unit, struct diag *diag)
{
	for (size_t i = 0; i < unit->nr_objects; i++)
		build_one(aux, unit, i, diag);
}

static int status_of(const struct work *w)
{
	if (w->failed)
		return STATUS_IO;
	if (w->wrong)
		return STATUS_USAGE;
	if (w->made + w->fresh)
		return STATUS_OK;
	complain("there is nothing to build: no scenario has a 'driver', or a "
		 "'native' of a source");
	return STATUS_NOTHING;
}

static void tell(const char *text)
{
	complain("%s", text);
}

static int build(struct cmd *cmd)
{
	struct paths paths = {0};
	struct work w = {
		.cmd = cmd,
		.options = {.cache = cmd->set.cache,
			    .kernel = cmd->set.kernel,
			    .again = cmd->set.again,
			    .say = cmd->set.quiet ? NULL : tell},
	};
	int status = operands_select(cmd, &paths);

	for (size_t i = 0; status == STATUS_OK && i < paths.nr; i++) {
		w.path = paths.at[i];
		w.wrong += load_units(w.path, &cmd->set, build_unit, &w) != 0;
	}
	if (status == STATUS_OK)
		status = status_of(&w);
	for (size_t i = 0; i < w.keys.nr; i++)
		free(w.keys.at[i]);
	cdma_vec_free(&w.keys);
	cdma_text_fini(&w.said);
	select_fini(&paths);
	return status;
}

/* The first operand says what to do. */
static int native(struct cmd *cmd)
{
	struct words *words = &cmd->set.operands;

	if (!words->nr || strcmp(words->at[0], "build") != 0) {
		complain("native what? say native build FILE|DIR...");
		return STATUS_USAGE;
	}
	words->nr--;
	memmove(words->at, words->at + 1, words->nr * sizeof(*words->at));
	return build(cmd);
}

static const struct example examples[] = {
	{"native build nic-rx.dma", "Compile the C that the scenario names."},
	{"native build --kernel=$HOME/linux 8139cp.dma",
	 "Compile a driver of that tree, unmodified, for its scenario."},
	{"native build -q scenarios/", "All that there is; say what is wrong."},
	{NULL, NULL},
};

const struct command cmd_native = {
	.name = "native",
	.bit = CMD_NATIVE,
	.operands = "build FILE|DIR...",
	.summary = "compile the drivers and models in C of scenarios",
	.about = "Compile what scenarios name by 'native \"file.c\"' and "
		 "'driver "
		 "\"file.c\"', for every variant that changes it, into the "
		 "cache. What is there already and made of the same is not "
		 "made again; run, explore and replay never compile anything, "
		 "and refuse what is older than its sources.\n\n"
		 "A model against the headers of libcdma takes a C compiler: "
		 "CC, or cc. A driver takes the sources of its kernel, which "
		 "are prepared once, in the cache, and never written to; the "
		 "clang that the compiler pass was built for (DRIVER_CC), and "
		 "what a kernel is built with: make, gcc, binutils, flex, "
		 "bison, bc.\n\n"
		 "Exit status 2 is a mistake in a scenario, or what the "
		 "compiler refuses; 4, that something is missing here.",
	.examples = examples,
	.run = native,
};
