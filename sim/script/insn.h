/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_INSN_H
#define SCRIPT_INSN_H

/*
 * Insn: one instruction of a program.
 *
 * The list gives for each its name and what it uses.  dst, a, b, c are
 * registers unless it says slot, device, handler, lock and the like.
 * A place is slot a, offset b + imm; its length, where one is needed, is in c.
 * "-> pc" is a jump to imm.
 *
 * A visible instruction is a step: the strategy decides when it is done.  The
 * others are done together with the step before them.
 */

#include <stdint.h>

/* X(name, "text", is it visible) */
#define INSNS(X)                                                               \
	/* dst = a; the low size bytes of a, extended as flags say */          \
	X(MOV, "mov", 0)                                                       \
	X(TRUNC, "trunc", 0)                                                   \
	/* dst = a op b; _U without sign */                                    \
	X(ADD, "add", 0)                                                       \
	X(SUB, "sub", 0)                                                       \
	X(MUL, "mul", 0)                                                       \
	X(DIV, "div", 0)                                                       \
	X(DIV_U, "div_u", 0)                                                   \
	X(MOD, "mod", 0)                                                       \
	X(MOD_U, "mod_u", 0)                                                   \
	X(AND, "and", 0)                                                       \
	X(OR, "or", 0)                                                         \
	X(XOR, "xor", 0)                                                       \
	X(SHL, "shl", 0)                                                       \
	X(SHR, "shr", 0)                                                       \
	X(SHR_U, "shr_u", 0)                                                   \
	X(EQ, "eq", 0)                                                         \
	X(NE, "ne", 0)                                                         \
	X(LT, "lt", 0)                                                         \
	X(LT_U, "lt_u", 0)                                                     \
	X(LE, "le", 0)                                                         \
	X(LE_U, "le_u", 0)                                                     \
	X(MIN, "min", 0)                                                       \
	X(MIN_U, "min_u", 0)                                                   \
	X(MAX, "max", 0)                                                       \
	X(MAX_U, "max_u", 0)                                                   \
	/* dst = a, which was chosen by b */                                   \
	X(CHOSEN, "chosen", 0)                                                 \
	/* dst = op a */                                                       \
	X(NOT, "not", 0)                                                       \
	X(BOOL, "bool", 0)                                                     \
	/* how: enum bits_op, of size bytes of a */                            \
	X(BITS, "bits", 0)                                                     \
	X(BIT_MASK, "bit_mask", 0)                                             \
	/* MASK_TRY_NEW: -EINVAL for too many bits */                          \
	X(MASK_TRY_NEW, "mask_try_new", 0)                                     \
	/* -> pc; if a is zero; if it is not; both are branches, but for       \
	 * INSNF_CHOICE */                                                     \
	X(JUMP, "jump", 0)                                                     \
	X(JUMP_Z, "jump_z", 0)                                                 \
	X(JUMP_NZ, "jump_nz", 0)                                               \
	/* if the last call failed: dst = its error; else -> pc */             \
	X(TRY, "try", 0)                                                       \
	/* dst = dst + 1; if it is below a -> pc */                            \
	X(LOOP, "loop", 0)                                                     \
	/* dst = dst + 1; the scenario is wrong when that is more than imm.    \
	 * how: 1 when it is the turn of a loop; size: 1 when imm is a guess   \
	 */                                                                    \
	X(BOUND, "bound", 0)                                                   \
	/* the section ends; a: what it returns */                             \
	X(END, "end", 0)                                                       \
	/* handler a waits to be armed; its run ends, with b; aux: 1 + that of \
	 * its thread, or 0 */                                                 \
	X(ENTER, "enter", 1)                                                   \
	X(EXIT, "exit", 0)                                                     \
	/* wait for what stands up to POLL_END; there: if a is zero -> pc.     \
	 * how: 1 when who runs out is stuck */                                \
	X(POLL, "poll", 1)                                                     \
	X(POLL_END, "poll_end", 0)                                             \
	/* dst = b + a * imm, where a is below c; outside: INSNF_TRY fails,    \
	 * INSNF_FREE does not care, else the place is marked */               \
	X(INDEX, "index", 0)                                                   \
	/* dst = a * imm, register aux = (b - a) * imm, where a <= b <= c;     \
	 * aux2: slot that it is a range of, or 0 */                           \
	X(RANGE, "range", 0)                                                   \
	/* dst = size bytes at b + imm of the frame; those bytes = dst.        \
	 * Bytes have reads of their own, and all of a variable those of a,    \
	 * which a store at a place that was read adds to */                   \
	X(LOCAL_LOAD, "local_load", 0)                                         \
	X(LOCAL_STORE, "local_store", 0)                                       \
	/* c bytes of the frame: from a to dst; to dst, all of them a */       \
	X(LOCAL_COPY, "local_copy", 0)                                         \
	X(LOCAL_FILL, "local_fill", 0)                                         \
	/* dst = size bytes at a place; those bytes = dst.  By a CPU, how:     \
	 * enum insn_how.  _Q: not visible */                                  \
	X(LOAD, "load", 1)                                                     \
	X(LOAD_Q, "load_q", 0)                                                 \
	X(STORE, "store", 1)                                                   \
	X(STORE_Q, "store_q", 0)                                               \
	/* the same in one step: dst = the old value, c: operand, how: enum    \
	 * rmw, aux: RMWF_*, aux2: register with what is expected.  One that   \
	 * fails and is FULL leaves out the next instruction */                \
	X(RMW, "rmw", 1)                                                       \
	/* the same by a device; SPLIT: in two halves, with a BULK_MORE */     \
	X(DMA_LOAD, "dma_load", 1)                                             \
	X(DMA_STORE, "dma_store", 1)                                           \
	X(DMA_SPLIT, "dma_split", 1)                                           \
	/* registers: by a CPU, how: enum reg_how; and by their device */      \
	X(REG_LOAD, "reg_load", 1)                                             \
	X(REG_STORE, "reg_store", 1)                                           \
	X(REG_TRY_LOAD, "reg_try_load", 1)                                     \
	X(REG_TRY_STORE, "reg_try_store", 1)                                   \
	X(ENGINE_LOAD, "engine_load", 1)                                       \
	X(ENGINE_STORE, "engine_store", 1)                                     \
	X(ENGINE_STORE_Q, "engine_store_q", 0)                                 \
	/* c bytes at a place to the frame at dst, and back; from or to the    \
	 * scratch bytes with INSNF_SCRATCH.  Each is followed by a BULK_MORE, \
	 * which makes one piece and is done again until none is left.         \
	 * INSNF_DMA: by a device */                                           \
	X(BULK_READ, "bulk_read", 1)                                           \
	X(BULK_READ_Q, "bulk_read_q", 0)                                       \
	X(BULK_WRITE, "bulk_write", 1)                                         \
	X(BULK_WRITE_Q, "bulk_write_q", 0)                                     \
	X(BULK_MORE, "bulk_more", 1)                                           \
	/* all that the next bulk write stores comes from the reads of a, too  \
	 */                                                                    \
	X(BULK_DATA, "bulk_data", 0)                                           \
	/* c bytes of scratch, all of them a */                                \
	X(SCRATCH_FILL, "scratch_fill", 0)                                     \
	/* barriers; how: domain, size: order.  COMPILER: of the compiler */   \
	X(FENCE, "fence", 0)                                                   \
	X(FULL_FENCE, "full_fence", 1)                                         \
	/* slot dst = memory for device a; b: elements of imm bytes, c: flags, \
	 * how: enum object.  ALLOC_BEGIN: the first half */                   \
	X(ALLOC_BEGIN, "alloc_begin", 1)                                       \
	X(ALLOC, "alloc", 1)                                                   \
	/* the same with what the frame has at b, as many bytes as register    \
	 * imm says; aux2: bytes of an element */                              \
	X(FROM_SLICE, "from_slice", 1)                                         \
	/* one element, filled by init list imm */                             \
	X(COHERENT_INIT, "coherent_init", 1)                                   \
	/* dst = 0 or -errno: element b of slot a filled by init list imm */   \
	X(INIT_AT, "init_at", 1)                                               \
	/* slot dst = box a, which is no more */                               \
	X(EXPOSE, "expose", 1)                                                 \
	X(FREE, "free", 1)                                                     \
	/* the same as device aux, of b bytes, at the address c */             \
	X(FREE_DMA, "free_dma", 1)                                             \
	/* dst = of slot a: why it failed; bytes; elements of imm bytes */     \
	X(ERR, "err", 0)                                                       \
	X(SIZE, "size", 0)                                                     \
	X(LEN, "len", 0)                                                       \
	/* dst = the DMA address of a place */                                 \
	X(ADDRESS, "address", 0)                                               \
	/* dst = a pointer to a place; slot dst = what pointer a               \
	 * points to, which is looked up imm bytes further on */               \
	X(POINTER, "pointer", 0)                                               \
	X(POINT, "point", 0)                                                   \
	/* slot dst = slot a; is element b of the imm slots from a on; = a     \
	 * view of a place, with elements of aux bytes; imm from dst on are    \
	 * nothing */                                                          \
	X(ALIAS, "alias", 0)                                                   \
	X(SELECT, "select", 0)                                                 \
	X(VIEW, "view", 0)                                                     \
	X(CLEAR, "clear", 0)                                                   \
	/* slot dst = a view of aux bytes, aligned to aux2, of a place */      \
	X(TRY_CAST, "try_cast", 0)                                             \
	/* slot dst = a window on a place, with elements of aux bytes; how: 1  \
	 * when exclusive */                                                   \
	X(WINDOW, "window", 1)                                                 \
	X(WINDOW_END, "window_end", 1)                                         \
	/* dst = bytes copied of slot a, from offset b on; b moves by them; c: \
	 * room; aux: 1 + register with the byte that faults, 0: none */       \
	X(DEBUGFS, "debugfs", 1)                                               \
	/* device a; b: the mask or size; how: enum cdma_mask_kind */          \
	X(MASK_BEGIN, "mask_begin", 1)                                         \
	X(MASK_END, "mask_end", 1)                                             \
	X(BIND, "bind", 1)                                                     \
	/* how: 1 when there was an UNBIND_BEGIN: dst = whether it is bound */ \
	X(UNBIND, "unbind", 1)                                                 \
	X(UNBIND_BEGIN, "unbind_begin", 1)                                     \
	X(IOUNMAP, "iounmap", 1)                                               \
	/* revocable a is there; dst = 0 or -errno: resource a is */           \
	X(REVOCABLE_NEW, "revocable_new", 1)                                   \
	X(DEVRES_NEW, "devres_new", 1)                                         \
	/* dst = whether there is a guard; it is put; without one, aux: 1 +    \
	 * device that knows, dst = 0 or -EINVAL */                            \
	X(TRY_ACCESS, "try_access", 1)                                         \
	X(GUARD_PUT, "guard_put", 1)                                           \
	X(ACCESS, "access", 1)                                                 \
	/* dst = whether revocable a was there; how: 1 when a GRACE_END        \
	 * follows */                                                          \
	X(REVOKE, "revoke", 1)                                                 \
	/* dst = 0, or twice 1 + the newest resource of device a, and one more \
	 * when it was there; resource a was dropped; wait for that */         \
	X(DEVRES_TAKE, "devres_take", 1)                                       \
	X(DEVRES_DONE, "devres_done", 1)                                       \
	X(DEVRES_WAIT, "devres_wait", 1)                                       \
	X(GET_DEVICE, "get_device", 1)                                         \
	X(PUT_DEVICE, "put_device", 1)                                         \
	X(MASTER, "master", 1)                                                 \
	X(IOMAP, "iomap", 1)                                                   \
	X(MAY_FAIL, "may_fail", 1)                                             \
	X(ENABLE_DEVICE, "enable_device", 1)                                   \
	/* a place is told to device aux, or forgotten by it */                \
	X(LEASE_BEGIN, "lease_begin", 1)                                       \
	X(LEASE_END, "lease_end", 1)                                           \
	/* slot dst = b elements of imm bytes of the kernel, c: flags, how: 1  \
	 * when zeroed */                                                      \
	X(KMALLOC, "kmalloc", 1)                                               \
	/* slot dst = b elements of imm bytes, c: flags, mapped for device a;  \
	 * aux: register with the direction */                                 \
	X(NC_ALLOC, "nc_alloc", 1)                                             \
	/* c bytes at a place, and at the address aux2 of device aux, are      \
	 * freed; dst: register with the direction */                          \
	X(NC_FREE, "nc_free", 1)                                               \
	/* dst = the address of c bytes of a place for device aux; aux2:       \
	 * register with the direction, and above it one with attributes.      \
	 * INSNF_SCRATCH: they are on a stack, INSNF_TRY: registers */         \
	X(MAP, "map", 1)                                                       \
	/* the mapping at b, of c bytes, is undone, INSNF_TRY: of registers;   \
	 * it goes to the CPU (how:                                            \
	 * 1) or the device; aux, aux2: as above.  a: 0 */                     \
	X(UNMAP, "unmap", 1)                                                   \
	X(DMA_SYNC, "dma_sync", 1)                                             \
	/* dst = 0 or -ENOMEM: whether the map that gave b failed */           \
	X(MAP_ERROR, "map_error", 0)                                           \
	/* dst = what the machine says of b, device aux; how: dma_question */  \
	X(MAP_ASK, "map_ask", 0)                                               \
	/* slot dst = a pool for device a of blocks of imm bytes; b: align, c: \
	 * boundary; a block of pool slot a, c: flags, how: 1 when zeroed */   \
	X(POOL_CREATE, "pool_create", 1)                                       \
	X(POOL_ALLOC, "pool_alloc", 1)                                         \
	/* the block in slot a goes back to that in slot b; pool slot a */     \
	X(POOL_FREE, "pool_free", 1)                                           \
	X(POOL_DESTROY, "pool_destroy", 1)                                     \
	/* entry slot dst = c bytes of a place; INSNF_SCRATCH: on a stack */   \
	X(SG_SET, "sg_set", 0)                                                 \
	/* the list of imm slots from a on, c entries of it; dst = segments;   \
	 * aux, aux2: as of MAP; how: HOW_*, of builtins.h */                  \
	X(SG_MAP, "sg_map", 1)                                                 \
	X(SG_UNMAP, "sg_unmap", 1)                                             \
	X(SG_SYNC, "sg_sync", 1)                                               \
	/* dst = address, how: 1: length, of the segment of entry slot a */    \
	X(SG_PART, "sg_part", 0)                                               \
	/* a finding where nobody may sleep; interrupts of this CPU: how:      \
	 * CDMA_LOCK_*, size: 1 when they are on again */                      \
	X(MIGHT_SLEEP, "might_sleep", 0)                                       \
	X(IRQS, "irqs", 0)                                                     \
	/* lock a, how: CDMA_LOCK_*; completion a; irq a */                    \
	X(SPIN_LOCK, "spin_lock", 1)                                           \
	X(SPIN_UNLOCK, "spin_unlock", 1)                                       \
	X(COMPLETE, "complete", 1)                                             \
	X(WAIT, "wait", 1)                                                     \
	/* dst = whether lock a was taken, completion a was there */           \
	X(SPIN_TRYLOCK, "spin_trylock", 1)                                     \
	X(COMPLETE_ALL, "complete_all", 1)                                     \
	X(REINIT, "reinit", 1)                                                 \
	X(WAIT_TIMEOUT, "wait_timeout", 1)                                     \
	X(TRY_WAIT, "try_wait", 1)                                             \
	X(COMPLETION_DONE, "completion_done", 1)                               \
	/* wait queue a: look once at what stands up to LOOK_END, which is as  \
	 * POLL_END; sleep until woken, dst = whether time is over */          \
	X(LOOK, "look", 1)                                                     \
	X(LOOK_END, "look_end", 0)                                             \
	X(SLEEP, "sleep", 1)                                                   \
	X(WAKE_UP, "wake_up", 1)                                               \
	/* a read-side section; a grace period, in two steps */                \
	X(RCU_LOCK, "rcu_lock", 1)                                             \
	X(RCU_UNLOCK, "rcu_unlock", 1)                                         \
	X(GRACE_BEGIN, "grace_begin", 1)                                       \
	X(GRACE_END, "grace_end", 1)                                           \
	/* handler a is armed, as aux says, enum handler_arms; dst: see how,   \
	 * enum handler_gives */                                               \
	X(ARM, "arm", 1)                                                       \
	/* dst = whether handler a is armed */                                 \
	X(ARMED, "armed", 1)                                                   \
	/* aux: CDMA_HANDLER_*; dst: see how */                                \
	X(CHANGE, "change", 1)                                                 \
	/* size: enum cdma_handler_wait; then aux; dst = whether it was armed, \
	 * unless it is 0 */                                                   \
	X(AWAIT, "await", 1)                                                   \
	/* dst = whether the poll of handler a is done */                      \
	X(POLL_DONE, "poll_done", 1)                                           \
	/* tell section a to stop; dst = what it returned; dst = whether the   \
	 * section that asks was told */                                       \
	X(THREAD_STOP, "thread_stop", 1)                                       \
	X(THREAD_STOPPED, "thread_stopped", 1)                                 \
	X(SHOULD_STOP, "should_stop", 1)                                       \
	X(IRQ_REQUEST, "irq_request", 1)                                       \
	/* fault a of the program, of a device, comes: what it has put off, or \
	 * what comes of itself; b: 1 + the interrupt that it is about, or 0   \
	 */                                                                    \
	X(FAULT, "fault", 1)                                                   \
	/* the engine's device is not there any more; imm of FAULT is where    \
	 * this stands */                                                      \
	X(GONE, "gone", 1)                                                     \
	X(RAISE, "raise", 1)                                                   \
	X(LOWER, "lower", 1)                                                   \
	X(SHUTDOWN, "shutdown", 1)                                             \
	/* begin native function a, with size arguments: b, c, the halves of   \
	 * aux and of aux2; dst = what it gives.  One that gives it at once    \
	 * leaves out the next instruction, by which it goes on, again and     \
	 * again */                                                            \
	X(NATIVE, "native", 0)                                                 \
	X(NATIVE_MORE, "native_more", 1)                                       \
	X(ASSERT, "assert", 0)

enum insn_op {
#define X(name, text, visible) INSN_##name,
	INSNS(X)
#undef X
		INSN_NR,
};

/* How a CPU loads and stores. */
enum insn_how {
	HOW_PLAIN,
	HOW_MARKED,
	HOW_ORDERED, /* load_acquire, store_release */
	HOW_COPY,    /* of BULK: memcpy and copy_*_slice */
};

/* Of ADDRESS: the text calls for it. */
#define HOW_CALLED 1

/* How a call arms a handler: at once, or a NAPI in two halves. */
enum handler_arms {
	HANDLER_ARMS = 1,
	HANDLER_PREPARES,
	HANDLER_QUEUES,
};

/* What a call about a handler gives: whether it is armed anew, was armed, was
 * armed or ran. */
enum handler_gives {
	HANDLER_GIVES_FRESH,
	HANDLER_GIVES_WAS,
	HANDLER_GIVES_BUSY,
};

/* Where the pointers to the registers of a device begin. */
#define IOMEM_BASE ((uint64_t)0xffc9 << 48)

/* Flags. */
#define INSNF_SIGNED    (1u << 0) /* extend with the sign */
#define INSNF_BIG       (1u << 1) /* big-endian */
#define INSNF_RACE_OK   (1u << 2) /* in data_race() */
#define INSNF_RELAXED   (1u << 3)
#define INSNF_TRY       (1u << 4)
#define INSNF_UNORDERED INSNF_TRY /* of an access, which cannot be tried */
#define INSNF_FREE      (1u << 5) /* no bounds: an address is an address */
#define INSNF_DMA       (1u << 6)
#define INSNF_SCRATCH   (1u << 7)
/* Of a jump: it only chooses among values, which come from what decided; the
 * machine may have no branch there, so nothing is held back. */
#define INSNF_CHOICE INSNF_RELAXED
/* Of a MOV or LOCAL_FILL: nobody has defined it. */
#define INSNF_UNDEF INSNF_RELAXED

/* Of a wait: it may be given up, for time is over. */
#define INSNF_TIMEOUT INSNF_FREE

/* Of RMW, in aux. */
#define RMWF_FULL    (1u << 0) /* of one that may fail: full when it does not */
#define RMWF_ACQUIRE (1u << 1)
#define RMWF_RELEASE (1u << 2)
#define RMWF_UNSEEN  (1u << 3) /* nobody gets the old value */
#define RMWF_UNUSED  (1u << 4) /* ... and who gets it does not use it */

struct insn {
	uint8_t op; /* enum insn_op */
	uint8_t size;
	uint8_t how;
	uint8_t flags; /* INSNF_* */
	uint16_t dst, a, b, c;
	uint32_t site; /* index into program.sites */
	uint32_t aux, aux2;
	uint64_t imm;
};

#endif /* SCRIPT_INSN_H */
