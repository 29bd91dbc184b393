/* SPDX-License-Identifier: MIT */
#ifndef SIM_BUNDLE_H
#define SIM_BUNDLE_H

/*
 * Bundle: a finding in files that need nothing else.
 *
 *	DIR/SCENARIO.dma                      the scenario, what it includes in
 *it DIR/SCENARIO.VARIANT.FINDING.sched    the simplest schedule that shows it
 *
 * for `cdmasim replay' on any machine, or to be attached to a bug report.  When
 * there is a file of that name with another content, a number is added.
 */

#include "options.h"
#include "report/report.h"

/*
 * Write @finding of @variant into the directory set->save.
 *
 * Returns: 0, or STATUS_IO after a message.
 */
int bundle_save(const struct settings *set,
		const struct report_variant *variant,
		const struct campaign_finding *finding);

#endif /* SIM_BUNDLE_H */
