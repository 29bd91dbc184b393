/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Every allocating call, behind one signature. */
struct call {
	const char *name;
	int (*fn)(struct cdma_device *dev, size_t elem, size_t count,
		  cdma_gfp_t gfp, cdma_attrs_t attrs, void **out);
	bool has_count;
	bool has_attrs;
	bool zeroes;        /* adds __GFP_ZERO */
	const char *events; /* of a success */
};

static const unsigned char data[64] = "sixty-four bytes";

static int fill(struct cdma_slot *slot, void *arg)
{
	return cdma_slot_write(slot, 0, data, cdma_slot_size(slot));
}

#define CALL(name, type, ...)                                                  \
	static int name(struct cdma_device *dev, size_t elem, size_t count,    \
			cdma_gfp_t gfp, cdma_attrs_t attrs, void **out)        \
	{                                                                      \
		struct cdma_##type *got = *out;                                \
		int err = cdma_##type##_##__VA_ARGS__;                         \
                                                                               \
		*out = got;                                                    \
		return err;                                                    \
	}

CALL(box_alloc, box, alloc_slice_with_attrs(dev, elem, count, gfp, attrs, &got))
CALL(box_slice_attrs, box,
     zeroed_slice_with_attrs(dev, elem, count, gfp, attrs, &got))
CALL(box_slice, box, zeroed_slice(dev, elem, count, gfp, &got))
CALL(box_attrs, box, zeroed_with_attrs(dev, elem, gfp, attrs, &got))
CALL(box_one, box, zeroed(dev, elem, gfp, &got))
CALL(box_from_attrs, box,
     from_slice_with_attrs(dev, data, elem, count, gfp, attrs, &got))
CALL(box_from, box, from_slice(dev, data, elem, count, gfp, &got))
CALL(coh_alloc, coherent,
     alloc_slice_with_attrs(dev, elem, count, gfp, attrs, &got))
CALL(coh_slice_attrs, coherent,
     zeroed_slice_with_attrs(dev, elem, count, gfp, attrs, &got))
CALL(coh_slice, coherent, zeroed_slice(dev, elem, count, gfp, &got))
CALL(coh_attrs, coherent, zeroed_with_attrs(dev, elem, gfp, attrs, &got))
CALL(coh_one, coherent, zeroed(dev, elem, gfp, &got))
CALL(coh_from_attrs, coherent,
     from_slice_with_attrs(dev, data, elem, count, gfp, attrs, &got))
CALL(coh_from, coherent, from_slice(dev, data, elem, count, gfp, &got))
CALL(coh_init_attrs, coherent,
     init_with_attrs(dev, elem, gfp, attrs, fill, NULL, &got))
CALL(coh_init, coherent, init(dev, elem, gfp, fill, NULL, &got))
CALL(handle_attrs, handle, alloc_with_attrs(dev, elem, gfp, attrs, &got))
CALL(handle_one, handle, alloc(dev, elem, gfp, &got))

#define FROM    "alloc write"
#define EXPOSED "alloc write expose"
#define FILLED  "alloc write call expose"

static const struct call calls[] = {
	{"box_alloc", box_alloc, true, true, false, "alloc"},
	{"box_slice_attrs", box_slice_attrs, true, true, true, "alloc"},
	{"box_slice", box_slice, true, false, true, "alloc"},
	{"box_attrs", box_attrs, false, true, true, "alloc"},
	{"box_one", box_one, false, false, true, "alloc"},
	{"box_from_attrs", box_from_attrs, true, true, false, FROM},
	{"box_from", box_from, true, false, false, FROM},
	{"coh_alloc", coh_alloc, true, true, false, "alloc"},
	{"coh_slice_attrs", coh_slice_attrs, true, true, true, "alloc"},
	{"coh_slice", coh_slice, true, false, true, "alloc"},
	{"coh_attrs", coh_attrs, false, true, true, "alloc"},
	{"coh_one", coh_one, false, false, true, "alloc"},
	{"coh_from_attrs", coh_from_attrs, true, true, false, EXPOSED},
	{"coh_from", coh_from, true, false, false, EXPOSED},
	{"coh_init_attrs", coh_init_attrs, false, true, false, FILLED},
	{"coh_init", coh_init, false, false, false, FILLED},
	{"handle_attrs", handle_attrs, false, true, false, "alloc"},
	{"handle_one", handle_one, false, false, false, "alloc"},
};

#define HALF (SIZE_MAX / 2 + 1)
#define FAIL                                                                   \
	{                                                                      \
		.site = CDMA_FAULT_DMA_ALLOC, .err = -ENOMEM                   \
	}

/* Every way to fail, in the order in which it is looked for: where two are
 * there, the first is told. */
static const struct {
	size_t elem, count;
	cdma_gfp_t gfp;
	cdma_attrs_t attrs;
	bool unbound;
	struct cdma_device_config config;
	struct cdma_fault_rule fault;
	int err;
	const char *found;
} failures[] = {
	{.elem = 8,
	 .count = 1,
	 .unbound = true,
	 .err = -ENODEV,
	 .found = "unbound_alloc"},
	{.elem = 0,
	 .count = 0,
	 .unbound = true,
	 .err = -ENODEV,
	 .found = "unbound_alloc"},
	{.elem = 0, .count = 1, .err = -EINVAL},
	{.elem = 8, .count = 0, .err = -EINVAL},
	{.elem = 0, .count = SIZE_MAX, .err = -EINVAL},
	{.elem = HALF, .count = 0, .attrs = 1, .err = -EINVAL},
	{.elem = HALF, .count = 2, .err = -ENOMEM},
	{.elem = HALF, .count = 3, .err = -ENOMEM},
	/* Page rounding wraps to 0. */
	{.elem = SIZE_MAX, .count = 1, .err = -ENOMEM},
	{.elem = SIZE_MAX - 4094, .count = 1, .err = -ENOMEM},
	{.elem = SIZE_MAX - 4095, .count = 1, .err = -ENOMEM},
	{.elem = SIZE_MAX, .count = 1, .attrs = 1, .err = -ENOMEM},
	{.elem = 8,
	 .count = 1,
	 .attrs = 1,
	 .err = -EINVAL,
	 .found = "bad_attrs"},
	{.elem = 8,
	 .count = 1,
	 .attrs = 1u << 11,
	 .err = -EINVAL,
	 .found = "bad_attrs"},
	{.elem = 8,
	 .count = 1,
	 .attrs = 1,
	 .gfp = CDMA_GFP_COMP,
	 .err = -EINVAL,
	 .found = "bad_attrs"},
	{.elem = 8,
	 .count = 1,
	 .gfp = CDMA_GFP_COMP,
	 .fault = FAIL,
	 .err = -ENOMEM,
	 .found = "bad_attrs"},
	{.elem = 8, .count = 1, .fault = FAIL, .err = -ENOMEM},
	/* Neither addresses nor memory. */
	{.elem = (size_t)1 << 32, .count = 1, .err = -ENOMEM},
	{.elem = (size_t)1 << 24,
	 .count = 1,
	 .config = {.mask_bits = 24},
	 .err = -ENOMEM},
	{.elem = 8,
	 .count = 1,
	 .config = {.no_mask = true},
	 .err = -ENOMEM,
	 .found = "mask_unset"},
	{.elem = (size_t)1 << 40,
	 .count = 1,
	 .config = {.mask_bits = 64},
	 .err = -ENOMEM},
};

#define NR_FAILURES ARRAY_SIZE(failures)

/* Whether call @c can be made as row @f says. */
static bool applies(size_t c, size_t f)
{
	return (calls[c].has_count || failures[f].count == 1) &&
	       (calls[c].has_attrs || !failures[f].attrs);
}

START_TEST(failure)
{
	size_t c = (size_t)_i / NR_FAILURES, f = (size_t)_i % NR_FAILURES;
	const char *found = failures[f].found ? failures[f].found : "";
	struct cdma_device *dev;
	struct rig rig;
	void *out = &rig;

	if (!applies(c, f))
		return;
	rig_new(&rig);
	dev = rig_device(&rig, failures[f].config);
	if (failures[f].unbound)
		cdma_device_unbind(dev);
	if (failures[f].fault.err)
		cdma_faults_add(cdma_world_faults(rig.world),
				&failures[f].fault);
	ck_assert_int_eq(calls[c].fn(dev, failures[f].elem, failures[f].count,
				     GFP | failures[f].gfp, failures[f].attrs,
				     &out),
			 failures[f].err);
	ck_assert_ptr_eq(out, &rig);
	rig_found(&rig, found);
	ck_assert_uint_eq(cdma_regions_nr(rig.world), 0);
	ck_assert_uint_eq(cdma_device_refs(dev), 1);
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(success)
{
	const struct call *call = &calls[_i];
	struct cdma_region_info info;
	struct rig rig;
	void *out = NULL;
	size_t from;

	rig_new(&rig);
	from = rig.log.nr;
	cdma_set_name(rig.world, "ring");
	ck_assert_int_eq(call->fn(rig.dev, 8, 1, GFP,
				  call->has_attrs ? CDMA_ATTR_WEAK_ORDERING : 0,
				  &out),
			 0);
	ck_assert_ptr_nonnull(out);
	ck_assert_str_eq(rig_events(&rig, from), call->events);
	rig_found(&rig, "");

	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_str_eq(info.name, "ring");
	ck_assert_uint_eq(info.size, 8);
	ck_assert_uint_eq(info.elem_size, 8);
	ck_assert_uint_eq(info.iova, 0x10000000);
	ck_assert_uint_eq(info.device, 1);
	ck_assert_uint_eq(info.attrs,
			  (call->has_attrs ? CDMA_ATTR_WEAK_ORDERING : 0u) |
				  (call->name[0] == 'h'
					   ? CDMA_ATTR_NO_KERNEL_MAPPING
					   : 0u));
	ck_assert_uint_eq(info.gfp, GFP | (call->zeroes ? CDMA_GFP_ZERO : 0));
	ck_assert_uint_eq(info.alloc.seq, from + 1);
	ck_assert_uint_eq(info.expose.seq,
			  !call->events[5] || call->name[0] != 'c' ? 0
			  : strstr(call->events, "call")           ? from + 4
								   : from + 3);
	ck_assert_uint_eq(info.free.seq, 0);
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 2);
	cdma_world_finish(rig.world);
	rig_found(&rig, "leak");
	rig_free(&rig);
}
END_TEST

/* What is said, and does not make the call fail. */
START_TEST(irq_handler_must_not_sleep)
{
	struct cdma_box *box;
	struct rig rig;

	rig_new(&rig);
	cdma_world_enter(rig.world, rig_actor(&rig, CDMA_IRQ));
	ck_assert_int_eq(cdma_box_zeroed(rig.dev, 8, CDMA_GFP_ATOMIC, &box), 0);
	rig_found(&rig, "");
	ck_assert_int_eq(cdma_box_zeroed(rig.dev, 8, CDMA_GFP_KERNEL, &box), 0);
	rig_found(&rig, "atomic_sleep");
	rig_free(&rig);
}
END_TEST

START_TEST(name_is_for_one_allocation)
{
	struct cdma_region_info info;
	struct cdma_box *box;
	struct rig rig;

	rig_new(&rig);
	cdma_set_name(rig.world, "lost");
	ck_assert_int_eq(cdma_box_zeroed(rig.dev, 0, GFP, &box), -EINVAL);
	rig_box(&rig, 8);
	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_str_eq(info.name, "box#1");
	cdma_region_set_name(rig.world, 1, "found");
	ck_assert(cdma_region_info(rig.world, 1, &info));
	ck_assert_str_eq(info.name, "found");
	ck_assert(!cdma_region_info(rig.world, 0, &info));
	ck_assert(!cdma_region_info(rig.world, 2, &info));
	rig_free(&rig);
}
END_TEST

START_TEST(fault_of_one_region)
{
	struct cdma_fault_rule rule = {.site = CDMA_FAULT_DMA_ALLOC,
				       .region = "b"};
	struct cdma_box *box;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_faults_add(cdma_world_faults(rig.world), &rule);
	rig_box(&rig, 8);
	cdma_set_name(rig.world, "a");
	rig_box(&rig, 8);
	from = rig.log.nr;
	cdma_set_name(rig.world, "b");
	ck_assert_int_eq(cdma_box_zeroed(rig.dev, 8, GFP, &box), -ENOMEM);
	ck_assert_str_eq(rig_events(&rig, from), "fault call");
	ck_assert_uint_eq(rig.log.at[from].value, CDMA_FAULT_DMA_ALLOC);
	ck_assert_uint_eq(rig.log.at[from].offset, 3);
	ck_assert_uint_eq(rig_last(&rig)->offset, CDMA_CALL_DMA_ALLOC);
	ck_assert_int_eq((int)rig_last(&rig)->value, -ENOMEM);
	rig_free(&rig);
}
END_TEST

/* Host memory is paid for what is touched alone. */
START_TEST(huge)
{
	struct cdma_device *dev;
	struct cdma_coherent *mem;
	struct rig rig;
	uint64_t end;

	rig_new(&rig);
	dev = rig_device(&rig, (struct cdma_device_config){.mask_bits = 64});
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(
			cdma_coherent_alloc_slice_with_attrs(
				dev, 1, (size_t)15 << 30, GFP, 0, &mem),
			0);
		cdma_view_write(rig_view(mem, ((size_t)15 << 30) - 8, 8), 7);
		end = cdma_view_read(rig_view(mem, ((size_t)15 << 30) - 8, 8));
		ck_assert_uint_eq(end, 7);
		cdma_coherent_free(&mem);
	}
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(no_device)
{
	struct cdma_box *box;

	cdma_box_zeroed(NULL, 8, GFP, &box);
}
END_TEST

START_TEST(no_out)
{
	struct rig rig;

	rig_new(&rig);
	cdma_coherent_zeroed(rig.dev, 8, GFP, NULL);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("alloc");

	unit_add_rows(suite, failure, ARRAY_SIZE(calls) * NR_FAILURES);
	unit_add_rows(suite, success, ARRAY_SIZE(calls));
	unit_add(suite, irq_handler_must_not_sleep);
	unit_add(suite, name_is_for_one_allocation);
	unit_add(suite, fault_of_one_region);
	unit_add(suite, huge);
	unit_add_abort(suite, no_device);
	unit_add_abort(suite, no_out);
	return suite;
}
