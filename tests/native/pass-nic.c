/* SPDX-License-Identifier: MIT */

/*
 * What a driver asks of the kernel, by the address of its own structs: what
 * pass-nic.dma runs.  The functions of the kernel are written here with
 * cdma/driver.h, as its services do.
 */

#include <cdma/driver.h>

#define READ_ONCE(x)     (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define dma_rmb()        cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_READ)

typedef unsigned int u32;
typedef cdma_driver_u64 u64;

struct timer {
	int unused;
};

struct nic {
	struct cdma_device *dev;
	void *regs;
	unsigned int irq;
	u32 *ring;
	u64 ring_dma;
	unsigned char *skb;
	u64 skb_dma;
	int lock, done, napi, work;
	struct timer timer;
	u32 packets, ticks, works;
	u32 seen;
};

static struct nic *nic;

enum { STATUS, LEN };

static int interrupt(int irq, void *arg)
{
	struct nic *n = arg;

	(void)irq;
	cdma_driver_arm(&n->napi);
	return 1;
}

static int poll(void *arg)
{
	struct nic *n = arg;
	u32 *ring = n->ring;

	if (READ_ONCE(ring[STATUS])) {
		dma_rmb();
		n->seen = ring[LEN];
		if (cdma_driver_param("sync", 1))
			cdma_driver_dma_unmap(n->dev, n->skb_dma, 64,
					      CDMA_DRIVER_FROM_DEVICE, 0);
		n->seen += n->skb[0];
		ring[STATUS] = 0;
		n->packets++;
		cdma_driver_arm(&n->work);
	}
	cdma_driver_napi_done(&n->napi);
	return 0;
}

static int work(void *arg)
{
	struct nic *n = arg;
	unsigned int how = cdma_driver_param("bh", 1) ? CDMA_DRIVER_BH : 0;

	cdma_driver_lock(&n->lock, how);
	n->works++;
	cdma_driver_unlock(&n->lock, how);
	cdma_driver_complete(&n->done, 0);
	return 0;
}

static int tick(void *arg)
{
	struct nic *n = arg;

	cdma_driver_lock(&n->lock, 0);
	n->ticks++;
	cdma_driver_unlock(&n->lock, 0);
	return 0;
}

int probe(void)
{
	struct nic *n = cdma_driver_alloc(sizeof(*n), 0, CDMA_DRIVER_ZERO, 0);

	if (!n)
		return -12;
	nic = n;
	n->dev = cdma_driver_device("nic");
	n->regs = cdma_driver_ioremap(n->dev);
	n->ring = cdma_driver_dma_alloc(n->dev, 8, &n->ring_dma, 0, 0, "ring");
	n->skb = cdma_driver_alloc(64, 0, 0, "skb");
	if (!n->ring || !n->skb)
		goto fail;
	n->skb_dma = cdma_driver_dma_map(n->dev, n->skb, 64,
					 CDMA_DRIVER_FROM_DEVICE, 0);
	if (cdma_driver_dma_map_error(n->dev, n->skb_dma))
		goto fail;
	cdma_driver_lock_init(&n->lock, 0, "lock");
	cdma_driver_completion_init(&n->done, "done");
	cdma_driver_bind(&n->napi, CDMA_DRIVER_NAPI, 0, poll, n);
	cdma_driver_bind(&n->work, CDMA_DRIVER_WORK, 0, work, n);
	cdma_driver_bind(&n->timer, CDMA_DRIVER_TIMER, 0, tick, n);
	n->irq = cdma_driver_irq(n->dev, 0);
	if (cdma_driver_request_irq(n->irq, interrupt, 0, n, "nic"))
		goto unmap;
	cdma_driver_mmio_write((char *)n->regs + 8, 8, n->skb_dma, 0);
	cdma_driver_mmio_write(n->regs, 8, n->ring_dma, 0);
	return 0;
unmap:
	cdma_driver_dma_unmap(n->dev, n->skb_dma, 64, CDMA_DRIVER_FROM_DEVICE,
			      0);
fail:
	cdma_driver_free(n->skb);
	if (n->ring)
		cdma_driver_dma_free(n->dev, 8, n->ring, n->ring_dma);
	cdma_driver_free(n);
	return -12;
}

int user(void)
{
	cdma_driver_arm(&nic->timer);
	cdma_driver_wait_done(&nic->done, 0);
	cdma_driver_lock(&nic->lock, CDMA_DRIVER_BH);
	nic->ticks++;
	cdma_driver_unlock(&nic->lock, CDMA_DRIVER_BH);
	return (int)nic->seen;
}

int remove_nic(void)
{
	struct nic *n = nic;

	cdma_driver_free_irq(n->irq, n);
	cdma_driver_wait_idle(&n->timer, CDMA_DRIVER_IDLE, CDMA_DRIVER_CLEAR,
			      0);
	cdma_driver_wait_idle(&n->work, CDMA_DRIVER_OVER, 0, 0);
	cdma_driver_free(n->skb);
	cdma_driver_dma_free(n->dev, 8, n->ring, n->ring_dma);
	if (!cdma_driver_param("leak", 0))
		cdma_driver_free(n);
	if (cdma_driver_param("uaf", 0))
		n->packets++;
	if (cdma_driver_param("beyond", 0))
		(&n->seen)[16] = 1;
	return 0;
}
