/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include "timer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* CLICOLOR_FORCE=0 does not force. */
static bool forces(const char *name)
{
	return is_set(name) && strcmp(getenv(name), "0") != 0;
}

static bool is_smart(FILE *out)
{
	const char *term = getenv("TERM");

	return isatty(fileno(out)) && term && strcmp(term, "dumb") != 0;
}

bool terminal_colour(FILE *out, enum when when)
{
	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	if (is_set("NO_COLOR"))
		return false;
	return forces("CLICOLOR_FORCE") || forces("FORCE_COLOR") ||
	       is_smart(out);
}

unsigned int terminal_width(FILE *out)
{
	struct winsize size;
	uint64_t columns;

	if (!ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	if (is_set("COLUMNS") && !number_parse(getenv("COLUMNS"), &columns) &&
	    columns > 0 && columns < 10000)
		return (unsigned int)columns;
	return 80;
}

void progress_init(struct progress *progress)
{
	*progress = (struct progress){.on = is_smart(stderr)};
}

void progress_show(struct progress *progress, const char *name, uint64_t done,
		   uint64_t all)
{
	uint64_t ns;

	if (!progress->on)
		return;
	ns = timer_now();
	if (ns < progress->next)
		return;
	progress->next = ns + 100000000;
	progress->shown = true;
	fprintf(stderr, "\r%.60s: %llu of %llu\033[K", name,
		(unsigned long long)done, (unsigned long long)all);
	fflush(stderr);
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
