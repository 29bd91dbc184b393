/* SPDX-License-Identifier: MIT */
#ifndef REPORT_BRIEF_H
#define REPORT_BRIEF_H

/*
 * Brief: a result for those who count tests: passed, failed, and why.
 */

#include "report/report.h"

enum brief_end { BRIEF_PASSED, BRIEF_FAILED, BRIEF_BROKEN, BRIEF_SKIPPED };

/*
 * What a result counts as.  One that is inconclusive is broken and not skipped:
 * it was to be judged and could not be.  A part of the work is skipped, since
 * who merges the parts judges it.
 */
enum brief_end brief_end(const struct report_result *result);

/* Why it did not pass, in one line: the first thing that is wrong, or else what
 * came of it. */
const char *brief_why(const struct report_result *result);

/* All there is to say of it, as the text format does with all details. */
void brief_add_text(struct cdma_text *out, const struct report_result *result);

#endif /* REPORT_BRIEF_H */
