# SPDX-License-Identifier: MIT
#
# One page for each kind of finding; they become part of cdmasim.

finding_pages = \
	%D%/assertion.md \
	%D%/atomic_sleep.md \
	%D%/bad_attrs.md \
	%D%/bad_map.md \
	%D%/bad_sync.md \
	%D%/bad_unmap.md \
	%D%/bus_master_off.md \
	%D%/cpu_uaf.md \
	%D%/data_race.md \
	%D%/device_order.md \
	%D%/device_uaf.md \
	%D%/double_convert.md \
	%D%/double_fetch.md \
	%D%/double_free.md \
	%D%/exposed_access.md \
	%D%/free_after_unbind.md \
	%D%/free_while_leased.md \
	%D%/handle_access.md \
	%D%/init_outside.md \
	%D%/irq_unsafe_lock.md \
	%D%/leak.md \
	%D%/left_active.md \
	%D%/lock_held.md \
	%D%/mask_exceeded.md \
	%D%/mask_race.md \
	%D%/mask_unset.md \
	%D%/misaligned.md \
	%D%/missing_sync.md \
	%D%/out_of_bounds.md \
	%D%/outlives_unbind.md \
	%D%/panic.md \
	%D%/revoke_in_use.md \
	%D%/revoked_access.md \
	%D%/shared_line.md \
	%D%/stale_value.md \
	%D%/stuck.md \
	%D%/torn_read.md \
	%D%/unbound_alloc.md \
	%D%/unchecked_map.md \
	%D%/unexposed_access.md \
	%D%/uninit_exposed.md \
	%D%/uninit_read.md \
	%D%/untrusted_value.md \
	%D%/unordered_giveback.md \
	%D%/unordered_publish.md \
	%D%/unordered_read.md \
	%D%/unordered_write.md \
	%D%/window_conflict.md \
	%D%/wrong_context.md \
	%D%/wrong_device.md \
	%D%/wrong_direction.md

findingsdir = $(docdir)/findings
dist_findings_DATA = $(finding_pages)
