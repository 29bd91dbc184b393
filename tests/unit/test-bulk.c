/* SPDX-License-Identifier: MIT */
#include "rig.h"

START_TEST(torn_by_the_device)
{
	uint64_t both[2] = {1, 1}, got[2];
	struct cdma_coherent *mem;
	struct cdma_bulk bulk;
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 16);
	cdma_bulk_read_begin(&bulk, cdma_coherent_view(mem), CDMA_BULK, got);
	ck_assert(cdma_bulk_step(&bulk));
	cdma_engine_write(rig.engine, cdma_coherent_dma_handle(mem), both, 16);
	ck_assert(!cdma_bulk_step(&bulk));
	ck_assert(!cdma_bulk_step(&bulk));
	ck_assert_int_eq(cdma_bulk_end(&bulk), 0);
	ck_assert_uint_eq(got[0], 0);
	ck_assert_uint_eq(got[1], 1);
	ck_assert_uint_eq(cdma_bulk_dep(&bulk), cdma_last_dep(rig.world));
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* It stays the op, and the act, of whoever began it. */
START_TEST(belongs_to_who_began_it)
{
	struct cdma_bulk bulk;
	unsigned char buf[16];
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_set_ctx(rig.world, 5);
	cdma_set_flags(rig.world, CDMA_EVF_RACE_OK);
	cdma_set_deps(rig.world, 7, 9);
	cdma_bulk_read_begin(&bulk, rig_view(rig_coherent(&rig, 16), 0, 16),
			     CDMA_BULK, buf);
	from = rig.log.nr;
	cdma_bulk_step(&bulk);
	cdma_world_enter(rig.world, rig_actor(&rig, CDMA_CPU));
	cdma_set_ctx(rig.world, 6);
	cdma_bulk_step(&bulk);
	cdma_bulk_end(&bulk);
	for (size_t i = from; i < rig.log.nr; i++) {
		const struct cdma_event *ev = &rig.log.at[i];

		if (ev->kind != CDMA_EV_READ)
			continue;
		ck_assert_uint_eq(ev->actor, 1);
		ck_assert_uint_eq(ev->ctx, 5);
		ck_assert_uint_eq(ev->op, from + 1);
		ck_assert_uint_eq(ev->addr_dep, 7);
		ck_assert_uint_eq(ev->data_dep, 9);
		ck_assert_uint_ne(ev->flags & CDMA_EVF_RACE_OK, 0);
	}
	rig_free(&rig);
}
END_TEST

START_TEST(freed_half_way)
{
	unsigned char bytes[32] = {0};
	struct cdma_coherent *mem;
	struct cdma_bulk cpu, dma;
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 32);
	cdma_bulk_write_begin(&cpu, cdma_coherent_view(mem), CDMA_BULK, bytes);
	cdma_bulk_dma_write_begin(&dma, rig.engine,
				  cdma_coherent_dma_handle(mem), bytes, 32,
				  CDMA_SPLIT_NONE);
	cdma_bulk_step(&cpu);
	cdma_bulk_step(&dma);
	cdma_coherent_free(&mem);
	rig_found(&rig, "");
	while (cdma_bulk_step(&cpu))
		;
	rig_found(&rig, "cpu_uaf");
	while (cdma_bulk_step(&dma))
		;
	rig_found(&rig, "device_uaf");
	ck_assert_int_eq(cdma_bulk_end(&cpu), -EFAULT);
	ck_assert_int_eq(cdma_bulk_end(&dma), -EFAULT);
	rig_free(&rig);
}
END_TEST

START_TEST(ended_early)
{
	struct cdma_bulk bulk;
	unsigned char buf[32] = {0};
	struct rig rig;

	rig_new(&rig);
	cdma_bulk_dma_read_begin(&bulk, rig.engine, 0, buf, 32);
	ck_assert_int_eq(cdma_bulk_end(&bulk), 0);
	rig_found(&rig, "");
	ck_assert_uint_eq(cdma_last_dep(rig.world), 0);
	rig_free(&rig);
}
END_TEST

START_TEST(empty)
{
	struct cdma_coherent *mem;
	struct cdma_bulk bulk;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	mem = rig_coherent(&rig, 32);
	from = rig.log.nr;
	cdma_bulk_read_begin(&bulk, rig_view(mem, 32, 0), CDMA_MARKED, NULL);
	ck_assert(!cdma_bulk_step(&bulk));
	ck_assert_int_eq(cdma_bulk_end(&bulk), 0);
	cdma_copy_to_slice(rig_view(mem, 0, 0), NULL, 0);
	cdma_copy_from_slice(rig_view(mem, 32, 0), NULL, 0);
	ck_assert_uint_eq(rig.log.nr, from);
	rig_free(&rig);
}
END_TEST

static const struct {
	bool write;
	size_t len;
} lengths[] = {{false, 7}, {true, 9}, {false, 0}, {true, 0}};

START_TEST(other_length_panics)
{
	struct cdma_coherent *mem;
	unsigned char buf[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
	struct rig rig;
	size_t from;

	rig_new(&rig);
	mem = rig_coherent(&rig, 8);
	from = rig.log.nr;
	if (lengths[_i].write)
		cdma_copy_from_slice(cdma_coherent_view(mem), buf,
				     lengths[_i].len);
	else
		cdma_copy_to_slice(cdma_coherent_view(mem), buf,
				   lengths[_i].len);
	ck_assert_str_eq(rig_events(&rig, from), "note");
	ck_assert_uint_eq(buf[0], 1);
	ck_assert_uint_eq(cdma_view_read(rig_view(mem, 0, 8)), 0);
	rig_found(&rig, "panic");
	ck_assert_uint_eq(cdma_world_panics(rig.world), 1);
	rig_free(&rig);
}
END_TEST

static void leave(void *aux)
{
	++*(int *)aux;
}

START_TEST(panic_is_told)
{
	int told = 0;
	struct cdma_config config = {.panic = leave, .panic_aux = &told};
	struct rig rig;

	rig_new_with(&rig, &config);
	cdma_view_index(cdma_sysmem_new(rig.world, 8, 2), 2);
	ck_assert_int_eq(told, 1);
	rig_free(&rig);
}
END_TEST

START_TEST(copies_are_bulk)
{
	struct cdma_coherent *mem;
	unsigned char buf[8] = "8 bytes";
	struct rig rig;

	rig_new(&rig);
	mem = rig_coherent(&rig, 8);
	cdma_copy_from_slice(cdma_coherent_view(mem), buf, 8);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_BULK);
	cdma_copy_write(cdma_coherent_view(mem), buf);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MARKED);
	memset(buf, 0, 8);
	cdma_copy_read(cdma_coherent_view(mem), buf);
	ck_assert_str_eq((char *)buf, "8 bytes");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("bulk");

	unit_add(suite, torn_by_the_device);
	unit_add(suite, belongs_to_who_began_it);
	unit_add(suite, freed_half_way);
	unit_add(suite, ended_early);
	unit_add(suite, empty);
	unit_add_rows(suite, other_length_panics, ARRAY_SIZE(lengths));
	unit_add(suite, panic_is_told);
	unit_add(suite, copies_are_bulk);
	return suite;
}
