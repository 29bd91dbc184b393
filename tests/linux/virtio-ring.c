/* SPDX-License-Identifier: MIT */
/*
 * A driver of one queue of drivers/virtio/virtio_ring.c, which lets a device
 * fill its buffers: its sender and its interrupt are under one lock, as in the
 * drivers of the tree.
 *
 * Compiled behind the driver, in one file with it.
 */
#include <linux/pci.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include <cdma-native.h>

#define SIZE 64

static struct virtio_device *vdev;
static struct virtqueue *vq;
static void __iomem *regs;
static DEFINE_SPINLOCK(lock);
static u32 got;

static bool notify(struct virtqueue *q)
{
	writew(q->index, regs + 0x10);
	return true;
}

/* What the device wrote, and that it is all there. */
static void callback(struct virtqueue *q)
{
	unsigned int len;
	unsigned long flags;
	u8 *buf;

	spin_lock_irqsave(&lock, flags);
	while ((buf = virtqueue_get_buf(q, &len))) {
		got += buf[len - 1];
		kfree(buf);
	}
	spin_unlock_irqrestore(&lock, flags);
}

int prepare(void)
{
	struct pci_dev *pdev = cdmasim_pci_device();
	int err;

	vdev = kzalloc(sizeof(*vdev), GFP_KERNEL);
	if (!vdev)
		return -ENOMEM;
	INIT_LIST_HEAD(&vdev->vqs);
	spin_lock_init(&vdev->vqs_list_lock);
	vdev->features = 1ull << VIRTIO_F_VERSION_1 |
			 1ull << VIRTIO_F_ACCESS_PLATFORM |
			 1ull << VIRTIO_F_ORDER_PLATFORM;
	vdev->dev.parent = &pdev->dev;
	regs = pci_ioremap_bar(pdev, 0);
	vq = vring_create_virtqueue(0, 4, SMP_CACHE_BYTES, vdev, false, false,
				    false, notify, callback, "queue");
	if (!vq) {
		kfree(vdev);
		return -ENOMEM;
	}
#if IS_ENABLED(CONFIG_VIRTIO_HARDEN_NOTIFICATION)
	to_vvq(vq)->broken = false;
#endif
	err = request_irq(pdev->irq, vring_interrupt, 0, "virtio", vq);
	if (err) {
		vring_del_virtqueue(vq);
		kfree(vdev);
		return err;
	}
	writel(virtqueue_get_desc_addr(vq), regs);
	writel(virtqueue_get_avail_addr(vq), regs + 4);
	writel(virtqueue_get_used_addr(vq), regs + 8);
	return 0;
}

/* One more buffer for the device. */
int give(void)
{
	u8 *buf = kmalloc(SIZE, GFP_KERNEL);
	struct scatterlist sg;
	unsigned long flags;
	int err;

	if (!buf)
		return -ENOMEM;
	sg_init_one(&sg, buf, SIZE);
	spin_lock_irqsave(&lock, flags);
	err = virtqueue_add_inbuf(vq, &sg, 1, buf, GFP_ATOMIC);
	if (!err)
		virtqueue_kick(vq);
	spin_unlock_irqrestore(&lock, flags);
	if (err)
		kfree(buf);
	return err;
}

void finish(void)
{
	void *buf;

	free_irq(to_pci_dev(vdev->dev.parent)->irq, vq);
	while ((buf = virtqueue_detach_unused_buf(vq)))
		kfree(buf);
	vring_del_virtqueue(vq);
	kfree(vdev);
}
