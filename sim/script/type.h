/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_TYPE_H
#define SCRIPT_TYPE_H

/*
 * Type: what a piece of memory holds: a scalar, a struct, or an array of one
 * of them.
 *
 * A type is a plain value, to be copied freely; its layout is borrowed from
 * the unit (unit.h).  Whether the memory belongs to a box or a register is not
 * part of its type.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* X(name, as written, size in bytes, signed, big-endian, fixed-endian) */
#define SCALARS(X)                                                             \
	X(U8, "u8", 1, false, false)                                           \
	X(U16, "u16", 2, false, false)                                         \
	X(U32, "u32", 4, false, false)                                         \
	X(U64, "u64", 8, false, false)                                         \
	X(S8, "s8", 1, true, false)                                            \
	X(S16, "s16", 2, true, false)                                          \
	X(S32, "s32", 4, true, false)                                          \
	X(S64, "s64", 8, true, false)                                          \
	X(LE16, "le16", 2, false, false)                                       \
	X(LE32, "le32", 4, false, false)                                       \
	X(LE64, "le64", 8, false, false)                                       \
	X(BE16, "be16", 2, false, true)                                        \
	X(BE32, "be32", 4, false, true)                                        \
	X(BE64, "be64", 8, false, true)                                        \
	X(INT, "int", 4, true, false)                                          \
	X(BOOL, "bool", 1, false, false)                                       \
	X(DMA_ADDR, "dma_addr_t", 8, false, false)                             \
	X(SIZE, "size_t", 8, false, false)

enum scalar {
	SCALAR_NONE, /* no type: a statement, or unknown after an error */
#define X(name, text, size, is_signed, big) SCALAR_##name,
	SCALARS(X)
#undef X
		SCALAR_STRUCT, /* see type.layout */
	SCALAR_POINTER,        /* see type.at, type.to */
	SCALAR_PART,           /* a lock, a timer: see type.part */
	SCALAR_NR,
};

/*
 * A value in an expression has one of the types that C computes in: SCALAR_S32,
 * SCALAR_U32, SCALAR_S64 or SCALAR_U64.  It is held in 64 bits, extended as its
 * type says.
 *
 * Memory of the machine is little-endian: u and le types are the same there,
 * be types are turned around when they are read and written.
 */
struct scalar_info {
	const char *name; /* as written; "struct" for SCALAR_STRUCT */
	uint8_t size;     /* bytes; 0 when that depends */
	bool is_signed;
	bool big_endian;
};

const struct scalar_info *scalar_info(enum scalar scalar);

/* The scalar called @name, or SCALAR_NONE. */
enum scalar scalar_find(const char *name);

struct type_ref;
struct part_kind; /* resolve-part.c */

struct type {
	enum scalar scalar;
	bool is_array;
	const struct layout *layout; /* borrowed; of SCALAR_STRUCT, else NULL */
	const struct type *of;       /* borrowed; one element of an array of
					arrays, else NULL */
	/* What a pointer points to, when that is known, and as it is written;
	 * both NULL: void, or not known. */
	const struct type *at;        /* borrowed */
	const struct type_ref *to;    /* borrowed; its own last star included */
	bool is_iomem;                /* a pointer to registers */
	const struct part_kind *part; /* of SCALAR_PART, else NULL */
	uint64_t len;                 /* elements of an array; 1 otherwise */
	uint64_t size;                /* bytes of all of it */
};

/* The fields of a struct, or the registers of a device. */
/* What an access of a CPU does to a register besides. */
enum reg_how {
	REG_PLAIN,
	REG_W1C, /* what is written clears these bits */
	REG_W1S, /* ... sets them */
	REG_RC,  /* a read clears it */
};

struct field {
	const char *name; /* borrowed */
	uint64_t offset;  /* bytes from the start of the struct */
	struct type type;
	enum reg_how how;       /* of a register */
	bool on_write, on_read; /* the same: the device does something then */
};

struct layout {
	const char *name; /* borrowed */
	struct field *fields;
	size_t nr_fields;
	uint64_t size;  /* bytes, tail padding included */
	uint32_t align; /* bytes; 1 when packed */
};

/* The field called @name, or NULL. */
const struct field *layout_find(const struct layout *layout, const char *name);

struct type type_scalar(enum scalar scalar);

/* One element of @type; @type itself when it is no array. */
struct type type_element(struct type type);

/* What a value of @type is in an expression: int where that holds it. */
struct type type_promoted(struct type type);

/* What values of @a and of @b become when one operator has both. */
struct type type_common(struct type a, struct type b);

/* The same of 64 bits, for what has no type of its own; a pointer stays one. */
struct type type_wide(struct type type);

/* The type that a number has which is only known as such: int, if that holds
 * it. */
struct type type_of_number(int64_t value);

/* @value as a value of @type, which is one of those of expressions. */
uint64_t type_fit(struct type type, uint64_t value);

/* Whether both have the same scalar or layout, and the same length. */
bool type_equal(struct type a, struct type b);

/* Natural alignment in bytes. */
uint32_t type_align(struct type type);

/*
 * Add what @size bytes at @offset of something of @type are called, behind its
 * name: "[2].len".
 *
 * Returns: false, and adds nothing, when they are not inside; an array goes on
 * behind its end.
 */
bool type_add_path(struct cdma_text *out, struct type type, uint64_t offset,
		   uint64_t size);

#endif /* SCRIPT_TYPE_H */
