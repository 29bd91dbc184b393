/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "base/macros.h"
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for @len more bytes and the NUL; where they go. */
static char *grow(struct cdma_text *text, size_t len)
{
	size_t room = text->room ? text->room : 64;

	while (room - text->len <= len)
		room *= 2;
	if (room != text->room) {
		text->at = cdma_xrealloc(text->at, room, 1);
		text->room = room;
	}
	return text->at + text->len;
}

void cdma_text_fini(struct cdma_text *text)
{
	free(text->at);
	*text = (struct cdma_text){0};
}

void cdma_text_addn(struct cdma_text *text, const char *s, size_t len)
{
	char *end = grow(text, len);

	if (len)
		memcpy(end, s, len);
	end[len] = '\0';
	text->len += len;
}

void cdma_text_add(struct cdma_text *text, const char *s)
{
	cdma_text_addn(text, s, strlen(s));
}

void cdma_text_addc(struct cdma_text *text, char c)
{
	cdma_text_addn(text, &c, 1);
}

void cdma_text_fill(struct cdma_text *text, char c, size_t nr)
{
	char *end = grow(text, nr);

	memset(end, c, nr);
	end[nr] = '\0';
	text->len += nr;
}

void cdma_text_addf(struct cdma_text *text, const char *fmt, ...)
{
	va_list ap, again;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	CDMA_REQUIRE(len >= 0);
	vsnprintf(grow(text, (size_t)len), (size_t)len + 1, fmt, again);
	text->len += (size_t)len;
	va_end(again);
	va_end(ap);
}

void cdma_text_squeeze(struct cdma_text *text, const char *s)
{
	for (; *s; s++)
		if (*s != ' ' && *s != '\t')
			cdma_text_addc(text, *s);
		else if (!text->len || text->at[text->len - 1] != ' ')
			cdma_text_addc(text, ' ');
}

void cdma_text_cut(struct cdma_text *text, size_t len)
{
	CDMA_REQUIRE(len <= text->len);
	text->len = len;
	if (text->at)
		text->at[len] = '\0';
}

const char *cdma_text_str(const struct cdma_text *text)
{
	return text->at ? text->at : "";
}
