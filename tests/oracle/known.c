/* SPDX-License-Identifier: MIT */
#include "known.h"

#include <string.h>

#include "base/arena.h"
#include "fiber.h"

/* Numbers of releases, ascending. */
struct tale {
	uint32_t nr;
	uint32_t at[];
};

static struct cdma_arena arena;
/* What who made a release had heard, and by which question it was met. */
static const struct tale *behind[RELEASES_MAX];
static uint32_t met[RELEASES_MAX], question;
static uint32_t marks; /* numbers from RELEASES_MAX on */
static bool is_lost;

void known_begin(void)
{
	fiber_begin();
	cdma_arena_reset(&arena);
	is_lost = false;
	marks = 0;
}

bool known_is_lost(void)
{
	return is_lost;
}

static struct tale *tale_new(uint32_t room)
{
	struct tale *tale = cdma_arena_alloc(
		&arena, sizeof(*tale) + room * sizeof(tale->at[0]));

	tale->nr = 0;
	return tale;
}

const struct tale *tell_of(int fiber)
{
	struct tale *tale = tale_new(1);

	tale->at[tale->nr++] = fiber_release(fiber);
	is_lost |= !tale->at[0];
	behind[tale->at[0]] = NULL;
	return is_lost ? NULL : tale;
}

const struct tale *tell(struct stream *stream)
{
	if (!stream->told && stream->heard) {
		stream->told = tell_of(stream->fiber - 1);
		if (stream->told)
			behind[stream->told->at[0]] = stream->heard;
	}
	return stream->told;
}

const struct tale *tales(const struct tale *a, const struct tale *b)
{
	struct tale *both;
	uint32_t i = 0, j = 0;

	if (!a || !b || a == b)
		return a ? a : b;
	both = tale_new(a->nr + b->nr);
	while (i < a->nr || j < b->nr) {
		uint32_t x = i < a->nr ? a->at[i] : UINT32_MAX;
		uint32_t y = j < b->nr ? b->at[j] : UINT32_MAX;

		both->at[both->nr++] = x < y ? x : y;
		i += x <= y;
		j += y <= x;
	}
	return both;
}

const struct tale *known_mark(void)
{
	struct tale *tale = tale_new(1);

	tale->at[tale->nr++] = RELEASES_MAX + marks++;
	return tale;
}

static void acquire(int fiber, uint32_t release)
{
	if (release < RELEASES_MAX)
		fiber_acquire(fiber, release);
}

static bool says(const struct tale *tale, uint32_t release)
{
	for (uint32_t i = 0; tale && i < tale->nr; i++)
		if (tale->at[i] == release)
			return true;
	return false;
}

static bool leads_to(const struct tale *tale, uint32_t release)
{
	for (uint32_t i = 0; tale && i < tale->nr; i++) {
		uint32_t at = tale->at[i];

		if (at == release)
			return true;
		if (at >= RELEASES_MAX || met[at] == question)
			continue;
		met[at] = question;
		if (leads_to(behind[at], release))
			return true;
	}
	return false;
}

bool known_says(const struct tale *tale, const struct tale *mark)
{
	question++;
	return mark && leads_to(tale, mark->at[0]);
}

int known_fiber(const struct tale *tale)
{
	int fiber = fiber_new();

	if (fiber < 0) {
		is_lost = true;
		return fiber;
	}
	for (uint32_t i = 0; tale && i < tale->nr; i++)
		acquire(fiber, tale->at[i]);
	return fiber;
}

void hear(struct stream *stream, const struct tale *tale)
{
	bool is_news = false;

	if (!tale || is_lost)
		return;
	if (!stream->fiber)
		stream->fiber = known_fiber(NULL) + 1;
	if (!stream->fiber)
		return;
	for (uint32_t i = 0; i < tale->nr; i++) {
		if (says(stream->heard, tale->at[i]))
			continue;
		acquire(stream->fiber - 1, tale->at[i]);
		is_news = true;
	}
	if (!is_news)
		return;
	stream->heard = tales(stream->heard, tale);
	stream->told = NULL;
}
