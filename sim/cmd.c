/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/suggest.h"
#include "base/text.h"
#include "select.h"

#include <errno.h>
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

int print_text(const struct cdma_text *text)
{
	errno = 0;
	fwrite(cdma_text_str(text), 1, text->len, stdout);
	if (!fflush(stdout) && !ferror(stdout))
		return STATUS_OK;
	if (errno != EPIPE)
		complain("standard output: %s", strerror(errno));
	return STATUS_IO;
}

int operands_select(const struct cmd *cmd, struct paths *out)
{
	const struct words *words = &cmd->set.operands;

	if (!words->nr) {
		complain("%s what? say %s", cmd->self->name,
			 cmd->self->operands);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < words->nr; i++) {
		if (select_ends(words->at[i], LITMUS_ENDING)) {
			complain("%s: is a litmus test, for 'explore' alone",
				 words->at[i]);
			return STATUS_USAGE;
		}
		if (select_ends(words->at[i], ".c") ||
		    select_ends(words->at[i], ".rs")) {
			complain(
				"%s: is a driver, and cdmasim takes scenarios: "
				"'cdmasim new' writes one to start from",
				words->at[i]);
			return STATUS_USAGE;
		}
		if (select_add(out, words->at[i]))
			return STATUS_IO;
	}
	return STATUS_OK;
}
