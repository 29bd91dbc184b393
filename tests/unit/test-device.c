/* SPDX-License-Identifier: MIT */
#include "rig.h"

START_TEST(references)
{
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 1);
	ck_assert_ptr_eq(cdma_device_get(rig.dev), rig.dev);
	mem = rig_coherent(&rig, 8);
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 3);
	cdma_coherent_free(&mem);
	cdma_device_put(rig.dev);
	cdma_device_put(NULL);
	ck_assert_uint_eq(cdma_device_refs(rig.dev), 1);
	ck_assert_uint_eq(cdma_device_id_of(rig.dev), 1);
	ck_assert_str_eq(cdma_device_name(rig.dev), "nic");
	ck_assert_ptr_eq(cdma_device_world(rig.dev), rig.world);
	ck_assert_ptr_eq(cdma_device_find(rig.world, 1), rig.dev);
	ck_assert_ptr_null(cdma_device_find(rig.world, 0));
	ck_assert_ptr_null(cdma_device_find(rig.world, 2));
	rig_free(&rig);
}
END_TEST

/* A driver that writes down what is called, and in which context. */
struct driver {
	struct rig rig;
	char calls[128];
	int err;
	struct cdma_coherent *mem;
	bool keeps_memory;
};

static const char *const contexts[] = {"normal", "bound", "core"};

static void called(struct driver *driver, const char *what,
		   struct cdma_device *dev)
{
	size_t len = strlen(driver->calls);

	snprintf(driver->calls + len, sizeof(driver->calls) - len, "%s%s:%s",
		 len ? " " : "", what, contexts[cdma_device_ctx(dev)]);
}

static int probe(struct cdma_device *dev, void *arg, void **drvdata)
{
	struct driver *driver = arg;

	called(driver, "probe", dev);
	*drvdata = driver;
	ck_assert_int_eq(cdma_set_mask_and_coherent(dev, CDMA_MASK(64)), 0);
	ck_assert_int_eq(cdma_coherent_zeroed(dev, 8, GFP, &driver->mem), 0);
	if (driver->err && !driver->keeps_memory)
		cdma_coherent_free(&driver->mem);
	return driver->err;
}

static void unbind(struct cdma_device *dev, void *drvdata)
{
	called(drvdata, "unbind", dev);
}

static void drop(void *drvdata)
{
	struct driver *driver = drvdata;

	called(driver, "drop", cdma_device_find(driver->rig.world, 2));
	if (!driver->keeps_memory)
		cdma_coherent_free(&driver->mem);
}

static const struct cdma_driver_ops ops = {probe, unbind, drop};

START_TEST(life_of_a_driver)
{
	struct driver driver = {0};
	struct cdma_device *dev;
	struct rig *rig = &driver.rig;
	size_t from;

	rig_new(rig);
	dev = cdma_device_new(rig->world, NULL, "dev");
	called(&driver, "new", dev);
	from = rig->log.nr;
	ck_assert_int_eq(cdma_device_bind(dev, &ops, &driver), 0);
	called(&driver, "run", dev);
	cdma_device_unbind(dev);
	called(&driver, "end", dev);
	ck_assert_str_eq(driver.calls, "new:normal probe:core run:bound "
				       "unbind:core drop:core end:normal");
	ck_assert_str_eq(rig_events(rig, from),
			 "bind mask mask alloc free unbind");
	rig_found(rig, "");
	/* And once more. */
	ck_assert_int_eq(cdma_device_bind(dev, &ops, &driver), 0);
	cdma_device_unbind(dev);
	rig_found(rig, "");
	rig_free(rig);
}
END_TEST

START_TEST(memory_outlives_the_driver)
{
	struct driver driver = {.keeps_memory = true};
	struct cdma_region_info info;
	struct cdma_device *dev;
	struct rig *rig = &driver.rig;

	rig_new(rig);
	dev = cdma_device_new(rig->world, NULL, "dev");
	cdma_device_bind(dev, &ops, &driver);
	cdma_device_unbind(dev);
	ck_assert_uint_eq(rig_finding(rig)->at.kind, CDMA_EV_ALLOC);
	ck_assert_uint_eq(rig_finding(rig)->against.kind, CDMA_EV_UNBIND);
	ck_assert_uint_eq(rig_finding(rig)->against.seq, rig_last(rig)->seq);
	rig_found(rig, "outlives_unbind");
	ck_assert(cdma_region_info(rig->world, 1, &info));
	ck_assert(info.unmapped);
	/* The CPU's side is valid; it is told once. */
	cdma_view_write(cdma_coherent_view(driver.mem), 1);
	cdma_device_bind(dev, NULL, NULL);
	cdma_device_unbind(dev);
	cdma_world_finish(rig->world);
	rig_found(rig, "");
	cdma_coherent_free(&driver.mem);
	/* It is the first unbind that it is about. */
	ck_assert_uint_lt(rig_finding(rig)->against.seq,
			  rig_finding(rig)->at.seq - 3);
	rig_found(rig, "free_after_unbind");
	rig_free(rig);
}
END_TEST

START_TEST(probe_fails)
{
	struct driver driver = {.err = -EBUSY, .keeps_memory = _i};
	struct cdma_device *dev;
	struct rig *rig = &driver.rig;
	size_t from;

	rig_new(rig);
	dev = cdma_device_new(rig->world, NULL, "dev");
	from = rig->log.nr;
	ck_assert_int_eq(cdma_device_bind(dev, &ops, &driver), -EBUSY);
	ck_assert_str_eq(rig_events(rig, from),
			 _i ? "bind mask mask alloc unbind"
			    : "bind mask mask alloc free unbind");
	ck_assert_str_eq(driver.calls, "probe:core");
	ck_assert_int_eq(cdma_device_ctx(dev), CDMA_CTX_NORMAL);
	rig_found(rig, "");
	cdma_world_finish(rig->world);
	rig_found(rig, _i ? "leak" : "");
	rig_free(rig);
}
END_TEST

START_TEST(core_is_one_actors)
{
	struct cdma_device *dev;
	struct cdma_actor *other;
	struct rig rig;

	rig_new(&rig);
	other = rig_actor(&rig, CDMA_CPU);
	dev = cdma_device_new(rig.world, NULL, "dev");
	cdma_device_probe_begin(dev);
	cdma_world_enter(rig.world, other);
	ck_assert_int_eq(cdma_device_ctx(dev), CDMA_CTX_BOUND);
	cdma_set_mask(dev, CDMA_MASK(64));
	rig_found(&rig, "wrong_context");
	cdma_world_enter(rig.world, cdma_world_main(rig.world));
	ck_assert_int_eq(cdma_device_ctx(dev), CDMA_CTX_CORE);
	cdma_set_mask(dev, CDMA_MASK(64));
	cdma_device_probe_end(dev, 0);
	rig_found(&rig, "");
	cdma_device_unbind_begin(dev);
	ck_assert_int_eq(cdma_device_ctx(dev), CDMA_CTX_CORE);
	cdma_device_unbind_end(dev);
	ck_assert_int_eq(cdma_device_ctx(dev), CDMA_CTX_NORMAL);
	rig_free(&rig);
}
END_TEST

START_TEST(enable)
{
	struct cdma_fault_rule rule = {.site = CDMA_FAULT_ENABLE_DEVICE,
				       .err = -EBUSY};
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_faults_add(cdma_world_faults(rig.world), &rule);
	cdma_device_unbind(rig.dev);
	cdma_device_probe_begin(rig.dev);
	from = rig.log.nr;
	ck_assert_int_eq(cdma_device_enable(rig.dev), -EBUSY);
	ck_assert_str_eq(rig_events(&rig, from), "fault call");
	ck_assert_int_eq(cdma_device_enable(rig.dev), 0);
	cdma_device_probe_end(rig.dev, 0);
	rig_found(&rig, "");
	ck_assert_int_eq(cdma_device_enable(rig.dev), 0);
	rig_found(&rig, "wrong_context");
	rig_free(&rig);
}
END_TEST

/* Leases: of 64 bytes at MEM. */
#define MEM UINT64_C(0x10000000)

enum { LIVE, FREED, FOREIGN, UNBOUND };

static const struct {
	int what;
	cdma_addr_t addr;
	size_t size;
	const char *begin, *free;
} leases[] = {
	{LIVE, MEM, 64, "", "free_while_leased"},
	{LIVE, MEM + 60, 4, "", "free_while_leased"},
	{LIVE, MEM, 0, "", "free_while_leased"},
	{LIVE, MEM + 60, 5, "out_of_bounds", ""},
	{LIVE, MEM + 64, 1, "out_of_bounds", ""},
	{LIVE, 0x1000, 4, "out_of_bounds", ""},
	{LIVE, UINT64_MAX, 4, "mask_exceeded", ""},
	{LIVE, MEM | UINT64_C(1) << 40, 4, "mask_exceeded", ""},
	{FREED, MEM, 4, "device_uaf", ""},
	{FOREIGN, MEM, 4, "wrong_device", ""},
	{UNBOUND, MEM, 4, "device_uaf", ""},
};

START_TEST(lease_of_an_address)
{
	struct cdma_device *dev, *owner;
	struct cdma_coherent *mem = NULL;
	struct cdma_lease *lease, *stale;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	dev = rig_device(&rig, (struct cdma_device_config){.addr_bits = 40});
	owner = leases[_i].what == FOREIGN ? rig.dev : dev;
	cdma_coherent_zeroed(owner, 64, GFP, &mem);
	if (leases[_i].what == FREED)
		cdma_coherent_free(&mem);
	if (leases[_i].what == UNBOUND) {
		cdma_device_unbind(dev);
		rig_found(&rig, "outlives_unbind");
	}
	from = rig.log.nr;
	lease = stale = cdma_lease_begin(dev, leases[_i].addr, leases[_i].size);
	ck_assert_str_eq(rig_events(&rig, from), "lease_begin");
	ck_assert_uint_eq(rig_last(&rig)->value, 2);
	rig_found(&rig, leases[_i].begin);
	if (leases[_i].what == LIVE) {
		cdma_coherent_free(&mem);
		rig_found(&rig, leases[_i].free);
	}
	cdma_lease_end(&lease);
	ck_assert_int_eq(rig_last(&rig)->kind, CDMA_EV_LEASE_END);
	from = rig.log.nr;
	cdma_lease_end(&lease);
	cdma_lease_end(&stale);
	ck_assert_uint_eq(rig.log.nr, from);
	rig_free(&rig);
}
END_TEST

START_TEST(lease_that_ended_in_time)
{
	struct cdma_lease *first, *second;
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 64);
	first = cdma_lease_begin(rig.dev, MEM, 8);
	second = cdma_lease_begin(rig.dev, MEM + 8, 8);
	cdma_lease_end(&first);
	cdma_lease_end(&second);
	cdma_coherent_free(&mem);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

enum {
	PUT_TOO_OFTEN,
	BIND_TWICE,
	UNBIND_TWICE,
	SETTER_IN_UNBOUND,
	ALLOC_BEGIN_TWICE,
	TOO_MANY_BITS,
	BREAKS,
};

START_TEST(breaks)
{
	struct cdma_device_config config = {.addr_bits = 65};
	struct rig rig;

	rig_new(&rig);
	switch (_i) {
	case PUT_TOO_OFTEN:
		cdma_device_put(rig.dev);
		cdma_device_put(rig.dev);
		break;
	case BIND_TWICE:
		cdma_device_bind(rig.dev, NULL, NULL);
		break;
	case UNBIND_TWICE:
		cdma_device_unbind(rig.dev);
		cdma_device_unbind(rig.dev);
		break;
	case SETTER_IN_UNBOUND:
		cdma_set_mask_end(rig.dev);
		break;
	case ALLOC_BEGIN_TWICE:
		cdma_alloc_begin(rig.dev);
		cdma_alloc_begin(rig.dev);
		break;
	case TOO_MANY_BITS:
		cdma_device_new(rig.world, &config, "dev");
		break;
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("device");

	unit_add(suite, references);
	unit_add(suite, life_of_a_driver);
	unit_add(suite, memory_outlives_the_driver);
	unit_add_rows(suite, probe_fails, 2);
	unit_add(suite, core_is_one_actors);
	unit_add(suite, enable);
	unit_add_rows(suite, lease_of_an_address, ARRAY_SIZE(leases));
	unit_add(suite, lease_that_ended_in_time);
	tcase_add_loop_test_raise_signal(unit_case(suite, "breaks"), breaks,
					 SIGABRT, 0, BREAKS);
	return suite;
}
