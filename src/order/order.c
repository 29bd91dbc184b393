/* SPDX-License-Identifier: MIT */
#include "order/taint.h"

#include <stddef.h>

struct cdma_order *cdma_order_new(const struct cdma_order_config *config)
{
	struct cdma_order *order = cdma_xcalloc(1, sizeof(*order));

	order->config = *config;
	cdma_shadow_init(&order->shadow, &order->arena);
	return order;
}

void cdma_order_free(struct cdma_order *order)
{
	if (!order)
		return;
	for (size_t i = 0; i < order->actors.nr; i++)
		cdma_order_actor_fini(&order->actors.at[i]);
	cdma_vec_free(&order->actors);
	cdma_vec_free(&order->objects);
	cdma_vec_free(&order->sections);
	cdma_vec_free(&order->partials);
	cdma_vec_free(&order->late);
	cdma_shadow_fini(&order->shadow);
	cdma_arena_fini(&order->arena);
	cdma_image_fini(&order->image);
	free(order);
}

static void stop_actors(struct cdma_order *order)
{
	for (size_t i = 0; i < order->actors.nr; i++)
		order->actors.at[i].started = false;
}

void cdma_order_reset(struct cdma_order *order)
{
	stop_actors(order);
	order->objects.nr = order->sections.nr = 0;
	order->graces = (struct cdma_order_object){0};
	order->partials.nr = 0;
	order->lanes = 0;
	cdma_shadow_reset(&order->shadow);
	cdma_arena_reset(&order->arena);
	for (int i = 0; i < CDMA_TOWARDS_NR; i++)
		order->landed[i] = NULL;
}

/* But for its vectors, of which the elements that were there stay. */
static void mark_actor(struct cdma_order *order, size_t i)
{
	size_t at = i * sizeof(struct cdma_order_actor);

	cdma_image_add_far(&order->image, &order->actors.at, at,
			   offsetof(struct cdma_order_actor, reads));
	at += offsetof(struct cdma_order_actor, reads.nr);
	cdma_image_add_far(&order->image, &order->actors.at, at,
			   sizeof(order->actors.at[i].reads.nr));
	at += offsetof(struct cdma_order_actor, gains.nr) -
	      offsetof(struct cdma_order_actor, reads.nr);
	cdma_image_add_far(&order->image, &order->actors.at, at,
			   sizeof(order->actors.at[i].gains.nr));
}

void cdma_order_mark(struct cdma_order *order)
{
	struct cdma_image *image = &order->image;

	cdma_image_clear(image);
	cdma_arena_mark(&order->arena, image);
	cdma_shadow_mark(&order->shadow);
	for (size_t i = 0; i < order->actors.nr; i++)
		if (order->actors.at[i].started)
			mark_actor(order, i);
	cdma_image_add_vec(image, &order->objects);
	cdma_image_add_vec(image, &order->sections);
	cdma_image_add_vec(image, &order->partials);
	cdma_image_add(image, &order->lanes,
		       sizeof(*order) - offsetof(struct cdma_order, lanes));
}

void cdma_order_rewind(struct cdma_order *order)
{
	stop_actors(order);
	cdma_image_restore(&order->image);
	cdma_shadow_rewind(&order->shadow);
}

static void event(void *aux, const struct cdma_event *ev)
{
	struct cdma_order *order = aux;

	switch ((enum cdma_event_kind)ev->kind) {
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		cdma_order_access(order, ev);
		break;
	case CDMA_EV_BARRIER:
		cdma_order_barrier(order, ev);
		break;
	case CDMA_EV_BRANCH:
		cdma_order_branch(order, ev);
		break;
	case CDMA_EV_RELEASE:
	case CDMA_EV_IRQ_RAISE:
		cdma_order_release(order, ev);
		break;
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_IRQ_ENTER:
		cdma_order_acquire(order, ev);
		break;
	case CDMA_EV_START:
		cdma_order_start(order, ev);
		break;
	case CDMA_EV_FREE:
	case CDMA_EV_UNBIND:
		cdma_order_end_of_memory(order, ev);
		break;
	case CDMA_EV_MAP:
	case CDMA_EV_UNMAP:
	case CDMA_EV_SYNC_CPU:
	case CDMA_EV_SYNC_DEVICE:
		cdma_order_handover(order, ev);
		break;
	case CDMA_EV_MASTER:
		cdma_order_master(order, ev);
		break;
	case CDMA_EV_JOIN:
		cdma_order_join(order, ev);
		break;
	case CDMA_EV_SECTION_BEGIN:
		cdma_order_section_begin(order, ev);
		break;
	case CDMA_EV_SECTION_END:
		cdma_order_section_end(order, ev);
		break;
	case CDMA_EV_GRACE_BEGIN:
		cdma_order_grace_begin(order, ev);
		break;
	case CDMA_EV_GRACE_END:
		cdma_order_grace_end(order, ev);
		break;
	case CDMA_EV_USE:
		cdma_order_use(order, ev);
		break;
	default:
		break;
	}
}

struct search {
	struct cdma_order_actor *actor;
	const struct cdma_record *found;
	cdma_region_id region;
};

static void look_at(void *aux, uint64_t seq, uint8_t bytes)
{
	struct search *search = aux;
	const struct cdma_read *read =
		cdma_order_actor_read(search->actor, seq);

	(void)bytes;
	if (read && read->record->object == search->region &&
	    (!search->found || search->found->seq < read->record->seq))
		search->found = read->record;
}

bool cdma_order_read_of(struct cdma_order *order, cdma_actor_id actor,
			cdma_dep_t dep, cdma_region_id region,
			struct cdma_party *out)
{
	struct search search = {.region = region};

	if (actor >= order->actors.nr)
		return false;
	search.actor = &order->actors.at[actor];
	cdma_order_each_read(order, dep, look_at, &search);
	if (search.found)
		*out = cdma_record_party(search.found);
	return search.found != NULL;
}

struct cdma_observer cdma_order_observer(struct cdma_order *order)
{
	return (struct cdma_observer){.event = event, .aux = order};
}
