/* SPDX-License-Identifier: MIT */
#include "debug/debug.h"

#include "base/suggest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void debug_complain(struct debug *debug, const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	cdma_text_addf(&debug->out, "%s\n", line);
	debug->has_failed = true;
}

size_t debug_count(struct debug *debug, const char *args)
{
	char *end;
	unsigned long long nr = strtoull(args, &end, 10);

	if (!*args)
		return 1;
	if (*end || !nr || *args == '-') {
		debug_complain(debug, "'%s' is no number of steps", args);
		return 0;
	}
	return (size_t)nr;
}

/* ---- the schedule ---- */

static void learn(struct debug *debug)
{
	const struct trace *trace = walk_trace(debug->walk);

	shown_fini(&debug->shown);
	debug->shown = (struct shown){0};
	for (size_t i = 0; i < trace->events.nr; i++)
		shown_learn(&debug->shown, &trace->events.at[i].ev);
}

static void blame_misfit(struct debug *debug, const struct schedule *schedule,
			 const struct walk_misfit *misfit)
{
	const struct program *program = debug->config.program;
	struct cdma_text who = {0};
	const char *name = "?";

	if (misfit->step < schedule->steps.nr)
		name = program_actor_name(
			program, schedule->steps.at[misfit->step].actor);
	for (uint64_t w = misfit->could; w; w &= w - 1)
		cdma_text_addf(&who, "%s%s", who.len ? ", " : "",
			       program_actor_name(
				       program, (uint32_t)__builtin_ctzll(w)));
	if (misfit->is_way)
		debug_complain(debug,
			       "step %zu: this step of %s cannot go that way",
			       misfit->step + 1, name);
	else if (who.len)
		debug_complain(debug,
			       "step %zu: %s cannot go on here; who can: %s",
			       misfit->step + 1, name, who.at);
	else
		debug_complain(debug, "step %zu: the run is over before",
			       misfit->step + 1);
	cdma_text_fini(&who);
}

bool debug_take(struct debug *debug, const struct schedule *schedule, size_t at)
{
	struct walk_misfit misfit;

	if (!walk_take(debug->walk, schedule, &misfit)) {
		blame_misfit(debug, schedule, &misfit);
		return false;
	}
	learn(debug);
	walk_go(debug->walk, at);
	return true;
}

/* ---- the lines ---- */

static void help(struct debug *debug, char *args);
static void quit(struct debug *debug, char *args);

static const struct debug_command others[] = {
	{"help", "", "What can be said.", help, false},
	{"quit", "", "Leave; the end of the input does, too.", quit, false},
	{NULL, NULL, NULL, NULL, false},
};

static const struct debug_command *const tables[] = {debug_moves, debug_looks,
						     others};
#define NR_TABLES (sizeof(tables) / sizeof(*tables))

static void help(struct debug *debug, char *args)
{
	(void)args;
	for (size_t i = 0; i < NR_TABLES; i++)
		for (const struct debug_command *c = tables[i]; c->name; c++) {
			size_t len = strlen(c->name) + strlen(c->args) + 1;

			cdma_text_addf(&debug->out, "%s %s", c->name, c->args);
			cdma_text_fill(&debug->out, ' ',
				       len < 24 ? 24 - len : 1);
			cdma_text_addf(&debug->out, "%s\n", c->help);
		}
	cdma_text_add(&debug->out,
		      "The beginning of a word will do; of several, the first "
		      "here. An empty line\nmoves again as the last one "
		      "did.\n");
}

static void quit(struct debug *debug, char *args)
{
	(void)args;
	debug->is_over = true;
}

/* The first command that begins with @word. */
static const struct debug_command *find(const char *word,
					struct cdma_suggest *near)
{
	for (size_t i = 0; i < NR_TABLES; i++)
		for (const struct debug_command *c = tables[i]; c->name; c++) {
			if (!strncmp(c->name, word, strlen(word)))
				return c;
			cdma_suggest_offer(near, c->name);
		}
	return NULL;
}

static char *skip_blanks(char *s)
{
	return s + strspn(s, " \t");
}

static void cut_blanks(char *s)
{
	size_t len = strlen(s);

	while (len && strchr(" \t\r", s[len - 1]))
		s[--len] = '\0';
}

static void keep(struct debug *debug, const char *line)
{
	char *kept = cdma_xstrdup(line);

	free(debug->again);
	debug->again = kept;
}

/* Carry out @line, which is cut into pieces. */
static void carry_out(struct debug *debug, char *line)
{
	const struct debug_command *command;
	struct cdma_suggest near;
	char *word = line, *args, *whole = cdma_xstrdup(line);

	args = word + strcspn(word, " \t");
	if (*args)
		*args++ = '\0';
	args = skip_blanks(args);
	near = cdma_suggest_for(word);
	command = find(word, &near);
	if (!command)
		debug_complain(debug, "there is no command '%s'%s%s", word,
			       near.best ? "; did you mean " : ": say help",
			       near.best ? near.best : "");
	else if (*args && !*command->args)
		debug_complain(debug, "%s takes nothing: '%s'", command->name,
			       args);
	else
		command->run(debug, args);
	free(debug->again);
	debug->again = NULL;
	if (command && command->repeats)
		keep(debug, whole);
	free(whole);
}

static void say(struct debug *debug)
{
	if (debug->out.len)
		debug->config.print(debug->config.aux, debug->out.at);
	cdma_text_cut(&debug->out, 0);
}

static void converse(struct debug *debug)
{
	const char *line;
	char *own;

	debug_add_position(debug);
	say(debug);
	while (!debug->is_over &&
	       (line = debug->config.line(debug->config.aux, "(cdmasim) "))) {
		line += strspn(line, " \t");
		if (*line == '#' || (!*line && !debug->again))
			continue;
		own = cdma_xstrdup(*line ? line : debug->again);
		cut_blanks(own);
		carry_out(debug, own);
		free(own);
		say(debug);
	}
}

int debug_run(const struct debug_config *config,
	      const struct schedule *schedule)
{
	struct debug debug = {
		.config = *config,
		.walk = walk_new(config->program, config->machine),
	};

	if (debug_take(&debug, schedule, 0))
		converse(&debug);
	else
		say(&debug);
	walk_free(debug.walk);
	stops_fini(&debug.stops);
	shown_fini(&debug.shown);
	cdma_text_fini(&debug.out);
	free(debug.again);
	return debug.has_failed ? -EINVAL : 0;
}
