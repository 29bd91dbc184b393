/* SPDX-License-Identifier: MIT */
#include "dropped.h"

static char c_[] = "c", d_[] = "d", r_[] = "r";

/* ---- Devres ---- */

START_TEST(no_resource_without_a_binding)
{
	struct cdma_devres *d = NULL;
	struct rig rig;

	rig_of(&rig);
	cdma_device_unbind(rig.dev);
	ck_assert_int_eq(cdma_devres_new(rig.dev, a_, drop, "bar", &d),
			 -ENODEV);
	ck_assert_ptr_null(d);
	ck_assert_str_eq(dropped, "");
	rig_found(&rig, "unbound_alloc");
	rig_free(&rig);
}
END_TEST

START_TEST(no_memory_for_a_resource)
{
	struct cdma_devres *d = NULL;
	struct rig rig;

	rig_of(&rig);
	cdma_faults_add(cdma_world_faults(rig.world),
			&(struct cdma_fault_rule){.site = CDMA_FAULT_KMALLOC,
						  .nth = 1});
	ck_assert_int_eq(cdma_devres_new(rig.dev, a_, drop, "bar", &d),
			 -ENOMEM);
	ck_assert_ptr_null(d);
	cdma_device_unbind(rig.dev);
	ck_assert_str_eq(dropped, "");
	rig_free(&rig);
}
END_TEST

START_TEST(access_with_a_bound_device)
{
	struct cdma_device *other;
	struct cdma_devres *d;
	void *out = NULL;
	struct rig rig;

	rig_of(&rig);
	other = cdma_device_new(rig.world, NULL, "other");
	cdma_devres_new(rig.dev, a_, drop, "bar", &d);
	ck_assert_int_eq(cdma_devres_access(d, other, &out), -EINVAL);
	ck_assert_ptr_null(out);
	ck_assert_int_eq(cdma_devres_access(d, rig.dev, &out), 0);
	ck_assert_str_eq(out, "a");
	rig_found(&rig, "");
	cdma_device_unbind(rig.dev);
	ck_assert_int_eq(cdma_devres_access(d, rig.dev, &out), 0);
	rig_found(&rig, "revoked_access");
	rig_free(&rig);
}
END_TEST

START_TEST(try_access_until_unbind)
{
	struct cdma_devres *d;
	struct cdma_guard *guard;
	struct rig rig;

	rig_of(&rig);
	cdma_devres_new(rig.dev, a_, drop, "bar", &d);
	guard = cdma_devres_try_access(d);
	ck_assert_str_eq(cdma_guard_data(guard), "a");
	cdma_guard_put(&guard);
	cdma_device_unbind(rig.dev);
	ck_assert_ptr_null(cdma_devres_try_access(d));
	rig_free(&rig);
}
END_TEST

START_TEST(dropped_on_unbind_newest_first)
{
	struct cdma_devres *a, *b;
	struct rig rig;

	rig_of(&rig);
	cdma_devres_new(rig.dev, a_, drop, "bar", &a);
	cdma_devres_new(rig.dev, b_, drop, "irq", &b);
	ck_assert_int_eq(cdma_devres_register(rig.dev, c_, drop, "clk"), 0);
	cdma_device_unbind(rig.dev);
	ck_assert_str_eq(dropped, "cba");
	cdma_devres_free(&a);
	cdma_devres_free(&b);
	ck_assert_str_eq(dropped, "cba");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(dropped_on_free)
{
	struct cdma_devres *a, *b;
	struct rig rig;

	rig_of(&rig);
	cdma_devres_new(rig.dev, a_, drop, "bar", &a);
	cdma_devres_new(rig.dev, b_, drop, "irq", &b);
	cdma_devres_free(&a);
	ck_assert_ptr_null(a);
	cdma_devres_free(&a);
	ck_assert_str_eq(dropped, "a");
	cdma_device_unbind(rig.dev);
	ck_assert_str_eq(dropped, "ab");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(free_with_a_guard)
{
	struct cdma_devres *d;
	struct cdma_guard *guard;
	struct rig rig;

	rig_of(&rig);
	cdma_devres_new(rig.dev, a_, drop, "bar", &d);
	guard = cdma_devres_try_access(d);
	cdma_devres_free(&d);
	cdma_guard_put(&guard);
	rig_found(&rig, "revoke_in_use");
	rig_free(&rig);
}
END_TEST

/* The second one is not done before the first. */
START_TEST(two_who_drop)
{
	struct cdma_devres *d, *taken;
	struct cdma_actor *core, *driver;
	struct rig rig;
	bool won = false;
	size_t from;

	rig_of(&rig);
	core = cdma_world_main(rig.world);
	driver = reader_of(&rig);
	cdma_devres_new(rig.dev, a_, drop, "sgt", &d);
	ck_assert(cdma_devres_is_added(d));
	taken = cdma_devres_take(rig.dev, &won);
	ck_assert_ptr_eq(taken, d);
	ck_assert(won);
	ck_assert(!cdma_devres_is_added(d));
	cdma_world_enter(rig.world, driver);
	ck_assert(!cdma_devres_quit(d));
	ck_assert(!cdma_devres_is_done(d));
	cdma_world_enter(rig.world, core);
	cdma_grace_end(rig.world);
	cdma_devres_done(d);
	cdma_world_enter(rig.world, driver);
	ck_assert(cdma_devres_is_done(d));
	from = rig.log.nr;
	cdma_devres_wait(d);
	ck_assert_str_eq(rig_events(&rig, from), "acquire");
	ck_assert_ptr_null(cdma_devres_take(rig.dev, &won));
	rig_free(&rig);
}
END_TEST

/* The same with the free first: unbind() finds it in the list. */
START_TEST(unbind_comes_second)
{
	struct cdma_devres *d;
	struct cdma_actor *core, *driver;
	struct rig rig;
	bool won = true;

	rig_of(&rig);
	core = cdma_world_main(rig.world);
	driver = reader_of(&rig);
	cdma_devres_new(rig.dev, a_, drop, "sgt", &d);
	cdma_world_enter(rig.world, driver);
	ck_assert(cdma_devres_quit(d));
	cdma_world_enter(rig.world, core);
	ck_assert_ptr_eq(cdma_devres_take(rig.dev, &won), d);
	ck_assert(!won);
	ck_assert(!cdma_devres_is_done(d));
	cdma_world_enter(rig.world, driver);
	cdma_devres_done(d);
	ck_assert(cdma_devres_is_done(d));
	rig_free(&rig);
}
END_TEST

START_TEST(who_comes_second_returns)
{
	struct cdma_config config = {.devres_returns = true};
	struct cdma_devres *d;
	struct rig rig;
	bool won;
	size_t from;

	dropped[0] = '\0';
	rig_new_with(&rig, &config);
	cdma_devres_new(rig.dev, a_, drop, "sgt", &d);
	cdma_devres_take(rig.dev, &won);
	from = rig.log.nr;
	cdma_devres_free(&d);
	ck_assert_str_eq(rig_events(&rig, from), "state");
	ck_assert_str_eq(dropped, "");
	rig_free(&rig);
}
END_TEST

/* The list of the device and the thing itself are told apart. */
START_TEST(what_is_told)
{
	struct cdma_devres *d, *e, *found;
	struct cdma_device *other;
	struct rig rig;
	bool won;

	rig_of(&rig);
	other = cdma_device_new(rig.world, NULL, "other");
	listen(&rig);
	ck_assert_int_eq(cdma_devres_new(rig.dev, a_, drop, "bar", &d), 0);
	heard(&rig, "| state!:bar state!:nic");
	ck_assert_int_eq(cdma_devres_new(rig.dev, b_, drop, "irq", &e), 0);
	heard(&rig, "| state!:irq state!:nic");
	cdma_devres_access(d, rig.dev, NULL);
	heard(&rig, "| state:bar");
	cdma_devres_access(d, other, NULL);
	heard(&rig, "| note");
	/* Who comes second finds it in no list, or that it is revoked. */
	found = cdma_devres_take(rig.dev, &won);
	ck_assert_ptr_eq(found, e);
	heard(&rig, "| state!:nic state!:irq barrier grace_begin");
	ck_assert(!cdma_devres_quit(e));
	heard(&rig, "| state:irq");
	cdma_grace_end(rig.world);
	heard(&rig, "| grace_end | barrier");
	cdma_devres_done(e);
	heard(&rig, "| release:irq");
	cdma_devres_wait(e);
	heard(&rig, "| acquire?:irq");
	cdma_devres_free(&d);
	heard(&rig, "| state!:bar | state!:nic release:bar");
	cdma_devres_release_all(rig.dev);
	heard(&rig, "| state:nic");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* A device that never had one is not asked for its list; one whose list could
 * not be added to is told of that. */
START_TEST(told_of_none)
{
	struct cdma_devres *d;
	struct rig rig;

	rig_of(&rig);
	listen(&rig);
	cdma_devres_release_all(rig.dev);
	heard(&rig, "");
	cdma_faults_add(cdma_world_faults(rig.world),
			&(struct cdma_fault_rule){.site = CDMA_FAULT_KMALLOC,
						  .nth = 1});
	ck_assert_int_eq(cdma_devres_new(rig.dev, a_, drop, "bar", &d),
			 -ENOMEM);
	ck_assert_str_eq(strrchr(told(&rig), ' '), " state:nic");
	rig_free(&rig);
}
END_TEST

/* The core waits for guards where it is the first, and the second for it. */
START_TEST(told_at_the_end)
{
	struct cdma_devres *d, *e;
	struct cdma_lock *lock;
	struct rig rig;
	bool won = true;

	rig_of(&rig);
	lock = cdma_lock_new(rig.world, "lock");
	cdma_devres_new(rig.dev, a_, drop, "bar", &d);
	listen(&rig);
	cdma_devres_release_all(rig.dev);
	heard(&rig, "| state!:nic state!:bar barrier grace_begin | grace_end | "
		    "barrier | release:bar | state:nic");
	cdma_devres_new(rig.dev, b_, drop, "irq", &e);
	ck_assert(cdma_devres_quit(e));
	told(&rig);
	ck_assert_ptr_eq(cdma_devres_take(rig.dev, &won), e);
	ck_assert(!won);
	heard(&rig, "| state!:nic state:irq");
	cdma_devres_done(e);
	rig_found(&rig, "");
	cdma_lock(lock);
	told(&rig);
	cdma_devres_free(&e);
	heard(&rig, "| state:irq note | acquire?:irq");
	rig_found(&rig, "atomic_sleep");
	ck_assert_str_eq(dropped, "a");
	rig_free(&rig);
}
END_TEST

/* It can be added again when it was dropped, and dropped again. */
START_TEST(added_again)
{
	struct cdma_devres *d, *same;
	struct rig rig;

	rig_of(&rig);
	same = d = cdma_devres_make(rig.dev, "bar");
	for (int round = 0; round < 2; round++) {
		ck_assert_int_eq(cdma_devres_add(same, a_, drop), 0);
		ck_assert(cdma_devres_is_added(same));
		ck_assert(cdma_devres_is_done(same));
		d = same;
		cdma_devres_free(&d);
		ck_assert(!cdma_devres_is_added(same));
		ck_assert(cdma_devres_is_done(same));
	}
	ck_assert_str_eq(dropped, "aa");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* ---- the end of a binding ---- */

static int probe(struct cdma_device *dev, void *arg, void **drvdata)
{
	*drvdata = d_;
	cdma_devres_register(dev, r_, drop, "bar");
	return arg ? -EIO : 0;
}

static void unbind(struct cdma_device *dev, void *drvdata)
{
	(void)dev;
	(void)drvdata;
	strcat(dropped, "u");
}

static const struct cdma_driver_ops driver = {
	.probe = probe, .unbind = unbind, .drop = drop};

static const struct {
	bool devres_first, fails;
	const char *order;
} ends[] = {
	{false, false, "udr"}, /* 2026 */
	{true, false, "urd"},  /* before */
	{false, true, "r"},    /* there is no data yet */
};

START_TEST(order_of_the_end)
{
	struct cdma_config config = {.devres_first = ends[_i].devres_first};
	struct cdma_device *dev;
	struct rig rig;

	dropped[0] = '\0';
	rig_new_with(&rig, &config);
	dev = cdma_device_new(rig.world, NULL, "gpu");
	if (cdma_device_bind(dev, &driver, ends[_i].fails ? &rig : NULL))
		ck_assert(ends[_i].fails);
	else
		cdma_device_unbind(dev);
	ck_assert_str_eq(dropped, ends[_i].order);
	ck_assert_int_eq(cdma_device_ctx(dev), CDMA_CTX_NORMAL);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* The note at struct Coherent: device resources go, memory stays. */
START_TEST(memory_without_its_mapping)
{
	struct cdma_coherent *buf;
	struct cdma_view view;
	uint32_t value = 7;
	struct rig rig;
	cdma_addr_t at;

	rig_of(&rig);
	ck_assert_int_eq(cdma_coherent_zeroed_slice(rig.dev, 4, 4, GFP, &buf),
			 0);
	at = cdma_coherent_dma_handle(buf);
	ck_assert_int_eq(cdma_engine_write(rig.engine, at, &value, 4), 0);
	cdma_device_unbind(rig.dev);
	rig_found(&rig, "outlives_unbind");
	value = 8;
	cdma_engine_write(rig.engine, at, &value, 4);
	rig_found(&rig, "device_uaf");
	view = cdma_view_index(cdma_coherent_view(buf), 0);
	ck_assert_uint_eq(cdma_view_read(view), 7);
	cdma_view_write(view, 9);
	ck_assert_uint_eq(cdma_view_read(view), 9);
	rig_found(&rig, "");
	cdma_coherent_free(&buf);
	rig_found(&rig, "free_after_unbind");
	rig_free(&rig);
}
END_TEST

/* Registers that are not mapped: of a CPU, not of the device. */
START_TEST(registers_are_unmapped)
{
	struct cdma_mmio *mmio;
	struct cdma_view regs;
	struct rig rig;

	rig_of(&rig);
	cdma_mmio_new(rig.dev, 8, 8, &mmio);
	regs = cdma_mmio_view(mmio);
	cdma_mmio_write_at(regs, 0, 4, 1, CDMA_HERE);
	cdma_device_iounmap(rig.dev);
	cdma_mmio_write_at(regs, 0, 4, 2, CDMA_HERE);
	rig_found(&rig, "cpu_uaf");
	cdma_mmio_read_at(regs, 0, 4, CDMA_HERE);
	rig_found(&rig, "cpu_uaf");
	cdma_device_iounmap(rig.dev);
	rig_found(&rig, "double_free");
	cdma_world_enter(rig.world, rig.engine);
	ck_assert_uint_eq(cdma_mmio_read_at(regs, 0, 4, CDMA_HERE), 1);
	cdma_world_enter(rig.world, cdma_world_main(rig.world));
	ck_assert_int_eq(cdma_device_iomap(rig.dev), 0);
	ck_assert_uint_eq(cdma_mmio_read_at(regs, 0, 4, CDMA_HERE), 1);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("devres");
	TCase *tc = tcase_create("devres");
	tcase_add_test(tc, no_resource_without_a_binding);
	tcase_add_test(tc, no_memory_for_a_resource);
	tcase_add_test(tc, access_with_a_bound_device);
	tcase_add_test(tc, try_access_until_unbind);
	tcase_add_test(tc, dropped_on_unbind_newest_first);
	tcase_add_test(tc, dropped_on_free);
	tcase_add_test(tc, free_with_a_guard);
	tcase_add_test(tc, two_who_drop);
	tcase_add_test(tc, unbind_comes_second);
	tcase_add_test(tc, who_comes_second_returns);
	tcase_add_test(tc, what_is_told);
	tcase_add_test(tc, told_of_none);
	tcase_add_test(tc, told_at_the_end);
	tcase_add_test(tc, added_again);
	suite_add_tcase(s, tc);
	tc = tcase_create("binding");
	tcase_add_loop_test(tc, order_of_the_end, 0,
			    sizeof(ends) / sizeof(*ends));
	tcase_add_test(tc, memory_without_its_mapping);
	tcase_add_test(tc, registers_are_unmapped);
	suite_add_tcase(s, tc);
	return s;
}
