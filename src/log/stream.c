/* SPDX-License-Identifier: MIT */
#include <cdma/event.h>

#include "base/macros.h"

#include <string.h>

static const char *const kind_names[] = {
#define X(name, text) text,
	CDMA_EVENT_KINDS(X)
#undef X
};

const char *cdma_event_kind_name(enum cdma_event_kind kind)
{
	return kind < CDMA_EV_NR ? kind_names[kind] : "?";
}

void cdma_stream_init(struct cdma_stream *stream)
{
	memset(stream, 0, sizeof(*stream));
}

void cdma_stream_observe(struct cdma_stream *stream,
			 struct cdma_observer observer)
{
	CDMA_REQUIRE(stream->nr < CDMA_OBSERVERS_MAX);
	stream->to[stream->nr++] = observer;
}

void cdma_emit(struct cdma_stream *stream, struct cdma_event *ev)
{
	ev->seq = ++stream->seq;
	if (!ev->op)
		ev->op = ev->seq;
	for (unsigned int i = 0; i < stream->nr; i++)
		stream->to[i].event(stream->to[i].aux, ev);
}
