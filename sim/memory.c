/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include "base/xalloc.h"
#include "cmd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static struct {
	char what[256];
	unsigned int command;
	const struct settings *set;
	pid_t pid; /* of the process that prints */
	void (*at_end)(void *aux);
	void *aux;
} memory;

/* The processes that share the limit: the workers, and who has them work. */
static uint64_t processes(const struct settings *set)
{
	if (set->jobs)
		return set->jobs + 1;
	return set->journal ? 2 : 1;
}

int memory_begin(unsigned int command, const struct settings *set)
{
	struct rlimit limit;

	memory.command = command;
	memory.set = set;
	memory.pid = getpid();
	if (!set->memory_limit)
		return 0;
	if (getrlimit(RLIMIT_DATA, &limit))
		return -errno;
	limit.rlim_cur = set->memory_limit / processes(set);
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_DATA, &limit) ? -errno : 0;
}

void memory_for(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(memory.what, sizeof(memory.what), fmt, args);
	va_end(args);
}

void memory_at_end(void (*fn)(void *aux), void *aux)
{
	memory.at_end = fn;
	memory.aux = aux;
}

/* ---- the end ---- */

/* Bytes as somebody would say them. */
static void say_size(char *out, size_t room, size_t size)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB",
					    "TiB"};
	size_t unit = 0;

	while (size >= 10240 && unit < 4) {
		size >>= 10;
		unit++;
	}
	snprintf(out, room, "%zu %s", size, units[unit]);
}

/* The option that makes less of what is being done. */
static const char *way_out(void)
{
	const struct settings *set = memory.set;

	if (set && set->jobs > 1)
		return "with fewer processes (-j) each may have more";
	switch (memory.command) {
	case CMD_RUN:
	case CMD_REPLAY:
		return "a shorter run, as with --steps=N, needs less";
	case CMD_EXPLORE:
		return "a search that ends before, as with --executions=N or "
		       "--preemptions=K, needs less";
	default:
		return "";
	}
}

static void say(size_t wanted)
{
	bool is_ours = memory.set && memory.set->memory_limit;
	const char *way = way_out();
	char more[32], now[32], line[600];
	struct rusage usage = {0};
	int len;

	getrusage(RUSAGE_SELF, &usage);
	say_size(more, sizeof(more), wanted);
	say_size(now, sizeof(now), (size_t)usage.ru_maxrss << 10);
	len = snprintf(line, sizeof(line),
		       "cdmasim: out of memory: %s wanted %s more, with %s in "
		       "use; %s%s%s\n",
		       memory.what[0] ? memory.what : "cdmasim", more, now,
		       is_ours ? "a larger --memory-limit helps"
			       : "it takes a larger machine, or 'ulimit'",
		       way[0] ? "; " : "", way);
	if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
		return;
}

/* That of libcdma aborts. */
void cdma_no_memory(size_t wanted)
{
	void (*at_end)(void *aux) = memory.at_end;

	/* What stands in the buffers is for one process to print. */
	if (memory.pid == getpid()) {
		memory.at_end = NULL;
		fflush(stdout);
		say(wanted);
		if (at_end)
			at_end(memory.aux);
	} else {
		say(wanted);
	}
	_exit(STATUS_IO);
}
