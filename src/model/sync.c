/* SPDX-License-Identifier: MIT */
#include <cdma/sync.h>

#include "model/actor.h"
#include "model/step.h"
#include "model/world.h"

#include <errno.h>

struct cdma_sync {
	struct cdma_world *world;
	cdma_object_id id;
};

struct cdma_completion {
	struct cdma_sync sync;
	uint64_t done; /* waiters that can go on; UINT64_MAX: all */
};

struct cdma_waitqueue {
	struct cdma_sync sync;
	uint64_t wakes;
};

static void sync_init(struct cdma_sync *sync, struct cdma_world *world,
		      const char *name)
{
	sync->world = world;
	sync->id = cdma_world_object(world, cdma_world_strdup(world, name));
}

static void emit_as(struct cdma_sync *sync, enum cdma_event_kind kind,
		    uint32_t flags, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(sync->world, kind, site);

	ev.object = sync->id;
	ev.flags = flags;
	cdma_world_emit(sync->world, &ev);
}

static void emit(struct cdma_sync *sync, enum cdma_event_kind kind,
		 const struct cdma_site *site)
{
	emit_as(sync, kind, 0, site);
}

/* Its state was looked at, or changed. */
static void emit_state(struct cdma_sync *sync, bool changed, uint32_t flags,
		       const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(sync->world, CDMA_EV_STATE, site);

	ev.object = sync->id;
	ev.flags = flags;
	ev.value = changed;
	cdma_world_emit(sync->world, &ev);
}

struct cdma_sync *cdma_sync_new(struct cdma_world *world, const char *name)
{
	struct cdma_sync *sync = cdma_world_zalloc(world, sizeof(*sync));

	sync_init(sync, world, name);
	return sync;
}

cdma_object_id cdma_sync_id(const struct cdma_sync *sync)
{
	return sync->id;
}

void cdma_sync_release_at(struct cdma_sync *sync, const struct cdma_site *site)
{
	cdma_step(sync->world, site);
	emit(sync, CDMA_EV_RELEASE, site);
}

void cdma_sync_acquire_at(struct cdma_sync *sync, const struct cdma_site *site)
{
	cdma_step(sync->world, site);
	emit(sync, CDMA_EV_ACQUIRE, site);
}

struct cdma_completion *cdma_completion_new(struct cdma_world *world,
					    const char *name)
{
	struct cdma_completion *done = cdma_world_zalloc(world, sizeof(*done));

	sync_init(&done->sync, world, name);
	return done;
}

cdma_object_id cdma_completion_id(const struct cdma_completion *done)
{
	return done->sync.id;
}

bool cdma_completion_is_done(const struct cdma_completion *done)
{
	return done->done;
}

void cdma_complete_at(struct cdma_completion *done,
		      const struct cdma_site *site)
{
	cdma_step(done->sync.world, site);
	if (done->done != UINT64_MAX)
		done->done++;
	emit(&done->sync, CDMA_EV_RELEASE, site);
}

void cdma_complete_all_at(struct cdma_completion *done,
			  const struct cdma_site *site)
{
	cdma_step(done->sync.world, site);
	done->done = UINT64_MAX;
	emit(&done->sync, CDMA_EV_RELEASE, site);
}

static void take_one(struct cdma_completion *done)
{
	if (done->done != UINT64_MAX)
		done->done--;
}

static bool completion_is_done(const void *done)
{
	return cdma_completion_is_done(done);
}

void cdma_wait_for_completion_at(struct cdma_completion *done,
				 const struct cdma_site *site)
{
	cdma_step_until(done->sync.world, completion_is_done, done,
			done->sync.id, site);
	CDMA_REQUIRE(done->done, "the completion is not done");
	take_one(done);
	emit_as(&done->sync, CDMA_EV_ACQUIRE, CDMA_EVF_POLL, site);
}

bool cdma_completion_done_at(struct cdma_completion *done, uint32_t flags,
			     const struct cdma_site *site)
{
	if (cdma_step_look(done->sync.world, site))
		return done->done;
	if (done->done)
		emit_as(&done->sync, CDMA_EV_ACQUIRE,
			flags ? flags : CDMA_EVF_TRY, site);
	else
		emit_state(&done->sync, false, flags, site);
	return done->done;
}

bool cdma_try_wait_for_completion_at(struct cdma_completion *done,
				     const struct cdma_site *site)
{
	bool is_done = cdma_completion_done_at(done, 0, site);

	if (is_done)
		take_one(done);
	return is_done;
}

void cdma_completion_timed_out_at(struct cdma_completion *done,
				  const struct cdma_site *site)
{
	cdma_step(done->sync.world, site);
	emit_state(&done->sync, false, CDMA_EVF_POLL, site);
}

void cdma_completion_reinit_at(struct cdma_completion *done,
			       const struct cdma_site *site)
{
	cdma_step(done->sync.world, site);
	done->done = 0;
	emit_state(&done->sync, true, 0, site);
}

struct cdma_waitqueue *cdma_waitqueue_new(struct cdma_world *world,
					  const char *name)
{
	struct cdma_waitqueue *wq = cdma_world_zalloc(world, sizeof(*wq));

	sync_init(&wq->sync, world, name);
	return wq;
}

cdma_object_id cdma_waitqueue_id(const struct cdma_waitqueue *wq)
{
	return wq->sync.id;
}

uint64_t cdma_waitqueue_wakes(const struct cdma_waitqueue *wq)
{
	return wq->wakes;
}

void cdma_wake_up_at(struct cdma_waitqueue *wq, const struct cdma_site *site)
{
	cdma_step(wq->sync.world, site);
	wq->wakes++;
	emit_state(&wq->sync, true, 0, site);
}

void cdma_wait_look_at(struct cdma_waitqueue *wq, uint32_t flags,
		       const struct cdma_site *site)
{
	cdma_step(wq->sync.world, site);
	emit_state(&wq->sync, false, flags, site);
}
