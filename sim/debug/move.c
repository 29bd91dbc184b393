/* SPDX-License-Identifier: MIT */
#include "debug/debug.h"

#include "sched/schedule-text.h"
#include "script/diag.h"

#include <stdlib.h>
#include <string.h>

/*
 * Commands that go somewhere.
 */

/* What was found between @from and where it stands now. */
static void add_found(struct debug *debug, size_t from)
{
	size_t at = walk_at(debug->walk), step;
	bool is_end = at == walk_length(debug->walk);
	const struct cdma_finding *f;

	for (size_t i = 0; (f = walk_found(debug->walk, i, &step)); i++)
		if (step > from && (step <= at || is_end))
			cdma_text_addf(&debug->out, "*** %s: why %zu tells\n",
				       cdma_finding_name(f->id), i + 1);
}

static void go(struct debug *debug, size_t to)
{
	size_t from = walk_at(debug->walk);

	walk_go(debug->walk, to);
	debug_add_position(debug);
	if (to > from)
		add_found(debug, from);
}

static void step(struct debug *debug, char *args)
{
	size_t nr = debug_count(debug, args);
	size_t left = walk_length(debug->walk) - walk_at(debug->walk);

	if (nr && !left)
		debug_complain(debug, "the run is over; back goes back");
	else if (nr)
		go(debug, walk_at(debug->walk) + (nr < left ? nr : left));
}

static void back(struct debug *debug, char *args)
{
	size_t nr = debug_count(debug, args), at = walk_at(debug->walk);

	if (nr && !at)
		debug_complain(debug, "this is where the threads begin");
	else if (nr)
		go(debug, nr < at ? at - nr : 0);
}

static void move_on(struct debug *debug, bool is_back)
{
	size_t place;
	const struct stop *stop =
		stops_next(&debug->stops, debug->walk, is_back, &place);

	if (stop)
		cdma_text_addf(&debug->out, "stop %u: %s\n", stop->nr,
			       stop->text);
	go(debug, place);
}

static void go_on(struct debug *debug, char *args)
{
	(void)args;
	move_on(debug, false);
}

static void reverse(struct debug *debug, char *args)
{
	(void)args;
	move_on(debug, true);
}

static void go_to(struct debug *debug, char *args)
{
	size_t length = walk_length(debug->walk), to;
	char *end;

	to = (size_t)strtoull(args, &end, 10);
	if (!strcmp(args, "start")) {
		go(debug, 0);
	} else if (!strcmp(args, "end")) {
		go(debug, length);
	} else if (!*args || *end || *args == '-' || to > length) {
		debug_complain(debug,
			       "goto where? say start, end, or a step from 0 "
			       "to %zu",
			       length);
	} else {
		go(debug, to);
	}
}

/* Add the steps that @args says to @schedule.  False after saying why not. */
static bool add_steps(struct debug *debug, const char *args,
		      struct schedule *schedule)
{
	const struct program *program = debug->config.program;
	struct diag *diag = diag_new(debug->config.colour);
	struct schedule none = {0}, more = {0};
	struct schedule_text *text;
	struct cdma_text line = {0};
	bool ok = false;

	schedule_text_print_line(&line, program, &none);
	cdma_text_addf(&line, " %s", args);
	text = schedule_text_parse("do", line.at, line.len, diag);
	if (text)
		ok = schedule_text_resolve(text, program, diag, &more);
	if (!ok) {
		diag_print(diag, &debug->out);
		debug->has_failed = true;
	}
	for (size_t i = 0; ok && i < more.steps.nr; i++)
		*cdma_vec_push(&schedule->steps) = more.steps.at[i];
	schedule_fini(&more);
	schedule_text_free(text);
	cdma_text_fini(&line);
	diag_free(diag);
	return ok;
}

static void choose(struct debug *debug, char *args)
{
	struct schedule schedule = {0};
	size_t from = walk_at(debug->walk), to;

	schedule_copy(&schedule, walk_schedule(debug->walk));
	schedule_cut(&schedule, from);
	if (!*args)
		debug_complain(debug, "do what? say who does the next steps, "
				      "such as 'do poll' or 'do dma*2 poll'");
	else if (add_steps(debug, args, &schedule) &&
		 (to = schedule.steps.nr, debug_take(debug, &schedule, to))) {
		debug_add_position(debug);
		add_found(debug, from);
	}
	schedule_fini(&schedule);
}

static void set_stop(struct debug *debug, char *args)
{
	struct cdma_text err = {0};
	const struct stop *stop;

	if (!*args) {
		debug_complain(debug, "break where? say a line, a label, 'in "
				      "THREAD', 'write PLACE', 'read PLACE', "
				      "'access PLACE', 'finding', or a kind of "
				      "finding");
		return;
	}
	stop = stops_add(&debug->stops, debug->walk, args, &err);
	if (stop)
		cdma_text_addf(&debug->out, "stop %u: %s\n", stop->nr,
			       stop->text);
	else
		debug_complain(debug, "%s", err.at);
	cdma_text_fini(&err);
}

static void delete_stop(struct debug *debug, char *args)
{
	unsigned long nr = strtoul(args, NULL, 10);

	if (!stops_delete(&debug->stops, (unsigned int)nr))
		debug_complain(debug, "there is no stop '%s'", args);
}

static void stops(struct debug *debug, char *args)
{
	(void)args;
	if (!debug->stops.at.nr)
		cdma_text_add(&debug->out, "there are none; break makes one\n");
	for (size_t i = 0; i < debug->stops.at.nr; i++)
		cdma_text_addf(&debug->out, "stop %u: %s\n",
			       debug->stops.at.at[i].nr,
			       debug->stops.at.at[i].text);
}

const struct debug_command debug_moves[] = {
	{"step", "[N]", "Go one step further, or N.", step, true},
	{"break", "WHERE",
	 "Stop at a LINE, LABEL, 'in THREAD', 'write PLACE', 'read PLACE', "
	 "'finding'.",
	 set_stop, false},
	{"back", "[N]", "Go back one step, or N.", back, true},
	{"continue", "", "Go on to the next stop, or to the end.", go_on, true},
	{"reverse", "", "Go back to the last stop, or to the start.", reverse,
	 true},
	{"goto", "N|start|end", "Stand after so many steps.", go_to, false},
	{"do", "STEPS",
	 "Choose who does the next steps, as in a schedule: 'dma*2 poll', "
	 "'poll:rf=1'.",
	 choose, true},
	{"delete", "N", "Take a stop away.", delete_stop, false},
	{"stops", "", "List the stops.", stops, false},
	{NULL, NULL, NULL, NULL, false},
};
