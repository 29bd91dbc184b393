/* SPDX-License-Identifier: MIT */
/*
 * Memory: kmalloc(), vmalloc(), slabs and their kin.
 *
 * Orders nothing.  All of it is memory with a life (cdma_driver_alloc()): who
 * forgets it has a `leak', who frees it twice a `double_free'; an allocation
 * may fail by plan.  An allocation that may sleep says so where nobody may.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <cdma/driver.h>

CDMA_SERVICES;

struct kmem_cache {
	const char *name;
	unsigned int size, align;
	slab_flags_t flags;
	void (*ctor)(void *);
};

/* kmalloc() of a constant size looks into it for the cache to ask. */
struct kmem_cache *kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

static unsigned int how_of(gfp_t gfp)
{
	return (gfpflags_allow_blocking(gfp) ? 0 : CDMA_DRIVER_ATOMIC) |
	       (gfp & __GFP_ZERO ? CDMA_DRIVER_ZERO : 0);
}

static void *allocate(size_t size, gfp_t gfp, const char *name)
{
	if (!size)
		return ZERO_SIZE_PTR;
	return cdma_driver_alloc(size, 0, how_of(gfp), name);
}

void *__kmalloc(size_t size, gfp_t gfp)
{
	return allocate(size, gfp, NULL);
}

void *__kmalloc_node(size_t size, gfp_t gfp, int node)
{
	return allocate(size, gfp, NULL);
}

void *__kmalloc_track_caller(size_t size, gfp_t gfp, unsigned long caller)
{
	return allocate(size, gfp, NULL);
}

void *__kmalloc_node_track_caller(size_t size, gfp_t gfp, int node,
				  unsigned long caller)
{
	return allocate(size, gfp, NULL);
}

void *kmalloc_trace(struct kmem_cache *cache, gfp_t gfp, size_t size)
{
	return allocate(size, gfp, NULL);
}

void *kmalloc_node_trace(struct kmem_cache *cache, gfp_t gfp, int node,
			 size_t size)
{
	return allocate(size, gfp, NULL);
}

void *kmalloc_large(size_t size, gfp_t gfp)
{
	return allocate(size, gfp, NULL);
}

void *kmalloc_large_node(size_t size, gfp_t gfp, int node)
{
	return allocate(size, gfp, NULL);
}

void kfree(const void *at)
{
	if (!ZERO_OR_NULL_PTR(at))
		cdma_driver_free(at);
}

void kfree_sensitive(const void *at)
{
	kfree(at);
}

size_t ksize(const void *at)
{
	return ZERO_OR_NULL_PTR(at) ? 0 : cdma_driver_size(at);
}

size_t __ksize(const void *at)
{
	return ksize(at);
}

void *krealloc(const void *at, size_t size, gfp_t gfp)
{
	size_t old = ksize(at);
	void *to;

	if (!size) {
		kfree(at);
		return ZERO_SIZE_PTR;
	}
	to = allocate(size, gfp, NULL);
	if (to && old) {
		memcpy(to, at, min(old, size));
		kfree(at);
	}
	return to;
}

void *kmemdup(const void *from, size_t size, gfp_t gfp)
{
	void *to = allocate(size, gfp, NULL);

	if (to)
		memcpy(to, from, size);
	return to;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup(s, strlen(s) + 1, gfp) : NULL;
}

/* ---- vmalloc ---- */

/* What was allocated by it: it is not to be mapped. */
struct vmalloced {
	struct vmalloced *next;
	const void *at;
	unsigned long size;
};

static struct vmalloced *vmalloced, *unused;

static void *vmalloc_as(unsigned long size, gfp_t gfp)
{
	void *at = cdma_driver_alloc(size, PAGE_SIZE, how_of(gfp), "vmalloc");
	struct vmalloced *v = unused;

	if (!at)
		return NULL;
	if (v)
		unused = v->next;
	else
		v = cdma_driver_keep(sizeof(*v));
	*v = (struct vmalloced){vmalloced, at, size};
	vmalloced = v;
	return at;
}

static struct vmalloced **find(const void *at)
{
	struct vmalloced **v = &vmalloced;

	while (*v && (at < (*v)->at || at >= (*v)->at + (*v)->size))
		v = &(*v)->next;
	return v;
}

bool is_vmalloc_addr(const void *at)
{
	return *find(at);
}

void *vmalloc(unsigned long size)
{
	return vmalloc_as(size, GFP_KERNEL);
}

void *vzalloc(unsigned long size)
{
	return vmalloc_as(size, GFP_KERNEL | __GFP_ZERO);
}

void *vmalloc_node(unsigned long size, int node)
{
	return vmalloc_as(size, GFP_KERNEL);
}

void *vzalloc_node(unsigned long size, int node)
{
	return vmalloc_as(size, GFP_KERNEL | __GFP_ZERO);
}

void vfree(const void *at)
{
	struct vmalloced **v = find(at), *gone = *v;

	if (gone) {
		*v = gone->next;
		gone->next = unused;
		unused = gone;
	}
	cdma_driver_free(at);
}

/* What fits a slab comes from one. */
void *kvmalloc_node(size_t size, gfp_t gfp, int node)
{
	return size <= KMALLOC_MAX_CACHE_SIZE ? allocate(size, gfp, NULL)
					      : vmalloc_as(size, gfp);
}

void kvfree(const void *at)
{
	if (is_vmalloc_addr(at))
		vfree(at);
	else
		kfree(at);
}

/* ---- slabs ---- */

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *))
{
	struct kmem_cache *cache = cdma_driver_keep(sizeof(*cache));

	*cache = (struct kmem_cache){name, size, align, flags, ctor};
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *at = cdma_driver_alloc(cache->size, cache->align, how_of(gfp),
				     cache->name);

	if (at && cache->ctor)
		cache->ctor(at);
	return at;
}

void kmem_cache_free(struct kmem_cache *cache, void *at)
{
	cdma_driver_free(at);
}
