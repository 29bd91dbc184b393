/* SPDX-License-Identifier: MIT */
#ifndef CDMA_SITE_H
#define CDMA_SITE_H

/*
 * Site: a place in the simulated program.
 *
 * In C it is a source line, made by CDMA_HERE; in a scenario it is a step,
 * made by the compiler of the language.  Two events come from the same place
 * exactly when their site pointers are equal: findings are told apart by them.
 *
 * Lifetime: a site is borrowed by every event and finding that names it, and
 * must live as long as the world does.  What CDMA_HERE makes lives for ever.
 *
 * Threads: a place never changes; any thread may look at it, at any time.
 */

#include <stdint.h>

struct cdma_site {
	const char *file;  /* as the user named it */
	const char *func;  /* function, thread or block */
	const char *text;  /* the source line without its indent, or NULL */
	const char *label; /* its label in a scenario, or NULL */
	uint32_t line;     /* from 1 */
	uint32_t col;      /* from 1; 0: unknown */
};

/* The place where this macro stands. */
#define CDMA_HERE                                                              \
	__extension__({                                                        \
		static const struct cdma_site cdma_here_ = {                   \
			.file = __FILE__, .func = __func__, .line = __LINE__}; \
		&cdma_here_;                                                   \
	})

#endif /* CDMA_SITE_H */
