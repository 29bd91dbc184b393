/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_AST_H
#define SCRIPT_AST_H

/*
 * Ast: a scenario as a tree of plain structs, each with its place in the text.
 *
 * The parser makes one tree of a file and what it includes, and nobody changes
 * it afterwards.  For each variant, resolve makes a second tree of the same
 * structs out of it, in which all names are bound, types and constants known
 * and function calls expanded; that one is compiled (unit.h).  Members that
 * only the second tree has are marked [r].
 *
 * Lifetime: everything is in an arena of the script, or [r] of the unit.
 * Lists are linked by next, in the order of the text.  Texts are interned:
 * the same name is the same pointer, within one script.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cdma/types.h>

#include "script/builtins.h"
#include "script/span.h"
#include "script/type.h"

struct sym;

/* A name where it stands.  text is NULL when a name that may be missing is. */
struct name {
	const char *text; /* borrowed, interned */
	uint32_t id;      /* dense, from 0, one for each text */
	struct span span;
};

/* "struct rx_desc[N]" */
struct type_ref {
	struct name name;
	struct expr *len; /* NULL: no array; its next: of each element */
	bool is_array;
	uint8_t stars; /* how many * behind it */
	bool is_iomem; /* __iomem: of registers */
	bool is_volatile;
	bool is_struct;  /* written with "struct" */
	struct expr *of; /* typeof(of); NULL: it has a name */
	struct span span;
	struct type type; /* [r] */
};

/*
 * Expressions
 * -----------
 * What a kind uses of struct expr stands beside it.
 *
 * In the resolved tree, constants and whatever was computed from them alone
 * are EXPR_NUMBER; parentheses, & and the * of a view are gone; SIZEOF and
 * OFFSETOF do not occur; and each read of memory, of a register or of a local
 * is an EXPR_LOAD.  A place without a load around it is just named: the
 * argument of READ_ONCE(), the left side of an assignment, a view.
 */
enum expr_kind {
	EXPR_NUMBER,   /* value, type */
	EXPR_NAME,     /* name; [r] sym */
	EXPR_UNARY,    /* op of - ~ ! and, as parsed, & *; a */
	EXPR_BINARY,   /* op, a, b */
	EXPR_COND,     /* a ? b : c; b NULL: a ?: c */
	EXPR_COMMA,    /* a, b: a is not used */
	EXPR_INDEX,    /* a[b] */
	EXPR_RANGE,    /* a[b..c] */
	EXPR_FIELD,    /* a.name or a->name; [r] offset, or sym */
	EXPR_RAW,      /* (type *)a, a DMA address seen as memory */
	EXPR_CAST,     /* (type)a, a truncation */
	EXPR_FAILS,    /* whether the function of this name fails on purpose */
	EXPR_CALL,     /* name(args); [r] builtin, or body and params */
	EXPR_TRY,      /* a?  of a call, index or range: return its error */
	EXPR_INIT,     /* { inits } */
	EXPR_TYPE,     /* a type as argument: type */
	EXPR_SIZEOF,   /* sizeof a, or of type when a is NULL */
	EXPR_OFFSETOF, /* offsetof(type, a): a is a row of FIELD and INDEX
			  upon a NAME */
	EXPR_ASSIGN,   /* a op= b; its value is what a holds then */
	EXPR_STEP,     /* a++ or a--, ++a or --a where is_prefix: op, a */
	EXPR_LOAD,     /* [r] the value that is at place a */
	EXPR_ADDRESS,  /* [r] a pointer to place a, or to what call a gives */
	EXPR_POINTED,  /* [r] the place that pointer a points to */
	EXPR_MMIO,     /* [r] the register that pointer a points to; sym */
};

enum op {
	OP_NONE, /* of an assignment: plain = */
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_DIV,
	OP_MOD,
	OP_AND,
	OP_OR,
	OP_XOR,
	OP_SHL,
	OP_SHR,
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_GT,
	OP_LE,
	OP_GE,
	OP_LAND, /* && */
	OP_LOR,  /* || */
	OP_NEG,
	OP_NOT,   /* ! */
	OP_COMPL, /* ~ */
	OP_ADDR,  /* & */
	OP_DEREF, /* * */
	OP_NR,
};

/* The text of an operator: "<<". */
const char *op_text(enum op op);

/* [r] What kind of thing an expression denotes. */
enum denotes {
	DENOTES_NOTHING,   /* a call without result; poison after an error */
	DENOTES_VALUE,     /* a number; type is S64 or U64 */
	DENOTES_AGGREGATE, /* a struct or array that a call returned */
	DENOTES_LOCAL,     /* a local variable or a part of it, of type */
	DENOTES_SHARED,    /* kernel memory or a buffer, of type */
	DENOTES_OBJECT,    /* memory of a box ... window, of type */
	DENOTES_RAW,       /* memory at a DMA address, of type */
	DENOTES_REG,       /* a register of a device, of type */
	DENOTES_SYM,       /* a device, irq, lock, completion ...: sym */
	DENOTES_INIT,      /* an initialiser list, of type */
	DENOTES_TYPE,      /* a type */
};

/* The kinds of object that hold memory, and what refers to a part. */
enum object {
	OBJECT_NONE,
	OBJECT_BOX,
	OBJECT_COHERENT,
	OBJECT_HANDLE,
	OBJECT_VIEW,
	OBJECT_WINDOW,
	OBJECT_POOL, /* "pool": of blocks of DMA memory */
	OBJECT_SG,   /* "scatterlist": a piece of memory, and a segment */
	OBJECT_KMEM, /* "buffer": memory of the kernel, denoted as SHARED */
	OBJECT_NR,
};

/* "coherent"; NULL for OBJECT_NONE. */
const char *object_name(enum object object);

/* What the name of such an object denotes. */
enum denotes object_denotes(enum object object);

struct macro_use; /* resolve.h */

struct expr {
	enum expr_kind kind;
	enum op op;
	struct span span;
	struct expr *next; /* the next argument */
	struct expr *a, *b, *c;
	struct name name;
	struct type_ref *ref; /* of RAW, CAST, TYPE, SIZEOF, OFFSETOF */
	struct expr *args;    /* first of nr_args */
	struct init *inits;   /* of INIT */
	uint64_t value;       /* of NUMBER */
	uint32_t nr_args;
	uint16_t height; /* of the tree below; at most 200 */
	bool arrow;      /* written -> */
	bool is_prefix;  /* of STEP */
	bool is_ignored; /* of CALL: it prints; its arguments are left out */
	bool has_text;   /* of CALL: one of its arguments is a text */
	bool is_address; /* [r] a place that & was before */
	uint8_t big; /* [r] bytes of a number that cpu_to_be*() turned around */
	const struct macro_use *made_by; /* [r] of a CALL: in whose text it
					    is; NULL: none's */
	const char
		*held; /* [r] of a CALL that allocates: what holds it first */

	/* [r] */
	enum denotes denotes;
	enum object object; /* when the whole of an object is denoted */
	bool is_const;      /* kind is NUMBER */
	struct type type;
	struct sym *sym; /* of NAME; of a FIELD that is DEVICE.REG or .IRQ */
	uint64_t offset; /* of FIELD: bytes from the start of a */
	const struct builtin *builtin; /* of CALL; NULL: a function */
	struct sym **params; /* of a function: nr_args symbols.  NULL where the
				parameter is another name for what the argument
				names; else a LOCAL or VIEW that holds it */
	struct stmt *body;   /* of a function: its block, a tree of its own */
	/* Of a CALL that drops what is revoked: calls of what is done then, of
	 * which sym says what it belongs to; NULL: of the data of a driver. */
	struct expr *drops;
};

/* One part of { .f = v, @8 = v, v }. */
struct init {
	struct init *next;
	struct span span;
	struct name field; /* ".f"; text is NULL when it is not that */
	struct expr *from; /* "[from]" or "[from ... to]" */
	struct expr *to;
	struct expr *at; /* "@at": bytes from the start of the slot */
	struct expr *value;
	uint64_t offset;  /* [r] bytes from the start of the slot */
	struct type type; /* [r] what is written there; u8 for @ */
};

/*
 * Statements
 * ----------
 */
enum stmt_kind {
	STMT_BLOCK,  /* list */
	STMT_EMPTY,  /* rhs: what is not used, or NULL */
	STMT_DECL,   /* decls */
	STMT_ASSIGN, /* lhs op= rhs, how */
	STMT_STEP,   /* lhs++ or lhs--: op is ADD or SUB, how */
	STMT_CALL,   /* rhs: a CALL, or a TRY of one */
	STMT_IF,     /* cond, then, other */
	STMT_FOR,    /* name, from, to, max, then */
	STMT_POLL,   /* cond, max, other */
	STMT_LOOP,   /* of C: init, cond, step, max, then, is_do */
	STMT_SWITCH, /* cond, then: a block with CASEs in its list */
	STMT_CASE,   /* from, to: of a range; both NULL: default */
	STMT_GOTO,   /* name */
	STMT_BREAK,
	STMT_CONTINUE,
	STMT_RETURN, /* rhs, or NULL */
};

/* How a device store travels; the words for it are in parse-stmt.c. */
enum store {
	STORE_NORMAL,
	STORE_RELAXED,   /* may overtake others */
	STORE_UNORDERED, /* and be overtaken */
	STORE_SPLIT,     /* two halves, either first */
	STORE_NR,
};

/* The word for it: "relaxed"; not for STORE_NORMAL. */
const char *store_name(enum store how);

struct stmt {
	enum stmt_kind kind;
	enum op op;
	enum store how;
	struct span span;
	struct stmt *next;
	struct name label; /* text is NULL without one */
	struct stmt *list;
	struct decl *decls;
	struct expr *lhs, *rhs;
	struct expr *cond;
	struct stmt *then, *other; /* other may be NULL */
	struct name name;
	struct expr *from, *to;
	struct stmt *init, *step; /* of LOOP: lists, or NULL */
	bool is_do;               /* of LOOP: the condition comes last */
	bool is_endless;  /* [r] of a POLL that a loop of C was: it never runs
			     out */
	bool is_broken;   /* [r] of LOOP: its condition is wrong */
	bool is_guessed;  /* [r] of LOOP: nobody has said its max */
	struct expr *max; /* NULL in a loop without one; [r] a NUMBER */
	uint64_t stride;  /* [r] of a STEP: by how much */
	struct sym *sym;  /* [r] the variable of a FOR; of a LOOP, or NULL */
};

/* One variable of a declaration. */
struct decl {
	struct decl *next;
	struct span span;
	enum object object;   /* OBJECT_NONE: a local of type ref */
	struct type_ref *ref; /* of the local; of the memory behind an object,
				 or NULL: as its first value has it */
	struct name name;
	struct expr *len;  /* name[len], or NULL; its next: name[len][next] */
	struct expr *init; /* or NULL */
	struct sym *sym;   /* [r] */
};

/*
 * Items
 * -----
 */
enum item_kind {
	ITEM_SCENARIO,   /* name, text */
	ITEM_SOURCE,     /* text */
	ITEM_INCLUDE,    /* text; the items of the file follow this one */
	ITEM_PARAM,      /* name = value */
	ITEM_CONST,      /* name = value; one item for each name */
	ITEM_ENUM,       /* a CONST for each name follows */
	ITEM_STRUCT,     /* name, fields, packed, is_union */
	ITEM_DEVICE,     /* name, opts, fields (the registers), irqs; items:
			    REACTION */
	ITEM_SHARED,     /* ref name[len] = value */
	ITEM_SPINLOCK,   /* name */
	ITEM_MUTEX,      /* name */
	ITEM_COMPLETION, /* name */
	ITEM_WAITQUEUE,  /* name */
	ITEM_NATIVE,     /* text: a file; parts; params: functions of it */
	ITEM_DRIVER,     /* the same, of a kernel */
	ITEM_PATCH,      /* patch: of the source of the two above */
	ITEM_FN,         /* ref: NULL: none is said; name, params, body */
	ITEM_MACRO,      /* "#define F(x)": name, params, value */
	ITEM_PROTOTYPE,  /* of a function; it says nothing */
	ITEM_SETUP,      /* body */
	ITEM_TEARDOWN,   /* body */
	ITEM_FINAL,      /* body */
	ITEM_THREAD,     /* name on "on" core "core", body */
	ITEM_IRQ,        /* name on "on"."irq", body */
	ITEM_IRQ_THREAD, /* the same */
	ITEM_TIMER,      /* name, value: max, or NULL; body */
	ITEM_WORK,       /* the same */
	ITEM_TASKLET,    /* the same */
	ITEM_NAPI,       /* the same */
	ITEM_REACTION,   /* of a device: what its register name[irq] does on a
			    write of core, or is_read; body */
	ITEM_REVOCABLE,  /* name, body: what is done when it is dropped */
	ITEM_DEVRES,     /* the same; on: a device */
	ITEM_DRVDATA,    /* on, body */
	ITEM_MEMORY,     /* weak */
	ITEM_CONTRACT,   /* contract */
	ITEM_TIMEOUTS,   /* early */
	ITEM_MACHINE,    /* text, name.span: where it is */
	ITEM_EXPECT,     /* expect */
	ITEM_FAIL,       /* fail */
	ITEM_VARIANT,    /* name, text, items: MEMORY CONTRACT TIMEOUTS MACHINE
			    EXPECT FAIL PATCH, SET */
	ITEM_SET,        /* name = value */
};

struct field_ref {
	struct field_ref *next;
	struct type_ref *ref; /* NULL: of fields */
	struct name name;     /* text is NULL when those are fields of all */
	struct expr *len;     /* or NULL */
	struct expr *at;      /* "@ offset", of a register, or NULL */
	struct field_ref *fields; /* "struct { ... }", "union { ... }" */
	bool is_union;
	enum reg_how how; /* of a register */
	struct span span;
};

struct option {
	struct option *next;
	struct name name;
	struct expr *value;
};

struct irq_ref {
	struct irq_ref *next;
	struct name name;
	bool wire; /* intx */
	bool level;
};

struct param {
	struct param *next;
	struct type_ref *ref; /* NULL: whatever is passed */
	struct name name;
};

enum expect_when {
	EXPECT_SOME, /* in at least one schedule */
	EXPECT_ALWAYS,
	EXPECT_NEVER,
	EXPECT_NOTHING,   /* no finding at all */
	EXPECT_UNREACHED, /* nobody comes to a label */
	EXPECT_SETUP,     /* setup returns an error */
};

/* Which faults are tried besides those that are said, as the kernel's fail-nth
 * does; in the order of --faults. */
enum fault_mode {
	FAULTS_AS_SAID,
	FAULTS_EACH,  /* one, at each place that can fail */
	FAULTS_PAIRS, /* each two of them, too */
};

/* A turn of a loop: "[i=2]". */
struct turn_ref {
	struct turn_ref *next;
	struct name name;
	struct expr *value;
};

struct expect_ref {
	enum expect_when when;
	struct name finding;
	struct name of, at, against; /* text is NULL when left out */
	/* Of a line in C: what stands in it; NULL: whichever. */
	const char *at_text, *against_text;
	struct turn_ref *at_turns, *against_turns;
	struct expr *error;    /* of SETUP */
	enum fault_mode under; /* asked for in the runs with these faults */
	bool in_explore;    /* asked for when every schedule is tried, only */
	bool then_anything; /* what comes of it is expected, too */
};

enum fail_when {
	FAIL_FIRST, /* the first time, and no more */
	FAIL_NTH,   /* #N, from 1 */
	FAIL_EVERY, /* every N */
};

/* "probability=10": an attribute of a fault. */
struct attr_ref {
	struct name name;
	struct expr *value;
	struct attr_ref *next;
};

struct fail_ref {
	struct name device; /* text is NULL: a call fails */
	struct name site;   /* of a device: what it does, and to what */
	struct name what;   /* text is NULL when left out */
	struct name of;     /* text is NULL when left out */
	enum fail_when when;
	struct expr *nr;
	struct name field; /* text is NULL when left out */
	struct expr *byte; /* or NULL */
	struct expr *bit;  /* or NULL */
	struct expr *with; /* or NULL */
	/* When it counts: at a label, in a thread, after a label; text is NULL
	 * when left out. */
	struct name label, in, after;
	struct attr_ref *attrs;
};

/* What stands in the block of a native file. */
enum native_part_kind {
	NATIVE_PCI,    /* vendor, device, rev, on */
	NATIVE_IRQ,    /* on "." name */
	NATIVE_DEFINE, /* name, value or text; neither: 1 */
	NATIVE_SOURCE, /* text: a file that is compiled behind it */
	NATIVE_LINK,   /* text: a file that is compiled beside it */
};

struct native_part {
	struct native_part *next;
	enum native_part_kind kind;
	struct name name, on;               /* on: text is NULL when left out */
	struct expr *vendor, *device, *rev; /* rev: NULL: 0 */
	struct expr *value;
	const char *text;
	const char *path; /* of SOURCE, LINK: where it is; NULL: nowhere */
	struct span span;
};

/* How a source of C is changed, in which the text at stands once. */
enum patch_how {
	PATCH_AFTER,
	PATCH_BEFORE,
	PATCH_REPLACE,
	PATCH_REMOVE,
};

struct patch_ref {
	enum patch_how how;
	const char *at, *with; /* with: "" of REMOVE */
	struct name in;        /* a function; text is NULL: anywhere */
};

struct item {
	enum item_kind kind;
	struct span span;
	struct item *next;
	struct name name;
	struct name on, irq;
	struct name core; /* text is NULL when left out */
	const char *text; /* interned; NULL when left out */
	/* Of NATIVE, DRIVER: where it is, and its source; NULL: nowhere. */
	const char *path, *made_of;
	struct expr *value;
	struct type_ref *ref;
	struct expr *len;
	struct field_ref *fields;
	struct option *opts;
	struct irq_ref *irqs;
	struct param *params;
	uint32_t nr_params;
	struct stmt *body;
	struct item *items;
	struct expect_ref *expect;
	struct native_part *parts;
	struct patch_ref *patch;
	struct fail_ref *fail;
	struct expr *may_fail; /* of a function: its error, or NULL */
	bool packed, is_union, weak, early, is_read;
	enum cdma_contract contract;
};

#endif /* SCRIPT_AST_H */
