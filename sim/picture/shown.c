/* SPDX-License-Identifier: MIT */
#include "picture/shown.h"

void shown_fini(struct shown *shown)
{
	cdma_vec_free(&shown->threads);
}

void shown_learn(struct shown *shown, const struct cdma_event *ev)
{
	if (shown->started && ev->kind == CDMA_EV_ACQUIRE)
		*cdma_vec_push(&shown->threads) = ev->object;
	shown->started = ev->kind == CDMA_EV_START;
}

static bool is_thread(const struct shown *shown, uint32_t object)
{
	for (size_t i = 0; i < shown->threads.nr; i++)
		if (shown->threads.at[i] == object)
			return true;
	return false;
}

bool shown_has(const struct shown *shown, const struct cdma_event *ev)
{
	switch ((enum cdma_event_kind)ev->kind) {
	case CDMA_EV_BRANCH:
	case CDMA_EV_START:
	case CDMA_EV_EXIT:
	case CDMA_EV_STATE:
		return false;
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		return !ev->op || ev->op == ev->seq;
	case CDMA_EV_RELEASE:
	case CDMA_EV_ACQUIRE:
		return !is_thread(shown, ev->object);
	default:
		return true;
	}
}
