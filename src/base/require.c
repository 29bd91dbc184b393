/* SPDX-License-Identifier: MIT */
#include "base/macros.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void cdma_require_failed(const char *file, int line, const char *function,
			 const char *cond, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "cdma: %s:%d: %s: requirement failed: %s", file, line,
		function, cond);
	if (fmt[1]) {
		fputc(':', stderr);
		va_start(args, fmt);
		vfprintf(stderr, fmt, args);
		va_end(args);
	}
	fputc('\n', stderr);
	abort();
}
