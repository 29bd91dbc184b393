/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "fiber.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICTS] = {
		[V_UNSEEN] = "unseen",
		[V_MEANT] = "meant",
		[V_REPORTED] = "reported",
		[V_UNBOUND] = "unbound",
		[V_ORDERED] = "ordered",
		[V_COHERENCE] = "coherence",
		[V_OVERWRITTEN] = "overwritten",
		[V_HANDED] = "handed",
		[V_RACE] = "race",
		[V_POLL] = "poll",
		[V_BELIEVED] = "believed",
		[V_BOX] = "box",
		[V_MARKED] = "marked",
		[V_LANE] = "lane",
	};

	return names[verdict];
}

/* ---- what is asked ---- */

struct court {
	const struct log *log;
	struct answers *answers;
	uint64_t *reported; /* by entry: at which event; 0: never */
};

static const struct entry *entry(const struct court *c, uint32_t i)
{
	return &c->log->entries.at[i];
}

static bool is_handover(const struct entry *e)
{
	return e->ev.kind == CDMA_EV_UNMAP || e->ev.kind == CDMA_EV_SYNC_CPU ||
	       ((e->ev.kind == CDMA_EV_MAP ||
		 e->ev.kind == CDMA_EV_SYNC_DEVICE));
}

static bool is_to_device(const struct entry *e)
{
	return e->ev.kind == CDMA_EV_MAP || e->ev.kind == CDMA_EV_SYNC_DEVICE;
}

/* The bytes @mask of the granule of an access that a handover is about. */
static uint8_t handed_bytes(const struct entry *h, const struct entry *e)
{
	uint8_t mask = 0;

	for (unsigned int i = 0; i < e->ev.size; i++) {
		uint64_t at = e->ev.offset + i;

		if (at >= h->ev.offset && at < h->ev.offset + h->ev.op_size)
			mask |= (uint8_t)(1u << (at & 7));
	}
	return h->ev.object == e->ev.object ? mask : 0;
}

static uint8_t bytes(const struct entry *e)
{
	return (uint8_t)(((1u << e->ev.size) - 1) << (e->ev.offset & 7));
}

/* Whether @e counts as plain towards a CPU, or a device. */
static bool is_plain(const struct court *c, const struct entry *e,
		     const struct entry *other)
{
	bool to_device = log_is_device(c->log, other->ev.actor);

	/* Nobody else could see a box when it was filled. */
	if (e->ev.how == CDMA_PLAIN)
		return !(to_device && e->ev.flags & CDMA_EVF_BOX);
	return !to_device && !log_is_device(c->log, e->ev.actor) &&
	       (e->ev.how == CDMA_BULK || e->ev.flags & CDMA_EVF_PLAIN);
}

static bool is_memory_access(const struct entry *e)
{
	return entry_is_access(e) && e->ev.how != CDMA_MMIO;
}

static bool do_conflict(const struct entry *a, const struct entry *b)
{
	if (a->ev.actor == b->ev.actor)
		return false;
	if (is_handover(a))
		return is_memory_access(b) && handed_bytes(a, b);
	if (is_handover(b))
		return is_memory_access(a) && handed_bytes(b, a);
	return is_memory_access(a) && is_memory_access(b) &&
	       entries_meet(a, b) &&
	       (a->ev.kind == CDMA_EV_WRITE || b->ev.kind == CDMA_EV_WRITE);
}

static unsigned int write_flag(const struct entry *e)
{
	return e->ev.kind == CDMA_EV_READ ? 0 : FIBER_WRITE;
}

static void add_question(struct court *c, uint32_t a, uint32_t b)
{
	const struct entry *x = entry(c, a), *y = entry(c, b);
	bool plain_a = is_plain(c, x, y), plain_b = is_plain(c, y, x);
	bool is_marked = !plain_a && !plain_b;

	if (is_marked)
		plain_a = plain_b = true;
	*cdma_vec_push(&c->answers->at) = (struct answer){
		.q = {.a = a,
		      .b = b,
		      .how_a = write_flag(x) | (plain_a ? FIBER_PLAIN : 0),
		      .how_b = write_flag(y) | (plain_b ? FIBER_PLAIN : 0)},
		.is_marked = is_marked,
	};
}

static void find_questions(struct court *c)
{
	size_t nr = c->log->entries.nr;

	c->answers->first = cdma_xcalloc(nr + 1, sizeof(uint32_t));
	for (uint32_t b = 0; b < nr; b++) {
		c->answers->first[b] = (uint32_t)c->answers->at.nr;
		for (uint32_t a = 0; a < b; a++)
			if (do_conflict(entry(c, a), entry(c, b)))
				add_question(c, a, b);
	}
	c->answers->first[nr] = (uint32_t)c->answers->at.nr;
}

/* ---- asking ---- */

static struct answer *answer_about(const struct court *c, uint32_t a,
				   uint32_t b)
{
	for (uint32_t k = c->answers->first[b]; k < c->answers->first[b + 1];
	     k++)
		if (c->answers->at.at[k].q.a == a)
			return &c->answers->at.at[k];
	return NULL;
}

static bool is_handed(const struct court *c, const struct answer *x,
		      uint8_t mask);

/* What a race brought is no proof. */
static bool proves(void *aux, uint32_t read, uint32_t store)
{
	const struct court *c = aux;
	const struct answer *x = answer_about(c, store, read);
	uint32_t flags = CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED;

	if (!x || x->is_marked ||
	    (entry(c, read)->ev.flags | entry(c, store)->ev.flags) & flags ||
	    !x->q.raced[WRITES])
		return true;
	return is_handed(c, x, bytes(entry(c, read)) & bytes(entry(c, store)));
}

/* In halves, when there are too few fibers for all at once. */
static bool ask_some(struct court *c, enum travels travels,
		     struct question *from, struct question *to)
{
	struct question *half = from + (to - from) / 2;

	if (from == to)
		return true;
	if (to - from < (ptrdiff_t)WORDS_MAX &&
	    edges_ask(c->log, travels, from, to, proves, c))
		return true;
	if (half == from)
		return false;
	return ask_some(c, travels, from, half) &&
	       ask_some(c, travels, half, to);
}

static int by_a(const void *x, const void *y)
{
	const struct question *a = x, *b = y;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

static bool ask_all(struct court *c, enum travels travels)
{
	struct answers *answers = c->answers;
	CDMA_VEC(struct question) some = {0};
	bool is_whole;

	for (uint32_t i = 0; i < answers->at.nr; i++) {
		const struct question *q = &answers->at.at[i].q;
		bool is_read = entry(c, q->a)->ev.kind == CDMA_EV_READ;

		if (travels == BELIEFS || is_read == (travels == READS))
			*cdma_vec_push(&some) = *q;
	}
	if (some.nr)
		qsort(some.at, some.nr, sizeof(*some.at), by_a);
	is_whole = ask_some(c, travels, some.at, some.at + some.nr);
	for (size_t i = 0; i < some.nr; i++)
		answer_about(c, some.at[i].a, some.at[i].b)->q.raced[travels] =
			some.at[i].raced[travels];
	cdma_vec_free(&some);
	return is_whole;
}

/* ---- what it means ---- */

static bool is_raced(const struct court *c, const struct answer *x)
{
	return x->q.raced[entry(c, x->q.a)->ev.kind == CDMA_EV_READ ? READS
								    : WRITES];
}

/* Whether @b comes after @a, as TSan has it. */
static bool comes_after(const struct court *c, uint32_t a, uint32_t b)
{
	const struct answer *x = answer_about(c, a, b);

	return x && !is_raced(c, x);
}

static bool is_ordered(const struct court *c, uint32_t a, uint32_t b)
{
	uint32_t rmw = entry(c, a)->rmw;

	if (comes_after(c, a, b))
		return true;
	/* What a read-modify-write does not see comes behind its store, too. */
	return rmw != NOBODY && entry(c, b)->ev.kind == CDMA_EV_WRITE &&
	       !(entry(c, rmw)->ev.flags & CDMA_EVF_UNSEEN) &&
	       comes_after(c, rmw, b);
}

static bool is_unordered(const struct entry *e)
{
	return e->ev.kind == CDMA_EV_WRITE && e->ev.how == CDMA_DMA &&
	       e->ev.flags & CDMA_EVF_UNORDERED;
}

/* When the actor of @b last looked at, or wrote, each byte of @mask: the oldest
 * of these; NOBODY when there is one that it never did. */
static uint32_t last_look(const struct court *c, uint32_t b, uint8_t mask)
{
	uint32_t oldest = NOBODY;

	for (uint32_t i = b; mask && i--;) {
		const struct entry *e = entry(c, i);

		if (!is_memory_access(e) ||
		    e->ev.actor != entry(c, b)->ev.actor || is_unordered(e) ||
		    !entries_meet(e, entry(c, b)) || !(bytes(e) & mask) ||
		    (e->ev.kind == CDMA_EV_READ &&
		     e->ev.flags & CDMA_EVF_RACE_OK))
			continue;
		mask &= (uint8_t)~bytes(e);
		oldest = i;
	}
	return mask ? NOBODY : oldest;
}

static bool is_coherent(const struct court *c, const struct answer *x,
			uint8_t mask)
{
	const struct entry *a = entry(c, x->q.a);
	uint32_t looked = last_look(c, x->q.b, mask);
	bool has_looked = looked != NOBODY;

	if (a->ev.kind == CDMA_EV_WRITE)
		return has_looked && x->q.a <= looked;
	for (uint32_t s = x->q.b; --s > x->q.a;) {
		const struct entry *e = entry(c, s);

		if (e->ev.kind != CDMA_EV_WRITE || !is_memory_access(e) ||
		    e->ev.actor != a->ev.actor || !entries_meet(e, a) ||
		    (bytes(e) & mask) != mask)
			continue;
		if ((has_looked && s <= looked) || is_ordered(c, s, x->q.b))
			return true;
	}
	return false;
}

static bool is_overwritten(const struct court *c, const struct answer *x,
			   uint8_t mask)
{
	if (entry(c, x->q.a)->ev.kind != CDMA_EV_WRITE)
		return false;
	for (uint32_t s = x->q.b; mask && --s > x->q.a;) {
		const struct entry *e = entry(c, s);

		if (e->ev.kind == CDMA_EV_WRITE && is_memory_access(e) &&
		    entries_meet(e, entry(c, x->q.b)) &&
		    is_ordered(c, s, x->q.b))
			mask &= (uint8_t)~bytes(e);
	}
	return !mask;
}

static bool is_engine_of(const struct court *c, const struct entry *e,
			 uint64_t device)
{
	return log_is_device(c->log, e->ev.actor) &&
	       c->log->actor[e->ev.actor].device == device;
}

static bool is_handed(const struct court *c, const struct answer *x,
		      uint8_t mask)
{
	const struct entry *a = entry(c, x->q.a), *b = entry(c, x->q.b);

	for (uint32_t i = x->q.b; mask && --i > x->q.a;) {
		const struct entry *h = entry(c, i);
		bool to_device = is_to_device(h);

		if (!is_handover(h) || !h->ev.domain ||
		    !(handed_bytes(h, b) & mask) ||
		    !is_engine_of(c, to_device ? b : a, h->ev.value) ||
		    log_is_device(c->log, (to_device ? a : b)->ev.actor))
			continue;
		if (a->ev.actor != h->ev.actor && !comes_after(c, x->q.a, i))
			continue;
		if (to_device || h->ev.actor == b->ev.actor ||
		    comes_after(c, i, x->q.b))
			mask &= (uint8_t)~handed_bytes(h, b);
	}
	return !mask;
}

static bool is_unbound(const struct court *c, const struct answer *x)
{
	const struct entry *a = entry(c, x->q.a);

	for (uint32_t i = x->q.a + 1; i < x->q.b; i++)
		if (entry(c, i)->ev.kind == CDMA_EV_UNBIND &&
		    is_engine_of(c, a, entry(c, i)->ev.value))
			return true;
	return false;
}

static bool is_excused(const struct entry *a, const struct entry *b)
{
	if (b->ev.flags & CDMA_EVF_POLL)
		return !b->ev.ends || b->ev.ends >= a->ev.seq;
	return b->ev.flags & (CDMA_EVF_UNSEEN | CDMA_EVF_UNUSED);
}

static enum verdict judge_race(const struct court *c, const struct answer *x)
{
	const struct entry *a = entry(c, x->q.a), *b = entry(c, x->q.b);
	bool believes = !x->q.raced[BELIEFS];
	bool excused = is_excused(a, b);

	if (!x->is_marked &&
	    (!believes || (b->ev.flags & CDMA_EVF_POLL && excused)))
		return V_RACE;
	if (excused)
		return V_POLL;
	if (believes)
		return V_BELIEVED;
	if (a->ev.flags & CDMA_EVF_BOX && a->ev.kind == CDMA_EV_WRITE &&
	    b->ev.kind == CDMA_EV_READ && b->ev.how == CDMA_DMA)
		return V_BOX;
	return V_MARKED;
}

static enum verdict judge(const struct court *c, const struct answer *x,
			  uint8_t mask)
{
	const struct entry *a = entry(c, x->q.a), *b = entry(c, x->q.b);
	uint64_t reported = c->reported[x->q.a];

	if (a->ev.kind == CDMA_EV_READ && a->ev.flags & CDMA_EVF_UNSEEN)
		return V_UNSEEN;
	if ((a->ev.flags | b->ev.flags) & CDMA_EVF_RACE_OK)
		return V_MEANT;
	if ((a->ev.flags | b->ev.flags) & CDMA_EVF_REPORTED ||
	    (reported && reported < b->ev.seq))
		return V_REPORTED;
	if (is_unbound(c, x))
		return V_UNBOUND;
	if (is_ordered(c, x->q.a, x->q.b))
		return V_ORDERED;
	if (is_coherent(c, x, mask))
		return V_COHERENCE;
	if (is_overwritten(c, x, mask))
		return V_OVERWRITTEN;
	if (is_handed(c, x, mask))
		return V_HANDED;
	return judge_race(c, x);
}

/* Those that let an older access of the lane be judged for the same bytes. */
static bool is_silent(enum verdict v)
{
	return v == V_UNSEEN || v == V_POLL || v == V_MARKED || v == V_UNBOUND;
}

/* Newest first: @left are, for each lane, the bytes that nobody speaks for. */
static void judge_all_of(struct court *c, uint32_t b)
{
	uint8_t left[LOG_ACTORS][2][2];
	uint32_t first = c->answers->first[b];

	memset(left, 0xff, sizeof(left));
	for (uint32_t k = c->answers->first[b + 1]; k-- > first;) {
		struct answer *x = &c->answers->at.at[k];
		const struct entry *a = entry(c, x->q.a);
		uint8_t *lane = &left[a->ev.actor][is_unordered(a)]
				     [a->ev.kind == CDMA_EV_READ];
		uint8_t mask = bytes(a) & bytes(entry(c, b)) & *lane;

		if (!is_memory_access(a))
			continue;
		x->verdict = V_LANE;
		if (!mask)
			continue;
		x->verdict = judge(c, x, mask);
		if (!is_silent(x->verdict))
			*lane &= (uint8_t)~mask;
	}
}

/* What a map, an unmap or a sync has reported is not reported again. */
static void note_reported(struct court *c)
{
	c->reported = cdma_xcalloc(c->log->entries.nr, sizeof(*c->reported));
	for (size_t i = 0; i < c->log->found.nr; i++) {
		const struct found *f = &c->log->found.at[i];

		if (f->a < c->log->entries.nr && f->b < f->a &&
		    is_handover(entry(c, f->a)))
			c->reported[f->b] = f->a + 1;
	}
}

bool answers_find(struct answers *answers, const struct log *log)
{
	struct court c = {.log = log, .answers = answers};
	bool is_whole;

	free(answers->first);
	answers->at.nr = 0;
	note_reported(&c);
	find_questions(&c);
	is_whole = ask_all(&c, WRITES) && ask_all(&c, READS) &&
		   ask_all(&c, BELIEFS);
	for (uint32_t b = 0; b < log->entries.nr && is_whole; b++)
		if (is_memory_access(entry(&c, b)))
			judge_all_of(&c, b);
	free(c.reported);
	return is_whole;
}

void answers_fini(struct answers *answers)
{
	cdma_vec_free(&answers->at);
	free(answers->first);
	answers->first = NULL;
}
