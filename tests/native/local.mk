# SPDX-License-Identifier: MIT
#
# Models in C, as a user would build them: with no more than the headers that
# are installed.

native_objects = \
	%D%/crash.so \
	%D%/guards.so \
	%D%/needs.so \
	%D%/nic-rx.so \
	%D%/state.so \
	%D%/waits.so
check_DATA = $(native_objects)
CLEANFILES += $(native_objects)
EXTRA_DIST += \
	%D%/crash.c %D%/crash.dma \
	%D%/guards.c %D%/guards.dma \
	%D%/needs.c \
	%D%/nic-rx.c %D%/nic-rx.dma \
	%D%/pass-deps.c \
	%D%/pass-events.c %D%/pass-events.dma \
	%D%/pass-nic.c %D%/pass-nic.dma \
	%D%/pass-ring.c %D%/pass-ring.dma \
	%D%/state.c %D%/state.dma \
	%D%/waits.c %D%/waits.dma \
	%D%/waits-language.dma

# No sanitizer: it is about what runs them.
native_cc = $(MKDIR_P) %D% && $(CC) -std=gnu11 -g -O1 -fPIC -shared \
	-fmacro-prefix-map=$(top_srcdir)/= -fdebug-prefix-map=$(top_srcdir)/= \
	-I$(top_srcdir)/src -Wall -Wextra -Wno-infinite-recursion
%D%/crash.so: %D%/crash.c $(cdmainclude_HEADERS)
	$(AM_V_CC)$(native_cc) -o $@ $(srcdir)/%D%/crash.c
%D%/guards.so: %D%/guards.c $(cdmainclude_HEADERS)
	$(AM_V_CC)$(native_cc) -o $@ $(srcdir)/%D%/guards.c
%D%/needs.so: %D%/needs.c $(cdmainclude_HEADERS)
	$(AM_V_CC)$(native_cc) -o $@ $(srcdir)/%D%/needs.c
%D%/nic-rx.so: %D%/nic-rx.c $(cdmainclude_HEADERS)
	$(AM_V_CC)$(native_cc) -o $@ $(srcdir)/%D%/nic-rx.c
%D%/state.so: %D%/state.c $(cdmainclude_HEADERS)
	$(AM_V_CC)$(native_cc) -o $@ $(srcdir)/%D%/state.c
%D%/waits.so: %D%/waits.c $(cdmainclude_HEADERS)
	$(AM_V_CC)$(native_cc) -o $@ $(srcdir)/%D%/waits.c

# What the compiler pass makes, where that can be built.
if HAVE_PASS
pass_objects_of_tests = \
	%D%/pass-deps.so \
	%D%/pass-events.so \
	%D%/pass-nic.so \
	%D%/pass-ring.so
check_DATA += $(pass_objects_of_tests)
CLEANFILES += $(pass_objects_of_tests)
pass_cc = $(AM_V_GEN)$(MKDIR_P) %D% && $(DRIVER_CC) -std=gnu11 -g -O1 -fPIC \
	-shared -fpass-plugin=$(pass_plugin) \
	-fdebug-prefix-map=$(top_srcdir)/= -I$(top_srcdir)/src -Wall -Wextra
%D%/pass-deps.so: %D%/pass-deps.c $(pass_plugin) $(cdmainclude_HEADERS)
	$(pass_cc) -o $@ $(srcdir)/%D%/pass-deps.c
%D%/pass-events.so: %D%/pass-events.c $(pass_plugin) $(cdmainclude_HEADERS)
	$(pass_cc) -o $@ $(srcdir)/%D%/pass-events.c
%D%/pass-nic.so: %D%/pass-nic.c $(pass_plugin) $(cdmainclude_HEADERS)
	$(pass_cc) -o $@ $(srcdir)/%D%/pass-nic.c
%D%/pass-ring.so: %D%/pass-ring.c $(pass_plugin) $(cdmainclude_HEADERS)
	$(pass_cc) -o $@ $(srcdir)/%D%/pass-ring.c
endif

shell_tests += %D%/native.sh %D%/build.sh %D%/pass.sh
unit_tests += %D%/test-native %D%/test-pass
tests_native_test_native_LDFLAGS = $(native_ldflags)
tests_native_test_pass_LDFLAGS = $(native_ldflags)
