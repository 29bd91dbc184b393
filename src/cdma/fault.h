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
 * X(name, text, errnos): a site, its name in a plan and a log, and how the
 * kernel's own code may fail there (CDMA_ERRNOS_*).
 *
 * DMA_ALLOC         any allocation of DMA memory: box, coherent, handle.
 * KMALLOC           memory of the kernel: cdma_kmalloc().
 * DMA_MAP           any map of it for a device.
 * INIT              the initialiser of cdma_coherent_init(); may have a byte.
 * INIT_AT           that of cdma_box_init_at(); may have a byte.
 * SET_MASK          dma_set_mask, also as the first half of _and_coherent.
 * SET_COHERENT_MASK dma_set_coherent_mask alone.
 * ENABLE_DEVICE     pci enable_device_mem.
 * COPY_TO_USER      of debugfs; may have a byte.
 */
#define CDMA_FAULT_SITES(X)                                                    \
	X(DMA_ALLOC, "dma_alloc", NOMEM)                                       \
	X(KMALLOC, "kmalloc", NOMEM)                                           \
	X(DMA_MAP, "dma_map", NOMEM)                                           \
	X(INIT, "init", ANY)                                                   \
	X(INIT_AT, "init_at", ANY)                                             \
	X(SET_MASK, "set_mask", IO)                                            \
	X(SET_COHERENT_MASK, "set_coherent_mask", IO)                          \
	X(ENABLE_DEVICE, "enable_device", ANY)                                 \
	X(COPY_TO_USER, "copy_to_user", FAULT)

enum cdma_fault_site {
#define X(name, text, errnos) CDMA_FAULT_##name,
	CDMA_FAULT_SITES(X)
#undef X
		CDMA_FAULT_NR,
};

/* "dma_alloc" and the like. */
const char *cdma_fault_name(enum cdma_fault_site site);
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

/* For the world that owns the plan: an empty plan, its end, a new run. */
struct cdma_faults *cdma_faults_new(void);
void cdma_faults_free(struct cdma_faults *faults);
void cdma_faults_restart(struct cdma_faults *faults);

/* For whoever goes back to the middle of a run: where its counters are. */
struct cdma_image;
void cdma_faults_mark(struct cdma_faults *faults, struct cdma_image *image);

#endif /* CDMA_FAULT_H */
