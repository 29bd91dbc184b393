# SPDX-License-Identifier: MIT
#
# Real threads, meant for --with-sanitizer=thread.

unit_tests += \
	%D%/test-checker \
	%D%/test-free \
	%D%/test-queue \
	%D%/test-translate
