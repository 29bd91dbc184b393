/* SPDX-License-Identifier: MIT */
#ifndef BUILD_TOOLS_H
#define BUILD_TOOLS_H

/*
 * Tools: other programs, and where our own files are.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct cdma_text;

/* A command line. */
struct args {
	CDMA_VEC(char *) list; /* owned */
};

void args_add(struct args *args, const char *arg);
void args_addf(struct args *args, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Each word of @text, between spaces. */
void args_add_words(struct args *args, const char *text);
void args_fini(struct args *args);
/* As one would type it. */
void args_text(const struct args *args, struct cdma_text *out);

/*
 * Run it and wait.
 *
 * @dir: where; NULL: here.
 * @log: a file that what it says is added to; NULL: it says that itself.
 *
 * Returns: its exit status; -errno when it cannot be run, -EINTR when a signal
 * ended it.
 */
int tool_run(const struct args *args, const char *dir, const char *log);

/* The same, and what it prints in @out. */
int tool_ask(const struct args *args, struct cdma_text *out);

/* Whether a program of that name can be run. */
bool tool_is_there(const char *name);

/* The directory of this program; false: it cannot be told. */
bool tool_program_dir(struct cdma_text *out);

/*
 * The directory of the sources that go with this program: native/ has what is
 * compiled against a kernel.  Added to @out; false: it is nowhere.
 */
bool tool_native_dir(struct cdma_text *out);
/* The directory with cdma/cdma.h. */
bool tool_include_dir(struct cdma_text *out);

#endif /* BUILD_TOOLS_H */
