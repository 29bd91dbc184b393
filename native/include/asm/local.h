/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_LOCAL_H
#define CDMASIM_ASM_LOCAL_H

/* local_t: the kernel's own, made of atomic_long_t and so of asm/atomic.h. */

#include <asm-generic/local.h>

#endif /* CDMASIM_ASM_LOCAL_H */
