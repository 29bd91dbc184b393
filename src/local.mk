# SPDX-License-Identifier: MIT
#
# libcdma: public headers in cdma/, the rest is private.

cdmaincludedir = $(includedir)/cdma
cdmainclude_HEADERS =

lib_LIBRARIES += libcdma.a
libcdma_a_SOURCES =
# Not AM_CPPFLAGS: the library does not see the program.
libcdma_a_CPPFLAGS = -I$(top_srcdir)/src -D_GNU_SOURCE

include %D%/cdma/local.mk
include %D%/base/local.mk
include %D%/log/local.mk
include %D%/fault/local.mk
include %D%/order/local.mk
include %D%/model/local.mk
