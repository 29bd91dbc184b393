/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_IRQFLAGS_H
#define CDMASIM_ASM_IRQFLAGS_H

/*
 * Interrupts of this processor: off and on again (native/kernel/lock.c).
 *
 * They order nothing towards anybody.
 */

unsigned long cdmasim_irq_flags(void);
void cdmasim_irq_restore(unsigned long flags);

#define ARCH_IRQ_DISABLED      0
#define ARCH_IRQ_ENABLED       1
#define arch_local_save_flags  cdmasim_irq_flags
#define arch_local_irq_restore cdmasim_irq_restore

#include <asm-generic/irqflags.h>

#endif /* CDMASIM_ASM_IRQFLAGS_H */
