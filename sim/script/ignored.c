/* SPDX-License-Identifier: MIT */
#include "script/refuse.h"

#include "base/macros.h"

#include <string.h>

/* "dev_err", "netdev_warn_once": a family and how loud it is. */
static bool is_print(const char *name)
{
	static const char *const families[] = {"pr_", "dev_", "netdev_",
					       "netif_"};
	static const char *const levels[] = {
		"emerg", "alert", "crit", "err",  "warning", "warn", "notice",
		"info",  "debug", "dbg",  "vdbg", "devel",   "cont",
	};
	static const char *const ends[] = {"", "_once", "_ratelimited"};
	const char *level = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(families) && !level; i++)
		if (!strncmp(name, families[i], strlen(families[i])))
			level = name + strlen(families[i]);
	for (size_t i = 0; level && i < ARRAY_SIZE(levels); i++) {
		size_t len = strlen(levels[i]);

		for (size_t k = 0; k < ARRAY_SIZE(ends); k++)
			if (!strncmp(level, levels[i], len) &&
			    !strcmp(level + len, ends[k]))
				return true;
	}
	return false;
}

bool ignored_find(const char *name)
{
	static const char *const names[] = {
		"printk",
		"printk_once",
		"printk_ratelimited",
		"dump_stack",
		"prefetch",
		"prefetchw",
		"lockdep_assert_held",
		/* What is declared is ready. */
		"spin_lock_init",
		"raw_spin_lock_init",
		"mutex_init",
		"init_waitqueue_head",
		"INIT_WORK",
		"INIT_DELAYED_WORK",
		"timer_setup",
		"tasklet_setup",
		"tasklet_init",
		"netif_napi_add",
		"netif_napi_del",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			return true;
	return is_print(name) || !strncmp(name, "trace_", strlen("trace_"));
}
