/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_SEARCH_H
#define AXIOM_SEARCH_H

/*
 * Search: all executions of a test that its memory model allows, each once.
 *
 * For each choice of paths, reads are given the stores that they see, the one
 * with the fewest to choose from first; then the stores to each location are
 * put in order.  What coherence and atomicity demand of that order is kept as
 * pairs in co from the start; a choice that contradicts them, a demand of a
 * path or an axiom is not followed further.
 */

#include "axiom/execution.h"
#include "axiom/model.h"

enum search_end {
	SEARCH_DONE,
	SEARCH_STOPPED, /* the visitor had enough */
	SEARCH_TOO_LONG /* a thread has too many events or paths */
};

struct search_ops {
	/*
	 * One more allowed execution; complete, and @model was asked for it.
	 *
	 * Returns: whether to go on.
	 */
	bool (*found)(void *aux, struct execution *x, struct model *model);
	/* Asked now and then whether to end; NULL: never. */
	bool (*is_over)(void *aux);
	void *aux;
	bool in_order; /* see struct model */
};

/*
 * @where: of a test that is too long, the first event that is too much.
 */
enum search_end search_executions(const struct litmus *test,
				  const struct search_ops *ops,
				  struct span *where);

/*
 * Put store @a of @x before store @b in co, and what that entails.
 *
 * Returns: whether that can be.
 */
bool search_put_before(struct execution *x, uint32_t a, uint32_t b);

/*
 * Whether the model allows @x with its co, or one that has more, when each read
 * sees the store in @sees; where that is NO_EVENT, any.  @x: begun; what its
 * paths demand of values is not asked for.
 *
 * @less: what to leave out.
 */
bool search_allows(struct execution *x, const uint32_t *sees,
		   struct model_less less);

#endif /* AXIOM_SEARCH_H */
