# SPDX-License-Identifier: MIT
#
# Services for drivers, as text: they are compiled against the user's kernel.
# A new one is a line here, and one of the table in doc/native-kernel.md.

nativekerneldir = $(pkgdatadir)/native/kernel
dist_nativekernel_DATA = \
	%D%/core.c \
	%D%/device.c \
	%D%/dma.c \
	%D%/dmaengine.c \
	%D%/files \
	%D%/io.c \
	%D%/irq.c \
	%D%/lock.c \
	%D%/memory.c \
	%D%/napi.c \
	%D%/net.c \
	%D%/page.c \
	%D%/pci.c \
	%D%/rcu.c \
	%D%/skb.c \
	%D%/string.c \
	%D%/task.c \
	%D%/timer.c \
	%D%/wait.c \
	%D%/work.c
