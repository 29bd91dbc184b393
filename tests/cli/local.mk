# SPDX-License-Identifier: MIT
#
# What a user sees: exit codes, options, output.
# shell_tests += %D%/x.sh
