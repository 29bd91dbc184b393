/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Actors 1 and 2 are main and the engine, so are objects 1 and 2. */
START_TEST(life_of_a_thread)
{
	struct cdma_actor *thread;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	from = rig.log.nr;
	thread = cdma_actor_new(rig.world, CDMA_CPU, "poll");
	ck_assert(!cdma_actor_is_running(thread));
	cdma_actor_start(thread);
	ck_assert(cdma_actor_is_running(thread));
	ck_assert_ptr_eq(cdma_world_actor(rig.world),
			 cdma_world_main(rig.world));
	ck_assert_uint_eq(rig.log.at[from + 1].value, CDMA_CPU);
	ck_assert_uint_eq(rig.log.at[from + 1].iova, 0);
	cdma_actor_exit(thread);
	ck_assert(cdma_actor_is_done(thread));
	cdma_actor_join(thread);
	ck_assert_str_eq(rig_story(&rig, from),
			 "1:release3 3:start3 3:acquire3 "
			 "3:release3 3:exit3 1:acquire3");
	ck_assert_uint_eq(cdma_actor_id_of(thread), 3);
	ck_assert_int_eq(cdma_actor_kind_of(thread), CDMA_CPU);
	ck_assert_str_eq(cdma_actor_name(thread), "poll");
	ck_assert_str_eq(cdma_object_name(rig.world, 3), "poll");
	ck_assert_str_eq(cdma_object_name(rig.world, 1), "main");
	ck_assert_ptr_null(cdma_object_name(rig.world, 0));
	ck_assert_ptr_null(cdma_object_name(rig.world, 4));
	ck_assert_ptr_eq(cdma_actor_find(rig.world, 3), thread);
	ck_assert_ptr_null(cdma_actor_find(rig.world, 0));
	ck_assert_ptr_null(cdma_actor_find(rig.world, 4));
	rig_free(&rig);
}
END_TEST

/* Nothing is ordered by it. */
START_TEST(life_of_an_engine)
{
	struct cdma_actor *engine;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	from = rig.log.nr;
	engine = cdma_engine_new(rig.dev, "tx");
	cdma_actor_start(engine);
	ck_assert_uint_eq(rig_last(&rig)->value, CDMA_DEVICE);
	ck_assert_uint_eq(rig_last(&rig)->iova, 1);
	cdma_actor_exit(engine);
	cdma_actor_join(engine);
	ck_assert_str_eq(rig_story(&rig, from), "3:start3 3:exit3 1:join0");
	ck_assert_ptr_eq(cdma_actor_device(engine), rig.dev);
	ck_assert_ptr_null(cdma_actor_device(cdma_world_main(rig.world)));
	rig_free(&rig);
}
END_TEST

START_TEST(locks)
{
	struct cdma_actor *other, *main;
	struct cdma_lock *lock;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	main = cdma_world_main(rig.world);
	other = rig_actor(&rig, CDMA_CPU);
	lock = cdma_lock_new(rig.world, "ring");
	ck_assert_uint_eq(cdma_lock_id(lock), 4);
	from = rig.log.nr;
	ck_assert(cdma_lock_is_free(lock));
	cdma_lock(lock);
	ck_assert(!cdma_lock_is_free(lock));
	ck_assert_ptr_eq(cdma_lock_owner(lock), main);
	cdma_world_enter(rig.world, other);
	ck_assert_int_eq(cdma_trylock(lock), -EBUSY);
	cdma_unlock(lock);
	rig_found(&rig, "wrong_context");
	ck_assert_ptr_eq(cdma_lock_owner(lock), main);
	cdma_world_enter(rig.world, main);
	cdma_unlock(lock);
	cdma_world_enter(rig.world, other);
	ck_assert_int_eq(cdma_trylock(lock), 0);
	cdma_unlock(lock);
	ck_assert_str_eq(rig_story(&rig, from),
			 "1:acquire4 3:state4 3:note0 1:release4 3:acquire4 "
			 "3:release4");
	cdma_unlock(lock);
	rig_found(&rig, "wrong_context");
	rig_free(&rig);
}
END_TEST

START_TEST(completions)
{
	struct cdma_completion *done;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	done = cdma_completion_new(rig.world, "done");
	from = rig.log.nr;
	ck_assert(!cdma_completion_is_done(done));
	cdma_complete(done);
	cdma_complete(done);
	cdma_wait_for_completion(done);
	ck_assert(cdma_completion_is_done(done));
	cdma_wait_for_completion(done);
	ck_assert(!cdma_completion_is_done(done));
	ck_assert_str_eq(rig_story(&rig, from),
			 "1:release3 1:release3 1:acquire3 1:acquire3");
	cdma_complete_all(done);
	cdma_complete(done);
	for (int i = 0; i < 3; i++)
		cdma_wait_for_completion(done);
	ck_assert(cdma_completion_is_done(done));
	cdma_completion_reinit(done);
	ck_assert(!cdma_completion_is_done(done));
	ck_assert_uint_eq(cdma_completion_id(done), 3);
	rig_free(&rig);
}
END_TEST

/* Those that do not wait order something only when they say yes. */
START_TEST(tries)
{
	struct cdma_completion *done;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	done = cdma_completion_new(rig.world, "done");
	from = rig.log.nr;
	ck_assert(!cdma_try_wait_for_completion(done));
	ck_assert(!cdma_completion_done(done));
	cdma_completion_timed_out(done);
	cdma_complete(done);
	ck_assert(cdma_completion_done(done));
	ck_assert(cdma_try_wait_for_completion(done));
	ck_assert(!cdma_completion_done(done));
	cdma_complete(done);
	cdma_completion_reinit(done);
	ck_assert(!cdma_try_wait_for_completion(done));
	ck_assert_str_eq(rig_story(&rig, from),
			 "1:state3 1:state3 1:state3 1:release3 1:acquire3 "
			 "1:acquire3 1:state3 1:release3 1:state3 1:state3");
	rig_free(&rig);
}
END_TEST

START_TEST(wait_queues)
{
	struct cdma_waitqueue *wq;
	struct rig rig;
	uint64_t seen;
	size_t from;

	rig_new(&rig);
	wq = cdma_waitqueue_new(rig.world, "wq");
	ck_assert_uint_eq(cdma_waitqueue_id(wq), 3);
	from = rig.log.nr;
	seen = cdma_waitqueue_wakes(wq);
	cdma_wait_look(wq);
	ck_assert_uint_eq(cdma_waitqueue_wakes(wq), seen);
	cdma_wake_up(wq);
	ck_assert_uint_gt(cdma_waitqueue_wakes(wq), seen);
	ck_assert_str_eq(rig_story(&rig, from), "1:state3 1:state3");
	rig_free(&rig);
}
END_TEST

START_TEST(bare_objects)
{
	struct cdma_sync *sync;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	sync = cdma_sync_new(rig.world, "grace period");
	from = rig.log.nr;
	cdma_sync_release(sync);
	cdma_sync_acquire(sync);
	ck_assert_str_eq(rig_story(&rig, from), "1:release3 1:acquire3");
	ck_assert_uint_eq(cdma_sync_id(sync), 3);
	rig_free(&rig);
}
END_TEST

START_TEST(interrupts)
{
	struct cdma_actor *actor;
	struct cdma_handler *h;
	struct cdma_irq *irq;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	actor = rig_actor(&rig, CDMA_IRQ);
	irq = cdma_irq_new(rig.dev, _i ? CDMA_IRQ_INTX : CDMA_IRQ_MSI, "rx");
	h = cdma_irq_handler(irq);
	ck_assert_uint_eq(cdma_irq_id(irq), 4);
	ck_assert(!cdma_handler_can_run(h));
	from = rig.log.nr;
	cdma_irq_raise(irq, rig.engine);
	ck_assert_uint_eq(rig_last(&rig)->flags, _i ? CDMA_EVF_RELAXED : 0);
	/* A second one merges with it. */
	cdma_irq_raise(irq, rig.engine);
	ck_assert(cdma_handler_can_run(h));
	cdma_handler_change(h, CDMA_HANDLER_HOLD);
	ck_assert(!cdma_handler_can_run(h));
	cdma_handler_change(h, CDMA_HANDLER_LET);
	cdma_handler_enter(h, actor);
	ck_assert(!cdma_handler_is(h, CDMA_HANDLER_IDLE, 0));
	ck_assert(!cdma_handler_can_run(h));
	/* One that comes while it is handled is handled after that. */
	cdma_irq_raise(irq, rig.engine);
	ck_assert(!cdma_handler_can_run(h));
	cdma_handler_exit(h);
	ck_assert(cdma_handler_can_run(h));
	cdma_handler_enter(h, actor);
	cdma_handler_exit(h);
	cdma_handler_waited(h, 0);
	/* What runs are ordered by is not what messages go through. */
	ck_assert_str_eq(rig_story(&rig, from),
			 "2:irq_raise4 2:irq_raise4 1:state4 1:release5 "
			 "3:irq_enter4 3:acquire5 2:irq_raise4 3:release5 "
			 "3:irq_enter4 3:acquire5 3:release5 1:acquire5");
	cdma_irq_raise(irq, rig.engine);
	cdma_handler_change(h, CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR);
	ck_assert(!cdma_handler_can_run(h));
	cdma_irq_raise(irq, rig.engine);
	ck_assert(!cdma_handler_can_run(h));
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* kthread_stop(): only the end of the thread orders anything. */
START_TEST(told_to_stop)
{
	struct cdma_actor *thread;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	thread = rig_actor(&rig, CDMA_CPU);
	from = rig.log.nr;
	ck_assert(!cdma_actor_is_told(thread));
	cdma_actor_tell(thread);
	cdma_world_enter(rig.world, thread);
	ck_assert(cdma_actor_told(thread));
	cdma_actor_exit(thread);
	cdma_world_enter(rig.world, cdma_world_main(rig.world));
	cdma_actor_wait(thread);
	ck_assert_uint_eq(rig_last(&rig)->flags, CDMA_EVF_POLL);
	ck_assert_str_eq(rig_story(&rig, from),
			 "1:state3 3:state3 3:release3 3:exit3 1:acquire3");
	rig_free(&rig);
}
END_TEST

START_TEST(barriers)
{
	struct rig rig;

	rig_new(&rig);
#define BARRIER(name, dom, ord)                                                \
	do {                                                                   \
		name(rig.world);                                               \
		ck_assert_int_eq(rig_last(&rig)->kind, CDMA_EV_BARRIER);       \
		ck_assert_int_eq(rig_last(&rig)->domain, CDMA_DOMAIN_##dom);   \
		ck_assert_int_eq(rig_last(&rig)->order, CDMA_ORDER_##ord);     \
	} while (0)
	BARRIER(cdma_dma_rmb, DMA, READ);
	BARRIER(cdma_dma_wmb, DMA, WRITE);
	BARRIER(cdma_dma_mb, DMA, FULL);
	BARRIER(cdma_smp_rmb, SMP, READ);
	BARRIER(cdma_smp_wmb, SMP, WRITE);
	BARRIER(cdma_smp_mb, SMP, FULL);
	BARRIER(cdma_rmb, FULL, READ);
	BARRIER(cdma_wmb, FULL, WRITE);
	BARRIER(cdma_mb, FULL, FULL);
	rig_free(&rig);
}
END_TEST

/* Contracts: each breaks one. */
enum {
	LOCK_TWICE,
	WAIT_TOO_EARLY,
	ENTER_WITHOUT_RAISE,
	EXIT_WITHOUT_ENTER,
	RAISE_OF_OTHERS,
	START_TWICE,
	END_OF_MAIN,
	JOIN_TOO_EARLY,
	ENTER_NOT_STARTED,
	ENGINE_AS_A_THREAD,
	BREAKS,
};

START_TEST(breaks)
{
	struct cdma_actor *thread, *handler;
	struct cdma_device *dev;
	struct cdma_lock *lock;
	struct cdma_irq *irq;
	struct rig rig;

	rig_new(&rig);
	dev = cdma_device_new(rig.world, NULL, "other");
	thread = cdma_actor_new(rig.world, CDMA_CPU, "thread");
	handler = rig_actor(&rig, CDMA_IRQ);
	lock = cdma_lock_new(rig.world, "lock");
	irq = cdma_irq_new(_i == RAISE_OF_OTHERS ? dev : rig.dev, CDMA_IRQ_MSI,
			   "irq");
	switch (_i) {
	case LOCK_TWICE:
		cdma_lock(lock);
		cdma_lock(lock);
		break;
	case WAIT_TOO_EARLY:
		cdma_wait_for_completion(cdma_completion_new(rig.world, "c"));
		break;
	case ENTER_WITHOUT_RAISE:
		cdma_handler_enter(cdma_irq_handler(irq), handler);
		break;
	case EXIT_WITHOUT_ENTER:
		cdma_handler_exit(cdma_irq_handler(irq));
		break;
	case RAISE_OF_OTHERS:
		cdma_irq_raise(irq, rig.engine);
		break;
	case START_TWICE:
		cdma_actor_start(handler);
		break;
	case END_OF_MAIN:
		cdma_actor_exit(cdma_world_main(rig.world));
		break;
	case JOIN_TOO_EARLY:
		cdma_actor_join(handler);
		break;
	case ENTER_NOT_STARTED:
		cdma_world_enter(rig.world, thread);
		break;
	case ENGINE_AS_A_THREAD:
		cdma_actor_new(rig.world, CDMA_DEVICE, "engine");
		break;
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sync");

	unit_add(suite, life_of_a_thread);
	unit_add(suite, life_of_an_engine);
	unit_add(suite, locks);
	unit_add(suite, completions);
	unit_add(suite, tries);
	unit_add(suite, told_to_stop);
	unit_add(suite, wait_queues);
	unit_add(suite, bare_objects);
	unit_add_rows(suite, interrupts, 2);
	unit_add(suite, barriers);
	tcase_add_loop_test_raise_signal(unit_case(suite, "breaks"), breaks,
					 SIGABRT, 0, BREAKS);
	return suite;
}
