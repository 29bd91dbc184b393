/* SPDX-License-Identifier: MIT */
/*
 * A run of native code does not know what was run before it: run number n of a
 * machine that is new has the events of run number n of one that has done
 * thousands, and of one that takes turns with another; in weak memory, too.
 */
#include "../unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "load.h"
#include "native/sanitize.h"
#include "run/machine.h"

#define RUNS 2000

static struct loaded loaded, other, made;

static void load(const char *name, struct loaded *out)
{
	const char *srcdir = getenv("srcdir");
	struct cdma_text path = {0};
	struct settings set = {0};

	*cdma_vec_push(&set.includes) = "tests/native";
	cdma_text_addf(&path, "%s/tests/native/%s.dma", srcdir ? srcdir : ".",
		       name);
	ck_assert_msg(!load_file(path.at, &set, out), "%s", path.at);
	cdma_text_fini(&path);
	cdma_vec_free(&set.includes);
}

static void setup(void)
{
	load("state", &loaded);
	load("nic-rx", &other);
}

static void teardown(void)
{
	loaded_fini(&loaded);
	loaded_fini(&other);
}

static void follow(void *aux, const struct cdma_event *ev)
{
	uint64_t *hash = aux, h = *hash;
	const uint64_t words[] = {
		ev->seq,   ev->kind, ev->object, ev->actor,      ev->offset,
		ev->value, ev->rf,   ev->flags,  ev->site->line,
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		h = (h ^ words[i]) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	*hash = h;
}

static struct machine *machine(const struct loaded *of, enum run_memory memory,
			       uint64_t *hash)
{
	struct machine_options options = {.memory = memory};
	struct machine *m = machine_new(of->programs[0], &options);

	machine_observe_threads(
		m, (struct cdma_observer){.event = follow, .aux = hash});
	return m;
}

static uint64_t run(struct machine *m, uint64_t index, uint64_t *hash)
{
	struct run_result result;

	*hash = 0;
	machine_run(m, 1, index, &result);
	ck_assert_int_eq(result.end, RUN_DONE);
	ck_assert_uint_ne(*hash, 0);
	return *hash;
}

/* The events of setup are only seen when it is done. */
static uint64_t run_alone(const struct loaded *of, enum run_memory memory,
			  uint64_t index)
{
	uint64_t hash;
	struct machine *m = machine(of, memory, &hash);
	uint64_t got;

	run(m, 0, &hash);
	got = run(m, index, &hash);
	machine_free(m);
	return got;
}

static const uint64_t some[] = {1, 5, 77, 1000, RUNS - 1};

static void after_many(const struct loaded *of, enum run_memory memory)
{
	uint64_t hash, kept[5] = {0}, different = 0, first = 0;
	struct machine *m = machine(of, memory, &hash);

	for (uint64_t i = 0; i < RUNS; i++) {
		uint64_t got = run(m, i, &hash);

		if (i == 1)
			first = got;
		different += got != first;
		for (size_t j = 0; j < 5; j++)
			if (some[j] == i)
				kept[j] = got;
	}
	machine_free(m);
	/* Else this says nothing. */
	ck_assert_uint_gt(different, RUNS / 2);
	for (size_t j = 0; j < 5; j++)
		ck_assert_uint_eq(run_alone(of, memory, some[j]), kept[j]);
}

START_TEST(alone_and_after_thousands)
{
	after_many(&loaded, MEMORY_STRONG);
}
END_TEST

START_TEST(in_weak_memory)
{
	after_many(&loaded, MEMORY_WEAK);
}
END_TEST

/* Windows, objects that were lent, labels, and what is bound. */
START_TEST(made_by_the_pass)
{
	if (access("tests/native/pass-nic.so", R_OK))
		return;
	load("pass-nic", &made);
	after_many(&made, MEMORY_STRONG);
	after_many(&made, MEMORY_WEAK);
	loaded_fini(&made);
}
END_TEST

START_TEST(machines_take_turns)
{
	uint64_t hash_a, hash_b, hash_c;
	struct machine *a = machine(&loaded, MEMORY_STRONG, &hash_a);
	struct machine *b = machine(&loaded, MEMORY_STRONG, &hash_b);
	struct machine *c = machine(&other, MEMORY_STRONG, &hash_c);

	run(a, 0, &hash_a);
	run(b, 0, &hash_b);
	for (uint64_t i = 1; i < 200; i++) {
		uint64_t got = run(a, i, &hash_a);

		run(c, i, &hash_c);
		run(b, i + 7, &hash_b);
		ck_assert_uint_eq(run(b, i, &hash_b), got);
	}
	machine_free(a);
	machine_free(b);
	machine_free(c);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("native");
	TCase *tc = tcase_create("runs");

	suite_add_tcase(suite, tc);
	/* As in native.sh. */
	if (NATIVE_TSAN)
		return suite;
	tcase_add_unchecked_fixture(tc, setup, teardown);
	tcase_add_test(tc, alone_and_after_thousands);
	tcase_add_test(tc, in_weak_memory);
	tcase_add_test(tc, made_by_the_pass);
	tcase_add_test(tc, machines_take_turns);
	return suite;
}
