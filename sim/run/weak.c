/* SPDX-License-Identifier: MIT */
#include "run/world.h"

#include "native/native.h"
#include "run/ops.h"

/*
 * Weak memory: which of the stores that a read may see it does see is a choice,
 * like who is next.  Answer 0 is the newest, so a strategy that always takes
 * the first answer runs as in strong memory.
 *
 * A poll asks in strong memory, too, what it may see: not to see it, but to
 * know whether too old a value would have ended it.
 *
 * A step asks for no more pieces than its answers have room for in a schedule;
 * a copy of many takes a step for each.  What is no step of a thread asks
 * nothing: setup, teardown and final are alone.
 */

/* Keep the newest, and of the others what an atomic operation may see. */
static uint32_t keep_failures(const struct machine *m,
			      struct cdma_sight *sights, size_t nr)
{
	uint32_t kept = 1;

	for (size_t i = 1; i < nr; i++)
		if (rmw_may_see(m, sights[i].value))
			sights[kept++] = sights[i];
	return kept;
}

/* Keep the newest, and of the others those that would end the poll, for one
 * that does not makes it look again. */
static uint32_t keep_ends(struct machine *m, struct cdma_event *ev,
			  struct cdma_sight *sights, size_t nr)
{
	uint32_t kept = 1;

	for (size_t i = 1; i < nr; i++)
		if (poll_ends_with(m, ev, sights[i].value))
			sights[kept++] = sights[i];
	if (kept > 1)
		ev->ends = sights[kept - 1].rf;
	return kept;
}

/* The only access that the condition of the poll @first, which looks at @ev,
 * makes. */
static bool is_alone(const struct machine *m, const struct insn *first)
{
	uint32_t nr = 0;

	for (const struct insn *at = first; at->op != INSN_POLL_END; at++)
		nr += run_ops[at->op].is_visible;
	return nr == 1;
}

/*
 * An exploration need not try the poll right before a store where it would have
 * gone on waiting.  What the one word was there that it looks at is known.
 */
static void tell_waited(struct machine *m, const struct cdma_event *ev,
			const struct cdma_sight *first)
{
	const struct strategy *s = &m->strategy;
	struct cdma_sight sights[CDMA_SIGHTS_MAX + 1];
	bool whole;
	size_t nr;

	/* What a broken device does, no value tells. */
	if (!s->ops->waited || m->is_weak || m->armed || m->planned ||
	    !m->awaiting || !is_alone(m, m->awaiting))
		return;
	nr = cdma_order_history(m->order, ev, sights, &whole);
	sights[nr] = *first;
	for (size_t i = 0; i < nr; i++)
		s->ops->waited(
			s->state, sights[i].rf,
			i + 1 < nr + whole &&
				!poll_ends_with(m, ev, sights[i + 1].value));
}

static void see(void *aux, struct cdma_event *ev,
		const struct cdma_sight *first)
{
	struct machine *m = aux;
	struct cdma_sight sights[CDMA_SIGHTS_MAX];
	struct choice choice = {.kind = CHOICE_READ};
	uint32_t answer;

	if (!m->questions)
		return;
	run_catch_up(m);
	choice.nr = (uint32_t)cdma_order_visible(m->order, ev, first, sights);
	if (m->rmw || native_is_rmw())
		choice.nr = keep_failures(m, sights, choice.nr);
	if (m->polling) {
		choice.nr = keep_ends(m, ev, sights, choice.nr);
		tell_waited(m, ev, first);
	}
	if (choice.nr == 1 || !m->is_weak)
		return;
	m->questions--;
	/* What an operation or a wait sees, says what it does. */
	if (!m->rmw && !native_is_rmw() && !m->polling) {
		choice.read = ev;
		choice.sights = sights;
	}
	answer = strategy_choose(&m->strategy, &choice);
	ev->rf = sights[answer].rf;
	ev->value = sights[answer].value;
}

bool world_is_weak(const struct program *program, enum run_memory memory)
{
	return memory == MEMORY_AUTO ? program->weak : memory == MEMORY_WEAK;
}

void world_set_memory(struct machine *m)
{
	m->is_weak = world_is_weak(m->program, m->options.memory);
	if (m->is_weak || m->polling)
		cdma_world_set_memory(m->world, (struct cdma_memory){see, m});
	else
		cdma_world_set_memory(m->world, (struct cdma_memory){0});
}

size_t machine_sees(struct machine *m, uint32_t actor, cdma_region_id region,
		    uint64_t offset, uint8_t size, struct cdma_sight *out)
{
	const struct actor *a = &m->actors[actor];
	struct cdma_region_info info;
	struct cdma_event ev = {
		.kind = CDMA_EV_READ,
		.how = a->is_device ? CDMA_DMA : CDMA_MARKED,
		.object = region,
		.offset = offset,
		.op_offset = offset,
		.size = size,
		.op_size = size,
	};
	struct cdma_sight first = {0};

	CDMA_REQUIRE(m->options.keeps_sights);
	if (!a->who || !cdma_region_info(m->world, region, &info))
		return 0;
	ev.actor = cdma_actor_id_of(a->who);
	cdma_region_peek(m->world, region, offset, &ev.value, size);
	ev.value = le64toh(ev.value);
	first.rf = info.alloc.seq;
	run_catch_up(m);
	return cdma_order_visible(m->order, &ev, &first, out);
}
