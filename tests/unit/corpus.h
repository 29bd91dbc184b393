/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

/*
 * Every variant of every scenario in scenarios/, for tests of what must hold
 * for all of them.
 */

#include <stdlib.h>

#include "base/text.h"
#include "load.h"
#include "select.h"
#include "unit.h"

/* Call @each for all programs; there must be many. */
static inline void
corpus_each(void (*each)(const struct program *program, void *aux), void *aux)
{
	const char *srcdir = getenv("srcdir");
	struct settings set = {0};
	struct cdma_text dir = {0};
	struct paths paths = {0};
	size_t nr = 0;

	cdma_text_addf(&dir, "%s/scenarios", srcdir ? srcdir : ".");
	ck_assert_int_eq(select_add(&paths, dir.at), 0);
	for (size_t i = 0; i < paths.nr; i++) {
		struct loaded loaded;

		ck_assert_msg(!load_file(paths.at[i], &set, &loaded), "%s",
			      paths.at[i]);
		for (size_t j = 0; j < loaded.nr; j++)
			each(loaded.programs[j], aux);
		nr += loaded.nr;
		loaded_fini(&loaded);
	}
	ck_assert_uint_gt(nr, 200);
	select_fini(&paths);
	cdma_text_fini(&dir);
}

#endif /* TESTS_CORPUS_H */
