/* SPDX-License-Identifier: MIT */
#include "dropped.h"

/* ---- Revocable ---- */

START_TEST(a_guard_gives_the_data)
{
	struct cdma_revocable *r;
	struct cdma_guard *guard;
	struct rig rig;
	size_t from;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	ck_assert(cdma_revocable_is_available(r));
	from = rig.log.nr;
	guard = cdma_revocable_try_access(r);
	ck_assert_ptr_nonnull(guard);
	ck_assert_str_eq(cdma_guard_data(guard), "a");
	cdma_guard_put(&guard);
	ck_assert_ptr_null(guard);
	cdma_guard_put(&guard);
	ck_assert_str_eq(rig_events(&rig, from),
			 "section_begin state state section_end");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(no_guard_when_it_is_revoked)
{
	struct cdma_revocable *r;
	struct rig rig;
	size_t from;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	ck_assert(cdma_revocable_revoke(r));
	from = rig.log.nr;
	ck_assert_ptr_null(cdma_revocable_try_access(r));
	ck_assert_str_eq(rig_events(&rig, from),
			 "section_begin state section_end");
	ck_assert(!cdma_rcu_is_read_locked(rig.world));
	rig_free(&rig);
}
END_TEST

/* The outermost section is told, whatever it is of. */
START_TEST(guards_nest)
{
	struct cdma_revocable *r, *s;
	struct cdma_guard *a, *b;
	struct rig rig;
	size_t from;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	s = cdma_revocable_new(rig.world, b_, drop, "bar");
	from = rig.log.nr;
	a = cdma_revocable_try_access(r);
	cdma_rcu_read_lock(rig.world);
	b = cdma_revocable_try_access(s);
	ck_assert_ptr_eq(cdma_revocable_guard(s), b);
	cdma_guard_put(&a);
	cdma_rcu_read_unlock(rig.world);
	ck_assert(cdma_rcu_is_read_locked(rig.world));
	cdma_guard_put(&b);
	ck_assert_ptr_null(cdma_revocable_guard(s));
	ck_assert_str_eq(rig_events(&rig, from),
			 "section_begin state state state state section_end");
	rig_free(&rig);
}
END_TEST

START_TEST(a_guard_that_was_put)
{
	struct cdma_revocable *r;
	struct cdma_guard *guard, *stale;
	struct rig rig;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	stale = guard = cdma_revocable_try_access(r);
	cdma_guard_put(&guard);
	cdma_guard_data(stale);
	rig_found(&rig, "revoked_access");
	rig_free(&rig);
}
END_TEST

START_TEST(access_does_not_look)
{
	struct cdma_revocable *r;
	struct rig rig;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	ck_assert_str_eq(cdma_revocable_access(r), "a");
	rig_found(&rig, "");
	cdma_revocable_revoke(r);
	ck_assert_str_eq(cdma_revocable_access(r), "a");
	rig_found(&rig, "revoked_access");
	rig_free(&rig);
}
END_TEST

/* One call drops, in its own context, behind the grace period. */
START_TEST(revoke_is_true_once)
{
	struct cdma_revocable *r;
	struct rig rig;
	size_t from;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	from = rig.log.nr;
	ck_assert(cdma_revocable_revoke(r));
	ck_assert_str_eq(rig_events(&rig, from),
			 "state barrier grace_begin grace_end barrier");
	from = rig.log.nr;
	ck_assert(!cdma_revocable_revoke(r));
	ck_assert(!cdma_revocable_revoke_nosync(r));
	ck_assert_str_eq(rig_events(&rig, from), "state state");
	ck_assert_str_eq(dropped, "a");
	rig_free(&rig);
}
END_TEST

/* Of those guards that there were, whoever has them. */
START_TEST(revoke_waits_for_guards)
{
	struct cdma_revocable *r;
	struct cdma_guard *early, *late;
	struct cdma_actor *reader, *revoker;
	struct rig rig;

	rig_of(&rig);
	revoker = cdma_world_main(rig.world);
	reader = reader_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	cdma_world_enter(rig.world, reader);
	early = cdma_revocable_try_access(r);
	cdma_world_enter(rig.world, revoker);
	ck_assert(cdma_revoke_begin(r, true));
	ck_assert(!cdma_grace_is_over(revoker));
	ck_assert(cdma_grace_awaits(revoker, reader));
	ck_assert_uint_eq(cdma_grace_holder(revoker).actor,
			  cdma_actor_id_of(reader));
	cdma_world_enter(rig.world, reader);
	late = cdma_revocable_try_access(r);
	ck_assert_ptr_null(late);
	cdma_guard_put(&early);
	cdma_rcu_read_lock(rig.world);
	ck_assert(cdma_grace_is_over(revoker));
	cdma_world_enter(rig.world, revoker);
	cdma_grace_end(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(revoke_under_a_guard)
{
	struct cdma_revocable *r;
	struct cdma_guard *guard;
	struct cdma_actor *self;
	struct rig rig;

	rig_of(&rig);
	self = cdma_world_main(rig.world);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	guard = cdma_revocable_try_access(r);
	ck_assert_ptr_nonnull(guard);
	cdma_revoke_begin(r, true);
	ck_assert(cdma_grace_awaits(self, self));
	cdma_might_sleep(rig.world);
	rig_found(&rig, "atomic_sleep");
	rig_free(&rig);
}
END_TEST

START_TEST(revoke_may_sleep)
{
	struct cdma_revocable *r;
	struct cdma_lock *lock;
	struct rig rig;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	lock = cdma_lock_new(rig.world, "lock");
	cdma_lock(lock);
	cdma_revocable_revoke(r);
	rig_found(&rig, "atomic_sleep");
	rig_free(&rig);
}
END_TEST

START_TEST(revoke_nosync_does_not_wait)
{
	struct cdma_revocable *r;
	struct rig rig;
	size_t from;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	from = rig.log.nr;
	ck_assert(cdma_revocable_revoke_nosync(r));
	ck_assert_str_eq(rig_events(&rig, from), "state");
	ck_assert_str_eq(dropped, "a");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(revoke_nosync_with_a_guard)
{
	struct cdma_revocable *r;
	struct cdma_guard *guard;
	struct rig rig;
	uint64_t taken;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	guard = cdma_revocable_try_access(r);
	taken = rig_last(&rig)->seq;
	cdma_revocable_revoke_nosync(r);
	ck_assert_uint_eq(rig.findings.at[0].against.seq, taken);
	rig_found(&rig, "revoke_in_use");
	cdma_guard_put(&guard);
	rig_free(&rig);
}
END_TEST

START_TEST(free_drops_what_is_available)
{
	struct cdma_revocable *r, *s;
	struct rig rig;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	s = cdma_revocable_new(rig.world, b_, drop, "bar");
	cdma_revocable_revoke(s);
	cdma_revocable_free(&s);
	ck_assert_ptr_null(s);
	cdma_revocable_free(&s);
	ck_assert_str_eq(dropped, "b");
	cdma_revocable_free(&r);
	ck_assert_str_eq(dropped, "ba");
	rig_free(&rig);
}
END_TEST

START_TEST(made_empty_and_set)
{
	struct cdma_revocable *r;
	struct cdma_guard *guard;
	struct rig rig;

	rig_of(&rig);
	r = cdma_revocable_make(rig.world, "map");
	ck_assert_ptr_null(cdma_revocable_try_access(r));
	ck_assert(!cdma_revocable_revoke(r));
	cdma_revocable_set(r, a_, drop);
	guard = cdma_revocable_try_access(r);
	ck_assert_str_eq(cdma_guard_data(guard), "a");
	cdma_guard_put(&guard);
	rig_free(&rig);
}
END_TEST

/* Others may come before each call, and hear of what it looked at or changed.
 */
START_TEST(what_is_told)
{
	struct cdma_revocable *r, *other;
	struct cdma_guard *guard;
	struct rig rig;

	rig_of(&rig);
	other = cdma_revocable_make(rig.world, "bar");
	r = cdma_revocable_make(rig.world, "map");
	ck_assert_uint_ne(cdma_revocable_id(r), cdma_revocable_id(other));
	listen(&rig);
	cdma_revocable_set(r, a_, drop);
	heard(&rig, "| state!:map");
	guard = cdma_revocable_try_access(r);
	heard(&rig, "| section_begin state:map");
	cdma_guard_put(&guard);
	heard(&rig, "| state:map section_end");
	cdma_revocable_access(r);
	heard(&rig, "| state:map");
	ck_assert(cdma_revocable_revoke(r));
	heard(&rig, "| state!:map barrier grace_begin | grace_end | barrier");
	ck_assert(!cdma_revocable_revoke_nosync(r));
	heard(&rig, "| state:map");
	ck_assert_ptr_null(cdma_revocable_try_access(r));
	heard(&rig, "| section_begin state:map section_end");
	cdma_revocable_set(other, NULL, NULL);
	heard(&rig, "| state!:bar");
	/* There is nothing to drop. */
	ck_assert(cdma_revocable_revoke_nosync(other));
	heard(&rig, "| state!:bar");
	ck_assert_str_eq(dropped, "a");
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* Each has his own, and puts it in any order. */
START_TEST(guards_of_several)
{
	struct cdma_actor *self, *reader;
	struct cdma_guard *a, *b, *c;
	struct cdma_revocable *r;
	struct rig rig;

	rig_of(&rig);
	self = cdma_world_main(rig.world);
	reader = reader_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	a = cdma_revocable_try_access(r);
	cdma_world_enter(rig.world, reader);
	b = cdma_revocable_try_access(r);
	c = cdma_revocable_try_access(r);
	ck_assert_ptr_eq(cdma_revocable_guard(r), c);
	cdma_guard_put(&b);
	ck_assert_ptr_eq(cdma_revocable_guard(r), c);
	cdma_world_enter(rig.world, self);
	ck_assert_ptr_eq(cdma_revocable_guard(r), a);
	cdma_guard_put(&a);
	ck_assert_ptr_null(cdma_revocable_guard(r));
	cdma_world_enter(rig.world, reader);
	ck_assert_ptr_eq(cdma_revocable_guard(r), c);
	cdma_guard_put(&c);
	ck_assert_ptr_null(cdma_revocable_guard(r));
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* The oldest that is out is named, and once. */
START_TEST(revoked_once_in_use)
{
	struct cdma_guard *a, *b;
	struct cdma_revocable *r;
	uint64_t taken, revoked;
	struct rig rig;

	rig_of(&rig);
	r = cdma_revocable_new(rig.world, a_, drop, "map");
	a = cdma_revocable_try_access(r);
	taken = rig_last(&rig)->seq;
	b = cdma_revocable_try_access(r);
	cdma_revocable_revoke_nosync(r);
	revoked = rig_last(&rig)->seq;
	ck_assert_uint_eq(rig_finding(&rig)->against.seq, taken);
	rig_found(&rig, "revoke_in_use");
	ck_assert(!cdma_revocable_revoke_nosync(r));
	rig_found(&rig, "");
	ck_assert_uint_eq(cdma_revocable_revoked(r).seq, revoked);
	cdma_revocable_access(r);
	ck_assert_uint_eq(rig_finding(&rig)->against.seq, revoked);
	ck_assert_uint_eq(rig_finding(&rig)->at.seq, rig_last(&rig)->seq);
	rig_found(&rig, "revoked_access");
	cdma_guard_put(&a);
	cdma_guard_put(&b);
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("revocable");
	TCase *tc = tcase_create("revocable");

	tcase_add_test(tc, a_guard_gives_the_data);
	tcase_add_test(tc, no_guard_when_it_is_revoked);
	tcase_add_test(tc, guards_nest);
	tcase_add_test(tc, a_guard_that_was_put);
	tcase_add_test(tc, access_does_not_look);
	tcase_add_test(tc, revoke_is_true_once);
	tcase_add_test(tc, revoke_waits_for_guards);
	tcase_add_test(tc, revoke_under_a_guard);
	tcase_add_test(tc, revoke_may_sleep);
	tcase_add_test(tc, revoke_nosync_does_not_wait);
	tcase_add_test(tc, revoke_nosync_with_a_guard);
	tcase_add_test(tc, free_drops_what_is_available);
	tcase_add_test(tc, made_empty_and_set);
	tcase_add_test(tc, what_is_told);
	tcase_add_test(tc, guards_of_several);
	tcase_add_test(tc, revoked_once_in_use);
	suite_add_tcase(s, tc);
	return s;
}
