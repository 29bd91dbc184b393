/* SPDX-License-Identifier: MIT */
#include "work/tally-json.h"

#include "base/text.h"
#include "json/must.h"
#include "native/place.h"
#include "sched/schedule-text.h"
#include "script/diag.h"

#include <errno.h>
#include <string.h>

#define NO_SITE (-1)

/* The counts, by their name. */
static const struct {
	const char *name;
	size_t offset;
} counts[] = {
	{"runs", offsetof(struct tally, runs)},
	{"bounded", offsetof(struct tally, bounded)},
	{"given_up", offsetof(struct tally, given_up)},
	{"setup_failed", offsetof(struct tally, setup_failed)},
	{"setup_errno", offsetof(struct tally, setup_errno)},
	{"steps", offsetof(struct tally, steps)},
	{"events", offsetof(struct tally, events)},
};

#define NR_COUNTS (sizeof(counts) / sizeof(counts[0]))

/* ---- out ---- */

static int64_t site_number(const struct program *program,
			   const struct cdma_site *site)
{
	for (size_t i = 0; i < program->sites.nr; i++)
		if (program->sites.at[i] == site)
			return (int64_t)i;
	return NO_SITE;
}

static void add_site(struct json_object *json, const char *key,
		     const struct program *program,
		     const struct cdma_site *site)
{
	struct json_object *pair;
	struct cdma_text name = {0};

	if (!site)
		return;
	pair = must_array();
	if (site->file)
		cdma_text_addf(&name, "%s:%u:%u", site->file, site->line,
			       site->col);
	must_push(pair, must_int64(site_number(program, site)));
	must_push(pair, must_string(cdma_text_str(&name)));
	if (program->natives.nr && native_is_place(site)) {
		cdma_text_cut(&name, 0);
		native_add_name(&name, site);
		must_push(pair, must_string(cdma_text_str(&name)));
	}
	must_add(json, key, pair);
	cdma_text_fini(&name);
}

static struct json_object *finding_to_json(const struct tally *t,
					   const struct tally_finding *f)
{
	struct json_object *json = must_object();
	struct cdma_text schedule = {0};

	must_add(json, "id", must_string(cdma_finding_name(f->finding.id)));
	add_site(json, "at", t->program, f->finding.at.site);
	add_site(json, "against", t->program, f->finding.against.site);
	must_add(json, "first", must_uint64(f->first));
	must_add(json, "seen", must_uint64(f->seen));
	must_add(json, "expected", must_boolean(f->expected));
	if (f->has_schedule) {
		schedule_text_print_line(&schedule, t->program, &f->schedule);
		must_add(json, "schedule", must_string(schedule.at));
	}
	cdma_text_fini(&schedule);
	return json;
}

/* What was reached: a digit an instruction. */
static void add_reached(struct json_object *json, const struct tally *t)
{
	struct cdma_text text = {0};

	for (size_t i = 0; i < t->program->code.nr; i++)
		cdma_text_addc(&text, (char)('0' + t->reached[i]));
	must_add(json, "reached", must_string(cdma_text_str(&text)));
	cdma_text_fini(&text);
}

struct json_object *tally_to_json(const struct tally *t)
{
	struct json_object *json = must_object(), *list;

	for (size_t i = 0; i < NR_COUNTS; i++) {
		uint64_t nr =
			*(const uint64_t *)((const char *)t + counts[i].offset);

		if (nr)
			must_add(json, counts[i].name, must_uint64(nr));
	}
	list = must_array();
	for (size_t i = 0; i < t->program->expects.nr; i++)
		must_push(list, must_uint64(t->expects.seen[i]));
	must_add(json, "expects", list);
	list = must_array();
	for (size_t i = 0; i < t->program->faults.nr; i++)
		must_push(list, must_int(t->struck[i]));
	must_add(json, "struck", list);
	add_reached(json, t);
	list = must_array();
	for (size_t i = 0; i < t->findings.nr; i++)
		must_push(list, finding_to_json(t, &t->findings.at[i]));
	must_add(json, "findings", list);
	if (t->has_error) {
		add_site(json, "error_at", t->program, t->error.site);
		must_add(json, "error", must_string(t->error.message));
	}
	return json;
}

/* ---- in ---- */

static struct json_object *member(struct json_object *json, const char *key,
				  enum json_type type)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, key, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

/* A number of it that cannot be below 0; 0 when it is not there. */
static uint64_t number(struct json_object *json, const char *key)
{
	return json_object_get_uint64(member(json, key, json_type_int));
}

/* One of C has a name of its own. */
static int get_native_site(struct json_object *pair,
			   const struct program *program,
			   const struct cdma_site **out)
{
	struct json_object *name = json_object_array_get_idx(pair, 2);

	if (!program->natives.nr || !name)
		return 0;
	*out = native_find_name(json_object_get_string(name));
	return *out ? 0 : -EINVAL;
}

static int get_site(struct json_object *json, const char *key,
		    const struct program *program, const struct cdma_site **out)
{
	struct json_object *pair = member(json, key, json_type_array);
	int64_t nr;

	*out = NULL;
	if (!pair)
		return 0;
	nr = json_object_get_int64(json_object_array_get_idx(pair, 0));
	if (nr == NO_SITE)
		return get_native_site(pair, program, out);
	if (nr < 0 || (uint64_t)nr >= program->sites.nr)
		return -EINVAL;
	*out = program->sites.at[nr];
	return 0;
}

static enum cdma_finding_id id_of(const char *name)
{
	unsigned int id = 0;

	while (id < CDMA_FINDING_NR &&
	       strcmp(name, cdma_finding_name((enum cdma_finding_id)id)))
		id++;
	return (enum cdma_finding_id)id;
}

/* @text is missing where the seed and a number say enough. */
static int get_schedule(struct json_object *text, struct tally *t,
			struct tally_finding *f)
{
	struct schedule_text *parsed;
	struct diag *diag;

	f->has_schedule = text != NULL;
	if (!text)
		return 0;
	diag = diag_new(false);
	parsed = schedule_text_parse("schedule", json_object_get_string(text),
				     (size_t)json_object_get_string_len(text),
				     diag);
	if (!parsed ||
	    !schedule_text_resolve(parsed, t->program, diag, &f->schedule))
		f->has_schedule = false;
	schedule_text_free(parsed);
	diag_free(diag);
	return f->has_schedule ? 0 : -EINVAL;
}

static int get_finding(struct json_object *json, struct tally *t)
{
	struct json_object *id = member(json, "id", json_type_string);
	struct tally_finding *f = cdma_vec_push(&t->findings);

	*f = (struct tally_finding){
		.first = number(json, "first"),
		.seen = number(json, "seen"),
		.expected = json_object_get_boolean(
			member(json, "expected", json_type_boolean)),
	};
	if (!id)
		return -EINVAL;
	f->finding.id = id_of(json_object_get_string(id));
	if (f->finding.id == CDMA_FINDING_NR ||
	    get_site(json, "at", t->program, &f->finding.at.site) ||
	    get_site(json, "against", t->program, &f->finding.against.site))
		return -EINVAL;
	return get_schedule(member(json, "schedule", json_type_string), t, f);
}

static int get_findings(struct json_object *json, struct tally *t)
{
	struct json_object *list = member(json, "findings", json_type_array);

	if (!list)
		return -EINVAL;
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (get_finding(json_object_array_get_idx(list, i), t))
			return -EINVAL;
	return 0;
}

/* A list of numbers, one for each of @nr. */
static struct json_object *numbers(struct json_object *json, const char *key,
				   size_t nr)
{
	struct json_object *list = member(json, key, json_type_array);

	return list && json_object_array_length(list) == nr ? list : NULL;
}

static int get_error(struct json_object *json, struct tally *t)
{
	struct json_object *text = member(json, "error", json_type_string);

	if (!text)
		return 0;
	t->has_error = true;
	if (get_site(json, "error_at", t->program, &t->error.site) ||
	    !t->error.site)
		return -EINVAL;
	tally_set_message(t, json_object_get_string(text));
	return 0;
}

static int get_reached(struct json_object *json, struct tally *t)
{
	struct json_object *text = member(json, "reached", json_type_string);
	const char *digits;

	if (!text ||
	    (size_t)json_object_get_string_len(text) != t->program->code.nr)
		return -EINVAL;
	digits = json_object_get_string(text);
	for (size_t i = 0; i < t->program->code.nr; i++) {
		if (digits[i] < '0' || digits[i] > '7')
			return -EINVAL;
		t->reached[i] = (unsigned char)(digits[i] - '0');
	}
	return 0;
}

/* No run shows anything that was not made. */
static bool adds_up(const struct tally *t)
{
	bool right = t->bounded <= t->runs && t->setup_failed <= t->runs;

	for (size_t i = 0; right && i < t->program->expects.nr; i++)
		right = t->expects.seen[i] <= t->runs;
	for (size_t i = 0; right && i < t->findings.nr; i++)
		right = t->findings.at[i].seen &&
			t->findings.at[i].seen <= t->runs;
	return right;
}

int tally_from_json(struct json_object *json, struct tally *t)
{
	struct json_object *expects =
		numbers(json, "expects", t->program->expects.nr);
	struct json_object *struck =
		numbers(json, "struck", t->program->faults.nr);

	if (!expects || !struck)
		return -EINVAL;
	for (size_t i = 0; i < NR_COUNTS; i++)
		*(uint64_t *)((char *)t + counts[i].offset) =
			number(json, counts[i].name);
	t->expects.schedules = t->runs;
	for (size_t i = 0; i < t->program->expects.nr; i++)
		t->expects.seen[i] = json_object_get_uint64(
			json_object_array_get_idx(expects, i));
	for (size_t i = 0; i < t->program->faults.nr; i++)
		t->struck[i] = json_object_get_int(json_object_array_get_idx(
				       struck, i)) != 0;
	return get_reached(json, t) || get_findings(json, t) ||
			       get_error(json, t) || !adds_up(t)
		       ? -EINVAL
		       : 0;
}
