/* SPDX-License-Identifier: MIT */
#include "explore/subtree.h"

#include <stdlib.h>

struct subtree {
	struct dpor *dpor; /* borrowed */
};

struct subtree *subtree_begin(struct dpor *dpor, const struct dpor_unit *unit)
{
	struct subtree *s = cdma_xcalloc(1, sizeof(*s));

	s->dpor = dpor;
	dpor_unit_begin(dpor, unit);
	return s;
}

bool subtree_next(struct subtree *s)
{
	return dpor_end(s->dpor);
}

void subtree_end(struct subtree *s, struct dpor_result *out)
{
	dpor_unit_end(s->dpor, out);
	free(s);
}
