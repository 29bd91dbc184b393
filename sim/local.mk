# SPDX-License-Identifier: MIT
#
# The program: libsim.a is all of it but main(), so that unit tests link it.

noinst_LIBRARIES += libsim.a
libsim_a_SOURCES =

bin_PROGRAMS += cdmasim
cdmasim_SOURCES = %D%/main.c
cdmasim_LDADD = libsim.a libcdma.a $(URCU_LIBS)

include %D%/script/local.mk
include %D%/run/local.mk
include %D%/sched/local.mk
include %D%/report/local.mk
