# SPDX-License-Identifier: MIT

cdmainclude_HEADERS += \
	%D%/dep.h \
	%D%/event.h \
	%D%/finding.h \
	%D%/order.h \
	%D%/site.h \
	%D%/types.h
