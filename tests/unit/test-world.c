/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <malloc.h>

/* A run that leaves nothing as it was: every kind of thing, and of finding. */
static void busy_run(struct rig *rig)
{
	struct cdma_world *world = rig->world;
	struct cdma_coherent *mem, *stale;
	struct cdma_handle *handle;
	struct cdma_window *window;
	struct cdma_actor *thread;
	struct cdma_lock *lock;
	struct cdma_mmio *mmio;
	struct cdma_box *box;
	unsigned char buf[100] = {1, 2, 3};
	cdma_addr_t at;

	cdma_set_ctx(world, 3);
	cdma_set_name(world, "ring");
	cdma_coherent_alloc_slice_with_attrs(rig->dev, 4, 5000, GFP, 0, &mem);
	at = cdma_coherent_dma_handle(mem);
	cdma_lease_begin(rig->dev, at, 8);
	cdma_engine_write(rig->engine, at + 4090, buf, 100);
	cdma_engine_read(rig->engine, at, buf, 100);
	cdma_copy_read(rig_view(mem, 4080, 100), buf);
	window = cdma_view_as_mut(rig_view(mem, 0, 16));
	cdma_engine_write(rig->engine, at + 12, buf, 8);
	cdma_window_write(window, 0, buf, 16);
	cdma_box_zeroed(rig->dev, 8, GFP, &box);
	cdma_box_deref_mut(box);
	cdma_handle_alloc(rig->dev, 3 << 20, GFP, &handle);
	cdma_engine_write(rig->engine, cdma_handle_dma_handle(handle) + 999999,
			  buf, 100);
	cdma_mmio_new(rig->dev, 64, 64, &mmio);
	cdma_writel(1, cdma_mmio_view(mmio), 4);
	thread = rig_actor(rig, CDMA_CPU);
	lock = cdma_lock_new(world, "lock");
	cdma_world_enter(world, thread);
	cdma_lock(lock);
	cdma_view_plain_read(rig_view(mem, 100, 8), buf);
	cdma_view_write(cdma_sysmem_new(world, 8, 1), 5);
	stale = mem;
	cdma_coherent_free(&mem);
	cdma_coherent_free(&stale);
	cdma_alloc_begin(rig->dev);
	cdma_set_flags(world, CDMA_EVF_RACE_OK);
	cdma_set_deps(world, 1, 1);
	cdma_set_name(world, "lost");
	cdma_device_unbind(rig->dev);
	cdma_world_finish(world);
}

/* Whatever is in an event, but for padding. */
static void same_event(const struct cdma_event *a, const struct cdma_event *b)
{
	ck_assert_uint_eq(a->seq, b->seq);
	ck_assert_uint_eq(a->op, b->op);
	ck_assert_uint_eq(a->offset, b->offset);
	ck_assert_uint_eq(a->op_offset, b->op_offset);
	ck_assert_uint_eq(a->op_size, b->op_size);
	ck_assert_uint_eq(a->value, b->value);
	ck_assert_uint_eq(a->iova, b->iova);
	ck_assert_ptr_eq(a->site, b->site);
	ck_assert_uint_eq(a->ctx, b->ctx);
	ck_assert_uint_eq(a->object, b->object);
	ck_assert_uint_eq(a->flags, b->flags);
	ck_assert_uint_eq(a->addr_dep, b->addr_dep);
	ck_assert_uint_eq(a->data_dep, b->data_dep);
	ck_assert_uint_eq(a->actor, b->actor);
	ck_assert_uint_eq(a->kind, b->kind);
	ck_assert_uint_eq(a->how, b->how);
	ck_assert_uint_eq(a->size, b->size);
}

START_TEST(reset_leaves_no_trace)
{
	struct rig rig;
	size_t events;
	char found[sizeof(rig.names)];

	rig_new(&rig);
	cdma_faults_add(cdma_world_faults(rig.world),
			&(struct cdma_fault_rule){.site = CDMA_FAULT_DMA_ALLOC,
						  .nth = 9});
	busy_run(&rig);
	events = rig.log.nr;
	strcpy(found, rig_names(&rig));
	ck_assert_uint_gt(strlen(found), 50);
	for (int run = 0; run < 3; run++) {
		rig.log.nr = events;
		cdma_world_reset(rig.world);
		rig_start(&rig);
		busy_run(&rig);
		ck_assert_uint_eq(rig.log.nr, 2 * events);
		for (size_t i = 0; i < events; i++)
			same_event(&rig.log.at[i], &rig.log.at[events + i]);
		rig_found(&rig, found);
	}
	rig_free(&rig);
}
END_TEST

/* Uses up what was there at the mark, too. */
static void run_from_mark(struct rig *rig, struct cdma_coherent *poisoned,
			  struct cdma_coherent *zeroed)
{
	struct cdma_view at = rig_view(poisoned, 1024, 8);

	/* Filled; in the same chunk; in one that nobody has touched. */
	cdma_view_read(at);
	cdma_view_read(rig_view(poisoned, 1032, 8));
	cdma_view_read(rig_view(poisoned, 4000, 8));
	cdma_view_read(rig_view(zeroed, 4000, 8));
	cdma_view_write(at, 9);
	cdma_view_write(rig_view(poisoned, 4000, 8), 9);
	cdma_view_write(rig_view(zeroed, 4000, 8), 9);
	cdma_set_deps(rig->world, 0,
		      cdma_dep_join(cdma_world_deps(rig->world), 3, 5));
	cdma_view_write(at, 10);
	cdma_coherent_free(&poisoned);
	/* The one after it fails. */
	cdma_coherent_zeroed_slice(rig->dev, 8, 1, GFP, &poisoned);
	cdma_coherent_zeroed_slice(rig->dev, 8, 1, GFP, &poisoned);
	cdma_lock_new(rig->world, "another");
	cdma_device_new(rig->world, NULL, "another");
	busy_run(rig);
}

START_TEST(rewind_goes_back_to_the_mark)
{
	struct cdma_coherent *poisoned, *zeroed;
	size_t from, events, findings;
	struct rig rig;

	rig_new(&rig);
	cdma_faults_add(cdma_world_faults(rig.world),
			&(struct cdma_fault_rule){.site = CDMA_FAULT_DMA_ALLOC,
						  .nth = 4});
	cdma_coherent_alloc_slice_with_attrs(rig.dev, 8, 2000, GFP, 0,
					     &poisoned);
	cdma_coherent_zeroed_slice(rig.dev, 8, 2000, GFP, &zeroed);
	cdma_view_write(rig_view(poisoned, 1024, 8), 7);
	cdma_world_mark(rig.world);
	from = rig.log.nr;
	run_from_mark(&rig, poisoned, zeroed);
	events = rig.log.nr - from;
	findings = rig.findings.nr;
	for (size_t run = 1; run < 4; run++) {
		cdma_world_rewind(rig.world);
		run_from_mark(&rig, poisoned, zeroed);
		ck_assert_uint_eq(rig.log.nr, from + (run + 1) * events);
		for (size_t i = from; i < from + events; i++)
			same_event(&rig.log.at[i],
				   &rig.log.at[i + run * events]);
		ck_assert_uint_eq(rig.findings.nr, (run + 1) * findings);
	}
	rig_free(&rig);
}
END_TEST

/* Bytes of the host that are in use; 0 where they are not known. */
static size_t in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

START_TEST(steady_state_asks_for_no_memory)
{
	struct rig rig;
	size_t before;

	rig_new(&rig);
	busy_run(&rig);
	for (int run = 0; run < 3; run++) {
		before = in_use();
		rig.log.nr = rig.findings.nr = 0;
		cdma_world_reset(rig.world);
		rig_start(&rig);
		busy_run(&rig);
		ck_assert_uint_eq(in_use(), before);
	}
	rig_free(&rig);
}
END_TEST

START_TEST(leaks_in_order_of_allocation)
{
	struct cdma_handle *handle;
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	rig_box(&rig, 8);
	mem = rig_coherent(&rig, 16);
	cdma_handle_alloc(rig.dev, 24, GFP, &handle);
	cdma_sysmem_new(rig.world, 8, 1);
	rig_coherent(&rig, 32);
	cdma_coherent_free(&mem);
	cdma_world_finish(rig.world);
	ck_assert_uint_eq(rig.findings.nr, 3);
	ck_assert_uint_eq(rig.findings.at[0].region, 1);
	ck_assert_uint_eq(rig.findings.at[1].region, 3);
	ck_assert_uint_eq(rig.findings.at[2].region, 5);
	ck_assert_uint_eq(rig.findings.at[1].at.kind, CDMA_EV_ALLOC);
	ck_assert_uint_eq(rig.findings.at[1].arg[0], 24);
	ck_assert_uint_eq(cdma_regions_nr(rig.world), 5);
	rig_free(&rig);
}
END_TEST

START_TEST(memory_is_limited)
{
	struct cdma_config config = {.memory = 3 * CDMA_PAGE_SIZE};
	struct cdma_coherent *mem, *other;
	struct rig rig;

	rig_new_with(&rig, &config);
	mem = rig_coherent(&rig, CDMA_PAGE_SIZE + 1);
	other = rig_coherent(&rig, 1);
	ck_assert_int_eq(cdma_coherent_zeroed(rig.dev, 1, GFP, &other),
			 -ENOMEM);
	cdma_coherent_free(&mem);
	ck_assert_int_eq(
		cdma_coherent_zeroed(rig.dev, 2 * CDMA_PAGE_SIZE, GFP, &other),
		0);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(worlds_do_not_know_each_other)
{
	struct rig a, b;

	rig_new(&a);
	rig_new(&b);
	rig_coherent(&a, 8);
	rig_coherent(&b, 8);
	ck_assert_uint_eq(cdma_regions_nr(a.world), 1);
	ck_assert_uint_eq(a.log.nr, b.log.nr);
	rig_free(&a);
	rig_coherent(&b, 8);
	rig_free(&b);
	cdma_world_free(NULL);
}
END_TEST

START_TEST(nobody_listens)
{
	struct cdma_world *world = cdma_world_new(NULL);
	struct cdma_device *dev = cdma_device_new(world, NULL, "dev");
	struct cdma_box *box;

	ck_assert_int_eq(cdma_box_zeroed(dev, 8, GFP, &box), -ENODEV);
	cdma_note(world);
	cdma_world_free(world);
}
END_TEST

START_TEST(actor_of_another_world)
{
	struct rig a, b;

	rig_new(&a);
	rig_new(&b);
	cdma_world_enter(a.world, cdma_world_main(b.world));
}
END_TEST

START_TEST(flag_that_nobody_may_set)
{
	struct rig rig;

	rig_new(&rig);
	cdma_set_flags(rig.world, CDMA_EVF_REPORTED);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("world");

	unit_add(suite, reset_leaves_no_trace);
	unit_add(suite, rewind_goes_back_to_the_mark);
	unit_add(suite, steady_state_asks_for_no_memory);
	unit_add(suite, leaks_in_order_of_allocation);
	unit_add(suite, memory_is_limited);
	unit_add(suite, worlds_do_not_know_each_other);
	unit_add(suite, nobody_listens);
	unit_add_abort(suite, actor_of_another_world);
	unit_add_abort(suite, flag_that_nobody_may_set);
	return suite;
}
