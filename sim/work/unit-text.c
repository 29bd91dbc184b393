/* SPDX-License-Identifier: MIT */
#include "work/unit-text.h"

#include <errno.h>

#include "base/macros.h"
#include "work/pack.h"

/* ---- out ---- */

#define BUCKETS 1024

/* A footprint that was seen. */
struct seen {
	const struct footprint *fp; /* borrowed */
	uint32_t next;              /* in its bucket, plus 1 */
};

struct packing {
	struct bytes prints, body;
	CDMA_VEC(struct seen) seen;
	uint32_t buckets[BUCKETS]; /* the newest, plus 1 */
};

static bool same_touch(const struct touch *a, const struct touch *b)
{
	return a->first == b->first && a->last == b->last &&
	       a->object == b->object && a->space == b->space &&
	       a->mode == b->mode && a->kind == b->kind;
}

static bool same_print(const struct footprint *a, const struct footprint *b)
{
	for (int i = 0; i < TOUCH_NR; i++)
		if (a->hint[i] != b->hint[i])
			return false;
	if (a->nr != b->nr || a->all != b->all || a->heard != b->heard ||
	    a->poll != b->poll || a->ran_out != b->ran_out ||
	    a->tries != b->tries)
		return false;
	for (unsigned int i = 0; i < a->nr; i++)
		if (!same_touch(&a->at[i], &b->at[i]))
			return false;
	return true;
}

static void put_print(struct bytes *bytes, const struct footprint *fp)
{
	for (int i = 0; i < TOUCH_NR; i++)
		pack_put(bytes, fp->hint[i]);
	pack_put(bytes, (uint64_t)fp->all | (uint64_t)fp->heard << 1 |
				(uint64_t)fp->poll << 2 |
				(uint64_t)fp->ran_out << 3 |
				(uint64_t)fp->tries << 4);
	pack_put(bytes, fp->nr);
	for (unsigned int i = 0; i < fp->nr; i++) {
		const struct touch *t = &fp->at[i];

		pack_put(bytes, t->first);
		pack_put(bytes, t->last);
		pack_put(bytes, t->object);
		pack_put(bytes, t->space);
		pack_put(bytes, t->mode);
		pack_put(bytes, t->kind);
	}
}

static uint32_t *bucket_of(struct packing *p, const struct footprint *fp)
{
	uint64_t hash =
		fp->hint[TOUCH_READ] * 3 + fp->hint[TOUCH_WRITE] * 5 + fp->nr;

	if (fp->nr)
		hash += fp->at[0].first * 7 + fp->at[0].object;
	return &p->buckets[hash * 0x9e3779b97f4a7c15u >> 54];
}

/* The number of a footprint, which is written unless it was before. */
static void put_fp(struct packing *p, const struct footprint *fp)
{
	uint32_t *bucket = bucket_of(p, fp);

	for (uint32_t i = *bucket; i; i = p->seen.at[i - 1].next) {
		if (!same_print(p->seen.at[i - 1].fp, fp))
			continue;
		pack_put(&p->body, i - 1);
		return;
	}
	pack_put(&p->body, p->seen.nr);
	put_print(&p->prints, fp);
	*cdma_vec_push(&p->seen) = (struct seen){fp, *bucket};
	*bucket = (uint32_t)p->seen.nr;
}

static void put_branches(struct packing *p, const struct dpor_branch *at,
			 size_t nr)
{
	pack_put(&p->body, nr);
	for (size_t i = 0; i < nr; i++) {
		const struct dpor_branch *b = &at[i];

		pack_put(&p->body, b->level);
		pack_put(&p->body, (uint64_t)b->state |
					   (uint64_t)b->unforced << 2 |
					   (uint64_t)b->raced << 3);
		pack_put(&p->body, b->actor);
		pack_put(&p->body, b->way);
		pack_put(&p->body, b->nr_ways);
		put_fp(p, &b->fp);
	}
}

static void pack_end(struct packing *p, struct cdma_text *out)
{
	struct bytes all = {0};

	pack_put(&all, p->seen.nr);
	for (size_t i = 0; i < p->prints.nr; i++)
		*cdma_vec_push(&all) = p->prints.at[i];
	for (size_t i = 0; i < p->body.nr; i++)
		*cdma_vec_push(&all) = p->body.at[i];
	pack_word(out, &all);
	cdma_vec_free(&all);
	cdma_vec_free(&p->prints);
	cdma_vec_free(&p->body);
	cdma_vec_free(&p->seen);
}

void unit_to_text(struct cdma_text *out, const struct dpor_unit *u)
{
	struct packing p = {0};

	pack_put(&p.body, u->number);
	pack_put(&p.body, u->budget);
	pack_put(&p.body, u->plain);
	pack_put(&p.body, u->unforced);
	pack_put(&p.body, u->raced);
	pack_put(&p.body, u->path.nr);
	for (size_t i = 0; i < u->path.nr; i++) {
		pack_put(&p.body, u->path.at[i].actor);
		pack_put(&p.body, u->path.at[i].way);
		pack_put(&p.body, u->path.at[i].nr_beside);
	}
	pack_put(&p.body, u->beside.nr);
	for (size_t i = 0; i < u->beside.nr; i++) {
		const struct dpor_beside *b = &u->beside.at[i];

		pack_put(&p.body, b->sleeps);
		pack_put(&p.body, b->actor);
		pack_put(&p.body, b->way);
		pack_put(&p.body, b->nr_ways);
		put_fp(&p, &b->fp);
	}
	pack_end(&p, out);
}

void result_to_text(struct cdma_text *out, const struct dpor_result *r)
{
	struct packing p = {0};

	pack_put(&p.body, r->number);
	pack_put(&p.body, r->executions);
	pack_put(&p.body, r->blocked);
	pack_put(&p.body, r->met);
	put_branches(&p, r->branches.at, r->branches.nr);
	pack_put(&p.body, r->initials.nr);
	for (size_t i = 0; i < r->initials.nr; i++) {
		const struct dpor_initial *s = &r->initials.at[i];

		pack_put(&p.body, s->point);
		pack_put(&p.body, s->last);
		pack_put(&p.body, s->raced);
		pack_put(&p.body, s->actor);
		pack_put(&p.body, s->way);
		pack_put(&p.body, s->nr_ways);
		put_fp(&p, &s->fp);
	}
	pack_end(&p, out);
}

/* ---- in ---- */

struct unpacking {
	struct bytes bytes;
	struct unpack u;
	CDMA_VEC(struct footprint) prints;
};

static uint32_t get_u32(struct unpacking *p)
{
	return (uint32_t)unpack_get(&p->u, UINT32_MAX);
}

static bool get_bool(struct unpacking *p)
{
	return unpack_get(&p->u, 1) != 0;
}

static uint32_t get_actor(struct unpacking *p)
{
	return (uint32_t)unpack_get(&p->u, DPOR_ACTORS_MAX - 1);
}

/* A number that is not 0. */
static uint32_t get_some(struct unpacking *p)
{
	uint32_t nr = get_u32(p);

	p->u.bad |= !nr;
	return nr;
}

/* The length of a list: each item takes a byte at least. */
static size_t get_nr(struct unpacking *p)
{
	return (size_t)unpack_get(&p->u, (uint64_t)(p->u.end - p->u.at));
}

static void get_fp(struct unpacking *p, struct footprint *out)
{
	uint64_t nr = unpack_get(&p->u, UINT32_MAX);

	if (nr < p->prints.nr)
		*out = p->prints.at[nr];
	else
		p->u.bad = true;
}

static void get_print(struct unpacking *p, struct footprint *fp)
{
	uint64_t bits;
	uint8_t nr;

	footprint_clear(fp);
	for (int i = 0; i < TOUCH_NR; i++)
		fp->hint[i] = unpack_get(&p->u, UINT64_MAX);
	bits = unpack_get(&p->u, 31);
	fp->all = bits & 1;
	fp->heard = bits >> 1 & 1;
	fp->poll = bits >> 2 & 1;
	fp->ran_out = bits >> 3 & 1;
	fp->tries = bits >> 4 & 1;
	nr = (uint8_t)unpack_get(&p->u, TOUCHES_MAX);
	for (; fp->nr < nr; fp->nr++) {
		struct touch *t = &fp->at[fp->nr];

		t->first = unpack_get(&p->u, UINT64_MAX);
		t->last = unpack_get(&p->u, UINT64_MAX);
		t->object = get_u32(p);
		t->space = (uint8_t)unpack_get(&p->u, SPACE_NR - 1);
		t->mode = (uint8_t)unpack_get(&p->u, TOUCH_NR - 1);
		t->kind = (uint8_t)unpack_get(&p->u, UINT8_MAX);
	}
}

static bool unpacking_begin(struct unpacking *p, const char *text, size_t len)
{
	size_t nr;

	*p = (struct unpacking){.u.bad = true};
	if (!unpack_word(text, len, &p->bytes))
		return false;
	p->u = unpack_begin(&p->bytes);
	nr = get_nr(p);
	for (size_t i = 0; i < nr && !p->u.bad; i++)
		get_print(p, cdma_vec_push(&p->prints));
	return !p->u.bad;
}

/* All has to be read by now. */
static int unpacking_end(struct unpacking *p)
{
	int err = p->u.bad || p->u.at != p->u.end ? -EINVAL : 0;

	cdma_vec_free(&p->bytes);
	cdma_vec_free(&p->prints);
	return err;
}

static void get_branch(struct unpacking *p, struct dpor_branch *b,
		       uint32_t deepest)
{
	uint64_t bits;

	*b = (struct dpor_branch){0};
	b->level = (uint32_t)unpack_get(&p->u, deepest);
	bits = unpack_get(&p->u, 15);
	b->state = bits & 3;
	b->unforced = bits >> 2 & 1;
	b->raced = bits >> 3 & 1;
	b->actor = get_actor(p);
	b->way = get_u32(p);
	b->nr_ways = get_some(p);
	get_fp(p, &b->fp);
	p->u.bad |= b->state > DPOR_READY;
}

/* A child comes after its parent, so levels grow by one. */
static void get_branches(struct unpacking *p, struct dpor_result *r)
{
	size_t nr = get_nr(p);
	uint32_t deepest = 0;

	for (size_t i = 0; i < nr && !p->u.bad; i++) {
		struct dpor_branch *branch = cdma_vec_push(&r->branches);

		get_branch(p, branch, deepest);
		deepest = branch->level + 1;
	}
}

static void get_unit(struct unpacking *p, struct dpor_unit *u)
{
	uint64_t beside = 0;
	size_t nr;

	u->number = get_u32(p);
	u->budget = unpack_get(&p->u, UINT64_MAX);
	u->plain = get_bool(p);
	u->unforced = get_bool(p);
	u->raced = get_bool(p);
	nr = get_nr(p);
	for (size_t i = 0; i < nr && !p->u.bad; i++) {
		struct dpor_unit_step *s = cdma_vec_push(&u->path);

		s->actor = get_actor(p);
		s->way = get_u32(p);
		s->nr_beside = get_u32(p);
		beside += s->nr_beside;
	}
	nr = get_nr(p);
	for (size_t i = 0; i < nr && !p->u.bad; i++) {
		struct dpor_beside *b = cdma_vec_push(&u->beside);

		b->sleeps = get_bool(p);
		b->actor = get_actor(p);
		b->way = get_u32(p);
		b->nr_ways = get_some(p);
		get_fp(p, &b->fp);
	}
	p->u.bad |= beside != u->beside.nr;
}

int unit_from_text(const char *text, size_t len, struct dpor_unit *out)
{
	struct unpacking p;

	if (unpacking_begin(&p, text, len))
		get_unit(&p, out);
	return unpacking_end(&p);
}

static void get_result(struct unpacking *p, struct dpor_result *r)
{
	bool last = true;
	size_t nr;

	r->number = get_u32(p);
	r->executions = unpack_get(&p->u, UINT64_MAX);
	r->blocked = unpack_get(&p->u, UINT64_MAX);
	r->met = get_bool(p);
	get_branches(p, r);
	nr = get_nr(p);
	for (size_t i = 0; i < nr && !p->u.bad; i++) {
		struct dpor_initial *s = cdma_vec_push(&r->initials);

		s->point = get_u32(p);
		s->last = last = get_bool(p);
		s->raced = get_bool(p);
		s->actor = get_actor(p);
		s->way = get_u32(p);
		s->nr_ways = get_some(p);
		get_fp(p, &s->fp);
	}
	p->u.bad |= !last;
}

int result_from_text(const char *text, size_t len, struct dpor_result *out)
{
	struct unpacking p;

	if (unpacking_begin(&p, text, len))
		get_result(&p, out);
	return unpacking_end(&p);
}
