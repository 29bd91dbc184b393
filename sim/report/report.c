/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

const struct report_ops *report_find(const char *name)
{
#define X(ops)                                                                 \
	if (!strcmp(ops.name, name))                                           \
		return &ops;
	REPORTS(X)
#undef X
	return NULL;
}
