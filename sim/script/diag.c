/* SPDX-License-Identifier: MIT */
#include "script/diag.h"

#include "base/macros.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* More than that are only counted. */
#define KEPT_MAX 1000

/* How long a message is, in bytes, whatever names are in it. */
#define MESSAGE_MAX 400

/* How much of a line is shown, in columns. */
#define SHOWN_MAX 96

struct message {
	struct span span;
	bool has_span;
	char *path;            /* owned */
	uint32_t line, col;    /* of has_span */
	size_t order;          /* in which it came */
	struct cdma_text text; /* without place, to know a repetition */
	struct cdma_text all;  /* as it is printed, notes included */
};

struct diag {
	CDMA_VEC(struct message) messages;
	size_t nr_errors;
	bool colour;
	bool dropped; /* the last error; its notes go the same way */
};

#define COLOUR_BOLD  "\033[1m"
#define COLOUR_ERROR "\033[1;31m"
#define COLOUR_NOTE  "\033[1;36m"
#define COLOUR_CARET "\033[1;32m"
#define COLOUR_END   "\033[0m"

struct diag *diag_new(bool colour)
{
	struct diag *diag = cdma_xcalloc(1, sizeof(*diag));

	diag->colour = colour;
	return diag;
}

void diag_free(struct diag *diag)
{
	if (!diag)
		return;
	diag_forget(diag, 0);
	cdma_vec_free(&diag->messages);
	free(diag);
}

static void coloured(struct diag *diag, struct cdma_text *out,
		     const char *colour, const char *s, size_t len)
{
	if (diag->colour)
		cdma_text_add(out, colour);
	cdma_text_addn(out, s, len);
	if (diag->colour)
		cdma_text_add(out, COLOUR_END);
}

/*
 * Append the character at @s so that it can be shown at column @col, from 0:
 * a tab as blanks, what a terminal would not show as \xNN.
 *
 * Returns: the bytes read; *@width: the columns written.
 */
static size_t show_char(struct cdma_text *out, const char *s, size_t len,
			size_t col, size_t *width)
{
	size_t nr = cdma_utf8_len(s, len);
	unsigned char c = (unsigned char)*s;
	/* U+0080 to U+009F are control characters too. */
	bool is_c1 = nr == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0;

	if (c == '\t') {
		*width = 8 - col % 8;
		cdma_text_fill(out, ' ', *width);
		return 1;
	}
	if (!nr || c < 0x20 || c == 0x7f || is_c1) {
		*width = 4;
		cdma_text_addf(out, "\\x%02x", c);
		return 1;
	}
	*width = 1;
	cdma_text_addn(out, s, nr);
	return nr;
}

/* A line as it is shown: where in it the span starts and ends. */
struct shown {
	struct cdma_text text; /* owned */
	size_t from, to;       /* columns, from 0, of the marked part */
};

/*
 * Show the part of @line that is around byte @at, clipped to SHOWN_MAX
 * columns, with "..." where something was left out.
 */
static struct shown show_line(const char *line, size_t len, size_t at,
			      size_t mark_len)
{
	struct shown shown = {0};
	size_t col = 0, i = 0, width;

	if (at > SHOWN_MAX * 2 / 3 && len > SHOWN_MAX) {
		i = at - SHOWN_MAX / 2;
		while (i < at && ((unsigned char)line[i] & 0xc0) == 0x80)
			i++;
		cdma_text_add(&shown.text, "...");
		col = 3;
	}
	while (i < len && col < SHOWN_MAX) {
		if (i <= at)
			shown.from = col;
		i += show_char(&shown.text, line + i, len - i, col, &width);
		col += width;
		if (i <= at + mark_len)
			shown.to = col;
	}
	if (i < len)
		cdma_text_add(&shown.text, "...");
	if (at >= len)
		shown.from = shown.to = col;
	return shown;
}

/* The source line of @span with a mark below. */
static void add_line(struct diag *diag, struct cdma_text *out,
		     struct source *source, struct span span)
{
	uint32_t line, col;
	size_t len, mark_len;
	const char *text;
	struct shown shown;

	source_place(source, span.at, &line, &col);
	text = source_line(source, line, &len);
	mark_len = span.len;
	if (col - 1 + mark_len > len)
		mark_len = col - 1 < len ? len - (col - 1) : 0;
	shown = show_line(text, len, col - 1, mark_len);
	cdma_text_addf(out, "%5u | %s\n      | ", line,
		       cdma_text_str(&shown.text));
	cdma_text_fill(out, ' ', shown.from);
	if (diag->colour)
		cdma_text_add(out, COLOUR_CARET);
	cdma_text_addc(out, '^');
	if (shown.to > shown.from + 1)
		cdma_text_fill(out, '~', shown.to - shown.from - 1);
	if (diag->colour)
		cdma_text_add(out, COLOUR_END);
	cdma_text_addc(out, '\n');
	cdma_text_fini(&shown.text);
}

/* "file:1:2: " */
static void add_place(struct diag *diag, struct cdma_text *out,
		      struct source *source, uint32_t at)
{
	struct cdma_text place = {0};
	uint32_t line, col;

	source_place(source, at, &line, &col);
	cdma_text_addf(&place, "%s:%u:%u: ", source->path, line, col);
	coloured(diag, out, COLOUR_BOLD, place.at, place.len);
	cdma_text_fini(&place);
}

static void add_kind(struct diag *diag, struct cdma_text *out, bool is_error)
{
	const char *kind = is_error ? "error: " : "note: ";

	coloured(diag, out, is_error ? COLOUR_ERROR : COLOUR_NOTE, kind,
		 strlen(kind));
}

/* Names come from the text of the user and may hold anything. */
static void add_escaped(struct cdma_text *out, const char *s, size_t len)
{
	size_t width;

	for (size_t i = 0; i < len;) {
		if (out->len > MESSAGE_MAX) {
			cdma_text_add(out, "...");
			return;
		}
		i += show_char(out, s + i, len - i, 0, &width);
	}
}

static struct cdma_text __attribute__((format(printf, 1, 0)))
format(const char *fmt, va_list ap)
{
	struct cdma_text raw = {0}, out = {0};
	char *s;
	int len;

	len = vasprintf(&s, fmt, ap);
	CDMA_REQUIRE(len >= 0);
	cdma_text_addn(&raw, s, (size_t)len);
	free(s);
	add_escaped(&out, cdma_text_str(&raw), raw.len);
	cdma_text_fini(&raw);
	return out;
}

static bool same_place(struct span a, struct span b)
{
	return a.file == b.file && a.at == b.at && a.len == b.len;
}

static bool is_known(const struct diag *diag, const struct message *m)
{
	for (size_t i = 0; i < diag->messages.nr; i++) {
		const struct message *old = &diag->messages.at[i];

		if (old->has_span == m->has_span &&
		    same_place(old->span, m->span) &&
		    !strcmp(cdma_text_str(&old->text), cdma_text_str(&m->text)))
			return true;
	}
	return false;
}

/* Keep @m, unless it is there already or there are too many; or NULL. */
static struct message *keep(struct diag *diag, struct message m)
{
	diag->dropped = diag->messages.nr == KEPT_MAX || is_known(diag, &m);
	if (diag->messages.nr == KEPT_MAX)
		diag->nr_errors++;
	if (diag->dropped) {
		cdma_text_fini(&m.text);
		return NULL;
	}
	m.order = diag->nr_errors++;
	*cdma_vec_push(&diag->messages) = m;
	return cdma_vec_last(&diag->messages);
}

/* The files through which @file came to be read. */
static void add_includes(struct diag *diag, struct cdma_text *out,
			 struct sources *sources, uint32_t file)
{
	while (sources->at[file].is_included) {
		struct span from = sources->at[file].included;

		add_place(diag, out, &sources->at[from.file], from.at);
		add_kind(diag, out, false);
		cdma_text_add(out, "included from here\n");
		file = from.file;
	}
}

void diag_error(struct diag *diag, struct sources *sources, struct span span,
		const char *fmt, ...)
{
	struct message m = {.span = span, .has_span = true}, *kept;
	struct source *source = &sources->at[span.file];
	va_list ap;

	va_start(ap, fmt);
	m.text = format(fmt, ap);
	va_end(ap);
	kept = keep(diag, m);
	if (!kept)
		return;
	kept->path = cdma_xstrdup(source->path);
	source_place(source, span.at, &kept->line, &kept->col);
	add_place(diag, &kept->all, source, span.at);
	add_kind(diag, &kept->all, true);
	cdma_text_addf(&kept->all, "%s\n", cdma_text_str(&kept->text));
	add_line(diag, &kept->all, source, span);
	add_includes(diag, &kept->all, sources, span.file);
}

void diag_note(struct diag *diag, struct sources *sources, struct span span,
	       const char *fmt, ...)
{
	struct cdma_text text, *out;
	struct source *source = &sources->at[span.file];
	va_list ap;

	if (diag->dropped)
		return;
	out = &cdma_vec_last(&diag->messages)->all;
	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	add_place(diag, out, source, span.at);
	add_kind(diag, out, false);
	cdma_text_addf(out, "%s\n", cdma_text_str(&text));
	add_line(diag, out, source, span);
	cdma_text_fini(&text);
}

void diag_help(struct diag *diag, const char *fmt, ...)
{
	struct cdma_text text, *out;
	va_list ap;

	if (diag->dropped)
		return;
	out = &cdma_vec_last(&diag->messages)->all;
	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	cdma_text_add(out, "      = ");
	add_kind(diag, out, false);
	cdma_text_addf(out, "%s\n", cdma_text_str(&text));
	cdma_text_fini(&text);
}

void diag_error_file(struct diag *diag, const char *path, const char *fmt, ...)
{
	struct message m = {0}, *kept;
	struct cdma_text place = {0};
	va_list ap;

	va_start(ap, fmt);
	m.text = format(fmt, ap);
	va_end(ap);
	kept = keep(diag, m);
	if (!kept)
		return;
	kept->path = cdma_xstrdup(path);
	cdma_text_addf(&place, "%s: ", path);
	coloured(diag, &kept->all, COLOUR_BOLD, place.at, place.len);
	cdma_text_fini(&place);
	add_kind(diag, &kept->all, true);
	cdma_text_addf(&kept->all, "%s\n", cdma_text_str(&kept->text));
}

size_t diag_nr_errors(const struct diag *diag)
{
	return diag->nr_errors;
}

bool diag_is_full(const struct diag *diag)
{
	return diag->messages.nr == KEPT_MAX;
}

static int by_place(const void *a, const void *b)
{
	const struct message *ma = *(const struct message *const *)a;
	const struct message *mb = *(const struct message *const *)b;

	if (ma->has_span != mb->has_span)
		return ma->has_span ? 1 : -1;
	if (ma->span.file != mb->span.file)
		return ma->span.file < mb->span.file ? -1 : 1;
	if (ma->span.at != mb->span.at)
		return ma->span.at < mb->span.at ? -1 : 1;
	return ma->order < mb->order ? -1 : 1;
}

/* The messages in the order in which they are shown. */
static size_t sort(const struct diag *diag, const struct message **sorted)
{
	size_t nr = diag->messages.nr;

	for (size_t i = 0; i < nr; i++)
		sorted[i] = &diag->messages.at[i];
	qsort(sorted, nr, sizeof(sorted[0]), by_place);
	return nr < DIAG_ERRORS_MAX ? nr : DIAG_ERRORS_MAX;
}

void diag_print(const struct diag *diag, struct cdma_text *out)
{
	const struct message *sorted[KEPT_MAX];
	size_t nr = sort(diag, sorted);

	for (size_t i = 0; i < nr; i++)
		cdma_text_add(out, cdma_text_str(&sorted[i]->all));
	if (diag->messages.nr > DIAG_ERRORS_MAX)
		cdma_text_addf(out, "too many errors: %d of %zu are shown\n",
			       DIAG_ERRORS_MAX, diag->nr_errors);
}

static struct diag_error as_error(const struct message *m)
{
	return (struct diag_error){
		.path = m->path,
		.line = m->line,
		.col = m->col,
		.text = cdma_text_str(&m->text),
	};
}

bool diag_at(const struct diag *diag, size_t i, struct diag_error *out)
{
	const struct message *sorted[KEPT_MAX];

	if (i >= sort(diag, sorted))
		return false;
	*out = as_error(sorted[i]);
	return true;
}

bool diag_as_said(const struct diag *diag, size_t i, struct diag_error *out)
{
	if (i >= diag->messages.nr)
		return false;
	*out = as_error(&diag->messages.at[i]);
	return true;
}

void diag_forget(struct diag *diag, size_t nr)
{
	while (diag->messages.nr > nr) {
		struct message *m = &diag->messages.at[--diag->messages.nr];

		free(m->path);
		cdma_text_fini(&m->text);
		cdma_text_fini(&m->all);
	}
	diag->nr_errors = nr;
}
