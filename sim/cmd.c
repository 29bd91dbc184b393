/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void complain(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("cdmasim: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/* Somebody who forgot "run", or the sub-command altogether. */
static bool is_scenario(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') ||
	       (len > 4 && !strcmp(name + len - 4, ".dma"));
}

const struct command *command_find(const struct command *const *commands,
				   const char *name)
{
	struct cdma_suggest near = cdma_suggest_for(name);

	for (; *commands; commands++) {
		if (!strcmp((*commands)->name, name))
			return *commands;
		cdma_suggest_offer(&near, (*commands)->name);
	}
	if (near.best)
		complain("there is no command '%s'; did you mean '%s'?", name,
			 near.best);
	else if (is_scenario(name))
		complain("there is no command '%s'; did you mean "
			 "'cdmasim run %s'?",
			 name, name);
	else
		complain("there is no command '%s'; see 'cdmasim help'", name);
	return NULL;
}
