/* SPDX-License-Identifier: MIT */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

/*
 * Build: shared objects out of sources of C, kept in the cache.
 *
 * Only `cdmasim native build' runs a compiler.  Whoever runs a scenario looks
 * what there is, and refuses what is not of the sources as they are now.
 */

#include "base/text.h"
#include "script/diag.h"
#include "script/unit.h"

#include "build/made.h"
#include "build/recipe.h"

enum build_state {
	BUILD_OURS,    /* made of what is there now */
	BUILD_OTHERS,  /* a shared object that somebody else has made */
	BUILD_MISSING, /* nobody has made it */
	BUILD_OLD,     /* the sources are others now */
};

struct build_look {
	enum build_state state;
	struct made made;      /* of OURS and OLD */
	struct cdma_text path; /* of the object, of OURS and OTHERS */
	struct cdma_text what; /* of OLD: the file that has changed */
};

/*
 * See what there is of @recipe.
 *
 * @cache: as cache_dir() takes it.
 */
void build_look(const char *cache, const struct recipe *recipe,
		struct build_look *out);
void build_look_fini(struct build_look *look);

/* How an object is made. */
struct build_options {
	const char *cache;  /* as cache_dir() takes it */
	const char *kernel; /* the tree; NULL: the last one */
	bool again;         /* also what is there */
	/* Told what takes a while; a line without its end. */
	void (*say)(const char *text);
};

enum build_result {
	BUILD_DONE,
	BUILD_FRESH,  /* there was nothing to do */
	BUILD_WRONG,  /* with the scenario or the source: it was said */
	BUILD_FAILED, /* something is missing here: @why says what */
};

/*
 * Make the object of @recipe.  A compiler says what is wrong itself.
 *
 * @sources, @diag: where the scenario is wrong.
 */
enum build_result build_make(const struct build_options *options,
			     const struct recipe *recipe,
			     struct sources *sources, struct diag *diag,
			     struct cdma_text *why);

/* Whether there is a source that it can be made of. */
bool build_can(const struct recipe *recipe);

#endif /* BUILD_BUILD_H */
