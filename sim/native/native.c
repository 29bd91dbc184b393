/* SPDX-License-Identifier: MIT */
#include "native/native.h"

#include <stddef.h>
#include <string.h>

#include "base/macros.h"
#include "native/arena.h"
#include "native/heap.h"
#include "native/hooks.h"
#include "native/keys.h"
#include "native/labels.h"
#include "native/library.h"
#include "native/shared.h"
#include "native/state.h"
#include "native/switch.h"
#include "native/window.h"

struct native native = {.self.is_thread = true};

static size_t number_of(const struct native_task *t)
{
	return (size_t)(t - native.tasks);
}

/* ---- to a call, and back to the machine ---- */

static enum native_state go(struct native_task *t, enum native_command command)
{
	struct native_track *track = &native.tracks[number_of(t)];

	native_guard();
	native.command = command;
	native.is_panic = false;
	native.turns++;
	native.running = t;
	hooks_enter(t->calls);
	native_track_leave(&native.self, track, false);
	native_switch(&native.machine_sp, t->sp);
	native_track_enter(&native.self, track);
	native.running = NULL;
	return t->state;
}

static void back(struct native_task *t, bool ends)
{
	struct native_track *track = &native.tracks[number_of(t)];

	t->calls = __cdma_calls;
	native_track_leave(track, &native.self, ends);
	native_switch(&t->sp, native.machine_sp);
	native_track_enter(track, &native.self);
}

void native_fall(enum native_state state)
{
	struct native_task *t = native.running;

	native.crashed = number_of(t);
	native.mode = MODE_STEPS;
	native.is_within = native.is_rmw = false;
	native.assumed.size = 0;
	t->state = state;
	back(t, true);
	__builtin_unreachable();
}

void native_wrong(const char *what, const struct cdma_site *site)
{
	native.crash = (struct native_crash){.what = what, .site = site};
	native_fall(NATIVE_WRONG);
}

void native_panic(const char *what, const struct cdma_site *site)
{
	native.crash = (struct native_crash){.what = what, .site = site};
	native.crashed = number_of(native.running);
	native_crash_callers(&native.crash);
	native.is_panic = true;
	native_fall(NATIVE_CRASHED);
}

/* Where a stack begins. */
static void begin(void)
{
	struct native_task *t = native.running;
	const struct native_call *c = &t->call;

	native_track_enter(&native.tracks[number_of(t)], &native.self);
	t->result = c->fn(c->args[0], c->args[1], c->args[2], c->args[3],
			  c->args[4], c->args[5]);
	native_fall(NATIVE_DONE);
}

static void track(size_t n)
{
	native_track_begin(&native.tracks[n],
			   native_stack_end(n) - NATIVE_STACK_SIZE,
			   NATIVE_STACK_SIZE);
}

enum native_state native_call(const struct native_call *call, size_t n)
{
	struct native_task *t = &native.tasks[n];

	CDMA_REQUIRE(n < native.nr_tasks && t->state != NATIVE_WAITS);
	*t = (struct native_task){
		.call = *call,
		.calls = native_calls(n) + 1,
	};
	t->calls[-1] = call->site;
	track(n);
	t->sp = native_switch_new(native_stack_end(n), begin);
	return go(t, COMMAND_GO);
}

enum native_state native_resume(size_t n)
{
	struct native_task *t = &native.tasks[n];

	/* It may have crashed when it looked whether it can go on. */
	return t->state == NATIVE_WAITS ? go(t, COMMAND_GO) : t->state;
}

/* ---- steps ---- */

static enum cdma_stepping take(void *aux, const struct cdma_step *step)
{
	struct native_task *t = native.running;
	const uint64_t *expected;
	bool is_rmw;

	(void)aux;
	/* What the scenario itself does has been chosen already. */
	if (!t || native.is_within)
		return CDMA_STEP_DO;
	if (native.mode != MODE_STEPS) {
		if (!step->looks)
			native_wrong("a condition only looks", step->site);
		t->looks++;
		if (native.mode == MODE_PEEK)
			return CDMA_STEP_PEEK;
		native_enter_calls(step->site);
		return CDMA_STEP_POLL;
	}
	t->step = *step;
	t->state = NATIVE_WAITS;
	is_rmw = native.is_rmw;
	expected = native.expected;
	native.is_rmw = false;
	back(t, false);
	native.is_rmw = is_rmw;
	native.expected = expected;
	native_enter_calls(step->site);
	return CDMA_STEP_DO;
}

enum cdma_stepping native_announce(const struct cdma_site *site, bool looks)
{
	return take(NULL, &(struct cdma_step){.site = site, .looks = looks});
}

void native_announce_until(bool (*ready)(const void *arg), const void *arg,
			   cdma_object_id object, const struct cdma_site *site)
{
	take(NULL, &(struct cdma_step){
			   .site = site,
			   .ready = ready,
			   .arg = arg,
			   .object = object,
		   });
}

bool native_announce_until_or_never(bool (*ready)(const void *arg),
				    const void *arg, cdma_object_id object,
				    const struct cdma_site *site)
{
	struct native_task *t = native.running;

	t->runs_out = true;
	native_announce_until(ready, arg, object, site);
	t->runs_out = false;
	return ready(arg);
}

bool native_runs_out(size_t n)
{
	return native.tasks[n].runs_out;
}

size_t native_number(void)
{
	return number_of(native.running);
}

/* ---- the calls that lead to a place ---- */

void native_tell_calls(native_calls_fn *fn)
{
	native.tells_calls = fn;
}

const struct cdma_site *native_here(void)
{
	return __cdma_calls[-1];
}

/* Those of the driver; the first place is that of the scenario. */
static size_t calls_to(const struct cdma_site *site,
		       const struct cdma_site *const **out)
{
	const struct cdma_site **first =
		native_calls(number_of(native.running)) + 1;
	size_t nr = (size_t)(__cdma_calls - first);

	*out = first;
	/* The call of libcdma, which is where it is made. */
	return nr && first[nr - 1] == site ? nr - 1 : nr;
}

void native_enter_calls(const struct cdma_site *site)
{
	const struct cdma_site *const *calls;
	size_t nr;

	if (!native.tells_calls || !native.running)
		return;
	nr = calls_to(site, &calls);
	native.tells_calls(native.machine, calls, nr);
}

void native_attach(struct cdma_world *world)
{
	cdma_world_set_stepper(world, (struct cdma_stepper){
					      .step = take,
					      .assumed = &native.assumed,
				      });
}

/* ---- waits for a condition ---- */

static void look(struct native_task *t, enum native_mode mode)
{
	t->looks = 0;
	native.mode = mode;
	t->holds = t->cond(t->arg);
	t->dep = hooks_result();
	native.mode = MODE_STEPS;
	if (t->looks > t->most)
		t->most = t->looks;
}

bool cdma_model_poll_at(bool (*cond)(void *arg), void *arg,
			const struct cdma_site *site)
{
	struct native_task *t = native.running;

	if (native.mode != MODE_STEPS)
		native_wrong("a condition does not wait", site);
	t->step = (struct cdma_step){.site = site, .looks = true};
	t->cond = cond;
	t->arg = arg;
	t->most = 0;
	do {
		t->state = NATIVE_WAITS;
		back(t, false);
		look(t, native.command == COMMAND_PEEK ? MODE_PEEK : MODE_POLL);
	} while (native.command != COMMAND_GO);
	t->cond = NULL;
	__cdma_result_dep = t->dep;
	return t->holds;
}

struct change {
	uint64_t (*number)(void);
	uint64_t before;
};

/* It may be anything that has changed. */
static bool has_changed(void *arg)
{
	const struct change *change = arg;

	native.running->looks += 2;
	return change->number() != change->before;
}

void native_wait_for_change(uint64_t (*number)(void),
			    const struct cdma_site *site)
{
	struct change change = {number, number()};

	cdma_model_poll_at(has_changed, &change, site);
}

bool native_is_ready(size_t n)
{
	struct native_task *t = &native.tasks[n];

	if (t->state != NATIVE_WAITS)
		return true;
	if (!t->cond)
		return !t->step.ready || t->step.ready(t->step.arg);
	return go(t, COMMAND_PEEK) != NATIVE_WAITS || t->holds;
}

void native_look(size_t n)
{
	go(&native.tasks[n], COMMAND_LOOK);
}

bool native_holds_with(const struct cdma_assumed *assumed)
{
	struct native_task *t = native.running;
	uint32_t looks = t->looks;
	bool holds;

	native.assumed = *assumed;
	native.mode = MODE_PEEK;
	holds = t->cond(t->arg);
	native.mode = MODE_POLL;
	native.assumed.size = 0;
	t->looks = looks;
	return holds;
}

void native_set_registers(const struct native_registers *registers)
{
	native.registers = registers;
}

bool native_within(bool on)
{
	bool was = native.is_within;

	native.is_within = on;
	return was;
}

bool native_is_rmw(void)
{
	return native.is_rmw;
}

bool native_is_poll(size_t n)
{
	return native.tasks[n].state == NATIVE_WAITS && native.tasks[n].cond;
}

bool native_looks_around(size_t n)
{
	return native.tasks[n].most > 1;
}

const struct cdma_step *native_step(size_t n)
{
	return &native.tasks[n].step;
}

int64_t native_result(size_t n)
{
	return native.tasks[n].result;
}

const struct native_crash *native_crash_of(size_t n)
{
	if (native.tasks[n].state == NATIVE_CRASHED && !native.is_panic)
		native_crash_places(&native.crash);
	return &native.crash;
}

/* ---- runs ---- */

void *native_machine(void)
{
	return native.machine;
}

struct cdma_world *cdma_model_world(void)
{
	return native.world;
}

struct cdma_actor *cdma_model_actor(void)
{
	return cdma_world_actor(native.world);
}

void native_reset(void *machine, struct cdma_world *world, size_t nr)
{
	CDMA_REQUIRE(nr <= NATIVE_TASKS);
	native.machine = machine;
	native.world = world;
	native.heap = native_heap();
	native.now = 0;
	native.nr_tasks = nr;
	for (size_t i = 0; i < nr; i++)
		native.tasks[i] = (struct native_task){.state = NATIVE_DONE};
	native_windows_reset();
	native_heap_reset();
	native_keys_reset();
	native_labels_reset();
	native_shared_reset();
	native_libraries_reset();
}

static void track_all(void)
{
	for (size_t i = 0; i < native.nr_tasks; i++)
		if (native.tasks[i].state == NATIVE_WAITS)
			track(i);
}

static void mark_stack(struct cdma_image *image, size_t i)
{
	const struct native_task *t = &native.tasks[i];
	const struct cdma_site **calls = native_calls(i);

	cdma_image_add(image, t->sp,
		       (size_t)(native_stack_end(i) - (unsigned char *)t->sp));
	cdma_image_add(image, (void *)calls,
		       (size_t)(t->calls - calls) * sizeof(*calls));
}

void native_mark(struct cdma_image *image)
{
	track_all();
	cdma_image_add(image, &native,
		       offsetof(struct native, tasks) +
			       native.nr_tasks * sizeof(native.tasks[0]));
	cdma_image_add(image, native_heap(),
		       (size_t)(native.heap - native_heap()));
	native_windows_mark(image);
	native_heap_mark(image);
	native_keys_mark(image);
	native_labels_mark(image);
	native_shared_mark(image);
	native_libraries_mark(image);
	for (size_t i = 0; i < native.nr_tasks; i++)
		if (native.tasks[i].state == NATIVE_WAITS)
			mark_stack(image, i);
}

void native_rewind(void *machine, struct cdma_world *world,
		   const struct cdma_image *image)
{
	/* Of another machine, maybe, and left in the middle of something. */
	for (size_t i = 0; i < NATIVE_TASKS; i++)
		native_track_drop(&native.tracks[i]);
	native_labels_drop();
	cdma_image_restore(image);
	native_labels_again();
	native.machine = machine;
	native.world = world;
	track_all();
}

/* ---- memory ---- */

void *cdma_model_alloc_at(size_t size, const struct cdma_site *site)
{
	size_t left = (size_t)(native_heap() + NATIVE_HEAP_SIZE - native.heap);
	unsigned char *at = native.heap;

	if (size > left - 16)
		native_wrong("64 MiB of memory are used up", site);
	native.heap += (size + 15) & ~(size_t)15;
	return memset(at, 0, size);
}
