/* SPDX-License-Identifier: MIT */
#ifndef SIM_USAGE_H
#define SIM_USAGE_H

/*
 * Usage: what the tables of commands and options say, as help, as a man page
 * and as a completion for bash.
 */

#include "cmd.h"

#include "base/text.h"

/* cdmasim --help. */
void usage_program(struct cdma_text *out,
		   const struct command *const *commands);

/* cdmasim COMMAND --help. */
void usage_command(struct cdma_text *out, const struct command *command);

/* cdmasim(1), in man(7). */
void usage_man(struct cdma_text *out, const struct command *const *commands);

/* For bash-completion's completions/cdmasim. */
void usage_bash(struct cdma_text *out, const struct command *const *commands);

/* The meanings of the exit statuses, from 0; NULL after the last. */
const char *usage_status(unsigned int status);

#endif /* SIM_USAGE_H */
