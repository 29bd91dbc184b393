# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/access.c \
	%D%/access.h \
	%D%/actor.c \
	%D%/actor.h \
	%D%/alloc.c \
	%D%/apart.c \
	%D%/barrier.c \
	%D%/block.c \
	%D%/block.h \
	%D%/bounce.c %D%/bounce.h \
	%D%/box.c \
	%D%/bulk.c \
	%D%/call.c \
	%D%/bus.c %D%/bus.h \
	%D%/cache.c %D%/cache.h \
	%D%/coherent.c \
	%D%/context.c \
	%D%/copy.c \
	%D%/debugfs.c \
	%D%/device.c \
	%D%/device.h \
	%D%/devres.c %D%/devres.h \
	%D%/engine.c \
	%D%/handle.c \
	%D%/handler.c \
	%D%/handler.h \
	%D%/init.c \
	%D%/iova.c \
	%D%/iova.h \
	%D%/iova-index.c %D%/iova-index.h \
	%D%/irq.c \
	%D%/judge.c \
	%D%/judge.h \
	%D%/kmem.c \
	%D%/late.c \
	%D%/late.h \
	%D%/lease.c \
	%D%/lease.h \
	%D%/lock.c \
	%D%/lock.h \
	%D%/machine.c \
	%D%/mapping.c \
	%D%/mapping.h \
	%D%/mark.c \
	%D%/mask.c \
	%D%/mmio.c \
	%D%/mmio-ops.c \
	%D%/noncoherent.c \
	%D%/pool.c \
	%D%/rcu.c %D%/rcu.h \
	%D%/owner.c \
	%D%/region.c \
	%D%/region.h \
	%D%/report.c \
	%D%/revocable.c %D%/revocable.h \
	%D%/rmw.c \
	%D%/sg.c \
	%D%/sgt.c \
	%D%/slot.h \
	%D%/span.c %D%/span.h \
	%D%/step.c %D%/step.h \
	%D%/stream.c \
	%D%/sync.c \
	%D%/sysmem.c \
	%D%/value.h \
	%D%/view.c \
	%D%/window.c \
	%D%/window.h \
	%D%/world.c \
	%D%/world.h

unit_tests += \
	tests/unit/test-alloc \
	tests/unit/test-box \
	tests/unit/test-bulk \
	tests/unit/test-coherent \
	tests/unit/test-debugfs \
	tests/unit/test-device \
	tests/unit/test-devres \
	tests/unit/test-engine \
	tests/unit/test-handler \
	tests/unit/test-iova \
	tests/unit/test-late \
	tests/unit/test-mapping \
	tests/unit/test-noncoherent \
	tests/unit/test-on-machine \
	tests/unit/test-mask \
	tests/unit/test-mmio \
	tests/unit/test-project \
	tests/unit/test-revocable \
	tests/unit/test-rust-dma-sample \
	tests/unit/test-sg \
	tests/unit/test-sgt \
	tests/unit/test-sync \
	tests/unit/test-view \
	tests/unit/test-window \
	tests/unit/test-world
