/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MESSAGES_H
#define TESTS_MESSAGES_H

/*
 * Tests of messages, as a text file of cases:
 *
 *	=== what the case is about
 *	a scenario
 *	---
 *	exactly what is said about it
 *
 * To add one, write the scenario, run the test, and paste what it prints
 * after reading it.
 */

#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "script/diag.h"
#include "script/script.h"
#include "unit.h"

struct message_case {
	char *name, *text, *want; /* owned */
};

struct message_cases {
	struct message_case *at; /* owned */
	size_t nr, room;
};

/* All of the file at @path, with a NUL; owned by the caller. */
static inline char *messages_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	struct cdma_text text = {0};
	char buf[4096];
	size_t got;

	CDMA_REQUIRE(file, "cannot open %s", path);
	while ((got = fread(buf, 1, sizeof(buf), file)) > 0)
		cdma_text_addn(&text, buf, got);
	fclose(file);
	cdma_text_addn(&text, "", 0);
	*len = text.len;
	return text.at;
}

/* Where source files are: a test runs in the build tree. */
static inline const char *messages_srcdir(void)
{
	const char *srcdir = getenv("srcdir");

	return srcdir ? srcdir : ".";
}

/* The cases of tests/unit/messages/@name. */
static inline struct message_cases messages_load(const char *name)
{
	struct message_cases cases = {0};
	char path[4096], *text, *at, *next;
	size_t len;

	snprintf(path, sizeof(path), "%s/tests/unit/messages/%s",
		 messages_srcdir(), name);
	text = messages_read(path, &len);
	for (at = strstr(text, "=== "); at; at = next) {
		char *lf = strchr(at, '\n'), *sep = strstr(lf, "\n---\n");
		size_t end;

		next = strstr(sep, "\n=== ");
		end = next ? (size_t)(next + 1 - (sep + 5)) : strlen(sep + 5);
		*cdma_vec_push(&cases) = (struct message_case){
			.name = cdma_xstrndup(at + 4, (size_t)(lf - at - 4)),
			.text = cdma_xstrndup(lf + 1, (size_t)(sep - lf)),
			.want = cdma_xstrndup(sep + 5, end)};
		next = next ? next + 1 : NULL;
	}
	free(text);
	return cases;
}

static inline void messages_free(struct message_cases *cases)
{
	for (size_t i = 0; i < cases->nr; i++) {
		free(cases->at[i].name);
		free(cases->at[i].text);
		free(cases->at[i].want);
	}
	cdma_vec_free(cases);
}

/* What is said about @text when all its variants are resolved; owned. */
static inline char *messages_of(const char *path, const char *text, size_t len,
				const struct script_options *options)
{
	struct diag *diag = diag_new(false);
	struct cdma_text out = {0};
	struct script *script = script_parse(path, text, len, options, diag);

	for (size_t i = 0; script && i < script_nr_variants(script); i++)
		unit_free(script_resolve(script, i, diag));
	diag_print(diag, &out);
	cdma_text_addn(&out, "", 0);
	script_free(script);
	diag_free(diag);
	return out.at;
}

/* Case @i of the file @name says what it wants. */
static inline void messages_check(const char *name, int i)
{
	static const struct script_options options = {.no_includes = true};
	struct message_cases cases = messages_load(name);
	const struct message_case *c = &cases.at[i];
	char *got = messages_of("x.dma", c->text, strlen(c->text), &options);

	ck_assert_msg(!strcmp(got, c->want),
		      "%s: the messages are\n%s\nand not\n%s", c->name, got,
		      c->want);
	free(got);
	messages_free(&cases);
}

static inline size_t messages_nr(const char *name)
{
	struct message_cases cases = messages_load(name);
	size_t nr = cases.nr;

	messages_free(&cases);
	return nr;
}

#endif /* TESTS_MESSAGES_H */
