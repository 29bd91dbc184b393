/* SPDX-License-Identifier: MIT */
#include "script/refuse.h"

#include "base/macros.h"

#include <string.h>

#define NOT_HERE "is not in the language"
#define NO_TIME  "is not in the language: time does not pass here"
#define NO_PTR   "is not in the language: there are no pointers"
#define NO_HEAP  "is not in the language"

#define POLL "write 'poll (cond) max N else stmt;', or readl_poll_timeout()"
#define ALLOC                                                                  \
	"write 'u8 x[n];' for a local, kmalloc(T[n]), or dma_alloc() for DMA " \
	"memory"
#define DEVM                                                                   \
	"write 'static struct x priv;' outside of any block, or kzalloc() "    \
	"and a kfree() in teardown"
#define DROP "leave it out"
#define ONCE "write READ_ONCE() or WRITE_ONCE() at the access"

const struct refusal refusals[] = {
	{REFUSE_STMT, "typedef", NOT_HERE, "use the name of the struct"},
	{REFUSE_STMT, "enum", NOT_HERE, "write 'const A = 0, B = 1;'"},
	{REFUSE_STMT, "static", "has no place in a block",
	 "write it outside of any block"},
	{REFUSE_STMT, "volatile", NOT_HERE, ONCE},
	{REFUSE_STMT, "register", NOT_HERE, DROP},
	{REFUSE_STMT, "auto", NOT_HERE, "write the type"},
	{REFUSE_STMT, "asm", NOT_HERE, "write barrier()"},

	{REFUSE_ITEM, "extern", NOT_HERE, "write 'include \"file.dma\";'"},
	{REFUSE_ITEM, "volatile", NOT_HERE, ONCE},

	{REFUSE_TYPE, "void", "is no type here", "write 'fn name(args) { }'"},
	{REFUSE_TYPE, "float", "is no type here", "numbers are whole"},
	{REFUSE_TYPE, "double", "is no type here", "numbers are whole"},
	{REFUSE_TYPE, "spinlock_t", "is no type here",
	 "write 'spinlock l;' outside of any block"},

	{REFUSE_NAME, "nullptr", NO_PTR,
	 "write '!x' to ask whether an allocation failed"},

	{REFUSE_CALL, "time_after", NO_TIME, POLL},
	{REFUSE_CALL, "time_before", NO_TIME, POLL},
	{REFUSE_CALL, "time_after_eq", NO_TIME, POLL},
	{REFUSE_CALL, "time_before_eq", NO_TIME, POLL},
	{REFUSE_CALL, "time_is_before_jiffies", NO_TIME, POLL},
	{REFUSE_CALL, "time_is_after_jiffies", NO_TIME, POLL},
	{REFUSE_CALL, "ktime_get", NO_TIME, POLL},
	{REFUSE_CALL, "malloc", NO_HEAP, ALLOC},
	{REFUSE_CALL, "calloc", NO_HEAP, ALLOC},
	{REFUSE_CALL, "devm_kzalloc", NO_HEAP, DEVM},
	{REFUSE_CALL, "devm_kcalloc", NO_HEAP, DEVM},
	{REFUSE_CALL, "devm_kmalloc", NO_HEAP, DEVM},
	{REFUSE_CALL, "dmam_alloc_coherent", NOT_HERE,
	 "write dma_alloc_coherent(), and free it in teardown"},
	{REFUSE_CALL, "vmalloc", NO_HEAP, ALLOC},
	{REFUSE_CALL, "dma_zalloc_coherent", NOT_HERE,
	 "write dma_alloc_coherent(device, T[n], ZEROED)"},
	{REFUSE_CALL, "printf", NOT_HERE, DROP},
	{REFUSE_CALL, "virt_to_phys", NO_PTR, "write dma_handle(x)"},

	{REFUSE_HASH, "include", NOT_HERE, "write 'include \"file.dma\";'"},
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
