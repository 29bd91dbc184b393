/* SPDX-License-Identifier: MIT */

/*
 * The ring of bench-run.c as a driver in C, made by the compiler pass; and
 * accesses to private memory, many of them.
 */

#include <cdma/driver.h>
#include <cdma/model.h>

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define RING         2

struct rx_desc {
	uint32_t len, status;
};

static struct rx_desc *ring;
static cdma_driver_u64 ring_dma;
static uint64_t *words;

int probe(void)
{
	struct cdma_device *dev = cdma_driver_device("nic");

	ring = cdma_driver_dma_alloc(dev, RING * sizeof(*ring), &ring_dma, 0, 0,
				     "ring");
	if (!ring)
		return -12;
	cdma_driver_mmio_write(cdma_driver_ioremap(dev), 8, ring_dma, 0);
	return 0;
}

static bool is_done(void *arg)
{
	return READ_ONCE(((struct rx_desc *)arg)->status) == 1;
}

int poll_rx(void)
{
	uint32_t sum = 0;

	for (int i = 0; i < RING; i++) {
		if (!cdma_model_poll(is_done, &ring[i]))
			return -110;
		cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_READ);
		sum += READ_ONCE(ring[i].len);
	}
	return (int)sum;
}

void remove_nic(void)
{
	cdma_driver_dma_free(cdma_driver_device("nic"), RING * sizeof(*ring),
			     ring, ring_dma);
}

/* A load and a store, @count times; in memory of the heap. */
int work(uint32_t count)
{
	words = cdma_driver_keep(256 * sizeof(*words));
	for (uint32_t i = 0; i < count; i++)
		words[i % 256] += i;
	return 0;
}
