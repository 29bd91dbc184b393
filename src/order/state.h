/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_STATE_H
#define CDMA_ORDER_STATE_H

/*
 * The state behind <cdma/order.h>, and the three steps that an access takes
 * through it:
 *
 *	judge    is it ordered after what others did to these bytes?
 *	values   did it see one store in part, or fetch twice?
 *	learn    what it brings to its actor, and what it tells others
 *
 * Judging comes first: an access is judged by what its actor knew before.
 */

#include "base/image.h"
#include "base/macros.h"
#include "order/actor.h"

#include <cdma/order.h>

/* What was released to an object. */
struct cdma_given {
	struct cdma_clock *all;
	/* Of that, what those did who released it, and what they told: what the
	 * next one's stores tell. */
	struct cdma_clock *told[CDMA_TOWARDS_NR];
	/* What their register writes told, and their register reads brought:
	 * those of the next one come later. */
	struct cdma_clock *rung, *asked;
};

/* A lock, a completion, a thread or an interrupt. */
struct cdma_order_object {
	uint32_t id;
	/* By whomever; and up to the last one but those of the last giver. */
	struct cdma_given given, by_others;
	struct cdma_belief *belief;
	struct cdma_clock *landed[CDMA_TOWARDS_NR]; /* weak memory */
	/* There is a full fence between the two ends: schedule(), an interrupt,
	 * a grace period.  So its clock is told. */
	bool is_full;
	bool is_owed;           /* what was released last is not in it yet */
	bool is_second;         /* its giver had released another just before */
	cdma_actor_id giver;    /* who released it last; 0: nobody did */
	cdma_actor_id received; /* the giver of what is in it */
};

/* A read-side section of RCU that has ended. */
struct cdma_section {
	uint64_t begin; /* seq */
	struct cdma_order_object object;
};

/* A store in pieces, of which not all have landed. */
struct cdma_partial {
	uint64_t op, offset, size;
	uint32_t region;
};

struct cdma_order {
	struct cdma_order_config config;
	struct cdma_arena arena;
	struct cdma_shadow shadow;
	CDMA_VEC(struct cdma_order_actor) actors; /* by id */
	CDMA_VEC(struct cdma_order_object) objects;
	CDMA_VEC(struct cdma_section) sections;
	CDMA_VEC(struct cdma_partial) partials;
	CDMA_VEC(const struct cdma_record *) late; /* see lifetime.c */
	struct cdma_image image;                   /* see cdma_order_mark() */

	/* From here on: numbers and clocks, which a mark keeps as they are. */
	uint32_t lanes;
	struct cdma_order_object graces; /* what grace periods gave */
	/* Weak memory: what nobody can miss any more; NULL: nothing. */
	struct cdma_clock *landed[CDMA_TOWARDS_NR];
};

/* Which bytes of its granule an access touches. */
static inline uint8_t cdma_access_mask(uint64_t offset, unsigned int size)
{
	return (uint8_t)(((1u << size) - 1) << (offset & 7));
}

/* One access on its way through. */
struct cdma_step {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	const struct cdma_event *ev;
	struct cdma_cell *cell;
	const struct cdma_clock *known; /* kr or kw */
	const struct cdma_belief *belief;
	struct cdma_past past; /* beside that, by what it is */
	/* Of a CPU's write: what it was computed from, and the last store of
	 * its actor to some of these bytes; or NULL. */
	const struct cdma_past *from;
	const struct cdma_record *last;
	const struct cdma_past *overtaken; /* of a read; see overtaken.c */
	struct cdma_dot dot;               /* its own */
	struct cdma_saw saw;               /* stores that a read sees */
	const struct cdma_saw *raced;      /* stores that it races with */
	const struct cdma_record *torn_by; /* see struct cdma_record */
	const struct cdma_record *taint;   /* of a store; see taint.c */
	uint8_t mask;
};

/* judge.c: report @step's access unless it is ordered. */
void cdma_order_judge(struct cdma_step *step);

/*
 * values.c: whether what the access takes its address or value from was sound,
 * whether a read saw one store in part, and which stores are under way.
 */
void cdma_order_check_use(struct cdma_step *step);
void cdma_order_check_torn(struct cdma_step *step);
void cdma_order_note_piece(struct cdma_step *step);

/* How far @record, a read or write, had come: nothing up to there is news to
 * its actor.  Of a late read, the oldest store to @mask that it saw. */
uint64_t cdma_order_look_of(const struct cdma_record *record, uint8_t mask);

/* Report @record, which nobody has ordered before what the access relied on:
 * the device, or a writer on the way.  @finding: says the rest. */
void cdma_order_writer_lacks(const struct cdma_step *step,
			     const struct cdma_record *record,
			     struct cdma_finding *finding);

/* Whether there is more to @ev than order: it may not race, or is excused, or
 * was reported. */
static inline bool cdma_order_is_odd(const struct cdma_order *order,
				     const struct cdma_event *ev)
{
	return ev->how == CDMA_PLAIN || ev->how == CDMA_BULK ||
	       order->config.strict_volatile ||
	       ev->flags & (CDMA_EVF_PLAIN | CDMA_EVF_BOX | CDMA_EVF_RACE_OK |
			    CDMA_EVF_REPORTED);
}

/* news.c: @record, or the first older one in its list that need not be passed
 * over as nobody has heard of it. */
const struct cdma_record *
cdma_order_pass_news(const struct cdma_step *step,
		     const struct cdma_record *record);

/* Whether the access and @record must not meet at all. */
bool cdma_order_may_not_race(const struct cdma_step *step,
			     const struct cdma_record *record);

/*
 * parts.c: an access in pieces begins, or goes on; whether what @ev uses of one
 * relies on another part of it; the condition @branch looks at @bytes of @look.
 */
void cdma_order_piece(struct cdma_step *step);
void cdma_order_check_parts(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_event *ev);
void cdma_order_look(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_read *look, uint8_t bytes,
		     uint64_t branch);

/* stale.c: whether what @ev uses was overtaken by what proves it. */
void cdma_order_check_stale(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_event *ev);

/* access.c: what reads and writes do. */
void cdma_order_access(struct cdma_order *order, const struct cdma_event *ev);

/* barrier.c: writes of @actor, a device, that stay in order have arrived. */
void cdma_order_settle_writes(struct cdma_order *order,
			      struct cdma_order_actor *actor);

/* past.c: what a store says to a reader of the kind @reader joins *@clock. */
bool cdma_order_join_message(struct cdma_order *order,
			     struct cdma_clock **clock,
			     const struct cdma_record *store,
			     enum cdma_towards reader);

/* The reads in @dep, what they saw, and what they came after join @past; the
 * same for one of the reads that @record stands for. */
void cdma_order_add_past(struct cdma_order *order,
			 struct cdma_order_actor *actor, cdma_dep_t dep,
			 struct cdma_past *past);
void cdma_order_add_read(struct cdma_order *order,
			 struct cdma_order_actor *actor,
			 const struct cdma_record *record, uint32_t epoch,
			 struct cdma_past *past);

/* Later stores of @actor come after own reads as far as @past says. */
void cdma_order_keep_own(struct cdma_order_actor *actor,
			 const struct cdma_past *past);

/* The condition @ev looks at some reads. */
void cdma_order_note_branch(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_event *ev);

/* What comes before the read @step, which is of a CPU. */
void cdma_order_read_past(struct cdma_step *step);

/*
 * overtaken.c: @store overwrites, and the late @read of @step missed, what its
 * actors will hear of; what @actor comes after, too, when it reads the store
 * @seen by @ev, or is told what @told reaches, joins @past.
 */
void cdma_order_overtake(struct cdma_step *step,
			 const struct cdma_record *store);
void cdma_order_overtaken_late(struct cdma_step *step,
			       const struct cdma_record *read);
void cdma_order_overtaken_by(struct cdma_order *order,
			     struct cdma_order_actor *actor,
			     const struct cdma_event *ev,
			     const struct cdma_record *seen,
			     struct cdma_past *past);
void cdma_order_overtaken_as_told(struct cdma_order *order,
				  struct cdma_order_actor *actor,
				  const struct cdma_clock *told,
				  struct cdma_past *past);

/* tell.c: what comes before the write @step, which is of a CPU, beside what
 * comes before all writes of its actor now; and @record tells of it. */
void cdma_order_write_past(struct cdma_step *step);
void cdma_order_tell(struct cdma_step *step, struct cdma_record *record);

/* The read sees @store, too. */
void cdma_order_add_saw(struct cdma_step *step,
			const struct cdma_record *store);

/* visible.c: which stores a late read sees; see rf in cdma/event.h. */
void cdma_order_find_stale(struct cdma_step *step);

/*
 * landed.c, for weak memory: what nobody can miss.  A read and a store tell it
 * of themselves, a barrier also what its actor knows and has done.
 */
void cdma_order_landed_read(struct cdma_step *step, struct cdma_record *read);
void cdma_order_landed_store(struct cdma_step *step, struct cdma_record *store);
void cdma_order_landed_branch(struct cdma_order *order,
			      struct cdma_order_actor *actor, cdma_dep_t dep);
void cdma_order_landed_barrier(struct cdma_order *order,
			       struct cdma_order_actor *actor,
			       const struct cdma_event *ev,
			       const struct cdma_clock *all, int ways);
void cdma_order_landed_give(struct cdma_order *order,
			    const struct cdma_order_actor *actor,
			    struct cdma_order_object *to);
void cdma_order_landed_take(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_order_object *from);
/* @actor is about to touch memory: what its dma_mb() lands has landed. */
void cdma_order_landed_settle(struct cdma_order *order,
			      struct cdma_order_actor *actor);

/* What had landed before the stores that the reads in @dep saw joins *@clock,
 * which may be NULL, for readers of the kind @to. */
void cdma_order_landed_seen(struct cdma_order *order,
			    struct cdma_order_actor *actor, cdma_dep_t dep,
			    enum cdma_towards to, struct cdma_clock **clock);

/* Call @fn for each read in @dep. */
static inline void cdma_order_each_read(struct cdma_order *order,
					cdma_dep_t dep, cdma_dep_fn *fn,
					void *aux)
{
	if (dep & 1)
		fn(aux, dep >> 1, CDMA_DEP_WHOLE);
	else if (dep)
		cdma_dep_each(order->config.deps, dep, fn, aux);
}

/* The same, but for those whose values were kept within bounds. */
static inline void cdma_order_each_unbounded(struct cdma_order *order,
					     cdma_dep_t dep, cdma_dep_fn *fn,
					     void *aux)
{
	if (dep & 1)
		fn(aux, dep >> 1, CDMA_DEP_WHOLE);
	else if (dep)
		cdma_dep_each_unbounded(order->config.deps, dep, fn, aux);
}

/* barrier.c: @known and all that the actor has done. */
struct cdma_clock *cdma_order_with_own(struct cdma_order *order,
				       const struct cdma_order_actor *actor,
				       const struct cdma_clock *known);

/* All that the actor does from now on comes after @clock. */
void cdma_order_know(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_clock *clock);

/* Its next store tells @clock by @way. */
void cdma_order_publish(struct cdma_order *order,
			struct cdma_order_actor *actor, enum cdma_way way,
			const struct cdma_clock *clock);

/* sync.c, barrier.c: everything that is no access. */
void cdma_order_start(struct cdma_order *order, const struct cdma_event *ev);
void cdma_order_barrier(struct cdma_order *order, const struct cdma_event *ev);
void cdma_order_branch(struct cdma_order *order, const struct cdma_event *ev);
void cdma_order_release(struct cdma_order *order, const struct cdma_event *ev);
void cdma_order_acquire(struct cdma_order *order, const struct cdma_event *ev);

/* What @actor, which is @id, knows and did is given to @to; what was given to
 * @from is taken over. */
void cdma_order_give(struct cdma_order *order, struct cdma_order_actor *actor,
		     cdma_actor_id id, struct cdma_order_object *to);
void cdma_order_take(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_event *ev,
		     struct cdma_order_object *from);

/* rcu.c */
void cdma_order_section_begin(struct cdma_order *order,
			      const struct cdma_event *ev);
void cdma_order_section_end(struct cdma_order *order,
			    const struct cdma_event *ev);
void cdma_order_grace_begin(struct cdma_order *order,
			    const struct cdma_event *ev);
void cdma_order_grace_end(struct cdma_order *order,
			  const struct cdma_event *ev);

/* handover.c: bytes go from the CPU to a device, or back. */
void cdma_order_handover(struct cdma_order *order, const struct cdma_event *ev);

/* Whether what @record did to the bytes @mask of @cell was over when they went
 * from the one side to the other, and @actor, which is @id, comes after that.
 * @after: whether it comes after the handover @as, which is by another CPU. */
bool cdma_order_is_handed(const struct cdma_order *order,
			  const struct cdma_cell *cell, cdma_actor_id id,
			  const struct cdma_record *record, uint8_t mask,
			  bool (*after)(const void *aux,
					const struct cdma_record *as),
			  const void *aux);

/* lifetime.c: memory is freed, or loses its mappings; a device may not use the
 * bus any more, or has ended. */
void cdma_order_end_of_memory(struct cdma_order *order,
			      const struct cdma_event *ev);
void cdma_order_master(struct cdma_order *order, const struct cdma_event *ev);
void cdma_order_join(struct cdma_order *order, const struct cdma_event *ev);

/* The actor of @ev; one that never started is the main CPU thread. */
struct cdma_order_actor *cdma_order_actor_of(struct cdma_order *order,
					     const struct cdma_event *ev);

/* sync.c: @actor, who is @id, goes on: see cdma_order_release(). */
void cdma_order_settle(struct cdma_order *order, struct cdma_order_actor *actor,
		       cdma_actor_id id);

/* The same, about to do something that changes what it knows. */
static inline struct cdma_order_actor *
cdma_order_acting(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_actor_of(order, ev);

	if (actor->gave)
		cdma_order_settle(order, actor, ev->actor);
	return actor;
}

#endif /* CDMA_ORDER_STATE_H */
