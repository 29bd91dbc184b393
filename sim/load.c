/* SPDX-License-Identifier: MIT */
#include "load.h"

#include "base/text.h"
#include "cmd.h"
#include "memory.h"
#include "natives.h"
#include "script/diag.h"
#include "script/script.h"
#include "script/source.h"
#include "terminal.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

void loaded_fini(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->nr; i++)
		program_free(loaded->programs[i]);
	free(loaded->programs);
	for (size_t i = 0; i < loaded->mistakes.nr; i++) {
		free((char *)loaded->mistakes.at[i].site.file);
		free(loaded->mistakes.at[i].text);
	}
	cdma_vec_free(&loaded->mistakes);
	*loaded = (struct loaded){0};
}

/* "NAME=VALUE" of each -D; the names are copies in *@out, owned. */
struct defines {
	CDMA_VEC(struct script_define) list;
};

static void defines_fini(struct defines *defines)
{
	for (size_t i = 0; i < defines->list.nr; i++)
		free((char *)defines->list.at[i].name);
	cdma_vec_free(&defines->list);
}

static int defines_read(const struct given *given, struct defines *out)
{
	for (size_t i = 0; i < given->nr_defines; i++) {
		const char *word = given->defines[i], *is = strchr(word, '=');

		if (!is || is == word) {
			complain("-D %s: say NAME=VALUE", word);
			return -EINVAL;
		}
		*cdma_vec_push(&out->list) = (struct script_define){
			.name = cdma_xstrndup(word, (size_t)(is - word)),
			.value = is + 1,
		};
	}
	return 0;
}

static int check_machine(const char *text)
{
	struct cdma_machine machine;
	size_t at;
	const char *wrong = cdma_machine_parse(text, &machine, &at);

	if (wrong)
		complain("--machine %s: %s, at '%s'", text, wrong, text + at);
	return wrong ? -EINVAL : 0;
}

struct given given_by(const struct settings *set)
{
	return (struct given){
		.includes = set->includes.at,
		.nr_includes = set->includes.nr,
		.defines = set->defines.at,
		.nr_defines = set->defines.nr,
		.faults = set->faults.at,
		.nr_faults = set->faults.nr,
		.machine = settings_on_each(set) ? NULL : set->machine,
	};
}

static struct script_options options_of(const struct settings *set,
					const struct given *given,
					const struct defines *defines)
{
	return (struct script_options){
		.input = set->input.at,
		.input_len = set->input.len,
		.include_dirs = given->includes,
		.nr_include_dirs = given->nr_includes,
		.defines = defines->list.at,
		.nr_defines = defines->list.nr,
		.faults = given->faults,
		.nr_faults = given->nr_faults,
		.machine = given->machine,
		.edits = given->edits,
		.nr_edits = given->nr_edits,
	};
}

static bool is_selected(const struct settings *set, const char *variant)
{
	return !set->variant || !fnmatch(set->variant, variant, 0);
}

static void load_variant(struct script *script, size_t i,
			 const struct settings *set, struct diag *diag,
			 struct loaded *out)
{
	struct unit *unit = script_resolve(script, i, diag);
	struct program *program = unit ? program_new(unit, diag) : NULL;

	if (program)
		natives_load(script, unit, program, set->cache, diag);
	unit_free(unit);
	if (!program)
		return;
	if (out->nr == out->room) {
		out->room = out->room ? out->room * 2 : 4;
		out->programs = cdma_xrealloc(out->programs, out->room,
					      sizeof(*out->programs));
	}
	out->programs[out->nr++] = program;
}

static void keep_mistakes(const struct diag *diag, struct loaded *out)
{
	struct diag_error error;

	for (size_t i = 0; diag_at(diag, i, &error); i++)
		*cdma_vec_push(&out->mistakes) = (struct mistake){
			.site = {.file = cdma_xstrdup(error.path),
				 .line = error.line,
				 .col = error.col},
			.text = cdma_xstrdup(error.text),
		};
}

/* Say what is wrong, if anything is. */
static int blame(struct diag *diag)
{
	struct cdma_text text = {0};

	if (!diag_nr_errors(diag))
		return 0;
	diag_print(diag, &text);
	fflush(stdout);
	fputs(cdma_text_str(&text), stderr);
	cdma_text_fini(&text);
	return -EINVAL;
}

static int load(const char *path, const struct settings *set,
		const struct script_options *options, struct loaded *out)
{
	struct diag *diag = diag_new(terminal_colour(stderr, set->color));
	struct script *script = script_load(path, options, diag);
	int err;

	for (size_t i = 0; script && i < script_nr_variants(script); i++)
		if (is_selected(set, script_variant_name(script, i)))
			load_variant(script, i, set, diag, out);
	err = blame(diag);
	if (err)
		keep_mistakes(diag, out);
	script_free(script);
	diag_free(diag);
	return err;
}

int load_units(const char *path, const struct settings *set,
	       void (*fn)(void *aux, const struct unit *unit,
			  struct diag *diag),
	       void *aux)
{
	const struct given given = given_by(set);
	struct defines defines = {0};
	struct script_options options;
	struct diag *diag = diag_new(terminal_colour(stderr, set->color));
	struct script *script = NULL;
	struct unit *unit;
	int err = defines_read(&given, &defines);

	options = options_of(set, &given, &defines);
	if (!err)
		script = script_load(path, &options, diag);
	for (size_t i = 0; script && i < script_nr_variants(script); i++) {
		if (!is_selected(set, script_variant_name(script, i)))
			continue;
		unit = script_resolve(script, i, diag);
		if (unit)
			fn(aux, unit, diag);
		unit_free(unit);
	}
	err = err ? err : blame(diag);
	script_free(script);
	diag_free(diag);
	defines_fini(&defines);
	return err;
}

int load_input(struct settings *set)
{
	char buf[4096];
	bool wanted = false;
	size_t got;

	for (size_t i = 0; i < set->operands.nr; i++)
		wanted |= !strcmp(set->operands.at[i], "-");
	if (!wanted)
		return 0;
	errno = 0;
	/* What is too large is refused when it is parsed. */
	while (set->input.len <= SOURCE_SIZE_MAX &&
	       (got = fread(buf, 1, sizeof(buf), stdin)))
		cdma_text_addn(&set->input, buf, got);
	if (!ferror(stdin))
		return 0;
	complain("standard input: %s", strerror(errno));
	return errno ? -errno : -EIO;
}

int load_file(const char *path, const struct settings *set, struct loaded *out)
{
	const struct given given = given_by(set);
	struct defines defines = {0};
	struct script_options options;
	int err;

	*out = (struct loaded){0};
	memory_for("%s", path);
	err = defines_read(&given, &defines);
	if (!err && given.machine)
		err = check_machine(given.machine);
	options = options_of(set, &given, &defines);
	if (!err)
		err = load(path, set, &options, out);
	defines_fini(&defines);
	return err;
}

static struct program *load_named(struct script *script, const char *variant,
				  const struct settings *set, struct diag *diag)
{
	struct loaded loaded = {0};
	struct program *program;

	for (size_t i = 0; i < script_nr_variants(script); i++)
		if (!strcmp(script_variant_name(script, i), variant))
			load_variant(script, i, set, diag, &loaded);
	program = loaded.nr == 1 ? loaded.programs[0] : NULL;
	loaded.nr = program ? 0 : loaded.nr;
	loaded_fini(&loaded);
	return program;
}

struct program *reload_program(void *aux, const char *variant,
			       const struct given *given)
{
	const struct reload *reload = aux;
	struct defines defines = {0};
	struct script_options options;
	struct diag *diag = diag_new(false);
	struct script *script = NULL;
	struct program *again = NULL;

	if (!defines_read(given, &defines)) {
		options = options_of(reload->set, given, &defines);
		script = script_load(reload->path, &options, diag);
	}
	if (script)
		again = load_named(script, variant, reload->set, diag);
	/* What is in C may be there for what the file says alone. */
	if (diag_nr_errors(diag)) {
		program_free(again);
		again = NULL;
	}
	script_free(script);
	diag_free(diag);
	defines_fini(&defines);
	return again;
}
