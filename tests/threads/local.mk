# SPDX-License-Identifier: MIT
#
# Real threads, meant for --with-sanitizer=thread.

unit_tests += \
	%D%/test-checker \
	%D%/test-crew \
	%D%/test-free \
	%D%/test-queue \
	%D%/test-translate

# Programs of users, which the test builds.
EXTRA_DIST += %D%/asks.c %D%/nic-ring.c
shell_tests += %D%/model.sh
