/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_DEVRES_H
#define CDMA_MODEL_DEVRES_H

/* What a resource of a device is made of. */

#include <cdma/devres.h>

#include "model/revocable.h"

struct cdma_devres {
	struct cdma_revocable revocable;
	struct cdma_device *dev;  /* borrowed */
	struct cdma_devres *next; /* of the device, older; see is_added */
	bool is_added;            /* it is among those of its device */
	bool is_dropping;         /* somebody has won, and is not done */
};

#endif /* CDMA_MODEL_DEVRES_H */
