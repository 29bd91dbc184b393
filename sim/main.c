/* SPDX-License-Identifier: MIT */
/*
 * cdmasim: find the command, read its options, run it.
 */
#include "cmd.h"
#include "load.h"
#include "memory.h"
#include "output.h"
#include "usage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = {
	&cmd_run,    &cmd_explore, &cmd_replay, &cmd_debug,   &cmd_merge,
	&cmd_new,    &cmd_check,   &cmd_fmt,    &cmd_list,    &cmd_show,
	&cmd_native, &cmd_explain, &cmd_help,   &cmd_version, NULL,
};

static int run_with_output(struct cmd *cmd)
{
	struct output output;
	int err = memory_begin(cmd->self->bit, &cmd->set), status;

	if (err) {
		complain("--memory-limit: %s", strerror(-err));
		return STATUS_IO;
	}
	status = output_begin(&output, cmd);
	cmd->output = &output;
	if (!status && load_input(&cmd->set))
		status = STATUS_IO;
	if (!status)
		status = cmd->self->run(cmd);
	return output_end(&output, status);
}

static int run(const struct command *command, char *const *argv)
{
	struct cmd cmd = {.self = command, .commands = commands};
	struct cdma_text text = {0};
	int status = STATUS_OK;

	if (options_parse(command->bit, argv, &cmd.set, &text)) {
		complain("%s", cdma_text_str(&text));
		fprintf(stderr, "see 'cdmasim %s --help'\n", command->name);
		status = STATUS_USAGE;
	} else if (cmd.set.help) {
		usage_command(&text, command);
		status = print_text(&text);
	} else {
		status = run_with_output(&cmd);
	}
	cdma_text_fini(&text);
	settings_fini(&cmd.set);
	return status;
}

static int run_nothing(void)
{
	struct cdma_text text = {0};

	usage_program(&text, commands);
	fputs(cdma_text_str(&text), stderr);
	cdma_text_fini(&text);
	return STATUS_USAGE;
}

/* What stands where a command should. */
static const char *command_name(const char *word)
{
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return "help";
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		return "version";
	return word;
}

/*
 * The first file that is opened gets the lowest number that is free.  Were that
 * one of a standard stream, what is printed would go there.  So one that is
 * closed is opened the wrong way round: using it fails, as it did.
 */
static bool keep_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (!keep_standard())
		return STATUS_IO;

	/* Both become errors of write(), which say what happened. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);

	if (argc < 2)
		return run_nothing();
	command = command_find(commands, command_name(argv[1]));
	if (!command)
		return STATUS_USAGE;
	return run(command, argv + 2);
}
