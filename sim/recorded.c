/* SPDX-License-Identifier: MIT */
#include "recorded.h"

#include "sched/schedule-text.h"
#include "script/diag.h"
#include "script/source.h"
#include "terminal.h"

#include <stdio.h>
#include <string.h>

int recorded_blame(const struct recorded *r)
{
	struct cdma_text text = {0};

	diag_print(r->diag, &text);
	fflush(stdout);
	fputs(cdma_text_str(&text), stderr);
	cdma_text_fini(&text);
	return STATUS_USAGE;
}

static int read_text(struct recorded *r, const char *path)
{
	struct sources sources = {0};
	uint32_t file;
	int err = 0;

	if (r->set.schedule)
		r->text = schedule_text_parse("--schedule", r->set.schedule,
					      strlen(r->set.schedule), r->diag);
	else
		err = sources_read(&sources, path, &file);
	if (err)
		complain("%s: %s", path, strerror(-err));
	else if (!r->set.schedule)
		r->text = schedule_text_parse(path, sources.at[file].text,
					      sources.at[file].len, r->diag);
	sources_fini(&sources);
	if (!r->text)
		return err ? STATUS_USAGE : recorded_blame(r);
	r->head = schedule_text_head(r->text);
	return STATUS_OK;
}

/* The last one that sets a param counts: that of the command line. */
static void take_defines(struct words *out, const struct schedule_head *head)
{
	struct words given = *out;

	*out = (struct words){0};
	for (size_t i = 0; i < head->defines.nr; i++)
		*cdma_vec_push(out) = head->defines.at[i];
	for (size_t i = 0; i < given.nr; i++)
		*cdma_vec_push(out) = given.at[i];
	cdma_vec_free(&given);
}

/* What the schedule says where the command line says nothing. */
static void take_settings(struct recorded *r)
{
	struct settings *set = &r->set;
	const struct schedule_head *head = r->head;
	const bool has_faults = set->faults.nr;

	set->variant = head->variant;
	take_defines(&set->defines, head);
	for (size_t i = 0; i < head->faults.nr && !has_faults; i++)
		*cdma_vec_push(&set->faults) = head->faults.at[i];
	for (size_t i = 0; i < head->includes.nr; i++)
		*cdma_vec_push(&set->includes) = head->includes.at[i];
	set->strict_volatile |= head->strict_volatile;
	set->strict_windows |= head->strict_windows;
	set->strict_plain |= head->strict_plain;
	if (head->contract && set->contract == CDMA_CONTRACT_CALLS)
		set->contract = strcmp(head->contract, "c") ? CDMA_CONTRACT_RUST
							    : CDMA_CONTRACT_C;
	if (!set->machine)
		set->machine = head->machine;
	if (head->memory && set->memory == MEMORY_AUTO)
		set->memory = strcmp(head->memory, "weak") ? MEMORY_STRONG
							   : MEMORY_WEAK;
}

/* The scenario: that of the operand, or beside the schedule. */
static int find_scenario(struct recorded *r)
{
	const struct words *words = &r->set.operands;
	size_t nr = r->set.schedule ? 0 : 1;
	const char *slash;

	if (words->nr > nr) {
		cdma_text_add(&r->path, words->at[nr]);
		return STATUS_OK;
	}
	if (!r->head->file) {
		complain("the schedule does not name its file: say which "
			 "scenario to replay");
		return STATUS_USAGE;
	}
	slash = nr ? strrchr(words->at[0], '/') : NULL;
	if (slash && r->head->file[0] != '/')
		cdma_text_addn(&r->path, words->at[0],
			       (size_t)(slash + 1 - words->at[0]));
	cdma_text_add(&r->path, r->head->file);
	return STATUS_OK;
}

static int load_program(struct recorded *r)
{
	const struct schedule_head *head = r->head;

	if (load_file(r->path.at, &r->set, &r->loaded))
		return STATUS_USAGE;
	if (!r->loaded.nr) {
		complain("%s has no variant '%s'", r->path.at, head->variant);
		return STATUS_USAGE;
	}
	r->program = r->loaded.programs[0];
	if (strcmp(r->program->name, head->scenario)) {
		complain("%s is scenario '%s', and the schedule is of '%s'",
			 r->path.at, r->program->name, head->scenario);
		return STATUS_USAGE;
	}
	if (!schedule_text_resolve(r->text, r->program, r->diag, &r->schedule))
		return recorded_blame(r);
	return STATUS_OK;
}

static int read_all(struct recorded *r, const char *self)
{
	const struct words *words = &r->set.operands;
	size_t most = r->set.schedule ? 1 : 2;
	int status;

	if (!words->nr || words->nr > most) {
		complain("%s what? say FILE.sched [FILE.dma], or "
			 "--schedule=TEXT FILE.dma",
			 self);
		return STATUS_USAGE;
	}
	if (settings_on_each(&r->set)) {
		complain("a schedule is of one machine: say which");
		return STATUS_USAGE;
	}
	status = read_text(r, words->at[0]);
	if (status)
		return status;
	take_settings(r);
	status = find_scenario(r);
	return status ? status : load_program(r);
}

int recorded_open(struct recorded *r, const struct cmd *cmd)
{
	*r = (struct recorded){
		.set = cmd->set,
		.diag = diag_new(
			terminal_colour(stderr, (enum when)cmd->set.color)),
	};
	return read_all(r, cmd->self->name);
}

void recorded_close(struct recorded *r, struct cmd *cmd)
{
	/* The lists have grown: they are what cmd has to free. */
	cmd->set = r->set;
	loaded_fini(&r->loaded);
	schedule_fini(&r->schedule);
	schedule_text_free(r->text);
	cdma_text_fini(&r->path);
	diag_free(r->diag);
}

struct machine_options recorded_options(const struct recorded *r)
{
	return (struct machine_options){
		.memory = (enum run_memory)r->set.memory,
		.strict_volatile = r->set.strict_volatile,
		.strict_windows = r->set.strict_windows,
		.strict_plain = r->set.strict_plain,
		.contract = (enum cdma_contract)r->set.contract,
		.step_cap = r->set.steps,
	};
}

/* ---- one run of it ---- */

struct campaign *recorded_run(struct recorded_run *run,
			      const struct recorded *r,
			      const struct schedule *schedule)
{
	*run = (struct recorded_run){
		.reload = {r->path.at, &r->set},
		.again =
			{
				.compile = reload_program,
				.aux = &run->reload,
				.given = given_by(&r->set),
				.expected = true,
			},
		.options =
			{
				.schedules = 1,
				.simplify = &run->again,
				.source = &run->replay.source,
				.as_is = true,
				.machine = recorded_options(r),
			},
	};
	replay_source_init(&run->replay, schedule);
	return campaign_run(r->program, &run->options);
}

/* ---- writing it down ---- */

static const char *memory_name(enum run_memory memory)
{
	static const char *const names[] = {NULL, "strong", "weak"};

	return names[memory];
}

static const char *contract_name(enum cdma_contract contract)
{
	static const char *const names[] = {NULL, "c", "rust"};

	return names[contract];
}

void recorded_print(struct cdma_text *out, const struct written *written)
{
	const struct machine_options *machine = written->machine;
	const struct words *includes = written->includes;
	struct schedule_head head = {
		.file = written->scenario,
		.origin = written->origin,
		.strict_volatile = machine->strict_volatile,
		.strict_windows = machine->strict_windows,
		.strict_plain = machine->strict_plain,
		.contract = contract_name(machine->contract),
		.memory = memory_name(machine->memory),
		.machine = written->given->machine,
	};

	for (size_t i = 0; i < written->given->nr_defines; i++)
		*cdma_vec_push(&head.defines) = written->given->defines[i];
	for (size_t i = 0; i < written->given->nr_faults; i++)
		*cdma_vec_push(&head.faults) = written->given->faults[i];
	for (size_t i = 0; includes && i < includes->nr; i++)
		*cdma_vec_push(&head.includes) = includes->at[i];
	schedule_text_print(out, &head, written->program, written->schedule);
	cdma_vec_free(&head.defines);
	cdma_vec_free(&head.faults);
	cdma_vec_free(&head.includes);
}
