/* SPDX-License-Identifier: MIT */
#include "native/state.h"

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

#include "base/macros.h"
#include "base/vec.h"
#include "base/xalloc.h"
#include "native/arena.h"
#include "native/hooks.h"
#include "native/library.h"
#include "native/place.h"
#include "native/switch.h"
#include "native/window.h"

/*
 * A signal that the call which runs brought upon itself ends the call: the
 * handler notes where it was, and has the thread go on not there, but on a
 * stack that is kept for that, and from there back to the machine.  The library
 * may be left in the middle of something then, but the run that it was in is
 * forgotten before the next one.
 *
 * A call that makes no step is watched by the clock, since nothing counts what
 * is done in C: one that was seen at work for long enough is in a loop.  How
 * long is "enough" is said generously for the first one and less so for those
 * after it, which are most likely the same loop again.
 */

#define FRAMES_MAX 48
#define SITES_MAX  16 /* of a report */
#define LAST_STACK ((size_t)64 << 10)
#define TICK_MS    10
#define LOOP_TICKS 50
#define LOOP_AGAIN 4
#define LOOP_LOOKS 3 /* ticks in which is looked where it is */

static struct {
	const char *what;
	void *frames[FRAMES_MAX]; /* the innermost first */
	int nr;
	int kept; /* of a loop: outermost frames that were alike each time */
	bool is_loop;
	bool is_by_call; /* frames are those of a function that was called */
	bool is_in_hook; /* it happened to an access that a hook made */
} seen;

static struct sigaction before[NSIG];
static _Alignas(16) unsigned char last_stack[LAST_STACK];
static unsigned int watched, ticks; /* turns, and for how long */
static unsigned int enough = LOOP_TICKS;

static const struct {
	int signal;
	const char *what;
} kinds[] = {
	{SIGSEGV, "a wild pointer"},
	{SIGBUS, "a wild pointer"},
	{SIGFPE, "a division by zero, or one that overflows"},
	{SIGILL, "an instruction that traps"},
	{SIGTRAP, "an instruction that traps"},
	{SIGABRT, "it calls abort()"},
};

static const char *what_of(int signal, const siginfo_t *info)
{
	size_t n = (size_t)(native.running - native.tasks);

	if (signal == SIGVTALRM)
		return "a loop that comes to no end, and to no step";
	if (signal == SIGSEGV && (native_is_overflow(n, info->si_addr) ||
				  native_is_too_deep(n, info->si_addr)))
		return "its stack is used up";
	if (signal == SIGSEGV && native_is_window(info->si_addr))
		return "an access that the compiler pass did not see";
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].signal == signal)
			return kinds[i].what;
	return "a signal";
}

static void *pc_of(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (void *)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (void *)context->uc_mcontext.pc;
#else
	return NULL;
#endif
}

/* Where the thread goes on instead. */
static void redirect(ucontext_t *context, void (*to)(void))
{
	uintptr_t end = (uintptr_t)(last_stack + LAST_STACK);

#if defined(__x86_64__)
	/* As if it had been called there. */
	context->uc_mcontext.gregs[REG_RSP] = (greg_t)(end - 8);
	context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)to;
	context->uc_mcontext.gregs[REG_EFL] &= ~0x400;
#elif defined(__aarch64__)
	context->uc_mcontext.sp = end;
	context->uc_mcontext.pc = (uintptr_t)to;
#else
	(void)context;
	(void)end;
	(void)to;
#endif
}

static void __attribute__((no_sanitize_address)) land(void)
{
	native_fall(NATIVE_CRASHED);
}

/* Those of the handler come first. */
static void note_frames(void *pc)
{
	static void *all[FRAMES_MAX + 8];
	int nr = backtrace(all, FRAMES_MAX + 8), from = 0;

	while (from < nr && all[from] != pc)
		from++;
	seen.nr = 0;
	seen.frames[seen.nr++] = pc;
	for (int i = from + 1; i < nr && seen.nr < FRAMES_MAX; i++)
		seen.frames[seen.nr++] = all[i];
}

static void chain(int signal, siginfo_t *info, void *context)
{
	const struct sigaction *old = &before[signal];

	if (old->sa_flags & SA_SIGINFO)
		old->sa_sigaction(signal, info, context);
	else if (old->sa_handler == SIG_DFL)
		sigaction(signal, old, NULL); /* and it happens again */
	else if (old->sa_handler != SIG_IGN)
		old->sa_handler(signal);
}

/* Where it is this time; what is called from there, and comes back, changes. */
static void look_at_loop(void *pc, bool is_first)
{
	static void *last[FRAMES_MAX];
	int nr_last = seen.nr, kept = 0;

	memcpy(last, seen.frames, sizeof(last));
	note_frames(pc);
	if (is_first) {
		seen.kept = seen.nr;
		return;
	}
	while (kept < seen.kept && kept < seen.nr && kept < nr_last &&
	       last[nr_last - 1 - kept] == seen.frames[seen.nr - 1 - kept])
		kept++;
	seen.kept = kept;
}

/* Whether the call that runs has been at it for too long. */
static bool is_looping(void *pc)
{
	if (!native.running || native.turns != watched) {
		watched = native.turns;
		ticks = 0;
		return false;
	}
	if (++ticks + LOOP_LOOKS > enough)
		look_at_loop(pc, ticks + LOOP_LOOKS == enough + 1);
	if (ticks < enough)
		return false;
	enough = LOOP_AGAIN;
	ticks = 0;
	return true;
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
	if (signal == SIGVTALRM && !is_looping(pc_of(context)))
		return;
	if (!native.running) {
		chain(signal, info, context);
		return;
	}
	seen.what = what_of(signal, info);
	seen.is_loop = signal == SIGVTALRM;
	seen.is_by_call = false;
	seen.is_in_hook = !native_library_at(pc_of(context)) && hooks_at;
	if (!seen.is_loop)
		note_frames(pc_of(context));
	redirect(context, land);
}

const char *native_text(const char *text)
{
	static CDMA_VEC(char *) texts;
	size_t i = 0;

	while (i < texts.nr && strcmp(texts.at[i], text) != 0)
		i++;
	if (i == texts.nr)
		*cdma_vec_push(&texts) = cdma_xstrdup(text);
	return texts.at[i];
}

/* A call of libcdma was not as its contract has it. */
void cdma_require_hook(const char *text)
{
	if (!native.running)
		return;
	seen.what = native_text(text);
	seen.is_loop = seen.is_in_hook = false;
	seen.is_by_call = true;
	seen.nr = backtrace(seen.frames, FRAMES_MAX);
	native_fall(NATIVE_CRASHED);
}

/* The function that the loop is in, whichever of its lines, and who called it:
 * at any time a loop is somewhere else. */
static size_t loop_places(const struct cdma_site **sites)
{
	int at = seen.nr - 1 - seen.kept;
	size_t nr = 0;

	if (at < 0)
		at = 0;
	sites[nr] = native_function(seen.frames[at]);
	nr += sites[nr] != NULL;
	for (int i = at + 1; i < seen.nr && nr < SITES_MAX; i++)
		nr += native_places((char *)seen.frames[i] - 1, sites + nr,
				    SITES_MAX - nr);
	return nr;
}

static size_t all_places(const struct cdma_site **sites)
{
	size_t nr = 0;

	/* Who was called returns behind the call. */
	for (int i = 0; i < seen.nr && nr < SITES_MAX; i++)
		nr += native_places((char *)seen.frames[i] -
					    (i || seen.is_by_call),
				    sites + nr, SITES_MAX - nr);
	return nr;
}

/* Most crashes are the one before once more. */
static bool is_known(void)
{
	static void *frames[FRAMES_MAX];
	static int nr;
	bool same = nr == seen.nr &&
		    !memcmp(frames, seen.frames, (size_t)nr * sizeof(*frames));

	nr = seen.nr;
	memcpy(frames, seen.frames, sizeof(frames));
	return same;
}

void native_crash_callers(struct native_crash *out)
{
	static const struct cdma_site *sites[SITES_MAX];
	const struct cdma_site **first = native_calls(native.crashed) + 1;
	size_t nr = (size_t)(__cdma_calls - first);

	if (nr && first[nr - 1] == out->site)
		nr--;
	out->nr_callers = nr < SITES_MAX ? nr : SITES_MAX;
	for (size_t i = 0; i < out->nr_callers; i++)
		sites[i] = first[nr - 1 - i];
	out->callers = sites;
}

void native_crash_places(struct native_crash *out)
{
	static const struct cdma_site *sites[SITES_MAX];
	static size_t nr;
	bool known = is_known();

	if (seen.is_in_hook) {
		*out = (struct native_crash){.what = seen.what,
					     .site = hooks_at};
		native_crash_callers(out);
		return;
	}
	if (seen.is_loop)
		nr = loop_places(sites);
	else if (!known)
		nr = all_places(sites);
	*out = (struct native_crash){
		.what = seen.what,
		.site = nr ? sites[0] : NULL,
		.callers = sites + 1,
		.nr_callers = nr ? nr - 1 : 0,
		.is_loop = seen.is_loop,
	};
}

/* ---- once for the process, once for each thread ---- */

static void drop_stack(void *at)
{
	const stack_t none = {.ss_flags = SS_DISABLE};

	sigaltstack(&none, NULL);
	munmap(at, LAST_STACK);
}

static pthread_key_t stack_key;

/* A stack for signals: there is none left when the other one is used up. */
static void give_stack(void)
{
	void *at = mmap(NULL, LAST_STACK, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const stack_t stack = {.ss_sp = at, .ss_size = LAST_STACK};

	CDMA_REQUIRE(at != MAP_FAILED && !sigaltstack(&stack, NULL),
		     "the host gives no memory");
	pthread_setspecific(stack_key, at);
}

static void start_clock(void)
{
	const struct itimerval each = {
		.it_interval.tv_usec = TICK_MS * 1000,
		.it_value.tv_usec = TICK_MS * 1000,
	};

	setitimer(ITIMER_VIRTUAL, &each, NULL);
}

static void take_signals(void)
{
	struct sigaction action = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART,
	};
	void *frame;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		sigaction(kinds[i].signal, &action, &before[kinds[i].signal]);
	sigaction(SIGVTALRM, &action, &before[SIGVTALRM]);
	pthread_key_create(&stack_key, drop_stack);
	/* It loads what it needs when it is called first. */
	backtrace(&frame, 1);
	start_clock();
	/* A process that was forked has no timer. */
	pthread_atfork(NULL, NULL, start_clock);
}

void native_guard(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static __thread bool has_stack;

	if (has_stack)
		return;
	has_stack = true;
	pthread_once(&once, take_signals);
	give_stack();
}
