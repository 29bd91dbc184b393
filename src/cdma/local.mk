# SPDX-License-Identifier: MIT

cdmainclude_HEADERS += \
	%D%/actor.h \
	%D%/attrs.h \
	%D%/barrier.h \
	%D%/box.h \
	%D%/bulk.h \
	%D%/call.h \
	%D%/cdma.h \
	%D%/checker.h \
	%D%/coherent.h \
	%D%/context.h \
	%D%/copy.h \
	%D%/debugfs.h \
	%D%/dep.h \
	%D%/device.h \
	%D%/engine.h \
	%D%/event.h \
	%D%/fault-attr.h \
	%D%/fault.h \
	%D%/finding.h \
	%D%/handle.h \
	%D%/handler.h \
	%D%/init.h \
	%D%/irq.h \
	%D%/kmem.h \
	%D%/late.h \
	%D%/lease.h \
	%D%/lock.h \
	%D%/mapping.h \
	%D%/mask.h \
	%D%/memory.h \
	%D%/mmio.h \
	%D%/order.h \
	%D%/pool.h \
	%D%/project.h \
	%D%/rcu.h \
	%D%/region.h \
	%D%/rmw.h \
	%D%/sg.h \
	%D%/site.h \
	%D%/sync.h \
	%D%/sysmem.h \
	%D%/types.h \
	%D%/view.h \
	%D%/window.h \
	%D%/world.h
