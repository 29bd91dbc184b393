/* SPDX-License-Identifier: MIT */
#include "script/refuse.h"

#include "base/macros.h"

#include <string.h>

#define NOT_HERE "is not in the language"
#define BOUNDED  "is not in the language: every loop needs a bound"
#define NO_PTR   "is not in the language: there are no pointers"
#define NO_HEAP  "is not in the language"
#define NO_PRINT "is not in the language: a run is logged, not printed"

#define LOOP                                                                   \
	"write 'poll (cond) max N else stmt;' to wait, or 'for (i in a..b)'"
#define POLL "write 'poll (cond) max N else stmt;'"
#define ALLOC                                                                  \
	"write 'u8 x[n];' for a local, kmalloc(T[n]), or dma_alloc() for DMA " \
	"memory"
#define DROP "leave it out"
#define ONCE "write READ_ONCE() or WRITE_ONCE() at the access"

const struct refusal refusals[] = {
	{REFUSE_STMT, "while", BOUNDED, LOOP},
	{REFUSE_STMT, "do", BOUNDED, LOOP},
	{REFUSE_STMT, "goto", NOT_HERE,
	 "write the cleanup where it is needed, or a fn that does it"},
	{REFUSE_STMT, "switch", NOT_HERE, "write 'if (...) else if (...)'"},
	{REFUSE_STMT, "case", NOT_HERE, "write 'if (...) else if (...)'"},
	{REFUSE_STMT, "default", NOT_HERE, "write 'else'"},
	{REFUSE_STMT, "typedef", NOT_HERE, "use the name of the struct"},
	{REFUSE_STMT, "union", NOT_HERE,
	 "try_cast() shows memory as another type"},
	{REFUSE_STMT, "enum", NOT_HERE, "write 'const A = 0, B = 1;'"},
	{REFUSE_STMT, "static", NOT_HERE,
	 "write 'shared T x;' outside of any block"},
	{REFUSE_STMT, "const", "has no place in a block", DROP},
	{REFUSE_STMT, "volatile", NOT_HERE, ONCE},
	{REFUSE_STMT, "register", NOT_HERE, DROP},
	{REFUSE_STMT, "auto", NOT_HERE, "write the type"},
	{REFUSE_STMT, "unsigned", NOT_HERE, "write u8, u16, u32 or u64"},
	{REFUSE_STMT, "signed", NOT_HERE, "write s8, s16, s32 or s64"},
	{REFUSE_STMT, "asm", NOT_HERE, "write barrier()"},
	{REFUSE_STMT, "raw_spin_lock", NOT_HERE, "write spin_lock(l)"},

	{REFUSE_ITEM, "typedef", NOT_HERE, "use the name of the struct"},
	{REFUSE_ITEM, "union", NOT_HERE,
	 "try_cast() shows memory as another type"},
	{REFUSE_ITEM, "enum", NOT_HERE, "write 'const A = 0, B = 1;'"},
	{REFUSE_ITEM, "static", NOT_HERE,
	 "write 'fn name(args) { }' or 'shared T x;'"},
	{REFUSE_ITEM, "extern", NOT_HERE, "write 'include \"file.dma\";'"},
	{REFUSE_ITEM, "volatile", NOT_HERE, ONCE},
	{REFUSE_ITEM, "inline", NOT_HERE, "write 'fn name(args) { }'"},
	{REFUSE_ITEM, "void", NOT_HERE, "write 'fn name(args) { }'"},

	{REFUSE_TYPE, "void", "is no type here", "write 'fn name(args) { }'"},
	{REFUSE_TYPE, "char", "is no type here", "write u8 or s8"},
	{REFUSE_TYPE, "short", "is no type here", "write u16 or s16"},
	{REFUSE_TYPE, "long", "is no type here", "write u64 or s64"},
	{REFUSE_TYPE, "unsigned", "is no type here",
	 "write u8, u16, u32 or u64"},
	{REFUSE_TYPE, "signed", "is no type here", "write s8, s16, s32 or s64"},
	{REFUSE_TYPE, "float", "is no type here", "numbers are whole"},
	{REFUSE_TYPE, "double", "is no type here", "numbers are whole"},
	{REFUSE_TYPE, "uint8_t", "is no type here", "write u8"},
	{REFUSE_TYPE, "uint16_t", "is no type here", "write u16"},
	{REFUSE_TYPE, "uint32_t", "is no type here", "write u32"},
	{REFUSE_TYPE, "uint64_t", "is no type here", "write u64"},
	{REFUSE_TYPE, "__u8", "is no type here", "write u8"},
	{REFUSE_TYPE, "__le16", "is no type here", "write le16"},
	{REFUSE_TYPE, "__le32", "is no type here", "write le32"},
	{REFUSE_TYPE, "__le64", "is no type here", "write le64"},
	{REFUSE_TYPE, "__be16", "is no type here", "write be16"},
	{REFUSE_TYPE, "__be32", "is no type here", "write be32"},
	{REFUSE_TYPE, "__be64", "is no type here", "write be64"},
	{REFUSE_TYPE, "__iomem", "is no type here",
	 "registers are in 'device d { regs { u32 r; } };'"},
	{REFUSE_TYPE, "spinlock_t", "is no type here",
	 "write 'spinlock l;' outside of any block"},

	{REFUSE_NAME, "NULL", NO_PTR,
	 "write '!x' to ask whether an allocation failed"},
	{REFUSE_NAME, "nullptr", NO_PTR,
	 "write '!x' to ask whether an allocation failed"},
	{REFUSE_NAME, "jiffies", NOT_HERE, "time is counted in steps: " POLL},

	{REFUSE_CALL, "malloc", NO_HEAP, ALLOC},
	{REFUSE_CALL, "calloc", NO_HEAP, ALLOC},
	{REFUSE_CALL, "kcalloc", NO_HEAP, "write kzalloc(T[n])"},
	{REFUSE_CALL, "vmalloc", NO_HEAP, ALLOC},
	{REFUSE_CALL, "dma_free_coherent", NOT_HERE, "write free(x)"},
	{REFUSE_CALL, "dma_zalloc_coherent", NOT_HERE,
	 "write dma_alloc_coherent(device, T[n], ZEROED)"},
	{REFUSE_CALL, "IS_ERR", NOT_HERE, "write '!x'"},
	{REFUSE_CALL, "PTR_ERR", NOT_HERE, "write err(x)"},
	{REFUSE_CALL, "likely", NOT_HERE, "write the condition alone"},
	{REFUSE_CALL, "unlikely", NOT_HERE, "write the condition alone"},
	{REFUSE_CALL, "while", BOUNDED, LOOP},
	{REFUSE_CALL, "switch", NOT_HERE, "write 'if (...) else if (...)'"},
	{REFUSE_CALL, "udelay", NOT_HERE, "time is counted in steps: " POLL},
	{REFUSE_CALL, "msleep", NOT_HERE, "time is counted in steps: " POLL},
	{REFUSE_CALL, "usleep_range", NOT_HERE,
	 "time is counted in steps: " POLL},
	{REFUSE_CALL, "cpu_relax", NOT_HERE, POLL},
	{REFUSE_CALL, "readl_poll_timeout", NOT_HERE, POLL},
	{REFUSE_CALL, "printk", NO_PRINT, DROP},
	{REFUSE_CALL, "printf", NO_PRINT, DROP},
	{REFUSE_CALL, "pr_info", NO_PRINT, DROP},
	{REFUSE_CALL, "pr_err", NO_PRINT, DROP},
	{REFUSE_CALL, "dev_err", NO_PRINT, DROP},
	{REFUSE_CALL, "dev_info", NO_PRINT, DROP},
	{REFUSE_CALL, "BUG_ON", NOT_HERE, "write assert(!cond)"},
	{REFUSE_CALL, "WARN_ON", NOT_HERE, "write assert(!cond)"},
	{REFUSE_CALL, "ioread32", NOT_HERE, "write readl(DEVICE.REG)"},
	{REFUSE_CALL, "iowrite32", NOT_HERE, "write writel(value, DEVICE.REG)"},
	{REFUSE_CALL, "virt_to_phys", NO_PTR, "write dma_handle(x)"},
	{REFUSE_CALL, "container_of", NO_PTR, "pass the object itself to a fn"},

	{REFUSE_HASH, "include", NOT_HERE, "write 'include \"file.dma\";'"},
	{REFUSE_HASH, "define", NOT_HERE, "write 'const NAME = value;'"},
	{REFUSE_HASH, "if", NOT_HERE, "write 'param x = 0;' and 'if (x)'"},
	{REFUSE_HASH, "ifdef", NOT_HERE, "write 'param x = 0;' and 'if (x)'"},
	{REFUSE_HASH, "ifndef", NOT_HERE, "write 'param x = 0;' and 'if (x)'"},
	{REFUSE_HASH, "else", NOT_HERE, "write 'param x = 0;' and 'if (x)'"},
	{REFUSE_HASH, "endif", NOT_HERE, "write 'param x = 0;' and 'if (x)'"},
	{REFUSE_HASH, "undef", NOT_HERE, DROP},
	{REFUSE_HASH, "pragma", NOT_HERE, DROP},
};

const size_t nr_refusals = ARRAY_SIZE(refusals);

const struct refusal *refuse_find(enum refuse_where where, const char *word)
{
	for (size_t i = 0; i < nr_refusals; i++)
		if (refusals[i].where == where &&
		    !strcmp(refusals[i].word, word))
			return &refusals[i];
	return NULL;
}
