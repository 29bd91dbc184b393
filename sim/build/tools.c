/* SPDX-License-Identifier: MIT */
#include "build/tools.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"

extern char **environ;

/* ---- command lines ---- */

void args_add(struct args *args, const char *arg)
{
	*cdma_vec_push(&args->list) = cdma_xstrdup(arg);
}

void args_addf(struct args *args, const char *fmt, ...)
{
	char *arg = NULL;
	va_list list;
	int len;

	va_start(list, fmt);
	len = vsnprintf(NULL, 0, fmt, list);
	va_end(list);
	arg = cdma_xcalloc((size_t)len + 1, 1);
	va_start(list, fmt);
	vsnprintf(arg, (size_t)len + 1, fmt, list);
	va_end(list);
	*cdma_vec_push(&args->list) = arg;
}

void args_add_words(struct args *args, const char *text)
{
	while (*(text += strspn(text, " \t\n"))) {
		size_t len = strcspn(text, " \t\n");

		*cdma_vec_push(&args->list) = cdma_xstrndup(text, len);
		text += len;
	}
}

void args_fini(struct args *args)
{
	for (size_t i = 0; i < args->list.nr; i++)
		free(args->list.at[i]);
	cdma_vec_free(&args->list);
}

/* What a shell leaves as it is. */
#define PLAIN                                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	"-_=+./,:@%"

void args_text(const struct args *args, struct cdma_text *out)
{
	for (size_t i = 0; i < args->list.nr; i++) {
		const char *arg = args->list.at[i];
		bool plain = *arg && !arg[strspn(arg, PLAIN)];

		cdma_text_addf(out, "%s%s", i ? " " : "", plain ? "" : "'");
		for (; *arg; arg++)
			if (*arg == '\'')
				cdma_text_add(out, "'\\''");
			else
				cdma_text_addc(out, *arg);
		cdma_text_add(out, plain ? "" : "'");
	}
}

/* ---- running them ---- */

static int spawn(const struct args *args, const char *dir, const char *log,
		 int out, pid_t *pid)
{
	struct args copy = {0};
	posix_spawn_file_actions_t acts;
	int err;

	for (size_t i = 0; i < args->list.nr; i++)
		*cdma_vec_push(&copy.list) = args->list.at[i];
	*cdma_vec_push(&copy.list) = NULL;
	posix_spawn_file_actions_init(&acts);
	posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
	if (log) {
		posix_spawn_file_actions_addopen(
			&acts, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0666);
		posix_spawn_file_actions_adddup2(&acts, 1, 2);
	}
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&acts, out, 1);
	if (dir)
		posix_spawn_file_actions_addchdir_np(&acts, dir);
	fflush(NULL);
	err = posix_spawnp(pid, copy.list.at[0], &acts, NULL, copy.list.at,
			   environ);
	posix_spawn_file_actions_destroy(&acts);
	cdma_vec_free(&copy.list);
	return -err;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

int tool_run(const struct args *args, const char *dir, const char *log)
{
	pid_t pid;
	int err = spawn(args, dir, log, -1, &pid);

	return err ? err : wait_for(pid);
}

int tool_ask(const struct args *args, struct cdma_text *out)
{
	char buf[4096];
	int pipe[2], err;
	ssize_t got;
	pid_t pid;

	if (pipe2(pipe, O_CLOEXEC))
		return -errno;
	err = spawn(args, NULL, NULL, pipe[1], &pid);
	close(pipe[1]);
	while (!err && ((got = read(pipe[0], buf, sizeof(buf))) > 0 ||
			(got < 0 && errno == EINTR)))
		if (got > 0)
			cdma_text_addn(out, buf, (size_t)got);
	close(pipe[0]);
	return err ? err : wait_for(pid);
}

bool tool_is_there(const char *name)
{
	const char *path = getenv("PATH");
	struct cdma_text text = {0};
	bool found = false;

	if (strchr(name, '/'))
		return !access(name, X_OK);
	while (path && !found) {
		size_t len = strcspn(path, ":");

		cdma_text_cut(&text, 0);
		cdma_text_addn(&text, len ? path : ".", len ? len : 1);
		cdma_text_addf(&text, "/%s", name);
		found = !access(text.at, X_OK);
		path = path[len] ? path + len + 1 : NULL;
	}
	cdma_text_fini(&text);
	return found;
}

/* ---- where our files are ---- */

bool tool_program_dir(struct cdma_text *out)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (len <= 0)
		return false;
	path[len] = 0;
	slash = strrchr(path, '/');
	if (slash)
		*slash = 0;
	cdma_text_add(out, path);
	return true;
}

/* In a build tree, the sources that it was built from. */
static bool source_dir(const char *program, struct cdma_text *out)
{
	struct cdma_text name = {0};
	char line[PATH_MAX];
	bool found;
	FILE *file;

	cdma_text_addf(&name, "%s/native/where", program);
	file = fopen(name.at, "re");
	cdma_text_fini(&name);
	do
		found = file && fgets(line, sizeof(line), file);
	while (found && line[0] == '#');
	if (file)
		fclose(file);
	if (found)
		cdma_text_addn(out, line, strcspn(line, "\n"));
	return found;
}

static bool has_file(const struct cdma_text *dir, const char *name)
{
	struct cdma_text path = {0};
	bool has;

	cdma_text_addf(&path, "%s/%s", cdma_text_str(dir), name);
	has = !access(path.at, R_OK);
	cdma_text_fini(&path);
	return has;
}

/* @inside the sources, or @installed beside the directory of programs, has
 * @file. */
static bool find_dir(struct cdma_text *out, const char *inside,
		     const char *installed, const char *file)
{
	struct cdma_text program = {0}, source = {0};
	bool found = tool_program_dir(&program);

	if (found && source_dir(program.at, &source))
		cdma_text_addf(out, "%s/%s", source.at, inside);
	else if (found)
		cdma_text_addf(out, "%s/../%s", program.at, installed);
	found = found && has_file(out, file);
	cdma_text_fini(&program);
	cdma_text_fini(&source);
	return found;
}

bool tool_native_dir(struct cdma_text *out)
{
	return find_dir(out, "native", "share/cdmasim/native",
			"include/asm/barrier.h");
}

bool tool_include_dir(struct cdma_text *out)
{
	return find_dir(out, "src", "include", "cdma/cdma.h");
}
