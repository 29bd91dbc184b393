/* SPDX-License-Identifier: MIT */
#ifndef WORK_UNIT_TEXT_H
#define WORK_UNIT_TEXT_H

/*
 * Units and their results as text (explore/dpor-unit.h), packed.
 *
 * First the footprints, each once, then the members of the structs in their
 * order, a list with its length before it; a footprint is its number.  What is
 * read may come from a file: it is checked as far as one unit can be for
 * itself.
 */

#include "base/text.h"
#include "explore/dpor-unit.h"

/* Add it to @out. */
void unit_to_text(struct cdma_text *out, const struct dpor_unit *unit);
void result_to_text(struct cdma_text *out, const struct dpor_result *result);

/*
 * @out: all zero; to be freed in any case.
 *
 * Errors: -EINVAL  it is not one
 */
int unit_from_text(const char *text, size_t len, struct dpor_unit *out);
int result_from_text(const char *text, size_t len, struct dpor_result *out);

#endif /* WORK_UNIT_TEXT_H */
