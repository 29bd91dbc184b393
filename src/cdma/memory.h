/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MEMORY_H
#define CDMA_MEMORY_H

/*
 * Memory: whether it is strong or weak.
 *
 * Strong memory shows every read the newest store.  That is enough to find what
 * is not ordered, for the rules of order.h do not wait for anything to go
 * wrong; but no value ever is wrong.  In weak memory a read may be late: it may
 * see any store that is not hidden from it.  Which one is asked of whoever
 * knows time; the model knows bytes.
 *
 * Usage
 * -----
 *	static void see(void *aux, struct cdma_event *ev,
 *			const struct cdma_sight *first)
 *	{
 *		struct cdma_sight sights[CDMA_SIGHTS_MAX];
 *		size_t nr = cdma_order_visible(order, ev, first, sights);
 *		size_t i = nr > 1 ? choose(nr) : 0;
 *
 *		ev->rf = sights[i].rf;
 *		ev->value = sights[i].value;
 *	}
 *
 *	cdma_world_set_memory(world, (struct cdma_memory){.read = see});
 *
 * The cdma_order must have been made for weak memory (order.h).
 *
 * Threads: read() is called by the thread that is in the world, within the
 * call that reads.
 */

#include <cdma/event.h>

struct cdma_world;

/* One thing that a read can see. */
struct cdma_sight {
	uint64_t rf;    /* for the event: see event.h */
	uint64_t value; /* of all the bytes that are read */
};

/* No read is offered more; the oldest are left out. */
#define CDMA_SIGHTS_MAX 256

struct cdma_memory {
	/*
	 * The piece @ev of a read is about to be made.  The event is complete
	 * but for its seq; its value is that of the newest stores, which is
	 * what a register reads.  Changes rf and value, or leaves them, and
	 * says in ends, of the last look of a wait, what else would have ended
	 * it.
	 *
	 * @first: what was there before any store.
	 *
	 * NULL: strong memory.
	 */
	void (*read)(void *aux, struct cdma_event *ev,
		     const struct cdma_sight *first);
	void *aux; /* borrowed */
};

/* How memory is from now on, in later runs too; strong at first. */
void cdma_world_set_memory(struct cdma_world *world, struct cdma_memory memory);

#endif /* CDMA_MEMORY_H */
