/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/macros.h"
#include "base/utf8.h"

#include <string.h>

static const struct report_ops *const formats[] = {
#define X(ops) &ops,
	REPORTS(X)
#undef X
};

const struct report_ops *report_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void report_names(struct cdma_text *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		cdma_text_addf(out, "%s%s", i ? ", " : "", formats[i]->name);
}

void report_add_utf8(struct cdma_text *out, const char *s)
{
	size_t left = strlen(s);

	while (left) {
		size_t len = cdma_utf8_len(s, left);

		if (len)
			cdma_text_addn(out, s, len);
		else
			cdma_text_addc(out, '?');
		s += len ? len : 1;
		left -= len ? len : 1;
	}
}
