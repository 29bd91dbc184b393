# SPDX-License-Identifier: MIT
#
# What stands before the headers of the user's kernel.

nativeincludedir = $(pkgdatadir)/native/include
dist_nativeinclude_DATA = %D%/cdma-native.h
nativeasmdir = $(nativeincludedir)/asm
dist_nativeasm_DATA = \
	%D%/asm/atomic.h \
	%D%/asm/barrier.h \
	%D%/asm/bitops.h \
	%D%/asm/cmpxchg.h \
	%D%/asm/io.h \
	%D%/asm/irqflags.h \
	%D%/asm/local.h \
	%D%/asm/local64.h \
	%D%/asm/page.h \
	%D%/asm/processor.h \
	%D%/asm/thread_info.h
