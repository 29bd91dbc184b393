/* SPDX-License-Identifier: MIT */

/*
 * A driver and its device in C: what nic-rx.dma runs.
 *
 * The device fills descriptors, the driver reads their lengths.  Without
 * dma_rmb() in between (param rmb) nothing keeps the two reads in order.
 */

#include <cdma/model.h>

#include <errno.h>

#define RING 2
#define DONE 1

struct rx_desc {
	uint32_t len;
	uint32_t status;
};

/* Of the driver alone. */
static struct cdma_coherent *ring;
static uint32_t bytes;

static struct cdma_view field_of(size_t i, size_t offset)
{
	struct cdma_view desc;

	if (cdma_view_try_index(cdma_coherent_view(ring), i, &desc))
		return cdma_view_field(cdma_coherent_view(ring), 0, 4, 4);
	return cdma_view_field(desc, offset, 4, 4);
}

/* ---- the driver ---- */

int probe(void)
{
	struct cdma_device *nic = cdma_model_device("nic");
	struct cdma_view regs = cdma_model_registers("nic");

	cdma_set_name(cdma_model_world(), "ring");
	if (cdma_coherent_zeroed_slice(nic, sizeof(struct rx_desc), RING,
				       CDMA_GFP_KERNEL, &ring))
		return -ENOMEM;
	cdma_writel(cdma_coherent_dma_handle(ring), regs, 0);
	return 0;
}

static bool is_done(void *arg)
{
	const size_t *i = arg;

	return cdma_view_read32(field_of(*i, 4)) == DONE;
}

int poll_rx(void)
{
	struct cdma_world *world = cdma_model_world();

	for (size_t i = 0; i < RING; i++) {
		if (!cdma_model_poll(is_done, &i))
			return -ETIMEDOUT;
		cdma_branch(world, cdma_last_dep(world));
		if (cdma_model_param("rmb"))
			cdma_dma_rmb(world);
		bytes += cdma_view_read32(field_of(i, 0));
	}
	return 0;
}

void remove_nic(void)
{
	cdma_coherent_free(&ring);
}

/* ---- the device ---- */

static void put(uint64_t at, uint32_t value)
{
	cdma_engine_write(cdma_model_actor(), at, &value, sizeof(value));
}

void engine(void)
{
	uint64_t at = cdma_engine_reg_read(cdma_model_actor(),
					   cdma_model_mmio("nic"), 0, 4);

	for (uint32_t i = 0; i < RING; i++) {
		put(at + 8 * i, 64 + i);
		put(at + 8 * i + 4, DONE);
	}
}
