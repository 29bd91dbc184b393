/* SPDX-License-Identifier: MIT */
#include "model/handler.h"

#include "model/actor.h"
#include "model/step.h"
#include "model/world.h"

#include <cdma/sync.h>

/* One line a kind. */
static const struct {
	enum cdma_actor_kind context;
	bool refuses; /* to be armed while it is held, and is disarmed by it */
	bool begins;  /* what it arms is no row that goes on */
	const char *left; /* what is said when it is left active */
} kinds[CDMA_HANDLER_NR] = {
	[CDMA_HANDLER_IRQ] = {.context = CDMA_IRQ,
			      .begins = true,
			      .left = "the interrupt is still requested"},
	[CDMA_HANDLER_THREAD] = {.context = CDMA_CPU,
				 .begins = true,
				 .left = "the thread of the interrupt is still "
					 "to run"},
	[CDMA_HANDLER_TIMER] = {.context = CDMA_SOFTIRQ,
				.left = "the timer is still pending"},
	[CDMA_HANDLER_WORK] = {.context = CDMA_CPU,
			       .refuses = true,
			       .left = "the work is still queued"},
	[CDMA_HANDLER_TASKLET] = {.context = CDMA_SOFTIRQ,
				  .left = "the tasklet is still scheduled"},
	[CDMA_HANDLER_NAPI] = {.context = CDMA_SOFTIRQ,
			       .refuses = true,
			       .left = "NAPI is still scheduled"},
};

enum cdma_actor_kind cdma_handler_context(enum cdma_handler_kind kind)
{
	return kinds[kind].context;
}

void cdma_handler_init(struct cdma_handler *h, struct cdma_world *world,
		       enum cdma_handler_kind kind, const char *name)
{
	h->world = world;
	h->older = world->handlers;
	h->nr = world->nr_handlers++;
	world->handlers = h;
	h->kind = kind;
	h->runs = CDMA_HANDLER_RUNS;
	name = cdma_world_strdup(world, name);
	h->id = h->ran = cdma_world_object(world, name);
	if (kind == CDMA_HANDLER_IRQ)
		h->ran = cdma_world_object(world, name);
}

struct cdma_handler *cdma_handler_new(struct cdma_world *world,
				      enum cdma_handler_kind kind,
				      const char *name, uint32_t runs)
{
	struct cdma_handler *h = cdma_world_zalloc(world, sizeof(*h));

	cdma_handler_init(h, world, kind, name);
	h->runs = runs;
	return h;
}

cdma_object_id cdma_handler_id(const struct cdma_handler *h)
{
	return h->id;
}

static struct cdma_party emit(struct cdma_handler *h, struct cdma_actor *by,
			      enum cdma_event_kind kind, uint32_t flags,
			      const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_by(h->world, by, kind, site);

	ev.object = kind == CDMA_EV_ACQUIRE || kind == CDMA_EV_RELEASE ? h->ran
								       : h->id;
	ev.flags = flags;
	ev.value = kind == CDMA_EV_STATE;
	cdma_world_emit(h->world, &ev);
	return cdma_party_of(&ev);
}

/* By the acting actor. */
static struct cdma_party say(struct cdma_handler *h, enum cdma_event_kind kind,
			     uint32_t flags, const struct cdma_site *site)
{
	return emit(h, h->world->actor, kind, flags, site);
}

/* ---- arming ---- */

/* Where the acting actor is in a row of runs that arm each other. */
static uint32_t next_depth(const struct cdma_handler *h)
{
	const struct cdma_handler *by = h->world->actor->runs;

	return by && !kinds[by->kind].begins ? by->depth + 1 : 0;
}

static void arm(struct cdma_handler *h, uint32_t depth)
{
	if (!h->armed)
		h->armings++;
	if (!h->armed || depth < h->next)
		h->next = depth;
	h->armed = true;
}

void cdma_handler_set(struct cdma_handler *h)
{
	if (!h->shut)
		arm(h, 0);
}

static bool is_shut_out(const struct cdma_handler *h)
{
	return h->shut || h->closed || (h->held && kinds[h->kind].refuses);
}

/* Whether to arm it is nothing new. */
static bool is_taken(const struct cdma_handler *h)
{
	return h->armed || h->prepared ||
	       (h->kind == CDMA_HANDLER_NAPI && h->claimed);
}

bool cdma_handler_arm_at(struct cdma_handler *h, const struct cdma_site *site)
{
	bool was_armed;

	cdma_step(h->world, site);
	was_armed = is_taken(h);
	if (is_shut_out(h)) {
		say(h, CDMA_EV_STATE, 0, site);
		return false;
	}
	arm(h, next_depth(h));
	h->since = say(h, CDMA_EV_RELEASE, 0, site);
	return !was_armed;
}

bool cdma_handler_prepare_at(struct cdma_handler *h,
			     const struct cdma_site *site)
{
	bool was_taken;

	CDMA_REQUIRE(h->kind == CDMA_HANDLER_NAPI);
	cdma_step(h->world, site);
	was_taken = is_taken(h);
	if (is_shut_out(h)) {
		say(h, CDMA_EV_STATE, 0, site);
		return false;
	}
	if (was_taken)
		arm(h, next_depth(h));
	h->prepared |= !was_taken;
	h->since = say(h, CDMA_EV_RELEASE, 0, site);
	return !was_taken;
}

void cdma_handler_queue_at(struct cdma_handler *h, const struct cdma_site *site)
{
	CDMA_REQUIRE(h->kind == CDMA_HANDLER_NAPI);
	cdma_step(h->world, site);
	if (!h->prepared) {
		cdma_report_note(h->world, CDMA_FINDING_WRONG_CONTEXT, NULL,
				 NULL,
				 "__napi_schedule() is for who was told yes by "
				 "napi_schedule_prep()",
				 site);
		return;
	}
	h->prepared = false;
	arm(h, next_depth(h));
	h->since = say(h, CDMA_EV_RELEASE, 0, site);
}

bool cdma_handler_is_prepared(const struct cdma_handler *h)
{
	return h->prepared;
}

bool cdma_handler_is_armed(const struct cdma_handler *h)
{
	return h->armed;
}

bool cdma_handler_is_forgotten(const struct cdma_handler *h)
{
	return h->kind == CDMA_HANDLER_NAPI && h->claimed && !h->run;
}

bool cdma_handler_armed_at(struct cdma_handler *h, uint32_t flags,
			   const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(h->world, CDMA_EV_STATE, site);

	if (cdma_step_look(h->world, site))
		return h->armed;
	ev.object = h->id;
	ev.flags = flags;
	cdma_world_emit(h->world, &ev);
	return h->armed;
}

/* ---- disarming, holding, waiting ---- */

/* Whether free_irq() runs the handler of a shared wire once more, to see that
 * it can take it. */
static bool runs_again(const struct cdma_handler *h)
{
	struct cdma_world *world = h->world;

	return h->is_wire && *world->armed & CDMA_FAULT_BIT(LATE_IRQ) &&
	       cdma_fault_strikes(
		       world->faults,
		       &(struct cdma_fault_pass){
			       .site = CDMA_FAULT_LATE_IRQ,
			       .device = h->device,
			       .region = cdma_object_name(world, h->id),
		       });
}

/* Returns whether it is not armed any more, and was. */
static bool change(struct cdma_handler *h, unsigned int changes)
{
	bool was_armed = h->armed;

	if (changes & CDMA_HANDLER_HOLD)
		h->held++;
	if (changes & CDMA_HANDLER_LET && h->held)
		h->held--;
	if (changes & CDMA_HANDLER_CLOSE)
		h->closed++;
	if (changes & CDMA_HANDLER_OPEN)
		h->closed--;
	if (changes & CDMA_HANDLER_SHUT)
		h->shut = true;
	if (changes & CDMA_HANDLER_CLEAR)
		h->armed = false;
	if (changes & CDMA_HANDLER_WANT)
		h->wanted = h->armings;
	return was_armed && !h->armed;
}

bool cdma_handler_change_at(struct cdma_handler *h, unsigned int changes,
			    const struct cdma_site *site)
{
	bool was_busy;

	cdma_step(h->world, site);
	was_busy = h->armed || h->claimed;
	if (changes & CDMA_HANDLER_SHUT && !h->shut && runs_again(h)) {
		h->again = true;
		cdma_world_emit_fault(h->world, CDMA_FAULT_LATE_IRQ, false,
				      site);
	}
	/* Whoever ends a storm has not made it one that was acknowledged. */
	if (changes & (CDMA_HANDLER_HOLD | CDMA_HANDLER_SHUT))
		h->stormed |= cdma_handler_storms(h);
	if (change(h, changes) && h->kind != CDMA_HANDLER_IRQ)
		say(h, CDMA_EV_ACQUIRE, CDMA_EVF_TRY, site);
	else if (changes & CDMA_HANDLER_LET)
		say(h, CDMA_EV_RELEASE, 0, site);
	else
		say(h, CDMA_EV_STATE, 0, site);
	return was_busy;
}

uint64_t cdma_handler_armings(const struct cdma_handler *h)
{
	return h->armings;
}

bool cdma_handler_is(const struct cdma_handler *h, enum cdma_handler_wait wait,
		     uint64_t upto)
{
	uint64_t open = (uint64_t)h->armed + h->claimed;

	switch (wait) {
	case CDMA_HANDLER_IDLE:
		return !h->claimed && !h->again;
	case CDMA_HANDLER_REST:
		return !open && !h->prepared;
	case CDMA_HANDLER_FREE:
		return !open && !h->prepared && !h->held;
	case CDMA_HANDLER_OVER:
		return h->armings - open >= upto;
	}
	return true;
}

bool cdma_handler_waited_at(struct cdma_handler *h, unsigned int changes,
			    const struct cdma_site *site)
{
	bool was_armed = change(h, changes);

	say(h, CDMA_EV_ACQUIRE, CDMA_EVF_POLL, site);
	return was_armed;
}

/* ---- running ---- */

/* It would begin, but for the bound of what arms itself. */
static bool is_due(const struct cdma_handler *h)
{
	return h->armed && !h->prepared && !h->shut && !h->held && !h->run &&
	       !h->claimed;
}

static bool is_in_bound(const struct cdma_handler *h)
{
	return h->next < h->runs || h->armings <= h->wanted;
}

bool cdma_handler_storms(const struct cdma_handler *h)
{
	return h->raised && is_due(h) && !is_in_bound(h);
}

bool cdma_handler_can_run(const struct cdma_handler *h)
{
	if (h->again)
		return !h->run && !h->claimed;
	return is_due(h) && is_in_bound(h);
}

void cdma_handler_enter_at(struct cdma_handler *h, struct cdma_actor *actor,
			   const struct cdma_site *site)
{
	CDMA_REQUIRE(cdma_handler_can_run(h));
	CDMA_REQUIRE(actor->state == CDMA_ACTOR_RUNNING);
	h->armed = h->again = false;
	h->claimed = true;
	h->run = actor;
	h->depth = h->next;
	actor->runs = h;
	if (h->kind == CDMA_HANDLER_IRQ)
		emit(h, actor, CDMA_EV_IRQ_ENTER,
		     h->is_wire ? CDMA_EVF_RELAXED : 0, site);
	emit(h, actor, CDMA_EV_ACQUIRE, CDMA_EVF_POLL, site);
}

bool cdma_handler_complete_at(struct cdma_handler *h,
			      const struct cdma_site *site)
{
	cdma_step(h->world, site);
	if (h->run != h->world->actor || !h->claimed) {
		cdma_report_note(h->world, CDMA_FINDING_WRONG_CONTEXT, NULL,
				 NULL, "a poll says that it is done, once",
				 site);
		return false;
	}
	if (h->armed)
		say(h, CDMA_EV_STATE, 0, site);
	else
		say(h, CDMA_EV_RELEASE, 0, site);
	h->claimed = h->armed;
	return !h->claimed;
}

/* What was scheduled meanwhile runs again; so does a poll that has more to
 * do. */
static void end_poll(struct cdma_handler *h, uint64_t result)
{
	if (h->armed)
		h->claimed = false;
	if (!h->claimed || result < CDMA_NAPI_WEIGHT)
		return;
	h->claimed = false;
	/* Who closes it ends that (napi_disable_pending()). */
	if (!h->closed && !h->shut)
		arm(h, h->depth + 1);
}

void cdma_handler_exit_at(struct cdma_handler *h, uint64_t result,
			  const struct cdma_site *site)
{
	struct cdma_actor *actor = h->run;
	bool was_claimed = h->claimed;

	CDMA_REQUIRE(actor, "no handler runs");
	actor->runs = NULL;
	h->run = NULL;
	if (h->kind == CDMA_HANDLER_NAPI)
		end_poll(h, result);
	else
		h->claimed = false;
	if (h->raised && !h->shut)
		arm(h, h->depth + 1);
	emit(h, actor, was_claimed ? CDMA_EV_RELEASE : CDMA_EV_STATE, 0, site);
}

/* ---- the end ---- */

static bool is_active(const struct cdma_handler *h)
{
	if (h->shut)
		return false;
	if (h->kind == CDMA_HANDLER_IRQ)
		return h->requested;
	return h->armed || h->prepared || h->claimed;
}

/* In the order in which they were made: the list has the newest first. */
static void finish(const struct cdma_handler *h)
{
	struct cdma_finding finding = {.id = CDMA_FINDING_LEFT_ACTIVE};

	if (!h)
		return;
	finish(h->older);
	if (!is_active(h))
		return;
	finding.at = h->since;
	finding.detail = kinds[h->kind].left;
	cdma_found(&h->world->sink, &finding);
}

void cdma_handlers_finish(struct cdma_world *world)
{
	if (!world->is_shut)
		finish(world->handlers);
}
