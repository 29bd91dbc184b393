# SPDX-License-Identifier: MIT

# cdmainclude_HEADERS += %D%/x.h
