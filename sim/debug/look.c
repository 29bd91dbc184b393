/* SPDX-License-Identifier: MIT */
#include "debug/debug.h"

#include "debug/place.h"
#include "picture/describe.h"
#include "picture/naming.h"
#include "report/paint.h"
#include "sched/schedule-text.h"

#include <cdma/actor.h>
#include <cdma/device.h>
#include <cdma/memory.h>
#include <cdma/region.h>

#include <stdlib.h>
#include <string.h>

/*
 * Commands that print something.
 */

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

void debug_add_site(struct cdma_text *out, const struct cdma_site *site)
{
	if (!site || !site->file)
		return;
	cdma_text_addf(out, "%s:%u", site->file, site->line);
	if (site->text) {
		cdma_text_add(out, ": ");
		cdma_text_squeeze(out, site->text);
	}
}

static const char *section_name(const struct debug *debug, uint32_t actor)
{
	return program_actor_name(debug->config.program, actor);
}

/* ---- events ---- */

static void add_saw(struct debug *debug, const struct trace_event *t)
{
	const struct cdma_party party = cdma_party_of(&t->ev);
	const struct trace_event *saw =
		trace_saw(walk_trace(debug->walk), &party);

	if (saw)
		cdma_text_addf(&debug->out, " <-#%llu", ull(saw->ev.seq));
}

void debug_add_event(struct debug *debug, const struct trace_event *t)
{
	struct machine *machine = walk_whole(debug->walk);
	struct naming naming = {.machine = machine};
	const struct describe_names names = {naming_name, naming_place,
					     &naming};
	const struct cdma_actor *actor =
		cdma_actor_find(machine_world(machine), t->ev.actor);
	struct cdma_text line = {0};

	cdma_text_addf(&debug->out, "  #%-4llu %-10s ", ull(t->ev.seq),
		       actor ? cdma_actor_name(actor) : "?");
	describe_event(&debug->out, &names, &t->ev, true);
	add_saw(debug, t);
	debug_add_site(&line, t->ev.site);
	if (line.len)
		cdma_text_addf(&debug->out, "\n%19s%s%s%s", "",
			       paint(debug->config.colour, PAINT_DIM), line.at,
			       paint(debug->config.colour, PAINT_RESET));
	cdma_text_addc(&debug->out, '\n');
	cdma_text_fini(&line);
	naming_fini(&naming);
}

/* The events of steps @from up to @to, as events count them. */
static void add_events(struct debug *debug, size_t from, size_t to)
{
	const struct trace *trace = walk_trace(debug->walk);

	for (size_t i = 0; i < trace->events.nr; i++) {
		const struct trace_event *t = &trace->events.at[i];

		if (t->step >= from && t->step <= to &&
		    shown_has(&debug->shown, &t->ev))
			debug_add_event(debug, t);
	}
}

static void events(struct debug *debug, char *args)
{
	size_t at = walk_at(debug->walk);
	size_t nr = *args ? debug_count(debug, args) : at + 1;
	bool is_end = at == walk_length(debug->walk);

	if (nr)
		add_events(debug, nr > at ? 0 : at - nr + 1,
			   is_end ? at + 1 : at);
}

/* ---- where it stands ---- */

static const char *end_of(const struct run_result *result)
{
	switch (result->end) {
	case RUN_STUCK:
		return "and somebody waits for ever";
	case RUN_BOUNDED:
		return "for it takes too many steps";
	case RUN_ERROR:
		return "by a mistake in the scenario";
	default:
		return "";
	}
}

static void add_place(struct debug *debug, uint32_t actor)
{
	struct cdma_text line = {0};

	debug_add_site(&line, machine_place(walk_machine(debug->walk), actor));
	cdma_text_add(&debug->out, line.len ? line.at : "it has ended");
	cdma_text_fini(&line);
}

/* Which ways the next step may go besides the one it will. */
static void add_ways(struct debug *debug, size_t step)
{
	enum choice_kind kind;
	uint32_t nr;

	for (uint32_t i = 0; (nr = walk_ways(debug->walk, step, i, &kind)); i++)
		cdma_text_addf(
			&debug->out, "  [%s=%u of 0..%u]", choice_name(kind),
			schedule_way(
				&walk_schedule(debug->walk)->steps.at[step], i),
			nr - 1);
}

void debug_add_position(struct debug *debug)
{
	const struct schedule *schedule = walk_schedule(debug->walk);
	size_t at = walk_at(debug->walk), length = walk_length(debug->walk);
	bool is_end = at == length;

	if (at)
		add_events(debug, at, is_end ? at + 1 : at);
	cdma_text_addf(&debug->out, "%sstep %zu of %zu%s: ",
		       paint(debug->config.colour, PAINT_PLACE), at, length,
		       paint(debug->config.colour, PAINT_RESET));
	if (is_end) {
		cdma_text_addf(&debug->out, "the run is over%s%s\n",
			       *end_of(walk_result(debug->walk)) ? ", " : "",
			       end_of(walk_result(debug->walk)));
		return;
	}
	cdma_text_addf(&debug->out, "next is %s, %s",
		       section_name(debug, schedule->steps.at[at].actor),
		       walk_is_given(debug->walk, at) ? ""
						      : "as strategy first: ");
	add_place(debug, schedule->steps.at[at].actor);
	add_ways(debug, at);
	cdma_text_addc(&debug->out, '\n');
}

static void where(struct debug *debug, char *args)
{
	(void)args;
	debug_add_position(debug);
}

static void who(struct debug *debug, char *args)
{
	const struct program *program = debug->config.program;
	uint64_t could = walk_could(debug->walk);

	(void)args;
	for (uint32_t i = 0; i < program->sections.nr; i++) {
		bool can = i < 64 && could >> i & 1;
		bool ends = !machine_place(walk_machine(debug->walk), i);

		cdma_text_addf(&debug->out, "%-10s %-10s ",
			       section_name(debug, i),
			       can    ? "can go on"
			       : ends ? ""
				      : "waits");
		add_place(debug, i);
		cdma_text_addc(&debug->out, '\n');
	}
}

/* ---- memory ---- */

static void print(struct debug *debug, char *args)
{
	struct machine *machine = walk_machine(debug->walk);
	struct cdma_text err = {0};
	struct place place;

	if (!*args)
		debug_complain(debug, "print what? say a place such as "
				      "rx[0].len");
	else if (place_find(machine, args, &place, &err))
		place_add_values(&debug->out, machine, &place, args);
	else
		debug_complain(debug, "%s", err.at);
	cdma_text_fini(&err);
}

static void add_sight(struct debug *debug, const struct place *place,
		      const struct cdma_sight *sight, bool is_newest,
		      uint32_t actor)
{
	const struct trace *trace = walk_trace(debug->walk);
	const uint64_t bytes = htole64(sight->value);
	const struct trace_event *t;

	(void)actor;
	cdma_text_add(&debug->out, "  ");
	place_add_scalar(&debug->out, place->type,
			 (const unsigned char *)&bytes);
	t = trace_at(trace, sight->rf);
	if (is_newest)
		cdma_text_add(&debug->out, ", the newest");
	else if (t && t->ev.kind == CDMA_EV_WRITE)
		cdma_text_addf(&debug->out, ", as it was after event #%llu",
			       ull(sight->rf));
	else
		cdma_text_add(&debug->out, ", as it was at first");
	cdma_text_addc(&debug->out, '\n');
}

static void add_sights(struct debug *debug, uint32_t actor,
		       const struct place *place, const char *name)
{
	struct cdma_sight sights[CDMA_SIGHTS_MAX];
	size_t nr =
		machine_sees(walk_machine(debug->walk), actor, place->region,
			     place->offset, (uint8_t)place->size, sights);

	if (!nr) {
		debug_complain(debug, "%s has not begun",
			       section_name(debug, actor));
		return;
	}
	cdma_text_addf(&debug->out,
		       nr > 1 ? "a read of %s by %s could see, here and now:\n"
			      : "a read of %s by %s is sure to see:\n",
		       name, section_name(debug, actor));
	for (size_t i = 0; i < nr; i++)
		add_sight(debug, place, &sights[i], !i, actor);
}

static void sees(struct debug *debug, char *args)
{
	const struct program *program = debug->config.program;
	char *name = args + strcspn(args, " \t");
	struct cdma_text err = {0};
	struct place place;
	uint32_t actor = 0;

	if (*name)
		*name++ = '\0';
	name += strspn(name, " \t");
	while (actor < program->sections.nr &&
	       strcmp(section_name(debug, actor), args) != 0)
		actor++;
	if (!*name)
		debug_complain(debug, "who sees what? say THREAD PLACE, such "
				      "as 'sees poll rx[0].len'");
	else if (actor == program->sections.nr)
		debug_complain(debug, "there is no thread '%s'", args);
	else if (!place_find(walk_machine(debug->walk), name, &place, &err))
		debug_complain(debug, "%s", err.at);
	else if (!place_is_scalar(&place))
		debug_complain(debug, "%s is more than one value", name);
	else
		add_sights(debug, actor, &place, name);
	cdma_text_fini(&err);
}

/* "coherent rx of nic, 32 bytes at 0x1000" */
static void owners(struct debug *debug, char *args)
{
	struct machine *machine = walk_machine(debug->walk);
	const struct cdma_world *world = machine_world(machine);
	struct naming naming = {.machine = machine};
	struct cdma_region_info info;

	(void)args;
	for (cdma_region_id id = 1; cdma_region_info(world, id, &info); id++) {
		const struct cdma_device *device =
			cdma_device_find(world, info.device);
		const char *name = naming_name(&naming, CDMA_CTF_REGION, id);

		if (info.state == CDMA_REGION_REGISTERS)
			continue;
		cdma_text_addf(&debug->out, "%-10s %s, %zu bytes",
			       name ? name : "?",
			       cdma_region_state_name(info.state), info.size);
		if (device)
			cdma_text_addf(&debug->out, ", of %s%s",
				       cdma_device_name(device),
				       info.unmapped ? ", unmapped" : "");
		if (info.iova && info.state != CDMA_REGION_FREED)
			cdma_text_addf(&debug->out, " at 0x%llx",
				       ull(info.iova));
		cdma_text_addc(&debug->out, '\n');
	}
	naming_fini(&naming);
}

/* ---- what is found ---- */

static void findings(struct debug *debug, char *args)
{
	const struct cdma_finding *f;
	size_t step;

	(void)args;
	for (size_t i = 0; (f = walk_found(debug->walk, i, &step)); i++) {
		cdma_text_addf(&debug->out, "%zu: %s at ", i + 1,
			       cdma_finding_name(f->id));
		debug_add_site(&debug->out, f->at.site);
		if (step > walk_length(debug->walk))
			cdma_text_add(&debug->out, ", after the threads\n");
		else
			cdma_text_addf(&debug->out, ", step %zu\n", step);
	}
	if (!walk_found(debug->walk, 0, &step))
		cdma_text_add(&debug->out,
			      "nothing is found in this schedule\n");
}

static void why(struct debug *debug, char *args)
{
	size_t nr = debug_count(debug, args), step;
	const struct cdma_finding *f;

	if (!nr)
		return;
	f = walk_found(debug->walk, nr - 1, &step);
	if (f)
		debug->config.explain(debug->config.aux, &debug->out,
				      walk_schedule(debug->walk), f);
	else
		debug_complain(debug,
			       "there is no finding %zu in this "
			       "schedule; findings lists them",
			       nr);
}

/* ---- the schedule ---- */

static void schedule(struct debug *debug, char *args)
{
	(void)args;
	schedule_text_print_line(&debug->out, debug->config.program,
				 walk_schedule(debug->walk));
	cdma_text_addc(&debug->out, '\n');
}

static void save(struct debug *debug, char *args)
{
	int err;

	if (!*args) {
		debug_complain(debug, "save where? say a file");
		return;
	}
	err = debug->config.save(debug->config.aux, walk_schedule(debug->walk),
				 args);
	if (err)
		debug_complain(debug, "%s: %s", args, strerror(-err));
	else
		cdma_text_addf(&debug->out,
			       "written; cdmasim replay %s shows it\n", args);
}

const struct debug_command debug_looks[] = {
	{"where", "", "What was done last, and what is next.", where, false},
	{"who", "", "Who can go on, and where everybody stands.", who, false},
	{"print", "PLACE",
	 "What memory or a register holds: rx[0].len, rx, nic.", print, false},
	{"sees", "THREAD PLACE",
	 "What a read of it could see now, as nothing orders it.", sees, false},
	{"owners", "", "All memory, and what it is now.", owners, false},
	{"events", "[N]", "What happened up to here, or in the last N steps.",
	 events, false},
	{"findings", "", "What is found in the whole schedule.", findings,
	 false},
	{"why", "[N]", "The report of a finding.", why, false},
	{"schedule", "", "The schedule as text, for cdmasim replay.", schedule,
	 false},
	{"save", "FILE", "Write the schedule to a file.", save, false},
	{NULL, NULL, NULL, NULL, false},
};
