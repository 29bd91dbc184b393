/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/order.h>

#include "base/rng.h"
#include "base/text.h"
#include "base/vec.h"
#include "log/ctf-reader.h"
#include "log/ctf-writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A directory of this test's own below the current one, and a trace in it that
 * does not exist yet.
 */
static char top[64], dir[80];

static void make_top(void)
{
	strcpy(top, "test-ctf.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(dir, sizeof(dir), "%s/trace", top);
}

static void remove_all(const char *path)
{
	struct dirent *entry;
	DIR *d = opendir(path);

	while (d && (entry = readdir(d))) {
		struct cdma_text sub = {0};

		cdma_text_addf(&sub, "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.' ||
		    (entry->d_name[1] && entry->d_name[1] != '.'))
			remove_all(sub.at);
		cdma_text_fini(&sub);
	}
	if (d)
		closedir(d);
	remove(path);
}

static void remove_top(void)
{
	remove_all(top);
}

static const struct cdma_site sites[] = {
	{"a.dma", "poll", "u32 len = READ_ONCE(rx[i].len);", "r_len", 38, 17},
	{"a.dma", "dma", "rx[i].len = 64 + i;", NULL, 29, 17},
	{"b \"c\"\\.dma", "", "", "", 1, 1},
	{NULL, NULL, NULL, NULL, 0, 0},
	{"unicode \xe2\x86\x92 and \xff", "f", NULL, "l", UINT32_MAX, 7},
};

/* An event with every bit of every field drawn. */
static struct cdma_event draw(struct cdma_rng *rng, struct cdma_deps *deps,
			      uint64_t seq)
{
	struct cdma_event ev;

	for (size_t i = 0; i < sizeof(ev); i++)
		((unsigned char *)&ev)[i] = (unsigned char)cdma_rng_next(rng);
	ev.seq = seq;
	ev.kind = (uint8_t)cdma_rng_below(rng, CDMA_EV_NR);
	ev.site = &sites[cdma_rng_below(rng, ARRAY_SIZE(sites))];
	ev.addr_dep = ev.data_dep = 0;
	for (uint32_t n = cdma_rng_below(rng, 5); n; n--)
		ev.addr_dep = cdma_dep_join(
			deps, ev.addr_dep,
			cdma_dep_read(1 + cdma_rng_below(rng, 40)));
	if (cdma_rng_below(rng, 2))
		ev.data_dep = cdma_dep_read(INT32_MAX);
	if (cdma_rng_below(rng, 2))
		ev.data_dep = cdma_dep_join(
			deps, ev.data_dep,
			cdma_dep_part(deps, cdma_dep_read(9),
				      (uint8_t)(1 + cdma_rng_below(rng, 255))));
	return ev;
}

/* Which bytes of each read; all reads are less than 63, or INT32_MAX. */
static void add_bytes(void *aux, uint64_t seq, uint8_t bytes)
{
	((unsigned char *)aux)[seq == INT32_MAX ? 63 : seq] |= bytes;
}

static void check_dep(struct cdma_deps *a_deps, cdma_dep_t a,
		      struct cdma_deps *b_deps, cdma_dep_t b)
{
	unsigned char a_bytes[64] = {0}, b_bytes[64] = {0};

	cdma_dep_each(a_deps, a, add_bytes, a_bytes);
	cdma_dep_each(b_deps, b, add_bytes, b_bytes);
	ck_assert_mem_eq(a_bytes, b_bytes, sizeof(a_bytes));
}

static void check_site(const struct cdma_site *a, const struct cdma_site *b)
{
	ck_assert_pstr_eq(a->file, b->file);
	ck_assert_pstr_eq(a->func, b->func);
	ck_assert_pstr_eq(a->text, b->text);
	ck_assert_pstr_eq(a->label, b->label);
	ck_assert_uint_eq(a->line, b->line);
	ck_assert_uint_eq(a->col, b->col);
}

/* All of @got that does not name something else is what @want is. */
static void check_event(const struct cdma_event *got,
			const struct cdma_event *want)
{
	ck_assert_uint_eq(got->seq, want->seq);
	ck_assert_uint_eq(got->kind, want->kind);
#define X(type, member) ck_assert_uint_eq(got->member, want->member);
	CTF_EVENT_FIELDS(X)
#undef X
	check_site(got->site, want->site);
}

static struct cdma_ctf_actor actor_of(void *aux, cdma_actor_id id)
{
	return (struct cdma_ctf_actor){
		.kind = id % 3, .device = id, .name = id % 2 ? "odd" : NULL};
}

static const char *name_of(void *aux, enum cdma_ctf_table table, uint32_t id)
{
	return table == CDMA_CTF_REGION && id == 7 ? "ring" : NULL;
}

static struct cdma_ctf_writer *create(struct cdma_deps *deps)
{
	const struct cdma_ctf_config config = {
		.deps = deps, .actor = actor_of, .name = name_of};
	struct cdma_ctf_writer *writer;

	ck_assert_int_eq(cdma_ctf_create(dir, &config, &writer), 0);
	return writer;
}

static struct cdma_ctf *open_trace(void)
{
	struct cdma_ctf *ctf;

	ck_assert_int_eq(cdma_ctf_open(dir, &ctf), 0);
	return ctf;
}

#define MANY 20000 /* several packets */

START_TEST(read_is_what_was_written)
{
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_ctf_writer *writer = create(deps);
	struct cdma_observer to = cdma_ctf_observer(writer);
	struct cdma_event *events = cdma_xcalloc(MANY, sizeof(*events)), ev;
	struct cdma_rng rng = cdma_rng_case(1, 2);
	struct cdma_ctf *ctf;

	for (size_t i = 0; i < MANY; i++) {
		events[i] = draw(&rng, deps, i + 1);
		to.event(to.aux, &events[i]);
	}
	ck_assert_int_eq(cdma_ctf_close(writer), 0);

	ctf = open_trace();
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_int_eq(cdma_ctf_next(ctf, &ev), 1);
		check_event(&ev, &events[i]);
		check_dep(cdma_ctf_deps(ctf), ev.addr_dep, deps,
			  events[i].addr_dep);
		check_dep(cdma_ctf_deps(ctf), ev.data_dep, deps,
			  events[i].data_dep);
		ck_assert_int_eq(cdma_ctf_actor_kind(ctf, ev.actor),
				 ev.actor ? ev.actor % 3 : 0);
	}
	ck_assert_int_eq(cdma_ctf_next(ctf, &ev), 0);
	ck_assert_int_eq(cdma_ctf_next(ctf, &ev), 0);
	cdma_ctf_free(ctf);
	cdma_deps_free(deps);
	free(events);
}
END_TEST

/* Two places are one exactly when they were one before. */
START_TEST(sites_keep_their_identity)
{
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_ctf_writer *writer = create(deps);
	struct cdma_observer to = cdma_ctf_observer(writer);
	const struct cdma_site twin = sites[0];
	const struct cdma_site *order[] = {&sites[0], &twin, &sites[0], &twin};
	const struct cdma_site *got[4];
	struct cdma_event ev = {0};
	struct cdma_ctf *ctf;

	for (size_t i = 0; i < 4; i++) {
		ev.seq = i + 1;
		ev.site = order[i];
		to.event(to.aux, &ev);
	}
	cdma_ctf_close(writer);
	ctf = open_trace();
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(cdma_ctf_next(ctf, &ev), 1);
		got[i] = ev.site;
	}
	ck_assert_ptr_eq(got[0], got[2]);
	ck_assert_ptr_eq(got[1], got[3]);
	ck_assert_ptr_ne(got[0], got[1]);
	cdma_ctf_free(ctf);
	cdma_deps_free(deps);
}
END_TEST

START_TEST(names_infos_and_findings)
{
	const struct cdma_finding finding = {.id = CDMA_FINDING_LEAK,
					     .region = 7,
					     .at = {.seq = 1},
					     .arg = {5, UINT64_MAX}};
	struct cdma_event ev = {.seq = 1,
				.kind = CDMA_EV_ALLOC,
				.object = 7,
				.actor = 3,
				.site = sites};
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_ctf_writer *writer = create(deps);
	const struct cdma_ctf_finding *got;
	struct cdma_ctf *ctf;

	cdma_ctf_info(writer, "seed", "0x5eed");
	cdma_ctf_observer(writer).event(writer, &ev);
	cdma_ctf_finding(writer, &finding);
	ck_assert_int_eq(cdma_ctf_close(writer), 0);

	ctf = open_trace();
	ck_assert_int_eq(cdma_ctf_next(ctf, &ev), 1);
	ck_assert_ptr_null(cdma_ctf_finding_at(ctf, 0));
	ck_assert_int_eq(cdma_ctf_next(ctf, &ev), 0);
	ck_assert_str_eq(cdma_ctf_info_of(ctf, "seed"), "0x5eed");
	ck_assert_ptr_null(cdma_ctf_info_of(ctf, "weed"));
	ck_assert_str_eq(cdma_ctf_name(ctf, CDMA_CTF_REGION, 7), "ring");
	ck_assert_ptr_null(cdma_ctf_name(ctf, CDMA_CTF_REGION, 6));
	ck_assert_ptr_null(cdma_ctf_name(ctf, CDMA_CTF_DEVICE, 7));
	ck_assert_str_eq(cdma_ctf_actor_name(ctf, 3), "odd");
	ck_assert_ptr_null(cdma_ctf_actor_name(ctf, 4));
	got = cdma_ctf_finding_at(ctf, 0);
	ck_assert_str_eq(got->name, "leak");
	ck_assert_uint_eq(got->at, 1);
	ck_assert_uint_eq(got->region, 7);
	ck_assert_uint_eq(got->arg[1], UINT64_MAX);
	ck_assert_ptr_null(cdma_ctf_finding_at(ctf, 1));
	cdma_ctf_free(ctf);
	cdma_deps_free(deps);
}
END_TEST

/*
 * The ordering rules say the same of a run and of its log.  Drawn accesses of
 * three actors to a few words have findings of many kinds.
 */
struct verdicts {
	CDMA_VEC(struct cdma_finding) list;
};

static void note_finding(void *aux, const struct cdma_finding *finding)
{
	struct verdicts *verdicts = aux;

	*cdma_vec_push(&verdicts->list) = *finding;
}

static struct cdma_order *new_order(struct cdma_deps *deps,
				    struct verdicts *verdicts)
{
	const struct cdma_order_config config = {
		.deps = deps, .sink = {note_finding, verdicts}};

	return cdma_order_new(&config);
}

/* By actor 1, a device, or CPU 2 or 3. */
static struct cdma_event draw_access(struct cdma_rng *rng, uint64_t last_read[])
{
	static const uint8_t kinds[] = {CDMA_EV_READ,    CDMA_EV_WRITE,
					CDMA_EV_READ,    CDMA_EV_WRITE,
					CDMA_EV_BARRIER, CDMA_EV_BRANCH};
	struct cdma_event ev = {
		.kind = kinds[cdma_rng_below(rng, ARRAY_SIZE(kinds))],
		.actor = (cdma_actor_id)(1 + cdma_rng_below(rng, 3)),
		.object = 1,
		.offset = 8 * cdma_rng_below(rng, 4),
		.op_size = 8,
		.size = 8,
		.flags = CDMA_EVF_LAST,
		.site = &sites[cdma_rng_below(rng, ARRAY_SIZE(sites))],
		.order = (uint8_t)cdma_rng_below(rng, 3),
		.domain = (uint8_t)cdma_rng_below(rng, 3),
	};

	ev.op_offset = ev.offset;
	ev.how = ev.actor == 1 ? CDMA_DMA : CDMA_MARKED;
	if (ev.actor == 1 && ev.kind >= CDMA_EV_BARRIER)
		ev.kind = CDMA_EV_WRITE;
	if (ev.kind == CDMA_EV_BRANCH && last_read[ev.actor])
		ev.data_dep = cdma_dep_read(last_read[ev.actor]);
	return ev;
}

START_TEST(judged_again_from_the_log)
{
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_ctf_writer *writer = create(deps);
	struct verdicts live = {0}, logged = {0};
	struct cdma_order *order = new_order(deps, &live);
	struct cdma_rng rng = cdma_rng_case(7, 0);
	struct cdma_stream stream;
	uint64_t last_read[4] = {0};
	struct cdma_ctf *ctf;
	struct cdma_event ev;

	cdma_stream_init(&stream);
	cdma_stream_observe(&stream, cdma_ctf_observer(writer));
	cdma_stream_observe(&stream, cdma_order_observer(order));
	for (cdma_actor_id id = 1; id <= 3; id++) {
		ev = (struct cdma_event){
			.kind = CDMA_EV_START, .actor = id, .site = sites};
		ev.value = id == 1 ? CDMA_DEVICE : CDMA_CPU;
		ev.iova = id == 1;
		cdma_emit(&stream, &ev);
	}
	for (int i = 0; i < 500; i++) {
		ev = draw_access(&rng, last_read);
		cdma_emit(&stream, &ev);
		if (ev.kind == CDMA_EV_READ)
			last_read[ev.actor] = ev.seq;
	}
	cdma_order_free(order);
	cdma_ctf_close(writer);

	ctf = open_trace();
	order = new_order(cdma_ctf_deps(ctf), &logged);
	while (cdma_ctf_next(ctf, &ev) == 1)
		cdma_order_observer(order).event(cdma_order_observer(order).aux,
						 &ev);
	cdma_order_free(order);
	ck_assert_uint_gt(live.list.nr, 10);
	ck_assert_uint_eq(live.list.nr, logged.list.nr);
	for (size_t i = 0; i < live.list.nr; i++) {
		const struct cdma_finding *a = &live.list.at[i];
		const struct cdma_finding *b = &logged.list.at[i];

		ck_assert_int_eq(a->id, b->id);
		ck_assert_int_eq(a->cure, b->cure);
		ck_assert_uint_eq(a->at.seq, b->at.seq);
		ck_assert_uint_eq(a->against.seq, b->against.seq);
		ck_assert_uint_eq(a->proof.seq, b->proof.seq);
		ck_assert_uint_eq(a->publish.seq, b->publish.seq);
		check_site(a->at.site, b->at.site);
	}
	cdma_vec_free(&live.list);
	cdma_vec_free(&logged.list);
	cdma_ctf_free(ctf);
	cdma_deps_free(deps);
}
END_TEST

/* Read to the end or to the damage, whichever comes; no further than @nr. */
static int drain(struct cdma_ctf *ctf, size_t *nr)
{
	struct cdma_event ev;
	int ret;

	*nr = 0;
	while ((ret = cdma_ctf_next(ctf, &ev)) == 1)
		++*nr;
	return ret;
}

static void write_some(size_t nr)
{
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_ctf_writer *writer = create(deps);
	struct cdma_rng rng = cdma_rng_case(3, 3);
	struct cdma_event ev;

	for (size_t i = 0; i < nr; i++) {
		ev = draw(&rng, deps, i + 1);
		cdma_ctf_observer(writer).event(writer, &ev);
	}
	ck_assert_int_eq(cdma_ctf_close(writer), 0);
	cdma_deps_free(deps);
}

/* A process that is gone without a word leaves every event it had logged. */
START_TEST(killed_writer_loses_nothing)
{
	struct cdma_ctf *ctf;
	int status;
	size_t nr;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (!pid) {
		struct cdma_deps *deps = cdma_deps_new();
		struct cdma_ctf_writer *writer = create(deps);
		struct cdma_event ev = {.site = sites};

		for (ev.seq = 1; ev.seq <= 1234; ev.seq++)
			cdma_ctf_observer(writer).event(writer, &ev);
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ctf = open_trace();
	ck_assert_int_eq(drain(ctf, &nr), 0);
	ck_assert_uint_eq(nr, 1234);
	cdma_ctf_free(ctf);
}
END_TEST

/* No damage to any byte is worse than an error. */
START_TEST(damage_is_an_error)
{
	char path[128];
	struct stat st;
	int fd;

	write_some(20);
	snprintf(path, sizeof(path), "%s/events-00000", dir);
	fd = open(path, O_RDWR);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	for (off_t i = 0; i < 3000 && i < st.st_size; i++) {
		unsigned char old, new;
		struct cdma_ctf *ctf;
		size_t nr;
		int ret;

		ck_assert_int_eq(pread(fd, &old, 1, i), 1);
		new = old ^ 0xff;
		ck_assert_int_eq(pwrite(fd, &new, 1, i), 1);
		ctf = open_trace();
		ret = drain(ctf, &nr);
		ck_assert(ret == 0 || ret == -EBADMSG);
		ck_assert_uint_le(nr, 20000);
		cdma_ctf_free(ctf);
		ck_assert_int_eq(pwrite(fd, &old, 1, i), 1);
	}
	close(fd);
}
END_TEST

START_TEST(truncation_is_an_error)
{
	char path[128];
	struct stat st;

	write_some(100);
	snprintf(path, sizeof(path), "%s/events-00000", dir);
	ck_assert_int_eq(stat(path, &st), 0);
	for (off_t size = st.st_size; size >= 0; size -= 111) {
		struct cdma_ctf *ctf;
		size_t nr;
		int ret;

		ck_assert_int_eq(truncate(path, size), 0);
		ctf = open_trace();
		ret = drain(ctf, &nr);
		/* What is behind the content is only room. */
		ck_assert(ret == -EBADMSG || nr == 100);
		cdma_ctf_free(ctf);
	}
}
END_TEST

START_TEST(refuses_what_is_not_a_trace)
{
	struct cdma_ctf *ctf;
	char path[128];
	int fd;

	ck_assert_int_eq(cdma_ctf_open(dir, &ctf), -ENOENT);
	ck_assert_ptr_null(ctf);
	ck_assert_int_eq(cdma_ctf_open(top, &ctf), -ENOENT);
	write_some(1);
	snprintf(path, sizeof(path), "%s/metadata", dir);
	ck_assert_int_eq(cdma_ctf_open(path, &ctf), -ENOTDIR);
	fd = open(path, O_WRONLY | O_APPEND);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
	ck_assert_int_eq(cdma_ctf_open(dir, &ctf), -EPROTONOSUPPORT);
}
END_TEST

START_TEST(never_writes_into_what_exists)
{
	struct cdma_deps *deps = cdma_deps_new();
	const struct cdma_ctf_config config = {.deps = deps};
	struct cdma_ctf_writer *writer;

	write_some(1);
	ck_assert_int_eq(cdma_ctf_create(dir, &config, &writer), -EEXIST);
	ck_assert_ptr_null(writer);
	ck_assert_int_eq(cdma_ctf_create("none/such", &config, &writer),
			 -ENOENT);
	cdma_deps_free(deps);
}
END_TEST

/*
 * When a packet does not fit any more the log ends there: nothing that was
 * written is lost, and close says why.  SIZE bounds each file, as a full disk
 * bounds all of them.
 */
START_TEST(full_disk_keeps_what_was_written)
{
	const struct rlimit size = {40 << 10, 40 << 10};
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_ctf_writer *writer;
	struct cdma_event ev = {.site = sites};
	struct cdma_ctf *ctf;
	size_t nr, good = 0;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &size), 0);
	writer = create(deps);
	for (ev.seq = 1; ev.seq <= 5000; ev.seq++) {
		cdma_ctf_observer(writer).event(writer, &ev);
		if (!cdma_ctf_error(writer))
			good = ev.seq;
	}
	ck_assert_int_eq(cdma_ctf_close(writer), -EFBIG);
	ck_assert_uint_gt(good, 100);
	ctf = open_trace();
	ck_assert_int_eq(drain(ctf, &nr), 0);
	ck_assert_uint_eq(nr, good);
	cdma_ctf_free(ctf);
	cdma_deps_free(deps);
}
END_TEST

static void add_fixture(Suite *suite, const char *name, const TTest *test)
{
	TCase *tcase = unit_case(suite, name);

	tcase_add_checked_fixture(tcase, make_top, remove_top);
	tcase_add_test(tcase, test);
}

#define add(suite, test) add_fixture(suite, #test, test)

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ctf");

	add(suite, read_is_what_was_written);
	add(suite, sites_keep_their_identity);
	add(suite, names_infos_and_findings);
	add(suite, judged_again_from_the_log);
	add(suite, killed_writer_loses_nothing);
	add(suite, damage_is_an_error);
	add(suite, truncation_is_an_error);
	add(suite, refuses_what_is_not_a_trace);
	add(suite, never_writes_into_what_exists);
	add(suite, full_disk_keeps_what_was_written);
	return suite;
}
