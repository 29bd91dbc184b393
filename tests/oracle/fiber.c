/* SPDX-License-Identifier: MIT */
#include "fiber.h"

#include <string.h>
#include <sys/mman.h>

#include "base/macros.h"

#if defined(__SANITIZE_THREAD__)
#define HAVE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAVE_TSAN 1
#endif
#endif

#ifdef HAVE_TSAN

/* <sanitizer/tsan_interface.h>, which gcc 12 does not install whole. */
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned int flags);
void __tsan_switch_to_fiber(void *fiber, unsigned int flags);
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
int __tsan_get_report_mop(void *report, unsigned long idx, int *tid,
			  void **addr, int *size, int *write, int *atomic,
			  void **trace, unsigned long trace_size);

#define NO_SYNC 1u /* of __tsan_switch_to_fiber() */

/* The front end's hook (tsan_rtl.h: "can be overriden by a front-end"), before
 * a report is printed: true keeps it from that.  __tsan_on_report() comes too
 * late in gcc 12. */
bool fiber_on_report(const void *report, bool suppressed) __asm__(
	"_ZN6__tsan8OnReportEPKNS_10ReportDescEb");

const char *__tsan_default_options(void);

/*
 * Each race is wanted, however alike they are.  Nothing is symbolized: a report
 * about the program itself, of which there should be none, has addresses.
 */
const char *__tsan_default_options(void)
{
	return "suppress_equal_stacks=0 suppress_equal_addresses=0 "
	       "symbolize=0 history_size=0";
}

/* The bookkeeping must not be seen while another fiber is switched to. */
#define HIDDEN __attribute__((no_sanitize("thread")))

/*
 * Memory for words.  The runtime of clang 14 reports one race of a word and
 * never looks at it again, so none is used twice before the memory is new.  It
 * is the program's: of other memory TSan asks the kernel whose it is, for each
 * report.
 */
#define ROOM ((size_t)WORDS_MAX * 4)

static char words[ROOM][8] __attribute__((aligned(1 << 16)));
static size_t first_word, end_word; /* since fiber_begin() */
static char releases[RELEASES_MAX][8] __attribute__((aligned(8)));
static bool raced[ROOM];

static void *fibers[FIBERS_MAX];
static int nr_made, nr_fibers;
static uint32_t nr_releases;
static void *root;

bool fiber_is_here(void)
{
	return true;
}

HIDDEN bool fiber_on_report(const void *report, bool suppressed)
{
	int tid, size, write, atomic;
	void *addr = NULL, *trace[1];
	uintptr_t at;

	__tsan_get_report_mop((void *)(uintptr_t)report, 0, &tid, &addr, &size,
			      &write, &atomic, trace, 1);
	at = (uintptr_t)addr - (uintptr_t)words;
	if (at >= ROOM * 8)
		return suppressed;
	raced[at / 8] = true;
	return true;
}

HIDDEN static void sync(int fiber, void *at, bool is_release)
{
	__tsan_switch_to_fiber(fibers[fiber], NO_SYNC);
	if (is_release)
		__tsan_release(at);
	else
		__tsan_acquire(at);
	__tsan_switch_to_fiber(root, NO_SYNC);
}

/* TSan takes new memory for written by who maps it. */
HIDDEN static void renew_words(void)
{
	void *at = mmap(words, ROOM * 8, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	CDMA_REQUIRE(at == words);
	memset(raced, 0, sizeof(raced));
	end_word = 0;
}

HIDDEN void fiber_begin(void)
{
	static char all[8] __attribute__((aligned(8)));

	if (!root)
		root = __tsan_get_current_fiber();
	if (ROOM - end_word < WORDS_MAX)
		renew_words();
	first_word = end_word;
	__tsan_release(all);
	for (int i = 0; i < nr_fibers; i++)
		sync(i, all, true);
	for (int i = 0; i < nr_made; i++)
		sync(i, all, false);
	nr_fibers = 0;
	nr_releases = 0;
}

/* Created by the first fiber, which comes after nothing in a word. */
HIDDEN int fiber_new(void)
{
	if (nr_fibers == FIBERS_MAX)
		return -1;
	if (nr_fibers == nr_made)
		fibers[nr_made++] = __tsan_create_fiber(0);
	return nr_fibers++;
}

HIDDEN uint32_t fiber_release(int fiber)
{
	if (nr_releases == RELEASES_MAX - 1)
		return 0;
	sync(fiber, releases[++nr_releases], true);
	return nr_releases;
}

HIDDEN void fiber_acquire(int fiber, uint32_t release)
{
	sync(fiber, releases[release], false);
}

/* These are what TSan sees: real loads and stores, compiled like any other. */
static __attribute__((noinline)) void access_plain(char *at, bool is_write)
{
	if (is_write)
		*(volatile char *)at = 1;
	else
		(void)*(volatile char *)at;
}

static __attribute__((noinline)) void access_relaxed(char *at, bool is_write)
{
	if (is_write)
		__atomic_store_n(at, 1, __ATOMIC_RELAXED);
	else
		(void)__atomic_load_n(at, __ATOMIC_RELAXED);
}

HIDDEN void fiber_access(int fiber, uint32_t word, unsigned int how)
{
	char *at = words[first_word + word];

	if (end_word <= first_word + word)
		end_word = first_word + word + 1;
	__tsan_switch_to_fiber(fibers[fiber], NO_SYNC);
	if (how & FIBER_PLAIN)
		access_plain(at, how & FIBER_WRITE);
	else
		access_relaxed(at, how & FIBER_WRITE);
	__tsan_switch_to_fiber(root, NO_SYNC);
}

HIDDEN bool fiber_raced(uint32_t word)
{
	return raced[first_word + word];
}

#else

bool fiber_is_here(void)
{
	return false;
}

void fiber_begin(void)
{
}

int fiber_new(void)
{
	return -1;
}

uint32_t fiber_release(int fiber)
{
	(void)fiber;
	return 0;
}

void fiber_acquire(int fiber, uint32_t release)
{
	(void)fiber, (void)release;
}

void fiber_access(int fiber, uint32_t word, unsigned int how)
{
	(void)fiber, (void)word, (void)how;
}

bool fiber_raced(uint32_t word)
{
	(void)word;
	return false;
}

#endif
