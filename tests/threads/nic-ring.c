/* SPDX-License-Identifier: MIT */

/*
 * A driver and its device as their author would write them, in a program of
 * their own: probe, a ring, an engine, an interrupt, unbind.
 *
 *	cc -g -o nic-ring nic-ring.c $(pkg-config --cflags --libs cdma-run)
 *	./nic-ring explore		# what is wrong
 *	./nic-ring run --threads -D rmb=1	# with the barrier, on threads
 */

#include <cdma/model.h>
#include <cdma/run.h>

#include <errno.h>

#define RING 2
#define DONE 1

/* Registers. */
#define RING_LO 0
#define GO      4

struct rx_desc {
	uint32_t len;
	uint32_t status;
};

/* ---- the driver ---- */

static struct cdma_coherent *ring;
static uint32_t bytes;
static size_t next; /* descriptor to be looked at */

/* Four bytes at @offset of descriptor @i. */
static struct cdma_view field(size_t i, size_t offset)
{
	return cdma_view_field(cdma_coherent_view(ring),
			       i * sizeof(struct rx_desc) + offset, 4, 4);
}

static int probe(void)
{
	struct cdma_view regs = cdma_model_registers("nic");
	int err;

	cdma_set_name(cdma_model_world(), "ring");
	err = cdma_coherent_zeroed_slice(cdma_model_device("nic"),
					 sizeof(struct rx_desc), RING,
					 CDMA_GFP_KERNEL, &ring);
	if (err)
		return err;
	cdma_writel(cdma_coherent_dma_handle(ring), regs, RING_LO);
	return 0;
}

static int ifup(void)
{
	cdma_writel(1, cdma_model_registers("nic"), GO);
	cdma_wait_for_completion(cdma_model_completion("received"));
	return bytes == RING * 64 ? 0 : -EIO;
}

/* All that is there, which may be more than this interrupt is about. */
static int handle_rx(void)
{
	struct cdma_world *world = cdma_model_world();

	while (next < RING && cdma_view_read32(field(next, 4)) == DONE) {
		cdma_branch(world, cdma_last_dep(world));
		if (cdma_model_param("rmb"))
			cdma_dma_rmb(world);
		bytes += cdma_view_read32(field(next, 0));
		if (++next == RING)
			cdma_complete(cdma_model_completion("received"));
	}
	return 0;
}

static int unbind(void)
{
	cdma_writel(0, cdma_model_registers("nic"), GO);
	cdma_coherent_free(&ring);
	return 0;
}

/* ---- the device ---- */

static bool is_up(void *arg)
{
	(void)arg;
	return cdma_engine_reg_read(cdma_model_actor(), cdma_model_mmio("nic"),
				    GO, 4) == 1;
}

static void put(uint64_t at, uint32_t value)
{
	cdma_engine_write(cdma_model_actor(), at, &value, sizeof(value));
}

static int engine(void)
{
	uint64_t at;

	if (!cdma_model_poll(is_up, NULL))
		return -ETIMEDOUT;
	at = cdma_engine_reg_read(cdma_model_actor(), cdma_model_mmio("nic"),
				  RING_LO, 4);
	for (uint32_t i = 0; i < RING; i++, at += sizeof(struct rx_desc)) {
		put(at, 64);
		put(at + 4, DONE);
		cdma_irq_raise(cdma_model_irq("nic.rx"), cdma_model_actor());
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct cdma_run *run = cdma_run_new("nic_ring", "NIC RX ring in C");
	int status;

	cdma_run_declare(run, "param rmb = 0;");
	cdma_run_declare(run, "device nic { regs { u32 ring_lo; u32 go; }"
			      " irq rx: msi; dma_bits = 32; };");
	cdma_run_declare(run, "completion received;");
	cdma_run_setup(run, probe);
	cdma_run_thread(run, ifup);
	cdma_run_engine(run, "nic", engine);
	cdma_run_irq(run, "nic.rx", handle_rx);
	cdma_run_teardown(run, unbind);
	status = cdma_run_main(run, argc, argv);
	cdma_run_free(run);
	return status;
}
