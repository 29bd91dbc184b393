/* SPDX-License-Identifier: MIT */
#include "rig.h"

static const struct {
	unsigned int bits;
	uint64_t value;
	int err;
} masks[] = {
	{0, 0, 0},
	{1, 1, 0},
	{24, 0xffffff, 0},
	{32, 0xffffffff, 0},
	{63, UINT64_MAX >> 1, 0},
	{64, UINT64_MAX, 0},
	{65, 0, -EINVAL},
	{UINT32_MAX, 0, -EINVAL},
};

START_TEST(mask_try_new)
{
	struct cdma_mask mask = {42};

	ck_assert_int_eq(cdma_mask_try_new(masks[_i].bits, &mask),
			 masks[_i].err);
	ck_assert_uint_eq(cdma_mask_value(mask),
			  masks[_i].err ? 42 : masks[_i].value);
}
END_TEST

START_TEST(mask_of_a_constant)
{
	static const struct cdma_mask mask = CDMA_MASK(40);

	ck_assert_uint_eq(cdma_mask_value(mask), 0xffffffffff);
	ck_assert_uint_eq(cdma_mask_value(CDMA_MASK(0)), 0);
	ck_assert_uint_eq(cdma_mask_value(CDMA_MASK(64)), UINT64_MAX);
}
END_TEST

#define WEAK CDMA_ATTR_WEAK_ORDERING
#define COMB CDMA_ATTR_WRITE_COMBINE

static const struct {
	cdma_attrs_t attrs, flags;
	bool contains;
} attrs[] = {
	{0, 0, true},
	{WEAK, 0, true},
	{0, WEAK, false},
	{WEAK | COMB, WEAK, true},
	{WEAK | COMB, WEAK | COMB, true},
	{WEAK, WEAK | COMB, false},
	{CDMA_ATTRS_PUBLIC, CDMA_ATTR_NO_KERNEL_MAPPING, false},
};

START_TEST(attrs_contain)
{
	ck_assert_int_eq(cdma_attrs_contains(attrs[_i].attrs, attrs[_i].flags),
			 attrs[_i].contains);
}
END_TEST

/* Upstream's complement makes the attribute that was hidden (ATTR-1). */
START_TEST(attrs_not_is_public)
{
	ck_assert_uint_eq(cdma_attrs_not(0), CDMA_ATTRS_PUBLIC);
	ck_assert_uint_eq(cdma_attrs_not(CDMA_ATTRS_PUBLIC), 0);
	ck_assert_uint_eq(cdma_attrs_not(UINT32_MAX), 0);
	ck_assert(!cdma_attrs_contains(cdma_attrs_not(CDMA_ATTR_NO_WARN),
				       CDMA_ATTR_NO_KERNEL_MAPPING));
}
END_TEST

START_TEST(numbers_are_the_kernels)
{
	ck_assert_uint_eq(CDMA_ATTRS_PUBLIC, 0x7e6);
	ck_assert_uint_eq(CDMA_ATTR_NO_KERNEL_MAPPING, 0x10);
	ck_assert_int_eq(CDMA_BIDIRECTIONAL, 0);
	ck_assert_int_eq(CDMA_TO_DEVICE, 1);
	ck_assert_int_eq(CDMA_FROM_DEVICE, 2);
	ck_assert_int_eq(CDMA_NONE, 3);
}
END_TEST

enum { STREAMING, COHERENT, BOTH };

#define M24 UINT64_C(0xffffff)
#define M32 UINT64_C(0xffffffff)
#define M64 UINT64_MAX

/* What each setter does to both masks. */
static const struct {
	int which;
	struct cdma_device_config config;
	struct cdma_fault_rule fault;
	uint64_t mask;
	int err;
	uint64_t streaming, coherent;
} setters[] = {
	{STREAMING, {0}, {0}, M64, 0, M64, M32},
	{COHERENT, {0}, {0}, M64, 0, M32, M64},
	{BOTH, {0}, {0}, M64, 0, M64, M64},
	{BOTH, {0}, {0}, M24, 0, M24, M24},
	{STREAMING, {0}, {0}, M24 >> 1, -EIO, M32, M32},
	{COHERENT, {0}, {0}, 0, -EIO, M32, M32},
	{BOTH, {0}, {0}, M24 >> 1, -EIO, M32, M32},
	{STREAMING, {.max_mask_bits = 40}, {0}, M64, -EIO, M32, M32},
	{BOTH, {.mask_bits = 64, .max_mask_bits = 64}, {0}, M32, 0, M32, M32},
	{BOTH, {.min_mask_bits = 1}, {0}, 1, 0, 1, 1},
	{STREAMING, {.no_mask = true}, {0}, M64, -EIO, 0, 0},
	{COHERENT, {.no_mask = true}, {0}, M64, 0, 0, M64},
	{BOTH, {.no_mask = true}, {0}, M64, -EIO, 0, 0},
	{STREAMING,
	 {0},
	 {CDMA_FAULT_SET_MASK, .err = -EIO},
	 M64,
	 -EIO,
	 M32,
	 M32},
	{BOTH, {0}, {CDMA_FAULT_SET_MASK, .err = -EIO}, M64, -EIO, M32, M32},
	{COHERENT,
	 {0},
	 {CDMA_FAULT_SET_COHERENT_MASK, .err = -EIO},
	 M64,
	 -EIO,
	 M32,
	 M32},
	/* What fails of the second half is ignored upstream. */
	{BOTH,
	 {0},
	 {CDMA_FAULT_SET_COHERENT_MASK, .err = -EIO},
	 M64,
	 0,
	 M64,
	 M64},
};

static int set(struct cdma_device *dev, int which, uint64_t bits)
{
	struct cdma_mask mask = {bits};

	switch (which) {
	case STREAMING:
		return cdma_set_mask(dev, mask);
	case COHERENT:
		return cdma_set_coherent_mask(dev, mask);
	default:
		return cdma_set_mask_and_coherent(dev, mask);
	}
}

START_TEST(setter)
{
	struct cdma_device *dev;
	struct rig rig;

	rig_new(&rig);
	dev = cdma_device_new(rig.world, &setters[_i].config, "dev");
	if (setters[_i].fault.err)
		cdma_faults_add(cdma_world_faults(rig.world),
				&setters[_i].fault);
	cdma_device_probe_begin(dev);
	ck_assert_int_eq(set(dev, setters[_i].which, setters[_i].mask),
			 setters[_i].err);
	cdma_device_probe_end(dev, 0);
	ck_assert_uint_eq(cdma_device_mask(dev).bits, setters[_i].streaming);
	ck_assert_uint_eq(cdma_device_coherent_mask(dev).bits,
			  setters[_i].coherent);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(setter_makes_two_events)
{
	struct rig rig;
	size_t from;

	rig_new(&rig);
	from = rig.log.nr;
	cdma_set_mask(rig.dev, CDMA_MASK(40));
	ck_assert_str_eq(rig_events(&rig, from), "mask mask");
	ck_assert_uint_eq(rig.log.at[from].offset, 0);
	ck_assert_uint_eq(rig.log.at[from + 1].offset, 1);
	ck_assert_uint_eq(rig.log.at[from].iova, CDMA_MASK(40).bits);
	ck_assert_uint_eq(rig.log.at[from].value, 1);
	rig_found(&rig, "wrong_context");
	rig_free(&rig);
}
END_TEST

START_TEST(max_seg_size)
{
	struct cdma_device_config no_parms = {.no_parms = true};
	struct cdma_device *dev;
	struct rig rig;

	rig_new(&rig);
	ck_assert_uint_eq(cdma_device_max_seg_size(rig.dev), 65536);
	cdma_set_max_seg_size(rig.dev, 4096);
	ck_assert_uint_eq(cdma_device_max_seg_size(rig.dev), 4096);
	dev = rig_device(&rig, no_parms);
	cdma_set_max_seg_size(dev, 4096);
	ck_assert_uint_eq(cdma_device_max_seg_size(dev), 65536);
	rig_free(&rig);
}
END_TEST

/* In which order the halves of a setter and of an allocation come, the
 * setter's in capitals. */
static const struct {
	const char *steps; /* S s: begin and end; a A: the same; w: whole */
	bool other;        /* the allocation is another actor's */
	const char *found;
} races[] = {
	{"Sswa", true, ""},          {"wSs", true, ""},
	{"Sws", true, "mask_race"},  {"Sws", false, ""},
	{"aSsA", true, "mask_race"}, {"aSAs", true, "mask_race"},
	{"SasA", true, "mask_race"}, {"SaAs", true, "mask_race"},
	{"aASs", true, ""},          {"SsaA", true, ""},
	{"aSsA", false, ""},
};

static void race_step(struct rig *rig, struct cdma_actor *allocator, char step)
{
	struct cdma_actor *main = cdma_world_main(rig->world);
	struct cdma_coherent *mem = NULL;

	cdma_world_enter(rig->world,
			 step == 'S' || step == 's' ? main : allocator);
	switch (step) {
	case 'S':
		cdma_set_mask_begin(rig->dev, CDMA_MASK_BOTH, M64);
		break;
	case 's':
		ck_assert_int_eq(cdma_set_mask_end(rig->dev), 0);
		break;
	case 'a':
		cdma_alloc_begin(rig->dev);
		break;
	default:
		ck_assert_int_eq(cdma_coherent_zeroed(rig->dev, 8, GFP, &mem),
				 0);
		cdma_coherent_free(&mem);
	}
}

START_TEST(race)
{
	struct cdma_actor *main, *allocator;
	struct rig rig;

	rig_new(&rig);
	main = cdma_world_main(rig.world);
	allocator = races[_i].other ? rig_actor(&rig, CDMA_CPU) : main;
	cdma_device_unbind(rig.dev);
	cdma_device_probe_begin(rig.dev);
	for (const char *s = races[_i].steps; *s; s++)
		race_step(&rig, allocator, *s);
	rig_found(&rig, races[_i].found);
	rig_free(&rig);
}
END_TEST

START_TEST(end_by_another_actor)
{
	struct rig rig;

	rig_new(&rig);
	cdma_set_mask_begin(rig.dev, CDMA_MASK_BOTH, M64);
	cdma_world_enter(rig.world, rig_actor(&rig, CDMA_CPU));
	cdma_set_mask_end(rig.dev);
}
END_TEST

START_TEST(two_setters)
{
	struct rig rig;

	rig_new(&rig);
	cdma_set_mask_begin(rig.dev, CDMA_MASK_BOTH, M64);
	cdma_set_mask_begin(rig.dev, CDMA_MASK_BOTH, M64);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("mask");

	unit_add_rows(suite, mask_try_new, ARRAY_SIZE(masks));
	unit_add(suite, mask_of_a_constant);
	unit_add_rows(suite, attrs_contain, ARRAY_SIZE(attrs));
	unit_add(suite, attrs_not_is_public);
	unit_add(suite, numbers_are_the_kernels);
	unit_add_rows(suite, setter, ARRAY_SIZE(setters));
	unit_add(suite, setter_makes_two_events);
	unit_add(suite, max_seg_size);
	unit_add_rows(suite, race, ARRAY_SIZE(races));
	unit_add_abort(suite, end_by_another_actor);
	unit_add_abort(suite, two_setters);
	return suite;
}
