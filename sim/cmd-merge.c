/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/text.h"
#include "base/vec.h"
#include "load.h"
#include "parts.h"

#include <string.h>

/* What the journals are of, as a command line: its options into @set. */
static int read_args(const struct command *command, struct json_object *args,
		     struct settings *set)
{
	CDMA_VEC(char *) argv = {0};
	struct cdma_text text = {0};
	int status = STATUS_OK;

	for (size_t i = 1; i < json_object_array_length(args); i++)
		*cdma_vec_push(&argv) = (char *)json_object_get_string(
			json_object_array_get_idx(args, i));
	*cdma_vec_push(&argv) = NULL;
	if (options_parse(command->bit, argv.at, set, &text)) {
		complain("the journals: %s", text.at);
		status = STATUS_USAGE;
	}
	cdma_text_fini(&text);
	cdma_vec_free(&argv);
	return status;
}

/* How to print is up to who merges. */
static void take_looks(struct settings *set, const struct settings *mine)
{
	set->verbose = mine->verbose;
	set->quiet = mine->quiet;
	set->color = mine->color;
	set->save = mine->save;
	set->html = mine->html;
	set->coverage = mine->coverage;
	set->svg = mine->svg;
	for (size_t i = 0; i < mine->formats.nr; i++)
		*cdma_vec_push(&set->formats) = mine->formats.at[i];
}

static int merge_as(struct cmd *cmd, struct json_object *head,
		    struct parts *parts)
{
	struct json_object *args = NULL, *first;
	struct cmd as = {.commands = cmd->commands, .output = cmd->output};
	int status;

	json_object_object_get_ex(head, "args", &args);
	first = json_object_array_get_idx(args, 0);
	as.self = command_find(cmd->commands, json_object_get_string(first));
	if (!as.self)
		return STATUS_USAGE;
	status = read_args(as.self, args, &as.set);
	take_looks(&as.set, &cmd->set);
	parts->set = &as.set;
	if (!status && load_input(&as.set))
		status = STATUS_IO;
	if (!status)
		status = run_known(&as, parts);
	settings_fini(&as.set);
	return status;
}

static int merge(struct cmd *cmd)
{
	struct json_object *head;
	struct parts parts;
	int status;

	if (!cmd->set.operands.nr) {
		complain("merge what? say %s", cmd->self->operands);
		return STATUS_USAGE;
	}
	status = parts_init_known(&parts, &cmd->set.operands, &head);
	if (!status)
		status = merge_as(cmd, head, &parts);
	json_object_put(head);
	parts_fini(&parts);
	return status;
}

static const struct example examples[] = {
	{"merge out/*.jsonl",
	 "What the shards found together, and the exit status that they "
	 "could not know."},
	{NULL, NULL},
};

const struct command cmd_merge = {
	.name = "merge",
	.bit = CMD_MERGE,
	.operands = "JOURNAL...",
	.summary = "join the journals of shards and give the verdict",
	.about = "Join the journals that `run --journal' or `explore "
		 "--journal' have written, of shards on many machines or of "
		 "one that was killed, and report what one process would have "
		 "that did it all: the same findings, with schedules, and the "
		 "same exit status."
		 "\n\n"
		 "The scenarios are read again, from where they were seen when "
		 "the journals were written, so run it in the same directory. "
		 "Nothing is run but what shows the findings. Cases that are "
		 "in none of the journals make the verdict inconclusive.",
	.examples = examples,
	.run = merge,
};
