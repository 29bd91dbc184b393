# SPDX-License-Identifier: MIT

# dist_doc_DATA += %D%/x.md, and dist_man_MANS += %D%/cdmasim.1
EXTRA_DIST += %D%/layers
