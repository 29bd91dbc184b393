/* SPDX-License-Identifier: MIT */
#ifndef REPORT_WORDING_H
#define REPORT_WORDING_H

/*
 * Wording: the sentences of reports.
 *
 * What they have in common: one fact each, no word that a kernel developer
 * does not use, and nothing that is not known.
 */

#include <cdma/finding.h>

#include "base/text.h"
#include "run/campaign.h"

/* What party.kind and party.how are called: "DMA write", "free". */
const char *wording_act(const struct cdma_party *party);

/* The line above the other party, without a colon: "may miss this". */
const char *wording_against(const struct cdma_finding *finding);

/* The line above the read that proved ownership. */
const char *wording_proof(const struct cdma_finding *finding);

/* The line above the store that the proof saw; NULL: not worth showing. */
const char *wording_publish(const struct cdma_finding *finding);

/* Why that is wrong; NULL: the rest says it. */
const char *wording_why(const struct cdma_finding *finding);
/* Why a wait may have missed something; NULL: it is none. */
const char *wording_poll(const struct cdma_finding *finding);

/*
 * Add what to do; nothing when there is no advice that is always right.
 *
 * Of accesses that are not ordered: the barrier that was tried and helps, and
 * where; else what has to be ordered with what.
 */
void wording_add_help(struct cdma_text *out, const struct cdma_finding *finding,
		      const struct cure *cure);

/* Whether it is one of the checks of cdma/mapping.h: arg is which one, and the
 * DMA address. */
bool wording_is_mapping(const struct cdma_finding *finding);

/* What the kernel's own checker says in this case; NULL: it has no such check.
 */
const char *wording_kernel(const struct cdma_finding *finding);

#endif /* REPORT_WORDING_H */
