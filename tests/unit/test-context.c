/* SPDX-License-Identifier: MIT */

/*
 * Where nobody may sleep, what sleeps there, and what a lock may be held with.
 */

#include "scene.h"

/* Each place, and whether one may sleep there: $ is what is done. */
static const struct {
	const char *name, *text;
	bool may;
} places[] = {
	{"a thread", "thread t on cpu { $ }\n", true},
	{"setup", "setup { $ }\n", true},
	{"a work", "setup { schedule_work(&wk); }\nwork wk { $ }\n", true},
	{"the thread of an interrupt",
	 "thread e on d { raise(d.i); }\nirq_thread t on d.i { $ }\n", true},
	{"under a mutex",
	 "mutex held;\nthread t on cpu { mutex_lock(&held); $ "
	 "mutex_unlock(&held); }\n",
	 true},
	{"behind a lock",
	 "spinlock l;\nthread t on cpu { spin_lock_irq(&l); "
	 "spin_unlock_irq(&l); $ }\n",
	 true},
	{"where a lock was not to be had",
	 "spinlock l;\nthread t on cpu { spin_lock(&l); "
	 "spin_trylock_bh(&l); spin_unlock(&l); $ }\n",
	 true},
	{"a handler", "thread e on d { raise(d.i); }\nirq h on d.i { $ }\n",
	 false},
	{"a timer", "setup { mod_timer(&tm, HZ); }\ntimer tm { $ }\n", false},
	{"a tasklet", "setup { tasklet_schedule(&tl); }\ntasklet tl { $ }\n",
	 false},
	{"NAPI",
	 "setup { napi_schedule(&np); }\nnapi np { $ napi_complete(&np); }\n",
	 false},
	{"under a lock",
	 "spinlock l;\nthread t on cpu { spin_lock(&l); $ spin_unlock(&l); "
	 "}\n",
	 false},
	{"under one that was tried for",
	 "spinlock l;\nthread t on cpu { if (spin_trylock(&l)) { $ "
	 "spin_unlock(&l); } }\n",
	 false},
	{"under two, one back",
	 "spinlock l; spinlock l2;\nthread t on cpu { spin_lock(&l); "
	 "spin_lock(&l2); "
	 "spin_unlock(&l); $ spin_unlock(&l2); }\n",
	 false},
	{"interrupts off",
	 "thread t on cpu { u32 flags; local_irq_save(flags); $ "
	 "local_irq_restore(flags); }\n",
	 false},
	{"softirqs off",
	 "thread t on cpu { local_bh_disable(); $ local_bh_enable(); }\n",
	 false},
	{"in a section of RCU",
	 "thread t on cpu { rcu_read_lock(); rcu_read_lock(); "
	 "rcu_read_unlock(); $ rcu_read_unlock(); }\n",
	 false},
	{"the teardown", "teardown { $ }\n", true},
};

/* What sleeps, or does not. */
static const struct {
	const char *call;
	bool sleeps;
} calls[] = {
	{"might_sleep();", true},
	{"msleep(1);", true},
	{"usleep_range(1, 2);", true},
	{"cond_resched();", true},
	{"mutex_lock(&m); mutex_unlock(&m);", true},
	{"wait_for_completion(&c);", true},
	{"wait_for_completion_timeout(&c, HZ);", true},
	{"wait_event(wq, 1);", true},
	{"wait_event_timeout(wq, 1, HZ);", true},
	{"disable_irq(d.other); enable_irq(d.other);", true},
	{"synchronize_irq(d.other);", true},
	{"cancel_work_sync(&w);", true},
	{"cancel_delayed_work_sync(&w);", true},
	{"flush_work(&w);", true},
	{"flush_workqueue(wq);", true},
	{"drain_workqueue(wq);", true},
	{"destroy_workqueue(wq);", true},
	{"flush_scheduled_work();", true},
	{"disable_work_sync(&w); enable_work(&w);", true},
	{"tasklet_kill(&k);", true},
	{"napi_disable(&n); napi_enable(&n);", true},
	{"buffer b = kmalloc(u8[8], GFP_KERNEL); kfree(b);", true},
	{"buffer b = kmalloc(u8[8], GFP_ATOMIC); kfree(b);", false},
	{"buffer b = kmalloc(u8[8]); kfree(b);", false},
	{"udelay(1);", false},
	{"cpu_relax();", false},
	{"complete(&c);", false},
	{"try_wait_for_completion(&c);", false},
	{"if (mutex_trylock(&m)) mutex_unlock(&m);", false},
	{"timer_delete_sync(&tim);", false},
	{"schedule_work(&w); cancel_work(&w);", false},
	{"disable_irq_nosync(d.other); enable_irq(d.other);", false},
};

#define THINGS                                                                 \
	"scenario t \"t\";\n"                                                  \
	"device d { regs { u32 r; } irq i: msi; irq other: msi; };\n"          \
	"completion c; mutex m; waitqueue wq;\n"                               \
	"work w { } tasklet k { } timer tim { } napi n { napi_complete(&n); "  \
	"}\n"                                                                  \
	"irq ho on d.other { }\n"                                              \
	"fn ready() { complete_all(&c); }\n"

/* What is found, each kind once; "" for nothing. */
static struct cdma_text found_in(const char *text)
{
	struct program *program = scene_program(text, 0);
	struct machine_options options = {.strategy = strategy_find("random")};
	struct machine *m = machine_new(program, &options);
	const struct cdma_findings *all = machine_findings(m);
	struct cdma_text out = {0};
	struct run_result result;

	machine_run(m, 1, 0, &result);
	ck_assert_msg(result.end != RUN_ERROR, "%s", text);
	for (size_t i = 0; i < cdma_findings_nr(all); i++) {
		const char *name =
			cdma_finding_name(cdma_findings_at(all, i)->id);

		if (!strstr(cdma_text_str(&out), name))
			cdma_text_addf(&out, "%s ", name);
	}
	machine_free(m);
	program_free(program);
	return out;
}

/* Who waits for all works from one of them waits for himself. */
static bool is_of_all(const char *call)
{
	return strstr(call, "_workqueue(") || strstr(call, "_scheduled_work(");
}

START_TEST(sleeping)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		struct cdma_text text = {0}, found, what = {0};
		bool wrong = calls[i].sleeps && !places[_i].may;
		bool by_itself = is_of_all(calls[i].call) &&
				 !strcmp(places[_i].name, "a work");
		const char *at = strchr(places[_i].text, '$');

		cdma_text_addf(&what, "ready(); %s", calls[i].call);
		cdma_text_add(&text, THINGS);
		cdma_text_addf(&text, "%.*s%s%s", (int)(at - places[_i].text),
			       places[_i].text, cdma_text_str(&what), at + 1);
		cdma_text_add(&text, "expect nothing;\n");
		found = found_in(cdma_text_str(&text));
		ck_assert_msg(
			!strcmp(cdma_text_str(&found), wrong ? "atomic_sleep "
						       : by_itself ? "stuck "
								   : ""),
			"%s, %s: %s", places[_i].name, calls[i].call,
			cdma_text_str(&found));
		cdma_text_fini(&found);
		cdma_text_fini(&text);
		cdma_text_fini(&what);
	}
}
END_TEST

/* ---- locks that handlers take ---- */

/* Who takes it in a handler, and by which calls of a thread it may be held. */
static const struct {
	const char *name, *text;
	const char *right; /* of "", "_bh", "_irq", in this order: y or n */
} takers[] = {
	{"nobody", "", "yyy"},
	{"a work",
	 "setup { schedule_work(&wk); }\n"
	 "work wk { spin_lock(&l); spin_unlock(&l); }\n",
	 "yyy"},
	{"the thread of an interrupt",
	 "thread e on d { raise(d.i); }\n"
	 "irq_thread it on d.i { spin_lock(&l); spin_unlock(&l); }\n",
	 "yyy"},
	{"a handler",
	 "thread e on d { raise(d.i); }\n"
	 "irq h on d.i { spin_lock(&l); spin_unlock(&l); }\n",
	 "nny"},
	{"a handler that only tries",
	 "thread e on d { raise(d.i); }\n"
	 "irq h on d.i { if (spin_trylock(&l)) spin_unlock(&l); }\n",
	 "yyy"},
	{"a timer",
	 "setup { mod_timer(&tm, HZ); }\n"
	 "timer tm { spin_lock(&l); spin_unlock(&l); }\n",
	 "nyy"},
	{"NAPI",
	 "setup { napi_schedule(&np); }\n"
	 "napi np { spin_lock(&l); spin_unlock(&l); napi_complete(&np); }\n",
	 "nyy"},
	{"a handler that is never requested",
	 "thread e on d { raise(d.i); }\n"
	 "fn never() { request_irq(d.i); }\n"
	 "thread asks on cpu { if (readl(d.r)) never(); }\n"
	 "irq h on d.i { spin_lock(&l); spin_unlock(&l); }\n",
	 "yyy"},
	/* Interrupts are on in a softirq. */
	{"a timer and a handler",
	 "setup { mod_timer(&tm, HZ); }\n"
	 "thread e on d { raise(d.i); }\n"
	 "irq h on d.i { spin_lock(&l); spin_unlock(&l); }\n"
	 "timer tm { spin_lock(&l); spin_unlock(&l); }\n",
	 "nnn"},
	{"a timer that knows, and a handler",
	 "setup { mod_timer(&tm, HZ); }\n"
	 "thread e on d { raise(d.i); }\n"
	 "irq h on d.i { spin_lock(&l); spin_unlock(&l); }\n"
	 "timer tm { spin_lock_irq(&l); spin_unlock_irq(&l); }\n",
	 "nny"},
};

START_TEST(taken_by_handlers)
{
	static const char *const hows[] = {"", "_bh", "_irq"};

	for (size_t i = 0; i < ARRAY_SIZE(hows); i++) {
		bool wrong = takers[_i].right[i] == 'n';
		struct cdma_text text = {0}, found;

		cdma_text_addf(&text,
			       THINGS "spinlock l;\n%s"
				      "thread t on cpu { spin_lock%s(&l); "
				      "spin_unlock%s(&l); }\nexpect nothing;\n",
			       takers[_i].text, hows[i], hows[i]);
		found = found_in(cdma_text_str(&text));
		ck_assert_msg(!strcmp(cdma_text_str(&found),
				      wrong ? "irq_unsafe_lock " : ""),
			      "%s, spin_lock%s: %s", takers[_i].name, hows[i],
			      cdma_text_str(&found));
		cdma_text_fini(&found);
		cdma_text_fini(&text);
	}
}
END_TEST

/* ---- what is kept ---- */

static const struct {
	const char *body, *found;
} ends[] = {
	{"spin_lock(&l);", "lock_held "},
	{"mutex_lock(&m);", "lock_held "},
	{"spin_lock(&l); return -EIO;", "lock_held "},
	{"rcu_read_lock();", "lock_held "},
	{"local_irq_disable();", "lock_held "},
	{"local_bh_disable();", "lock_held "},
	{"spin_lock_irq(&l); spin_unlock(&l);", "lock_held "},
	{"spin_lock_irq(&l); spin_unlock_irq(&l);", ""},
	{"local_irq_disable(); local_irq_disable(); local_irq_enable(); "
	 "local_irq_enable();",
	 ""},
	{"mutex_lock(&m); mutex_unlock(&m);", ""},
	{"u32 *no = NULL; spin_lock(&l); u32 v = *no;", "panic "},
};

START_TEST(kept_at_the_end)
{
	struct cdma_text text = {0}, found;

	cdma_text_addf(&text,
		       THINGS "spinlock l;\n"
			      "thread t on cpu { %s }\nexpect nothing;\n",
		       ends[_i].body);
	found = found_in(cdma_text_str(&text));
	ck_assert_msg(!strcmp(cdma_text_str(&found), ends[_i].found), "%s: %s",
		      ends[_i].body, cdma_text_str(&found));
	cdma_text_fini(&found);
	cdma_text_fini(&text);
}
END_TEST

/* What was left off is said once; who comes next has it on. */
static const char *const nexts[] = {
	"setup { local_irq_disable(); }\nteardown { msleep(1); }\n",
	"setup { local_bh_disable(); }\nteardown { msleep(1); }\n",
	("setup { local_irq_disable(); local_irq_disable(); }\n"
	 "teardown { local_irq_disable(); local_irq_enable(); msleep(1); }\n"),
};

START_TEST(on_for_the_next)
{
	struct cdma_text text = {0}, found;

	cdma_text_addf(&text, THINGS "%sexpect nothing;\n", nexts[_i]);
	found = found_in(cdma_text_str(&text));
	ck_assert_msg(!strcmp(cdma_text_str(&found), "lock_held "), "%s: %s",
		      nexts[_i], cdma_text_str(&found));
	cdma_text_fini(&found);
	cdma_text_fini(&text);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("context");

	unit_add_rows(suite, sleeping, ARRAY_SIZE(places));
	unit_add_rows(suite, taken_by_handlers, ARRAY_SIZE(takers));
	unit_add_rows(suite, kept_at_the_end, ARRAY_SIZE(ends));
	unit_add_rows(suite, on_for_the_next, ARRAY_SIZE(nexts));
	return suite;
}
