# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/crew.c %D%/crew.h \
	%D%/journal.c %D%/journal.h \
	%D%/seeds.c %D%/seeds.h \
	%D%/tally-json.c %D%/tally-json.h \
	%D%/work.c %D%/work.h

unit_tests += tests/unit/test-work
