/* SPDX-License-Identifier: MIT */
#include "picture/save.h"

#include <stdlib.h>

#include <cdma/actor.h>
#include <cdma/device.h>
#include <cdma/region.h>
#include <cdma/sync.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "log/ctf-writer.h"
#include "picture/naming.h"
#include "run/machine.h"

static struct cdma_ctf_actor actor_of(void *aux, cdma_actor_id id)
{
	const struct naming *naming = aux;
	struct cdma_world *world = machine_world(naming->machine);
	const struct cdma_actor *actor = cdma_actor_find(world, id);
	const struct cdma_device *device;

	if (!actor)
		return (struct cdma_ctf_actor){.name = NULL};
	device = cdma_actor_device(actor);
	return (struct cdma_ctf_actor){
		.kind = cdma_actor_kind_of(actor),
		.device = device ? cdma_device_id_of(device) : 0,
		.name = cdma_actor_name(actor),
	};
}

static void add_number(struct cdma_ctf_writer *writer, const char *key,
		       uint64_t nr)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "%llu", (unsigned long long)nr);
	cdma_ctf_info(writer, key, text.at);
	cdma_text_fini(&text);
}

static void describe(struct cdma_ctf_writer *writer,
		     const struct program *program, const char *file,
		     const struct campaign_options *options, uint64_t index)
{
	cdma_ctf_info(writer, "program", "cdmasim " PACKAGE_VERSION);
	cdma_ctf_info(writer, "file", file);
	cdma_ctf_info(writer, "scenario", program->name);
	cdma_ctf_info(writer, "variant", program->variant);
	add_number(writer, "seed", options->seed);
	add_number(writer, "schedule", index);
}

static const struct machine_options *
with_schedule(struct machine_options *options, struct replay *replay)
{
	if (replay->schedule) {
		options->strategy = &strategy_replay;
		options->strategy_state = replay;
	}
	return options;
}

struct save {
	struct naming naming;
	struct cdma_ctf_writer *writer;
};

int save_begin(struct machine *machine, const struct program *program,
	       const char *file, const struct campaign_options *options,
	       uint64_t index, const char *dir, struct save **out)
{
	struct save *save = cdma_xcalloc(1, sizeof(*save));
	const struct cdma_ctf_config config = {
		.deps = cdma_world_deps(machine_world(machine)),
		.actor = actor_of,
		.name = naming_name,
		.aux = &save->naming,
	};
	int err = cdma_ctf_create(dir, &config, &save->writer);

	*out = NULL;
	if (err) {
		free(save);
		return err;
	}
	save->naming.machine = machine;
	describe(save->writer, program, file, options, index);
	machine_record_frames(machine, true);
	machine_observe(machine, cdma_ctf_observer(save->writer));
	*out = save;
	return 0;
}

int save_end(struct save *save)
{
	const struct cdma_findings *findings;
	int err;

	if (!save)
		return 0;
	findings = machine_findings(save->naming.machine);
	for (size_t i = 0; i < cdma_findings_nr(findings); i++)
		cdma_ctf_finding(save->writer, cdma_findings_at(findings, i));
	err = cdma_ctf_close(save->writer);
	naming_fini(&save->naming);
	free(save);
	return err;
}

int save_schedule(const struct program *program, const char *file,
		  const struct campaign_options *options, uint64_t index,
		  const struct schedule *schedule, const char *dir)
{
	struct machine_options how = options->machine;
	struct replay replay = {.schedule = schedule};
	struct machine *machine =
		machine_new(program, with_schedule(&how, &replay));
	struct run_result result;
	struct save *save;
	int err =
		save_begin(machine, program, file, options, index, dir, &save);

	if (!err) {
		machine_run(machine, options->seed, index, &result);
		err = save_end(save);
	}
	machine_free(machine);
	return err;
}
