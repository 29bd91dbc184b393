/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>
#include <cdma/use.h>

#include "base/macros.h"
#include "model/world.h"

static const char *const names[] = {
#define X(name, text) text,
	CDMA_CALLS(X)
#undef X
};

const char *cdma_call_name(enum cdma_call call)
{
	CDMA_REQUIRE(call < CDMA_CALL_NR);
	return names[call];
}

void cdma_called_at(struct cdma_world *world, const struct cdma_called *called,
		    const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_CALL, site);

	ev.object = called->region;
	ev.iova = called->device;
	ev.offset = called->call;
	ev.op_size = called->size;
	ev.op_offset = called->gfp;
	ev.value = (uint64_t)called->result;
	if (called->quiet)
		ev.flags |= CDMA_EVF_QUIET;
	cdma_world_emit(world, &ev);
}

void cdma_used_at(struct cdma_world *world, enum cdma_use use, cdma_dep_t dep,
		  const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_USE, site);

	if (!dep)
		return;
	ev.offset = use;
	ev.addr_dep = dep;
	cdma_world_emit(world, &ev);
}
