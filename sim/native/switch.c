/* SPDX-License-Identifier: MIT */
#include "native/switch.h"

#include <stdint.h>
#include <string.h>

/*
 * Registers that a function keeps for its caller, and how the machine rounds
 * numbers.  All else a compiler has saved already where it calls this.
 */

#if defined(__x86_64__)

/* rbp, rbx, r12 to r15, the control words of SSE and of the x87. */
#define WORDS 7

__asm__(".text\n"
	".globl native_switch\n"
	".hidden native_switch\n"
	".type native_switch, @function\n"
	"native_switch:\n"
	"	endbr64\n"
	"	push %rbp\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	sub $8, %rsp\n"
	"	stmxcsr (%rsp)\n"
	"	fnstcw 4(%rsp)\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	ldmxcsr (%rsp)\n"
	"	fldcw 4(%rsp)\n"
	"	add $8, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	"	ret\n"
	".size native_switch, . - native_switch\n");

void *native_switch_new(void *end, void (*entry)(void))
{
	uint64_t *sp = end;
	uint32_t control[2] = {0};

	__asm__ volatile("stmxcsr %0\n\tfnstcw %1"
			 : "=m"(control[0]), "=m"(control[1]));
	/* Nobody called it: that is where a debugger stops. */
	*--sp = 0;
	*--sp = (uint64_t)(uintptr_t)entry;
	sp -= WORDS;
	memset(sp, 0, WORDS * sizeof(*sp));
	memcpy(sp, control, sizeof(control));
	return sp;
}

#elif defined(__aarch64__)

/* x19 to x30, d8 to d15, fpcr; rounded up to 16 bytes. */
#define WORDS 22

__asm__(".text\n"
	".globl native_switch\n"
	".hidden native_switch\n"
	".type native_switch, %function\n"
	"native_switch:\n"
	"	hint #34\n"
	"	sub sp, sp, #176\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mrs x9, fpcr\n"
	"	str x9, [sp, #160]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldr x9, [sp, #160]\n"
	"	msr fpcr, x9\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #176\n"
	"	ret\n"
	".size native_switch, . - native_switch\n");

void *native_switch_new(void *end, void (*entry)(void))
{
	uint64_t *sp = (uint64_t *)end - WORDS;
	uint64_t control;

	__asm__ volatile("mrs %0, fpcr" : "=r"(control));
	memset(sp, 0, WORDS * sizeof(*sp));
	sp[11] = (uint64_t)(uintptr_t)entry; /* x30 */
	sp[20] = control;
	return sp;
}

#else

void native_switch(void **from, void *to)
{
	(void)from;
	(void)to;
	__builtin_trap();
}

void *native_switch_new(void *end, void (*entry)(void))
{
	(void)entry;
	return end;
}

#endif
