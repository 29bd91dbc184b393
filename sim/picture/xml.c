/* SPDX-License-Identifier: MIT */
#include "picture/xml.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* One character at @s, of @left bytes; returns how many it has. */
static size_t add_char(struct cdma_text *out, const char *s, size_t left)
{
	unsigned char c = (unsigned char)*s;
	size_t len = cdma_utf8_len(s, left);

	if (c == '&')
		cdma_text_add(out, "&amp;");
	else if (c == '<')
		cdma_text_add(out, "&lt;");
	else if (c == '>')
		cdma_text_add(out, "&gt;");
	else if (c == '"')
		cdma_text_add(out, "&quot;");
	else if (!len || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
		cdma_text_addc(out, '?');
	else
		cdma_text_addn(out, s, len);
	return len ? len : 1;
}

static size_t length(const char *s)
{
	size_t left = strlen(s), nr = 0;

	for (; left; nr++) {
		size_t len = cdma_utf8_len(s, left);

		s += len ? len : 1;
		left -= len ? len : 1;
	}
	return nr;
}

void xml_add_short(struct cdma_text *out, const char *s, size_t most)
{
	size_t left = strlen(s), nr = length(s);
	size_t shown = nr > most ? most - 1 : nr;

	for (size_t i = 0; i < shown; i++) {
		size_t len = add_char(out, s, left);

		s += len;
		left -= len;
	}
	if (nr > most)
		cdma_text_add(out, "\xe2\x80\xa6");
}

void xml_add(struct cdma_text *out, const char *s)
{
	xml_add_short(out, s, SIZE_MAX);
}

void xml_add_attribute(struct cdma_text *out, const char *name,
		       const char *value)
{
	cdma_text_addf(out, " %s=\"", name);
	xml_add(out, value);
	cdma_text_addc(out, '"');
}
