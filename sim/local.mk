# SPDX-License-Identifier: MIT
#
# The program: libsim.a is all of it but main(), so that unit tests link it.

noinst_LIBRARIES += libsim.a
libsim_a_SOURCES = \
	%D%/bundle.c %D%/bundle.h \
	%D%/cmd.c %D%/cmd.h \
	%D%/cmd-check.c \
	%D%/cmd-debug.c \
	%D%/cmd-explain.c \
	%D%/cmd-explore.c \
	%D%/cmd-fmt.c \
	%D%/cmd-help.c \
	%D%/cmd-list.c \
	%D%/cmd-merge.c \
	%D%/cmd-native.c \
	%D%/cmd-new.c \
	%D%/cmd-litmus.c \
	%D%/cmd-replay.c \
	%D%/cmd-run.c \
	%D%/cmd-show.c \
	%D%/cmd-version.c \
	%D%/faulted.c %D%/faulted.h \
	%D%/interrupt.c %D%/interrupt.h \
	%D%/natives.c %D%/natives.h \
	%D%/litmus-rules.c %D%/litmus-rules.h \
	%D%/litmus-say.c %D%/litmus-say.h \
	%D%/lines.c %D%/lines.h \
	%D%/load.c %D%/load.h \
	%D%/memory.c %D%/memory.h \
	%D%/options.c %D%/options.h \
	%D%/options-words.c \
	%D%/output.c %D%/output.h \
	%D%/pages.h \
	%D%/parts.c %D%/parts.h \
	%D%/recorded.c %D%/recorded.h \
	%D%/replace.c %D%/replace.h \
	%D%/running.c %D%/running.h \
	%D%/running-faults.c \
	%D%/running-machines.c \
	%D%/select.c %D%/select.h \
	%D%/starts.h \
	%D%/threads.c %D%/threads.h \
	%D%/terminal.c %D%/terminal.h \
	%D%/timer.c %D%/timer.h \
	%D%/usage.c %D%/usage.h \
	%D%/usage-bash.c \
	%D%/usage-man.c
nodist_libsim_a_SOURCES = %D%/commit.c %D%/pages.c %D%/starts.c

bin_PROGRAMS += cdmasim
cdmasim_SOURCES = %D%/main.c
cdmasim_LDADD = libsim.a libcdma.a $(URCU_LIBS) $(JSON_LIBS) $(EDIT_LIBS) \
	$(DW_LIBS)
# What is loaded finds all of libcdma, whether the program needs it or not, and
# what compiled code calls.
native_ldflags = -Wl,--export-dynamic-symbol='cdma_*' \
	-Wl,--export-dynamic-symbol='__cdma_*' \
	-Wl,--undefined=__cdma_strcpy -Wl,--undefined=__cdma_copy \
	-Wl,--undefined=cdma_driver_alloc -Wl,--undefined=cdma_driver_barrier \
	-Wl,--undefined=cdma_driver_lock -Wl,--undefined=cdma_driver_device \
	-Wl,--whole-archive,libcdma.a,--no-whole-archive
cdmasim_LDFLAGS = $(native_ldflags)

# The commit that it is built from, where that is known: for --version.
CLEANFILES += %D%/commit.c
.PHONY: force
force:
%D%/commit.c: force
	$(AM_V_at)$(MKDIR_P) %D%
	$(AM_V_at)commit=; if test -e $(srcdir)/.git; then \
	  commit=`git -C $(srcdir) describe --always --dirty --abbrev=12 \
	    --match= 2>/dev/null`; \
	fi; printf '#include "cmd.h"\nconst char cmd_commit[] = "%s";\n' \
	  "$$commit" >$@-t; \
	if cmp -s $@-t $@; then rm -f $@-t; else mv $@-t $@; fi

# What `cdmasim explain' prints.
EXTRA_DIST += %D%/pages.awk
CLEANFILES += %D%/pages.c
%D%/pages.c: $(finding_pages) %D%/pages.awk
	$(AM_V_GEN)$(MKDIR_P) %D%
	$(AM_V_at)pages=; for page in $(finding_pages); do \
	  test -f $$page || page=$(srcdir)/$$page; pages="$$pages $$page"; \
	done; $(AWK) -v name=pages -v type=page \
	  -f $(srcdir)/%D%/pages.awk $$pages >$@-t
	$(AM_V_at)mv $@-t $@

# What `cdmasim new' writes.
CLEANFILES += %D%/starts.c
%D%/starts.c: $(starts) %D%/pages.awk
	$(AM_V_GEN)$(MKDIR_P) %D%
	$(AM_V_at)starts=; for start in $(starts); do \
	  test -f $$start || start=$(srcdir)/$$start; \
	  starts="$$starts $$start"; \
	done; $(AWK) -v name=starts -v type=start \
	  -f $(srcdir)/%D%/pages.awk $$starts >$@-t
	$(AM_V_at)mv $@-t $@

# The program knows its options; these only write them down.
man_MANS = cdmasim.1
bashcompdir = $(datadir)/bash-completion/completions
bashcomp_DATA = completion/cdmasim
CLEANFILES += cdmasim.1 completion/cdmasim
cdmasim.1: cdmasim$(EXEEXT)
	$(AM_V_GEN)$(SANITIZER_WRAP) ./cdmasim$(EXEEXT) help --man >$@-t
	$(AM_V_at)mv $@-t $@
completion/cdmasim: cdmasim$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completion
	$(AM_V_at)$(SANITIZER_WRAP) ./cdmasim$(EXEEXT) help --completion >$@-t
	$(AM_V_at)mv $@-t $@

unit_tests += tests/unit/test-options

include %D%/json/local.mk
include %D%/embed/local.mk
include %D%/script/local.mk
include %D%/native/local.mk
include %D%/build/local.mk
include %D%/run/local.mk
include %D%/sched/local.mk
include %D%/explore/local.mk
include %D%/litmus/local.mk
include %D%/axiom/local.mk
include %D%/debug/local.mk
include %D%/picture/local.mk
include %D%/report/local.mk
include %D%/work/local.mk
