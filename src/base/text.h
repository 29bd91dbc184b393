/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_TEXT_H
#define CDMA_BASE_TEXT_H

/*
 * Text: a string that grows at its end.
 *
 * Whoever has something to say says it to a text; only main() decides where
 * it is printed.
 *
 * Usage
 * -----
 *	struct cdma_text out = {0};
 *
 *	cdma_text_addf(&out, "%u findings", nr);
 *	fputs(cdma_text_str(&out), stdout);
 *	cdma_text_fini(&out);
 */

#include <stddef.h>

struct cdma_text {
	char *at;   /* owned; ends in NUL; NULL while nothing was added */
	size_t len; /* bytes, without the NUL */
	size_t room;
};

/* A text that is all zero bytes is empty and ready for use. */
void cdma_text_fini(struct cdma_text *text);

void cdma_text_add(struct cdma_text *text, const char *s);
void cdma_text_addn(struct cdma_text *text, const char *s, size_t len);
void cdma_text_addc(struct cdma_text *text, char c);
void cdma_text_fill(struct cdma_text *text, char c, size_t nr); /* nr times */
void cdma_text_addf(struct cdma_text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Add @s with one blank for each row of blanks; none where one is before. */
void cdma_text_squeeze(struct cdma_text *text, const char *s);

/* Cut off what is after the first @len bytes. */
void cdma_text_cut(struct cdma_text *text, size_t len);

/* What was added, as a C string.  Borrowed until the next change. */
const char *cdma_text_str(const struct cdma_text *text);

#endif /* CDMA_BASE_TEXT_H */
