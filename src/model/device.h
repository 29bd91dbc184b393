/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_DEVICE_H
#define CDMA_MODEL_DEVICE_H

/* What a device is made of. */

#include <cdma/device.h>
#include <cdma/finding.h>

struct cdma_devres;
struct cdma_late;
struct cdma_mapping;
struct cdma_region;
struct cdma_sgt;

/* A mask setter between its halves. */
struct cdma_setter {
	struct cdma_actor *actor; /* borrowed; NULL: none */
	enum cdma_mask_kind kind;
	uint64_t value;
	struct cdma_party begin;
};

struct cdma_device {
	struct cdma_world *world;
	const char *name;
	cdma_device_id id;
	struct cdma_device_config config;
	unsigned int refs;

	bool bound;
	bool master;
	bool gone;               /* pulled out */
	struct cdma_actor *core; /* in a callback of the driver core, or NULL */
	const struct cdma_driver_ops *ops; /* borrowed; may be NULL */
	void *drvdata;                     /* borrowed */
	const struct cdma_party *unbind;   /* the last one; NULL: none */

	uint64_t mask, coherent_mask;
	uint32_t max_seg_size;
	uint64_t seg_boundary; /* mask */
	struct cdma_setter setter;

	struct cdma_late *late; /* what it has put off, the oldest first */

	struct cdma_devres *resources; /* newest first; see devres.h */
	cdma_object_id resources_id;   /* of that list; 0: it has had none */
	struct cdma_party iounmap;     /* no registers since; seq 0: it has */

	cdma_addr_t iova_hint;
	struct cdma_region *first, *last; /* live allocations, by age */
	struct cdma_sgt *sgts; /* owned and not dropped; newest first */
	struct cdma_mapping *first_mapping, *last_mapping; /* live, by age */
};

/* Report `wrong_context` unless the acting actor is in a callback. */
void cdma_device_want_core(struct cdma_device *dev, const char *detail,
			   const struct cdma_site *site);

/* The acting actor allocates: report what is wrong about the time. */
void cdma_device_alloc_now(struct cdma_device *dev,
			   const struct cdma_site *site);

/* sgt.c: its binding ends, and with it the mappings of the tables that live. */
void cdma_sgts_release(struct cdma_device *dev, const struct cdma_site *site);

void cdma_device_add_region(struct cdma_device *dev,
			    struct cdma_region *region);
void cdma_device_del_region(struct cdma_device *dev,
			    struct cdma_region *region);

#endif /* CDMA_MODEL_DEVICE_H */
