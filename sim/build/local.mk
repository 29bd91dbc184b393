# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/build.c %D%/build.h \
	%D%/cache.c %D%/cache.h \
	%D%/made.c %D%/made.h \
	%D%/patch.c %D%/patch.h \
	%D%/recipe.c %D%/recipe.h \
	%D%/source.c %D%/source.h \
	%D%/tools.c %D%/tools.h
