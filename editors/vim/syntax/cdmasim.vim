" SPDX-License-Identifier: MIT
" Vim syntax file: scenarios of cdmasim (*.dma).
" A test keeps the words those of sim/script/keywords.h.
if exists("b:current_syntax")
	finish
endif

syn keyword dmaItem scenario source include param const struct device shared
syn keyword dmaItem spinlock mutex completion waitqueue native driver patch fn setup teardown final
syn keyword dmaItem thread irq irq_thread timer work tasklet napi memory
syn keyword dmaItem revocable devres drvdata
syn keyword dmaItem contract timeouts machine fail fault variant packed regs enum union static
syn keyword dmaWord msi intx level w1c w1s rc on write read cpu core strong weak c rust early late with of
syn keyword dmaWord every may none bit byte field relaxed unordered split in max
syn keyword dmaWord pci rev define link before replace remove
syn keyword dmaExpect expect nothing always never at after against unreached then
syn keyword dmaExpect anything explore under faults each pairs
syn keyword dmaHandle box coherent handle view window buffer pool scatterlist
syn keyword dmaStatement if else for poll while do switch case default
syn keyword dmaStatement fallthrough goto break continue return sizeof offsetof
syn keyword dmaType u8 u16 u32 u64 s8 s16 s32 s64 le16 le32 le64 be16 be32 be64
syn keyword dmaType bool dma_addr_t int size_t
syn match dmaCall "\<\h\w*\ze("
" After the calls, since the last that fits counts.
syn match dmaBarrier "\<\(smp_\|dma_\|\)\(r\|w\|\)mb\ze("
syn match dmaLabel "^\h\w*:"
syn match dmaConstant "\<[A-Z][A-Z0-9_]*\>\ze\([^(A-Za-z0-9_]\|$\)"
syn match dmaNumber "\<\d[0-9_]*\>\|\<0x[0-9a-fA-F_]*\>\|\<0b[01_]*\>"
syn region dmaString start=+"+ skip=+\\.+ end=+"+
syn match dmaComment "//.*$" contains=dmaTodo
syn region dmaComment start="/\*" end="\*/" contains=dmaTodo
syn keyword dmaTodo TODO FIXME XXX contained

hi def link dmaItem Structure
hi def link dmaWord Keyword
hi def link dmaExpect PreProc
hi def link dmaHandle StorageClass
hi def link dmaStatement Statement
hi def link dmaType Type
hi def link dmaBarrier Special
hi def link dmaCall Function
hi def link dmaLabel Label
hi def link dmaConstant Constant
hi def link dmaNumber Number
hi def link dmaString String
hi def link dmaComment Comment
hi def link dmaTodo Todo

let b:current_syntax = "cdmasim"
