/* SPDX-License-Identifier: MIT */
#ifndef CDMA_WORLD_H
#define CDMA_WORLD_H

/*
 * World: one simulated machine.
 *
 * Everything that a run has hangs off its world, and worlds know nothing of
 * each other: a process may have as many as it likes.
 *
 * Life of a run
 * -------------
 *	world = cdma_world_new(&config);
 *	cdma_stream_observe(cdma_world_stream(world), observer);
 *	cdma_world_set_sink(world, sink);
 *	for (each run) {
 *		... devices, actors, accesses ...
 *		cdma_world_finish(world);       // reports what leaked
 *		cdma_world_reset(world);
 *	}
 *	cdma_world_free(world);
 *
 * Who acts
 * --------
 * Every event is somebody's.  A world starts with one actor, the main CPU
 * thread; cdma_world_enter() says who acts from then on.  Calls of an engine
 * name the engine instead (engine.h).
 *
 * Threads
 * -------
 * One OS thread at a time may be inside any call of one world.  Which thread it
 * is makes no difference; a lock around each call, or around some that belong
 * together, is enough.  Of a world that is shared, see cdma_world_share(), some
 * calls are free of that: their declarations say so.
 */

#include <cdma/dep.h>
#include <cdma/event.h>
#include <cdma/finding.h>
#include <cdma/machine.h>

struct cdma_actor;
struct cdma_faults;
struct cdma_world;

/* How a world judges and what it is made of.  All zero is the default. */
struct cdma_config {
	/* Report a device read inside an as_ref window too: the text of the
	 * API forbids it (WIN-1), the hardware does not mind. */
	bool strict_windows;

	/* By the contract of C: report plain reads in a poll, too, which the
	 * compiler may make once, before the loop. */
	bool strict_plain;

	/* debugfs reads past the end give -ERANGE, as they did before that
	 * was fixed, and not end of file. */
	bool seed_compat;

	/* By which contract memory is used.  CDMA_CONTRACT_CALLS: what
	 * cdma_dma_alloc_coherent() gives by that of C, all else by Rust's. */
	enum cdma_contract contract;

	/* Calls of the driver core may stand anywhere, as in C: no
	 * `wrong_context` for them. */
	bool any_context;

	/* At unbind resources go before the driver's own data, as they did
	 * before 2026; who comes second to drop one does not wait for the
	 * first, as in 7.1: see devres.h. */
	bool devres_first, devres_returns;

	/* What stands between devices and memory; any is not one. */
	struct cdma_machine machine;

	/* Simulated memory, bytes, at most 1 TiB; what does not fit gives
	 * -ENOMEM.  0: 16 GiB.  Only what is touched costs host memory. */
	uint64_t memory;

	/*
	 * Called after a `panic` finding, in place of the panic itself; may
	 * leave by longjmp.  NULL: the call returns as it says for this case.
	 */
	void (*panic)(void *aux);
	void *panic_aux; /* borrowed */
};

/*
 * Make a world.
 *
 * @config: copied; NULL for the default.
 * Owns: the caller; cdma_world_free().
 */
struct cdma_world *cdma_world_new(const struct cdma_config *config);

/* Free a world and everything in it.  NULL is ignored. */
void cdma_world_free(struct cdma_world *world);

/*
 * Begin a new run: back to the state right after cdma_world_new(), but for the
 * observers, the sink and the plan of faults, whose counters start again.
 *
 * Every object of the old run is gone.  Its memory is kept and used again: a
 * run like one before it asks the host for none.  Takes time in proportion to
 * the bytes that the old run touched.
 */
void cdma_world_reset(struct cdma_world *world);

/*
 * Remember the run as it is now, and go back to there: to try many ways in
 * which a run can go on.  Objects that were there are there again, as they
 * were.  A reset forgets the mark.  No raw pointer to memory may be in use.
 */
void cdma_world_mark(struct cdma_world *world);
void cdma_world_rewind(struct cdma_world *world);

/*
 * The machine is given to another kernel (kexec, ExitBootServices): all
 * mappings are gone, and whatever a device does from now on it does to memory
 * of somebody else: `device_uaf`, also of an access that may still be under
 * way, since nothing orders it before this call.  Nothing is a leak any more.
 * What CPUs do after it is not looked at: they have stopped.
 *
 * Emits: UNBIND of each device.
 */
void cdma_world_shutdown_at(struct cdma_world *world,
			    const struct cdma_site *site);
#define cdma_world_shutdown(world) cdma_world_shutdown_at(world, CDMA_HERE)

/*
 * End a run: report one `leak` for each region that is still live, in order of
 * allocation, unless `outlives_unbind` has already named it (LIFE-5).
 *
 * The world can be looked at, and used, until it is reset.
 */
void cdma_world_finish(struct cdma_world *world);

/* Where the events of @world go; add observers to it.  Borrowed. */
struct cdma_stream *cdma_world_stream(struct cdma_world *world);

/* Who is told of findings; nobody at first. */
void cdma_world_set_sink(struct cdma_world *world,
			 struct cdma_finding_sink sink);

/* The plan of faults, empty at first (fault.h).  Borrowed. */
struct cdma_faults *cdma_world_faults(struct cdma_world *world);

/* The table that the dependencies of @world live in (dep.h).  Borrowed. */
struct cdma_deps *cdma_world_deps(struct cdma_world *world);

/* Let @actor act from now on.  @actor: of this world. */
void cdma_world_enter(struct cdma_world *world, struct cdma_actor *actor);

/* Who acts. */
struct cdma_actor *cdma_world_actor(const struct cdma_world *world);

/*
 * Whether threads that are not in @world, as it is now, may look addresses up
 * (cdma_engine_translate()) and join dependencies (cdma_deps_share()), from now
 * on.  They must not when it is reset, marked, rewound or freed.
 */
void cdma_world_share(struct cdma_world *world, bool on);

/* How many `panic` findings there were in this run. */
uint64_t cdma_world_panics(const struct cdma_world *world);

/*
 * What is known about the next access
 * -----------------------------------
 * The simulator sees accesses, not the arithmetic between them.  Who knows
 * where an address or a value came from says so just before the access; it
 * holds for that one op, with all its pieces, and is then forgotten.
 */

/* @addr: the reads that the address was computed from; @data: the value. */
void cdma_set_deps(struct cdma_world *world, cdma_dep_t addr, cdma_dep_t data);

/* @flags: CDMA_EVF_RACE_OK, CDMA_EVF_POLL, CDMA_EVF_TRY, CDMA_EVF_RELAXED,
 * CDMA_EVF_UNORDERED, joined by |.  The last two have a meaning for device and
 * MMIO accesses only, and for device writes. */
void cdma_set_flags(struct cdma_world *world, uint32_t flags);

/*
 * @undef: one for each byte of the next access op of the CPU; borrowed up to
 * its end.  A write says there which of its bytes nobody defined, and these are
 * then undefined in memory.  A read fills it in: its undefined bytes are no
 * `uninit_read`, it is for the caller to say so when they are used.
 */
void cdma_set_undef(struct cdma_world *world, cdma_undef_t *undef);

/*
 * @sources: one for each byte of the next access op; borrowed up to its end.  A
 * write takes from there what each of its pieces depends on, beside what
 * cdma_set_deps() says of all of them.  A read fills it in.  The bytes of a
 * CPU's are parts: nothing says in which order a copy reads them.  Those that
 * an engine reads in one piece it reads at once.
 */
void cdma_set_sources(struct cdma_world *world, struct cdma_source *sources);

/* The name of the next thing that is allocated, for reports and for the plan
 * of faults.  @name: copied when it is used; borrowed until then. */
void cdma_set_name(struct cdma_world *world, const char *name);

/* Loop and call frames, as the caller numbers them: they are in every event
 * until they are set again.  0 at first. */
void cdma_set_ctx(struct cdma_world *world, uint32_t ctx);

/* The reads that the last access op which read was made of; for the value that
 * it gave.  0 when there was none. */
cdma_dep_t cdma_last_dep(const struct cdma_world *world);

/*
 * The actor decides something by a value.
 *
 * @dep: the reads that the value was computed from.
 * Emits: CDMA_EV_BRANCH.
 */
void cdma_branch_at(struct cdma_world *world, cdma_dep_t dep,
		    const struct cdma_site *site);
#define cdma_branch(...) cdma_branch_at(__VA_ARGS__, CDMA_HERE)

/* A line in the log.  Emits: CDMA_EV_NOTE. */
void cdma_note_at(struct cdma_world *world, const struct cdma_site *site);
#define cdma_note(world) cdma_note_at(world, CDMA_HERE)

#endif /* CDMA_WORLD_H */
