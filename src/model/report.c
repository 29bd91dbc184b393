/* SPDX-License-Identifier: MIT */
#include "model/actor.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

struct cdma_event cdma_event_by(const struct cdma_world *world,
				const struct cdma_actor *actor,
				enum cdma_event_kind kind,
				const struct cdma_site *site)
{
	struct cdma_event ev;

	ev.seq = 0;
	ev.op = 0;
	ev.offset = 0;
	ev.op_offset = 0;
	ev.op_size = 0;
	ev.value = 0;
	ev.iova = 0;
	ev.rf = 0;
	ev.ends = 0;
	ev.site = site;
	ev.ctx = world->ctx;
	ev.object = 0;
	ev.flags = 0;
	ev.addr_dep = 0;
	ev.data_dep = 0;
	ev.actor = actor->id;
	ev.kind = (uint8_t)kind;
	ev.how = 0;
	ev.size = 0;
	ev.order = 0;
	ev.domain = 0;
	return ev;
}

struct cdma_event cdma_event_new(const struct cdma_world *world,
				 enum cdma_event_kind kind,
				 const struct cdma_site *site)
{
	return cdma_event_by(world, world->actor, kind, site);
}

struct cdma_party cdma_party_next(const struct cdma_world *world,
				  const struct cdma_event *ev)
{
	struct cdma_party party = cdma_party_of(ev);

	party.seq = world->stream.seq + 1;
	return party;
}

struct cdma_finding cdma_finding_about(const struct cdma_world *world,
				       enum cdma_finding_id id,
				       struct cdma_event *ev,
				       const struct cdma_region *region,
				       const struct cdma_party *against)
{
	struct cdma_finding finding = {.id = id};

	ev->flags |= CDMA_EVF_REPORTED;
	finding.at = cdma_party_next(world, ev);
	if (region)
		finding.region = region->id;
	if (against)
		finding.against = *against;
	return finding;
}

void cdma_report(struct cdma_world *world, enum cdma_finding_id id,
		 struct cdma_event *ev, const struct cdma_region *region,
		 const struct cdma_party *against, const char *detail)
{
	struct cdma_finding finding =
		cdma_finding_about(world, id, ev, region, against);

	finding.detail = detail;
	cdma_found(&world->sink, &finding);
}

void cdma_report_note(struct cdma_world *world, enum cdma_finding_id id,
		      const struct cdma_region *region,
		      const struct cdma_party *against, const char *detail,
		      const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_NOTE, site);

	if (region)
		ev.object = region->id;
	cdma_report(world, id, &ev, region, against, detail);
	cdma_world_emit(world, &ev);
}

void cdma_panic(struct cdma_world *world, const char *detail,
		const struct cdma_site *site)
{
	world->panics++;
	cdma_report_note(world, CDMA_FINDING_PANIC, NULL, NULL, detail, site);
	if (world->config.panic)
		world->config.panic(world->config.panic_aux);
}

void cdma_world_emit_fault(struct cdma_world *world, enum cdma_fault_site fault,
			   bool quiet, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_FAULT, site);
	struct cdma_fault_attr attr = cdma_faults_last(world->faults);

	ev.value = fault;
	ev.offset = cdma_faults_passed(world->faults, fault);
	if (!cdma_fault_is_device(fault)) {
		ev.op_size = attr.interval;
		ev.op_offset = attr.probability;
		ev.rf = attr.space;
		ev.ends = (uint64_t)attr.times;
	}
	if (quiet)
		ev.flags |= CDMA_EVF_QUIET;
	cdma_world_emit(world, &ev);
}

int cdma_world_fault(struct cdma_world *world, enum cdma_fault_site fault,
		     const char *name, uint64_t size, bool quiet,
		     const struct cdma_site *site)
{
	int err = cdma_fault_hit(world->faults, fault, name, size, NULL);

	if (err)
		cdma_world_emit_fault(world, fault, quiet, site);
	return err;
}

int cdma_fault_call_at(struct cdma_world *world, const char *name,
		       const struct cdma_site *site)
{
	cdma_step(world, site);
	return cdma_world_fault(world, CDMA_FAULT_CALL, name, 1, false, site);
}
