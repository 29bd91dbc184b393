/* SPDX-License-Identifier: MIT */
#include "model/revocable.h"

#include <cdma/context.h>

#include "model/actor.h"
#include "model/rcu.h"
#include "model/step.h"
#include "model/world.h"

/* Its flag was looked at, or changed. */
static struct cdma_event state(const struct cdma_revocable *r, bool changed,
			       const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(r->world, CDMA_EV_STATE, site);

	ev.object = r->id;
	ev.value = changed;
	return ev;
}

void cdma_revocable_init(struct cdma_revocable *r, struct cdma_world *world,
			 const char *name)
{
	r->world = world;
	r->id = cdma_world_object(world, cdma_world_strdup(world, name));
}

void cdma_revocable_fill(struct cdma_revocable *r, void *data,
			 void (*drop)(void *))
{
	r->data = data;
	r->drop = drop;
	r->is_available = true;
}

struct cdma_revocable *cdma_revocable_make(struct cdma_world *world,
					   const char *name)
{
	struct cdma_revocable *r = cdma_world_zalloc(world, sizeof(*r));

	cdma_revocable_init(r, world, name);
	return r;
}

void cdma_revocable_set_at(struct cdma_revocable *r, void *data,
			   void (*drop)(void *), const struct cdma_site *site)
{
	struct cdma_event ev;

	cdma_step(r->world, site);
	cdma_revocable_fill(r, data, drop);
	ev = state(r, true, site);
	cdma_world_emit(r->world, &ev);
}

struct cdma_revocable *cdma_revocable_new(struct cdma_world *world, void *data,
					  void (*drop)(void *),
					  const char *name)
{
	struct cdma_revocable *r = cdma_revocable_make(world, name);

	cdma_revocable_fill(r, data, drop);
	return r;
}

cdma_object_id cdma_revocable_id(const struct cdma_revocable *r)
{
	return r->id;
}

struct cdma_party cdma_revocable_revoked(const struct cdma_revocable *r)
{
	return r->revoked;
}

bool cdma_revocable_is_available(const struct cdma_revocable *r)
{
	return r->is_available;
}

/* ---- guards ---- */

struct cdma_guard *cdma_revocable_try_access_at(struct cdma_revocable *r,
						const struct cdma_site *site)
{
	struct cdma_world *world = r->world;
	struct cdma_guard *guard;
	struct cdma_event ev;

	cdma_step(world, site);
	cdma_section_begin(world, site);
	ev = state(r, false, site);
	cdma_world_emit(world, &ev);
	if (!r->is_available) {
		cdma_section_end(world, site);
		return NULL;
	}
	guard = cdma_world_zalloc(world, sizeof(*guard));
	guard->of = r;
	guard->actor = world->actor;
	guard->taken = cdma_party_of(&ev);
	guard->next = r->guards;
	r->guards = guard;
	return guard;
}

struct cdma_guard *cdma_revocable_guard(const struct cdma_revocable *r)
{
	struct cdma_guard *guard = r->guards;

	while (guard && guard->actor != r->world->actor)
		guard = guard->next;
	return guard;
}

void *cdma_guard_data_at(struct cdma_guard *guard, const struct cdma_site *site)
{
	if (guard->is_put)
		cdma_report_note(guard->of->world, CDMA_FINDING_REVOKED_ACCESS,
				 NULL, &guard->taken, "the guard was put",
				 site);
	return guard->of->data;
}

static void unlink_guard(struct cdma_guard *guard)
{
	struct cdma_guard **at = &guard->of->guards;

	while (*at != guard)
		at = &(*at)->next;
	*at = guard->next;
	guard->is_put = true;
}

void cdma_guard_put_at(struct cdma_guard **guard, const struct cdma_site *site)
{
	struct cdma_guard *g = *guard;
	struct cdma_event ev;

	if (!g)
		return;
	*guard = NULL;
	CDMA_REQUIRE(!g->is_put, "a guard is put once");
	CDMA_REQUIRE(g->actor == g->of->world->actor,
		     "a guard is put by who has taken it");
	cdma_step(g->of->world, site);
	unlink_guard(g);
	ev = state(g->of, false, site);
	cdma_world_emit(g->of->world, &ev);
	cdma_section_end(g->of->world, site);
}

void *cdma_revocable_access_at(struct cdma_revocable *r,
			       const struct cdma_site *site)
{
	struct cdma_event ev;

	cdma_step(r->world, site);
	ev = state(r, false, site);
	if (!r->is_available)
		cdma_report(r->world, CDMA_FINDING_REVOKED_ACCESS, &ev, NULL,
			    r->revoked.seq ? &r->revoked : NULL, NULL);
	cdma_world_emit(r->world, &ev);
	return r->data;
}

/* ---- to revoke ---- */

/* The first that is out. */
static const struct cdma_guard *oldest(const struct cdma_revocable *r)
{
	const struct cdma_guard *guard = r->guards;

	while (guard && guard->next)
		guard = guard->next;
	return guard;
}

bool cdma_revocable_take(struct cdma_revocable *r, bool sync,
			 const struct cdma_site *site)
{
	struct cdma_event ev = state(r, r->is_available, site);
	bool was_available = r->is_available;

	if (was_available) {
		r->is_available = false;
		r->revoked = cdma_party_next(r->world, &ev);
		if (!sync && r->guards)
			cdma_report(r->world, CDMA_FINDING_REVOKE_IN_USE, &ev,
				    NULL, &oldest(r)->taken, NULL);
	}
	cdma_world_emit(r->world, &ev);
	return was_available;
}

void cdma_revocable_drop(struct cdma_revocable *r)
{
	if (r->drop)
		r->drop(r->data);
}

bool cdma_revoke_begin_at(struct cdma_revocable *r, bool sync,
			  const struct cdma_site *site)
{
	cdma_step(r->world, site);
	if (!cdma_revocable_take(r, sync, site))
		return false;
	if (sync)
		cdma_grace_open(r->world, site);
	return true;
}

bool cdma_revocable_revoke_at(struct cdma_revocable *r,
			      const struct cdma_site *site)
{
	cdma_might_sleep_at(r->world, site);
	if (!cdma_revoke_begin_at(r, true, site))
		return false;
	cdma_grace_end_at(r->world, site);
	cdma_revocable_drop(r);
	return true;
}

bool cdma_revocable_revoke_nosync_at(struct cdma_revocable *r,
				     const struct cdma_site *site)
{
	if (!cdma_revoke_begin_at(r, false, site))
		return false;
	cdma_revocable_drop(r);
	return true;
}

void cdma_revocable_free_at(struct cdma_revocable **r,
			    const struct cdma_site *site)
{
	if (!*r)
		return;
	cdma_revocable_revoke_nosync_at(*r, site);
	*r = NULL;
}
