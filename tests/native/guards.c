/* SPDX-License-Identifier: MIT */

/*
 * Registers that are a resource of the device, in C: the handler has a guard,
 * remove() unbinds, and waits for it.
 */

#include <cdma/model.h>

#include <errno.h>

static struct cdma_devres *bar;

static void unmap(void *dev)
{
	cdma_device_iounmap(dev);
}

int probe(void)
{
	struct cdma_device *nic = cdma_model_device("nic");
	int err = cdma_devres_new(nic, nic, unmap, "bar", &bar);

	if (!err)
		cdma_writel(1, cdma_model_registers("nic"), 0);
	return err;
}

void handle_rx(void)
{
	struct cdma_guard *guard = NULL;

	if (cdma_model_param("guarded")) {
		guard = cdma_devres_try_access(bar);
		if (!guard)
			return;
	}
	(void)cdma_readl(cdma_model_registers("nic"), 4);
	cdma_guard_put(&guard);
}

int remove_nic(void)
{
	cdma_device_unbind(cdma_model_device("nic"));
	return cdma_devres_try_access(bar) ? -EBUSY : 0;
}

/* One that is declared in the scenario, where its drop is, too. */
void look(void)
{
	struct cdma_guard *guard =
		cdma_revocable_try_access(cdma_model_revocable("map"));

	if (!guard)
		return;
	if (cdma_model_param("waits_for_itself"))
		cdma_revocable_revoke(cdma_model_revocable("map"));
	cdma_model_assert(!cdma_view_read32(cdma_model_shared("gone")));
	cdma_guard_put(&guard);
}
