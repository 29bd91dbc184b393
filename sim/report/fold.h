/* SPDX-License-Identifier: MIT */
#ifndef REPORT_FOLD_H
#define REPORT_FOLD_H

/*
 * Fold: running text in lines of 80 columns.
 */

#include "base/text.h"

#define FOLD_COLUMNS 80

/*
 * Add @text, folded at blanks, from column @indent on, and a line end.  What is
 * in the last line of @out already counts.  "\n\n" in @text separates
 * paragraphs.
 */
void fold(struct cdma_text *out, const char *text, size_t indent);

/* How many bytes are in the last line of @out. */
size_t fold_column(const struct cdma_text *out);

#endif /* REPORT_FOLD_H */
