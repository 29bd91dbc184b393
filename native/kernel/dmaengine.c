/* SPDX-License-Identifier: MIT */
/*
 * Dmaengine: a DMA controller, and a client of it.
 *
 * Orders nothing by itself.  A client maps its buffers, submits a descriptor,
 * waits for its callback and unmaps: what the unmap orders is in dma.c; the
 * callback completes what the client waits for.
 *
 * Called by a scenario: dma_open(), dma_copy(len), dma_close().
 */
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/slab.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

static struct dma_device *engine;
static struct dma_chan *channel; /* while a client has it */

void dma_async_tx_descriptor_init(struct dma_async_tx_descriptor *tx,
				  struct dma_chan *chan)
{
	tx->chan = chan;
#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
	spin_lock_init(&tx->lock);
#endif
}

int dma_async_device_register(struct dma_device *device)
{
	if (!device->device_release)
		cdma_driver_warn("a DMA device without device_release");
	engine = device;
	return 0;
}

static void put(struct dma_device *device)
{
	if (!channel && device->device_release)
		device->device_release(device);
}

/* It is released when no client has it any more. */
void dma_async_device_unregister(struct dma_device *device)
{
	engine = NULL;
	put(device);
}

/* ---- a client ---- */

int dma_open(void)
{
	int ret;

	if (!engine)
		return -ENODEV;
	channel = list_first_entry(&engine->channels, struct dma_chan,
				   device_node);
	ret = engine->device_alloc_chan_resources
		      ? engine->device_alloc_chan_resources(channel)
		      : 0;
	if (ret < 0)
		channel = NULL;
	else
		channel->client_count = 1;
	return ret < 0 ? ret : 0;
}

void dma_close(void)
{
	struct dma_device *device = channel->device;

	if (device->device_free_chan_resources)
		device->device_free_chan_resources(channel);
	channel->client_count = 0;
	channel = NULL;
	if (!engine)
		put(device);
}

static void finished(void *done)
{
	complete(done);
}

static int submit(dma_addr_t dst, dma_addr_t src, size_t len)
{
	struct dma_async_tx_descriptor *tx;
	struct completion *done;
	dma_cookie_t cookie;

	tx = channel->device->device_prep_dma_memcpy(
		channel, dst, src, len, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!tx)
		return -EBUSY;
	done = cdma_driver_keep(sizeof(*done));
	init_completion(done);
	tx->callback = finished;
	tx->callback_param = done;
	cookie = tx->tx_submit(tx);
	if (dma_submit_error(cookie))
		return -EIO;
	dma_async_issue_pending(channel);
	/* As who polls does. */
	dma_async_is_tx_complete(channel, cookie, NULL, NULL);
	return wait_for_completion_timeout(done, HZ) ? 0 : -ETIMEDOUT;
}

static bool is_copy(const u8 *dst, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (dst[i] != (u8)(i + 1))
			return false;
	return true;
}

static int copy(u8 *dst, u8 *src, size_t len)
{
	struct device *dev = channel->device->dev;
	dma_addr_t from = dma_map_single(dev, src, len, DMA_TO_DEVICE);
	dma_addr_t to = dma_map_single(dev, dst, len, DMA_FROM_DEVICE);
	int err = -ENOMEM;

	if (!dma_mapping_error(dev, from) && !dma_mapping_error(dev, to))
		err = submit(to, from, len);
	if (!dma_mapping_error(dev, to))
		dma_unmap_single(dev, to, len, DMA_FROM_DEVICE);
	if (!dma_mapping_error(dev, from))
		dma_unmap_single(dev, from, len, DMA_TO_DEVICE);
	if (!err && !is_copy(dst, len))
		err = -EIO;
	return err;
}

/* Copy @len bytes.  0; -EIO: they are not there, although the driver says so;
 * -ETIMEDOUT: it never said so. */
int dma_copy(unsigned long len)
{
	u8 *src = kmalloc(len, GFP_KERNEL), *dst = kmalloc(len, GFP_KERNEL);
	int err = -ENOMEM;

	for (size_t i = 0; src && i < len; i++)
		src[i] = i + 1;
	if (src && dst)
		err = copy(dst, src, len);
	kfree(src);
	kfree(dst);
	return err;
}
