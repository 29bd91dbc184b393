/* SPDX-License-Identifier: MIT */
#include "script/private.h"

#include "base/macros.h"
#include "base/vec.h"
#include "base/xalloc.h"
#include "script/edit.h"
#include "script/parse.h"
#include "script/prelude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Each is all of the work once more. */
#define VARIANTS_MAX 1000

void *arena_zalloc(struct cdma_arena *arena, size_t size)
{
	return memset(cdma_arena_alloc(arena, size), 0, size);
}

struct script *script_new(const struct script_options *options)
{
	struct script *script = cdma_xcalloc(1, sizeof(*script));

	script->options = options;
	for (int i = 0; i < KW_NR; i++) {
		const char *text = keyword_text((enum keyword)i);

		names_intern(&script->names, text, strlen(text));
	}
	for (int i = SCALAR_NONE + 1; i < SCALAR_STRUCT; i++) {
		const char *text = scalar_info((enum scalar)i)->name;

		names_intern(&script->names, text, strlen(text));
	}
	return script;
}

void script_free(struct script *script)
{
	if (!script)
		return;
	cdma_arena_fini(&script->arena);
	names_fini(&script->names);
	sources_fini(&script->sources);
	free(script->variants);
	free(script->defines);
	free(script->files);
	free(script);
}

bool script_parse_source(struct script *script, uint32_t file,
			 unsigned int includes, struct diag *diag,
			 struct item ***tail)
{
	size_t before = diag_nr_errors(diag);
	struct tokens tokens = {0};
	struct parser p = {.script = script,
			   .diag = diag,
			   .file = file,
			   .includes = includes,
			   .tail = *tail};
	bool ok = lex(&script->sources, file, &script->names,
		      SOURCE_TOKENS_MAX - script->nr_tokens, diag, &tokens);

	script->nr_tokens += tokens.nr - 1;
	p.tok = tokens.at;
	parse_items(&p);
	*tail = p.tail;
	tokens_fini(&tokens);
	if (includes && !p.is_scenario)
		include_is_none(script, file, before, diag);
	return ok && !p.failed;
}

void parse_words_begin(struct parse_words *arg, struct script *script,
		       const char *path, const char *text, struct diag *diag)
{
	uint32_t file = sources_add(&script->sources, path, text, strlen(text));

	*arg = (struct parse_words){
		.p = {.script = script, .diag = diag, .file = file}};
	arg->p.failed = !lex(&script->sources, file, &script->names,
			     SOURCE_TOKENS_MAX, diag, &arg->tokens);
	arg->p.tok = arg->tokens.at;
}

bool parse_words_end(struct parse_words *arg)
{
	struct parser *p = &arg->p;

	if (!parse_is(p, TOKEN_EOF))
		parse_fail(p, parse_span(p), "expected the end");
	tokens_fini(&arg->tokens);
	return !p->failed;
}

/* Where the name of a define stands: in a source of its own, as it was said. */
static struct span span_of_define(struct script *script,
				  const struct script_define *define)
{
	struct cdma_text word = {0};
	struct span span = {.len = (uint32_t)strlen(define->name)};

	cdma_text_addf(&word, "%s=%s", define->name, define->value);
	span.file = sources_add(&script->sources, "-D", word.at, word.len);
	cdma_text_fini(&word);
	return span;
}

/* The value of -D name=value. */
static bool parse_define(struct script *script,
			 const struct script_define *define, struct diag *diag,
			 struct define *out)
{
	struct parse_words arg;
	struct cdma_text path = {0};

	cdma_text_addf(&path, "-D %s", define->name);
	parse_words_begin(&arg, script, path.at, define->value, diag);
	cdma_text_fini(&path);
	out->name.id = names_intern(&script->names, define->name,
				    strlen(define->name));
	out->name.text = names_text(&script->names, out->name.id);
	out->value = parse_expr(&arg.p);
	out->name.span = span_of_define(script, define);
	return parse_words_end(&arg);
}

static bool parse_defines(struct script *script, struct diag *diag)
{
	const struct script_options *options = script->options;
	bool ok = true;

	if (!options || !options->nr_defines)
		return true;
	script->defines =
		cdma_xcalloc(options->nr_defines, sizeof(script->defines[0]));
	script->nr_defines = options->nr_defines;
	for (size_t i = 0; i < options->nr_defines; i++)
		ok &= parse_define(script, &options->defines[i], diag,
				   &script->defines[i]);
	return ok;
}

/* Those of --fail; "none" is none. */
static bool parse_faults(struct script *script, struct diag *diag)
{
	const struct script_options *options = script->options;
	struct item **tail = &script->faults;
	bool ok = true;

	for (size_t i = 0; options && i < options->nr_faults; i++) {
		struct parse_words arg;

		script->has_faults = true;
		if (!strcmp(options->faults[i], "none"))
			continue;
		parse_words_begin(&arg, script, "--fail", options->faults[i],
				  diag);
		*tail = parse_fault(&arg.p);
		tail = &(*tail)->next;
		ok &= parse_words_end(&arg);
	}
	return ok;
}

/* False, and an error: there are too many. */
static bool find_variants(struct script *script, struct diag *diag)
{
	CDMA_VEC(const struct item *) variants = {0};

	for (struct item *i = script->items; i; i = i->next)
		if (i->kind == ITEM_VARIANT)
			*cdma_vec_push(&variants) = i;
	script->variants = variants.at;
	script->nr_variants = variants.nr;
	if (variants.nr <= VARIANTS_MAX)
		return true;
	diag_error(diag, &script->sources, variants.at[VARIANTS_MAX]->name.span,
		   "there are more than %d variants", VARIANTS_MAX);
	return false;
}

static bool edit_all(struct script *script, struct diag *diag)
{
	const struct script_options *options = script->options;

	for (size_t i = 0; options && i < options->nr_edits; i++)
		if (!edit_apply(script, &options->edits[i], diag))
			return false;
	return true;
}

/* ---- first values of what is no number ---- */

/* "name = value;" */
static struct stmt *make_first(struct script *script, struct item *item)
{
	struct stmt *s = arena_zalloc(&script->arena, sizeof(*s));
	struct expr *lhs = arena_zalloc(&script->arena, sizeof(*lhs));

	*lhs = (struct expr){.kind = EXPR_NAME,
			     .span = item->name.span,
			     .name = item->name,
			     .height = 1};
	*s = (struct stmt){.kind = STMT_ASSIGN,
			   .span = item->span,
			   .lhs = lhs,
			   .rhs = item->value};
	item->value = NULL;
	return s;
}

static bool is_filled(const struct item *item)
{
	return item->kind == ITEM_SHARED && item->value &&
	       (item->value->kind == EXPR_INIT || item->ref->stars);
}

static struct item *find_setup(struct script *script, struct item **tail)
{
	struct item *setup;
	struct stmt *body;

	for (struct item *i = script->items; i; i = i->next)
		if (i->kind == ITEM_SETUP)
			return i;
	setup = arena_zalloc(&script->arena, sizeof(*setup));
	body = arena_zalloc(&script->arena, sizeof(*body));
	*body = (struct stmt){.kind = STMT_BLOCK};
	*setup = (struct item){.kind = ITEM_SETUP, .body = body};
	*tail = setup;
	return setup;
}

/* Structs, arrays and pointers outside of blocks are filled by setup, first. */
static void fill_first(struct script *script, struct item **tail)
{
	struct stmt *first = NULL, **end = &first;
	struct item *setup;

	for (struct item *i = script->items; i; i = i->next)
		if (is_filled(i)) {
			*end = make_first(script, i);
			end = &(*end)->next;
		}
	if (!first)
		return;
	setup = find_setup(script, tail);
	if (!setup->body)
		return;
	*end = setup->body->list;
	setup->body->list = first;
}

/* The rest of the way, once the main file is source 0. */
static struct script *parse_all(struct script *script, struct diag *diag)
{
	struct item **kernel = &script->prelude, **tail = &script->items;
	uint32_t prelude = sources_add(&script->sources, PRELUDE_PATH,
				       prelude_text, strlen(prelude_text));
	bool ok = script_parse_source(script, prelude, 0, diag, &kernel);

	CDMA_REQUIRE(ok, "the prelude is wrong");
	ok = script_parse_source(script, 0, 0, diag, &tail);

	fill_first(script, tail);
	ok &= parse_defines(script, diag);
	ok &= parse_faults(script, diag);
	if (script->options && script->options->machine)
		script->machine = names_text(
			&script->names,
			names_intern(&script->names, script->options->machine,
				     strlen(script->options->machine)));
	ok &= find_variants(script, diag);
	ok = ok && edit_all(script, diag);
	script->options = NULL;
	if (ok)
		return script;
	script_free(script);
	return NULL;
}

struct script *script_parse(const char *path, const char *text, size_t len,
			    const struct script_options *options,
			    struct diag *diag)
{
	struct script *script;

	if (len > SOURCE_SIZE_MAX) {
		diag_error_file(diag, path, "the file is larger than %u MiB",
				SOURCE_SIZE_MAX >> 20);
		return NULL;
	}
	script = script_new(options);
	sources_add(&script->sources, path, text, len);
	return parse_all(script, diag);
}

struct script *script_load(const char *path,
			   const struct script_options *options,
			   struct diag *diag)
{
	struct script *script;
	struct stat st;
	uint32_t file;
	int err;

	if (!strcmp(path, "-") && options)
		return script_parse("<stdin>",
				    options->input ? options->input : "",
				    options->input_len, options, diag);
	script = script_new(options);
	err = sources_read(&script->sources, path, &file);
	if (!err) {
		if (!stat(path, &st))
			include_opened(script, &st, 0);
		return parse_all(script, diag);
	}
	if (err == -EFBIG)
		diag_error_file(diag, path, "the file is larger than %u MiB",
				SOURCE_SIZE_MAX >> 20);
	else
		diag_error_file(diag, path, "cannot read it: %s",
				strerror(-err));
	script_free(script);
	return NULL;
}

size_t script_nr_variants(const struct script *script)
{
	return script->nr_variants + 1;
}

const char *script_variant_name(const struct script *script, size_t i)
{
	return i ? script->variants[i - 1]->name.text : "default";
}

const char *script_name(const struct script *script)
{
	const struct item *first = script->items;

	return first && first->kind == ITEM_SCENARIO ? first->name.text : "";
}

const struct item *script_items(const struct script *script)
{
	return script->items;
}

const struct source *script_source(const struct script *script, uint32_t file)
{
	return &script->sources.at[file];
}

struct sources *script_sources(struct script *script)
{
	return &script->sources;
}

size_t script_nr_sources(const struct script *script)
{
	return script->sources.nr;
}
