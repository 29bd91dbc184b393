/* SPDX-License-Identifier: MIT */
#include "build/patch.h"

#include <ctype.h>
#include <string.h>

/* A piece of a source. */
struct piece {
	struct c_source *source;
	size_t at, end;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* ---- finding a text ---- */

static size_t skip_space(const char *s)
{
	size_t n = 0;

	while (isspace((unsigned char)s[n]))
		n++;
	return n;
}

/* How long what @pattern means is at @text; 0: it is not there. */
static size_t match(const char *text, const char *pattern)
{
	const char *t = text;

	while (*pattern) {
		size_t wanted = skip_space(pattern), had = skip_space(t);

		if (wanted) {
			if (!had && pattern[wanted])
				return 0;
			pattern += wanted;
			t += had;
			continue;
		}
		if (*t != *pattern)
			return 0;
		t++;
		pattern++;
	}
	return (size_t)(t - text);
}

static void cut_ends(const char **pattern, struct cdma_text *kept)
{
	const char *s = *pattern + skip_space(*pattern);
	size_t len = strlen(s);

	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	cdma_text_addn(kept, s, len);
	*pattern = cdma_text_str(kept);
}

static size_t line_of(const struct piece *piece)
{
	size_t line = 1;

	for (size_t i = 0; i < piece->at; i++)
		line += piece->source->text.at[i] == '\n';
	return line;
}

/* ---- finding a function ---- */

/* Whether the line at @line, which begins at its left edge, defines @name: what
 * follows the name is in parentheses, and then comes a block. */
static bool defines(const char *line, const char *name)
{
	size_t len = strlen(name);
	const char *at = line;

	if (!is_word(*line))
		return false;
	while ((at = strstr(at, name)) && at < line + strcspn(line, "\n") &&
	       (is_word(at[len]) || (at > line && is_word(at[-1]))))
		at += len;
	if (!at || at >= line + strcspn(line, "\n"))
		return false;
	at += len;
	at += skip_space(at);
	return *at == '(' && at[strcspn(at, ";{")] == '{';
}

static bool find_function(struct c_source *source, const char *name,
			  struct piece *out)
{
	const char *text = cdma_text_str(&source->text), *end;

	for (const char *line = text; *line;) {
		if (defines(line, name)) {
			end = strstr(line, "\n}");
			*out = (struct piece){
				source,
				(size_t)(line - text),
				end ? (size_t)(end - text) : source->text.len,
			};
			return true;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

bool patch_has_function(struct c_source *source, const char *name)
{
	struct piece piece;

	return find_function(source, name, &piece);
}

/* ---- changing a source ---- */

static size_t nr_lines(const char *text, size_t len)
{
	size_t nr = 0;

	for (size_t i = 0; i < len; i++)
		nr += text[i] == '\n';
	return nr;
}

/* Put @with in the place of @piece.  What stood on a line stays on it: line
 * ends that are missing are added, and those too many become spaces. */
static void put(const struct piece *piece, const char *with)
{
	struct c_source *source = piece->source;
	const char *text = cdma_text_str(&source->text);
	size_t lines = nr_lines(text + piece->at, piece->end - piece->at);
	struct cdma_text all = {0};

	cdma_text_addn(&all, text, piece->at);
	for (; *with; with++) {
		bool is_end = *with == '\n';

		cdma_text_addc(&all, is_end && !lines ? ' ' : *with);
		lines -= is_end && lines;
	}
	cdma_text_fill(&all, '\n', lines);
	cdma_text_addn(&all, text + piece->end, source->text.len - piece->end);
	cdma_text_fini(&source->text);
	source->text = all;
	source->is_changed = true;
}

/* ---- patches ---- */

/* Where a text was found. */
struct hits {
	size_t nr;
	struct piece first;
	struct cdma_text places;
};

static void search(struct hits *hits, const struct piece *in,
		   const char *pattern)
{
	const char *text = cdma_text_str(&in->source->text);
	size_t len;

	for (size_t at = in->at; at < in->end; at++) {
		if (is_word(*pattern) && at && is_word(text[at - 1]))
			continue;
		len = match(text + at, pattern);
		if (!len || at + len > in->end ||
		    (is_word(text[at + len - 1]) && is_word(text[at + len])))
			continue;
		struct piece hit = {in->source, at, at + len};

		if (!hits->nr++)
			hits->first = hit;
		if (hits->nr <= 5)
			cdma_text_addf(&hits->places, "%s%s:%zu",
				       hits->nr > 1 ? ", " : "",
				       in->source->name, line_of(&hit));
		at += len - 1;
	}
}

static bool one_hit(const struct hits *hits, const struct native_patch *patch,
		    const char *pattern, const char *where,
		    struct cdma_text *why)
{
	if (hits->nr == 1)
		return true;
	if (!hits->nr)
		cdma_text_addf(why, "'%s' does not stand in %s, in whole words",
			       pattern, where);
	else
		cdma_text_addf(why,
			       "'%s' stands %zu times, at %s%s: say more of "
			       "it%s",
			       pattern, hits->nr, cdma_text_str(&hits->places),
			       hits->nr > 5 ? " and elsewhere" : "",
			       patch->in ? "" : ", or 'in' which function");
	return false;
}

static void change(const struct piece *hit, const struct native_patch *patch)
{
	struct piece at = *hit;

	if (patch->how == PATCH_AFTER)
		at.at = at.end;
	if (patch->how == PATCH_BEFORE)
		at.end = at.at;
	put(&at, patch->with);
}

bool patch_apply(struct c_sources *sources, const struct native_patch *patch,
		 struct cdma_text *why)
{
	struct cdma_text kept = {0}, where = {0};
	const char *pattern = patch->at;
	struct hits hits = {0};
	bool ok, any = false;

	cut_ends(&pattern, &kept);
	for (size_t i = 0; i < sources->list.nr; i++) {
		struct c_source *s = &sources->list.at[i];
		struct piece in = {s, 0, s->text.len};

		if (patch->in && !find_function(s, patch->in, &in))
			continue;
		cdma_text_addf(&where, "%s%s", any ? ", " : "",
			       patch->in ? patch->in : s->name);
		any = true;
		search(&hits, &in, pattern);
	}
	if (!any) {
		cdma_text_addf(why, "no source has a function '%s'", patch->in);
		ok = false;
	} else {
		ok = one_hit(&hits, patch, pattern, where.at, why);
	}
	if (ok)
		change(&hits.first, patch);
	cdma_text_fini(&hits.places);
	cdma_text_fini(&kept);
	cdma_text_fini(&where);
	return ok;
}

/* ---- macros ---- */

/* The end of the value of a macro at @at: of its line, and of those that it
 * goes on in. */
static size_t end_of_macro(const char *text, size_t at)
{
	while (text[at] && text[at] != '\n') {
		if (text[at] == '\\' && text[at + 1] == '\n')
			at++;
		at++;
	}
	return at;
}

static bool starts_word(const char *s, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(s, word, len) && !is_word(s[len]);
}

/* Behind the name in "#define NAME value", at the line @line; 0: it is none. */
static size_t behind_define(const char *line, const char *name)
{
	size_t at = strspn(line, " \t");

	if (line[at] != '#')
		return 0;
	at++;
	at += strspn(line + at, " \t");
	if (!starts_word(line + at, "define"))
		return 0;
	at += strlen("define");
	at += strspn(line + at, " \t");
	return starts_word(line + at, name) ? at + strlen(name) : 0;
}

/* Behind the '=' in "NAME = value," of an enum, on the line @line; 0: it has
 * none. */
static size_t behind_enumerator(const char *line, const char *name)
{
	size_t end = strcspn(line, "\n"), at;
	char before = '{';

	for (size_t i = 0; i < end; i++) {
		if ((before == '{' || before == ',') &&
		    (!i || !is_word(line[i - 1])) &&
		    starts_word(line + i, name)) {
			at = i + strlen(name);
			at += strspn(line + at, " \t");
			if (line[at] == '=' && line[at + 1] != '=' &&
			    line[at + strcspn(line + at, ",;}")] != ';')
				return at + 1;
		}
		if (!isspace((unsigned char)line[i]))
			before = line[i];
	}
	return 0;
}

static bool define_in(struct c_source *source,
		      const struct native_define *define)
{
	bool any = false;

	for (size_t line = 0; line < source->text.len;) {
		const char *text = source->text.at;
		size_t behind = behind_define(text + line, define->name), end;
		struct cdma_text with = {0};

		if (behind) {
			end = end_of_macro(text, line + behind);
		} else {
			behind = behind_enumerator(text + line, define->name);
			end = line + behind +
			      strcspn(text + line + behind, ",}\n");
		}
		if (behind) {
			struct piece at = {source, line + behind, end};

			cdma_text_addf(&with, " %s", define->text);
			put(&at, with.at);
			any = true;
		}
		cdma_text_fini(&with);
		line += strcspn(source->text.at + line, "\n") + 1;
	}
	return any;
}

static bool has_word(const struct c_source *source, const char *word)
{
	const char *text = cdma_text_str(&source->text), *at = text;

	while ((at = strstr(at, word))) {
		if ((at == text || !is_word(at[-1])) && starts_word(at, word))
			return true;
		at++;
	}
	return false;
}

enum patch_defined patch_define(struct c_sources *sources,
				const struct native_define *define)
{
	enum patch_defined how = PATCH_NOWHERE;

	for (size_t i = 0; i < sources->list.nr; i++) {
		if (how < PATCH_NAMED &&
		    has_word(&sources->list.at[i], define->name))
			how = PATCH_NAMED;
		if (define_in(&sources->list.at[i], define))
			how = PATCH_DEFINED;
	}
	return how;
}
