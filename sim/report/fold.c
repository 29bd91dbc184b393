/* SPDX-License-Identifier: MIT */
#include "report/fold.h"

#include <string.h>

size_t fold_column(const struct cdma_text *out)
{
	size_t at = out->len;

	while (at && out->at[at - 1] != '\n')
		at--;
	return out->len - at;
}

void fold(struct cdma_text *out, const char *text, size_t indent)
{
	while (*text) {
		size_t len = strcspn(text, " \n"), at = fold_column(out);

		if (at > indent && at + 1 + len > FOLD_COLUMNS) {
			cdma_text_addc(out, '\n');
			at = 0;
		}
		if (at < indent)
			cdma_text_fill(out, ' ', indent - at);
		else if (at > indent)
			cdma_text_addc(out, ' ');
		cdma_text_addn(out, text, len);
		text += len;
		if (text[0] == '\n' && text[1] == '\n')
			cdma_text_add(out, "\n\n");
		text += strspn(text, " \n");
	}
	cdma_text_addc(out, '\n');
}
