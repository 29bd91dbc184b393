# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/describe.c %D%/describe.h \
	%D%/draw.c %D%/draw.h \
	%D%/naming.c %D%/naming.h \
	%D%/picture.c %D%/picture.h \
	%D%/save.c %D%/save.h \
	%D%/shown.c %D%/shown.h \
	%D%/xml.c %D%/xml.h
