# SPDX-License-Identifier: MIT
#
# Drivers of Linux, as they are: `make check-linux', for which KERNEL names a
# tree of Linux 6.1.  Not a part of `make check'.

EXTRA_DIST += \
	%D%/8139cp.dma \
	%D%/barriers.sh \
	%D%/check.sh \
	%D%/e1000.c %D%/e1000.dma \
	%D%/nvme.c %D%/nvme.dma \
	%D%/plx-dma.dma \
	%D%/virtio-ring.c %D%/virtio-ring.dma

.PHONY: check-linux
check-linux: all
	@$(AM_TESTS_ENVIRONMENT) srcdir='$(srcdir)' KERNEL='$(KERNEL)' \
		$(SHELL) $(srcdir)/%D%/check.sh
