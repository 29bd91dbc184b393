/* SPDX-License-Identifier: MIT */
#include "explore/footprint.h"

#include <string.h>

/* One of 64 bits for each eight bytes of each object. */
static uint64_t bloom(const struct touch *t)
{
	uint64_t granule = t->first >> 3;
	uint64_t key = (uint64_t)t->object << 34 ^ (uint64_t)t->space << 60;

	if (t->last >> 3 != granule)
		return ~(uint64_t)0;
	return (uint64_t)1 << ((key ^ granule) * 0x9e3779b97f4a7c15u >> 58);
}

void footprint_everything(struct footprint *fp)
{
	fp->all = true;
	for (int i = 0; i < TOUCH_NR; i++)
		fp->hint[i] = ~(uint64_t)0;
}

void cast_begin(struct cast *cast)
{
	memset(cast->owes, 0, sizeof(cast->owes));
}

static bool is_engine(const struct cast *cast, const struct cdma_event *ev)
{
	return cast->engine_of[ev->actor & UINT8_MAX];
}

/* Whether its actor's dma_mb() has landed by @ev, if it made one before. */
static bool settles(const struct cast *cast, const struct cdma_event *ev)
{
	if (ev->kind == CDMA_EV_RELEASE)
		return ev->object != cast->own[ev->actor & UINT8_MAX];
	return ev->kind == CDMA_EV_ACQUIRE ||
	       (cdma_event_is_access(ev) && ev->how != CDMA_MMIO);
}

void cast_note(struct cast *cast, const struct cdma_event *ev)
{
	unsigned int i = ev->actor & UINT8_MAX;

	if (ev->kind == CDMA_EV_START) {
		cast->engine_of[i] =
			ev->value == CDMA_DEVICE ? (cdma_device_id)ev->iova : 0;
		cast->own[i] = ev->object;
		cast->is_port[i] = ev->offset;
	} else if (ev->kind == CDMA_EV_BARRIER &&
		   ev->order == CDMA_ORDER_FULL) {
		cast->owes[i] |= ev->domain == CDMA_DOMAIN_DMA;
	} else if (settles(cast, ev)) {
		cast->owes[i] = false;
	}
}

/* Make @into cover @t, too, if the two are one in all but where they are. */
static bool merge(struct touch *into, const struct touch *t)
{
	if (into->object != t->object || into->space != t->space ||
	    into->kind != t->kind || into->mode != t->mode)
		return false;
	if (t->first > into->last + 1 || into->first > t->last + 1)
		return false;
	into->first = into->first < t->first ? into->first : t->first;
	into->last = into->last > t->last ? into->last : t->last;
	return true;
}

static void touch(struct footprint *fp, struct touch t)
{
	fp->hint[t.mode] |= bloom(&t);
	for (uint8_t i = fp->nr; i-- > 0;)
		if (merge(&fp->at[i], &t)) {
			fp->hint[t.mode] |= bloom(&fp->at[i]);
			return;
		}
	if (fp->nr < TOUCHES_MAX) {
		fp->at[fp->nr++] = t;
		return;
	}
	footprint_everything(fp);
}

static void touch_plain(touches_t *plain, struct touch t)
{
	for (size_t i = plain->nr; i-- > 0;)
		if (merge(&plain->at[i], &t))
			return;
	*cdma_vec_push(plain) = t;
}

/* ---- what events touch ---- */

/* The last look of somebody who may have had to wait. */
static bool is_wait(const struct cdma_event *ev)
{
	return (ev->flags & (CDMA_EVF_POLL | CDMA_EVF_TRY)) == CDMA_EVF_POLL;
}

/* An event on its way into a footprint. */
struct adding {
	struct footprint *fp;
	const struct cdma_event *ev;
	const struct cast *cast;
};

static void add(const struct adding *a, enum space space, uint32_t object,
		enum touch_mode mode)
{
	touch(a->fp, (struct touch){.object = object,
				    .space = (uint8_t)space,
				    .mode = (uint8_t)mode,
				    .kind = a->ev->kind});
}

/* It says nothing that anybody could notice. */
static void add_nothing(const struct adding *a)
{
	(void)a;
}

/* What it says of memory depends on whether that lives. */
static void add_note(const struct adding *a)
{
	if (a->ev->object)
		add(a, SPACE_LIFE, a->ev->object, TOUCH_READ);
}

static void add_everything(const struct adding *a)
{
	footprint_everything(a->fp);
}

/* Who sets a mask waits for whoever is at it. */
static void add_mask(const struct adding *a)
{
	a->fp->poll |= !a->ev->offset;
	footprint_everything(a->fp);
}

/*
 * Whoever reads a register comes after all that the device did until then, in
 * whatever it says and has heard of.
 */
static void add_push(const struct adding *a)
{
	const struct cdma_event *ev = a->ev;

	if (is_engine(a->cast, ev))
		add(a, SPACE_ENGINE, a->cast->engine_of[ev->actor & UINT8_MAX],
		    TOUCH_READ);
	else if (ev->how == CDMA_MMIO && ev->kind == CDMA_EV_READ)
		add(a, SPACE_ENGINE, (uint32_t)ev->iova, TOUCH_JOINT);
}

/*
 * In weak memory the order of full fences is that in which they land, and what
 * has landed a late read does not miss.  In strong memory a fence tells of what
 * its actor has read and done, and of nothing else: two of them can be swapped,
 * but not with what stops everybody.
 */
static void add_fence(const struct adding *a, bool is_for_devices)
{
	add(a, SPACE_FENCE, 0, a->cast->weak ? TOUCH_WRITE : TOUCH_READ);
	if (a->cast->weak && is_for_devices)
		add(a, SPACE_LANDED, 0, TOUCH_WRITE);
}

static void add_settling(const struct adding *a)
{
	if (a->cast->owes[a->ev->actor & UINT8_MAX] && settles(a->cast, a->ev))
		add_fence(a, true);
}

/*
 * A device sees what has landed, and its read lands what it wrote itself and
 * what it sees; who reads a register lands what the device did.  Two who do
 * that are told the same.
 */
static void add_landing(const struct adding *a)
{
	const struct cdma_event *ev = a->ev;

	if (!a->cast->weak)
		return;
	if (ev->kind == CDMA_EV_READ && is_engine(a->cast, ev))
		add(a, SPACE_LANDED, 0, TOUCH_WRITE);
	else if (ev->kind == CDMA_EV_READ && ev->how == CDMA_MMIO)
		add(a, SPACE_LANDED, 0, TOUCH_JOINT);
	add_settling(a);
}

static struct touch bytes_of(const struct cdma_event *ev)
{
	return (struct touch){
		.first = ev->offset,
		.last = ev->offset + ev->size - 1,
		.object = ev->object,
		.space = SPACE_MEMORY,
		.mode = ev->kind == CDMA_EV_WRITE ? TOUCH_WRITE : TOUCH_READ,
		.kind = ev->kind,
	};
}

/*
 * Whether a read was torn is told by when stores in pieces began, and by
 * whether they are over, and the pieces that were first and last may be of
 * other bytes. (A read that is never late misses a piece only before the store
 * is over.)
 */
static void add_op(const struct adding *a)
{
	const struct cdma_event *ev = a->ev;
	bool is_first = ev->op == ev->seq, is_last = ev->flags & CDMA_EVF_LAST;
	struct touch t = bytes_of(ev);

	if (ev->how == CDMA_MMIO)
		return;
	t.space = SPACE_OP;
	if (ev->kind == CDMA_EV_READ) {
		if (a->cast->weak)
			touch(a->fp, t);
		return;
	}
	t.mode = TOUCH_JOINT;
	if (ev->op_size > ev->size) {
		if (!is_first && !(is_last && a->cast->weak))
			return;
		t.first = ev->op_offset;
		t.last = ev->op_offset + ev->op_size - 1;
		t.mode = TOUCH_WRITE;
	}
	touch(a->fp, t);
}

/* A late read of a word sees it as of one moment: so the stores to a word are
 * in a row, also those that have no byte in common, where anybody reads what
 * more than one of them stored. */
static bool makes_moment(const struct cast *cast, const struct cdma_event *ev)
{
	return cast->weak && cast->plain && ev->kind == CDMA_EV_WRITE &&
	       ev->how != CDMA_MMIO;
}

static struct touch moment_of(const struct cdma_event *ev)
{
	struct touch t = bytes_of(ev);

	t.space = SPACE_MOMENT;
	t.first &= ~(uint64_t)7;
	t.last |= 7;
	return t;
}

/* What two sides write into one line meets, though no byte does. */
static bool fills_line(const struct cast *cast, const struct cdma_event *ev)
{
	return cast->line && ev->kind == CDMA_EV_WRITE && ev->how != CDMA_MMIO;
}

static struct touch line_of(const struct cast *cast,
			    const struct cdma_event *ev)
{
	struct touch t = bytes_of(ev);

	t.space = SPACE_LINE;
	t.first = ev->offset / cast->line * 8;
	t.last = t.first + 7;
	return t;
}

static void add_access(const struct adding *a)
{
	touch(a->fp, bytes_of(a->ev));
	if (makes_moment(a->cast, a->ev))
		touch(a->fp, moment_of(a->ev));
	if (fills_line(a->cast, a->ev))
		touch(a->fp, line_of(a->cast, a->ev));
	add_op(a);
	if (a->ev->object)
		add(a, SPACE_LIFE, a->ev->object, TOUCH_READ);
	else /* nothing is there yet */
		add(a, SPACE_ALLOC, 0, TOUCH_READ);
	add_push(a);
	add_landing(a);
	a->fp->poll |= is_wait(a->ev);
}

static void add_barrier(const struct adding *a)
{
	if (a->ev->order != CDMA_ORDER_FULL)
		return;
	add_fence(a, a->ev->domain != CDMA_DOMAIN_SMP);
}

static void add_sync(const struct adding *a)
{
	/* A handler waits for its interrupt. */
	a->fp->poll |= a->ev->kind == CDMA_EV_IRQ_ENTER || is_wait(a->ev);
	a->fp->tries |= (a->ev->flags & CDMA_EVF_TRY) != 0;
	add(a, SPACE_SYNC, a->ev->object, TOUCH_WRITE);
	if (a->cast->weak)
		add_settling(a);
}

/* Who only looks does not mind another who does. */
static void add_state(const struct adding *a)
{
	a->fp->poll |= is_wait(a->ev);
	add(a, SPACE_SYNC, a->ev->object,
	    a->ev->value ? TOUCH_WRITE : TOUCH_READ);
}

/* A grace period waits for sections; they do not mind each other. */
static void add_rcu(const struct adding *a)
{
	uint8_t kind = a->ev->kind;
	bool is_end = kind == CDMA_EV_GRACE_END || kind == CDMA_EV_SECTION_END;
	bool is_grace =
		kind == CDMA_EV_GRACE_BEGIN || kind == CDMA_EV_GRACE_END;

	a->fp->poll |= kind == CDMA_EV_GRACE_END;
	add(a, SPACE_RCU, is_end, is_grace ? TOUCH_WRITE : TOUCH_READ);
}

static void add_life(const struct adding *a)
{
	add(a, SPACE_LIFE, a->ev->object, TOUCH_WRITE);
}

/* Numbers and addresses are given out in order. */
static void add_alloc(const struct adding *a)
{
	add(a, SPACE_ALLOC, 0, TOUCH_WRITE);
	add_life(a);
}

/* What is freed can be had again. */
static void add_free(const struct adding *a)
{
	add(a, SPACE_ALLOC, 0, TOUCH_READ);
	add_life(a);
}

/* By kind of event.  What is not here touches everything. */
static void (*const rules[CDMA_EV_NR])(const struct adding *a) = {
	[CDMA_EV_READ] = add_access,       [CDMA_EV_WRITE] = add_access,
	[CDMA_EV_BARRIER] = add_barrier,   [CDMA_EV_BRANCH] = add_nothing,
	[CDMA_EV_RELEASE] = add_sync,      [CDMA_EV_ACQUIRE] = add_sync,
	[CDMA_EV_IRQ_RAISE] = add_sync,    [CDMA_EV_IRQ_ENTER] = add_sync,
	[CDMA_EV_START] = add_nothing,     [CDMA_EV_EXIT] = add_nothing,
	[CDMA_EV_ALLOC] = add_alloc,       [CDMA_EV_EXPOSE] = add_life,
	[CDMA_EV_FREE] = add_free,         [CDMA_EV_WINDOW_BEGIN] = add_life,
	[CDMA_EV_MAP] = add_alloc,         [CDMA_EV_UNMAP] = add_free,
	[CDMA_EV_SYNC_CPU] = add_life,     [CDMA_EV_SYNC_DEVICE] = add_life,
	[CDMA_EV_WINDOW_END] = add_life,   [CDMA_EV_LEASE_BEGIN] = add_life,
	[CDMA_EV_LEASE_END] = add_life,    [CDMA_EV_BIND] = add_everything,
	[CDMA_EV_UNBIND] = add_everything, [CDMA_EV_MASK] = add_mask,
	[CDMA_EV_FAULT] = add_everything, /* how often it was passed */
	[CDMA_EV_CALL] = add_nothing,      [CDMA_EV_USE] = add_nothing,
	[CDMA_EV_NOTE] = add_note,         [CDMA_EV_SECTION_BEGIN] = add_rcu,
	[CDMA_EV_SECTION_END] = add_rcu,   [CDMA_EV_GRACE_BEGIN] = add_rcu,
	[CDMA_EV_GRACE_END] = add_rcu,     [CDMA_EV_STATE] = add_state,
};

static void add_plain(touches_t *plain, const struct cast *cast,
		      const struct cdma_event *ev)
{
	touch_plain(plain, bytes_of(ev));
	if (fills_line(cast, ev))
		touch_plain(plain, line_of(cast, ev));
	touch_plain(plain, (struct touch){.object = ev->object,
					  .space = SPACE_LIFE,
					  .mode = TOUCH_READ,
					  .kind = ev->kind});
}

void footprint_add(struct footprint *fp, const struct cdma_event *ev,
		   const struct cast *cast, touches_t *plain)
{
	/* What the logic of registers has heard of, it tells of later: it is
	 * in a row, though steps of others do it. */
	if (cast->is_port[ev->actor & UINT8_MAX])
		touch(fp,
		      (struct touch){.object = cast->own[ev->actor & UINT8_MAX],
				     .space = SPACE_SYNC,
				     .mode = TOUCH_WRITE,
				     .kind = CDMA_EV_STATE});
	/* A note, or a call, says that there was something, not what. */
	fp->heard |= ev->kind != CDMA_EV_NOTE && ev->kind != CDMA_EV_CALL &&
		     ev->kind != CDMA_EV_USE;
	if (cdma_event_is_access(ev) && ev->how == CDMA_PLAIN && !cast->plain) {
		if (plain)
			add_plain(plain, cast, ev);
		fp->poll |= is_wait(ev);
	} else if (ev->kind < CDMA_EV_NR && rules[ev->kind]) {
		rules[ev->kind](&(struct adding){fp, ev, cast});
	} else {
		footprint_everything(fp);
	}
}

/* ---- what cannot be swapped ---- */

bool touch_conflict(const struct touch *a, const struct touch *b)
{
	bool modes = a->mode != b->mode || a->mode == TOUCH_WRITE;

	return modes && a->space == b->space && a->object == b->object &&
	       a->first <= b->last && b->first <= a->last;
}

bool footprint_conflict_slow(const struct footprint *a,
			     const struct footprint *b)
{
	if (a->all || b->all)
		return true;
	for (uint8_t i = 0; i < a->nr; i++)
		for (uint8_t j = 0; j < b->nr; j++)
			if (touch_conflict(&a->at[i], &b->at[j]))
				return true;
	return false;
}

static bool any_overlap(const struct touch *a, size_t nr,
			const touches_t *others)
{
	for (size_t i = 0; i < nr; i++)
		for (size_t j = 0; j < others->nr; j++)
			if (touch_conflict(&a[i], &others->at[j]))
				return true;
	return false;
}

bool footprint_meets(const struct footprint *fp, const touches_t *plain,
		     const touches_t *others)
{
	if (!others->nr)
		return false;
	return fp->all || any_overlap(fp->at, fp->nr, others) ||
	       (plain && any_overlap(plain->at, plain->nr, others));
}

static bool same_touch(const struct touch *a, const struct touch *b)
{
	return a->first == b->first && a->last == b->last &&
	       a->object == b->object && a->space == b->space &&
	       a->mode == b->mode && a->kind == b->kind;
}

bool footprint_same(const struct footprint *a, const struct footprint *b)
{
	for (int i = 0; i < TOUCH_NR; i++)
		if (a->hint[i] != b->hint[i])
			return false;
	if (a->nr != b->nr || a->all != b->all || a->heard != b->heard ||
	    a->poll != b->poll || a->ran_out != b->ran_out ||
	    a->tries != b->tries)
		return false;
	for (uint8_t i = 0; i < a->nr; i++)
		if (!same_touch(&a->at[i], &b->at[i]))
			return false;
	return true;
}

uint32_t footprint_hash(const struct footprint *fp)
{
	uint64_t hash = fp->hint[TOUCH_READ] * 0x9e3779b97f4a7c15u ^
			fp->hint[TOUCH_WRITE];

	for (uint8_t i = 0; i < fp->nr; i++)
		hash = (hash ^ fp->at[i].first ^
			(uint64_t)fp->at[i].object << 32) *
		       0x9e3779b97f4a7c15u;
	return (uint32_t)(hash >> 32);
}

static uint32_t synced(const struct footprint *fp, enum cdma_event_kind kind)
{
	for (uint8_t i = 0; i < fp->nr; i++)
		if (fp->at[i].space == SPACE_SYNC && fp->at[i].kind == kind)
			return fp->at[i].object;
	return 0;
}

uint32_t footprint_acquires(const struct footprint *fp)
{
	return synced(fp, CDMA_EV_ACQUIRE);
}

uint32_t footprint_releases(const struct footprint *fp)
{
	return synced(fp, CDMA_EV_RELEASE);
}
