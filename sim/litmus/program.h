/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_PROGRAM_H
#define LITMUS_PROGRAM_H

/*
 * Program: what the threads of a litmus test do, as a tree.
 *
 * An expression computes from registers, numbers and addresses; what touches
 * memory or orders anything is an action, and it may stand in an expression.
 * What an action means is said by its tags alone: axiom/ never looks at a name.
 *
 * All of it is owned by the arena of its test, and is not changed once parsed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "script/span.h"

/*
 * What the events of an action are, in the words of linux-kernel.bell and
 * linux-kernel.cat, and in ours where a device takes part.
 */
enum litmus_tag {
	TAG_INIT, /* the first value of a location */
	TAG_PLAIN,
	TAG_ONCE,
	TAG_ACQUIRE,
	TAG_RELEASE,
	TAG_NORETURN, /* the read of an operation that gives nothing back */
	TAG_RMW,      /* of an atomic operation, also of one that fails */
	/* Locks: the two halves of spin_lock(), spin_unlock(), a spin_trylock()
	 * that fails, and spin_is_locked() with either answer. */
	TAG_LKR,
	TAG_LKW,
	TAG_UL,
	TAG_LF,
	TAG_RL,
	TAG_RU,
	TAG_SRCU_LOCK,
	TAG_SRCU_UNLOCK,
	/* Fences. */
	TAG_MB,
	TAG_WMB,
	TAG_RMB,
	TAG_BARRIER, /* of the compiler */
	TAG_BEFORE_ATOMIC,
	TAG_AFTER_ATOMIC,
	TAG_AFTER_SPINLOCK,
	TAG_AFTER_UNLOCK_LOCK,
	TAG_AFTER_SRCU_UNLOCK,
	TAG_RCU_LOCK,
	TAG_RCU_UNLOCK,
	TAG_SYNC_RCU,
	TAG_SYNC_SRCU,
	/* Where a device takes part: barriers towards it, for memory alone or
	 * for its registers, too; ordered accesses to a register; writes that
	 * may overtake; an interrupt, raised or taken. */
	TAG_DMA,
	TAG_IO,
	TAG_MMIO,
	TAG_ORDERED,
	TAG_RELAXED,
	TAG_UNORDERED,
	TAG_IRQ,
	TAG_NR,
};

#define TAGGED(tag) ((uint64_t)1 << TAG_##tag)

enum litmus_op {
	LITMUS_OP_ADD,
	LITMUS_OP_SUB,
	LITMUS_OP_MUL,
	LITMUS_OP_DIV,
	LITMUS_OP_AND,
	LITMUS_OP_OR,
	LITMUS_OP_XOR,
	LITMUS_OP_ANDNOT,
	LITMUS_OP_SHL,
	LITMUS_OP_SHR,
	LITMUS_OP_EQ,
	LITMUS_OP_NE,
	LITMUS_OP_LT,
	LITMUS_OP_LE,
	LITMUS_OP_GT,
	LITMUS_OP_GE,
	LITMUS_OP_ALSO,   /* && */
	LITMUS_OP_EITHER, /* || */
	LITMUS_OP_NR,
};

enum litmus_expr_kind {
	LITMUS_NUMBER, /* or an address, which is one */
	LITMUS_REG,
	LITMUS_OP,
	LITMUS_ACTION,
};

struct litmus_expr {
	enum litmus_expr_kind kind;
	enum litmus_op op;
	int64_t number;
	size_t reg; /* in litmus.regs */
	const struct litmus_expr *a, *b;
	const struct litmus_action *action;
};

enum litmus_does {
	DOES_LOAD,
	DOES_STORE,
	DOES_SET,        /* xchg() */
	DOES_SET_IF,     /* cmpxchg() */
	DOES_OP,         /* atomic_add() and so on */
	DOES_ADD_UNLESS, /* atomic_add_unless() */
	DOES_FENCE,
	DOES_LOCK,
	DOES_TRY_LOCK,
	DOES_ASK_LOCK, /* spin_is_locked() */
	DOES_COMPLETE,
	DOES_WAIT, /* wait_for_completion() */
};

/* What an operation gives. */
enum litmus_gives { GIVES_THE_OLD, GIVES_THE_NEW };

struct litmus_action {
	const char *name; /* "READ_ONCE"; "" for a plain access */
	enum litmus_does does;
	enum litmus_op op; /* of DOES_OP */
	enum litmus_gives gives;
	uint64_t read, write; /* tags; of a fence: write */
	bool is_full;         /* smp_mb() before it and after it */
	const struct litmus_expr *place, *value, *old;
	struct span span;
};

enum litmus_stmt_kind { LITMUS_SET_REG, LITMUS_DO, LITMUS_IF };

/* A row of statements. */
struct litmus_stmt {
	enum litmus_stmt_kind kind;
	size_t reg;                     /* SET_REG */
	const struct litmus_expr *expr; /* value, action, condition */
	const struct litmus_stmt *yes, *no;
	const struct litmus_stmt *next;
	struct span span;
};

#endif /* LITMUS_PROGRAM_H */
