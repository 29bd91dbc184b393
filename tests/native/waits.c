/* SPDX-License-Identifier: MIT */

/*
 * Locks, completions, interrupts and waits: waits-language.dma is the same in
 * the language, and has as many executions.
 */

#include <cdma/model.h>

static bool is_told(void *arg)
{
	(void)arg;
	return cdma_engine_reg_read(cdma_model_actor(), cdma_model_mmio("nic"),
				    0, 4) == 1;
}

void engine(void)
{
	if (cdma_model_poll(is_told, NULL))
		cdma_irq_raise(cdma_model_irq("nic.rx"), cdma_model_actor());
}

static void count(void)
{
	struct cdma_view view = cdma_model_shared("count");
	struct cdma_lock *lock = cdma_model_lock("lock");

	cdma_lock_as(lock, CDMA_LOCK_IRQ);
	cdma_view_write32(view, cdma_view_read32(view) + 1);
	cdma_unlock_as(lock, CDMA_LOCK_IRQ);
}

void handle_rx(void)
{
	count();
	cdma_complete(cdma_model_completion("done"));
}

void thread_a(void)
{
	cdma_writel(1, cdma_model_registers("nic"), 0);
	cdma_wait_for_completion(cdma_model_completion("done"));
	count();
}

void thread_b(void)
{
	count();
}
