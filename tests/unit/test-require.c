/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail_plain(void)
{
	int nr = 3;

	CDMA_REQUIRE(nr % 2 == 0);
}

static void fail_with_message(void)
{
	CDMA_REQUIRE(!"room", "%d of %s", 7, "100%");
}

/* What the process that runs @fn prints before it aborts. */
static void catch_message(void (*fn)(void), char *buf, size_t size)
{
	int fds[2], status;
	size_t len = 0;
	ssize_t got;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		fn();
		_exit(0);
	}
	close(fds[1]);
	while ((got = read(fds[0], buf + len, size - 1 - len)) > 0)
		len += (size_t)got;
	buf[len] = '\0';
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
}

static const struct {
	void (*fn)(void);
	const char *start, *end;
} messages[] = {
	{fail_plain, "cdma: tests/unit/test-require.c:",
	 ": fail_plain: requirement failed: nr % 2 == 0\n"},
	{fail_with_message, "cdma: tests/unit/test-require.c:",
	 ": fail_with_message: requirement failed: !\"room\": 7 of 100%\n"},
};

START_TEST(message_names_place_and_condition)
{
	const char *start = messages[_i].start, *end = messages[_i].end;
	char text[256];
	size_t len;

	catch_message(messages[_i].fn, text, sizeof(text));
	len = strlen(text);
	ck_assert_uint_gt(len, strlen(start) + strlen(end));
	text[len - strlen(end) - 1] = '\0'; /* inside the line number */
	ck_assert_msg(!strncmp(text, start, strlen(start)), "%s", text);
	ck_assert_str_eq(text + len - strlen(end), end);
}
END_TEST

START_TEST(condition_is_evaluated_once)
{
	int nr = 0;

	CDMA_REQUIRE(++nr);
	ck_assert_int_eq(nr, 1);
}
END_TEST

START_TEST(aborts)
{
	fail_plain();
}
END_TEST

START_TEST(container_is_found_from_member)
{
	struct pair {
		char first;
		long second;
	} pair = {0};

	ck_assert_ptr_eq(container_of(&pair.second, struct pair, second),
			 &pair);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("require");

	unit_add_rows(suite, message_names_place_and_condition,
		      ARRAY_SIZE(messages));
	unit_add(suite, condition_is_evaluated_once);
	unit_add_abort(suite, aborts);
	unit_add(suite, container_is_found_from_member);
	return suite;
}
