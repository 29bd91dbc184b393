/* SPDX-License-Identifier: MIT */
/*
 * Core: printing, the end of the world, and what a module is made of.
 *
 * Orders nothing.  WARN() is a finding, and so is panic(), which BUG() ends in.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/net.h>
#include <linux/once.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/ratelimit.h>
#include <linux/string.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

struct module __this_module;
enum system_states system_state = SYSTEM_RUNNING;
const struct kernel_param_ops param_ops_bool, param_ops_byte, param_ops_charp,
	param_ops_int, param_ops_long, param_ops_short, param_ops_uint,
	param_ops_ulong, param_ops_ushort, param_ops_ullong, param_array_ops;

/* ---- printing ---- */

void cdmasim_log(const char *who, const char *fmt, __builtin_va_list args)
{
	char line[256];
	int at = 0;

	if (fmt[0] == KERN_SOH_ASCII && fmt[1])
		fmt += 2;
	if (who)
		at = snprintf(line, sizeof(line), "%s: ", who);
	if (at >= (int)sizeof(line))
		at = sizeof(line) - 1;
	vsnprintf(line + at, sizeof(line) - at, fmt, args);
	cdma_driver_log(line);
}

int _printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	cdmasim_log(NULL, fmt, args);
	va_end(args);
	return 0;
}

int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	return 1;
}

int net_ratelimit(void)
{
	return 1;
}

/* ---- what should not be ---- */

void warn_slowpath_fmt(const char *file, const int line, unsigned int taint,
		       const char *fmt, ...)
{
	char text[256];
	va_list args;

	if (!fmt) {
		cdma_driver_warn("WARN_ON()");
		return;
	}
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	cdma_driver_warn(text);
}

void __warn_printk(const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	cdma_driver_warn(text);
}

void panic(const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	cdma_driver_bug(text);
}

void dump_stack(void)
{
}

/* ---- modules ---- */

bool try_module_get(struct module *module)
{
	return true;
}

void module_put(struct module *module)
{
}

/* ---- chance: the same in each run ---- */

void get_random_bytes(void *buf, size_t len)
{
	memset(buf, 0x5a, len);
}

u32 get_random_u32(void)
{
	return 0x5a5a5a5a;
}
