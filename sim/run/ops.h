/* SPDX-License-Identifier: MIT */
#ifndef RUN_OPS_H
#define RUN_OPS_H

/*
 * Ops: one function for each kind of instruction; see script/insn.h.
 *
 *	op-value.c   numbers, jumps, bytes of the frame
 *	op-access.c  loads and stores of one scalar
 *	op-atomic.c  atomic operations, RCU
 *	op-bulk.c    structs, arrays, copies
 *	op-object.c  DMA memory and what refers to it
 *	op-mapping.c memory of the kernel, streaming DMA
 *	op-sg.c      lists of pieces of it
 *	op-pool.c    pools
 *	op-pointer.c pointers to memory
 *	op-device.c  masks, binding, leases, registers
 *	op-sync.c    barriers, locks, completions, polls
 *	op-handler.c what runs later: interrupts, timers, work
 *	op-fault.c   what broken devices do at times of their own
 *	op-native.c  functions of shared objects
 *	ops.c        the table
 */

#include "run/state.h"

#define OP(name)                                                               \
	void op_##name(struct machine *m, struct actor *a,                     \
		       const struct insn *in)
#define PEEK(name)                                                             \
	void peek_##name(struct machine *m, struct actor *a,                   \
			 const struct insn *in)
#define READY(name)                                                            \
	bool ready_##name(struct machine *m, struct actor *a,                  \
			  const struct insn *in)

/* op-value.c */
OP(mov);
OP(trunc);
OP(add);
OP(sub);
OP(mul);
OP(div);
OP(div_u);
OP(mod);
OP(mod_u);
OP(and);
OP(or);
OP(xor);
OP(shl);
OP(shr);
OP(shr_u);
OP(eq);
OP(ne);
OP(lt);
OP(lt_u);
OP(le);
OP(le_u);
OP(min);
OP(min_u);
OP(max);
OP(max_u);
OP(not );
OP(bool);
OP(bits);
OP(chosen);
OP(bit_mask);
OP(mask_try_new);
OP(jump);
OP(jump_z);
OP(jump_nz);
PEEK(jump_z);
PEEK(jump_nz);
OP(try);
OP(loop);
OP(bound);
OP(end);
OP(index);
OP(range);
OP(local_load);
OP(local_store);
OP(local_copy);
OP(local_fill);

/* op-access.c */
OP(load);
PEEK(load);
OP(store);
OP(dma_load);
PEEK(dma_load);
OP(dma_store);
OP(dma_split);
OP(reg_load);
PEEK(reg_load);
OP(reg_store);
OP(reg_try_load);
PEEK(reg_try_load);
OP(reg_try_store);
OP(engine_load);
OP(engine_store);

/* op-atomic.c */
OP(rmw);
OP(rcu_lock);
OP(rcu_unlock);
OP(grace_begin);
OP(grace_end);
READY(grace_end);

/* op-bulk.c */
OP(bulk_read);
OP(bulk_write);
PEEK(bulk_read);
OP(bulk_more);
PEEK(nothing);
OP(bulk_data);
OP(scratch_fill);

/* op-object.c */
OP(alloc_begin);
OP(alloc);
OP(from_slice);
OP(coherent_init);
OP(init_at);
OP(expose);
OP(free);
OP(free_dma);
OP(err);
OP(size);
OP(len);
OP(address);
OP(pointer);
OP(point);
OP(alias);
OP(select);
OP(view);
OP(clear);
OP(try_cast);
OP(window);
OP(window_end);
OP(debugfs);

/* op-mapping.c */
OP(kmalloc);
OP(nc_alloc);
OP(nc_free);
OP(map);
OP(unmap);
OP(dma_sync);
OP(map_error);
OP(map_ask);

/* op-pool.c */
OP(pool_create);
OP(pool_alloc);
OP(pool_free);
OP(pool_destroy);

/* op-sg.c */
OP(sg_set);
OP(sg_map);
OP(sg_unmap);
OP(sg_sync);
OP(sg_part);

/* op-device.c */
OP(mask_begin);
READY(mask_begin);
OP(mask_end);
OP(bind);
OP(unbind);
OP(unbind_begin);
READY(unbind_begin);
OP(iounmap);
OP(get_device);
OP(put_device);
OP(master);
OP(iomap);
OP(may_fail);
OP(enable_device);
OP(lease_begin);
OP(lease_end);

/* op-revocable.c */
OP(revocable_new);
OP(devres_new);
OP(try_access);
OP(guard_put);
OP(access);
OP(revoke);
OP(devres_take);
OP(devres_done);
OP(devres_wait);
READY(devres_wait);

/* op-sync.c */
OP(fence);
OP(spin_lock);
READY(spin_lock);
OP(spin_unlock);
OP(irqs);
OP(might_sleep);
OP(complete);
OP(wait);
READY(wait);
OP(spin_trylock);
OP(complete_all);
OP(reinit);
OP(wait_timeout);
OP(try_wait);
OP(completion_done);
PEEK(completion_done);
OP(look);
OP(sleep);
READY(sleep);
OP(wake_up);
OP(irq_request);
OP(poll);
READY(poll);
OP(fault);
READY(fault);
OP(gone);
OP(poll_end);
OP(assert);

/* op-handler.c */
OP(enter);
READY(enter);
OP(exit);
OP(poll_done);
OP(arm);
OP(armed);
PEEK(armed);
OP(raise);
OP(lower);
/* Whether @irq is an interrupt that its handler leaves raised. */
bool handler_is_storm(const struct machine *m, uint16_t irq);
OP(shutdown);
OP(change);
OP(await);
READY(await);
OP(thread_stop);
OP(thread_stopped);
READY(thread_stopped);
OP(should_stop);
PEEK(should_stop);

/* op-native.c */
OP(native);
OP(native_more);
READY(native_more);

#undef OP
#undef PEEK
#undef READY

#endif /* RUN_OPS_H */
