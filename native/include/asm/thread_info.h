/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_THREAD_INFO_H
#define CDMASIM_ASM_THREAD_INFO_H

/*
 * Who runs: the kernel would look below its stack pointer, where there is
 * nothing here (native/kernel/task.c).
 */

#define current_thread_info um_current_thread_info
#include_next <asm/thread_info.h>
#undef current_thread_info

#ifndef __ASSEMBLY__
struct thread_info *cdmasim_thread_info(void);
#define current_thread_info cdmasim_thread_info
#endif

#endif /* CDMASIM_ASM_THREAD_INFO_H */
