/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_BUILTINS_H
#define SCRIPT_BUILTINS_H

/*
 * Builtins: the calls and the names that a scenario finds ready made.
 *
 * One table holds what the whole program knows of a call: resolve checks its
 * arguments against it, the compiler picks its meaning by id, messages and
 * manual take its words from it.  To add a call is to add a line there, and a
 * meaning in sim/run.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an argument must be. */
enum arg {
	ARG_NONE,      /* no argument here */
	ARG_VALUE,     /* a number */
	ARG_TRUTH,     /* a condition */
	ARG_CONDITION, /* one that is waited for: it only looks */
	ARG_UNUSED,    /* a time, saved flags: nobody looks at it */
	ARG_FLAGS,     /* a number: gfp flags and attributes */
	ARG_ORDER,     /* Read, Write or Full; a NUMBER of enum cdma_order */
	ARG_ANY,       /* a number; reads in it are part of the call */
	ARG_STORED,    /* what the place before it holds: a number, a struct */
	ARG_WORD,      /* shared or DMA memory, or a local: a scalar */
	ARG_SHARED,    /* shared or coherent memory: a scalar */
	ARG_DMA,       /* DMA memory: a box, coherent, handle, view, window */
	ARG_DMA_WORD,  /* DMA memory: a scalar */
	ARG_MEMORY,    /* shared, DMA or raw memory, or a local */
	ARG_BUFFER,    /* a local array, struct or scalar */
	ARG_COUNTER,   /* a local scalar that the call changes */
	ARG_REG,       /* DEVICE.REGISTER */
	ARG_BUS,       /* the same, or memory, by mistake */
	ARG_TOLD,      /* &x: where an address goes */
	ARG_DEVICE,
	ARG_IRQ, /* DEVICE.IRQ */
	ARG_TIMER,
	ARG_WORK,
	ARG_TASKLET,
	ARG_NAPI,
	ARG_THREAD, /* the name of one on a CPU */
	ARG_LOCK,
	ARG_MUTEX,
	ARG_COMPLETION,
	ARG_WAITQUEUE,
	ARG_REVOCABLE, /* a resource of a device, too */
	ARG_DEVRES,
	ARG_FIXED, /* a number that is known before the run */
	ARG_TYPE,  /* T or T[n] */
	ARG_INIT,  /* { .f = v, ... }, of the type before it */
	ARG_BOX,   /* the name of a box */
	ARG_COHERENT,
	ARG_OWNER,  /* the name of a box, coherent or handle */
	ARG_OBJECT, /* the name of any object */
	ARG_WINDOW,
	ARG_KMEM,     /* the name of a buffer */
	ARG_MAPPED,   /* memory: a buffer, shared, DMA memory, a local */
	ARG_POOL,     /* the name of a pool */
	ARG_SG,       /* the name of a scatterlist, all of it */
	ARG_SG_ENTRY, /* one entry of it */
	ARG_NR,
};

/* "a device"; for messages. */
const char *arg_name(enum arg arg);

enum result {
	RESULT_NONE,
	RESULT_S32, /* a number of fewer bits */
	RESULT_U32,
	RESULT_S64,  /* a number; 0 or -errno where the call can fail */
	RESULT_U64,  /* a number compared without sign */
	RESULT_SAME, /* a number with the sign of the first argument */
	RESULT_JOIN, /* a number, unsigned when one argument is */
	RESULT_READ, /* what is at the place of the first argument */
	RESULT_WORD, /* what is, or was, in the SHARED argument */
	RESULT_BOX,  /* of the type that the arguments say */
	RESULT_COHERENT,
	RESULT_HANDLE,
	RESULT_VIEW,
	RESULT_WINDOW,
	RESULT_KMEM,
	RESULT_POOL,
};

/* Who may make a call, and where. */
#define WHO_CPU    (1u << 0) /* setup, teardown, cpu threads, irq handlers */
#define WHO_DEVICE (1u << 1) /* threads on a device */
#define WHO_FINAL  (1u << 2) /* final */
#define WHO_ANY    (WHO_CPU | WHO_DEVICE | WHO_FINAL)

enum builtin_id {
	/* Memory, by the CPU; memset and memcpy by anybody. */
	BUILTIN_READ_ONCE,
	BUILTIN_WRITE_ONCE,
	BUILTIN_DMA_READ,
	BUILTIN_DMA_WRITE,
	BUILTIN_READ_VAL,
	BUILTIN_WRITE_VAL,
	BUILTIN_COPY_READ,
	BUILTIN_COPY_WRITE,
	BUILTIN_COPY_TO_SLICE,
	BUILTIN_COPY_FROM_SLICE,
	BUILTIN_LOAD_ACQUIRE,
	BUILTIN_STORE_RELEASE,
	BUILTIN_RMW, /* see rmw */
	BUILTIN_DATA_RACE,
	BUILTIN_MEMSET,
	BUILTIN_MEMCPY,
	/* Registers; see width and relaxed. */
	BUILTIN_REG_READ,
	BUILTIN_REG_WRITE,
	BUILTIN_REG_POLL, /* readl_poll_timeout() */
	BUILTIN_REG_TRY_READ,
	BUILTIN_REG_TRY_WRITE,
	BUILTIN_COPY_TOIO,
	BUILTIN_COPY_FROMIO,
	/* Barriers; see domain and order. */
	BUILTIN_FENCE,
	BUILTIN_COMPILER_BARRIER,
	BUILTIN_PAUSE, /* time passes, which is not modelled */
	/* Objects. */
	BUILTIN_DMA_ALLOC,
	BUILTIN_DMA_ALLOC_COHERENT,
	BUILTIN_DMA_ALLOC_HANDLE,
	BUILTIN_BOX_FROM_SLICE,
	BUILTIN_COHERENT_FROM_SLICE,
	BUILTIN_COHERENT_INIT,
	BUILTIN_INIT_AT,
	BUILTIN_EXPOSE,
	BUILTIN_FREE,
	BUILTIN_ERR,
	BUILTIN_DMA_HANDLE,
	BUILTIN_SIZE,
	BUILTIN_LEN,
	BUILTIN_AS_REF,
	BUILTIN_AS_MUT,
	BUILTIN_END,
	BUILTIN_TRY_CAST,
	BUILTIN_DEBUGFS_READ,
	BUILTIN_ATTRS_NOT,
	BUILTIN_ATTRS_CONTAINS,
	/* Memory of the kernel, and its mappings; see how. */
	BUILTIN_KMALLOC,
	BUILTIN_KFREE,
	BUILTIN_DMA_ALLOC_NONCOHERENT,
	BUILTIN_DMA_FREE_NONCOHERENT,
	BUILTIN_DMA_MAP,
	BUILTIN_DMA_MAP_RESOURCE,
	BUILTIN_DMA_UNMAP,
	BUILTIN_DMA_SYNC,
	BUILTIN_DMA_MAPPING_ERROR,
	BUILTIN_DMA_ASK,
	BUILTIN_POOL_CREATE,
	BUILTIN_POOL_ALLOC,
	BUILTIN_POOL_FREE,
	BUILTIN_POOL_DESTROY,
	BUILTIN_SG_SET,
	BUILTIN_SG_MAP,
	BUILTIN_SG_UNMAP,
	BUILTIN_SG_SYNC,
	BUILTIN_SG_ADDRESS,
	BUILTIN_SG_LEN,
	/* Masks. */
	BUILTIN_BIT_MASK,
	BUILTIN_MASK_TRY_NEW,
	BUILTIN_SET_MASK,
	BUILTIN_SET_COHERENT_MASK,
	BUILTIN_SET_MASK_AND_COHERENT,
	BUILTIN_SET_MAX_SEG_SIZE,
	BUILTIN_SET_SEG_BOUNDARY,
	/* The life of a device. */
	BUILTIN_BIND,
	BUILTIN_UNBIND,
	BUILTIN_GET_DEVICE,
	BUILTIN_PUT_DEVICE,
	BUILTIN_SET_MASTER,
	BUILTIN_CLEAR_MASTER,
	BUILTIN_ENABLE_DEVICE_MEM,
	BUILTIN_IOMAP,
	BUILTIN_LEASE_BEGIN,
	BUILTIN_LEASE_END,
	BUILTIN_IOUNMAP,
	/* What can be revoked, and resources of devices. */
	BUILTIN_REVOCABLE_NEW,
	BUILTIN_DEVRES_NEW,
	BUILTIN_TRY_ACCESS,
	BUILTIN_GUARD_PUT,
	BUILTIN_REVOCABLE_ACCESS,
	BUILTIN_DEVRES_ACCESS,
	BUILTIN_REVOKE,
	BUILTIN_REVOKE_NOSYNC,
	BUILTIN_DEVRES_FREE,
	/* CPU threads and interrupts. */
	BUILTIN_SPIN_LOCK,
	BUILTIN_SPIN_UNLOCK,
	BUILTIN_TRYLOCK,
	BUILTIN_IRQS_OFF, /* of this CPU; see how */
	BUILTIN_IRQS_ON,
	BUILTIN_COMPLETE,
	BUILTIN_COMPLETE_ALL,
	BUILTIN_REINIT,
	BUILTIN_WAIT_FOR_COMPLETION,
	BUILTIN_WAIT_TIMEOUT,
	BUILTIN_TRY_WAIT,
	BUILTIN_COMPLETION_DONE,
	BUILTIN_WAIT_EVENT,
	BUILTIN_WAIT_EVENT_TIMEOUT,
	BUILTIN_WAKE_UP,
	BUILTIN_RCU_LOCK,
	BUILTIN_RCU_UNLOCK,
	BUILTIN_RCU_SYNC,
	BUILTIN_HANDLER, /* see handler */
	BUILTIN_FLUSH_ALL,
	BUILTIN_ARMED,
	BUILTIN_POLL_DONE,
	BUILTIN_KTHREAD_STOP,
	BUILTIN_SHOULD_STOP,
	BUILTIN_REQUEST_IRQ,
	BUILTIN_RAISE,
	BUILTIN_LOWER,
	BUILTIN_SHUTDOWN,
	/* Arithmetic. */
	BUILTIN_ASSERT,
	BUILTIN_WARN_ON,
	BUILTIN_MIN,
	BUILTIN_MAX,
	BUILTIN_LOWER_32,
	BUILTIN_UPPER_32,
	BUILTIN_ENDIAN, /* cpu_to_le32 and friends; see width and how */
	BUILTIN_BITS,   /* see how: enum bits_op, and width */
	BUILTIN_NATIVE, /* a function of a shared object; not in the table */
	BUILTIN_NR,
};

#define BUILTIN_ARGS_MAX 6

/* What an atomic operation stores. */
enum rmw {
	RMW_NONE,
	RMW_SET,
	RMW_SET_IF, /* the value is what was expected */
	RMW_ADD,
	RMW_ADD_UNLESS, /* ... it is not */
	RMW_SUB,
	RMW_AND,
	RMW_OR,
	RMW_XOR,
};

/* What it gives back. */
enum rmw_gives {
	GIVES_NOTHING,
	GIVES_OLD,
	GIVES_NEW,
	GIVES_ZERO,     /* whether the new value is 0 */
	GIVES_NEGATIVE, /* whether it is below 0 */
	GIVES_DONE,     /* whether it was stored */
	GIVES_BIT,      /* what the bit was */
};

/* How a call about a mapping says it. */
/* What the machine is asked. */
enum dma_question { ASK_SYNC, ASK_SIZE, ASK_LINE };

#define HOW_OFFSET   (1u << 0) /* an offset comes after the memory or address */
#define HOW_FOR_CPU  (1u << 1) /* of a sync; else for the device */
#define HOW_ZEROED   (1u << 2) /* of an allocation */
#define HOW_TABLE    (1u << 3) /* of all entries of a list: an sg_table */
#define HOW_RESOURCE (1u << 4) /* of registers */

/* What a call does with the bits of a number. */
enum bits_op {
	BITS_FFS,  /* the lowest that is set, from 1; 0: none is */
	BITS_FLS,  /* the highest */
	BITS_NR,   /* how many are set */
	BITS_SWAP, /* its bytes, of width, the other way round */
};

/* How a call turns bytes around. */
#define HOW_BIG    (1u << 0)
#define HOW_TO_CPU (1u << 1)

/* @op of the low @bytes of @value. */
uint64_t bits_of(enum bits_op op, unsigned int bytes, uint64_t value);

/* What a call does with a handler, in this order; see cdma/handler.h. */
struct builtin_handler {
	uint8_t arms;  /* enum handler_arms; 0: it does not */
	uint8_t begin; /* CDMA_HANDLER_CLEAR and the like, at once */
	uint8_t waits; /* 1 + enum cdma_handler_wait; 0: not */
	uint8_t after; /* CDMA_HANDLER_CLEAR and the like, then */
	uint8_t gives; /* enum handler_gives */
};

struct builtin {
	const char *name;
	enum builtin_id id;
	enum result result;
	enum arg args[BUILTIN_ARGS_MAX]; /* ARG_NONE after the last */
	uint8_t min_args;                /* those after are optional */
	uint8_t who;                     /* WHO_* */
	bool is_pure;                    /* depends on its arguments alone */
	bool in_poll;   /* may stand in the condition of a poll */
	bool can_fail;  /* may be followed by ? */
	bool sleeps;    /* may sleep, whatever its arguments are */
	uint8_t width;  /* bytes of a register access */
	bool relaxed;   /* of a register access */
	uint8_t domain; /* enum cdma_domain, of a fence */
	uint8_t order;  /* enum cdma_ordering, of a fence without argument */
	struct builtin_handler handler; /* of a HANDLER */
	uint8_t rmw;                    /* enum rmw, of an atomic operation */
	uint8_t gives;                  /* enum rmw_gives */
	uint8_t by;  /* its operand where no argument is; 0: there is */
	bool is_bit; /* its operand is the number of a bit */
	uint8_t how; /* HOW_*, of a mapping, an ENDIAN; CDMA_LOCK_*, of a lock;
			enum bits_op; enum dma_question */
	bool has_variants; /* NAME_relaxed, NAME_acquire, NAME_release */
	const char *usage; /* "READ_ONCE(lv)" */
	const char *doc;   /* one line */
};

/* The table, in the order of the manual. */
extern const struct builtin builtins[];
extern const size_t nr_builtins;

/* The call named @name, which may be a variant of it, or NULL. */
const struct builtin *builtin_find(const char *name);

/* Which of the variants of @builtin is called @name: "_acquire"; "" for its own
 * name, NULL when it is none of them. */
const char *builtin_variant(const struct builtin *builtin, const char *name);

/*
 * Constants: flags, errors, orders.
 *
 * The flags of an allocation are one number: the gfp flags in the low half,
 * the attributes in the high one.
 */
#define FLAGS_GFP(flags)   ((uint32_t)(flags))
#define FLAGS_ATTRS(flags) ((uint32_t)((uint64_t)(flags) >> 32))

struct builtin_const {
	const char *name;
	uint64_t value;
	const char *doc; /* one line; NULL for an errno */
};

extern const struct builtin_const builtin_consts[];
extern const size_t nr_builtin_consts;

#endif /* SCRIPT_BUILTINS_H */
