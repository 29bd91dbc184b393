/* SPDX-License-Identifier: MIT */
#include "model/devres.h"

#include <cdma/call.h>
#include <cdma/context.h>
#include <cdma/sync.h>

#include <errno.h>

#include "model/device.h"
#include "model/rcu.h"
#include "model/step.h"
#include "model/world.h"

static void emit(struct cdma_world *world, enum cdma_event_kind kind,
		 cdma_object_id object, uint32_t flags, bool changed,
		 const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, kind, site);

	ev.object = object;
	ev.flags = flags;
	ev.value = changed;
	cdma_world_emit(world, &ev);
}

/* The list of @dev was changed, or looked at. */
static void emit_list(struct cdma_device *dev, bool changed,
		      const struct cdma_site *site)
{
	emit(dev->world, CDMA_EV_STATE, dev->resources_id, 0, changed, site);
}

/* ---- to make one ---- */

struct cdma_devres *cdma_devres_make(struct cdma_device *dev, const char *name)
{
	struct cdma_devres *d = cdma_world_zalloc(dev->world, sizeof(*d));

	if (!dev->resources_id)
		dev->resources_id = cdma_world_object(dev->world, dev->name);
	cdma_revocable_init(&d->revocable, dev->world, name);
	d->dev = dev;
	return d;
}

static int add(struct cdma_devres *d, const struct cdma_site *site)
{
	struct cdma_device *dev = d->dev;

	if (!dev->bound) {
		cdma_report_note(dev->world, CDMA_FINDING_UNBOUND_ALLOC, NULL,
				 dev->unbind, "a resource of the device", site);
		return -ENODEV;
	}
	return cdma_world_fault(dev->world, CDMA_FAULT_KMALLOC,
				cdma_object_name(dev->world, d->revocable.id),
				1, false, site);
}

int cdma_devres_add_at(struct cdma_devres *d, void *data, void (*drop)(void *),
		       const struct cdma_site *site)
{
	struct cdma_device *dev = d->dev;
	int err;

	cdma_step(dev->world, site);
	CDMA_REQUIRE(!d->is_added, "a resource is added once");
	err = add(d, site);
	if (err) {
		emit_list(dev, false, site);
		return err;
	}
	cdma_revocable_fill(&d->revocable, data, drop);
	d->is_dropping = false;
	d->is_added = true;
	d->next = dev->resources;
	dev->resources = d;
	emit(dev->world, CDMA_EV_STATE, d->revocable.id, 0, true, site);
	emit_list(dev, true, site);
	return 0;
}

int cdma_devres_new_at(struct cdma_device *dev, void *data,
		       void (*drop)(void *), const char *name,
		       struct cdma_devres **out, const struct cdma_site *site)
{
	struct cdma_devres *d = cdma_devres_make(dev, name);
	int err = cdma_devres_add_at(d, data, drop, site);

	if (!err)
		*out = d;
	return err;
}

int cdma_devres_register_at(struct cdma_device *dev, void *data,
			    void (*drop)(void *), const char *name,
			    const struct cdma_site *site)
{
	struct cdma_devres *unused;

	return cdma_devres_new_at(dev, data, drop, name, &unused, site);
}

struct cdma_revocable *cdma_devres_revocable(struct cdma_devres *d)
{
	return &d->revocable;
}

bool cdma_devres_is_added(const struct cdma_devres *d)
{
	return d->is_added;
}

/* ---- to use it ---- */

int cdma_devres_access_at(struct cdma_devres *d, const struct cdma_device *dev,
			  void **out, const struct cdma_site *site)
{
	void *data;

	if (d->dev != dev) {
		cdma_step(dev->world, site);
		emit(dev->world, CDMA_EV_NOTE, 0, 0, false, site);
		return -EINVAL;
	}
	data = cdma_revocable_access_at(&d->revocable, site);
	if (out)
		*out = data;
	return 0;
}

struct cdma_guard *cdma_devres_try_access_at(struct cdma_devres *d,
					     const struct cdma_site *site)
{
	return cdma_revocable_try_access_at(&d->revocable, site);
}

/* ---- to drop it ---- */

static void remove_from_list(struct cdma_devres *d,
			     const struct cdma_site *site)
{
	struct cdma_devres **at = &d->dev->resources;
	bool was_added = d->is_added;

	while (was_added && *at != d)
		at = &(*at)->next;
	if (was_added)
		*at = d->next;
	d->is_added = false;
	emit_list(d->dev, was_added, site);
}

struct cdma_devres *cdma_devres_take_at(struct cdma_device *dev, bool *won,
					const struct cdma_site *site)
{
	struct cdma_devres *d;

	cdma_step(dev->world, site);
	d = dev->resources;
	if (!d) {
		emit_list(dev, false, site);
		return NULL;
	}
	remove_from_list(d, site);
	*won = cdma_revocable_take(&d->revocable, true, site);
	d->is_dropping |= *won;
	if (*won)
		cdma_grace_open(dev->world, site);
	return d;
}

bool cdma_devres_quit_at(struct cdma_devres *d, const struct cdma_site *site)
{
	bool won;

	cdma_step(d->dev->world, site);
	won = cdma_revocable_take(&d->revocable, false, site);
	d->is_dropping |= won;
	/* It stays in the list until it is dropped: an unbind finds it. */
	return won;
}

void cdma_devres_done_at(struct cdma_devres *d, const struct cdma_site *site)
{
	struct cdma_world *world = d->dev->world;

	cdma_step(world, site);
	d->is_dropping = false;
	if (d->is_added)
		remove_from_list(d, site);
	emit(world, CDMA_EV_RELEASE, d->revocable.id, 0, false, site);
}

bool cdma_devres_is_done(const struct cdma_devres *d)
{
	return !d->is_dropping;
}

static bool is_done(const void *d)
{
	return cdma_devres_is_done(d);
}

void cdma_devres_wait_at(struct cdma_devres *d, const struct cdma_site *site)
{
	struct cdma_world *world = d->dev->world;

	cdma_step_until(world, is_done, d, d->revocable.id, site);
	CDMA_REQUIRE(!d->is_dropping, "it is still being dropped");
	emit(world, CDMA_EV_ACQUIRE, d->revocable.id, CDMA_EVF_POLL, false,
	     site);
}

/* It is won, or somebody else has won it. */
static void finish(struct cdma_devres *d, bool won,
		   const struct cdma_site *site)
{
	struct cdma_world *world = d->dev->world;

	if (won) {
		cdma_revocable_drop(&d->revocable);
		cdma_devres_done_at(d, site);
	} else if (!world->config.devres_returns) {
		cdma_might_sleep_at(world, site);
		cdma_devres_wait_at(d, site);
	}
}

void cdma_devres_free_at(struct cdma_devres **d, const struct cdma_site *site)
{
	struct cdma_devres *one = *d;

	if (!one)
		return;
	*d = NULL;
	finish(one, cdma_devres_quit_at(one, site), site);
}

void cdma_devres_release_all_at(struct cdma_device *dev,
				const struct cdma_site *site)
{
	struct cdma_devres *d;
	bool won;

	if (!dev->resources_id)
		return;
	while ((d = cdma_devres_take_at(dev, &won, site))) {
		if (won)
			cdma_grace_end_at(dev->world, site);
		finish(d, won, site);
	}
}
