/* SPDX-License-Identifier: MIT */
#include "run/noter.h"

#include <cdma/handler.h>

static bool has_done(const struct noter *n, size_t pc)
{
	return n->m->reached[pc];
}

/* Where a section stands now: "thread a waits at x.dma:12". */
static void add_state(struct noter *n, struct cdma_text *text, size_t section)
{
	const struct program_section *s = &n->m->program->sections.at[section];
	const struct actor *a = &n->m->actors[section];
	const struct run_note *end = NULL;
	const struct insn *next = &n->m->program->code.at[a->pc];

	if (a->state == ACTOR_LIVE && next->op == INSN_ENTER) {
		cdma_text_addf(text, "nothing is left for %s to do",
			       note_section(s));
		return;
	}
	if (a->state == ACTOR_LIVE || a->state == ACTOR_STUCK) {
		cdma_text_addf(text, "%s is waiting itself at ",
			       note_section(s));
		note_site(text, site_of(n->m, next));
		return;
	}
	for (size_t i = 0; i < n->m->notes.nr; i++)
		if (n->m->notes.at[i].kind == NOTE_END &&
		    n->m->notes.at[i].who == a)
			end = &n->m->notes.at[i];
	if (end)
		note_end(n, text, note_section(s), end);
	else
		cdma_text_addf(text, "%s is no more", note_section(s));
}

static size_t section_of(const struct program *p, size_t pc)
{
	size_t found = p->sections.nr;

	for (size_t i = 0; i < p->sections.nr; i++)
		if (p->sections.at[i].entry <= pc &&
		    (found == p->sections.nr ||
		     p->sections.at[i].entry > p->sections.at[found].entry))
			found = i;
	return found;
}

/* Whether the code of threads and handlers has @pc. */
static bool is_threads(const struct program *p, size_t pc, size_t section)
{
	uint32_t entry = p->sections.at[section].entry;

	return !(p->has_final && p->final.entry <= pc &&
		 p->final.entry > entry) &&
	       !(p->has_teardown && p->teardown.entry <= pc &&
		 p->teardown.entry > entry);
}

/* Who could have done @op with @object, and why that did not end the wait. */
static void note_who(struct noter *n, uint8_t op, uint16_t object,
		     const char *what, const char *name)
{
	const struct program *p = n->m->program;
	bool any = false;

	for (size_t pc = 0; pc < p->code.nr; pc++) {
		const struct insn *in = &p->code.at[pc];
		size_t section = section_of(p, pc);
		struct cdma_text text = {0};

		if (in->op != op || in->a != object ||
		    section == p->sections.nr || !is_threads(p, pc, section))
			continue;
		any = true;
		cdma_text_addf(&text, "%s(%s) at ", what, name);
		note_site(&text, site_of(n->m, in));
		cdma_text_add(&text, has_done(n, pc)
					     ? " was done, and that was used "
					       "up; "
					     : " was not reached: ");
		add_state(n, &text, section);
		cdma_text_addc(&text, '.');
		note_line(n, &text);
	}
	if (!any) {
		struct cdma_text text = {0};

		cdma_text_addf(&text, "There is no %s(%s) in any thread.", what,
			       name);
		note_line(n, &text);
	}
}

static void note_lock(struct noter *n, const struct insn *in)
{
	const struct cdma_lock *lock = n->m->locks[in->a];
	const struct cdma_actor *owner = cdma_lock_owner(lock);
	struct cdma_text text = {0};

	if (!owner)
		return;
	cdma_text_addf(&text,
		       "'%s' is held: ", n->m->program->locks.at[in->a].name);
	for (size_t i = 0; i < n->m->program->sections.nr; i++)
		if (n->m->actors[i].who == owner)
			add_state(n, &text, i);
	if (owner == n->m->main->who)
		cdma_text_add(&text, "setup has taken it");
	cdma_text_addc(&text, '.');
	note_line(n, &text);
}

/* The handler, or the readers, that are waited for. */
static void note_running(struct noter *n, uint64_t who)
{
	for (size_t i = 0; i < n->m->program->sections.nr; i++) {
		struct cdma_text text = {0};

		if (!(who & n->m->actors[i].bit))
			continue;
		cdma_text_add(&text,
			      "It waits for a section that is not left: ");
		add_state(n, &text, i);
		cdma_text_addc(&text, '.');
		note_line(n, &text);
	}
}

static const char *name_of(const struct noter *n, uint16_t handler)
{
	const struct program *p = n->m->program;

	for (size_t i = 0; i < p->sections.nr; i++)
		if (p->sections.at[i].handler == handler && n->m->actors[i].bit)
			return note_section(&p->sections.at[i]);
	return "it";
}

/* A NAPI poll that has ended, and not said that it has. */
static void note_forgotten(struct noter *n, uint16_t handler)
{
	struct cdma_text text = {0};

	cdma_text_addf(
		&text,
		"The last poll of %s neither called "
		"napi_complete_done() nor returned NAPI_POLL_WEIGHT "
		"(%u), which says that there is more to do: nobody polls "
		"it again.",
		name_of(n, handler), (unsigned int)CDMA_NAPI_WEIGHT);
	note_line(n, &text);
}

/* A level that nobody lowers. */
static void note_storm(struct noter *n, const struct insn *in)
{
	const struct program *p = n->m->program;
	const struct program_irq *irq;
	struct cdma_text text = {0};
	const char *device;

	if (in->a >= p->irqs.nr)
		return;
	irq = &p->irqs.at[in->a];
	device = p->devices.at[irq->device].name;
	cdma_text_addf(&text,
		       "%s.%s is still raised: the handler has run as often in "
		       "a row as it may, and %s has not lowered it.",
		       device, irq->name, device);
	note_line(n, &text);
}

/* Whose sections the grace period of @a waits for, its own included. */
static uint64_t readers_for(const struct noter *n, const struct actor *a)
{
	uint64_t who = 0;

	for (size_t i = 0; i < n->m->program->sections.nr; i++)
		if (cdma_grace_awaits(a->who, n->m->actors[i].who))
			who |= n->m->actors[i].bit;
	return who;
}

static uint64_t handlers_of(const struct noter *n, uint16_t handler)
{
	uint64_t who = 0;

	for (size_t i = 0; i < n->m->program->sections.nr; i++)
		if (n->m->program->sections.at[i].handler == handler)
			who |= n->m->actors[i].bit;
	return who;
}

/* One that was taken, and that is all. */
static void note_prepared(struct noter *n, uint16_t handler)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text,
		       "napi_schedule_prep() has taken %s, and nobody has "
		       "called __napi_schedule().",
		       name_of(n, handler));
	note_line(n, &text);
}

static void note_awaited(struct noter *n, uint16_t handler)
{
	if (cdma_handler_is_prepared(n->m->handlers[handler]))
		note_prepared(n, handler);
	else if (cdma_handler_is_forgotten(n->m->handlers[handler]))
		note_forgotten(n, handler);
	else
		note_running(n, handlers_of(n, handler));
}

/* The step that the actor of the finding cannot do; NULL: not known. */
static struct actor *stuck_actor(const struct noter *n)
{
	cdma_actor_id id = n->finding->finding.at.actor;

	for (size_t i = 0; i <= n->m->program->sections.nr; i++) {
		struct actor *a = &n->m->actors[i];

		if (a->who && a->state == ACTOR_LIVE &&
		    cdma_actor_id_of(a->who) == id)
			return a;
	}
	return NULL;
}

void note_stuck(struct noter *n)
{
	const struct actor *a = stuck_actor(n);
	const struct insn *in;

	if (!a)
		return;
	in = &n->m->program->code.at[a->pc];
	if (in->op == INSN_WAIT)
		note_who(n, INSN_COMPLETE, in->a, "complete",
			 n->m->program->completions.at[in->a]);
	else if (in->op == INSN_SLEEP)
		note_who(n, INSN_WAKE_UP, in->a, "wake_up",
			 n->m->program->waitqueues.at[in->a]);
	else if (in->op == INSN_SPIN_LOCK)
		note_lock(n, in);
	else if (in->op == INSN_GRACE_END)
		note_running(n, readers_for(n, a));
	else if (in->op == INSN_AWAIT)
		note_awaited(n, in->a);
	else if (in->op == INSN_ENTER)
		note_storm(n, in);
	else if (in->op == INSN_THREAD_STOPPED)
		note_running(n, n->m->actors[in->a].bit);
}
