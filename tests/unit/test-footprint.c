/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "explore/footprint.h"

#include <stdio.h>
#include <string.h>

/*
 * Footprints: which two events can be swapped, and what is known of one alone.
 *
 * An event is an actor and what it does, as it is said aloud:
 *
 *	D E F       engines, F of another device; C H: CPUs; P: the logic of
 *	            registers
 *	R W x 0 4   read, write of bytes 0 to 3 of the memory x, or y
 *	Rp Wp Rr Wr plain, and of a register of device 1
 *	Rw Rq       the last look of a wait, and a plain one
 *	W0 W4 x     the first piece of a store to bytes 0 to 7, and its last
 *	W8 x        a piece in the middle of a store to bytes 0 to 23
 *	mb dma mb_all rmb
 *	            smp_mb, dma_mb, mb, smp_rmb
 *	acq rel x   with a lock; wait, try: an acquire that had to wait, and one
 *	            that would not have; own: what it releases when it ends
 *	and kinds of events by their names, of x or y; state1: it was changed
 *
 * What stands before a `;' comes earlier.
 */

enum { X = 1, Y = 2, OWN = 9 };

static const struct {
	const char *name;
	cdma_actor_id actor;
	cdma_device_id device;
	bool is_port;
} actors[] = {
	{"D", 1, 1, false}, {"F", 2, 2, false}, {"C", 3, 0, false},
	{"H", 4, 0, false}, {"P", 5, 0, true},  {"E", 6, 1, false},
};

/* The machines that a row is about. */
static const struct {
	char letter;
	bool weak, plain;
	uint32_t line;
} machines[] = {
	{'s', false, false, 0},
	{'w', true, false, 0},
	{'p', true, true, 0},
	{'l', false, false, 32},
};

static bool is_engine(cdma_actor_id actor)
{
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++)
		if (actors[i].actor == actor)
			return actors[i].device;
	return false;
}

static void access_of(struct cdma_event *ev, const char *what)
{
	ev->kind = *what == 'R' ? CDMA_EV_READ : CDMA_EV_WRITE;
	ev->how = is_engine(ev->actor) ? CDMA_DMA : CDMA_MARKED;
	ev->op = ev->seq = 100;
	ev->op_offset = ev->offset;
	ev->op_size = ev->size;
	switch (what[1]) {
	case 'p':
		ev->how = CDMA_PLAIN;
		break;
	case 'r':
		ev->how = CDMA_MMIO;
		ev->iova = 1;
		break;
	case 'q':
		ev->how = CDMA_PLAIN;
		ev->flags = CDMA_EVF_POLL;
		break;
	case 'w':
		ev->flags = CDMA_EVF_POLL;
		break;
	case '0':
	case '4':
	case '8':
		ev->offset = (uint64_t)(what[1] - '0');
		ev->size = what[1] == '8' ? 8 : 4;
		ev->op_offset = 0;
		ev->op_size = what[1] == '8' ? 24 : 8;
		ev->op = what[1] == '0' ? 100 : 99;
		ev->flags = what[1] == '4' ? CDMA_EVF_LAST : 0;
	}
}

static bool barrier_of(struct cdma_event *ev, const char *what)
{
	static const struct {
		const char *what;
		uint8_t order, domain;
	} barriers[] = {
		{"mb", CDMA_ORDER_FULL, CDMA_DOMAIN_SMP},
		{"dma", CDMA_ORDER_FULL, CDMA_DOMAIN_DMA},
		{"mb_all", CDMA_ORDER_FULL, CDMA_DOMAIN_FULL},
		{"rmb", CDMA_ORDER_READ, CDMA_DOMAIN_SMP},
	};

	for (size_t i = 0; i < ARRAY_SIZE(barriers); i++)
		if (!strcmp(what, barriers[i].what)) {
			ev->kind = CDMA_EV_BARRIER;
			ev->order = barriers[i].order;
			ev->domain = barriers[i].domain;
			return true;
		}
	return false;
}

static bool sync_of(struct cdma_event *ev, const char *what)
{
	static const struct {
		const char *what;
		uint8_t kind;
		uint32_t flags;
	} syncs[] = {
		{"acq", CDMA_EV_ACQUIRE, 0},
		{"wait", CDMA_EV_ACQUIRE, CDMA_EVF_POLL},
		{"try", CDMA_EV_ACQUIRE, CDMA_EVF_POLL | CDMA_EVF_TRY},
		{"rel", CDMA_EV_RELEASE, 0},
		{"own", CDMA_EV_RELEASE, 0},
		{"look", CDMA_EV_STATE, CDMA_EVF_POLL},
		{"state1", CDMA_EV_STATE, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(syncs); i++)
		if (!strcmp(what, syncs[i].what)) {
			ev->kind = syncs[i].kind;
			ev->flags = syncs[i].flags;
			ev->value = !strcmp(what, "state1");
			if (!strcmp(what, "own"))
				ev->object = OWN + ev->actor;
			return true;
		}
	return false;
}

static void kind_of(struct cdma_event *ev, const char *what)
{
	for (int kind = 0; kind < CDMA_EV_NR; kind++)
		if (!strcmp(what,
			    cdma_event_kind_name((enum cdma_event_kind)kind))) {
			ev->kind = (uint8_t)kind;
			return;
		}
	ck_abort_msg("no such event: %s", what);
}

static struct cdma_event event_of(const char *text, size_t len)
{
	static const struct cdma_site nowhere = {.file = "test"};
	struct cdma_event ev = {.site = &nowhere};
	char one[32] = "", actor[4] = "", what[16] = "", object[4] = "";
	unsigned int first = 0, size = 0;

	ck_assert(len < sizeof(one));
	memcpy(one, text, len);
	sscanf(one, " %3s %15s %3s %u %u", actor, what, object, &first, &size);
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++)
		if (!strcmp(actor, actors[i].name))
			ev.actor = actors[i].actor;
	ck_assert_msg(ev.actor, "no such actor: %s", text);
	ev.object = *object == 'x' ? X : *object == 'y' ? Y : 0;
	ev.offset = first;
	ev.size = (uint8_t)size;
	if (*what == 'R' || *what == 'W')
		access_of(&ev, what);
	else if (!barrier_of(&ev, what) && !sync_of(&ev, what))
		kind_of(&ev, what);
	return ev;
}

static void start(struct cast *cast, size_t machine)
{
	memset(cast, 0, sizeof(*cast));
	cast->weak = machines[machine].weak;
	cast->plain = machines[machine].plain;
	cast->line = machines[machine].line;
	cast_begin(cast);
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++) {
		struct cdma_event ev = {
			.kind = CDMA_EV_START,
			.actor = actors[i].actor,
			.object = OWN + actors[i].actor,
			.value = actors[i].device ? CDMA_DEVICE : CDMA_CPU,
			.iova = actors[i].device,
			.offset = actors[i].is_port,
		};

		cast_note(cast, &ev);
	}
}

/* The footprint of the last event of @text. */
static struct footprint print_of(const char *text, size_t machine,
				 touches_t *plain)
{
	struct footprint fp;
	struct cast cast;

	start(&cast, machine);
	for (;;) {
		size_t len = strcspn(text, ";");
		struct cdma_event ev = event_of(text, len);

		footprint_clear(&fp);
		footprint_add(&fp, &ev, &cast, text[len] ? NULL : plain);
		cast_note(&cast, &ev);
		if (!text[len])
			return fp;
		text += len + 1;
	}
}

/* ---- two events ---- */

#define ALL "swpl"

/* On which of the machines two cannot be swapped. */
static const struct {
	const char *one, *other, *where;
} pairs[] = {
	/* Bytes. */
	{"D W x 0 4", "C R x 0 4", ALL},
	{"D W x 0 4", "C R x 3 4", ALL},
	{"D W x 0 4", "C R x 4 4", ""},
	{"D W x 4 4", "C R x 0 4", ""},
	{"D W x 0 4", "C R y 0 4", ""},
	{"C R x 0 4", "H R x 0 4", ""},
	{"C W x 0 4", "H W x 0 4", ALL},
	{"C W x 16 8", "H R x 16 1", ALL},
	{"C W x 4 8", "H R x 8 4", ALL},
	/* Side by side in a word: a late read sees one moment of it. */
	{"C W x 0 4", "H W x 4 4", "pl"},
	{"C W x 0 4", "H W x 8 4", "l"},
	{"C W x 4 4", "H W x 0 4", "pl"},
	{"C W x 6 2", "H W x 0 2", "pl"},
	{"C W x 0 4", "H W x 28 4", "l"},
	{"C W x 0 4", "H W x 32 4", ""},
	{"C W x 0 4", "H W y 4 4", ""},
	{"C W x 32 4", "H W x 60 4", "l"},
	{"C W x 64 4", "H W x 96 4", ""},
	{"C W x 8 4", "H W x 12 4", "pl"},
	{"C Wr x 0 4", "H Wr x 4 4", ""},
	/* Plain ones are kept apart until they count. */
	{"C Wp x 0 4", "H R x 0 4", "p"},
	{"C Rp x 0 4", "H W x 0 4", "p"},
	/* Whether a store was whole. */
	{"D W0 x", "C R x 4 4", "wp"},
	{"D W4 x", "C R x 0 4", "wp"},
	{"D W4 x", "F W0 x", "wpl"},
	{"D W0 x", "F W4 x", "wpl"},
	{"D W8 x", "C R x 0 8", ""},
	{"D W8 x", "C R x 8 8", ALL},
	{"D W0 x", "C R x 8 4", ""},
	/* Life. */
	{"C free x", "D W x 0 4", ALL},
	{"C free x", "D R x 0 4", ALL},
	{"C free y", "D R x 0 4", ""},
	{"C free x", "C note x", ALL},
	{"H free x", "C note", ""},
	{"C note x", "H note x", ""},
	{"C note x", "H R x 0 4", ""},
	{"C alloc x", "H alloc y", ALL},
	{"C alloc x", "H free y", ALL},
	{"C free x", "H free y", ""},
	{"C map x", "H map y", ALL},
	{"C map x", "D W x 0 4", ALL},
	{"C map x", "H unmap y", ALL},
	{"C unmap x", "H unmap y", ""},
	{"C unmap x", "D W x 0 4", ALL},
	{"C alloc x", "D R 0 0 4", ALL},
	{"C R 0 0 4", "H R 0 0 4", ""},
	{"C sync_cpu x", "D W x 0 4", ALL},
	{"C sync_device x", "D R x 0 4", ALL},
	{"C sync_cpu x", "D W y 0 4", ""},
	{"C sync_cpu x", "H alloc y", ""},
	{"C window_begin x", "D W x 0 4", ALL},
	{"C window_end x", "D W x 0 4", ALL},
	{"C lease_begin x", "D W x 0 4", ALL},
	{"C lease_end x", "D W x 0 4", ALL},
	{"C expose x", "D R x 0 4", ALL},
	{"C window_begin x", "H window_begin y", ""},
	/* What touches everything, and what touches nothing. */
	{"C bind", "H W x 0 4", ALL},
	{"C unbind", "H W x 0 4", ALL},
	{"C mask", "H W x 0 4", ALL},
	{"C fault", "H W x 0 4", ALL},
	{"C master", "H W x 0 4", ALL},
	{"C join", "H W x 0 4", ALL},
	{"C branch", "H free x", ""},
	{"C start", "H free x", ""},
	{"C exit", "H free x", ""},
	{"C call", "H free x", ""},
	{"C use", "H free x", ""},
	{"C branch", "H bind", ""},
	/* Locks, interrupts, states. */
	{"C acq x", "H rel x", ALL},
	{"C acq x", "H rel y", ""},
	{"D irq_raise x", "C irq_enter x", ALL},
	{"D irq_raise x", "C irq_enter y", ""},
	{"C state x", "H state x", ""},
	{"C state1 x", "H state x", ALL},
	{"C state1 x", "H state y", ""},
	{"C state x", "H acq x", ALL},
	/* A grace period and sections. */
	{"C section_begin", "H section_begin", ""},
	{"C section_begin", "H grace_begin", ALL},
	{"C section_end", "H grace_end", ALL},
	{"C section_begin", "H grace_end", ""},
	{"C section_end", "H grace_begin", ""},
	{"C section_end", "H section_end", ""},
	{"C grace_begin", "H grace_begin", ALL},
	{"C grace_end", "H grace_end", ALL},
	/* Who reads a register comes after what its device did. */
	{"D W x 0 4", "C Rr y 0 4", ALL},
	{"D R x 0 4", "C Rr y 0 4", ALL},
	{"D W x 0 4", "E W y 0 4", ""},
	{"F R x 0 4", "C Rr y 0 4", "wp"},
	{"F W x 0 4", "C Rr y 0 4", ""},
	{"D W x 0 4", "C Wr y 0 4", ""},
	{"C Rr y 0 4", "H Rr y 0 4", ""},
	{"H W x 0 4", "C Rr y 0 4", ""},
	/* Full barriers are in a row where reads may be late. */
	{"C mb", "H mb", "wp"},
	{"C mb", "H rmb", ""},
	{"C mb_all", "H mb_all", "wp"},
	{"C mb_all", "D R x 0 4", "wp"},
	{"C mb", "D R x 0 4", ""},
	{"C dma", "D R x 0 4", "wp"},
	{"D R x 0 4", "F R y 0 4", "wp"},
	{"C mb", "H W x 0 4", ""},
	/* dma_mb() lands when its actor touches memory again. */
	{"C dma; C R x 0 4", "H mb", "wp"},
	{"C dma; C R x 0 4", "D R y 0 4", "wp"},
	{"C mb; C R x 0 4", "H mb", ""},
	{"C dma; C R y 0 4; C R x 0 4", "H mb", ""},
	{"C dma; C mb; C R x 0 4", "H mb", "wp"},
	{"C rmb; C R x 0 4", "H mb", ""},
	{"H dma; C R x 0 4", "H mb", ""},
	{"C dma; C Rr x 0 4", "H mb", ""},
	{"C dma; C Wr y 0 4; C R x 0 4", "H mb", "wp"},
	{"C dma; C acq x", "H mb", "wp"},
	{"C dma; C rel x", "H mb", "wp"},
	{"C dma; C own", "H mb", ""},
	{"C dma; C own; C R x 0 4", "H mb", "wp"},
	{"C dma; C rel x; C R x 0 4", "H mb", ""},
	/* What the logic of registers has heard of it tells of later. */
	{"P R x 0 4", "P R y 0 4", ALL},
	{"P R x 0 4", "H R y 0 4", ""},
	{"P branch", "P branch", ALL},
};

START_TEST(swapped)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		struct footprint one = print_of(pairs[_i].one, i, NULL);
		struct footprint other = print_of(pairs[_i].other, i, NULL);
		bool want = strchr(pairs[_i].where, machines[i].letter);

		ck_assert_msg(footprint_conflict(&one, &other) == want,
			      "%s | %s: %s on %c", pairs[_i].one,
			      pairs[_i].other, want ? "can" : "cannot",
			      machines[i].letter);
		ck_assert(footprint_conflict(&other, &one) == want);
	}
}
END_TEST

/* ---- one event ---- */

/* h heard, p a wait that ended, t tried, a touches everything. */
static const struct {
	const char *event, *is;
} alones[] = {
	{"C Rq x 0 4", "hp"},   {"C R x 0 4", "h"},     {"C Rw x 0 4", "hp"},
	{"C note x", ""},       {"C call x", ""},       {"C use x", ""},
	{"C branch", "h"},      {"C acq x", "h"},       {"C wait x", "hp"},
	{"C try x", "ht"},      {"C rel x", "h"},       {"C irq_enter x", "hp"},
	{"D irq_raise x", "h"}, {"C state x", "h"},     {"C look x", "hp"},
	{"C grace_end", "hp"},  {"C grace_begin", "h"}, {"C section_end", "h"},
	{"C mask", "hpa"},      {"C mask 0 1", "ha"},   {"C bind", "ha"},
	{"C fault", "ha"},
};

START_TEST(alone)
{
	struct footprint fp = print_of(alones[_i].event, 0, NULL);
	char is[8] = "";

	strcat(is, fp.heard ? "h" : "");
	strcat(is, fp.poll ? "p" : "");
	strcat(is, fp.tries ? "t" : "");
	strcat(is, fp.all ? "a" : "");
	ck_assert_msg(!strcmp(is, alones[_i].is), "%s: %s", alones[_i].event,
		      is);
	ck_assert(!fp.ran_out);
}
END_TEST

/* ---- plain accesses, which are kept apart ---- */

static const struct {
	const char *plain, *other, *where;
} meetings[] = {
	{"C Wp x 0 4", "H W x 0 4", "swl"}, {"C Wp x 0 4", "H R x 2 4", "swl"},
	{"C Rp x 0 4", "H R x 0 4", ""},    {"C Wp x 0 4", "H R x 4 4", ""},
	{"C Wp x 0 4", "H W x 4 4", "l"},   {"C Wp x 0 4", "H free x", "swl"},
	{"C Rp x 0 4", "H free x", "swl"},  {"C Rp x 0 4", "H free y", ""},
	{"C Wp x 0 4", "H bind", "swl"},
};

START_TEST(met_by_plain)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		bool want = strchr(meetings[_i].where, machines[i].letter);
		touches_t plain = {0};
		struct footprint other;

		print_of(meetings[_i].plain, i, &plain);
		other = print_of(meetings[_i].other, i, NULL);
		ck_assert_msg(footprint_meets(&other, NULL, &plain) == want,
			      "%s | %s on %c", meetings[_i].plain,
			      meetings[_i].other, machines[i].letter);
		/* Two that are kept apart meet, too. */
		other = print_of(meetings[_i].plain, i, NULL);
		ck_assert(footprint_meets(&other, &plain, &plain) ==
			  (plain.nr && meetings[_i].plain[2] == 'W'));
		cdma_vec_free(&plain);
	}
}
END_TEST

/* ---- several events of one step ---- */

static struct footprint row_of(uint64_t first, uint64_t step, unsigned int nr)
{
	struct footprint fp;
	struct cast cast;

	start(&cast, 0);
	footprint_clear(&fp);
	for (unsigned int i = 0; i < nr; i++) {
		struct cdma_event ev = event_of("C R x 0 8", 9);

		ev.offset = first + i * step;
		footprint_add(&fp, &ev, &cast, NULL);
	}
	return fp;
}

/* Of all events of @text, as of one step. */
static struct footprint step_of(const char *text, touches_t *plain)
{
	struct footprint fp;
	struct cast cast;

	start(&cast, 0);
	footprint_clear(&fp);
	for (;;) {
		size_t len = strcspn(text, ";");
		struct cdma_event ev = event_of(text, len);

		footprint_add(&fp, &ev, &cast, plain);
		if (!text[len])
			return fp;
		text += len + 1;
	}
}

/* What is known of a step stays known. */
static const char *const next[] = {
	"C R x 0 4",     "C Rp x 0 4", "C acq x",  "C state x",
	"C grace_begin", "C note x",   "C call x",
};

START_TEST(known_of_all)
{
	char text[64];
	struct footprint fp;
	touches_t plain = {0};

	snprintf(text, sizeof(text), "C wait y; C try y; %s", next[_i]);
	fp = step_of(text, &plain);
	ck_assert_msg(fp.poll && fp.tries && fp.heard && !fp.all, "%s", text);
	cdma_vec_free(&plain);
}
END_TEST

START_TEST(kept_apart)
{
	struct footprint both = step_of("C acq y; C rel y", NULL);
	struct footprint waits = step_of("C wait y; C mask 0 1", NULL);
	touches_t plain = {0};

	ck_assert_uint_eq(footprint_acquires(&both), Y);
	ck_assert_uint_eq(footprint_releases(&both), Y);
	ck_assert(waits.poll);
	step_of("C Rp x 0 4; C Rp x 4 4; C Rp x 8 4", &plain);
	ck_assert_uint_eq(plain.nr, 2);
	step_of("C Wp x 8 4", &plain);
	ck_assert_uint_eq(plain.nr, 4);
	cdma_vec_free(&plain);
}
END_TEST

/* Who owed a fence when an execution ended owes none in the next. */
START_TEST(owes_nothing)
{
	struct cdma_event mb = event_of("C dma", 5);
	struct cast cast;

	start(&cast, 1);
	cast_note(&cast, &mb);
	ck_assert(cast.owes[mb.actor]);
	cast_begin(&cast);
	ck_assert(!cast.owes[mb.actor]);
}
END_TEST

START_TEST(merged)
{
	struct footprint up = row_of(0, 8, 100), down = row_of(792, -8ull, 100);
	struct footprint apart = row_of(0, 16, 7), many = row_of(0, 16, 8);
	struct footprint last = print_of("H W x 792 8", 0, NULL);
	struct footprint behind = print_of("H W x 800 8", 0, NULL);

	/* The bytes, and the life of the memory. */
	ck_assert_uint_eq(up.nr, 2);
	ck_assert_uint_eq(down.nr, 2);
	ck_assert(!up.all && !down.all);
	ck_assert(footprint_conflict(&up, &last));
	ck_assert(footprint_conflict(&down, &last));
	ck_assert(!footprint_conflict(&up, &behind));
	ck_assert(!footprint_conflict(&down, &behind));
	/* There is room for eight. */
	ck_assert_uint_eq(apart.nr, TOUCHES_MAX);
	ck_assert(!apart.all);
	ck_assert(many.all);
	ck_assert(footprint_conflict(&many, &behind));
}
END_TEST

START_TEST(same)
{
	static const char *const others[] = {
		"C R x 0 4", "C R x 0 8",  "C R y 0 8", "C W x 0 8",
		"C R x 8 8", "C Rw x 0 8", "C note x",  "C bind",
		"C try x",   "C acq x",
	};
	struct footprint one = print_of("C R x 0 8", 0, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct footprint other = print_of(others[i], 0, NULL);

		ck_assert_msg(footprint_same(&one, &other) == (i == 1), "%s",
			      others[i]);
		if (i == 1)
			ck_assert_uint_eq(footprint_hash(&one),
					  footprint_hash(&other));
	}
}
END_TEST

START_TEST(what_is_synced)
{
	struct footprint acq = print_of("C acq y", 0, NULL);
	struct footprint rel = print_of("C rel y", 0, NULL);

	ck_assert_uint_eq(footprint_acquires(&acq), Y);
	ck_assert_uint_eq(footprint_releases(&acq), 0);
	ck_assert_uint_eq(footprint_acquires(&rel), 0);
	ck_assert_uint_eq(footprint_releases(&rel), Y);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("footprint");

	unit_add_rows(suite, swapped, ARRAY_SIZE(pairs));
	unit_add_rows(suite, alone, ARRAY_SIZE(alones));
	unit_add_rows(suite, met_by_plain, ARRAY_SIZE(meetings));
	unit_add(suite, merged);
	unit_add_rows(suite, known_of_all, ARRAY_SIZE(next));
	unit_add(suite, kept_apart);
	unit_add(suite, owes_nothing);
	unit_add(suite, same);
	unit_add(suite, what_is_synced);
	return suite;
}
