# SPDX-License-Identifier: MIT
#
# libcdma-run: the program as a library, for models with a main() of their own.

libsim_a_SOURCES += \
	%D%/ask.c \
	%D%/embed.h \
	%D%/main.c \
	%D%/model.c \
	%D%/told.c

# What public calls are in, and through it all else that they need.
run_roots = \
	%D%/ask.$(OBJEXT) \
	%D%/main.$(OBJEXT) \
	%D%/model.$(OBJEXT) \
	%D%/told.$(OBJEXT) \
	sim/native/native.$(OBJEXT) \
	sim/run/model.$(OBJEXT)

# One object: names that are not for users are local to it, and its variables
# stand apart from the user's (native/self.h).
librundir = $(libdir)
librun_DATA = libcdma-run.a
CLEANFILES += libcdma-run.a %D%/libcdma-run.o
libcdma-run.a: libsim.a
	$(AM_V_at)rm -f $@ %D%/libcdma-run.o
	$(AM_V_GEN)$(CC) -r -nostdlib -o %D%/libcdma-run.o $(run_roots) libsim.a
	$(AM_V_at)$(OBJCOPY) -w --keep-global-symbol='cdma_*' \
	  --rename-section .bss=cdma_run_bss \
	  --rename-section .data=cdma_run_data \
	  --rename-section .data.rel=cdma_run_data \
	  --rename-section .data.rel.local=cdma_run_data \
	  %D%/libcdma-run.o
	$(AM_V_at)$(AR) $(ARFLAGS) $@ %D%/libcdma-run.o
	$(AM_V_at)$(RANLIB) $@
