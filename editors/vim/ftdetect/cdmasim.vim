" SPDX-License-Identifier: MIT
au BufRead,BufNewFile *.dma setfiletype cdmasim
