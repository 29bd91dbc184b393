/* SPDX-License-Identifier: MIT */
#ifndef CDMA_USE_H
#define CDMA_USE_H

/*
 * Use: what a value is good for.
 *
 * A value that a device wrote which is not to be trusted (device.h) has to be
 * looked at before it is an index, a length or an address.  Arithmetic between
 * accesses is not seen (dep.h), so whoever runs a program says where it uses a
 * value so.
 *
 *	cdma_used(world, CDMA_USE_INDEX, dep);
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/dep.h>
#include <cdma/site.h>

struct cdma_world;

enum cdma_use {
	CDMA_USE_INDEX,
	CDMA_USE_LENGTH,
	CDMA_USE_ADDRESS,
	CDMA_USE_NR,
};

/*
 * The acting actor, a CPU, uses a value that comes from @dep.
 *
 * Emits:    USE, unless @dep is empty.
 * Findings: untrusted_value  a condition has not looked at the value, and it is
 *                            not within bounds (dep.h).
 */
void cdma_used_at(struct cdma_world *world, enum cdma_use use, cdma_dep_t dep,
		  const struct cdma_site *site);
#define cdma_used(...) cdma_used_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_USE_H */
