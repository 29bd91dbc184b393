/* SPDX-License-Identifier: MIT */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

/*
 * Rig: a world on a bench, with a device that is bound, an engine that runs,
 * and a record of all that was seen and found.
 *
 *	struct rig rig;
 *
 *	rig_new(&rig);
 *	cdma_coherent_free(&stale);
 *	rig_found(&rig, "double_free");         // and nothing else
 *	rig_free(&rig);
 */

#include "unit.h"

#include "base/vec.h"

#include <cdma/cdma.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define GFP CDMA_GFP_KERNEL

struct rig {
	struct cdma_world *world;
	struct cdma_device *dev;
	struct cdma_actor *engine;
	CDMA_VEC(struct cdma_event) log;
	CDMA_VEC(struct cdma_finding) findings;
	char names[512]; /* of the findings */
};

static void rig_log(void *aux, const struct cdma_event *ev)
{
	struct rig *rig = aux;

	*cdma_vec_push(&rig->log) = *ev;
}

static void rig_find(void *aux, const struct cdma_finding *finding)
{
	struct rig *rig = aux;

	*cdma_vec_push(&rig->findings) = *finding;
}

/* Device and engine, as after rig_new(); also for the run after a reset. */
static inline void rig_start(struct rig *rig)
{
	rig->dev = cdma_device_new(rig->world, NULL, "nic");
	rig->engine = cdma_engine_new(rig->dev, "dma");
	cdma_device_bind(rig->dev, NULL, NULL);
	cdma_actor_start(rig->engine);
}

static inline void rig_new_with(struct rig *rig,
				const struct cdma_config *config)
{
	memset(rig, 0, sizeof(*rig));
	rig->world = cdma_world_new(config);
	cdma_stream_observe(cdma_world_stream(rig->world),
			    (struct cdma_observer){rig_log, rig});
	cdma_world_set_sink(rig->world,
			    (struct cdma_finding_sink){rig_find, rig});
	rig_start(rig);
}

static inline void rig_new(struct rig *rig)
{
	rig_new_with(rig, NULL);
}

static inline void rig_free(struct rig *rig)
{
	cdma_world_free(rig->world);
	cdma_vec_free(&rig->log);
	cdma_vec_free(&rig->findings);
}

/* Names of all findings since the last time, in their order; "" for none. */
static inline const char *rig_names(struct rig *rig)
{
	size_t len = 0;

	rig->names[0] = '\0';
	for (size_t i = 0; i < rig->findings.nr; i++)
		len += (size_t)snprintf(
			rig->names + len, sizeof(rig->names) - len, "%s%s",
			i ? " " : "",
			cdma_finding_name(rig->findings.at[i].id));
	rig->findings.nr = 0;
	return rig->names;
}

#define rig_found(rig, want) ck_assert_str_eq(rig_names(rig), want)

/* The kinds of the events from number @from on, joined by blanks. */
static inline const char *rig_events(struct rig *rig, size_t from)
{
	size_t len = 0;

	rig->names[0] = '\0';
	for (size_t i = from; i < rig->log.nr; i++)
		len += (size_t)snprintf(
			rig->names + len, sizeof(rig->names) - len, "%s%s",
			i > from ? " " : "",
			cdma_event_kind_name(rig->log.at[i].kind));
	return rig->names;
}

/* The newest event, and finding. */
static inline const struct cdma_event *rig_last(const struct rig *rig)
{
	ck_assert_uint_gt(rig->log.nr, 0);
	return cdma_vec_last(&rig->log);
}

static inline const struct cdma_finding *rig_finding(const struct rig *rig)
{
	ck_assert_uint_gt(rig->findings.nr, 0);
	return cdma_vec_last(&rig->findings);
}

static inline struct cdma_device *rig_device(struct rig *rig,
					     struct cdma_device_config config)
{
	struct cdma_device *dev = cdma_device_new(rig->world, &config, "other");

	cdma_device_bind(dev, NULL, NULL);
	return dev;
}

/* A coherent of @size bytes, zeroed; a box; an actor that runs. */
static inline struct cdma_coherent *rig_coherent(struct rig *rig, size_t size)
{
	struct cdma_coherent *mem = NULL;

	ck_assert_int_eq(
		cdma_coherent_zeroed_slice(rig->dev, 1, size, GFP, &mem), 0);
	return mem;
}

static inline struct cdma_box *rig_box(struct rig *rig, size_t size)
{
	struct cdma_box *box = NULL;

	ck_assert_int_eq(cdma_box_zeroed_slice(rig->dev, 1, size, GFP, &box),
			 0);
	return box;
}

static inline struct cdma_actor *rig_actor(struct rig *rig,
					   enum cdma_actor_kind kind)
{
	struct cdma_actor *actor = cdma_actor_new(rig->world, kind, "other");

	cdma_actor_start(actor);
	return actor;
}

/* Bytes @offset to @offset + @size of a coherent, as a view. */
static inline struct cdma_view rig_view(const struct cdma_coherent *mem,
					size_t offset, size_t size)
{
	struct cdma_view view = cdma_coherent_view(mem);

	view.offset = offset;
	view.size = size;
	return view;
}

/* What the events of @from on say: who, what and on which object. */
static inline const char *rig_story(struct rig *rig, size_t from)
{
	size_t len = 0;

	rig->names[0] = '\0';
	for (size_t i = from; i < rig->log.nr; i++) {
		const struct cdma_event *ev = &rig->log.at[i];

		len += (size_t)snprintf(
			rig->names + len, sizeof(rig->names) - len, "%s%u:%s%u",
			i > from ? " " : "", ev->actor,
			cdma_event_kind_name(ev->kind), ev->object);
	}
	return rig->names;
}

#endif /* TESTS_RIG_H */
