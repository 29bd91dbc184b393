# SPDX-License-Identifier: MIT
#
# The detector's verdicts against those of somebody else.
# program_tests += %D%/test-x

EXTRA_DIST += %D%/lkmm.tsv
