/* SPDX-License-Identifier: MIT */
#include "save.h"

#include <cdma/actor.h>
#include <cdma/device.h>
#include <cdma/region.h>
#include <cdma/sync.h>

#include "base/text.h"
#include "log/ctf-writer.h"
#include "run/machine.h"

/* What the writer asks about. */
struct naming {
	struct machine *machine;
	struct cdma_text text; /* of the last answer */
};

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

/* The loops that @ctx is in, outermost first; where a call is in between, the
 * line of it: "[i=0] @38 [j=2]". */
static void add_frames(struct naming *naming, uint32_t ctx)
{
	const struct frame *frame = machine_frame(naming->machine, ctx);

	if (!frame)
		return;
	add_frames(naming, frame->parent);
	if (naming->text.len)
		cdma_text_addc(&naming->text, ' ');
	if (frame->name)
		cdma_text_addf(&naming->text, "[%s=%llu]", frame->name,
			       (unsigned long long)frame->index);
	else
		cdma_text_addf(&naming->text, "@%u", frame->site->line);
}

/* The last name that a region had so far. */
static const char *region_name(const struct naming *naming, cdma_region_id id)
{
	const struct cdma_world *world = machine_world(naming->machine);
	struct cdma_region_info info;
	const char *name = NULL, *next;

	for (size_t i = 0; (next = machine_region_name(naming->machine, id, i));
	     i++)
		name = next;
	if (!name && cdma_region_info(world, id, &info))
		name = info.name;
	return name;
}

static const char *name_of(void *aux, enum cdma_ctf_table table, uint32_t id)
{
	struct naming *naming = aux;
	const struct cdma_world *world = machine_world(naming->machine);
	const struct cdma_device *device;

	switch (table) {
	case CDMA_CTF_DEVICE:
		device = cdma_device_find(world, (cdma_device_id)id);
		return device ? cdma_device_name(device) : NULL;
	case CDMA_CTF_REGION:
		return region_name(naming, id);
	case CDMA_CTF_OBJECT:
		return cdma_object_name(world, id);
	case CDMA_CTF_FRAME:
		cdma_text_cut(&naming->text, 0);
		add_frames(naming, id);
		return naming->text.len ? naming->text.at : NULL;
	case CDMA_CTF_TABLES:
		break;
	}
	return NULL;
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

int save_schedule(const struct program *program, const char *file,
		  const struct campaign_options *options, uint64_t index,
		  const struct schedule *schedule, const char *dir)
{
	struct machine_options machine = options->machine;
	struct replay replay = {.schedule = schedule};
	struct naming naming = {
		.machine =
			machine_new(program, with_schedule(&machine, &replay))};
	const struct cdma_ctf_config config = {
		.deps = cdma_world_deps(machine_world(naming.machine)),
		.actor = actor_of,
		.name = name_of,
		.aux = &naming,
	};
	const struct cdma_findings *findings;
	struct cdma_ctf_writer *writer;
	struct run_result result;
	int err = cdma_ctf_create(dir, &config, &writer);

	if (!err) {
		describe(writer, program, file, options, index);
		machine_record_frames(naming.machine, true);
		machine_observe(naming.machine, cdma_ctf_observer(writer));
		machine_run(naming.machine, options->seed, index, &result);
		findings = machine_findings(naming.machine);
		for (size_t i = 0; i < cdma_findings_nr(findings); i++)
			cdma_ctf_finding(writer, cdma_findings_at(findings, i));
		err = cdma_ctf_close(writer);
	}
	machine_free(naming.machine);
	cdma_text_fini(&naming.text);
	return err;
}
