/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_JUDGE_H
#define CDMA_MODEL_JUDGE_H

/*
 * Judge: whether a piece of an access is legal by the state of things.
 *
 * State says who owns what, where it ends and whether it is still there; what
 * came before what is for others to judge.  The checks and their order are
 * those of view.h and engine.h.
 */

#include <cdma/bulk.h>
#include <cdma/finding.h>

/*
 * Judge the piece op->ev, which is emitted next: report what is wrong and flag
 * it as reported.
 *
 * Returns: whether the piece reaches memory.
 */
bool cdma_judge_cpu(struct cdma_bulk *op);
bool cdma_judge_device(struct cdma_bulk *op);

/* Report once for each kind and op; @a, @b: see cdma_finding.arg. */
void cdma_judge_say(struct cdma_bulk *op, struct cdma_event *ev,
		    enum cdma_finding_id id, const struct cdma_region *region,
		    const struct cdma_party *against, const char *detail,
		    uint64_t a, uint64_t b);

#endif /* CDMA_MODEL_JUDGE_H */
