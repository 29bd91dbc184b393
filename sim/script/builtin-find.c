/* SPDX-License-Identifier: MIT */
#include "script/builtins.h"

#include <string.h>

#include "base/macros.h"

/* Calls by their names. */

const char *builtin_variant(const struct builtin *builtin, const char *name)
{
	static const char *const variants[] = {"_relaxed", "_acquire",
					       "_release"};
	size_t len = strlen(builtin->name);

	if (strncmp(builtin->name, name, len) != 0)
		return NULL;
	if (!name[len])
		return name + len;
	for (size_t i = 0; builtin->has_variants && i < ARRAY_SIZE(variants);
	     i++)
		if (!strcmp(name + len, variants[i]))
			return variants[i];
	return NULL;
}

/* "__le16_to_cpu" is "le16_to_cpu". */
static const char *without_bars(const char *name)
{
	static const char *const begins[] = {"__le", "__be", "__cpu_to_"};

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(name, begins[i], strlen(begins[i])))
			return name + 2;
	return name;
}

const struct builtin *builtin_find(const char *name)
{
	name = without_bars(name);
	for (size_t i = 0; i < nr_builtins; i++)
		if (builtin_variant(&builtins[i], name))
			return &builtins[i];
	return NULL;
}
