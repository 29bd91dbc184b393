/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_PAGE_H
#define CDMASIM_ASM_PAGE_H

/*
 * Pages: which struct page is of which address (native/kernel/page.c).
 *
 * The kernel has an array of all of them; here there are those of pages that
 * were allocated.  Of any other address there is a number that leads back to
 * it, so that what passes a struct page on, as dma_map_single() does, works.
 */

#include_next <asm/page.h>

#ifndef __ASSEMBLY__
struct page;
struct page *cdmasim_page(unsigned long at);
unsigned long cdmasim_page_at(const struct page *page);

#undef page_to_pfn
#undef pfn_to_page
#define page_to_pfn(page) (cdmasim_page_at(page) >> PAGE_SHIFT)
#define pfn_to_page(pfn)  cdmasim_page((unsigned long)(pfn) << PAGE_SHIFT)
#endif

#endif /* CDMASIM_ASM_PAGE_H */
