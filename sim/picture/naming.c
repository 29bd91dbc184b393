/* SPDX-License-Identifier: MIT */
#include "picture/naming.h"

#include <cdma/device.h>
#include <cdma/region.h>
#include <cdma/sync.h>

#include "script/type.h"

void naming_fini(struct naming *naming)
{
	cdma_text_fini(&naming->text);
}

/* Most of what a log of a long run has to say by name, so not by printf(). */
static void add_number(struct cdma_text *out, uint64_t nr)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + nr % 10);
	while (nr /= 10);
	cdma_text_addn(out, digits + at, sizeof(digits) - at);
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
	if (!frame->name) {
		cdma_text_addc(&naming->text, '@');
		add_number(&naming->text, frame->site->line);
		return;
	}
	cdma_text_addc(&naming->text, '[');
	cdma_text_add(&naming->text, frame->name);
	cdma_text_addc(&naming->text, '=');
	add_number(&naming->text, frame->index);
	cdma_text_addc(&naming->text, ']');
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

const char *naming_name(void *aux, enum cdma_ctf_table table, uint32_t id)
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

bool naming_place(void *aux, struct cdma_text *out, const struct cdma_event *ev,
		  uint64_t offset, uint64_t size)
{
	const struct naming *naming = aux;
	struct region_label label;

	if (!machine_region_label(naming->machine, ev->object, ev->seq, &label))
		return false;
	cdma_text_add(out, label.name);
	if (!label.type || !type_add_path(out, *label.type, offset, size))
		cdma_text_addf(out, "+0x%llx", (unsigned long long)offset);
	return true;
}
