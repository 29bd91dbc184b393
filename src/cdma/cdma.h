/* SPDX-License-Identifier: MIT */
#ifndef CDMA_CDMA_H
#define CDMA_CDMA_H

/*
 * libcdma: DMA memory, the devices that use it, and what goes wrong.
 *
 * A world is one simulated machine.  Drivers and devices act in it through the
 * calls of these headers, which follow the Linux kernel's Rust DMA API item by
 * item; every act is an event, and every mistake a finding.
 *
 * A first program
 * ---------------
 * A device writes a descriptor, and a driver forgets dma_rmb():
 *
 *	struct cdma_world *world = cdma_world_new(NULL);
 *	struct cdma_findings *found = cdma_findings_new();
 *	struct cdma_order_config config = {
 *		.deps = cdma_world_deps(world),
 *		.sink = cdma_findings_sink(found),
 *	};
 *	struct cdma_order *order = cdma_order_new(&config);
 *	struct cdma_device *nic = cdma_device_new(world, NULL, "nic");
 *	struct cdma_actor *engine = cdma_engine_new(nic, "rx");
 *	struct cdma_coherent *ring;
 *	uint32_t len = 64, done = 1;
 *	cdma_addr_t at;
 *
 *	cdma_world_set_sink(world, config.sink);
 *	cdma_stream_observe(cdma_world_stream(world),
 *			    cdma_order_observer(order));
 *
 *	cdma_device_bind(nic, NULL, NULL);
 *	cdma_actor_start(engine);
 *	if (cdma_coherent_zeroed_slice(nic, sizeof(struct desc), 4,
 *				       CDMA_GFP_KERNEL, &ring))
 *		...
 *	at = cdma_coherent_dma_handle(ring);
 *	cdma_engine_write(engine, at + offsetof(struct desc, len), &len, 4);
 *	cdma_engine_write(engine, at + offsetof(struct desc, done), &done, 4);
 *
 *	cdma_read_try(ring, struct desc, 0, done, &done);
 *	cdma_branch(world, cdma_last_dep(world));       // what follows
 *	if (done)
 *		cdma_read_try(ring, struct desc, 0, len, &len);
 *
 *	cdma_coherent_free(&ring);
 *	cdma_device_unbind(nic);
 *	cdma_world_finish(world);
 *
 * Now cdma_findings_at(found, 0) is an `unordered_read` at the line that reads
 * len, against the line that wrote it.
 *
 * Conventions
 * -----------
 * `int` is 0 or a negative errno, as the kernel would return; what a call
 * makes goes to its last pointer, `out`, which is left alone on error.  Errors
 * are listed in the order in which they are checked.  Nothing here prints and
 * nothing ends the process, except CDMA_REQUIRE: a caller that breaks the
 * contract of a call.  A NULL argument breaks it unless the call says
 * otherwise; every free takes a pointer to NULL and does nothing.
 *
 * A call that makes an event is a macro that adds the place where it stands;
 * the function behind it has _at in its name and takes the place as its last
 * argument, for those who know a better one.
 *
 * An object belongs to its world, and its memory stays until the world is
 * reset or freed: so a stale pointer is recognised by the state of what it
 * points to, and is a finding, not a crash.
 *
 * A word in `quotes` is a kind of finding, see doc/findings; names such as
 * WIN-1 and R92 are the rules behind them, see doc/rules.md.
 *
 * Threads: any number of worlds, each used by one thread at a time; each
 * header says more, and doc/libcdma.md has a program whose actors are threads.
 */

#include <cdma/actor.h>
#include <cdma/attrs.h>
#include <cdma/barrier.h>
#include <cdma/box.h>
#include <cdma/bulk.h>
#include <cdma/call.h>
#include <cdma/checker.h>
#include <cdma/coherent.h>
#include <cdma/context.h>
#include <cdma/copy.h>
#include <cdma/debugfs.h>
#include <cdma/dep.h>
#include <cdma/device.h>
#include <cdma/devres.h>
#include <cdma/engine.h>
#include <cdma/event.h>
#include <cdma/fault-attr.h>
#include <cdma/fault.h>
#include <cdma/finding.h>
#include <cdma/handle.h>
#include <cdma/handler.h>
#include <cdma/init.h>
#include <cdma/irq.h>
#include <cdma/kmem.h>
#include <cdma/late.h>
#include <cdma/lease.h>
#include <cdma/lock.h>
#include <cdma/machine.h>
#include <cdma/mapping.h>
#include <cdma/mask.h>
#include <cdma/memory.h>
#include <cdma/mmio.h>
#include <cdma/noncoherent.h>
#include <cdma/order.h>
#include <cdma/pool.h>
#include <cdma/project.h>
#include <cdma/rcu.h>
#include <cdma/region.h>
#include <cdma/revocable.h>
#include <cdma/rmw.h>
#include <cdma/sg.h>
#include <cdma/sgt.h>
#include <cdma/site.h>
#include <cdma/step.h>
#include <cdma/sync.h>
#include <cdma/sysmem.h>
#include <cdma/types.h>
#include <cdma/use.h>
#include <cdma/view.h>
#include <cdma/window.h>
#include <cdma/world.h>

#endif /* CDMA_CDMA_H */
