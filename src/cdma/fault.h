/* SPDX-License-Identifier: MIT */
#ifndef CDMA_FAULT_H
#define CDMA_FAULT_H

/*
 * Faults: where the simulated machine can be made to fail.
 *
 * The plan of a world is a list of rules; each counts for itself how often its
 * site was passed and says when that is to fail, and how.
 *
 *	fail dma_alloc #2 with -ENOMEM;
 *
 *	cdma_faults_add(faults, &(struct cdma_fault_rule){
 *		.site = CDMA_FAULT_DMA_ALLOC, .nth = 2, .err = -ENOMEM});
 *
 * Nothing here is random: the same program and plan fail at the same places.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one list of sites.  X(name, text, errnos, where, left): its name in a
 * plan and a log; how the kernel's own code may fail there (ERRNOS_* of
 * fault.c); what passes it; and what is left behind when it fails.
 */
#define CDMA_FAULT_SITES(X)                                                    \
	X(DMA_ALLOC, "dma_alloc", NOMEM,                                       \
	  "any allocation of DMA memory: box, coherent, handle",               \
	  "nothing is allocated")                                              \
	X(KMALLOC, "kmalloc", NOMEM, "memory of the kernel",                   \
	  "nothing is allocated")                                              \
	X(DMA_MAP, "dma_map", NOMEM, "any map of it for a device",             \
	  "nothing is mapped: the memory is the CPU's")                        \
	X(INIT, "init", ANY, "the initialiser of coherent_init()",             \
	  "nothing: the memory is freed again")                                \
	X(INIT_AT, "init_at", ANY, "the initialiser of init_at()",             \
	  "bytes before that place are new, the others what they were")        \
	X(SET_MASK, "set_mask", IO,                                            \
	  "dma_set_mask(), and the first half of dma_set_mask_and_coherent()", \
	  "both masks are what they were")                                     \
	X(SET_COHERENT_MASK, "set_coherent_mask", IO,                          \
	  "dma_set_coherent_mask() alone", "the mask is what it was")          \
	X(ENABLE_DEVICE, "enable_device", ANY, "pci_enable_device_mem()",      \
	  "nothing")                                                           \
	X(IOMAP, "iomap", NOMEM, "pcim_iomap_regions()",                       \
	  "no register can be reached")                                        \
	X(REQUEST_IRQ, "request_irq", ANY, "request_irq()",                    \
	  "the handler never runs")                                            \
	X(CALL, "call", ANY, "a function that is declared with `may fail'",    \
	  "nothing: it returns its error at once")                             \
	X(COPY_TO_USER, "copy_to_user", FAULT, "a read of a debugfs file",     \
	  "bytes before that place are copied, the offset is what it was")

enum cdma_fault_site {
#define X(name, text, errnos, where, left) CDMA_FAULT_##name,
	CDMA_FAULT_SITES(X)
#undef X
		CDMA_FAULT_NR,
};

/* "dma_alloc" and the like. */
const char *cdma_fault_name(enum cdma_fault_site site);
/* What passes it, and what is left behind when it fails: for who reads. */
const char *cdma_fault_where(enum cdma_fault_site site);
const char *cdma_fault_left(enum cdma_fault_site site);
/* The site of this name; CDMA_FAULT_NR when there is none. */
enum cdma_fault_site cdma_fault_find(const char *name);

/* What a site fails with when nothing else is said: its only errno, or
 * -EINVAL where any is possible. */
int cdma_fault_default(enum cdma_fault_site site);
/* Whether @err is -errno and the kernel can fail so at @site. */
bool cdma_fault_is_legal(enum cdma_fault_site site, int err);
/* Whether a rule of @site can say at which byte it fails. */
bool cdma_fault_has_byte(enum cdma_fault_site site);

struct cdma_fault_rule {
	enum cdma_fault_site site;

	/* Count only what happens to the region of this name (world.h:
	 * cdma_set_name); NULL: everything.  Copied. */
	const char *region;

	uint64_t nth;   /* fail the nth pass, from 1; 0 is 1 */
	uint64_t every; /* and each every-th after it; 0: no more */
	int err;        /* -errno; 0: the default of the site */

	/* Where has_byte: bytes that are done before it fails. */
	size_t byte;
};

struct cdma_faults;

/*
 * Add a rule.
 *
 * @rule: copied.
 *
 * Errors: -EINVAL  its err is not legal at its site, or it has a byte where
 *                  there is none.
 */
int cdma_faults_add(struct cdma_faults *faults,
		    const struct cdma_fault_rule *rule);

/* Forget all rules and counts. */
void cdma_faults_clear(struct cdma_faults *faults);

/* How often @site was passed in this run, and how often it failed. */
uint64_t cdma_faults_passed(const struct cdma_faults *faults,
			    enum cdma_fault_site site);
uint64_t cdma_faults_failed(const struct cdma_faults *faults,
			    enum cdma_fault_site site);

/*
 * How often rule @i, numbered from 0 as they were added, failed something in
 * this run, alone or with others.  A plan that never strikes is worth a word to
 * its author.
 */
uint64_t cdma_faults_struck(const struct cdma_faults *faults, size_t i);

/*
 * Pass @site; for the model, and for models of other things.  The first rule
 * that says so fails it; all count.
 *
 * @region: name of what it happens to, or NULL.
 * @byte:   how many bytes are done before it fails; may be NULL.
 *
 * Returns: 0, or the -errno to fail with.
 */
int cdma_fault_hit(struct cdma_faults *faults, enum cdma_fault_site site,
		   const char *region, size_t *byte);

/*
 * Pass the site "call" of a function called @name, which is nobody's but the
 * caller's; for models of other things.
 *
 * Emits: FAULT, when it fails.
 */
struct cdma_site;
struct cdma_world;
int cdma_fault_call_at(struct cdma_world *world, const char *name,
		       const struct cdma_site *site);
#define cdma_fault_call(world, name) cdma_fault_call_at(world, name, CDMA_HERE)

/* For the world that owns the plan: an empty plan, its end, a new run. */
struct cdma_faults *cdma_faults_new(void);
void cdma_faults_free(struct cdma_faults *faults);
void cdma_faults_restart(struct cdma_faults *faults);

/* For whoever goes back to the middle of a run: where its counters are. */
struct cdma_image;
void cdma_faults_mark(struct cdma_faults *faults, struct cdma_image *image);

#endif /* CDMA_FAULT_H */
