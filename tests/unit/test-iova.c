/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "base/rng.h"

#define BASE UINT64_C(0x10000000)
#define PAGE CDMA_PAGE_SIZE

static cdma_addr_t take(struct cdma_device *dev, size_t size,
			struct cdma_coherent **out)
{
	struct cdma_coherent *mem;

	if (cdma_coherent_zeroed_slice(dev, 1, size, GFP, &mem))
		return 0;
	if (out)
		*out = mem;
	return cdma_coherent_dma_handle(mem);
}

/* Each begins on a page of its own, with a page that is nobody's behind it. */
START_TEST(upwards_with_red_zones)
{
	struct rig rig;

	rig_new(&rig);
	ck_assert_uint_eq(take(rig.dev, 1, NULL), BASE);
	ck_assert_uint_eq(take(rig.dev, PAGE, NULL), BASE + 2 * PAGE);
	ck_assert_uint_eq(take(rig.dev, PAGE + 1, NULL), BASE + 4 * PAGE);
	ck_assert_uint_eq(take(rig.dev, 8, NULL), BASE + 7 * PAGE);
	rig_free(&rig);
}
END_TEST

static const struct {
	struct cdma_device_config config;
	size_t size;
	cdma_addr_t first;
} places[] = {
	{{0}, 8, BASE + 2 * PAGE},
	{{.iova_base = 0x40000000}, 8, 0x40000000},
	{{.iova_base = 0x40000001}, 8, 0x40001000},
	{{.iova_base = UINT64_C(1) << 32, .mask_bits = 64},
	 8,
	 UINT64_C(1) << 32},
	{{.iova_base = UINT64_C(1) << 32}, 8, 0}, /* above the mask */
	{{.mask_bits = 24}, 8, PAGE},
	{{.mask_bits = 12, .min_mask_bits = 12}, 8, 0},
	{{.mask_bits = 13, .min_mask_bits = 13}, 8, PAGE},
	{{.mask_bits = 13, .min_mask_bits = 13}, PAGE, PAGE},
	{{.mask_bits = 13, .min_mask_bits = 13}, PAGE + 1, 0},
	{{.mask_bits = 14, .min_mask_bits = 14}, 3 * PAGE, PAGE},
	{{.mask_bits = 14, .min_mask_bits = 14}, 3 * PAGE + 1, 0},
	/* The last page there is; its red zone does not wrap. */
	{{.iova_base = UINT64_MAX - PAGE + 1, .mask_bits = 64},
	 PAGE,
	 UINT64_MAX - PAGE + 1},
	{{.iova_base = UINT64_MAX - PAGE + 1, .mask_bits = 64}, PAGE + 1, 0},
};

START_TEST(place)
{
	struct cdma_device *dev;
	struct rig rig;

	rig_new(&rig);
	take(rig.dev, 8, NULL);
	dev = rig_device(&rig, places[_i].config);
	ck_assert_uint_eq(take(dev, places[_i].size, NULL), places[_i].first);
	rig_free(&rig);
}
END_TEST

START_TEST(freed_addresses_rest)
{
	struct cdma_coherent *mem;
	struct rig rig;
	uint32_t word = 1;

	rig_new(&rig);
	ck_assert_uint_eq(take(rig.dev, 8, &mem), BASE);
	cdma_coherent_free(&mem);
	ck_assert_uint_eq(take(rig.dev, 8, NULL), BASE + 2 * PAGE);
	ck_assert_int_eq(cdma_engine_write(rig.engine, BASE, &word, 4),
			 -EFAULT);
	ck_assert_uint_eq(rig_finding(&rig)->region, 1);
	rig_found(&rig, "device_uaf");
	rig_free(&rig);
}
END_TEST

/* Room for three pages at 1, 3 and 5 (and 7, as the red zone may stick out):
 * when it is full, what was freed first goes first. */
START_TEST(oldest_is_used_again)
{
	struct cdma_device_config config = {.mask_bits = 15,
					    .min_mask_bits = 15};
	struct cdma_coherent *mem[4];
	struct cdma_device *dev;
	struct cdma_actor *engine;
	struct rig rig;
	uint32_t word = 1;

	rig_new(&rig);
	dev = rig_device(&rig, config);
	engine = cdma_engine_new(dev, "e");
	cdma_actor_start(engine);
	for (cdma_addr_t i = 0; i < 4; i++)
		ck_assert_uint_eq(take(dev, 8, &mem[i]), (2 * i + 1) * PAGE);
	ck_assert_uint_eq(take(dev, 8, NULL), 0);
	cdma_coherent_free(&mem[2]);
	cdma_coherent_free(&mem[0]);
	cdma_coherent_free(&mem[3]);
	ck_assert_uint_eq(take(dev, 8, NULL), 5 * PAGE);
	/* The others can still be told. */
	cdma_engine_write(engine, 1 * PAGE, &word, 4);
	cdma_engine_write(engine, 7 * PAGE, &word, 4);
	rig_found(&rig, "device_uaf device_uaf");
	ck_assert_int_eq(cdma_engine_write(engine, 5 * PAGE, &word, 4), 0);
	ck_assert_uint_eq(take(dev, 8, NULL), 1 * PAGE);
	ck_assert_uint_eq(take(dev, 8, NULL), 7 * PAGE);
	ck_assert_uint_eq(take(dev, 8, NULL), 0);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* What lies where the mask does not reach stays as it is. */
START_TEST(only_what_helps_is_used_again)
{
	struct cdma_device_config config = {.mask_bits = 13,
					    .min_mask_bits = 13};
	struct cdma_coherent *low, *high;
	struct cdma_device *dev;
	struct rig rig;
	uint32_t word = 1;

	rig_new(&rig);
	dev = rig_device(&rig, config);
	take(rig.dev, 8, &high);
	take(dev, 8, &low);
	cdma_coherent_free(&high);
	cdma_coherent_free(&low);
	ck_assert_uint_eq(take(dev, PAGE + 1, NULL), 0);
	ck_assert_uint_eq(take(dev, 8, NULL), PAGE);
	cdma_engine_write(rig.engine, BASE, &word, 4);
	rig_found(&rig, "device_uaf");
	rig_free(&rig);
}
END_TEST

/* A gap between others is found, and never one that is too small. */
START_TEST(gaps)
{
	struct cdma_device *a, *b;
	struct rig rig;

	rig_new(&rig);
	a = rig_device(&rig,
		       (struct cdma_device_config){.iova_base = BASE + PAGE});
	b = rig_device(&rig, (struct cdma_device_config){
				     .iova_base = BASE + 6 * PAGE});
	ck_assert_uint_eq(take(b, 8, NULL), BASE + 6 * PAGE);
	ck_assert_uint_eq(take(a, 8, NULL), BASE + PAGE);
	/* 3, 4 and the red zone 5 fit; one more does not. */
	ck_assert_uint_eq(take(rig.dev, 2 * PAGE + 1, NULL), BASE + 8 * PAGE);
	ck_assert_uint_eq(take(a, 2 * PAGE, NULL), BASE + 3 * PAGE);
	rig_free(&rig);
}
END_TEST

/* Every address of every region is known, from a world of many. */
START_TEST(many)
{
	enum { NR = 300 };
	struct cdma_coherent *mem[NR];
	struct rig rig;
	uint32_t word = 0;

	rig_new(&rig);
	for (size_t i = 0; i < NR; i++)
		take(rig.dev, 1 + i * 97 % 9000, &mem[i]);
	for (size_t i = 0; i < NR; i++) {
		size_t k = i * 89 % NR;
		cdma_addr_t at = cdma_coherent_dma_handle(mem[k]);
		size_t size = cdma_coherent_size(mem[k]);

		cdma_engine_read(rig.engine, at + size - 1, &word, 1);
		ck_assert_uint_eq(rig_last(&rig)->object, k + 1);
		ck_assert_uint_eq(rig_last(&rig)->offset, size - 1);
		rig_found(&rig, "");
		cdma_engine_read(rig.engine, at + size, &word, 1);
		ck_assert_uint_eq(rig_finding(&rig)->region, k + 1);
		rig_found(&rig, "out_of_bounds");
	}
	rig_free(&rig);
}
END_TEST

/* Whatever comes: live ranges and their red zones never overlap, the mask is
 * obeyed, and a stale address is known unless it was given out again. */
enum { DEVICES = 3, SLOTS = 12, ROUNDS = 3000 };

struct slot {
	struct cdma_coherent *mem;
	cdma_addr_t first, last; /* of the pages */
};

static void want_apart(const struct slot *slots, const struct slot *s)
{
	for (size_t i = 0; i < DEVICES * SLOTS; i++) {
		if (!slots[i].mem || &slots[i] == s)
			continue;
		ck_assert(slots[i].last + PAGE < s->first ||
			  s->last + PAGE < slots[i].first);
	}
}

static bool is_live(const struct slot *slots, cdma_addr_t at)
{
	for (size_t i = 0; i < DEVICES * SLOTS; i++)
		if (slots[i].mem && slots[i].first <= at &&
		    at <= slots[i].last + PAGE)
			return true;
	return false;
}

START_TEST(random_allocations)
{
	static const struct cdma_device_config configs[DEVICES] = {
		{.mask_bits = 17, .min_mask_bits = 17},
		{.mask_bits = 18, .min_mask_bits = 18, .iova_base = 0x4000},
		{.iova_base = 0x10000},
	};
	struct slot slots[DEVICES * SLOTS] = {{0}};
	struct cdma_rng rng = cdma_rng_case(1, (uint64_t)_i);
	struct cdma_device *dev[DEVICES];
	struct rig rig;
	size_t nr = 0;

	rig_new(&rig);
	for (size_t i = 0; i < DEVICES; i++)
		dev[i] = rig_device(&rig, configs[i]);
	for (int round = 0; round < ROUNDS; round++) {
		size_t i = cdma_rng_below(&rng, DEVICES * SLOTS);
		struct slot *s = &slots[i];
		size_t size = 1 + cdma_rng_below(&rng, 3 * PAGE);

		if (s->mem) {
			cdma_coherent_free(&s->mem);
			if (!is_live(slots, s->first)) {
				cdma_lease_begin(dev[i % DEVICES], s->first, 1);
				rig_found(&rig, "device_uaf");
			}
			continue;
		}
		if (!take(dev[i % DEVICES], size, &s->mem)) {
			s->mem = NULL;
			continue;
		}
		nr++;
		s->first = cdma_coherent_dma_handle(s->mem);
		s->last = s->first + (size + PAGE - 1) / PAGE * PAGE - 1;
		ck_assert_uint_eq(s->first % PAGE, 0);
		ck_assert_uint_ge(s->first, configs[i % DEVICES].iova_base);
		ck_assert_uint_le(
			s->first + size - 1,
			cdma_device_coherent_mask(dev[i % DEVICES]).bits);
		want_apart(slots, s);
	}
	ck_assert_uint_gt(nr, ROUNDS / 4);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("iova");

	unit_add(suite, upwards_with_red_zones);
	unit_add_rows(suite, place, ARRAY_SIZE(places));
	unit_add(suite, freed_addresses_rest);
	unit_add(suite, oldest_is_used_again);
	unit_add(suite, only_what_helps_is_used_again);
	unit_add(suite, gaps);
	unit_add(suite, many);
	unit_add_rows(suite, random_allocations, 20);
	return suite;
}
