/* SPDX-License-Identifier: MIT */
#include <cdma/driver.h>

#include <cdma/actor.h>
#include <cdma/context.h>
#include <cdma/handler.h>
#include <cdma/irq.h>
#include <cdma/rcu.h>

#include <errno.h>

#include "native/hooks.h"
#include "native/keys.h"
#include "native/state.h"
#include "run/driver.h"
#include "run/state.h"

/*
 * Services: what runs later, because the driver asked for it.  Its functions
 * are bound to actors that the scenario has for that, which wait in
 * cdma_driver_run().
 */

/* irqreturn_t */
#define WAKE_THREAD 2

static void from_nothing(void)
{
	__cdma_result_dep = 0;
}

/* ---- sections of the scenario ---- */

static bool calls_run(const struct program *p, const struct insn *in)
{
	return in->op == INSN_NATIVE &&
	       !strcmp(p->natives.at[in->a].name, "cdma_driver_run");
}

/* Behind the code of @section. */
static size_t end_of(const struct program *p,
		     const struct program_section *section)
{
	size_t end = p->code.nr;

	for (size_t i = 0; i < p->sections.nr; i++) {
		size_t entry = p->sections.at[i].entry;

		if (entry > section->entry && entry < end)
			end = entry;
	}
	return end;
}

bool driver_section_is_free(const struct program *p,
			    const struct program_section *section)
{
	size_t end = end_of(p, section);

	for (size_t i = section->entry; i < end; i++)
		if (calls_run(p, &p->code.at[i]))
			return true;
	return false;
}

void driver_prepare(struct program *p)
{
	for (size_t i = 0; i < p->sections.nr; i++) {
		const struct program_section *s = &p->sections.at[i];

		if (s->handler >= 0 && s->handler < (int32_t)p->irqs.nr &&
		    driver_section_is_free(p, s))
			p->irqs.at[s->handler].is_requested = true;
	}
}

/* The thread that the handler of an interrupt may wake, as a handler; -1: none.
 */
static int32_t thread_of(const struct program *p, uint32_t irq)
{
	for (size_t i = 0; i < p->sections.nr; i++) {
		const struct program_section *s = &p->sections.at[i];
		size_t end = end_of(p, s);

		for (size_t k = s->entry; s->handler == (int32_t)irq && k < end;
		     k++)
			if (p->code.at[k].op == INSN_EXIT)
				return (int32_t)p->code.at[k].aux - 1;
	}
	return -1;
}

/* ---- binding ---- */

static const enum cdma_handler_kind kind_of[] = {
	[CDMA_DRIVER_TIMER] = CDMA_HANDLER_TIMER,
	[CDMA_DRIVER_WORK] = CDMA_HANDLER_WORK,
	[CDMA_DRIVER_TASKLET] = CDMA_HANDLER_TASKLET,
	[CDMA_DRIVER_NAPI] = CDMA_HANDLER_NAPI,
};

static bool is_taken(size_t actor)
{
	for (struct native_key *k = NULL;
	     (k = native_key_next(k, KEY_HANDLER));)
		if (k->number == actor)
			return true;
	return false;
}

/* A section that a function of @kind can be bound to; nr: there is none. */
static size_t find_section(const struct program *p, unsigned int kind,
			   const char *name)
{
	for (size_t i = 0; i < p->sections.nr; i++) {
		const struct program_section *s = &p->sections.at[i];
		bool fits;

		if (kind == CDMA_DRIVER_THREAD)
			fits = s->handler < 0 && s->device < 0;
		else
			fits = s->handler >= (int32_t)p->irqs.nr &&
			       p->handlers.at[s->handler].kind == kind_of[kind];
		if (fits && (!name || !strcmp(s->name, name)) && !is_taken(i) &&
		    driver_section_is_free(p, s))
			return i;
	}
	return p->sections.nr;
}

int cdma_driver_bind(const void *key, unsigned int kind, const char *name,
		     int (*fn)(void *arg), void *arg)
{
	const struct machine *m = native_machine();
	const struct program *p = m->program;
	struct native_key *k = native_key_find(key, KEY_HANDLER);
	size_t i;

	from_nothing();
	if (kind > CDMA_DRIVER_THREAD)
		native_wrong("there is no such handler", native_here());
	if (!k) {
		i = find_section(p, kind, name);
		if (i == p->sections.nr)
			return -ENOSPC;
		k = native_key_make(key, KEY_HANDLER);
		k->number = i;
		k->object = kind == CDMA_DRIVER_THREAD
				    ? NULL
				    : m->handlers[p->sections.at[i].handler];
	}
	k->fn = fn;
	k->arg = arg;
	return 0;
}

void cdma_driver_unbind(const void *key)
{
	struct native_key *k = native_key_find(key, KEY_HANDLER);

	if (k)
		native_key_drop(k);
}

/* The handler of @key; NULL: nothing is bound to it, or a thread is. */
static struct cdma_handler *handler_of(const void *key)
{
	const struct native_key *k = native_key_find(key, KEY_HANDLER);

	return k ? k->object : NULL;
}

/* ---- arming, and waiting ---- */

static bool is_armed(const void *key)
{
	const struct native_key *k = native_key_find(key, KEY_HANDLER);

	if (k && !k->object)
		return k->is_armed;
	return k && cdma_handler_is_armed(k->object);
}

int cdma_driver_arm(const void *key)
{
	struct native_key *k = native_key_find(key, KEY_HANDLER);
	struct machine *m = native_machine();
	const struct cdma_site *site = native_here();
	int fresh = 1;

	from_nothing();
	if (!k)
		native_panic("the scenario has no handler left for this: add "
			     "one that calls cdma_driver_run()",
			     site);
	if (k->object) {
		fresh = cdma_handler_arm_at(k->object, site);
	} else {
		native_announce(site, false);
		k->is_armed = true;
	}
	m->version++;
	from_nothing();
	return fresh;
}

int cdma_driver_is_armed(const void *key)
{
	struct cdma_handler *h = handler_of(key);
	int armed =
		h ? cdma_handler_armed_at(h, 0, native_here()) : is_armed(key);

	from_nothing();
	return armed;
}

int cdma_driver_change(const void *key, unsigned int changes)
{
	struct cdma_handler *h = handler_of(key);
	bool was_armed = is_armed(key);

	if (h && changes)
		cdma_handler_change_at(h, changes, native_here());
	from_nothing();
	return was_armed;
}

struct wait {
	const struct cdma_handler *handler;
	enum cdma_handler_wait what;
	uint64_t upto;
};

static bool is_over(const void *arg)
{
	const struct wait *w = arg;

	return cdma_handler_is(w->handler, w->what, w->upto);
}

/* @before and @after: changes. */
static bool wait_for(struct cdma_handler *h, enum cdma_handler_wait what,
		     unsigned int before, unsigned int after,
		     const struct cdma_site *site)
{
	struct wait wait = {h, what, cdma_handler_armings(h)};
	bool was_armed = cdma_handler_is_armed(h);

	if (before)
		cdma_handler_change_at(h, before, site);
	native_announce_until(is_over, &wait, cdma_handler_id(h), site);
	return cdma_handler_waited_at(h, after, site) || was_armed;
}

int cdma_driver_wait_idle(const void *key, unsigned int wait,
			  unsigned int before, unsigned int after)
{
	struct cdma_handler *h = handler_of(key);
	bool was_armed = h && wait_for(h, (enum cdma_handler_wait)wait, before,
				       after, native_here());

	from_nothing();
	return was_armed;
}

int cdma_driver_napi_done(const void *key)
{
	struct cdma_handler *h = handler_of(key);
	bool done = !h || cdma_handler_complete_at(h, native_here());

	from_nothing();
	return done;
}

/* ---- interrupts ---- */

unsigned int cdma_driver_irq(struct cdma_device *dev, const char *name)
{
	const struct machine *m = native_machine();
	const struct program *p = m->program;
	const struct cdma_irq *irq =
		name ? cdma_model_irq_at(name, native_here()) : NULL;

	from_nothing();
	for (size_t i = 0; i < p->irqs.nr; i++)
		if (irq ? m->irqs[i] == irq
			: m->devices[p->irqs.at[i].device].dev == dev)
			return (unsigned int)i + 1;
	return 0;
}

static size_t irq_index(unsigned int irq)
{
	const struct machine *m = native_machine();

	if (!irq || irq > m->program->irqs.nr)
		native_panic("there is no interrupt of this number",
			     native_here());
	return irq - 1;
}

int cdma_driver_request_irq(unsigned int irq, int (*fn)(int irq, void *arg),
			    int (*thread)(int irq, void *arg), void *arg,
			    const char *name)
{
	const struct cdma_site *site = native_here();
	struct machine *m = native_machine();
	size_t i = irq_index(irq);
	struct native_key *k;
	int err = 0;

	(void)name;
	if (!cdma_irq_is_requested(m->irqs[i]))
		err = cdma_irq_request_at(m->irqs[i], site);
	m->version++;
	from_nothing();
	if (err)
		return err;
	k = native_key_add(arg, KEY_IRQ);
	k->number = irq;
	k->irq_fn = fn;
	k->irq_thread = thread;
	k->arg = arg;
	return 0;
}

static struct native_key *request_of(unsigned int irq, const void *arg)
{
	struct native_key *k = NULL;

	while ((k = native_key_next(k, KEY_IRQ)) &&
	       (k->number != irq || k->arg != arg))
		;
	return k;
}

static bool is_requested(unsigned int irq)
{
	for (struct native_key *k = NULL; (k = native_key_next(k, KEY_IRQ));)
		if (k->number == irq)
			return true;
	return false;
}

/* Its handler has ended, and its thread. */
static void wait_for_irq(size_t i, unsigned int before,
			 const struct cdma_site *site)
{
	const struct machine *m = native_machine();
	int32_t thread = thread_of(m->program, (uint32_t)i);

	wait_for(cdma_irq_handler(m->irqs[i]), CDMA_HANDLER_IDLE, before, 0,
		 site);
	if (thread >= 0)
		wait_for(m->handlers[thread], CDMA_HANDLER_REST, 0, 0, site);
}

void cdma_driver_free_irq(unsigned int irq, void *arg)
{
	const struct cdma_site *site = native_here();
	struct native_key *k = request_of(irq, arg);
	size_t i = irq_index(irq);

	if (!k)
		native_panic("it frees an interrupt that it has not requested",
			     site);
	cdma_might_sleep_at(native.world, site);
	native_key_drop(k);
	if (!is_requested(irq))
		wait_for_irq(i, CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR, site);
	else
		wait_for_irq(i, 0, site);
}

void cdma_driver_disable_irq(unsigned int irq, int wait)
{
	const struct machine *m = native_machine();
	const struct cdma_site *site = native_here();
	size_t i = irq_index(irq);

	if (wait)
		wait_for_irq(i, CDMA_HANDLER_HOLD, site);
	else
		cdma_handler_change_at(cdma_irq_handler(m->irqs[i]),
				       CDMA_HANDLER_HOLD, site);
}

void cdma_driver_enable_irq(unsigned int irq)
{
	const struct machine *m = native_machine();

	cdma_handler_change_at(cdma_irq_handler(m->irqs[irq_index(irq)]),
			       CDMA_HANDLER_LET, native_here());
}

void cdma_driver_sync_irq(unsigned int irq)
{
	wait_for_irq(irq_index(irq), 0, native_here());
}

/* ---- what an actor is bound to ---- */

/* All that share the line; what they do may change who they are. */
static int run_irq(unsigned int irq, bool thread)
{
	int result = 0;
	size_t nr = 0;

	for (struct native_key *k; (k = native_key_nth(KEY_IRQ, nr)); nr++) {
		int (*fn)(int, void *) = thread ? k->irq_thread : k->irq_fn;

		if (k->number != irq)
			continue;
		if (fn)
			result |= fn((int)irq, k->arg);
		else if (!thread)
			result |= WAKE_THREAD;
	}
	return result;
}

static bool is_bound(const void *arg)
{
	const struct machine *m = native_machine();
	size_t actor = (size_t)((const struct actor *)arg - m->actors);

	for (struct native_key *k = NULL;
	     (k = native_key_next(k, KEY_HANDLER));)
		if (k->number == actor && (k->object || k->is_armed))
			return true;
	return false;
}

static int run_bound(size_t actor)
{
	for (struct native_key *k = NULL;
	     (k = native_key_next(k, KEY_HANDLER));)
		if (k->number == actor)
			return k->fn(k->arg);
	return 0;
}

int cdma_driver_run(void)
{
	const struct machine *m = native_machine();
	const struct program *p = m->program;
	size_t actor = native_number();
	const struct program_section *s;

	if (actor >= p->sections.nr)
		native_wrong("only a thread or a handler is bound",
			     native_here());
	s = &p->sections.at[actor];
	if (s->handler >= 0 && s->handler < (int32_t)p->irqs.nr)
		return run_irq((unsigned int)s->handler + 1, false);
	for (uint32_t i = 0; s->handler >= 0 && i < p->irqs.nr; i++)
		if (thread_of(p, i) == s->handler)
			return run_irq(i + 1, true);
	if (s->handler < 0 &&
	    !native_announce_until_or_never(is_bound, &m->actors[actor], 0,
					    native_here()))
		return 0;
	return run_bound(actor);
}

/* ---- contexts ---- */

unsigned int cdma_driver_off(unsigned int how)
{
	bool was_off = cdma_irqs_are_off(cdma_model_actor());

	cdma_context_off(native.world,
			 (how & CDMA_DRIVER_IRQ ? CDMA_LOCK_IRQ : 0) |
				 (how & CDMA_DRIVER_BH ? CDMA_LOCK_BH : 0));
	from_nothing();
	return was_off ? CDMA_DRIVER_IRQ : 0;
}

void cdma_driver_on(unsigned int how)
{
	cdma_context_on(native.world,
			(how & CDMA_DRIVER_IRQ ? CDMA_LOCK_IRQ : 0) |
				(how & CDMA_DRIVER_BH ? CDMA_LOCK_BH : 0));
}

void cdma_driver_may_sleep(void)
{
	cdma_might_sleep_at(native.world, native_here());
}

void cdma_driver_rcu_lock(void)
{
	cdma_rcu_read_lock_at(native.world, native_here());
}

void cdma_driver_rcu_unlock(void)
{
	if (!cdma_rcu_is_read_locked(native.world))
		native_panic("rcu_read_unlock() without rcu_read_lock()",
			     native_here());
	cdma_rcu_read_unlock_at(native.world, native_here());
}

void cdma_driver_rcu_wait(void)
{
	const struct cdma_site *site = native_here();

	cdma_might_sleep_at(native.world, site);
	cdma_grace_begin_at(native.world, site);
	cdma_grace_end_at(native.world, site);
}
