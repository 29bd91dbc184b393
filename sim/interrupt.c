/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include "base/macros.h"

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

void interrupt_begin(struct interrupt *interrupt)
{
	struct sigaction now;

	sigemptyset(&interrupt->watched);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (!sigaction(signals[i], NULL, &now) &&
		    now.sa_handler != SIG_IGN)
			sigaddset(&interrupt->watched, signals[i]);
	sigprocmask(SIG_BLOCK, &interrupt->watched, &interrupt->before);
}

bool interrupt_came(const struct interrupt *interrupt)
{
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (sigismember(&interrupt->watched, signals[i]) &&
		    sigismember(&pending, signals[i]))
			return true;
	return false;
}

void interrupt_end(struct interrupt *interrupt)
{
	sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
}
