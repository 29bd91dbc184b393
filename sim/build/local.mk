# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/build.c %D%/build.h \
	%D%/cache.c %D%/cache.h \
	%D%/driver.c \
	%D%/kernel.c %D%/kernel.h \
	%D%/kernel-flags.c \
	%D%/made.c %D%/made.h \
	%D%/making.c %D%/making.h \
	%D%/patch.c %D%/patch.h \
	%D%/plain.c \
	%D%/recipe.c %D%/recipe.h \
	%D%/source.c %D%/source.h \
	%D%/tools.c %D%/tools.h
