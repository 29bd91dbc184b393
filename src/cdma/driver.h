/* SPDX-License-Identifier: MIT */
#ifndef CDMA_DRIVER_H
#define CDMA_DRIVER_H

/*
 * Driver: what compiled driver code asks of cdmasim.
 *
 * A model (model.h) calls libcdma for each access.  A driver does not: it has
 * pointers, and the compiler pass (doc/native.md) makes of each load and store
 * a call of a hook below.  What it asks of the kernel is answered by services:
 * functions with the kernel's names, compiled against the kernel's headers,
 * that are written with what stands under "Services".
 *
 * This header needs no other, so that it can be included where those of the
 * kernel are and those of C are not.
 *
 * Places
 * ------
 * No call below takes a place: the pass notes where each call is made, and the
 * place of a step is the innermost line of the driver on the way to it.  What
 *is in a header of the kernel counts as the line that uses it.  A file of
 *services says
 *
 *	CDMA_SERVICES;
 *
 * once, at its top: then nothing in it is a place, and all that it does happens
 * where the driver called it.
 *
 * Memory
 * ------
 *	private   variables, the stack, cdma_driver_alloc(): read and written as
 *	          it is, without a step.  It is put back when a run begins.
 *	lent      the same, once it was mapped for a device: each access is an
 *	          event, until it is freed.
 *	coherent  cdma_driver_dma_alloc(): addresses at which nothing is mapped;
 *	          each access is a step.  What no hook has seen traps, and is a
 *	          finding with its place.
 *	registers cdma_driver_ioremap(): the same; an access without a call of
 *	          cdma_driver_mmio_read() is a relaxed one.
 *
 * Objects
 * -------
 * Locks, completions, timers and their kin are known by the address of the
 * driver's own struct, "key" below.  They come to be where they are
 *initialised, or where they are used first.
 *
 * All calls are made by an actor of the scenario.  What waits lets the others
 * go on.
 *
 * Threads: as of a model (model.h): one actor at a time, on whatever thread.
 */

typedef __UINT64_TYPE__ cdma_driver_u64;
typedef __UINT32_TYPE__ cdma_driver_u32;

struct cdma_site;
struct cdma_device;

/* ======== hooks: called by code that the pass made ======== */

/* How an access is made. */
#define CDMA_HOOK_PLAIN    0x100u /* an ordinary expression of C */
#define CDMA_HOOK_VOLATILE 0x200u /* READ_ONCE, WRITE_ONCE */
#define CDMA_HOOK_ATOMIC   0x400u
#define CDMA_HOOK_ACQUIRE  0x800u
#define CDMA_HOOK_RELEASE  0x1000u
#define CDMA_HOOK_FULL     0x2000u /* sequentially consistent */
#define CDMA_HOOK_UNUSED   0x4000u /* nobody uses what it gives */
#define CDMA_HOOK_SIZE     0xffu   /* bytes */

/* A value, and the reads that it was computed from (cdma/dep.h). */
struct cdma_hooked {
	cdma_driver_u64 value;
	cdma_driver_u64 dep;
};

/* Load and store 1, 2, 4 or 8 bytes.  @how: the size, joined with CDMA_HOOK_*;
 * @addr_dep, @dep: the reads that the address and the value come from. */
struct cdma_hooked __cdma_ld(const void *at, cdma_driver_u32 how,
			     const struct cdma_site *site,
			     cdma_driver_u32 addr_dep);
void __cdma_st(void *at, cdma_driver_u32 how, const struct cdma_site *site,
	       cdma_driver_u32 addr_dep, cdma_driver_u64 value,
	       cdma_driver_u32 dep);

/* The same of what is no word: 24 or 128 bits, a vector.  load: to @to, which
 * no hook knows; returns the reads that the bytes come from.  store: from
 * there. */
cdma_driver_u32 __cdma_load(void *to, const void *at, unsigned long size,
			    const struct cdma_site *site,
			    cdma_driver_u32 addr_dep);
void __cdma_store(void *at, const void *from, unsigned long size,
		  const struct cdma_site *site, cdma_driver_u32 addr_dep,
		  cdma_driver_u32 dep);

/* An atomic read-modify-write: what was there. */
enum cdma_hook_rmw {
	CDMA_HOOK_XCHG,
	CDMA_HOOK_ADD,
	CDMA_HOOK_SUB,
	CDMA_HOOK_AND,
	CDMA_HOOK_NAND,
	CDMA_HOOK_OR,
	CDMA_HOOK_XOR,
	CDMA_HOOK_MAX,
	CDMA_HOOK_MIN,
	CDMA_HOOK_UMAX,
	CDMA_HOOK_UMIN,
};
struct cdma_hooked __cdma_rmw(void *at, cdma_driver_u32 how,
			      const struct cdma_site *site,
			      cdma_driver_u32 addr_dep, cdma_driver_u64 value,
			      cdma_driver_u32 dep, cdma_driver_u32 op);
/* ... and a compare-and-exchange, which has succeeded when it is @expected.
 * @how_not: CDMA_HOOK_ACQUIRE and _FULL of one that fails. */
struct cdma_hooked __cdma_cas(void *at, cdma_driver_u32 how,
			      const struct cdma_site *site,
			      cdma_driver_u32 addr_dep,
			      cdma_driver_u64 expected, cdma_driver_u64 value,
			      cdma_driver_u32 dep, cdma_driver_u32 how_not);
/* atomic_thread_fence(); and a barrier in assembly, see cdma_driver_barrier().
 */
void __cdma_fence(cdma_driver_u32 how, const struct cdma_site *site);
void __cdma_barrier(cdma_driver_u32 domain, cdma_driver_u32 order,
		    const struct cdma_site *site);

/* Copies and fills of any size, memcpy(), memmove(), memset() among them. */
void __cdma_copy(void *to, const void *from, unsigned long size,
		 const struct cdma_site *site, cdma_driver_u32 to_dep,
		 cdma_driver_u32 from_dep);
void __cdma_fill(void *to, int byte, unsigned long size,
		 const struct cdma_site *site, cdma_driver_u32 to_dep,
		 cdma_driver_u32 dep);

/* A local variable comes to be: nothing is known of it; or it is a structure
 * that was given by value, and comes from @dep. */
void __cdma_local(void *at, unsigned long size);
void __cdma_given(void *at, unsigned long size, cdma_driver_u32 dep);

cdma_driver_u32 __cdma_join(cdma_driver_u32 a, cdma_driver_u32 b);
/* The same reads, of a value within bounds: & and % by what no read gave. */
cdma_driver_u32 __cdma_bound(cdma_driver_u32 dep);
/* It goes one way or another by a value that comes from @dep, which is not 0.
 */
void __cdma_branch(cdma_driver_u32 dep, const struct cdma_site *site);
/* Assembly that cannot be known: a finding, when it is reached. */
void __cdma_asm(const char *text, const struct cdma_site *site);

/*
 * The reads that the arguments and the result of a call come from, and where
 * the calls that are under way were made.  A caller sets __cdma_result_dep to
 * CDMA_HOOK_UNKNOWN; a function that the pass made sets it when it returns, one
 * that it did not make leaves it, and what it returns then comes from what all
 * its arguments do.
 */
#define CDMA_HOOK_ARGS    16
#define CDMA_HOOK_UNKNOWN 0xffffffffu
extern cdma_driver_u32 __cdma_arg_deps[CDMA_HOOK_ARGS];
extern cdma_driver_u32 __cdma_result_dep;
extern cdma_driver_u32 __cdma_result_dep2;    /* of a second register */
extern const struct cdma_site **__cdma_calls; /* points behind the last one */

/* Functions of C that look at memory, for those of their names. */
int __cdma_memcmp(const void *a, const void *b, unsigned long size);
int __cdma_bcmp(const void *a, const void *b, unsigned long size);
void *__cdma_memchr(const void *at, int byte, unsigned long size);
unsigned long __cdma_strlen(const char *s);
unsigned long __cdma_strnlen(const char *s, unsigned long size);
int __cdma_strcmp(const char *a, const char *b);
int __cdma_strncmp(const char *a, const char *b, unsigned long size);
char *__cdma_strchr(const char *s, int byte);
char *__cdma_strcpy(char *to, const char *from);
char *__cdma_strncpy(char *to, const char *from, unsigned long size);

/* ======== services ======== */

#define CDMA_SERVICES                                                          \
	static const char __cdma_services __attribute__((used)) = 1

/* ---- the scenario ---- */

/* The device that the scenario calls @name; NULL: the first one that has
 * registers.  A name that is not there is a mistake, which ends all runs. */
struct cdma_device *cdma_driver_device(const char *name);
/* What the param @name is; @otherwise when there is none. */
cdma_driver_u64 cdma_driver_param(const char *name, cdma_driver_u64 otherwise);

/* ---- memory ---- */

#define CDMA_DRIVER_ATOMIC 1u /* it may not sleep: GFP_ATOMIC */
#define CDMA_DRIVER_ZERO   2u /* kzalloc() */

/*
 * Private memory with a life: kmalloc(), vmalloc(), alloc_pages(), a slab.
 * Found of it: leak, double_free, cpu_uaf, out_of_bounds.
 *
 * @align: a power of two, at most 4096; 0: that of kmalloc().
 * @name: for reports; NULL: "kmalloc".
 *
 * Returns: NULL when there is none, or a fault was planned.
 */
void *cdma_driver_alloc(unsigned long size, unsigned long align,
			unsigned int how, const char *name);
/* @at: where it begins; NULL is ignored. */
void cdma_driver_free(const void *at);
/* What was asked for; 0: nothing is allocated at @at. */
unsigned long cdma_driver_size(const void *at);
/* Memory that is there to the end of the run, zeroed, and is no leak: of the
 * services themselves. */
void *cdma_driver_keep(unsigned long size);

/* ---- DMA ---- */

/* dma_set_mask_and_coherent() and its parts; 0 or -EIO.  @which: 1 streaming,
 * 2 coherent, 3 both. */
int cdma_driver_dma_mask(struct cdma_device *dev, cdma_driver_u64 mask,
			 unsigned int which);

/*
 * dma_alloc_coherent(): zeroed.  @addr: where the device has it.
 *
 * Returns: NULL when there is none, or a fault was planned.
 */
void *cdma_driver_dma_alloc(struct cdma_device *dev, unsigned long size,
			    cdma_driver_u64 *addr, unsigned int how,
			    unsigned long attrs, const char *name);
void cdma_driver_dma_free(struct cdma_device *dev, unsigned long size, void *at,
			  cdma_driver_u64 addr);

/* dma_pool; @key: the driver's struct dma_pool, or any address. */
int cdma_driver_pool_new(const void *key, struct cdma_device *dev,
			 const char *name, unsigned long size,
			 unsigned long align, unsigned long boundary);
void cdma_driver_pool_destroy(const void *key);
void *cdma_driver_pool_alloc(const void *key, unsigned int how,
			     cdma_driver_u64 *addr);
void cdma_driver_pool_free(const void *key, void *at, cdma_driver_u64 addr);

/* enum dma_data_direction, with its numbers. */
#define CDMA_DRIVER_BIDIRECTIONAL 0
#define CDMA_DRIVER_TO_DEVICE     1
#define CDMA_DRIVER_FROM_DEVICE   2

/*
 * Streaming maps (cdma/mapping.h), of a part of what cdma_driver_alloc() gave;
 * any other memory is `bad_map'.
 *
 * Returns: ~0 when it failed.
 */
cdma_driver_u64 cdma_driver_dma_map(struct cdma_device *dev, void *at,
				    unsigned long size, int dir,
				    unsigned long attrs);
int cdma_driver_dma_map_error(struct cdma_device *dev, cdma_driver_u64 addr);
void cdma_driver_dma_unmap(struct cdma_device *dev, cdma_driver_u64 addr,
			   unsigned long size, int dir, unsigned long attrs);
void cdma_driver_dma_sync_cpu(struct cdma_device *dev, cdma_driver_u64 addr,
			      unsigned long size, int dir);
void cdma_driver_dma_sync_device(struct cdma_device *dev, cdma_driver_u64 addr,
				 unsigned long size, int dir);

/* ---- registers ---- */

/* Where the CPU has the registers of @dev, all of them; the same each time. */
void *cdma_driver_ioremap(struct cdma_device *dev);
unsigned long cdma_driver_registers(struct cdma_device *dev); /* bytes */

#define CDMA_DRIVER_RELAXED 1u /* readl_relaxed(), __raw_readl() */
cdma_driver_u64 cdma_driver_mmio_read(const volatile void *at,
				      unsigned int size, unsigned int how);
void cdma_driver_mmio_write(volatile void *at, unsigned int size,
			    cdma_driver_u64 value, unsigned int how);

/* ---- order ---- */

/* The numbers of enum cdma_domain and enum cdma_ordering. */
#define CDMA_DRIVER_SMP   0 /* smp_mb() */
#define CDMA_DRIVER_DMA   1 /* dma_mb() */
#define CDMA_DRIVER_ALL   2 /* mb() */
#define CDMA_DRIVER_READ  0
#define CDMA_DRIVER_WRITE 1
#define CDMA_DRIVER_FULL  2
void cdma_driver_barrier(unsigned int domain, unsigned int order);

/* rcu_read_lock(), rcu_read_unlock(), synchronize_rcu() */
void cdma_driver_rcu_lock(void);
void cdma_driver_rcu_unlock(void);
void cdma_driver_rcu_wait(void);

/* ---- locks ---- */

#define CDMA_DRIVER_IRQ   1u /* interrupts off, or on again */
#define CDMA_DRIVER_BH    2u /* softirqs off, or on again */
#define CDMA_DRIVER_MUTEX 4u /* of init: it is waited for asleep */
/* A lock that was not initialised is of the kind that it is first used as:
 * CDMA_DRIVER_MUTEX may be said in each call. */
void cdma_driver_lock_init(const void *key, unsigned int how, const char *name);
void cdma_driver_lock(const void *key, unsigned int how);
int cdma_driver_trylock(const void *key, unsigned int how); /* 1: taken */
void cdma_driver_unlock(const void *key, unsigned int how);
int cdma_driver_is_locked(const void *key);

/* ---- completions and wait queues ---- */

void cdma_driver_completion_init(const void *key, const char *name);
void cdma_driver_completion_reinit(const void *key);
void cdma_driver_complete(const void *key, int all);
/* @timeout: it may run out, when nobody else can go on: then 0.  Else 1. */
int cdma_driver_wait_done(const void *key, int timeout);
int cdma_driver_try_wait_done(const void *key);
int cdma_driver_is_done(const void *key);

void cdma_driver_wake_up(const void *key);
/*
 * wait_event(): a loop in the driver that looks at its condition.
 *
 *	for (;;) {
 *		cdma_driver_prepare_wait(wq);
 *		if (condition || !left)
 *			break;
 *		left = cdma_driver_sleep(wq, timeout);
 *	}
 *
 * The sleep ends when somebody woke @key after the actor prepared: 1; or, with
 * @timeout, when nobody else can go on: 0.
 */
void cdma_driver_prepare_wait(const void *key);
int cdma_driver_sleep(const void *key, int timeout);

/* ---- time ---- */

/* Nanoseconds of the run.  Time goes on by what follows, and no other way. */
cdma_driver_u64 cdma_driver_now(void);
/* udelay(), msleep(), cpu_relax() in a loop: others go on until something has
 * changed, or nobody can. */
void cdma_driver_delay(cdma_driver_u64 ns);

/* ---- what runs later ---- */

/*
 * Actors come from the scenario, which says how many there are:
 *
 *	irq rx on nic.rx  { return cdma_driver_run(); }
 *	napi poll0        { return cdma_driver_run(); }
 *	thread worker on cpu { return cdma_driver_run(); }
 *
 * Each of them waits for a function, and does what that says.
 */
#define CDMA_DRIVER_TIMER   0
#define CDMA_DRIVER_WORK    1
#define CDMA_DRIVER_TASKLET 2
#define CDMA_DRIVER_NAPI    3
#define CDMA_DRIVER_THREAD  4 /* kthread_run(): it is armed once */

/* Bind @fn to an actor of that kind: the one that the scenario calls @name, or
 * the next that has nothing to do.  Binding @key again changes @fn and @arg.
 * 0; -28 (ENOSPC): there is none left.  To arm what nobody has bound is a
 * finding; to disarm it, or to wait for it, does nothing. */
int cdma_driver_bind(const void *key, unsigned int kind, const char *name,
		     int (*fn)(void *arg), void *arg);
void cdma_driver_unbind(const void *key);

/* mod_timer(), queue_work(), tasklet_schedule(), napi_schedule(): 1 when it was
 * not armed.  */
int cdma_driver_arm(const void *key);
int cdma_driver_is_armed(const void *key);

/* The numbers of CDMA_HANDLER_* (cdma/handler.h). */
#define CDMA_DRIVER_CLEAR 1u  /* disarm it */
#define CDMA_DRIVER_HOLD  2u  /* hold it back; nests */
#define CDMA_DRIVER_LET   4u  /* let it go again */
#define CDMA_DRIVER_SHUT  8u  /* it is never armed again */
#define CDMA_DRIVER_CLOSE 32u /* it cannot be armed; nests */
#define CDMA_DRIVER_OPEN  64u
int cdma_driver_change(const void *key,
		       unsigned int changes); /* 1: was armed */

/* Wait, then do @changes: timer_delete_sync() is CLEAR with IDLE, flush_work()
 * OVER, tasklet_kill() REST, napi_disable() FREE. */
#define CDMA_DRIVER_IDLE 0
#define CDMA_DRIVER_REST 1
#define CDMA_DRIVER_FREE 2
#define CDMA_DRIVER_OVER 3
int cdma_driver_wait_idle(const void *key, unsigned int wait,
			  unsigned int before, unsigned int after);
/* napi_complete_done(): 1 when it is done, 0 when it was scheduled again. */
int cdma_driver_napi_done(const void *key);

/* What the actor that calls it is bound to. */
int cdma_driver_run(void);

/* ---- interrupts ---- */

/* The number of the irq that the scenario calls @name, "nic.rx"; NULL: the
 * first one of @dev.  From 1 on; 0: there is none. */
unsigned int cdma_driver_irq(struct cdma_device *dev, const char *name);
/* request_threaded_irq(); @fn gives the kernel's irqreturn_t.  0, or -errno. */
int cdma_driver_request_irq(unsigned int irq, int (*fn)(int irq, void *arg),
			    int (*thread)(int irq, void *arg), void *arg,
			    const char *name);
void cdma_driver_free_irq(unsigned int irq, void *arg);
void cdma_driver_disable_irq(unsigned int irq, int wait);
void cdma_driver_enable_irq(unsigned int irq);
void cdma_driver_sync_irq(unsigned int irq);
/* What is off on this CPU: local_irq_save() gives CDMA_DRIVER_IRQ and _BH. */
unsigned int cdma_driver_off(unsigned int how);
void cdma_driver_on(unsigned int how);

/* might_sleep(), in what may: atomic_sleep where nobody may.  A wait, a mutex
 * and cdma_driver_free_irq() say it themselves. */
void cdma_driver_may_sleep(void);

/* A number of the actor that calls, from 0: for data of a CPU. */
unsigned int cdma_driver_cpu(void);

/* ---- saying something ---- */

void cdma_driver_log(const char *text);  /* printk(): a line of the log */
void cdma_driver_warn(const char *text); /* WARN_ON(): the same, a finding */
/* BUG(): a finding, and the end of what calls it. */
void cdma_driver_bug(const char *text) __attribute__((noreturn));
/* Nobody provides the function @name: a finding that says so, at the place of
 * the call, and the end of what calls it. */
void cdma_driver_missing(const char *name) __attribute__((noreturn));

#endif /* CDMA_DRIVER_H */
