# SPDX-License-Identifier: MIT

libsim_a_SOURCES += %D%/must.h
