# SPDX-License-Identifier: MIT
#
# Real threads, meant for --with-sanitizer=thread.
# program_tests += %D%/test-x
