/* SPDX-License-Identifier: MIT */

/*
 * A driver as C has it, made by the compiler pass: what pass-ring.dma runs.
 *
 * It has a structure in DMA memory, and READ_ONCE(); nothing here calls
 * libcdma for an access.  Without dma_rmb() nothing keeps the read of the
 * length behind that of the status.
 */

#include <cdma/driver.h>
#include <cdma/model.h>

#define READ_ONCE(x)     (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define dma_rmb()        cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_READ)
#define writel(v, at)    cdma_driver_mmio_write(at, 4, v, 0)

#define RING 2
#define DONE 1

struct rx_desc {
	uint32_t len;
	uint32_t status;
};

static struct nic {
	struct rx_desc *ring;
	cdma_driver_u64 ring_dma;
	char *regs;
	uint32_t bytes;
} nic;

int probe(void)
{
	struct cdma_device *dev = cdma_driver_device("nic");

	nic.ring = cdma_driver_dma_alloc(dev, RING * sizeof(*nic.ring),
					 &nic.ring_dma, 0, 0, "ring");
	if (!nic.ring)
		return -12;
	nic.regs = cdma_driver_ioremap(dev);
	writel((uint32_t)nic.ring_dma, nic.regs);
	return 0;
}

static bool is_done(void *arg)
{
	const struct rx_desc *desc = arg;

	return READ_ONCE(desc->status) == DONE;
}

static void take(struct rx_desc *desc)
{
	nic.bytes += desc->len;
	desc->status = 0;
}

int poll_rx(void)
{
	for (int i = 0; i < RING; i++) {
		struct rx_desc *desc = &nic.ring[i];

		if (!cdma_model_poll(is_done, desc))
			return -110;
		if (cdma_model_param("rmb"))
			dma_rmb();
		take(desc);
	}
	return 0;
}

void remove_nic(void)
{
	cdma_driver_dma_free(cdma_driver_device("nic"),
			     RING * sizeof(*nic.ring), nic.ring, nic.ring_dma);
}
