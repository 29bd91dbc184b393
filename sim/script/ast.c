/* SPDX-License-Identifier: MIT */
#include "script/ast.h"

static const char *const op_texts[OP_NR] = {
	[OP_NONE] = "", [OP_ADD] = "+",   [OP_SUB] = "-",  [OP_MUL] = "*",
	[OP_DIV] = "/", [OP_MOD] = "%",   [OP_AND] = "&",  [OP_OR] = "|",
	[OP_XOR] = "^", [OP_SHL] = "<<",  [OP_SHR] = ">>", [OP_EQ] = "==",
	[OP_NE] = "!=", [OP_LT] = "<",    [OP_GT] = ">",   [OP_LE] = "<=",
	[OP_GE] = ">=", [OP_LAND] = "&&", [OP_LOR] = "||", [OP_NEG] = "-",
	[OP_NOT] = "!", [OP_COMPL] = "~", [OP_ADDR] = "&", [OP_DEREF] = "*",
};

const char *op_text(enum op op)
{
	return op_texts[op];
}

static const char *const object_names[OBJECT_NR] = {
	[OBJECT_BOX] = "box",        [OBJECT_COHERENT] = "coherent",
	[OBJECT_HANDLE] = "handle",  [OBJECT_VIEW] = "view",
	[OBJECT_WINDOW] = "window",  [OBJECT_KMEM] = "buffer",
	[OBJECT_SG] = "scatterlist", [OBJECT_POOL] = "pool",
};

const char *object_name(enum object object)
{
	return object_names[object];
}

enum denotes object_denotes(enum object object)
{
	return object == OBJECT_KMEM ? DENOTES_SHARED : DENOTES_OBJECT;
}
