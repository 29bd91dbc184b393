/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_DEVICE_PO_H
#define AXIOM_DEVICE_PO_H

/*
 * The relations of the device model that program order alone gives: for
 * device.c.
 */

#include "axiom/device.h"
#include "axiom/model.h"

/* The events of @x that carry a tag, and whether @ev does. */
#define TAG(x, name) ((x)->tagged[TAG_##name])
#define IS(ev, tag)  ((ev)->tags & TAGGED(tag))

/* @s = @a & @b. */
void device_both(struct set s, struct set a, struct set b);

/* @r |= [@from] ; po ; [@to] */
void device_or_po(struct rel r, struct device_model *d,
		  const struct execution *x, struct set from, struct set to);

/* @r |= [@from] ; po ; [@fence] ; po ; [@to] */
void device_or_fence(struct rel r, struct device_model *d,
		     const struct execution *x, struct set from,
		     struct set fence, struct set to);

#endif /* AXIOM_DEVICE_PO_H */
