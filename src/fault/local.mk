# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/attr.c \
	%D%/fault.c

unit_tests += \
	tests/unit/test-fault \
	tests/unit/test-fault-attr
