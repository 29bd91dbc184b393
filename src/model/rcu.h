/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_RCU_H
#define CDMA_MODEL_RCU_H

/* Parts of steps, for calls that do more in one: see <cdma/rcu.h>. */

#include <cdma/rcu.h>

void cdma_section_begin(struct cdma_world *world, const struct cdma_site *site);
void cdma_section_end(struct cdma_world *world, const struct cdma_site *site);

/* A full barrier, and the begin of a grace period. */
void cdma_grace_open(struct cdma_world *world, const struct cdma_site *site);

#endif /* CDMA_MODEL_RCU_H */
