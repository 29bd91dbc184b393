/* SPDX-License-Identifier: MIT */
/*
 * Handlers: what runs later, and who waits for it.
 */
#include "rig.h"

/*
 * Rows: what is done to a handler, and what is then.
 *
 *	a        armed; A: and that is new
 *	p        napi_schedule_prep(); P: and it was free
 *	u        __napi_schedule()
 *	e x      a run begins, and ends; X: with a NAPI poll's weight
 *	c        napi_complete_done(); C: and it is done
 *	k h l s  disarmed, held, let go, shut down
 *	f o      closed, opened again (napi_disable)
 *	w        somebody wants what is armed
 *
 * and then: r it can run; i idle; q at rest; v over; p prepared;
 * f forgotten.
 */
static const struct {
	const char *name, *steps, *then;
	enum cdma_handler_kind kind;
} later[] = {
	{"armed", "A", "ri", CDMA_HANDLER_TIMER},
	{"armed twice runs once", "Aaex", "iqv", CDMA_HANDLER_TIMER},
	{"armed while it runs", "AeAx", "ri", CDMA_HANDLER_TIMER},
	{"deleted", "Ak", "iqv", CDMA_HANDLER_TIMER},
	{"deleted while it runs", "Aek", "", CDMA_HANDLER_TIMER},
	{"shut down", "Aska", "iqv", CDMA_HANDLER_TIMER},
	{"arms itself up to its bound", "AeAxeAxeAx", "i", CDMA_HANDLER_TIMER},
	{"... unless somebody waits", "AeAxeAxeAxw", "ri", CDMA_HANDLER_TIMER},
	{"a work that is held is not queued", "ha", "iqv", CDMA_HANDLER_WORK},
	{"... and is again", "hlA", "ri", CDMA_HANDLER_WORK},
	{"held twice", "hhla", "iqv", CDMA_HANDLER_WORK},
	{"what was queued before is over", "Aewx", "iqv", CDMA_HANDLER_WORK},
	{"what it queues itself is not", "AewAx", "riv", CDMA_HANDLER_WORK},
	{"a tasklet that is held stays armed", "hA", "i", CDMA_HANDLER_TASKLET},
	{"... and runs then", "hAl", "ri", CDMA_HANDLER_TASKLET},
	{"a poll that is done", "AeCx", "iqv", CDMA_HANDLER_NAPI},
	{"it is not waited for behind that", "AeC", "iqv", CDMA_HANDLER_NAPI},
	{"one that is scheduled meanwhile", "Aeacx", "ri", CDMA_HANDLER_NAPI},
	{"one that forgets it", "Aex", "f", CDMA_HANDLER_NAPI},
	{"... is never scheduled again", "Aexa", "f", CDMA_HANDLER_NAPI},
	{"... nor prepared", "Aexp", "f", CDMA_HANDLER_NAPI},
	{"one that was prepared", "P", "ivp", CDMA_HANDLER_NAPI},
	{"... is nobody else's", "Ppa", "ip", CDMA_HANDLER_NAPI},
	{"... and scheduled", "Pu", "ri", CDMA_HANDLER_NAPI},
	{"... and by others meanwhile, too", "Pau", "ri", CDMA_HANDLER_NAPI},
	{"... and done", "PueCx", "iqv", CDMA_HANDLER_NAPI},
	{"prepared while it polls", "AepcxeCx", "iqv", CDMA_HANDLER_NAPI},
	{"prepared when it is disabled", "fohp", "iqv", CDMA_HANDLER_NAPI},
	{"prepared when it is being disabled", "fp", "iqv", CDMA_HANDLER_NAPI},
	{"one that has more to do", "AeX", "ri", CDMA_HANDLER_NAPI},
	{"... and is being disabled", "AefX", "iqv", CDMA_HANDLER_NAPI},
	{"disabled", "foha", "iqv", CDMA_HANDLER_NAPI},
	{"and enabled", "fohlA", "ri", CDMA_HANDLER_NAPI},
};

static unsigned int change_of(char step)
{
	switch (step) {
	case 'k':
		return CDMA_HANDLER_CLEAR;
	case 'h':
		return CDMA_HANDLER_HOLD;
	case 'l':
		return CDMA_HANDLER_LET;
	case 's':
		return CDMA_HANDLER_SHUT;
	case 'f':
		return CDMA_HANDLER_CLOSE;
	case 'o':
		return CDMA_HANDLER_OPEN;
	default:
		return CDMA_HANDLER_WANT;
	}
}

START_TEST(handlers)
{
	struct cdma_actor *actor, *main;
	struct cdma_handler *h;
	char then[8] = "";
	uint64_t upto = 0;
	struct rig rig;

	rig_new(&rig);
	main = cdma_world_main(rig.world);
	actor = rig_actor(&rig, cdma_handler_context(later[_i].kind));
	h = cdma_handler_new(rig.world, later[_i].kind, "h", 3);
	for (const char *s = later[_i].steps; *s; s++) {
		if (*s == 'a' || *s == 'A')
			ck_assert_int_eq(cdma_handler_arm(h), *s == 'A');
		else if (*s == 'p' || *s == 'P')
			ck_assert_int_eq(cdma_handler_prepare(h), *s == 'P');
		else if (*s == 'u')
			cdma_handler_queue(h);
		else if (*s == 'e')
			cdma_handler_enter(h, actor);
		else if (*s == 'x' || *s == 'X')
			cdma_handler_exit_at(
				h, *s == 'X' ? CDMA_NAPI_WEIGHT : 0, CDMA_HERE);
		else if (*s == 'c' || *s == 'C')
			ck_assert_int_eq(cdma_handler_complete(h), *s == 'C');
		else
			cdma_handler_change(h, change_of(*s));
		if (*s == 'w')
			upto = cdma_handler_armings(h);
		if (*s == 'e')
			cdma_world_enter(rig.world, actor);
		if (*s == 'x' || *s == 'X')
			cdma_world_enter(rig.world, main);
	}
	if (!upto)
		upto = cdma_handler_armings(h);
	strcat(then, cdma_handler_can_run(h) ? "r" : "");
	strcat(then, cdma_handler_is(h, CDMA_HANDLER_IDLE, 0) ? "i" : "");
	strcat(then, cdma_handler_is(h, CDMA_HANDLER_REST, 0) ? "q" : "");
	strcat(then, cdma_handler_is(h, CDMA_HANDLER_OVER, upto) ? "v" : "");
	strcat(then, cdma_handler_is_prepared(h) ? "p" : "");
	strcat(then, cdma_handler_is_forgotten(h) ? "f" : "");
	ck_assert_msg(!strcmp(then, later[_i].then), "%s: \"%s\"",
		      later[_i].name, then);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* Who has not prepared it would put it into a list in which it may be.
 */
START_TEST(queued_unprepared)
{
	struct cdma_handler *h;
	struct rig rig;

	rig_new(&rig);
	h = cdma_handler_new(rig.world, CDMA_HANDLER_NAPI, "h", 3);
	cdma_handler_queue(h);
	ck_assert(!cdma_handler_can_run(h));
	rig_found(&rig, "wrong_context");
	rig_free(&rig);
}
END_TEST

/* Who has taken it has to let it poll before the driver goes. */
START_TEST(left_prepared)
{
	struct cdma_handler *h;
	struct rig rig;

	rig_new(&rig);
	h = cdma_handler_new(rig.world, CDMA_HANDLER_NAPI, "h", 3);
	cdma_handler_prepare(h);
	cdma_handlers_finish(rig.world);
	rig_found(&rig, "left_active");
	rig_free(&rig);
}
END_TEST

/* A level runs again until it is lowered, or up to its bound. */
START_TEST(levels)
{
	struct cdma_actor *actor;
	struct cdma_handler *h;
	struct cdma_irq *irq;
	struct rig rig;

	rig_new(&rig);
	actor = rig_actor(&rig, CDMA_IRQ);
	irq = cdma_irq_new(rig.dev, CDMA_IRQ_LEVEL, "rx");
	h = cdma_irq_handler(irq);
	cdma_irq_raise(irq, rig.engine);
	for (int i = 0; i < CDMA_HANDLER_RUNS; i++) {
		ck_assert(!cdma_irq_is_storm(irq));
		cdma_handler_enter(h, actor);
		cdma_handler_exit(h);
	}
	ck_assert(cdma_irq_is_storm(irq));
	ck_assert(!cdma_handler_can_run(h));
	cdma_irq_lower(irq, rig.engine);
	ck_assert(!cdma_irq_is_storm(irq));
	cdma_irq_raise(irq, rig.engine);
	ck_assert(cdma_handler_can_run(h));
	cdma_handler_enter(h, actor);
	cdma_irq_lower(irq, rig.engine);
	cdma_handler_exit(h);
	ck_assert(!cdma_handler_can_run(h));
	/* One that is raised when it is asked for comes. */
	cdma_irq_unrequest(irq);
	cdma_irq_raise(irq, rig.engine);
	ck_assert(!cdma_handler_can_run(h));
	ck_assert_int_eq(cdma_irq_request(irq), 0);
	ck_assert(cdma_handler_can_run(h));
	rig_free(&rig);
}
END_TEST

/* What the machine had is no leak when it ends. */
START_TEST(shutdown)
{
	struct cdma_coherent *mem;
	struct rig rig;

	rig_new(&rig);
	ck_assert_int_eq(cdma_coherent_zeroed_slice(rig.dev, 4, 1,
						    CDMA_GFP_KERNEL, &mem),
			 0);
	cdma_world_shutdown(rig.world);
	rig_found(&rig, "");
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(handler_events)
{
	struct cdma_actor *actor;
	struct cdma_handler *h;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	actor = rig_actor(&rig, CDMA_CPU);
	h = cdma_handler_new(rig.world, CDMA_HANDLER_WORK, "w", 3);
	from = rig.log.nr;
	cdma_handler_arm(h);
	cdma_handler_enter(h, actor);
	cdma_handler_exit(h);
	cdma_handler_waited(h, 0);
	cdma_handler_arm(h);
	cdma_handler_change(h, CDMA_HANDLER_CLEAR);
	cdma_handler_change(h, CDMA_HANDLER_CLEAR);
	cdma_handler_change(h, CDMA_HANDLER_HOLD);
	cdma_handler_arm(h);
	cdma_handler_change(h, CDMA_HANDLER_LET);
	cdma_handler_armed_at(h, 0, CDMA_HERE);
	ck_assert_str_eq(rig_story(&rig, from),
			 "1:release4 3:acquire4 3:release4 1:acquire4 "
			 "1:release4 1:acquire4 1:state4 1:state4 1:state4 "
			 "1:release4 1:state4");
	cdma_handler_complete(h);
	rig_found(&rig, "wrong_context");
	rig_free(&rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("handler");

	unit_add_rows(suite, handlers, sizeof(later) / sizeof(*later));
	unit_add(suite, queued_unprepared);
	unit_add(suite, left_prepared);
	unit_add(suite, levels);
	unit_add(suite, shutdown);
	unit_add(suite, handler_events);
	return suite;
}
