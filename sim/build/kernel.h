/* SPDX-License-Identifier: MIT */
#ifndef BUILD_KERNEL_H
#define BUILD_KERNEL_H

/*
 * Kernel: the tree of sources that a driver is compiled against.
 *
 * It is never written to.  Once for a tree, kbuild prepares a directory of the
 * cache for ARCH=um, which has no instruction that only a kernel may execute,
 * and says with which flags it would compile a module.
 */

#include <stdbool.h>

#include "base/text.h"
#include "build/tools.h"

struct making;

struct kernel {
	struct cdma_text tree;   /* absolute */
	struct cdma_text dir;    /* prepared */
	struct cdma_text native; /* our own part: headers, services */
	struct cdma_text plugin; /* the compiler pass */
	struct args flags;       /* of any unit; the first is the compiler */
};

/*
 * Which tree: @given, or the last one that was.
 *
 * Returns: false when there is none; @why says so.
 */
bool kernel_tree(const char *given, const struct cdma_text *cache,
		 struct cdma_text *out, struct cdma_text *why);

/* Prepare m->tree if that has not been done.  Returns: false when it cannot be;
 * m->why says why. */
bool kernel_prepare(struct making *m, struct kernel *out);
void kernel_fini(struct kernel *kernel);

/* kernel-flags.c: those of any unit, as kbuild compiled one in @out->dir. */
bool kernel_read_flags(struct making *m, struct kernel *out, const char *cc);

/* The flags for the unit of @path, whose module is called as @name is: all of
 * them, with those of the Makefile beside it in the tree. */
void kernel_unit_flags(const struct kernel *kernel, const char *path,
		       const char *name, struct args *out);

#endif /* BUILD_KERNEL_H */
