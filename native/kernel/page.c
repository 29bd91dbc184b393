/* SPDX-License-Identifier: MIT */
/*
 * Page: alloc_pages(), and what a struct page is of.
 *
 * Orders nothing; what counts references is the kernel's own page_ref.h.  The
 * memory is that of cdma_driver_alloc(), with a life: it ends with the last
 * reference.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/pagemap.h>

#include <cdma/driver.h>

CDMA_SERVICES;

/* Addresses and pages are one number, shifted, in asm/page.h. */
unsigned long uml_physmem;
struct page *mem_map;

/* Where the pages are that nobody allocated: not in memory. */
#define NOWHERE 0x600000000000ul

struct block {
	struct block *next;
	unsigned long at, nr;
	struct page pages[];
};

static struct block *blocks, *unused;

static struct block **find_block(unsigned long at)
{
	struct block **b = &blocks;

	while (*b && (at < (*b)->at || at - (*b)->at >= (*b)->nr << PAGE_SHIFT))
		b = &(*b)->next;
	return b;
}

struct page *cdmasim_page(unsigned long at)
{
	const struct block *b = *find_block(at);

	if (b)
		return (struct page *)&b->pages[(at - b->at) >> PAGE_SHIFT];
	return (struct page *)NOWHERE + (at >> PAGE_SHIFT);
}

unsigned long cdmasim_page_at(const struct page *page)
{
	for (const struct block *b = blocks; b; b = b->next)
		if (page >= b->pages && page < b->pages + b->nr)
			return b->at + ((page - b->pages) << PAGE_SHIFT);
	return (unsigned long)(page - (struct page *)NOWHERE) << PAGE_SHIFT;
}

static struct block *new_block(unsigned long nr)
{
	struct block **b = &unused, *found;

	while (*b && (*b)->nr != nr)
		b = &(*b)->next;
	found = *b;
	if (found)
		*b = found->next;
	else
		found = cdma_driver_keep(struct_size(found, pages, nr));
	memset(found->pages, 0, nr * sizeof(*found->pages));
	found->nr = nr;
	return found;
}

static void make_compound(struct page *page, unsigned int order)
{
	__SetPageHead(page);
	page[1].compound_order = order;
	for (unsigned long i = 1; i < 1ul << order; i++)
		page[i].compound_head = (unsigned long)page + 1;
}

static struct page *allocate(gfp_t gfp, unsigned long nr)
{
	unsigned int how =
		(gfpflags_allow_blocking(gfp) ? 0 : CDMA_DRIVER_ATOMIC) |
		(gfp & __GFP_ZERO ? CDMA_DRIVER_ZERO : 0);
	void *at = cdma_driver_alloc(nr << PAGE_SHIFT, PAGE_SIZE, how, "pages");
	struct block *b;

	if (!at)
		return NULL;
	b = new_block(nr);
	b->at = (unsigned long)at;
	b->next = blocks;
	blocks = b;
	init_page_count(b->pages);
	return b->pages;
}

static void release(unsigned long at)
{
	struct block **b = find_block(at), *gone = *b;

	cdma_driver_free((void *)(gone ? gone->at : at));
	if (!gone)
		return;
	*b = gone->next;
	gone->next = unused;
	unused = gone;
}

struct page *__alloc_pages(gfp_t gfp, unsigned int order, int nid,
			   nodemask_t *mask)
{
	struct page *page = allocate(gfp, 1ul << order);

	if (page && order && (gfp & __GFP_COMP))
		make_compound(page, order);
	return page;
}

void __free_pages(struct page *page, unsigned int order)
{
	if (put_page_testzero(page))
		release(cdmasim_page_at(page));
}

void __folio_put(struct folio *folio)
{
	release(cdmasim_page_at(&folio->page));
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = allocate(gfp, 1ul << order);

	return page ? cdmasim_page_at(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

void free_pages(unsigned long at, unsigned int order)
{
	if (at)
		__free_pages(cdmasim_page(at), order);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	struct page *page = allocate(gfp, PFN_UP(size));

	return page ? (void *)cdmasim_page_at(page) : NULL;
}

void free_pages_exact(void *at, size_t size)
{
	free_pages((unsigned long)at, 0);
}

/* ---- parts of pages: each has pages of its own here ---- */

void *page_frag_alloc_align(struct page_frag_cache *nc, unsigned int size,
			    gfp_t gfp, unsigned int align_mask)
{
	struct page *page = allocate(gfp, PFN_UP(size));

	return page ? (void *)cdmasim_page_at(page) : NULL;
}

/* @at: anywhere in it. */
void page_frag_free(void *at)
{
	release((unsigned long)at);
}

void __page_frag_cache_drain(struct page *page, unsigned int count)
{
}
