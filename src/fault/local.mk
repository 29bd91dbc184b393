# SPDX-License-Identifier: MIT

libcdma_a_SOURCES += \
	%D%/fault.c

unit_tests += tests/unit/test-fault
