/* SPDX-License-Identifier: MIT */
#include "run/tally.h"

#include <cdma/fault.h>

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void tally_init(struct tally *t, const struct program *program)
{
	*t = (struct tally){
		.program = program,
		.struck = cdma_xcalloc(program->faults.nr + 1,
				       sizeof(*t->struck)),
		.reached = cdma_xcalloc(program->code.nr + 1, 1),
	};
	expects_init(&t->expects, program);
}

void tally_fini(struct tally *t)
{
	for (size_t i = 0; i < t->findings.nr; i++)
		schedule_fini(&t->findings.at[i].schedule);
	cdma_vec_free(&t->findings);
	expects_fini(&t->expects);
	free(t->struck);
	free(t->reached);
	free(t->message);
}

void tally_set_message(struct tally *t, const char *message)
{
	free(t->message);
	t->message = cdma_xstrdup(message);
	t->error.message = t->message;
}

void tally_reset(struct tally *t)
{
	struct tally old = *t;

	tally_init(t, old.program);
	t->news = old.news;
	t->aux = old.aux;
	tally_fini(&old);
}

static struct tally_finding *find(struct tally *t,
				  const struct cdma_finding *finding)
{
	for (size_t i = 0; i < t->findings.nr; i++)
		if (cdma_finding_same(&t->findings.at[i].finding, finding))
			return &t->findings.at[i];
	return NULL;
}

/* Whether one before number @i, of another turn of a loop, is the same. */
static bool is_counted(const struct cdma_findings *found, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (cdma_finding_same(cdma_findings_at(found, j),
				      cdma_findings_at(found, i)))
			return true;
	return false;
}

static void count_findings(struct tally *t, const struct machine *m,
			   uint64_t index)
{
	const struct cdma_findings *found = machine_findings(m);

	for (size_t i = 0; i < cdma_findings_nr(found); i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);
		struct tally_finding *known = find(t, f);

		if (!known) {
			known = cdma_vec_push(&t->findings);
			*known = (struct tally_finding){
				.finding = *f,
				.first = index,
				.expected = true,
			};
			if (t->news)
				t->news(t->aux, known);
		}
		known->seen += !is_counted(found, i);
		/* Two of one place may be about different memory. */
		known->expected &= expects_allow(t->program, m, f);
	}
}

static void count_faults(struct tally *t, const struct machine *m)
{
	struct cdma_faults *faults = cdma_world_faults(machine_world(m));

	for (size_t i = 0; i < t->program->faults.nr; i++)
		t->struck[i] |= cdma_faults_struck(faults, i) > 0;
}

static void add_reached(struct tally *t, const unsigned char *reached)
{
	size_t nr = t->program->code.nr, i = 0;

	/* Eight at once. */
	for (; i + 8 <= nr; i += 8) {
		uint64_t some, all;

		memcpy(&some, reached + i, 8);
		memcpy(&all, t->reached + i, 8);
		all |= some;
		memcpy(t->reached + i, &all, 8);
	}
	for (; i < nr; i++)
		t->reached[i] |= reached[i];
}

static void count_setup(struct tally *t, const struct run_result *result)
{
	if (result->setup >= 0)
		return;
	t->setup_failed++;
	t->setup_errno = (uint64_t) - (int64_t)result->setup;
}

bool tally_count(struct tally *t, const struct machine *m,
		 const struct run_result *result, uint64_t index)
{
	if (result->end == RUN_GIVEN_UP) {
		t->given_up++;
		return true;
	}
	if (result->end == RUN_STOPPED)
		return true;
	t->runs++;
	t->steps += result->steps;
	t->events += result->events;
	t->waits += result->waits;
	t->bounded += result->end == RUN_BOUNDED;
	if (result->end == RUN_ERROR) {
		t->has_error = true;
		t->error = result->error;
		/* It may come of what was found before. */
		count_findings(t, m, index);
		return false;
	}
	count_findings(t, m, index);
	expects_count(&t->expects, m, result->setup);
	count_faults(t, m);
	count_setup(t, result);
	add_reached(t, machine_reached(m));
	return true;
}

static void merge_finding(struct tally *t, const struct tally_finding *other)
{
	struct tally_finding *known = find(t, &other->finding);

	if (known) {
		known->seen += other->seen;
		known->expected &= other->expected;
		return;
	}
	known = cdma_vec_push(&t->findings);
	*known = *other;
	known->schedule = (struct schedule){0};
	schedule_copy(&known->schedule, &other->schedule);
}

void tally_merge(struct tally *t, const struct tally *other)
{
	t->runs += other->runs;
	t->bounded += other->bounded;
	t->given_up += other->given_up;
	t->steps += other->steps;
	t->events += other->events;
	t->waits += other->waits;
	t->setup_failed += other->setup_failed;
	if (other->setup_failed)
		t->setup_errno = other->setup_errno;
	add_reached(t, other->reached);
	t->expects.schedules += other->expects.schedules;
	for (size_t i = 0; i < t->program->expects.nr; i++)
		t->expects.seen[i] += other->expects.seen[i];
	for (size_t i = 0; i < t->program->faults.nr; i++)
		t->struck[i] |= other->struck[i];
	for (size_t i = 0; i < other->findings.nr; i++)
		merge_finding(t, &other->findings.at[i]);
	if (!t->has_error && other->has_error) {
		t->has_error = true;
		t->error = other->error;
		tally_set_message(t, other->error.message);
	}
}
