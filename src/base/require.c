/* SPDX-License-Identifier: MIT */
#include "base/macros.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Whoever runs code that may be wrong goes on without it. */
__attribute__((format(printf, 3, 0))) static void
tell(const char *function, const char *cond, const char *fmt, va_list args)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "%s: requirement failed: %s",
			   function, cond);

	if (fmt[1] && len > 0 && (size_t)len < sizeof(text) - 1) {
		text[len++] = ':';
		vsnprintf(text + len, sizeof(text) - (size_t)len, fmt, args);
	}
	cdma_require_hook(text);
}

void cdma_require_failed(const char *file, int line, const char *function,
			 const char *cond, const char *fmt, ...)
{
	va_list args;

	if (cdma_require_hook) {
		va_start(args, fmt);
		tell(function, cond, fmt, args);
		va_end(args);
	}
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
