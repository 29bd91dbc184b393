/* SPDX-License-Identifier: MIT */
#include "explore/footprint.h"

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
	fp->reads = fp->writes = ~(uint64_t)0;
}

static void touch(struct footprint *fp, struct touch t)
{
	if (t.write)
		fp->writes |= bloom(&t);
	else
		fp->reads |= bloom(&t);
	if (fp->nr < TOUCHES_MAX) {
		fp->at[fp->nr++] = t;
		return;
	}
	footprint_everything(fp);
}

static void life(struct footprint *fp, const struct cdma_event *ev, bool write)
{
	touch(fp, (struct touch){.object = ev->object,
				 .space = SPACE_LIFE,
				 .write = write,
				 .kind = ev->kind});
}

static void access(struct footprint *fp, const struct cdma_event *ev,
		   bool plain)
{
	if (ev->how == CDMA_PLAIN && !plain)
		return;
	touch(fp, (struct touch){.first = ev->offset,
				 .last = ev->offset + ev->size - 1,
				 .object = ev->object,
				 .space = SPACE_MEMORY,
				 .write = ev->kind == CDMA_EV_WRITE,
				 .kind = ev->kind});
	life(fp, ev, false);
	if (ev->flags & CDMA_EVF_POLL)
		fp->poll = true;
}

/* A grace period waits for sections; they do not mind each other. */
static void rcu(struct footprint *fp, const struct cdma_event *ev)
{
	bool is_end = ev->kind == CDMA_EV_GRACE_END ||
		      ev->kind == CDMA_EV_SECTION_END;
	bool is_grace = ev->kind == CDMA_EV_GRACE_BEGIN ||
			ev->kind == CDMA_EV_GRACE_END;

	fp->poll |= ev->kind == CDMA_EV_GRACE_END;
	touch(fp, (struct touch){.object = is_end,
				 .space = SPACE_RCU,
				 .write = is_grace,
				 .kind = ev->kind});
}

static void space(struct footprint *fp, const struct cdma_event *ev,
		  enum space space, uint32_t object)
{
	touch(fp, (struct touch){.object = object,
				 .space = (uint8_t)space,
				 .write = true,
				 .kind = ev->kind});
}

void footprint_add(struct footprint *fp, const struct cdma_event *ev,
		   bool plain)
{
	/* A note says that there was something, not what. */
	fp->heard |= ev->kind != CDMA_EV_NOTE;
	switch ((enum cdma_event_kind)ev->kind) {
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		access(fp, ev, plain);
		break;
	case CDMA_EV_BARRIER:
		if (ev->order == CDMA_ORDER_FULL)
			space(fp, ev, SPACE_FENCE, 0);
		break;
	case CDMA_EV_BRANCH:
	case CDMA_EV_START:
	case CDMA_EV_EXIT:
	case CDMA_EV_NOTE:
		break;
	case CDMA_EV_RELEASE:
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_IRQ_RAISE:
	case CDMA_EV_IRQ_ENTER:
		/* A handler waits for its interrupt. */
		fp->poll |= ev->kind == CDMA_EV_IRQ_ENTER ||
			    (ev->flags & CDMA_EVF_POLL);
		space(fp, ev, SPACE_SYNC, ev->object);
		break;
	case CDMA_EV_SECTION_BEGIN:
	case CDMA_EV_SECTION_END:
	case CDMA_EV_GRACE_BEGIN:
	case CDMA_EV_GRACE_END:
		rcu(fp, ev);
		break;
	case CDMA_EV_ALLOC:
	case CDMA_EV_FAULT:
		space(fp, ev, SPACE_ALLOC, 0);
		break;
	case CDMA_EV_EXPOSE:
	case CDMA_EV_FREE:
	case CDMA_EV_WINDOW_BEGIN:
	case CDMA_EV_WINDOW_END:
	case CDMA_EV_LEASE_BEGIN:
	case CDMA_EV_LEASE_END:
		life(fp, ev, true);
		break;
	default:
		footprint_everything(fp);
	}
}

static bool overlap(const struct touch *a, const struct touch *b)
{
	return (a->write || b->write) && a->space == b->space &&
	       a->object == b->object && a->first <= b->last &&
	       b->first <= a->last;
}

bool footprint_conflict_slow(const struct footprint *a,
			     const struct footprint *b)
{
	if (a->all || b->all)
		return true;
	for (uint8_t i = 0; i < a->nr; i++)
		for (uint8_t j = 0; j < b->nr; j++)
			if (overlap(&a->at[i], &b->at[j]))
				return true;
	return false;
}

static bool same_touch(const struct touch *a, const struct touch *b)
{
	return a->first == b->first && a->last == b->last &&
	       a->object == b->object && a->space == b->space &&
	       a->write == b->write && a->kind == b->kind;
}

bool footprint_same(const struct footprint *a, const struct footprint *b)
{
	if (a->reads != b->reads || a->writes != b->writes || a->nr != b->nr ||
	    a->all != b->all || a->heard != b->heard || a->poll != b->poll ||
	    a->ran_out != b->ran_out)
		return false;
	for (uint8_t i = 0; i < a->nr; i++)
		if (!same_touch(&a->at[i], &b->at[i]))
			return false;
	return true;
}

uint32_t footprint_hash(const struct footprint *fp)
{
	uint64_t hash = fp->reads * 0x9e3779b97f4a7c15u ^ fp->writes;

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
