/* SPDX-License-Identifier: MIT */
#include <cdma/dep.h>

#include "base/image.h"
#include "base/vec.h"

#include <stdbool.h>

/*
 * A union of two sets.  Node i is named by the even number 2i; node 0 is the
 * empty set.  The nodes form a graph without cycles in which a set may be part
 * of many others, so a walk marks what it has seen: x = x + (x ^ y) in a loop
 * would otherwise be walked in exponential time.
 */
struct node {
	cdma_dep_t a, b; /* b is BOUNDED: a, within bounds */
	uint32_t walk;   /* the last walk that came by */
};

#define BOUNDED UINT32_MAX

struct cdma_deps {
	CDMA_VEC(struct node) nodes;
	CDMA_VEC(cdma_dep_t) todo; /* of the walk */
	uint32_t walk;
};

struct cdma_deps *cdma_deps_new(void)
{
	struct cdma_deps *deps = cdma_xcalloc(1, sizeof(*deps));

	cdma_deps_reset(deps);
	return deps;
}

void cdma_deps_free(struct cdma_deps *deps)
{
	if (!deps)
		return;
	cdma_vec_free(&deps->nodes);
	cdma_vec_free(&deps->todo);
	free(deps);
}

void cdma_deps_reset(struct cdma_deps *deps)
{
	deps->walk = 0;
	deps->nodes.nr = 0;
	*cdma_vec_push(&deps->nodes) = (struct node){0};
}

void cdma_deps_mark(struct cdma_deps *deps, struct cdma_image *image)
{
	cdma_image_add(image, &deps->walk, sizeof(deps->walk));
	cdma_image_add_vec(image, &deps->nodes);
}

/* The set that was made last. */
static cdma_dep_t cdma_deps_top(const struct cdma_deps *deps)
{
	return (cdma_dep_t)(deps->nodes.nr - 1) << 1;
}

cdma_dep_t cdma_dep_join(struct cdma_deps *deps, cdma_dep_t a, cdma_dep_t b)
{
	const struct node *last;

	if (!a || a == b)
		return b;
	if (!b)
		return a;
	/* A loop that sums one word joins the same pair over and over. */
	last = cdma_vec_last(&deps->nodes);
	if (a == cdma_deps_top(deps) && (last->a == b || last->b == b))
		return a;
	*cdma_vec_push(&deps->nodes) = (struct node){a, b, 0};
	return cdma_deps_top(deps);
}

static bool is_bounded(const struct cdma_deps *deps, cdma_dep_t dep)
{
	return !(dep & 1) && deps->nodes.at[dep >> 1].b == BOUNDED;
}

cdma_dep_t cdma_dep_bound(struct cdma_deps *deps, cdma_dep_t dep)
{
	const struct node *last = cdma_vec_last(&deps->nodes);

	if (!dep || is_bounded(deps, dep))
		return dep;
	if (last->b == BOUNDED && last->a == dep)
		return cdma_deps_top(deps);
	*cdma_vec_push(&deps->nodes) = (struct node){dep, BOUNDED, 0};
	return cdma_deps_top(deps);
}

static void walk(struct cdma_deps *deps, cdma_dep_t dep, bool unbounded,
		 void (*fn)(void *aux, uint64_t seq), void *aux)
{
	deps->walk++;
	deps->todo.nr = 0;
	*cdma_vec_push(&deps->todo) = dep;
	while (deps->todo.nr) {
		struct node *node;

		dep = deps->todo.at[--deps->todo.nr];
		if (dep & 1) {
			fn(aux, dep >> 1);
			continue;
		}
		node = &deps->nodes.at[dep >> 1];
		if (!dep || node->walk == deps->walk)
			continue;
		node->walk = deps->walk;
		if (node->b == BOUNDED && unbounded)
			continue;
		*cdma_vec_push(&deps->todo) = node->a;
		if (node->b != BOUNDED)
			*cdma_vec_push(&deps->todo) = node->b;
	}
}

void cdma_dep_each(struct cdma_deps *deps, cdma_dep_t dep,
		   void (*fn)(void *aux, uint64_t seq), void *aux)
{
	walk(deps, dep, false, fn, aux);
}

void cdma_dep_each_unbounded(struct cdma_deps *deps, cdma_dep_t dep,
			     void (*fn)(void *aux, uint64_t seq), void *aux)
{
	walk(deps, dep, true, fn, aux);
}
