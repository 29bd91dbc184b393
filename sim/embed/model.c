/* SPDX-License-Identifier: MIT */
#include "embed/embed.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "native/library.h"
#include "script/builtins.h"
#include "script/diag.h"
#include "script/keywords.h"
#include "script/program.h"
#include "script/script.h"

static char *copy(const char *s)
{
	return s ? cdma_xstrdup(s) : NULL;
}

static void set(char **at, const char *s)
{
	free(*at);
	*at = copy(s);
}

struct cdma_run *cdma_run_new(const char *name, const char *title)
{
	struct cdma_run *run = cdma_xcalloc(1, sizeof(*run));

	run->name = cdma_xstrdup(name);
	run->title = copy(title);
	return run;
}

void cdma_run_free(struct cdma_run *run)
{
	if (!run)
		return;
	embed_forget(run);
	for (size_t i = 0; i < run->functions.nr; i++)
		free(run->functions.at[i].name);
	for (size_t i = 0; i < run->defines.nr; i++)
		free(run->defines.at[i]);
	cdma_run_fail(run, NULL);
	cdma_vec_free(&run->functions);
	cdma_vec_free(&run->defines);
	cdma_vec_free(&run->faults);
	cdma_vec_free(&run->texts);
	cdma_vec_free(&run->schedules);
	cdma_text_fini(&run->declared);
	cdma_text_fini(&run->report);
	free(run->name);
	free(run->title);
	free(run->setup);
	free(run->teardown);
	free(run->machine);
	free(run->variant);
	free(run);
}

/* ---- what there is ---- */

static bool is_word(const char *name)
{
	for (int i = 0; i < KW_NR; i++)
		if (!strcmp(keyword_text((enum keyword)i), name))
			return true;
	return builtin_find(name);
}

/* A function of C may be called as something of the language is. */
static void add_name(struct cdma_text *out, const char *name)
{
	cdma_text_addf(out, "%s%s", is_word(name) ? "c_" : "", name);
}

/* Add "thread poll on cpu { return poll(); }". */
static void add_actor(struct cdma_text *out, const char *kind, const char *name,
		      const char *on, const char *does)
{
	cdma_text_addf(out, "%s ", kind);
	add_name(out, name);
	cdma_text_addf(out, " on %s { %s", on, does);
	add_name(out, name);
	cdma_text_add(out, "(); }\n");
}

void cdma_run_declare(struct cdma_run *run, const char *text)
{
	cdma_text_addf(&run->declared, "%s\n", text);
}

void cdma_run_function_at(struct cdma_run *run, const char *name,
			  cdma_run_fn *fn)
{
	for (size_t i = 0; i < run->functions.nr; i++)
		if (!strcmp(run->functions.at[i].name, name)) {
			CDMA_REQUIRE(run->functions.at[i].fn == fn,
				     "two functions are called %s", name);
			return;
		}
	*cdma_vec_push(&run->functions) =
		(struct embed_function){cdma_xstrdup(name), fn};
}

void cdma_run_setup_at(struct cdma_run *run, const char *name, cdma_run_fn *fn)
{
	cdma_run_function_at(run, name, fn);
	set(&run->setup, name);
}

void cdma_run_teardown_at(struct cdma_run *run, const char *name,
			  cdma_run_fn *fn)
{
	cdma_run_function_at(run, name, fn);
	set(&run->teardown, name);
}

void cdma_run_thread_at(struct cdma_run *run, const char *name, cdma_run_fn *fn)
{
	cdma_run_function_at(run, name, fn);
	add_actor(&run->declared, "thread", name, "cpu", "return ");
}

void cdma_run_engine_at(struct cdma_run *run, const char *device,
			const char *name, cdma_run_fn *fn)
{
	cdma_run_function_at(run, name, fn);
	add_actor(&run->declared, "thread", name, device, "");
}

void cdma_run_irq_at(struct cdma_run *run, const char *irq, const char *name,
		     cdma_run_fn *fn)
{
	cdma_run_function_at(run, name, fn);
	add_actor(&run->declared, "irq", name, irq, "");
}

/* ---- how ---- */

void cdma_run_param(struct cdma_run *run, const char *name, int64_t value)
{
	size_t len = strlen(name);
	struct cdma_text word = {0};
	char **at = NULL;

	for (size_t i = 0; i < run->defines.nr; i++)
		if (!strncmp(run->defines.at[i], name, len) &&
		    run->defines.at[i][len] == '=')
			at = &run->defines.at[i];
	if (!at) {
		at = cdma_vec_push(&run->defines);
		*at = NULL;
	}
	cdma_text_addf(&word, "%s=%lld", name, (long long)value);
	set(at, word.at);
	cdma_text_fini(&word);
}

void cdma_run_fail(struct cdma_run *run, const char *rule)
{
	if (rule) {
		*cdma_vec_push(&run->faults) = cdma_xstrdup(rule);
		return;
	}
	for (size_t i = 0; i < run->faults.nr; i++)
		free(run->faults.at[i]);
	run->faults.nr = 0;
}

void cdma_run_machine(struct cdma_run *run, const char *machine)
{
	set(&run->machine, machine);
}

void cdma_run_variant(struct cdma_run *run, const char *variant)
{
	set(&run->variant, variant);
}

void cdma_run_weak(struct cdma_run *run, bool on)
{
	run->weak = on;
}

struct given embed_given(const struct cdma_run *run)
{
	return (struct given){
		.defines = (const char *const *)run->defines.at,
		.nr_defines = run->defines.nr,
		.faults = (const char *const *)run->faults.at,
		.nr_faults = run->faults.nr,
		.machine = run->machine,
	};
}

/* ---- the scenario ---- */

static void add_quoted(struct cdma_text *out, const char *s)
{
	cdma_text_addc(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			cdma_text_addc(out, '\\');
		cdma_text_addc(out, *s);
	}
	cdma_text_addc(out, '"');
}

static void add_section(struct cdma_text *out, const char *section,
			const char *does, const char *name)
{
	cdma_text_addf(out, "%s { %s", section, does);
	add_name(out, name);
	cdma_text_add(out, "(); }\n");
}

static void write_scenario(const struct cdma_run *run, struct cdma_text *out)
{
	cdma_text_addf(out, "scenario %s ", run->name);
	add_quoted(out, run->title ? run->title : run->name);
	cdma_text_add(out, ";\n");
	for (size_t i = 0; i < run->functions.nr; i++) {
		cdma_text_add(out, i ? ", " : "native \"\" ");
		add_name(out, run->functions.at[i].name);
	}
	if (run->functions.nr)
		cdma_text_add(out, ";\n");
	if (run->declared.len)
		cdma_text_add(out, run->declared.at);
	if (run->setup)
		add_section(out, "setup", "return ", run->setup);
	if (run->teardown)
		add_section(out, "teardown", "", run->teardown);
}

static cdma_run_fn *find(const struct cdma_run *run, const char *name)
{
	for (size_t i = 0; i < run->functions.nr; i++)
		if (!strcmp(run->functions.at[i].name, name))
			return run->functions.at[i].fn;
	return NULL;
}

/* What is called native has been named by a function. */
static void link_natives(const struct cdma_run *run, struct program *program)
{
	for (size_t i = 0; i < program->natives.nr; i++) {
		struct program_native *n = &program->natives.at[i];
		cdma_run_fn *fn = find(run, n->name);

		if (!fn && !strncmp(n->name, "c_", 2))
			fn = find(run, n->name + 2);
		memcpy(&n->fn, &fn, sizeof(fn));
	}
	program->native_hash =
		native_library_hash(native_library_self(&(struct cdma_text){}));
}

/* "NAME=VALUE" of each. */
static struct script_define *read_defines(const struct given *given)
{
	struct script_define *defines =
		cdma_xcalloc(given->nr_defines + 1, sizeof(*defines));

	for (size_t i = 0; i < given->nr_defines; i++) {
		const char *word = given->defines[i];
		size_t len = strcspn(word, "=");

		defines[i] = (struct script_define){
			.name = cdma_xstrndup(word, len),
			.value = word[len] ? word + len + 1 : "",
		};
	}
	return defines;
}

static void free_defines(struct script_define *defines, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free((char *)defines[i].name);
	free(defines);
}

static struct program *compile(struct script *script, const char *variant,
			       struct diag *diag)
{
	struct program *program = NULL;
	bool is_known = false;

	for (size_t i = 0; i < script_nr_variants(script); i++) {
		struct unit *unit;

		if (strcmp(script_variant_name(script, i), variant) != 0)
			continue;
		is_known = true;
		unit = script_resolve(script, i, diag);
		program = unit ? program_new(unit, diag) : NULL;
		unit_free(unit);
	}
	if (!is_known)
		diag_error_file(diag, script_source(script, 0)->path,
				"no variant is called '%s'", variant);
	return program;
}

struct program *embed_compile(const struct cdma_run *run, const char *variant,
			      const struct given *given, struct diag *diag)
{
	struct cdma_text text = {0}, path = {0};
	struct script_define *defines = read_defines(given);
	const struct script_options options = {
		.own_natives = true,
		.defines = defines,
		.nr_defines = given->nr_defines,
		.faults = given->faults,
		.nr_faults = given->nr_faults,
		.machine = given->machine,
		.edits = given->edits,
		.nr_edits = given->nr_edits,
	};
	struct script *script;
	struct program *program = NULL;

	cdma_text_addf(&path, "<%s>", run->name);
	write_scenario(run, &text);
	script = script_parse(path.at, text.at, text.len, &options, diag);
	if (script)
		program = compile(script, variant, diag);
	if (program)
		link_natives(run, program);
	script_free(script);
	free_defines(defines, given->nr_defines);
	cdma_text_fini(&text);
	cdma_text_fini(&path);
	return program;
}
