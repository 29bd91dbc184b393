/* SPDX-License-Identifier: MIT */
/*
 * The admin queue of drivers/nvme/host/pci.c: what its probe makes of it, and
 * who hears of events that nobody asked for.
 *
 * Compiled behind the driver, in one file with it.
 */
#include <cdma-native.h>

static struct nvme_dev *nvme;
static u32 heard;

/* Of nvme-core. */
void nvme_complete_async_event(struct nvme_ctrl *ctrl, __le16 status,
			       volatile union nvme_result *res)
{
	heard += le32_to_cpu(res->u32) + le16_to_cpu(status);
}

static void release(void)
{
	nvme_free_queue(&nvme->queues[0]);
	kfree(nvme->queues);
	kfree(nvme);
}

int prepare(void)
{
	struct pci_dev *pdev = cdmasim_pci_device();
	int err;

	nvme = kzalloc(sizeof(*nvme), GFP_KERNEL);
	if (!nvme)
		return -ENOMEM;
	nvme->queues = kcalloc(2, sizeof(*nvme->queues), GFP_KERNEL);
	if (!nvme->queues) {
		kfree(nvme);
		return -ENOMEM;
	}
	nvme->dev = &pdev->dev;
	nvme->ctrl.device = &pdev->dev;
	nvme->bar = pci_ioremap_bar(pdev, 0);
	nvme->dbs = nvme->bar + NVME_REG_DBS;
	nvme->db_stride = 1;
	nvme->io_sqes = NVME_NVM_IOSQES;
	err = nvme_alloc_queue(nvme, 0, 4);
	if (err) {
		kfree(nvme->queues);
		kfree(nvme);
		return err;
	}
	nvme_init_queue(&nvme->queues[0], 0);
	err = request_irq(pdev->irq, nvme_irq, 0, "nvme", &nvme->queues[0]);
	if (err) {
		release();
		return err;
	}
	lo_hi_writeq(nvme->queues[0].cq_dma_addr, nvme->bar + NVME_REG_ACQ);
	return 0;
}

void finish(void)
{
	free_irq(to_pci_dev(nvme->dev)->irq, &nvme->queues[0]);
	release();
}
