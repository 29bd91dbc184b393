/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_TAINT_H
#define CDMA_ORDER_TAINT_H

/* Taint: values that a device which is not to be trusted may have made up. */

#include "order/state.h"

/* A USE: the finding, if nobody has looked at the value. */
void cdma_order_use(struct cdma_order *order, const struct cdma_event *ev);

/* The same of the address of an access. */
void cdma_order_check_taint(struct cdma_step *step);

/* Fill in where the value of an access comes from. */
void cdma_order_taint_read(const struct cdma_step *step,
			   struct cdma_record *record);
void cdma_order_taint_store(struct cdma_step *step, struct cdma_record *record);

#endif /* CDMA_ORDER_TAINT_H */
