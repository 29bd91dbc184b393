/* SPDX-License-Identifier: MIT */
#include "axiom/walk.h"

/*
 * What touches memory or orders anything, and its events.
 */

/* ---- events ---- */

static uint32_t add_event(struct walk *w, const struct litmus_action *action,
			  struct path_event event)
{
	if (w->nr_events == PATH_EVENTS_MAX) {
		w->ended = w->overflows = true;
		w->paths->overflow = action->span;
		return 0;
	}
	event.ctrl |= w->control;
	event.span = action->span;
	w->events[w->nr_events] = event;
	return w->nr_events++;
}

/* The value of a read, and what depends on it. */
static struct result given(struct walk *w, uint32_t read, uint64_t did)
{
	return (struct result){
		.value = value_read(w, read), .data = BIT(read), .did = did};
}

static uint64_t fence(struct walk *w, const struct litmus_action *action,
		      uint64_t tags, uint64_t before)
{
	struct path_event ev = {.tags = tags, .loc = NO_LOC, .pair = NO_EVENT};

	ev.before = before;
	return BIT(add_event(w, action, ev));
}

static uint32_t read(struct walk *w, const struct litmus_action *action,
		     const struct result *place, uint64_t tags, uint64_t before)
{
	struct path_event ev = {.tags = tags, .reads = true, .pair = NO_EVENT};

	ev.loc = walk_locate(w, place->value);
	ev.addr = place->data;
	ev.before = before | place->did;
	return w->ended ? 0 : add_event(w, action, ev);
}

static uint32_t write(struct walk *w, const struct litmus_action *action,
		      const struct result *place, uint64_t tags,
		      const struct result *value, uint64_t before)
{
	struct path_event ev = {.tags = tags, .writes = true, .pair = NO_EVENT};

	ev.loc = walk_locate(w, place->value);
	ev.addr = place->data;
	ev.stored = value->value;
	ev.data = value->data;
	ev.before = before | place->did | value->did;
	return w->ended ? 0 : add_event(w, action, ev);
}

/* The write of an operation that read at @place, where it is known by now. */
static uint32_t write_back(struct walk *w, const struct litmus_action *action,
			   uint32_t from, uint64_t tags,
			   const struct result *value)
{
	const struct path_event *r = &w->events[from];
	struct path_event ev = {
		.tags = tags,
		.writes = true,
		.loc = r->loc,
		.pair = from,
		.stored = value->value,
		.addr = r->addr,
		.data = value->data,
		.before = r->before | value->did | BIT(from),
	};

	return w->ended ? 0 : add_event(w, action, ev);
}

/* ---- atomic operations ---- */

static struct result set(struct walk *w, const struct litmus_action *action,
			 uint64_t before)
{
	struct result place = walk_expression(w, action->place);
	struct result value = walk_expression(w, action->value);
	uint32_t from = read(w, action, &place, action->read, before);
	uint32_t to = write_back(w, action, from, action->write, &value);

	return given(w, from, place.did | value.did | BIT(from) | BIT(to));
}

/* The read of one that fails is once, and it orders nothing. */
static struct result set_if(struct walk *w, const struct litmus_action *action,
			    bool succeeds, uint64_t before)
{
	struct result place = walk_expression(w, action->place);
	struct result old = walk_expression(w, action->old), value;
	uint64_t did = place.did | old.did;
	struct result result;
	uint32_t from;

	from = read(w, action, &place,
		    succeeds ? action->read : TAGGED(ONCE) | TAGGED(RMW),
		    before);
	result = given(w, from, did | BIT(from));
	walk_demand(w, value_computed(w, LITMUS_OP_EQ, result.value, old.value),
		    0, succeeds);
	if (!succeeds)
		return result;
	value = walk_expression(w, action->value);
	result.did |= value.did |
		      BIT(write_back(w, action, from, action->write, &value));
	return result;
}

static struct result operate(struct walk *w, const struct litmus_action *action,
			     uint64_t before)
{
	struct result value = walk_expression(w, action->value);
	struct result place = walk_expression(w, action->place);
	uint32_t from = read(w, action, &place, action->read, before);
	struct result result = given(w, from, 0);
	struct result next = {
		.value = value_computed(w, action->op, result.value,
					value.value),
		.data = value.data | BIT(from),
		.did = value.did,
	};
	uint32_t to = write_back(w, action, from, action->write, &next);

	if (action->gives == GIVES_THE_NEW)
		result.value = next.value;
	result.did = value.did | place.did | BIT(from) | BIT(to);
	return result;
}

/* What was done is told, and that depends on what was compared. */
static struct result add_unless(struct walk *w,
				const struct litmus_action *action,
				bool succeeds, uint64_t before)
{
	struct result place = walk_expression(w, action->place);
	struct result old = walk_expression(w, action->old), value, next;
	uint32_t from = read(w, action, &place, action->read, before);
	struct result was = given(w, from, 0);

	was.did = place.did | old.did | BIT(from);
	walk_demand(w, value_computed(w, LITMUS_OP_EQ, was.value, old.value), 0,
		    !succeeds);
	if (succeeds) {
		value = walk_expression(w, action->value);
		next = (struct result){
			.value = value_computed(w, LITMUS_OP_ADD, was.value,
						value.value),
			.data = value.data | BIT(from),
			.did = value.did,
		};
		was.did |= value.did | BIT(write_back(w, action, from,
						      action->write, &next));
	}
	was.data |= old.data;
	was.ctrl = old.ctrl;
	was.value = value_number(w, succeeds);
	return was;
}

static struct result atomically(struct walk *w,
				const struct litmus_action *action)
{
	bool can_fail =
		action->does == DOES_SET_IF || action->does == DOES_ADD_UNLESS;
	bool succeeds = !can_fail || !walk_ask(w, 2);
	bool is_fenced = action->is_full && succeeds;
	uint64_t before = w->earlier, earlier = w->earlier;
	struct result result;

	if (is_fenced)
		before |= fence(w, action, TAGGED(MB), before);
	w->earlier = before;
	switch (action->does) {
	case DOES_SET:
		result = set(w, action, before);
		break;
	case DOES_SET_IF:
		result = set_if(w, action, succeeds, before);
		break;
	case DOES_ADD_UNLESS:
		result = add_unless(w, action, succeeds, before);
		break;
	default:
		result = operate(w, action, before);
		break;
	}
	w->earlier = earlier;
	result.did |= before & ~earlier;
	if (is_fenced)
		result.did |=
			fence(w, action, TAGGED(MB), earlier | result.did);
	return result;
}

/* ---- locks ---- */

/* Whether the thread has taken @loc and not given it back. */
static bool holds(const struct walk *w, uint32_t loc)
{
	for (unsigned int i = w->nr_events; i-- > 0;)
		if (w->events[i].loc == loc &&
		    w->events[i].tags & (TAGGED(LKW) | TAGGED(UL)))
			return w->events[i].tags & TAGGED(LKW);
	return false;
}

/* Whoever takes a lock that he holds waits for himself. */
static struct result take(struct walk *w, const struct litmus_action *action,
			  const struct result *place)
{
	struct result none = {.value = NULL};
	uint32_t from = read(w, action, place, TAGGED(LKR) | TAGGED(ACQUIRE),
			     w->earlier);
	uint32_t to;

	if (!w->ended && action->does != DOES_WAIT &&
	    holds(w, w->events[from].loc))
		w->ended = w->is_impossible = true;
	to = write_back(w, action, from, TAGGED(LKW), &none);
	return (struct result){.value = value_number(w, 1),
			       .did = place->did | BIT(from) | BIT(to)};
}

static struct result try(struct walk *w, const struct litmus_action *action)
{
	struct result place = walk_expression(w, action->place), result;
	uint32_t from;

	if (!walk_ask(w, 2))
		return take(w, action, &place);
	from = read(w, action, &place, TAGGED(LF), w->earlier);
	result = given(w, from, place.did | BIT(from));
	result.value = value_number(w, 0);
	return result;
}

static struct result ask_lock(struct walk *w,
			      const struct litmus_action *action)
{
	struct result place = walk_expression(w, action->place), result;
	bool is_taken = !walk_ask(w, 2);
	uint32_t from = read(w, action, &place,
			     is_taken ? TAGGED(RL) : TAGGED(RU), w->earlier);

	result = given(w, from, place.did | BIT(from));
	result.value = value_number(w, is_taken);
	return result;
}

/* ---- actions ---- */

static struct result load(struct walk *w, const struct litmus_action *action)
{
	struct result place = walk_expression(w, action->place);
	uint32_t from = read(w, action, &place, action->read, w->earlier);

	return given(w, from, place.did | BIT(from));
}

static struct result store(struct walk *w, const struct litmus_action *action)
{
	struct result place = walk_expression(w, action->place);
	struct result value = {.value = NULL};
	uint32_t to;

	if (action->value)
		value = walk_expression(w, action->value);
	to = write(w, action, &place, action->write, &value, w->earlier);
	value.did |= place.did | BIT(to);
	return value;
}

static struct result stand(struct walk *w, const struct litmus_action *action)
{
	struct result place = {.did = 0};
	uint64_t at;

	if (action->place)
		place = walk_expression(w, action->place);
	at = fence(w, action, action->write, w->earlier | place.did);
	if (action->place)
		w->events[w->nr_events - 1].loc = walk_locate(w, place.value);
	return (struct result){.value = value_number(w, 0),
			       .did = place.did | at};
}

struct result walk_act(struct walk *w, const struct litmus_action *action)
{
	struct result place;

	switch (action->does) {
	case DOES_LOAD:
		return load(w, action);
	case DOES_STORE:
	case DOES_COMPLETE:
		return store(w, action);
	case DOES_SET:
	case DOES_SET_IF:
	case DOES_OP:
	case DOES_ADD_UNLESS:
		return atomically(w, action);
	case DOES_FENCE:
		return stand(w, action);
	case DOES_LOCK:
	case DOES_WAIT:
		place = walk_expression(w, action->place);
		return take(w, action, &place);
	case DOES_TRY_LOCK:
		return try(w, action);
	case DOES_ASK_LOCK:
		break;
	}
	return ask_lock(w, action);
}
