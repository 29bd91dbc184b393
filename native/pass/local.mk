# SPDX-License-Identifier: MIT
#
# The compiler pass: a plugin of clang, where the headers of LLVM are.

pass_sources = \
	%D%/accesses.cpp \
	%D%/assembly.cpp %D%/assembly.h \
	%D%/calls.cpp \
	%D%/hooks.cpp %D%/hooks.h \
	%D%/labels.cpp \
	%D%/plugin.cpp \
	%D%/rewrite.cpp %D%/rewrite.h \
	%D%/sites.cpp %D%/sites.h
EXTRA_DIST += $(pass_sources)

if HAVE_PASS
pass_plugin = %D%/cdmapass.so
pass_objects = \
	%D%/accesses.o \
	%D%/assembly.o \
	%D%/calls.o \
	%D%/hooks.o \
	%D%/labels.o \
	%D%/plugin.o \
	%D%/rewrite.o \
	%D%/sites.o
CLEANFILES += $(pass_plugin) $(pass_objects)
all-local: $(pass_plugin)
passdir = $(libdir)/cdmasim
pass_DATA = $(pass_plugin)

# It lives in clang's process, so the flags are those of LLVM, not ours.
pass_headers = \
	$(srcdir)/%D%/assembly.h $(srcdir)/%D%/hooks.h \
	$(srcdir)/%D%/rewrite.h $(srcdir)/%D%/sites.h
pass_cxx = $(AM_V_GEN)$(MKDIR_P) %D% && $(CXX) $(PASS_CXXFLAGS) -O1 -g0 \
	-fPIC -Wall -Wextra -Wno-unused-parameter
%D%/accesses.o: $(srcdir)/%D%/accesses.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/accesses.cpp
%D%/assembly.o: $(srcdir)/%D%/assembly.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/assembly.cpp
%D%/calls.o: $(srcdir)/%D%/calls.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/calls.cpp
%D%/hooks.o: $(srcdir)/%D%/hooks.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/hooks.cpp
%D%/labels.o: $(srcdir)/%D%/labels.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/labels.cpp
%D%/plugin.o: $(srcdir)/%D%/plugin.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/plugin.cpp
%D%/rewrite.o: $(srcdir)/%D%/rewrite.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/rewrite.cpp
%D%/sites.o: $(srcdir)/%D%/sites.cpp $(pass_headers)
	$(pass_cxx) -c -o $@ $(srcdir)/%D%/sites.cpp
$(pass_plugin): $(pass_objects)
	$(AM_V_GEN)$(CXX) -shared -o $@ $(pass_objects)
endif
