/* SPDX-License-Identifier: MIT */
/*
 * Exploring streaming memory on machines: the same ends and findings as a
 *search without any reduction.
 *
 *	EXPLORE_CASES=100000 EXPLORE_FIRST=7000 CK_FORK=no \
 *		test-explore-machines
 *
 * draws as many scenarios more, from a number on.
 */
#include "search.h"

#define NAIVE_MAX 4000

/* A scenario on its way to be written. */
struct draft {
	struct cdma_rng *rng;
	struct cdma_text *out;
	const char *dir;
};

static unsigned int draw(const struct draft *d, unsigned int nr)
{
	return (unsigned int)cdma_rng_below(d->rng, nr);
}

#define ONE_OF(d, words) (words)[draw(d, ARRAY_SIZE(words))]

/* Two bytes of the mapping, one before and one behind it in its lines. */
static unsigned int any_byte(const struct draft *d)
{
	static const unsigned int bytes[] = {4, 6, 12, 16, 20};

	return ONE_OF(d, bytes);
}

static void say_sync(const struct draft *d)
{
	static const char *const calls[] = {"cpu", "device"};
	static const char *const parts[] = {"at, 16", "at + 4, 8", "at, 4"};
	const char *call = ONE_OF(d, calls);

	cdma_text_addf(d->out, "dma_sync_single_for_%s(nic, %s, %s); ", call,
		       ONE_OF(d, parts), d->dir);
}

static void say_cpu(const struct draft *d, unsigned int i)
{
	unsigned int byte = any_byte(d);

	switch (draw(d, 9)) {
	case 0:
	case 1:
		cdma_text_addf(d->out, "b[%u] = %u; ", byte, 1 + draw(d, 2));
		break;
	case 2:
		cdma_text_addf(d->out, "u8 v%u = b[%u]; ", i, byte);
		break;
	case 3:
		cdma_text_addf(d->out, "WRITE_ONCE(b[%u], 3); ", byte);
		break;
	case 4:
		cdma_text_addf(d->out, "if (READ_ONCE(b[%u])) b[%u] = 4; ",
			       byte, any_byte(d));
		break;
	case 5:
		cdma_text_addf(d->out, "u32 v%u = readl(nic.r); ", i);
		break;
	case 6:
		cdma_text_addf(d->out, "dma_unmap_single(nic, at, 16, %s); ",
			       d->dir);
		break;
	default:
		say_sync(d);
	}
}

static void say_device(const struct draft *d, unsigned int i)
{
	unsigned int at = draw(d, 3) * 5;

	switch (draw(d, 4)) {
	case 0:
		cdma_text_addf(d->out, "u8 v%u = *(u8 *)(at + %u); ", i, at);
		break;
	case 1:
		cdma_text_add(d->out, "nic.r = 1; ");
		break;
	default:
		cdma_text_addf(d->out, "*(u8 *)(at + %u) = %u; ", at,
			       5 + draw(d, 2));
	}
}

static void draw_scenario(uint64_t nr, struct cdma_text *out)
{
	static const char *const machines[] = {
		"any",
		"x86",
		"sev",
		"x86_iommu",
		"\"x86,iommu=strict\"",
		"arm32",
		"\"x86,coherent=no,line=8\"",
		"\"x86,coherent=no,line=16,iommu=lazy\"",
	};
	static const char *const dirs[] = {"DMA_FROM_DEVICE", "DMA_TO_DEVICE",
					   "DMA_BIDIRECTIONAL"};
	struct cdma_rng rng = cdma_rng_case(3, nr);
	struct draft d = {.rng = &rng, .out = out};
	unsigned int threads = 2 + draw(&d, 2);
	const char *machine = ONE_OF(&d, machines);

	d.dir = ONE_OF(&d, dirs);
	cdma_text_addf(
		out,
		"scenario some \"s\"; machine = %s; memory = %s;\n"
		"device nic { regs { u32 r; } };\n"
		"setup { buffer b = kzalloc(u8[32]);\n"
		"	dma_addr_t at = dma_map_single(nic, b[4], 16, %s);\n"
		"	if (dma_mapping_error(nic, at)) return -EIO; }\n",
		machine, draw(&d, 3) ? "strong" : "weak", d.dir);
	for (unsigned int t = 0; t < threads; t++) {
		unsigned int len = 1 + draw(&d, threads == 2 ? 4 : 3);

		cdma_text_addf(out, "thread t%u on %s { ", t,
			       t ? "cpu" : "nic");
		for (unsigned int i = 0; i < len; i++)
			(t ? say_cpu : say_device)(&d, i);
		cdma_text_add(out, "}\n");
	}
	cdma_text_add(out, "expect nothing;\n");
}

/* Returns whether it was small enough. */
static bool compare(uint64_t nr)
{
	struct seen naive = {0}, explored = {0}, units = {0};
	struct cdma_text text = {0};
	struct program *program;
	bool small;

	draw_scenario(nr, &text);
	program = scene_program(text.at, 0);
	find_naively(program, NAIVE_MAX, &naive);
	ck_assert(!naive.has_error);
	small = naive.executions < NAIVE_MAX;
	if (small) {
		explore(program, NULL, NULL, &explored);
		same(&naive, &explored, "explored", nr, text.at);
		if (nr % 4 == 0) {
			explore_in_units(program, 1 + nr / 4 % 3, &units);
			same(&naive, &units, "in units", nr, text.at);
		}
	}
	seen_fini(&naive);
	seen_fini(&explored);
	seen_fini(&units);
	program_free(program);
	cdma_text_fini(&text);
	return small;
}

START_TEST(on_machines)
{
	size_t nr = 0;

	for (uint64_t i = 0; i < 100; i++)
		nr += compare((uint64_t)_i * 100 + i);
	ck_assert_uint_gt(nr, 80);
}
END_TEST

static uint64_t number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : 0;
}

START_TEST(more)
{
	uint64_t first = number("EXPLORE_FIRST"), nr = 0;
	uint64_t cases = number("EXPLORE_CASES");

	for (uint64_t i = first; i < first + cases; i++)
		nr += compare(i);
	if (cases)
		printf("# %llu of %llu were small enough\n",
		       (unsigned long long)nr, (unsigned long long)cases);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore-machines");

	unit_add_rows(suite, on_machines, UNIT_SHARE(20));
	unit_add(suite, more);
	return suite;
}
