/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_LOCAL64_H
#define CDMASIM_ASM_LOCAL64_H

/* local64_t: the kernel's own, made of atomic_long_t and so of asm/atomic.h. */

#include <asm-generic/local64.h>

#endif /* CDMASIM_ASM_LOCAL64_H */
