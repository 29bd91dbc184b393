/* SPDX-License-Identifier: MIT */
#include <cdma/dep.h>

#include "base/image.h"
#include "base/vec.h"

#include <pthread.h>

/*
 * A union of two sets, or one of them.  Node i is named by the even number 2i;
 * node 0 is the empty set.  The nodes form a graph without cycles in which a
 * set may be part of many others, so a walk marks what it has seen: x = x + (x
 * ^ y) in a loop would otherwise be walked in exponential time.
 */
enum kind {
	UNION,
	BOUNDED, /* a, within bounds */
	PART,    /* some bytes of the read a, as b says */
	CHOSE,   /* a, which chose among other values */
};

struct node {
	cdma_dep_t a, b;
	uint32_t walk; /* the last walk that came by */
	enum kind kind;
};

/* What a walk is not to come to. */
enum apart {
	ALL = 0,
	NOT_BOUNDED = 1 << 0,
	NOT_CHOSE = 1 << 1,
};

struct found {
	uint64_t seq;
	uint8_t bytes;
};

struct cdma_deps {
	CDMA_VEC(struct node) nodes;
	CDMA_VEC(cdma_dep_t) todo; /* of the walk */
	CDMA_VEC(struct found) found;
	uint32_t walk;
	bool any_chose; /* some set has a choice in it, or had one once */
	bool is_shared;
	pthread_mutex_t lock; /* of all of it, while it is shared */
};

static void enter(struct cdma_deps *deps)
{
	if (deps->is_shared)
		pthread_mutex_lock(&deps->lock);
}

static void leave(struct cdma_deps *deps)
{
	if (deps->is_shared)
		pthread_mutex_unlock(&deps->lock);
}

struct cdma_deps *cdma_deps_new(void)
{
	struct cdma_deps *deps = cdma_xcalloc(1, sizeof(*deps));

	pthread_mutex_init(&deps->lock, NULL);
	cdma_deps_reset(deps);
	return deps;
}

void cdma_deps_free(struct cdma_deps *deps)
{
	if (!deps)
		return;
	cdma_vec_free(&deps->nodes);
	cdma_vec_free(&deps->todo);
	cdma_vec_free(&deps->found);
	pthread_mutex_destroy(&deps->lock);
	free(deps);
}

void cdma_deps_share(struct cdma_deps *deps, bool on)
{
	deps->is_shared = on;
}

void cdma_deps_reset(struct cdma_deps *deps)
{
	deps->walk = 0;
	deps->any_chose = false;
	deps->nodes.nr = 0;
	*cdma_vec_push(&deps->nodes) = (struct node){0};
}

void cdma_deps_mark(struct cdma_deps *deps, struct cdma_image *image)
{
	cdma_image_add(image, &deps->walk, sizeof(deps->walk));
	cdma_image_add(image, &deps->any_chose, sizeof(deps->any_chose));
	cdma_image_add_vec(image, &deps->nodes);
}

/* The set that was made last. */
static cdma_dep_t cdma_deps_top(const struct cdma_deps *deps)
{
	return (cdma_dep_t)(deps->nodes.nr - 1) << 1;
}

/* A node, unless it was just made. */
static cdma_dep_t add(struct cdma_deps *deps, enum kind kind, cdma_dep_t a,
		      cdma_dep_t b)
{
	const struct node *last = cdma_vec_last(&deps->nodes);

	if (last->kind != kind || last->a != a || last->b != b)
		*cdma_vec_push(&deps->nodes) =
			(struct node){a, b, .kind = kind};
	return cdma_deps_top(deps);
}

static cdma_dep_t join(struct cdma_deps *deps, cdma_dep_t a, cdma_dep_t b)
{
	const struct node *last;

	if (!a || a == b)
		return b;
	if (!b)
		return a;
	/* A loop that sums one word joins the same pair over and over. */
	last = cdma_vec_last(&deps->nodes);
	if (a == cdma_deps_top(deps) && last->kind == UNION &&
	    (last->a == b || last->b == b))
		return a;
	return add(deps, UNION, a, b);
}

cdma_dep_t cdma_dep_join(struct cdma_deps *deps, cdma_dep_t a, cdma_dep_t b)
{
	enter(deps);
	a = join(deps, a, b);
	leave(deps);
	return a;
}

static bool is_bounded(const struct cdma_deps *deps, cdma_dep_t dep)
{
	return !(dep & 1) && deps->nodes.at[dep >> 1].kind == BOUNDED;
}

cdma_dep_t cdma_dep_bound(struct cdma_deps *deps, cdma_dep_t dep)
{
	if (!dep)
		return dep;
	enter(deps);
	if (!is_bounded(deps, dep))
		dep = add(deps, BOUNDED, dep, 0);
	leave(deps);
	return dep;
}

static cdma_dep_t part(struct cdma_deps *deps, cdma_dep_t dep, uint8_t bytes)
{
	return bytes == CDMA_DEP_WHOLE ? dep : add(deps, PART, dep, bytes);
}

cdma_dep_t cdma_dep_part(struct cdma_deps *deps, cdma_dep_t dep, uint8_t bytes)
{
	enter(deps);
	dep = part(deps, dep, bytes);
	leave(deps);
	return dep;
}

static cdma_dep_t gather(struct cdma_deps *deps, const struct cdma_source *from,
			 size_t nr)
{
	cdma_dep_t dep = 0;

	for (size_t i = 0, next; i < nr; i = next) {
		cdma_dep_t one = from[i].dep;
		uint8_t bytes = from[i].byte;

		for (next = i + 1; next < nr && from[next].dep == one &&
				   !from[next].byte == !bytes;
		     next++)
			bytes |= from[next].byte;
		if (one && bytes)
			one = part(deps, one, bytes);
		dep = join(deps, dep, one);
	}
	return dep;
}

cdma_dep_t cdma_dep_gather(struct cdma_deps *deps,
			   const struct cdma_source *from, size_t nr)
{
	cdma_dep_t dep;

	enter(deps);
	dep = gather(deps, from, nr);
	leave(deps);
	return dep;
}

/* What a walk has come to: by a read, the bytes of it that count. */
static void visit(struct cdma_deps *deps, const struct node *node,
		  cdma_dep_fn *fn, void *aux)
{
	if (node->kind == PART) {
		fn(aux, node->a >> 1, (uint8_t)node->b);
		return;
	}
	*cdma_vec_push(&deps->todo) = node->a;
	if (node->kind == UNION)
		*cdma_vec_push(&deps->todo) = node->b;
}

static bool is_apart(const struct node *node, unsigned int apart)
{
	return (node->kind == BOUNDED && apart & NOT_BOUNDED) ||
	       (node->kind == CHOSE && apart & NOT_CHOSE);
}

static void walk(struct cdma_deps *deps, cdma_dep_t dep, unsigned int apart,
		 cdma_dep_fn *fn, void *aux)
{
	const struct node *top = &deps->nodes.at[dep & 1 ? 0 : dep >> 1];

	/* Most often it is one read, or some of its bytes, within bounds. */
	if (is_apart(top, apart))
		return;
	if (top->kind == BOUNDED)
		dep = top->a;
	if (dep & 1) {
		fn(aux, dep >> 1, CDMA_DEP_WHOLE);
		return;
	}
	deps->walk++;
	deps->todo.nr = 0;
	*cdma_vec_push(&deps->todo) = dep;
	while (deps->todo.nr) {
		struct node *node;

		dep = deps->todo.at[--deps->todo.nr];
		if (dep & 1) {
			fn(aux, dep >> 1, CDMA_DEP_WHOLE);
			continue;
		}
		node = &deps->nodes.at[dep >> 1];
		if (!dep || node->walk == deps->walk)
			continue;
		node->walk = deps->walk;
		if (!is_apart(node, apart))
			visit(deps, node, fn, aux);
	}
}

void cdma_dep_each(struct cdma_deps *deps, cdma_dep_t dep, cdma_dep_fn *fn,
		   void *aux)
{
	enter(deps);
	walk(deps, dep, ALL, fn, aux);
	leave(deps);
}

void cdma_dep_each_unbounded(struct cdma_deps *deps, cdma_dep_t dep,
			     cdma_dep_fn *fn, void *aux)
{
	enter(deps);
	walk(deps, dep, NOT_BOUNDED, fn, aux);
	leave(deps);
}

cdma_dep_t cdma_dep_chose(struct cdma_deps *deps, cdma_dep_t dep)
{
	if (!dep)
		return dep;
	enter(deps);
	deps->any_chose = true;
	dep = add(deps, CHOSE, dep, 0);
	leave(deps);
	return dep;
}

static void find(void *aux, uint64_t seq, uint8_t bytes)
{
	struct cdma_deps *deps = aux;

	*cdma_vec_push(&deps->found) = (struct found){seq, bytes};
}

/* The reads of @dep that are not @apart, as a set of its own. */
static cdma_dep_t found_in(struct cdma_deps *deps, cdma_dep_t dep,
			   unsigned int apart)
{
	cdma_dep_t set = 0;

	deps->found.nr = 0;
	walk(deps, dep, apart, find, deps);
	for (size_t i = 0; i < deps->found.nr; i++) {
		const struct found *one = &deps->found.at[i];

		set = join(deps, set,
			   part(deps, cdma_dep_read(one->seq), one->bytes));
	}
	return set;
}

static cdma_dep_t without_choices(struct cdma_deps *deps, cdma_dep_t dep)
{
	cdma_dep_t any = found_in(deps, dep, NOT_CHOSE);

	if (any)
		any = add(deps, BOUNDED, any, 0);
	return join(deps, found_in(deps, dep, NOT_CHOSE | NOT_BOUNDED), any);
}

cdma_dep_t cdma_dep_address(struct cdma_deps *deps, cdma_dep_t dep)
{
	if (!dep || dep & 1)
		return dep;
	enter(deps);
	if (deps->any_chose)
		dep = without_choices(deps, dep);
	leave(deps);
	return dep;
}
