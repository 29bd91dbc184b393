/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_XML_H
#define PICTURE_XML_H

/*
 * XML: text as it stands between tags, and in attributes.
 */

#include "base/text.h"

/*
 * Add @s.  What is no character becomes "?": XML has no way to write most
 * control characters, and what comes from files may be anything.
 */
void xml_add(struct cdma_text *out, const char *s);

/* The same, but at most @most characters, with a mark where it was cut. */
void xml_add_short(struct cdma_text *out, const char *s, size_t most);

/* Add ' NAME="VALUE"'. */
void xml_add_attribute(struct cdma_text *out, const char *name,
		       const char *value);

#endif /* PICTURE_XML_H */
