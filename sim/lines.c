/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include "base/xalloc.h"

#include <editline/readline.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lines {
	bool is_terminal;
	char *line; /* owned: of malloc() */
	size_t room;
};

struct lines *lines_new(void)
{
	struct lines *lines = cdma_xcalloc(1, sizeof(*lines));

	lines->is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (lines->is_terminal) {
		rl_readline_name = "cdmasim";
		using_history();
	}
	return lines;
}

void lines_free(struct lines *lines)
{
	free(lines->line);
	free(lines);
}

static const char *edited(struct lines *lines, const char *prompt)
{
	free(lines->line);
	lines->line = readline(prompt);
	if (lines->line && *lines->line)
		add_history(lines->line);
	return lines->line;
}

const char *lines_next(struct lines *lines, const char *prompt)
{
	ssize_t len;

	if (lines->is_terminal)
		return edited(lines, prompt);
	len = getline(&lines->line, &lines->room, stdin);
	if (len < 0)
		return NULL;
	if (len && lines->line[len - 1] == '\n')
		lines->line[len - 1] = '\0';
	return lines->line;
}
