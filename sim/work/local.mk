# SPDX-License-Identifier: MIT

libsim_a_SOURCES += \
	%D%/branches.c %D%/branches.h \
	%D%/crew.c %D%/crew.h \
	%D%/journal.c %D%/journal.h \
	%D%/pack.c %D%/pack.h \
	%D%/seeds.c %D%/seeds.h \
	%D%/tally-json.c %D%/tally-json.h \
	%D%/unit-text.c %D%/unit-text.h \
	%D%/work.c %D%/work.h

unit_tests += tests/unit/test-branches tests/unit/test-work
