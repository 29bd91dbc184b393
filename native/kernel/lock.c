/* SPDX-License-Identifier: MIT */
/*
 * Lock: spinlocks, rwlocks, mutexes, rwsems, and interrupts of a CPU.
 *
 * What an owner did before it gave a lock back comes before what the next owner
 * does (cdma/lock.h); a lock that is only tried and not had orders nothing.
 * Readers exclude each other here: what two of them do side by side is not
 * seen.  local_irq_save() orders nothing.
 */
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rtnetlink.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include <cdma/driver.h>

CDMA_SERVICES;

/* ---- spinlocks ---- */

void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name,
			  struct lock_class_key *key, short inner)
{
	cdma_driver_lock_init(lock, 0, name);
}

void __lockfunc _raw_spin_lock(raw_spinlock_t *lock)
{
	cdma_driver_lock(lock, 0);
}

void __lockfunc _raw_spin_lock_bh(raw_spinlock_t *lock)
{
	cdma_driver_lock(lock, CDMA_DRIVER_BH);
}

void __lockfunc _raw_spin_lock_irq(raw_spinlock_t *lock)
{
	cdma_driver_lock(lock, CDMA_DRIVER_IRQ);
}

unsigned long __lockfunc _raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	unsigned long flags = cdmasim_irq_flags();

	cdma_driver_lock(lock, CDMA_DRIVER_IRQ);
	return flags;
}

int __lockfunc _raw_spin_trylock(raw_spinlock_t *lock)
{
	return cdma_driver_trylock(lock, 0);
}

int __lockfunc _raw_spin_trylock_bh(raw_spinlock_t *lock)
{
	return cdma_driver_trylock(lock, CDMA_DRIVER_BH);
}

void __lockfunc _raw_spin_unlock(raw_spinlock_t *lock)
{
	cdma_driver_unlock(lock, 0);
}

void __lockfunc _raw_spin_unlock_bh(raw_spinlock_t *lock)
{
	cdma_driver_unlock(lock, CDMA_DRIVER_BH);
}

void __lockfunc _raw_spin_unlock_irq(raw_spinlock_t *lock)
{
	cdma_driver_unlock(lock, CDMA_DRIVER_IRQ);
}

void __lockfunc _raw_spin_unlock_irqrestore(raw_spinlock_t *lock,
					    unsigned long flags)
{
	cdma_driver_unlock(lock, CDMA_DRIVER_IRQ);
}

/* ---- rwlocks: one at a time ---- */

void __rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key)
{
	cdma_driver_lock_init(lock, 0, name);
}

#define RWLOCK(kind)                                                           \
	void __lockfunc _raw_##kind##_lock(rwlock_t *lock)                     \
	{                                                                      \
		cdma_driver_lock(lock, 0);                                     \
	}                                                                      \
	void __lockfunc _raw_##kind##_lock_bh(rwlock_t *lock)                  \
	{                                                                      \
		cdma_driver_lock(lock, CDMA_DRIVER_BH);                        \
	}                                                                      \
	void __lockfunc _raw_##kind##_lock_irq(rwlock_t *lock)                 \
	{                                                                      \
		cdma_driver_lock(lock, CDMA_DRIVER_IRQ);                       \
	}                                                                      \
	unsigned long __lockfunc _raw_##kind##_lock_irqsave(rwlock_t *lock)    \
	{                                                                      \
		unsigned long flags = cdmasim_irq_flags();                     \
                                                                               \
		cdma_driver_lock(lock, CDMA_DRIVER_IRQ);                       \
		return flags;                                                  \
	}                                                                      \
	int __lockfunc _raw_##kind##_trylock(rwlock_t *lock)                   \
	{                                                                      \
		return cdma_driver_trylock(lock, 0);                           \
	}                                                                      \
	void __lockfunc _raw_##kind##_unlock(rwlock_t *lock)                   \
	{                                                                      \
		cdma_driver_unlock(lock, 0);                                   \
	}                                                                      \
	void __lockfunc _raw_##kind##_unlock_bh(rwlock_t *lock)                \
	{                                                                      \
		cdma_driver_unlock(lock, CDMA_DRIVER_BH);                      \
	}                                                                      \
	void __lockfunc _raw_##kind##_unlock_irq(rwlock_t *lock)               \
	{                                                                      \
		cdma_driver_unlock(lock, CDMA_DRIVER_IRQ);                     \
	}                                                                      \
	void __lockfunc _raw_##kind##_unlock_irqrestore(rwlock_t *lock,        \
							unsigned long flags)   \
	{                                                                      \
		cdma_driver_unlock(lock, CDMA_DRIVER_IRQ);                     \
	}

RWLOCK(read)
RWLOCK(write)

/* ---- what sleeps ---- */

void __mutex_init(struct mutex *lock, const char *name,
		  struct lock_class_key *key)
{
	cdma_driver_lock_init(lock, CDMA_DRIVER_MUTEX, name);
}

void mutex_lock(struct mutex *lock)
{
	cdma_driver_lock(lock, CDMA_DRIVER_MUTEX);
}

int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

int mutex_lock_killable(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

int mutex_trylock(struct mutex *lock)
{
	return cdma_driver_trylock(lock, CDMA_DRIVER_MUTEX);
}

void mutex_unlock(struct mutex *lock)
{
	cdma_driver_unlock(lock, CDMA_DRIVER_MUTEX);
}

bool mutex_is_locked(struct mutex *lock)
{
	return cdma_driver_is_locked(lock);
}

void __init_rwsem(struct rw_semaphore *sem, const char *name,
		  struct lock_class_key *key)
{
	cdma_driver_lock_init(sem, CDMA_DRIVER_MUTEX, name);
}

void down_read(struct rw_semaphore *sem)
{
	cdma_driver_lock(sem, CDMA_DRIVER_MUTEX);
}

void up_read(struct rw_semaphore *sem)
{
	cdma_driver_unlock(sem, CDMA_DRIVER_MUTEX);
}

void down_write(struct rw_semaphore *sem)
{
	cdma_driver_lock(sem, CDMA_DRIVER_MUTEX);
}

void up_write(struct rw_semaphore *sem)
{
	cdma_driver_unlock(sem, CDMA_DRIVER_MUTEX);
}

static DEFINE_MUTEX(rtnl);

void rtnl_lock(void)
{
	mutex_lock(&rtnl);
}

int rtnl_trylock(void)
{
	return mutex_trylock(&rtnl);
}

void rtnl_unlock(void)
{
	mutex_unlock(&rtnl);
}

int rtnl_is_locked(void)
{
	return mutex_is_locked(&rtnl);
}

/* ---- interrupts of this CPU ---- */

static bool are_off(void)
{
	return cdma_driver_off(0) & CDMA_DRIVER_IRQ;
}

unsigned long cdmasim_irq_flags(void)
{
	return are_off() ? ARCH_IRQ_DISABLED : ARCH_IRQ_ENABLED;
}

/* cdma_driver_off() nests, flags do not. */
void cdmasim_irq_restore(unsigned long flags)
{
	if (flags == ARCH_IRQ_DISABLED && !are_off())
		cdma_driver_off(CDMA_DRIVER_IRQ);
	else if (flags != ARCH_IRQ_DISABLED && are_off())
		cdma_driver_on(CDMA_DRIVER_IRQ);
}

void __local_bh_enable_ip(unsigned long ip, unsigned int count)
{
	preempt_count_sub(count);
}
