/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_PROCESSOR_H
#define CDMASIM_ASM_PROCESSOR_H

/*
 * cpu_relax(): who spins lets the others go on (native/kernel/wait.c), else a
 * loop that waits for somebody would never end.  It orders nothing.
 */

#define cpu_relax um_cpu_relax
#define rep_nop   um_rep_nop
#include_next <asm/processor.h>
#undef cpu_relax
#undef rep_nop

void cdmasim_relax(void);
#define cpu_relax() cdmasim_relax()
#define rep_nop()   cdmasim_relax()

#endif /* CDMASIM_ASM_PROCESSOR_H */
