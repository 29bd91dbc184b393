# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/alone.c %D%/alone.h \
	%D%/armed.c %D%/armed.h \
	%D%/campaign.c %D%/campaign.h \
	%D%/compare.c %D%/compare.h \
	%D%/cure.c %D%/cure.h \
	%D%/detail.c %D%/detail.h \
	%D%/driver.c %D%/driver.h \
	%D%/driver-handler.c \
	%D%/expect.c %D%/expect.h \
	%D%/fault-cases.c %D%/fault-cases.h \
	%D%/frames.c \
	%D%/free.c %D%/free.h \
	%D%/free-source.c %D%/free-source.h \
	%D%/machine.c %D%/machine.h \
	%D%/mark.c \
	%D%/measure.c %D%/measure.h \
	%D%/model.c \
	%D%/native.h \
	%D%/notes.c %D%/notes.h %D%/noter.h \
	%D%/notes-stuck.c \
	%D%/op-access.c \
	%D%/op-atomic.c \
	%D%/op-bulk.c \
	%D%/op-device.c \
	%D%/op-fault.c \
	%D%/op-handler.c \
	%D%/op-mapping.c \
	%D%/op-native.c \
	%D%/op-pool.c \
	%D%/op-revocable.c \
	%D%/op-sg.c \
	%D%/op-object.c \
	%D%/op-pointer.c \
	%D%/op-sync.c \
	%D%/op-value.c \
	%D%/port.c %D%/port.h \
	%D%/ops.c %D%/ops.h \
	%D%/region-names.c \
	%D%/reach.c %D%/reach.h \
	%D%/replay-source.c %D%/replay-source.h \
	%D%/shrink.c %D%/shrink.h \
	%D%/simplify.c %D%/simplify.h \
	%D%/state.h \
	%D%/source-line.c %D%/source-line.h \
	%D%/step.h \
	%D%/stuck.c \
	%D%/tally.c %D%/tally.h \
	%D%/trace.c %D%/trace.h \
	%D%/undef.c %D%/undef.h \
	%D%/weak.c \
	%D%/window.c %D%/window.h \
	%D%/world.c %D%/world.h

unit_tests += \
	tests/unit/test-campaign \
	tests/unit/test-compile \
	tests/unit/test-cure \
	tests/unit/test-expect \
	tests/unit/test-fault-cases \
	tests/unit/test-context \
	tests/unit/test-machine \
	tests/unit/test-notes \
	tests/unit/test-object \
	tests/unit/test-step \
	tests/unit/test-reach \
	tests/unit/test-rewind \
	tests/unit/test-shrink \
	tests/unit/test-simplify
