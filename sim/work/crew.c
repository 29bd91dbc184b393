/* SPDX-License-Identifier: MIT */
#include "work/crew.h"

#include "base/macros.h"
#include "base/xalloc.h"
#include "json/must.h"
#include "native/sanitize.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long to wait, ms, before somebody is asked whether to go on. */
#define PATIENCE 100

/* What goes over the line: this, and so many bytes of JSON. */
struct head {
	uint64_t nr, len;
};

struct worker {
	pid_t pid; /* 0: there is none */
	int fd;
	bool busy;
	uint64_t tag;
};

struct crew {
	crew_fn *perform;
	void *aux;
	unsigned int jobs;
	int err;                /* why there are fewer than were wanted; 0 */
	int status;             /* of the first that ended with one; 0 */
	struct worker *workers; /* owned */
	struct pollfd *polls;   /* owned; one for each */
};

struct crew *crew_new(unsigned int jobs, crew_fn *perform, void *aux)
{
	struct crew *crew = cdma_xcalloc(1, sizeof(*crew));

	CDMA_REQUIRE(jobs);
	crew->perform = perform;
	crew->aux = aux;
	crew->jobs = jobs;
	crew->workers = cdma_xcalloc(jobs, sizeof(*crew->workers));
	crew->polls = cdma_xcalloc(jobs, sizeof(*crew->polls));
	return crew;
}

/* ---- the line ---- */

static bool send_all(int fd, const void *from, size_t len)
{
	const char *at = from;

	while (len) {
		ssize_t nr = send(fd, at, len, MSG_NOSIGNAL);

		if (nr < 0 && errno == EINTR)
			continue;
		if (nr <= 0)
			return false;
		at += nr;
		len -= (size_t)nr;
	}
	return true;
}

static bool receive_all(int fd, void *to, size_t len)
{
	char *at = to;

	while (len) {
		ssize_t nr = recv(fd, at, len, 0);

		if (nr < 0 && errno == EINTR)
			continue;
		if (nr <= 0)
			return false;
		at += nr;
		len -= (size_t)nr;
	}
	return true;
}

static bool send_json(int fd, uint64_t nr, struct json_object *json)
{
	const char *text = json ? must_text(json, JSON_C_TO_STRING_PLAIN) : "";
	struct head head = {nr, strlen(text)};

	return send_all(fd, &head, sizeof(head)) &&
	       send_all(fd, text, head.len);
}

/* False: nobody is there any more. */
static bool receive_json(int fd, uint64_t *nr, struct json_object **out)
{
	struct head head;
	char *text;
	bool ok;

	if (!receive_all(fd, &head, sizeof(head)))
		return false;
	text = cdma_xmalloc(head.len + 1);
	ok = receive_all(fd, text, head.len);
	text[head.len] = '\0';
	*out = ok && head.len ? json_tokener_parse(text) : NULL;
	/* It was written by this program. */
	if (ok && head.len && !*out)
		cdma_no_memory(head.len);
	*nr = head.nr;
	free(text);
	return ok;
}

/* ---- a worker ---- */

/* It ends when nobody gives it anything any more. */
static void serve(const struct crew *crew, int fd)
{
	struct json_object *task, *result;
	uint64_t nr;

	while (receive_json(fd, &nr, &task)) {
		result = crew->perform(crew->aux, nr, task);
		json_object_put(task);
		if (!send_json(fd, nr, result))
			break;
		json_object_put(result);
	}
}

/* ThreadSanitizer says at exit() whether there was anything to report; all else
 * that is done there is the parent's. */
static _Noreturn void leave(void)
{
	if (NATIVE_TSAN)
		exit(0);
	_exit(0);
}

/* Errors: those of socketpair() and fork(). */
static int hire(struct crew *crew, struct worker *worker)
{
	pid_t parent = getpid(), pid;
	int fds[2], err;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	/* Of what waits to be written there are two then. */
	fflush(NULL);
	pid = fork();
	err = pid < 0 ? -errno : 0;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			serve(crew, fds[1]);
		leave();
	}
	close(fds[1]);
	if (err) {
		close(fds[0]);
		return err;
	}
	*worker = (struct worker){.pid = pid, .fd = fds[0]};
	return 0;
}

/* Wait for the end of it.  Returns: how it ended, as waitpid() says it. */
static int dismiss(struct crew *crew, struct worker *worker)
{
	int status = 0;

	close(worker->fd);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	worker->pid = 0;
	worker->busy = false;
	if (WIFEXITED(status) && !crew->status)
		crew->status = WEXITSTATUS(status);
	return status;
}

int crew_free(struct crew *crew)
{
	int status;

	if (!crew)
		return 0;
	for (unsigned int i = 0; i < crew->jobs; i++) {
		struct worker *worker = &crew->workers[i];

		if (!worker->pid)
			continue;
		/* Others have the line open, too, so that closing it is not
		 * the end of it. */
		if (worker->busy)
			kill(worker->pid, SIGKILL);
		else
			shutdown(worker->fd, SHUT_RDWR);
		dismiss(crew, worker);
	}
	status = crew->status;
	free(crew->workers);
	free(crew->polls);
	free(crew);
	return status;
}

/* ---- all of them ---- */

static struct worker *idle(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->jobs; i++)
		if (!crew->workers[i].busy)
			return &crew->workers[i];
	return NULL;
}

bool crew_has_room(struct crew *crew)
{
	struct worker *worker = idle(crew);
	int err;

	if (!worker || worker->pid)
		return worker;
	err = hire(crew, worker);
	if (!err)
		return true;
	/* It goes on with those that there are. */
	crew->err = err;
	*worker = crew->workers[--crew->jobs];
	return crew_has_room(crew);
}

unsigned int crew_size(const struct crew *crew, int *err)
{
	*err = crew->err;
	return crew->jobs;
}

bool crew_is_busy(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->jobs; i++)
		if (crew->workers[i].busy)
			return true;
	return false;
}

void crew_give(struct crew *crew, uint64_t tag, uint64_t nr,
	       struct json_object *task)
{
	struct worker *worker = idle(crew);

	CDMA_REQUIRE(worker && worker->pid);
	worker->busy = true;
	worker->tag = tag;
	/* Who is dead already is found to be when its answer is waited for. */
	send_json(worker->fd, nr, task);
}

static void end_case(struct crew *crew, struct worker *worker,
		     struct crew_end *end)
{
	uint64_t nr;
	int status;

	*end = (struct crew_end){.tag = worker->tag};
	worker->busy = false;
	if (receive_json(worker->fd, &nr, &end->result) && end->result)
		return;
	kill(worker->pid, SIGKILL);
	status = dismiss(crew, worker);
	end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	end->gave_up = WIFEXITED(status) && WEXITSTATUS(status) == CREW_GAVE_UP;
}

bool crew_wait(struct crew *crew, struct crew_end *end)
{
	nfds_t nr = 0; /* as many as may be open */

	for (unsigned int i = 0; i < crew->jobs; i++) {
		const struct worker *worker = &crew->workers[i];

		crew->polls[i] = (struct pollfd){
			.fd = worker->busy ? worker->fd : -1,
			.events = POLLIN,
		};
		if (worker->busy)
			nr = i + 1;
	}
	if (poll(crew->polls, nr, PATIENCE) <= 0)
		return false;
	for (unsigned int i = 0; i < nr; i++) {
		if (!crew->polls[i].revents)
			continue;
		end_case(crew, &crew->workers[i], end);
		return true;
	}
	return false;
}
