/* SPDX-License-Identifier: MIT */
#include "model/device.h"

#include <cdma/call.h>
#include <cdma/devres.h>

#include "model/actor.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

#define DEFAULT_SEG_SIZE     65536u
#define DEFAULT_SEG_BOUNDARY UINT32_MAX

static struct cdma_device_config complete(struct cdma_device_config config)
{
	CDMA_REQUIRE(config.addr_bits <= 64 && config.mask_bits <= 64 &&
		     config.min_mask_bits <= 64 && config.max_mask_bits <= 64);
	CDMA_REQUIRE(config.iova_base <= UINT64_MAX - CDMA_PAGE_SIZE + 1);
	if (!config.addr_bits)
		config.addr_bits = 64;
	if (!config.mask_bits)
		config.mask_bits = 32;
	if (!config.min_mask_bits)
		config.min_mask_bits = 24;
	if (!config.max_mask_bits)
		config.max_mask_bits = 64;
	config.iova_base += CDMA_PAGE_SIZE - 1;
	config.iova_base -= config.iova_base % CDMA_PAGE_SIZE;
	return config;
}

struct cdma_device *cdma_device_new(struct cdma_world *world,
				    const struct cdma_device_config *config,
				    const char *name)
{
	struct cdma_device *dev = cdma_world_zalloc(world, sizeof(*dev));

	CDMA_REQUIRE(world->devices.nr < UINT16_MAX, "too many devices");
	*cdma_vec_push(&world->devices) = dev;
	dev->world = world;
	dev->id = (cdma_device_id)world->devices.nr;
	dev->name = cdma_world_strdup(world, name);
	dev->refs = 1;
	dev->config =
		complete(config ? *config : (struct cdma_device_config){0});
	dev->master = !dev->config.needs_master;
	if (!dev->config.no_mask)
		dev->mask = dev->coherent_mask =
			UINT64_MAX >> (64 - dev->config.mask_bits);
	dev->max_seg_size = DEFAULT_SEG_SIZE;
	dev->seg_boundary = DEFAULT_SEG_BOUNDARY;
	return dev;
}

struct cdma_device *cdma_device_get(struct cdma_device *dev)
{
	CDMA_REQUIRE(dev->refs, "%s has no reference left", dev->name);
	dev->refs++;
	return dev;
}

void cdma_device_put(struct cdma_device *dev)
{
	if (!dev)
		return;
	CDMA_REQUIRE(dev->refs, "%s has no reference left", dev->name);
	dev->refs--;
}

unsigned int cdma_device_refs(const struct cdma_device *dev)
{
	return dev->refs;
}

cdma_device_id cdma_device_id_of(const struct cdma_device *dev)
{
	return dev->id;
}

const char *cdma_device_name(const struct cdma_device *dev)
{
	return dev->name;
}

struct cdma_world *cdma_device_world(const struct cdma_device *dev)
{
	return dev->world;
}

struct cdma_device *cdma_device_find(const struct cdma_world *world,
				     cdma_device_id id)
{
	return id && id <= world->devices.nr ? world->devices.at[id - 1] : NULL;
}

struct cdma_mask cdma_device_mask(const struct cdma_device *dev)
{
	return (struct cdma_mask){dev->mask};
}

struct cdma_mask cdma_device_coherent_mask(const struct cdma_device *dev)
{
	return (struct cdma_mask){dev->coherent_mask};
}

uint64_t cdma_device_seg_boundary(const struct cdma_device *dev)
{
	return dev->seg_boundary;
}

uint32_t cdma_device_max_seg_size(const struct cdma_device *dev)
{
	return dev->max_seg_size;
}

enum cdma_device_ctx cdma_device_ctx(const struct cdma_device *dev)
{
	const struct cdma_actor *actor = dev->world->actor;

	if (!dev->bound)
		return CDMA_CTX_NORMAL;
	if (dev->core == actor || actor->core == dev)
		return CDMA_CTX_CORE;
	return CDMA_CTX_BOUND;
}

void cdma_device_want_core(struct cdma_device *dev, const char *detail,
			   const struct cdma_site *site)
{
	if (!dev->world->config.any_context &&
	    cdma_device_ctx(dev) != CDMA_CTX_CORE)
		cdma_report_note(dev->world, CDMA_FINDING_WRONG_CONTEXT, NULL,
				 NULL, detail, site);
}

void cdma_device_probe_begin_at(struct cdma_device *dev,
				const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(dev->world, CDMA_EV_BIND, site);

	cdma_step(dev->world, site);
	CDMA_REQUIRE(!dev->bound, "%s is bound already", dev->name);
	dev->bound = true;
	dev->core = dev->world->actor;
	ev.value = dev->id;
	cdma_world_emit(dev->world, &ev);
}

/* An allocation is live when the binding that it was made in is over. */
static void outlives(struct cdma_region *region)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_OUTLIVES_UNBIND,
		.region = region->id,
		.at = region->alloc,
		.against = *region->unmapped,
		.arg = {region->size},
	};

	region->said = true;
	cdma_found(&region->world->sink, &finding);
}

/* The binding is over: what is left of it lives on without a mapping. */
static void leave(struct cdma_device *dev, bool report,
		  const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_UNBIND, site);
	struct cdma_party *unbind = cdma_world_zalloc(world, sizeof(*unbind));

	ev.value = dev->id;
	if (report && (dev->first || dev->first_mapping))
		ev.flags |= CDMA_EVF_REPORTED;
	*unbind = cdma_party_next(world, &ev);
	dev->unbind = unbind;
	for (struct cdma_region *r = dev->first; r; r = r->next) {
		if (r->unmapped)
			continue;
		r->unmapped = unbind;
		if (report)
			outlives(r);
	}
	cdma_mappings_unbind(dev, unbind, report);
	dev->bound = false;
	dev->core = NULL;
	cdma_world_emit(world, &ev);
}

void cdma_world_shutdown_at(struct cdma_world *world,
			    const struct cdma_site *site)
{
	cdma_step(world, site);
	world->is_shut = true;
	for (size_t i = 0; i < world->devices.nr; i++)
		leave(world->devices.at[i], false, site);
}

void cdma_device_probe_end_at(struct cdma_device *dev, int err,
			      const struct cdma_site *site)
{
	CDMA_REQUIRE(dev->core);
	dev->core = NULL;
	if (!err)
		return;
	cdma_sgts_release(dev, site);
	leave(dev, false, site);
}

void cdma_device_unbind_begin_at(struct cdma_device *dev,
				 const struct cdma_site *site)
{
	CDMA_REQUIRE(site);
	cdma_step(dev->world, site);
	CDMA_REQUIRE(dev->bound && !dev->core, "%s is not bound", dev->name);
	dev->core = dev->world->actor;
}

void cdma_device_unbind_end_at(struct cdma_device *dev,
			       const struct cdma_site *site)
{
	CDMA_REQUIRE(dev->core == dev->world->actor);
	cdma_step(dev->world, site);
	cdma_sgts_release(dev, site);
	leave(dev, true, site);
}

int cdma_device_bind_at(struct cdma_device *dev,
			const struct cdma_driver_ops *ops, void *arg,
			const struct cdma_site *site)
{
	int err = 0;

	cdma_device_probe_begin_at(dev, site);
	dev->drvdata = NULL;
	if (ops && ops->probe)
		err = ops->probe(dev, arg, &dev->drvdata);
	dev->ops = err ? NULL : ops;
	if (err)
		cdma_devres_release_all_at(dev, site);
	cdma_device_probe_end_at(dev, err, site);
	return err;
}

void cdma_device_unbind_at(struct cdma_device *dev,
			   const struct cdma_site *site)
{
	const struct cdma_driver_ops *ops = dev->ops;

	cdma_device_unbind_begin_at(dev, site);
	if (ops && ops->unbind)
		ops->unbind(dev, dev->drvdata);
	if (dev->world->config.devres_first)
		cdma_devres_release_all_at(dev, site);
	if (ops && ops->drop)
		ops->drop(dev->drvdata);
	cdma_devres_release_all_at(dev, site);
	dev->ops = NULL;
	dev->drvdata = NULL;
	cdma_device_unbind_end_at(dev, site);
}

static int called(struct cdma_device *dev, enum cdma_call call, int err,
		  const struct cdma_site *site)
{
	cdma_called_at(dev->world,
		       &(struct cdma_called){
			       .call = call, .device = dev->id, .result = err},
		       site);
	return err;
}

/* Something happened to the registers of @dev: the last event of it. */
static struct cdma_party registers(struct cdma_device *dev,
				   enum cdma_event_kind kind,
				   const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_event ev = cdma_event_new(world, kind, site);

	for (size_t i = 0; i < world->regions.nr; i++) {
		const struct cdma_region *r = world->regions.at[i];

		if (r->dev != dev || r->state != CDMA_REGION_REGISTERS)
			continue;
		ev = cdma_event_new(world, kind, site);
		ev.object = r->id;
		cdma_world_emit(world, &ev);
	}
	return cdma_party_of(&ev);
}

void cdma_device_iounmap_at(struct cdma_device *dev,
			    const struct cdma_site *site)
{
	cdma_step(dev->world, site);
	if (dev->iounmap.seq)
		cdma_report_note(dev->world, CDMA_FINDING_DOUBLE_FREE, NULL,
				 &dev->iounmap, "the registers are not mapped",
				 site);
	else
		dev->iounmap = registers(dev, CDMA_EV_FREE, site);
}

int cdma_device_iomap_at(struct cdma_device *dev, const struct cdma_site *site)
{
	int err;

	cdma_step(dev->world, site);
	err = cdma_world_fault(dev->world, CDMA_FAULT_IOMAP, dev->name, 1,
			       false, site);
	if (!err && dev->iounmap.seq) {
		registers(dev, CDMA_EV_EXPOSE, site);
		dev->iounmap = (struct cdma_party){0};
	}
	return called(dev, CDMA_CALL_IOMAP, err, site);
}

int cdma_device_enable_at(struct cdma_device *dev, const struct cdma_site *site)
{
	int err;

	cdma_step(dev->world, site);
	cdma_device_want_core(dev, "a device is enabled in probe()", site);
	err = cdma_world_fault(dev->world, CDMA_FAULT_ENABLE_DEVICE, NULL, 1,
			       false, site);
	return called(dev, CDMA_CALL_ENABLE_DEVICE, err, site);
}

void cdma_device_set_master_at(struct cdma_device *dev, bool on,
			       const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(dev->world, CDMA_EV_MASTER, site);

	cdma_step(dev->world, site);
	cdma_device_want_core(dev,
			      "bus mastering is set in a callback of the "
			      "driver core",
			      site);
	dev->master = on;
	ev.value = dev->id;
	ev.offset = on;
	cdma_world_emit(dev->world, &ev);
}

void cdma_device_add_region(struct cdma_device *dev, struct cdma_region *region)
{
	region->prev = dev->last;
	region->next = NULL;
	if (dev->last)
		dev->last->next = region;
	else
		dev->first = region;
	dev->last = region;
	cdma_device_get(dev);
}

void cdma_device_del_region(struct cdma_device *dev, struct cdma_region *region)
{
	if (region->prev)
		region->prev->next = region->next;
	else
		dev->first = region->next;
	if (region->next)
		region->next->prev = region->prev;
	else
		dev->last = region->prev;
	cdma_device_put(dev);
}
