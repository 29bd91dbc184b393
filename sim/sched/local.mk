# SPDX-License-Identifier: MIT

# libsim_a_SOURCES += %D%/x.c %D%/x.h
