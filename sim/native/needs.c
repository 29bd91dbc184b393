/* SPDX-License-Identifier: MIT */
#include "native/needs.h"

#include <string.h>

#include "base/macros.h"
#include "base/text.h"

/* They look at their arguments and nothing else. */
static const char *const fine[] = {
	"__memcpy_chk",
	"__memmove_chk",
	"__memset_chk",
	"__snprintf_chk",
	"__sprintf_chk",
	"__strcat_chk",
	"__strcpy_chk",
	"__strncat_chk",
	"__strncpy_chk",
	"__vsnprintf_chk",
	"abort",
	"abs",
	"bsearch",
	"ffs",
	"ffsl",
	"ffsll",
	"labs",
	"llabs",
	"memchr",
	"memcmp",
	"memcpy",
	"memmove",
	"memset",
	"snprintf",
	"sprintf",
	"strcat",
	"strchr",
	"strcmp",
	"strcpy",
	"strcspn",
	"strlen",
	"strncat",
	"strncmp",
	"strncpy",
	"strnlen",
	"strpbrk",
	"strrchr",
	"strspn",
	"strstr",
	"vsnprintf",
	"__stack_chk_fail",
};

/* What is asked for most, and what to write. */
static const struct {
	const char *name, *instead;
} refused[] = {
	{"malloc", "cdma_model_alloc()"},
	{"calloc", "cdma_model_alloc()"},
	{"realloc", "cdma_model_alloc()"},
	{"free", "nothing: what cdma_model_alloc() gives ends with the run"},
	{"__assert_fail", "cdma_model_assert()"},
	{"printf", "cdma_note(), and look at `run --log' or a report"},
	{"puts", "cdma_note(), and look at `run --log' or a report"},
	{"pthread_create", "a thread of the scenario"},
	{"usleep", "cdma_model_poll()"},
	{"nanosleep", "cdma_model_poll()"},
};

static const char *instead_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		if (!strcmp(refused[i].name, name))
			return refused[i].instead;
	return NULL;
}

bool native_need_is_fine(const char *name, struct cdma_text *why)
{
	const char *instead = instead_of(name);

	if (!strncmp(name, "cdma_", 5) || !strncmp(name, "__cdma_", 7))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
		if (!strcmp(fine[i], name))
			return true;
	cdma_text_addf(why,
		       "it calls %s(), of which a run cannot put back what "
		       "it leaves behind",
		       name);
	if (instead)
		cdma_text_addf(why, "; write %s", instead);
	return false;
}
