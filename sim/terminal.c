/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include "base/text.h"
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
	*progress = (struct progress){
		.on = is_smart(stderr),
		.begun = timer_now(),
	};
}

void progress_begin(struct progress *progress)
{
	if (progress->on)
		progress->from = timer_now();
}

/* "12345678" as "12,345,678". */
static void add_grouped(struct cdma_text *out, uint64_t nr)
{
	if (nr >= 1000)
		add_grouped(out, nr / 1000);
	cdma_text_addf(out, nr >= 1000 ? ",%03u" : "%u",
		       (unsigned int)(nr % 1000));
}

/* How fast it is, and how long it will take if it goes on so. */
static void add_rate(struct cdma_text *out, uint64_t ns, uint64_t done,
		     uint64_t all)
{
	double rate = (double)done * 1e9 / (double)(ns ? ns : 1);
	uint64_t left;

	cdma_text_add(out, ", ");
	add_grouped(out, (uint64_t)rate);
	cdma_text_add(out, "/s");
	if (all == UINT64_MAX || rate < 1)
		return;
	left = (uint64_t)((double)(all - done) / rate);
	cdma_text_addf(out, ", %llu:%02llu left",
		       (unsigned long long)(left / 60),
		       (unsigned long long)(left % 60));
}

void progress_show(struct progress *progress, const char *name, uint64_t done,
		   uint64_t all)
{
	struct cdma_text text = {0};
	uint64_t ns;

	if (!progress->on)
		return;
	ns = timer_now();
	if (ns < progress->next)
		return;
	progress->next = ns + 100000000;
	progress->shown = true;
	cdma_text_addf(&text, "\r%.60s: ", name);
	add_grouped(&text, done);
	if (all != UINT64_MAX) {
		cdma_text_add(&text, " of ");
		add_grouped(&text, all);
	}
	add_rate(&text, ns - progress->from, done, all);
	fprintf(stderr, "%s\033[K", text.at);
	fflush(stderr);
	cdma_text_fini(&text);
}

void progress_end(struct progress *progress, uint64_t done)
{
	uint64_t ns = timer_now() - progress->begun;
	struct cdma_text text = {0};

	if (!progress->on || !done)
		return;
	progress_clear(progress);
	add_grouped(&text, done);
	cdma_text_addf(&text, " runs in %.2f s", (double)ns / 1e9);
	add_rate(&text, ns, done, UINT64_MAX);
	fprintf(stderr, "%s\n", text.at);
	cdma_text_fini(&text);
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
