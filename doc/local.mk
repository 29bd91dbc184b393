# SPDX-License-Identifier: MIT
#
# A manual page: dist_man_MANS += %D%/x.1

dist_doc_DATA += \
	%D%/architecture.md \
	%D%/ci.md \
	%D%/libcdma.md \
	%D%/memory-model.md \
	%D%/native.md \
	%D%/native-build.md \
	%D%/native-kernel.md \
	%D%/nic_rx.svg \
	%D%/parts.md \
	%D%/performance.md \
	%D%/report.schema.json \
	%D%/reports.md \
	%D%/rules.md \
	%D%/rust-api.md \
	%D%/scenarios.md \
	%D%/schedules.md \
	%D%/upstream.md
EXTRA_DIST += %D%/layers

include %D%/findings/local.mk
