/* SPDX-License-Identifier: MIT */
/*
 * A run does not know what was run before it: for every scenario, a machine
 * that has done others, and begins where the threads do, does the same as one
 * that is new.  What is forgotten to be put back shows here.
 */
#include "corpus.h"

#include <string.h>

#include "run/machine.h"

/* The runs of each variant, from number 1 on. */
#define RUNS 6

struct trail {
	uint64_t from; /* the first event that counts */
	uint64_t seen; /* number of the first that was shown */
	uint64_t hash;
};

static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static void follow(void *aux, const struct cdma_event *ev)
{
	struct trail *trail = aux;
	uint64_t h = trail->hash;

	if (!trail->seen)
		trail->seen = ev->seq;
	if (ev->seq < trail->from)
		return;
	h = mix(h, ev->seq);
	h = mix(h, ev->op);
	h = mix(h, (uint64_t)ev->kind << 32 | ev->how << 24 | ev->size << 16 |
			   ev->order << 8 | ev->domain);
	h = mix(h, (uint64_t)ev->object << 32 | ev->actor);
	h = mix(h, ev->offset);
	h = mix(h, ev->value);
	h = mix(h, ev->iova);
	h = mix(h, ev->rf);
	h = mix(h, (uint64_t)ev->flags << 32 | ev->addr_dep);
	h = mix(h, ev->data_dep);
	trail->hash = mix(h, (uint64_t)ev->site->line << 32 | ev->site->col);
}

static void same_party(const struct cdma_party *a, const struct cdma_party *b)
{
	ck_assert_uint_eq(a->seq, b->seq);
	ck_assert_uint_eq(a->offset, b->offset);
	ck_assert_uint_eq(a->size, b->size);
	ck_assert_uint_eq(a->value, b->value);
	ck_assert_ptr_eq(a->site, b->site);
	ck_assert_uint_eq(a->actor, b->actor);
	ck_assert_uint_eq(a->flags, b->flags);
}

static void same_findings(const struct machine *a, const struct machine *b)
{
	const struct cdma_findings *of_a = machine_findings(a);
	const struct cdma_findings *of_b = machine_findings(b);

	ck_assert_uint_eq(cdma_findings_nr(of_a), cdma_findings_nr(of_b));
	for (size_t i = 0; i < cdma_findings_nr(of_a); i++) {
		const struct cdma_finding *f = cdma_findings_at(of_a, i);
		const struct cdma_finding *g = cdma_findings_at(of_b, i);

		ck_assert_int_eq(f->id, g->id);
		ck_assert_int_eq(f->cure, g->cure);
		ck_assert_uint_eq(f->region, g->region);
		same_party(&f->at, &g->at);
		same_party(&f->against, &g->against);
		same_party(&f->proof, &g->proof);
		same_party(&f->publish, &g->publish);
		ck_assert_uint_eq(f->arg[0], g->arg[0]);
		ck_assert_uint_eq(f->arg[1], g->arg[1]);
	}
}

static void same_run(struct machine *used, const struct program *program,
		     const struct machine_options *options, uint64_t index,
		     struct trail *trail)
{
	struct machine *fresh = machine_new(program, options);
	struct run_result of_used, of_fresh;
	struct trail other;

	*trail = (struct trail){0};
	machine_run(used, 1, index, &of_used);
	other = (struct trail){.from = trail->seen};
	machine_observe(fresh, (struct cdma_observer){follow, &other});
	machine_run(fresh, 1, index, &of_fresh);
	ck_assert_int_eq(of_used.end, of_fresh.end);
	ck_assert_int_eq(of_used.setup, of_fresh.setup);
	ck_assert_uint_eq(of_used.steps, of_fresh.steps);
	ck_assert_uint_eq(of_used.events, of_fresh.events);
	if (trail->seen)
		ck_assert_msg(trail->hash == other.hash, "%s/%s, run %d",
			      program->name, program->variant, (int)index);
	same_findings(used, fresh);
	machine_free(fresh);
}

static void each(const struct program *program, void *aux)
{
	const struct machine_options *options = aux;
	struct machine *used = machine_new(program, options);
	struct run_result result;
	struct trail trail;

	machine_observe_threads(used, (struct cdma_observer){follow, &trail});
	machine_run(used, 1, 0, &result);
	for (uint64_t i = 1; i <= RUNS; i++)
		same_run(used, program, options, i, &trail);
	machine_free(used);
}

START_TEST(corpus)
{
	struct machine_options options = {
		.memory = _i ? MEMORY_WEAK : MEMORY_STRONG,
	};

	corpus_each(each, &options);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("rewind");

	unit_add_rows(suite, corpus, 2);
	return suite;
}
