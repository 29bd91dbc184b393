/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_MACROS_H
#define CDMA_BASE_MACROS_H

/*
 * Macros that every directory uses.
 *
 * CDMA_REQUIRE is for one kind of wrong only: the C code that calls us breaks
 * the contract of the call.  It is never compiled out.  What the simulated
 * machine refuses is an -errno, what the simulated program does wrong is a
 * finding, and a mistake in a scenario is a diagnostic.
 */

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The struct of @type whose @member @ptr points to. */
#define container_of(ptr, type, member)                                        \
	((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/*
 * Abort unless @cond holds, naming the place and the condition.
 *
 * A string literal in printf's format and its arguments may follow, where the
 * condition does not say enough:
 *
 *	CDMA_REQUIRE(dev);
 *	CDMA_REQUIRE(nr < room, "%zu actors are too many", nr);
 */
#define CDMA_REQUIRE(cond, ...)                                                \
	((cond) ? (void)0                                                      \
		: cdma_require_failed(__FILE__, __LINE__, __func__, #cond,     \
				      " " __VA_ARGS__))

/* For CDMA_REQUIRE alone.  @fmt: starts with a blank; just that for none. */
_Noreturn void cdma_require_failed(const char *file, int line,
				   const char *function, const char *cond,
				   const char *fmt, ...)
	__attribute__((cold, format(printf, 5, 6)));

/* A program that runs C code of others may have this function: it hears of it
 * first, and need not come back.  @text: borrowed for the call. */
extern void cdma_require_hook(const char *text) __attribute__((weak));

#endif /* CDMA_BASE_MACROS_H */
