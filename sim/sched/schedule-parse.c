/* SPDX-License-Identifier: MIT */
#include "sched/schedule-text.h"

#include <string.h>

#include "base/arena.h"
#include "base/macros.h"
#include "base/suggest.h"
#include "base/xalloc.h"
#include "script/diag.h"
#include "script/program.h"

/* Steps of one actor that go the same way. */
struct run {
	struct span span; /* of the name */
	uint32_t way, kinds;
	uint8_t answers;
	uint32_t nr;
};

struct schedule_text {
	struct schedule_head head;
	struct sources sources;
	struct cdma_arena arena; /* of the texts */
	CDMA_VEC(struct run) runs;
};

/* ---- tokens ---- */

enum token { END, WORD, STRING, SIGN };

struct parser {
	struct schedule_text *text;
	struct diag *diag;
	const char *s; /* the whole text */
	uint32_t len;
	bool failed;

	enum token kind; /* of the next token */
	struct span span;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static uint32_t skip_blanks(const struct parser *p, uint32_t at)
{
	for (; at < p->len; at++) {
		if (p->s[at] == '#')
			while (at + 1 < p->len && p->s[at + 1] != '\n')
				at++;
		else if (!strchr(" \t\r\n", p->s[at]) || !p->s[at])
			break;
	}
	return at;
}

/* The first error is the one that matters: what follows is not looked at. */
#define fail(p, span, ...)                                                     \
	do {                                                                   \
		if (!(p)->failed)                                              \
			diag_error((p)->diag, &(p)->text->sources, span,       \
				   __VA_ARGS__);                               \
		(p)->failed = true;                                            \
	} while (0)

/* The end of the string that begins at @at. */
static uint32_t string_end(struct parser *p, uint32_t at)
{
	uint32_t end = at + 1;

	while (end < p->len && p->s[end] != '"' && p->s[end] != '\n')
		end += p->s[end] == '\\' && end + 1 < p->len ? 2 : 1;
	if (end < p->len && p->s[end] == '"')
		return end + 1;
	fail(p, ((struct span){0, at, 1}), "this string does not end");
	return end < p->len ? end : p->len;
}

static void next(struct parser *p)
{
	uint32_t at = skip_blanks(p, p->span.at + p->span.len);
	uint32_t end = at;

	while (end < p->len && is_word(p->s[end]))
		end++;
	p->kind = WORD;
	if (at == p->len) {
		p->kind = END;
	} else if (p->s[at] == '"') {
		p->kind = STRING;
		end = string_end(p, at);
	} else if (end == at) {
		p->kind = SIGN;
		end = at + 1;
	}
	p->span = (struct span){0, at, end - at};
}

static bool is_sign(const struct parser *p, char sign)
{
	return p->kind == SIGN && p->s[p->span.at] == sign;
}

static bool is_text(const struct parser *p, struct span span, const char *word)
{
	return strlen(word) == span.len &&
	       !memcmp(p->s + span.at, word, span.len);
}

/* Take the next token; it must be that. */
static struct span want(struct parser *p, enum token kind, char sign,
			const char *what)
{
	struct span span = p->span;

	if (p->kind != kind || (kind == SIGN && !is_sign(p, sign)))
		fail(p, span, "expected %s", what);
	else
		next(p);
	return span;
}

static const char *keep(struct parser *p, struct span span)
{
	char *s = cdma_arena_alloc(&p->text->arena, span.len + 1);

	memcpy(s, p->s + span.at, span.len);
	s[span.len] = '\0';
	return s;
}

static const char *want_name(struct parser *p, const char *what)
{
	return keep(p, want(p, WORD, 0, what));
}

/* What a string says. */
static const char *want_string(struct parser *p, const char *what)
{
	struct span span = p->span;
	char *s, *to;

	if (p->kind != STRING) {
		fail(p, span, "expected %s in quotes", what);
		return "";
	}
	to = s = cdma_arena_alloc(&p->text->arena, span.len + 1);
	for (uint32_t i = 1; i + 1 < span.len; i++) {
		if (p->s[span.at + i] == '\\' && i + 2 < span.len)
			i++;
		*to++ = p->s[span.at + i];
	}
	*to = '\0';
	next(p);
	return s;
}

/* A number from @min to @max in base @base, with digits only. */
static uint32_t want_number(struct parser *p, unsigned int base, uint64_t min,
			    uint64_t max, const char *what)
{
	struct span span = p->span;
	uint64_t nr = 0;
	bool ok = p->kind == WORD && !p->failed;

	for (uint32_t i = 0; ok && i < span.len; i++) {
		char c = p->s[span.at + i];
		unsigned int digit = c >= '0' && c <= '9'   ? c - 48u
				     : c >= 'a' && c <= 'f' ? c - 'a' + 10u
							    : 16;

		ok = digit < base && (nr = nr * base + digit) <= max;
	}
	if (!ok || nr < min) {
		fail(p, span, "expected %s", what);
		return 0;
	}
	next(p);
	return (uint32_t)nr;
}

/* ---- the head ---- */

static void parse_target(struct parser *p)
{
	struct schedule_head *head = &p->text->head;
	struct span version = want(p, WORD, 0, "'v1', the version");

	if (!p->failed && !is_text(p, version, "v1"))
		fail(p, version,
		     "expected 'v1', the version: this program "
		     "knows no other");
	head->scenario = want_name(p, "the name of the scenario");
	want(p, SIGN, '/', "'/' and the variant");
	head->variant = want_name(p, "the name of the variant");
	want(p, SIGN, '@', "'@' and the hash of the scenario");
	head->hash = want_number(p, 16, 0, UINT32_MAX,
				 "a hash: up to 8 hexadecimal digits");
}

/* What a setting does with its value, or with none. */
static const struct setting {
	const char *name, *value; /* value: what it is; NULL: none */
	size_t text, list, flag;  /* offset in the head of one of them */
} settings[] = {
#define AT(member) offsetof(struct schedule_head, member)
	{"file", "a path", .text = AT(file)},
	{"origin", "a command", .text = AT(origin)},
	{"memory", "strong or weak", .text = AT(memory)},
	{"contract", "c or rust", .text = AT(contract)},
	{"machine", "a machine", .text = AT(machine)},
	{"define", "NAME=VALUE", .list = AT(defines)},
	{"fail", "a fault", .list = AT(faults)},
	{"include", "a directory", .list = AT(includes)},
	{"strict-volatile", NULL, .flag = AT(strict_volatile)},
	{"strict-windows", NULL, .flag = AT(strict_windows)},
	{"strict-plain", NULL, .flag = AT(strict_plain)},
#undef AT
};

static const struct setting *find_setting(struct parser *p, struct span span)
{
	struct cdma_suggest near = cdma_suggest_for(keep(p, span));

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		if (is_text(p, span, settings[i].name))
			return &settings[i];
		cdma_suggest_offer(&near, settings[i].name);
	}
	if (near.best)
		fail(p, span, "unknown setting '%s'; did you mean '%s'?",
		     near.word, near.best);
	else
		fail(p, span, "unknown setting '%s'; the steps come after ':'",
		     near.word);
	return NULL;
}

/* Whether @word is left out, or one of two. */
static bool is_one_of(const char *word, const char *a, const char *b)
{
	return !word || !strcmp(word, a) || !strcmp(word, b);
}

static void parse_setting(struct parser *p)
{
	struct span span = want(p, WORD, 0, "a setting, or ':' and the steps");
	const struct setting *setting =
		p->failed ? NULL : find_setting(p, span);
	struct span value = p->span;
	char *head = (char *)&p->text->head;
	struct cdma_machine machine;

	if (!setting)
		return;
	if (setting->flag)
		*(bool *)(head + setting->flag) = true;
	else if (setting->list)
		*cdma_vec_push(
			(schedule_words *)(void *)(head + setting->list)) =
			want_string(p, setting->value);
	else
		*(const char **)(void *)(head + setting->text) =
			want_string(p, setting->value);
	if (!is_one_of(p->text->head.memory, "strong", "weak"))
		fail(p, value, "expected \"strong\" or \"weak\"");
	if (!is_one_of(p->text->head.contract, "c", "rust"))
		fail(p, value, "expected \"c\" or \"rust\"");
	if (p->text->head.machine &&
	    cdma_machine_parse(p->text->head.machine, &machine, NULL))
		fail(p, value, "no machine is called so");
}

/* ---- the steps ---- */

static enum choice_kind parse_kind(struct parser *p)
{
	struct span span = want(p, WORD, 0, "which way, like split=1");
	struct cdma_suggest near = cdma_suggest_for(keep(p, span));

	for (int i = CHOICE_ACTOR + 1; i < CHOICE_NR && !p->failed; i++) {
		if (is_text(p, span, choice_name((enum choice_kind)i)))
			return (enum choice_kind)i;
		cdma_suggest_offer(&near, choice_name((enum choice_kind)i));
	}
	if (near.best)
		fail(p, span,
		     "a step is not asked for '%s'; did you mean "
		     "'%s'?",
		     near.word, near.best);
	else
		fail(p, span, "a step is not asked for '%s'", near.word);
	return CHOICE_ACTOR;
}

static void parse_way(struct parser *p, struct run *run)
{
	struct span span = p->span;
	enum choice_kind kind = parse_kind(p);
	uint32_t way;

	want(p, SIGN, '=', "'=' and which way");
	way = want_number(p, 10, 0, 255, "a number from 0 to 255");
	if (run->answers == SCHEDULE_ANSWERS_MAX) {
		fail(p, span, "a step has at most %d ways",
		     SCHEDULE_ANSWERS_MAX);
		return;
	}
	run->kinds |= (uint32_t)kind << (8 * run->answers);
	run->way |= way << (8 * run->answers++);
}

static bool take_sign(struct parser *p, char sign)
{
	if (p->failed || !is_sign(p, sign))
		return false;
	next(p);
	return true;
}

static void parse_run(struct parser *p)
{
	struct run run = {.nr = 1};

	run.span = want(p, WORD, 0, "the name of a thread");
	if (take_sign(p, ':'))
		do
			parse_way(p, &run);
		while (take_sign(p, ','));
	if (take_sign(p, '*'))
		run.nr = want_number(p, 10, 1, SCHEDULE_STEPS_MAX,
				     "how many steps, at least 1");
	if (!p->failed)
		*cdma_vec_push(&p->text->runs) = run;
}

static void parse(struct parser *p)
{
	next(p);
	parse_target(p);
	while (!p->failed && !is_sign(p, ':'))
		parse_setting(p);
	next(p);
	while (!p->failed && p->kind != END)
		parse_run(p);
}

struct schedule_text *schedule_text_parse(const char *path, const char *text,
					  size_t len, struct diag *diag)
{
	struct schedule_text *t = cdma_xcalloc(1, sizeof(*t));
	struct parser p = {.text = t, .diag = diag};

	if (len > SOURCE_SIZE_MAX) {
		diag_error_file(diag, path, "the file is larger than %u MiB",
				SOURCE_SIZE_MAX >> 20);
		schedule_text_free(t);
		return NULL;
	}
	sources_add(&t->sources, path, text, len);
	p.s = t->sources.at[0].text;
	p.len = (uint32_t)len;
	parse(&p);
	if (!p.failed)
		return t;
	schedule_text_free(t);
	return NULL;
}

void schedule_text_free(struct schedule_text *t)
{
	if (!t)
		return;
	cdma_vec_free(&t->head.defines);
	cdma_vec_free(&t->head.faults);
	cdma_vec_free(&t->head.includes);
	cdma_vec_free(&t->runs);
	cdma_arena_fini(&t->arena);
	sources_fini(&t->sources);
	free(t);
}

const struct schedule_head *schedule_text_head(const struct schedule_text *t)
{
	return &t->head;
}

/* ---- its program ---- */

static int64_t find_actor(struct schedule_text *t,
			  const struct program *program, struct diag *diag,
			  struct span span)
{
	char *name = cdma_xstrndup(t->sources.at[0].text + span.at, span.len);
	struct cdma_suggest near = cdma_suggest_for(name);
	int64_t found = -1;

	for (uint32_t i = 0; i <= program->sections.nr; i++) {
		const char *is = program_actor_name(program, i);

		if (!strcmp(is, name))
			found = (int64_t)i;
		cdma_suggest_offer(&near, is);
	}
	if (found < 0 && near.best)
		diag_error(diag, &t->sources, span,
			   "there is no thread '%s'; did you mean '%s'?", name,
			   near.best);
	else if (found < 0)
		diag_error(diag, &t->sources, span, "there is no thread '%s'",
			   name);
	free(name);
	return found;
}

static bool resolve_run(struct schedule_text *t, const struct run *run,
			const struct program *program, struct diag *diag,
			struct schedule *out)
{
	int64_t actor = find_actor(t, program, diag, run->span);

	if (actor < 0)
		return false;
	if (run->nr > SCHEDULE_STEPS_MAX - out->steps.nr) {
		diag_error(diag, &t->sources, run->span,
			   "these are more than %u steps", SCHEDULE_STEPS_MAX);
		return false;
	}
	for (uint32_t i = 0; i < run->nr; i++)
		*cdma_vec_push(&out->steps) = (struct schedule_step){
			.actor = (uint32_t)actor,
			.way = run->way,
			.kinds = run->kinds,
			.answers = run->answers,
		};
	return true;
}

bool schedule_text_resolve(struct schedule_text *t,
			   const struct program *program, struct diag *diag,
			   struct schedule *out)
{
	bool ok = true;

	for (size_t i = 0; i < t->runs.nr; i++)
		ok &= resolve_run(t, &t->runs.at[i], program, diag, out);
	return ok;
}

struct span schedule_text_span(const struct schedule_text *t, size_t step)
{
	for (size_t i = 0; i < t->runs.nr; i++) {
		if (step < t->runs.at[i].nr)
			return t->runs.at[i].span;
		step -= t->runs.at[i].nr;
	}
	return (struct span){0, t->sources.at[0].len, 0};
}

struct sources *schedule_text_sources(struct schedule_text *t)
{
	return &t->sources;
}
