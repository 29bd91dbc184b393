/* SPDX-License-Identifier: MIT */
#ifndef BUILD_MAKING_H
#define BUILD_MAKING_H

/*
 * Making: an object that is being made.  This header is private to the build
 * directory.
 */

#include "build/build.h"
#include "build/source.h"
#include "build/tools.h"

struct making {
	const struct build_options *options;
	const struct recipe *recipe;
	struct sources *sources; /* of the scenario */
	struct diag *diag;
	struct cdma_text *why;

	struct cdma_text cache, dir; /* all, and that of this object */
	struct cdma_text object;     /* where it will be */
	struct cdma_text tree;       /* of a driver: the kernel's */
	struct cdma_text archive;    /* ... and the services for it */
	struct args defines;         /* -DNAME=VALUE */
	struct made made;
};

/* FAILED, with a reason. */
enum build_result making_failed(struct making *m, const char *what, int err);

/* Errors: -errno. */
int making_write(const char *path, const struct cdma_text *text);

/*
 * What a unit that begins with @first is compiled from: the file itself when it
 * is as it was, else a copy.  @behind: what is added at its end, or NULL.
 *
 * Errors: -errno.
 */
int making_unit(struct making *m, const struct c_sources *c,
		const struct c_source *first, const char *behind,
		struct cdma_text *path);

/* Run a compiler or the like in @dir. */
enum build_result making_run(struct making *m, const struct args *args,
			     const char *dir);

/* Compile @unit with @flags in @dir to @object, and note in @made what was
 * read for it. */
enum build_result making_compile(struct making *m, const struct args *flags,
				 const char *unit, const char *object,
				 const char *dir, struct made *made);

/* Take what a linker has made at @temp for the object. */
enum build_result making_take(struct making *m, const char *temp);

/* driver.c: what has to be there before any driver: the tree, prepared, and the
 * services, as they are now. */
enum build_result driver_begin(struct making *m);

/* plain.c, driver.c.  @dir: where the main source is. */
enum build_result make_plain(struct making *m, struct c_sources *c,
			     const char *dir);
enum build_result make_driver(struct making *m, struct c_sources *c,
			      const char *dir);

#endif /* BUILD_MAKING_H */
