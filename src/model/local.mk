# SPDX-License-Identifier: MIT

# libcdma_a_SOURCES += %D%/x.c %D%/x.h
