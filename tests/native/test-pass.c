/* SPDX-License-Identifier: MIT */
/*
 * What the compiler pass makes of a piece of C: the events that it comes to,
 * one row of a table for each function of pass-events.c.
 */
#include "../unit/unit.h"

#include <string.h>
#include <unistd.h>

#include <cdma/region.h>
#include <cdma/world.h>

#include "base/text.h"
#include "load.h"
#include "native/library.h"
#include "native/sanitize.h"
#include "run/machine.h"

#define OBJECT "tests/native/pass-events.so"

/*
 * R and W: offset/size, how; B: a barrier; ?: a branch.  <n: the address, or
 * the value, or the decision, comes from event number n.  "data" is what a
 * pointer is not: a variable of the driver that others may use.
 */
static const struct row {
	const char *function, *events;
} rows[] = {
	{"load_1", "R 0/1 plain"},
	{"load_2", "R 2/2 plain"},
	{"load_4", "R 4/4 plain"},
	{"load_8", "R 8/8 plain"},
	{"load_once", "R 0/4"},
	{"load_float", "R 0/4 plain"},
	{"load_pointer", "R 0/8 plain"},
	{"load_bool", "R 0/1 plain"},
	{"load_acquire", "R 0/4 acquire"},
	{"store_1", "W 0/1 plain"},
	{"store_8", "W 0/8 plain"},
	{"store_once", "W 0/4"},
	{"store_release", "W 0/4 release"},
	{"load_twice", "R 0/4 plain, R 0/4 plain"},
	{"store_twice", "W 0/4 plain, W 0/4 plain"},
	{"add", "R 0/4 plain, W 0/4 plain <1"},
	{"bits_read", "R 0/4 plain"},
	{"bits_write", "R 0/4 plain, W 0/4 plain <1"},
	{"odd_read", "R 1/3 plain"},
	{"odd_write", "W 1/3 plain"},
	{"unaligned_read", "R 1/4 plain"},
	{"wide_read", "R 0/8 plain, R 8/8 plain"},
	{"wide_write", "W 0/8 plain, W 8/8 plain"},
	{"vector_read", "R 0/8 plain, R 8/8 plain"},
	{"vector_write", "W 0/8 plain, W 8/8 plain"},
	{"struct_copy", "R 0/8 bulk, R 8/8 bulk, R 16/8 bulk"},
	{"struct_by_value", "R 0/8 plain, R 8/8 plain, R 16/8 plain"},
	{"struct_returned", "W 0/8 bulk, W 8/8 bulk, W 16/8 bulk"},
	{"copy_in", "R 4/4 bulk, R 8/8 bulk"},
	{"copy_within", "R 0/8 bulk, W 4/4 bulk <1, W 8/4 bulk <1"},
	{"fill", "W 0/8 bulk, W 8/4 bulk"},
	{"length", "R 0/1 plain"},
	{"compare", "R 0/1 plain, R 1/1 plain"},
	{"exchange", "R 0/4, W 0/4"},
	{"fetch_add", "R 0/4 acquire, W 0/4 release <1"},
	{"inc", "R 0/4 unseen, W 0/4 <1"},
	{"full", "B smp full, R 0/4, W 0/4 <2, B smp full"},
	{"cas_done", "B smp full, R 0/4, W 0/4, B smp full"},
	{"cas_failed", "R 0/4"},
	{"fence", "R 0/4, B smp read"},
	{"compiler_barrier", ""},
	{"register_read", "R 0/4 register"},
	{"register_relaxed", "R 0/4 register relaxed"},
	{"register_write", "W 0/4 register"},
	{"branch", "R 0/4, ? <1"},
	{"branch_switch", "R 0/4, ? <1"},
	{"branch_none", ""},
	{"shared_flag", "R data/8, W data/8 plain <1"},
	{"asm_number", ""},
};

static struct loaded loaded;
static struct native_library *library;

/* Events so far: their numbers, and what is said of them. */
struct seen {
	const struct cdma_world *world;
	struct cdma_text text;
	uint64_t seqs[64];
	size_t nr;
};

static void name_read(void *aux, uint64_t seq, uint8_t bytes)
{
	struct seen *seen = aux;

	(void)bytes;
	for (size_t i = 0; i < seen->nr; i++)
		if (seen->seqs[i] == seq)
			cdma_text_addf(&seen->text, " <%zu", i + 1);
}

static void say_access(struct seen *seen, const struct cdma_event *ev)
{
	struct cdma_region_info info;
	bool is_data;

	ck_assert(cdma_region_info(seen->world, ev->object, &info));
	is_data = !strcmp(info.name, "data");
	cdma_text_add(&seen->text, ev->kind == CDMA_EV_READ ? "R " : "W ");
	if (is_data)
		cdma_text_addf(&seen->text, "data/%u", ev->size);
	else
		cdma_text_addf(&seen->text, "%u/%u", (unsigned int)ev->offset,
			       ev->size);
	if (ev->how == CDMA_MMIO)
		cdma_text_add(&seen->text, " register");
	if (ev->how == CDMA_PLAIN || ev->flags & CDMA_EVF_PLAIN)
		cdma_text_add(&seen->text, " plain");
	else if (ev->how == CDMA_BULK)
		cdma_text_add(&seen->text, " bulk");
	if (ev->flags & CDMA_EVF_RELAXED)
		cdma_text_add(&seen->text, " relaxed");
	if (ev->flags & CDMA_EVF_ACQUIRE)
		cdma_text_add(&seen->text, " acquire");
	if (ev->flags & CDMA_EVF_RELEASE)
		cdma_text_add(&seen->text, " release");
	if (ev->flags & CDMA_EVF_UNSEEN)
		cdma_text_add(&seen->text, " unseen");
}

static void say_barrier(struct seen *seen, const struct cdma_event *ev)
{
	static const char *const domains[] = {"smp", "dma", "all"};
	static const char *const orders[] = {"read", "write", "full"};

	cdma_text_addf(&seen->text, "B %s %s", domains[ev->domain],
		       orders[ev->order]);
}

/* Of the function alone: not what makes the memory. */
static bool is_meant(const struct cdma_event *ev)
{
	return (cdma_event_is_access(ev) || ev->kind == CDMA_EV_BARRIER ||
		ev->kind == CDMA_EV_BRANCH) &&
	       strstr(ev->site->file, "pass-events.c");
}

static void see(void *aux, const struct cdma_event *ev)
{
	struct seen *seen = aux;
	struct cdma_deps *deps =
		cdma_world_deps((struct cdma_world *)seen->world);

	if (!is_meant(ev))
		return;
	if (seen->nr)
		cdma_text_add(&seen->text, ", ");
	if (cdma_event_is_access(ev))
		say_access(seen, ev);
	else if (ev->kind == CDMA_EV_BARRIER)
		say_barrier(seen, ev);
	else
		cdma_text_add(&seen->text, "?");
	cdma_dep_each(deps, ev->addr_dep, name_read, seen);
	cdma_dep_each(deps, ev->data_dep, name_read, seen);
	ck_assert_uint_lt(seen->nr, 64);
	seen->seqs[seen->nr++] = ev->seq;
}

START_TEST(comes_to)
{
	const struct row *row = &rows[_i];
	struct machine_options options = {0};
	struct machine *m;
	struct seen seen = {0};
	struct run_result result;

	/* The scenario calls load_1(). */
	loaded.programs[0]->natives.at[2].fn =
		native_library_find(library, row->function);
	ck_assert_ptr_nonnull(loaded.programs[0]->natives.at[2].fn);
	m = machine_new(loaded.programs[0], &options);
	seen.world = machine_world(m);
	machine_observe_threads(
		m, (struct cdma_observer){.event = see, .aux = &seen});
	machine_run(m, 1, 0, &result);
	ck_assert_int_eq(result.end, RUN_DONE);
	ck_assert_str_eq(cdma_text_str(&seen.text), row->events);
	cdma_text_fini(&seen.text);
	machine_free(m);
}
END_TEST

static void setup(void)
{
	const char *srcdir = getenv("srcdir");
	struct cdma_text path = {0}, why = {0};
	struct settings set = {0};

	*cdma_vec_push(&set.includes) = "tests/native";
	cdma_text_addf(&path, "%s/tests/native/pass-events.dma",
		       srcdir ? srcdir : ".");
	ck_assert_msg(!load_file(path.at, &set, &loaded), "%s", path.at);
	library = native_library_load(OBJECT, &why);
	ck_assert_ptr_nonnull(library);
	cdma_text_fini(&path);
	cdma_vec_free(&set.includes);
}

static void teardown(void)
{
	loaded_fini(&loaded);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("pass");
	TCase *tc = tcase_create("events");

	suite_add_tcase(suite, tc);
	/* As in pass.sh. */
	if (NATIVE_TSAN || access(OBJECT, R_OK))
		return suite;
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, comes_to, 0, (int)ARRAY_SIZE(rows));
	return suite;
}
