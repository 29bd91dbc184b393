/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_H
#define CDMA_MODEL_H

/*
 * Model: a driver in C that cdmasim runs.
 *
 * The functions of a shared object are what the actors of a scenario do:
 *
 *	native "nic.so" probe, poll_rx, engine;         // nic.dma
 *	device nic { regs { u32 ring_lo; } irq rx: msi; }
 *
 *	setup             { return probe(); }
 *	thread poll on cpu { poll_rx(); }
 *	thread dma on nic  { engine(); }
 *
 *	int probe(void)                                 // nic.c
 *	{
 *		struct cdma_device *nic = cdma_model_device("nic");
 *		...
 *	}
 *
 *	cc -g -fPIC -shared -o nic.so nic.c $(pkg-config --cflags cdma)
 *	cdmasim explore nic.dma
 *
 * Every call of <cdma/cdma.h> that others can tell from its absence is a step:
 * cdmasim decides who does the next one, as it does in a scenario.  So no model
 * has a scheduler, and run, explore, replay, faults and reports are those of
 * any scenario.  doc/libcdma.md is the guide.
 *
 * What is here is not in libcdma: cdmasim provides it to what it loads.
 *
 * Contract
 * --------
 * Memory that more than one actor uses is made by libcdma: coherent memory, a
 * box, cdma_sysmem_new(), cdma_kmalloc(); what is shared in variables of C is
 * not seen by the rules, nor by explore.  What one actor alone uses, or what is
 * written before the threads begin and read then, may be any memory of C: all
 * variables of the shared object and what cdma_model_alloc() gives are put back
 * when a run begins.  Nothing else is, so a shared object that needs malloc(),
 * a file, a thread or the time is not loaded.
 *
 * cdmasim says who acts: there is no need for cdma_world_enter(), and actors
 * are the threads and handlers of the scenario.
 *
 * Threads: cdmasim calls the functions of a model one at a time, each up to
 * its next step, on whatever thread; what is here may be called from them, and
 * from nowhere else.
 */

#include <cdma/cdma.h>

struct cdma_lock;
struct cdma_completion;
struct cdma_waitqueue;
struct cdma_revocable;
struct cdma_handler;
struct cdma_irq;

/* The world of this run, and who acts: the engine, on a device. */
struct cdma_world *cdma_model_world(void);
struct cdma_actor *cdma_model_actor(void);

/*
 * What the scenario calls @name.
 *
 * A name that is not there is a mistake, which ends all runs with the place of
 * the call.
 */
struct cdma_device *cdma_model_device_at(const char *name,
					 const struct cdma_site *site);
#define cdma_model_device(name) cdma_model_device_at(name, CDMA_HERE)
/* The registers of the device @name. */
struct cdma_view cdma_model_registers_at(const char *name,
					 const struct cdma_site *site);
#define cdma_model_registers(name) cdma_model_registers_at(name, CDMA_HERE)
/* The same for its own engine: cdma_engine_reg_read() and its kin. */
struct cdma_mmio *cdma_model_mmio_at(const char *name,
				     const struct cdma_site *site);
#define cdma_model_mmio(name) cdma_model_mmio_at(name, CDMA_HERE)
/* "nic.rx" */
struct cdma_irq *cdma_model_irq_at(const char *name,
				   const struct cdma_site *site);
#define cdma_model_irq(name) cdma_model_irq_at(name, CDMA_HERE)
/* A timer, work, tasklet or NAPI. */
struct cdma_handler *cdma_model_handler_at(const char *name,
					   const struct cdma_site *site);
#define cdma_model_handler(name) cdma_model_handler_at(name, CDMA_HERE)
struct cdma_lock *cdma_model_lock_at(const char *name,
				     const struct cdma_site *site);
#define cdma_model_lock(name) cdma_model_lock_at(name, CDMA_HERE)
struct cdma_completion *cdma_model_completion_at(const char *name,
						 const struct cdma_site *site);
#define cdma_model_completion(name) cdma_model_completion_at(name, CDMA_HERE)
struct cdma_waitqueue *cdma_model_waitqueue_at(const char *name,
					       const struct cdma_site *site);
#define cdma_model_waitqueue(name) cdma_model_waitqueue_at(name, CDMA_HERE)
/* A `shared' variable. */
struct cdma_view cdma_model_shared_at(const char *name,
				      const struct cdma_site *site);
#define cdma_model_shared(name) cdma_model_shared_at(name, CDMA_HERE)

/* A `revocable' or `devres' of the scenario.  What is done when it is dropped
 * is written there, so it is revoked there; C may have guards. */
struct cdma_revocable *cdma_model_revocable_at(const char *name,
					       const struct cdma_site *site);
#define cdma_model_revocable(name) cdma_model_revocable_at(name, CDMA_HERE)

/* What the param @name is, in this variant and by -D. */
uint64_t cdma_model_param_at(const char *name, const struct cdma_site *site);
#define cdma_model_param(name) cdma_model_param_at(name, CDMA_HERE)

/* Memory for what one actor keeps to itself, zeroed, aligned to 16 bytes, until
 * the run ends.  Never NULL: too much is a mistake. */
void *cdma_model_alloc_at(size_t size, const struct cdma_site *site);
#define cdma_model_alloc(size) cdma_model_alloc_at(size, CDMA_HERE)

/*
 * Wait until @cond holds: one step, that is possible when it does.
 *
 * When nobody else can go on it runs out, as a poll with a timeout does.
 *
 * @cond: reads and computes, and does nothing else.  Its reads are made when
 *	the wait ends.
 *
 * Returns: whether it holds.
 */
bool cdma_model_poll_at(bool (*cond)(void *arg), void *arg,
			const struct cdma_site *site);
#define cdma_model_poll(cond, arg) cdma_model_poll_at(cond, arg, CDMA_HERE)

/* `assertion', unless @cond holds; the call goes on. */
void cdma_model_assert_at(bool cond, const char *text,
			  const struct cdma_site *site);
#define cdma_model_assert(cond)                                                \
	cdma_model_assert_at((cond) ? true : false, #cond, CDMA_HERE)

#endif /* CDMA_MODEL_H */
