# SPDX-License-Identifier: MIT
#
# Every scenario is a test: `cdmasim run' must find just what it expects.
# One line a scenario, in alphabetical order: %D%/ordering/x.dma

scenarios =

# nobase keeps the sub-folders.
nobase_dist_pkgdata_DATA = $(scenarios)
