/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/rng.h"
#include "order/shadow.h"

#define CPU 1

struct shade {
	struct cdma_arena arena;
	struct cdma_shadow shadow;
	uint64_t seq;
};

static void shade_init(struct shade *s)
{
	*s = (struct shade){0};
	cdma_shadow_init(&s->shadow, &s->arena);
}

static void shade_fini(struct shade *s)
{
	cdma_shadow_fini(&s->shadow);
	cdma_arena_fini(&s->arena);
}

static struct cdma_column *column_of(struct shade *s)
{
	struct cdma_cell *cell = cdma_shadow_cell(&s->shadow, 1, 0);

	return cdma_cell_column(&s->shadow, cell, CPU, CPU);
}

static void store(struct shade *s, uint8_t mask)
{
	struct cdma_cell *cell = cdma_shadow_cell(&s->shadow, 1, 0);

	cdma_shadow_store(&s->shadow, cell, column_of(s), mask)->seq = ++s->seq;
}

static void look(struct shade *s, uint8_t mask, uint32_t segment,
		 uint32_t flags)
{
	struct cdma_event ev = {
		.kind = CDMA_EV_READ,
		.actor = CPU,
		.seq = ++s->seq,
		.flags = flags,
	};

	cdma_shadow_read(&s->shadow, column_of(s), &ev, mask, segment);
}

static size_t length_of(const struct cdma_record *list)
{
	size_t nr = 0;

	for (; list; list = list->older)
		nr++;
	return nr;
}

/* What cdma_record_at() looks at on its way. */
static size_t looks(const struct cdma_record *record, uint8_t mask)
{
	size_t nr = 0;

	for (; record && !(record->mask & mask); nr++)
		record = record->span & mask ? record->older : record->jump;
	return nr;
}

/* From each record on: the same as who looks at all of them. */
static void check_list(const struct cdma_record *list)
{
	for (; list; list = list->older)
		for (unsigned int bit = 0; bit < 8; bit++) {
			const struct cdma_record *want = list;

			while (want && !(want->mask & (1u << bit)))
				want = want->older;
			ck_assert_ptr_eq(
				cdma_record_at(list, (uint8_t)(1u << bit)),
				want);
		}
}

static uint8_t any_mask(struct cdma_rng *rng)
{
	static const uint8_t masks[] = {0xff, 0x0f, 0xf0, 0x0f,
					0xf0, 0x01, 0x10, 0x3c};

	return masks[cdma_rng_below(rng, ARRAY_SIZE(masks))];
}

START_TEST(finds_what_a_walk_finds)
{
	struct cdma_rng rng = cdma_rng_case(1, (uint64_t)_i);
	struct shade s;

	shade_init(&s);
	for (uint32_t i = 0, segment = 0; i < 120; i++) {
		uint32_t dice = cdma_rng_below(&rng, 8);

		segment += dice < 2;
		if (dice < 3)
			store(&s, any_mask(&rng));
		else
			look(&s, any_mask(&rng), segment,
			     dice < 5 ? CDMA_EVF_UNSEEN : 0);
	}
	check_list(column_of(&s)->stores);
	check_list(column_of(&s)->reads);
	shade_fini(&s);
}
END_TEST

/* A word beside one that is stored all the time. */
START_TEST(a_long_list_is_no_long_way)
{
	struct shade s;

	shade_init(&s);
	store(&s, 0xff);
	for (int i = 0; i < 100000; i++)
		store(&s, 0xf0);
	ck_assert_uint_eq(length_of(column_of(&s)->stores), 100001);
	ck_assert_uint_le(looks(column_of(&s)->stores, 0x0f), 40);
	shade_fini(&s);
}
END_TEST

START_TEST(a_poll_leaves_one_record)
{
	struct shade s;

	shade_init(&s);
	for (int i = 0; i < 1000; i++)
		look(&s, 0x0f, 7, 0);
	ck_assert_uint_eq(length_of(column_of(&s)->reads), 1);
	shade_fini(&s);
}
END_TEST

/* atomic_inc(): its store begins a segment each time. */
START_TEST(what_nobody_gets_leaves_one_record)
{
	struct shade s;

	shade_init(&s);
	for (uint32_t i = 0; i < 1000; i++)
		look(&s, 0x0f, i, CDMA_EVF_UNSEEN);
	ck_assert_uint_eq(length_of(column_of(&s)->reads), 1);
	for (uint32_t i = 0; i < 1000; i++)
		look(&s, 0x0f, 1000 + i, 0);
	ck_assert_uint_eq(length_of(column_of(&s)->reads), 1001);
	shade_fini(&s);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("shadow");

	unit_add_rows(suite, finds_what_a_walk_finds, 20);
	unit_add(suite, a_long_list_is_no_long_way);
	unit_add(suite, a_poll_leaves_one_record);
	unit_add(suite, what_nobody_gets_leaves_one_record);
	return suite;
}
