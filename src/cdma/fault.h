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
 * Nothing here is random, but where a rule asks for it: the same program and
 *plan fail at the same places.
 *
 * As the kernel decides it
 * ------------------------
 * A rule may have attributes instead of a number: probability, interval, times,
 * space, fail_nth, with the kernel's meaning and order (fault-attr.h).
 *
 *	fail dma_alloc, probability=10, times=-1;
 *
 *	cdma_faults_add(faults, &(struct cdma_fault_rule){
 *		.site = CDMA_FAULT_DMA_ALLOC, .has_attr = true,
 *		.attr = {.probability = 10, .interval = 1, .times = -1}});
 *
 * What is left to chance is answered by cdma_faults_ask(), or drawn from a
 *seed.
 *
 * Devices
 * -------
 * A device that is broken, or gone, is a site as well, that of one device:
 *
 *	fault nic drop write of ring #3;
 *
 *	cdma_faults_add(faults, &(struct cdma_fault_rule){
 *		.site = CDMA_FAULT_DROP_WRITE, .device = "nic",
 *		.region = "ring", .nth = 3});
 *
 * It gives no error: what the driver makes of it is the question.  What such a
 * device does at another time than it should is kept for it: see late.h.
 *
 * Threads: a plan belongs to its world; calls exclude each other, as those of
 * the world do.  What asks for a name or a number alone may be called by any
 * thread at any time.
 */

#include <cdma/fault-attr.h>

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

/*
 * The same of devices: what passes it, and what becomes of that.  A write is a
 * store of an engine to memory, whatever its size; readl and writel are those
 * of a CPU to a register, of any width.
 *
 * None of them is against the rules of the bus for what a device sends, but
 * for what the text says of its time; a device that sends it is broken.
 */
#define CDMA_FAULT_DEVICES(X)                                                  \
	X(DROP_WRITE, "drop write", NONE, "a write",                           \
	  "nothing of it reaches memory")                                      \
	X(REPEAT_WRITE, "repeat write", NONE, "a write",                       \
	  "it is made once more, at any later time")                           \
	X(DELAY_WRITE, "delay write", NONE, "a write",                         \
	  "it is made at any later time; all else may overtake it")            \
	X(REORDER_WRITE, "reorder write", NONE, "a write",                     \
	  "it is made after the next one of its engine, before the one after") \
	X(TEAR_WRITE, "tear write", NONE, "a write of 2 bytes or more",        \
	  "one half, either of them, is made later, before the next write")    \
	X(FLIP_WRITE, "flip write", NONE, "a write that has the bit",          \
	  "one bit of it is wrong: `at bit N', else the lowest")               \
	X(FORGE_WRITE, "forge write", NONE, "a write",                         \
	  "what it writes is made up: all zero, all ones, or one more")        \
	X(STALE_WRITE, "stale write", NONE,                                    \
	  "a write of an engine that has made one",                            \
	  "it goes where the one before it went")                              \
	X(STRAY_WRITE, "stray write", NONE, "a write to memory",               \
	  "it goes behind the end of that memory")                             \
	X(TRUNCATE_WRITE, "truncate write", NONE,                              \
	  "a write to an address of more than 32 bits",                        \
	  "it goes to the lower 32 bits of that")                              \
	X(DROP_IRQ, "drop irq", NONE, "an interrupt that is raised",           \
	  "nobody hears of it")                                                \
	X(REPEAT_IRQ, "repeat irq", NONE, "an interrupt that is raised",       \
	  "it is raised once more, at any later time")                         \
	X(SPURIOUS_IRQ, "spurious irq", NONE, "any moment, once",              \
	  "an interrupt that the device has no reason for")                    \
	X(LATE_IRQ, "late irq", NONE, "free_irq() of a wire, which is shared", \
	  "the handler runs once more, as CONFIG_DEBUG_SHIRQ makes it")        \
	X(ONES_READL, "ones readl", NONE, "a readl() of the device",           \
	  "it gives all ones; nothing is read")                                \
	X(DROP_WRITEL, "drop writel", NONE, "a writel() to the device",        \
	  "the register is what it was: an engine told to stop does not")      \
	X(REMOVE, "remove", NONE, "any moment, once",                          \
	  "the device is gone: no DMA, no interrupts, registers read all "     \
	  "ones")

enum cdma_fault_site {
#define X(name, text, errnos, where, left) CDMA_FAULT_##name,
	CDMA_FAULT_SITES(X)
	/* Those before it are calls, the others devices. */
	CDMA_FAULT_CALLS,
	CDMA_FAULT_BEFORE_DEVICES = CDMA_FAULT_CALLS - 1,
	CDMA_FAULT_DEVICES(X)
#undef X
		CDMA_FAULT_NR,
	/* Of a rule alone: whichever call it is. */
	CDMA_FAULT_ANY,
};

/* Whether @site is one of a device. */
static inline bool cdma_fault_is_device(enum cdma_fault_site site)
{
	return site >= CDMA_FAULT_CALLS && site < CDMA_FAULT_NR;
}

/* Whether it is passed at no place of a program: it comes at any moment, and
 * once. */
static inline bool cdma_fault_is_sudden(enum cdma_fault_site site)
{
	return site == CDMA_FAULT_SPURIOUS_IRQ || site == CDMA_FAULT_REMOVE;
}

/* "dma_alloc" and the like; "any". */
const char *cdma_fault_name(enum cdma_fault_site site);
/* What passes it, and what is left behind when it fails, or becomes of it: for
 * who reads. */
const char *cdma_fault_where(enum cdma_fault_site site);
const char *cdma_fault_left(enum cdma_fault_site site);
/* The site of this name; CDMA_FAULT_NR when there is none. */
enum cdma_fault_site cdma_fault_find(const char *name);

/* What a site fails with when nothing else is said: its only errno, or
 * -EINVAL where any is possible.  0: of a device. */
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

	/* Of a device: its name.  Copied. */
	const char *device;
	/* Of its registers: count only those that have a byte of these. */
	uint64_t offset, size; /* bytes; size 0: all */
	/* Of a device: one pass, whichever cdma_faults_ask() says. */
	bool any;
	/* Of FLIP_WRITE: the bit, from 0, the lowest of the first byte. */
	uint64_t bit;

	uint64_t nth;   /* fail the nth pass, from 1; 0 is 1 */
	uint64_t every; /* and each every-th after it; 0: no more */
	int err;        /* -errno; 0: the default of the site */

	/* Of a call: instead of nth and every. */
	bool has_attr;
	struct cdma_fault_attr attr; /* as it is when a run begins */

	/* Count only what passes while cdma_faults_window() says so. */
	bool has_window;

	/* Where has_byte: bytes that are done before it fails. */
	size_t byte;
};

struct cdma_faults;

/*
 * Add a rule.
 *
 * @rule: copied.
 *
 * Errors: -EINVAL  its err is not legal at its site, or it has a byte or a
 *                  device where there is none, or none where there is one, or
 *                  attributes and a number.
 */
int cdma_faults_add(struct cdma_faults *faults,
		    const struct cdma_fault_rule *rule);

/* Forget all rules and counts. */
void cdma_faults_clear(struct cdma_faults *faults);

/* How often @site was passed in this run, and how often it failed.  One of a
 * device is counted while a rule is about it. */
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
 * @size:   bytes that are asked for, or 1: what attr.space is counted in.
 * @byte:   how many bytes are done before it fails; may be NULL.
 *
 * Returns: 0, or the -errno to fail with.
 */
int cdma_fault_hit(struct cdma_faults *faults, enum cdma_fault_site site,
		   const char *region, uint64_t size, size_t *byte);

/* What happens to a device. */
struct cdma_fault_pass {
	enum cdma_fault_site site;
	const char *device;
	const char *region;    /* or interrupt; may be NULL */
	uint64_t offset, size; /* of an access, in its region */
	bool is_wait; /* in the condition of one: rules that may strike any
			 pass leave it alone */
};

/*
 * The same of a device.
 *
 * Returns: the rule that strikes, from 1; 0: none does.
 */
size_t cdma_fault_strikes(struct cdma_faults *faults,
			  const struct cdma_fault_pass *pass);
/* Whether it would, without passing it. */
bool cdma_fault_would(const struct cdma_faults *faults,
		      const struct cdma_fault_pass *pass);
/* Rule @i, from 1, as it was given. */
const struct cdma_fault_rule *cdma_faults_rule(const struct cdma_faults *faults,
					       size_t i);
/* Rule @i, from 1, has struck at a moment of somebody else's choice. */
void cdma_fault_came(struct cdma_faults *faults, size_t i);

/* Bit CDMA_FAULT_x - CDMA_FAULT_CALLS is set when there is a rule about it. */
const uint32_t *cdma_faults_armed(const struct cdma_faults *faults);
#define CDMA_FAULT_BIT(name) (1u << (CDMA_FAULT_##name - CDMA_FAULT_CALLS))

/*
 * Who answers what a plan leaves open: whether a call fails that does so with a
 * probability, which pass an `any' strikes (0: not this one), and which half of
 * a torn write comes first (0: the lower).
 *
 * @ask: gives 0 to @nr - 1; @percent: how likely the 1 of two is, or 0: as
 *       likely as the other.  NULL: a probability is drawn, whatever is first
 *       strikes, the lower half comes first.
 */
void cdma_faults_ask(struct cdma_faults *faults,
		     uint32_t (*ask)(void *aux, uint32_t nr, uint32_t percent),
		     void *aux);
uint32_t cdma_fault_choose(const struct cdma_faults *faults, uint32_t nr);

/* The attributes by which a call failed last, as they were before: what the
 * kernel prints.  Of a rule with a number, those that nobody set. */
struct cdma_fault_attr cdma_faults_last(const struct cdma_faults *faults);

/* What is drawn where nobody is asked: each run draws the same.  0 at first. */
void cdma_faults_seed(struct cdma_faults *faults, uint64_t seed);

/*
 * Who says whether a rule with a window counts what passes now.
 *
 * @is_open: of rule @rule, from 1.  NULL: always.
 */
void cdma_faults_window(struct cdma_faults *faults,
			bool (*is_open)(void *aux, size_t rule), void *aux);

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
