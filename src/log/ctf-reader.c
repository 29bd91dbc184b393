/* SPDX-License-Identifier: MIT */
#include "log/ctf-reader.h"

#include "base/arena.h"
#include "base/macros.h"
#include "base/vec.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ids are dense, so a table is an array; who asks for more is not ours. */
#define ID_MAX (1u << 24)

struct actor {
	const char *name;
	cdma_device_id device;
	uint8_t kind;
};

struct info {
	const char *key, *value;
};

struct cdma_ctf {
	int dir;               /* owned */
	unsigned int nr;       /* of the packet in hand + 1 */
	unsigned char *packet; /* owned; NULL: none */
	size_t at, end;        /* what is not read yet, in it */
	bool bad;              /* the event in hand is damaged */
	struct cdma_deps *deps;
	struct cdma_arena arena;                       /* sites and strings */
	CDMA_VEC(const struct cdma_site *) sites;      /* by id - 1 */
	CDMA_VEC(struct actor) actors;                 /* by id */
	CDMA_VEC(const char *) names[CDMA_CTF_TABLES]; /* by id */
	CDMA_VEC(struct info) infos;
	CDMA_VEC(struct cdma_ctf_finding) findings;
};

/* The whole file @name, ending in a NUL that does not count.  *@out is NULL on
 * failure. */
static int read_file(int dir, const char *name, unsigned char **out,
		     size_t *size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;
	ssize_t got = 1;

	*out = NULL;
	*size = 0;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_size > INT32_MAX)
		err = -EBADMSG;
	else
		*out = cdma_xmalloc((size_t)st.st_size + 1);
	while (!err && got && *size < (size_t)st.st_size) {
		got = read(fd, *out + *size, (size_t)st.st_size - *size);
		if (got >= 0)
			*size += (size_t)got;
		else if (errno != EINTR)
			err = -errno;
	}
	close(fd);
	if (err) {
		free(*out);
		*out = NULL;
	} else {
		(*out)[*size] = '\0';
	}
	return err;
}

/* The metadata is the same text in every trace that we can read. */
static int check_metadata(int dir)
{
	unsigned char *got;
	char *want;
	size_t size;
	int err = read_file(dir, "metadata", &got, &size);

	if (err)
		return err;
	want = cdma_ctf_metadata();
	if (size != strlen(want) || memcmp(got, want, size))
		err = -EPROTONOSUPPORT;
	free(want);
	free(got);
	return err;
}

int cdma_ctf_open(const char *dir, struct cdma_ctf **out)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	struct cdma_ctf *ctf;

	*out = NULL;
	if (fd < 0)
		return -errno;
	err = check_metadata(fd);
	if (err) {
		close(fd);
		return err;
	}
	ctf = cdma_xcalloc(1, sizeof(*ctf));
	ctf->dir = fd;
	ctf->deps = cdma_deps_new();
	*out = ctf;
	return 0;
}

void cdma_ctf_free(struct cdma_ctf *ctf)
{
	if (!ctf)
		return;
	close(ctf->dir);
	free(ctf->packet);
	cdma_deps_free(ctf->deps);
	cdma_arena_fini(&ctf->arena);
	cdma_vec_free(&ctf->sites);
	cdma_vec_free(&ctf->actors);
	for (size_t i = 0; i < CDMA_CTF_TABLES; i++)
		cdma_vec_free(&ctf->names[i]);
	cdma_vec_free(&ctf->infos);
	cdma_vec_free(&ctf->findings);
	free(ctf);
}

struct cdma_deps *cdma_ctf_deps(struct cdma_ctf *ctf)
{
	return ctf->deps;
}

/* Load the next packet.  1, or 0 when there is none. */
static int next_packet(struct cdma_ctf *ctf)
{
	struct ctf_packet_header header;
	char name[CTF_NAME_SIZE];
	uint64_t content;
	size_t size;
	int err;

	free(ctf->packet);
	ctf->at = ctf->end = 0;
	snprintf(name, sizeof(name), CTF_EVENTS, ctf->nr);
	err = read_file(ctf->dir, name, &ctf->packet, &size);
	if (err)
		return err == -ENOENT ? 0 : err;
	if (size < sizeof(header))
		return -EBADMSG;
	memcpy(&header, ctf->packet, sizeof(header));
	content = le64toh(header.content_size);
	if (le32toh(header.magic) != CTF_MAGIC || header.stream_id ||
	    header.stream_instance_id || content % 8 ||
	    content / 8 < sizeof(header) || content / 8 > size ||
	    le64toh(header.packet_seq_num) != ctf->nr)
		return -EBADMSG;
	ctf->nr++;
	ctf->at = sizeof(header);
	ctf->end = content / 8;
	return 1;
}

static uint64_t get(struct cdma_ctf *ctf, size_t size)
{
	uint64_t value = 0;

	if (ctf->end - ctf->at < size) {
		ctf->bad = true;
		ctf->at = ctf->end;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)ctf->packet[ctf->at + i] << 8 * i;
	ctf->at += size;
	return value;
}

/* A copy of the string that comes next. */
static const char *get_string(struct cdma_ctf *ctf)
{
	const unsigned char *from = ctf->packet + ctf->at;
	const unsigned char *nul = memchr(from, '\0', ctf->end - ctf->at);
	size_t size;
	char *copy;

	if (!nul) {
		ctf->bad = true;
		return "";
	}
	size = (size_t)(nul - from) + 1;
	copy = cdma_arena_alloc(&ctf->arena, size);
	memcpy(copy, from, size);
	ctf->at += size;
	return copy;
}

static void get_site(struct cdma_ctf *ctf)
{
	struct cdma_site *site = cdma_arena_alloc(&ctf->arena, sizeof(*site));
	uint64_t id = get(ctf, 4);
	unsigned int has;

	memset(site, 0, sizeof(*site));
	site->line = (uint32_t)get(ctf, 4);
	site->col = (uint32_t)get(ctf, 4);
	has = (unsigned int)get(ctf, 4);
	site->file = get_string(ctf);
	site->func = get_string(ctf);
	site->text = get_string(ctf);
	site->label = get_string(ctf);
	if (!(has & CTF_HAS_FILE))
		site->file = NULL;
	if (!(has & CTF_HAS_FUNC))
		site->func = NULL;
	if (!(has & CTF_HAS_TEXT))
		site->text = NULL;
	if (!(has & CTF_HAS_LABEL))
		site->label = NULL;
	if (id == ctf->sites.nr + 1)
		*cdma_vec_push(&ctf->sites) = site;
	else
		ctf->bad = true;
}

static void get_actor(struct cdma_ctf *ctf)
{
	size_t id = get(ctf, 2);
	struct actor actor;

	actor.device = (cdma_device_id)get(ctf, 2);
	actor.kind = (uint8_t)get(ctf, 1);
	actor.name = get_string(ctf);
	ctf->bad |= actor.kind > CDMA_SOFTIRQ;
	while (ctf->actors.nr <= id)
		*cdma_vec_push(&ctf->actors) = (struct actor){0};
	ctf->actors.at[id] = actor;
}

static void get_name(struct cdma_ctf *ctf)
{
	unsigned int table = (unsigned int)get(ctf, 1);
	size_t id = get(ctf, 4);
	const char *name = get_string(ctf);

	if (table >= CDMA_CTF_TABLES || id >= ID_MAX) {
		ctf->bad = true;
		return;
	}
	while (ctf->names[table].nr <= id)
		*cdma_vec_push(&ctf->names[table]) = NULL;
	ctf->names[table].at[id] = name;
}

static void get_finding(struct cdma_ctf *ctf)
{
	struct cdma_ctf_finding *finding = cdma_vec_push(&ctf->findings);

	finding->name = get_string(ctf);
	finding->at = get(ctf, 8);
	finding->against = get(ctf, 8);
	finding->proof = get(ctf, 8);
	finding->publish = get(ctf, 8);
	finding->region = (cdma_region_id)get(ctf, 4);
	finding->arg[0] = get(ctf, 8);
	finding->arg[1] = get(ctf, 8);
}

static void get_record(struct cdma_ctf *ctf, uint64_t id)
{
	struct info info;

	switch (id) {
	case CTF_INFO:
		info.key = get_string(ctf);
		info.value = get_string(ctf);
		*cdma_vec_push(&ctf->infos) = info;
		return;
	case CTF_SITE:
		get_site(ctf);
		return;
	case CTF_ACTOR:
		get_actor(ctf);
		return;
	case CTF_NAME:
		get_name(ctf);
		return;
	case CTF_FINDING:
		get_finding(ctf);
		return;
	default:
		ctf->bad = true;
	}
}

/* The reads of a set, and then, one for each, which bytes of it. */
static cdma_dep_t get_reads(struct cdma_ctf *ctf)
{
	uint64_t nr = get(ctf, 4);
	cdma_dep_t dep = 0;
	size_t parts;

	if (nr > (ctf->end - ctf->at) / 5) {
		ctf->bad = true;
		return 0;
	}
	parts = ctf->at + 4 * nr;
	for (uint64_t i = 0; i < nr && !ctf->bad; i++) {
		uint64_t word = get(ctf, 4), seq = word & ~CTF_BOUNDED;
		uint8_t bytes = ctf->packet[parts + i];
		cdma_dep_t read = cdma_dep_read(seq);

		read = cdma_dep_part(ctf->deps, read, bytes);
		if (word & CTF_BOUNDED)
			read = cdma_dep_bound(ctf->deps, read);
		dep = cdma_dep_join(ctf->deps, dep, read);
		ctf->bad |= !seq || seq > INT32_MAX || !bytes;
	}
	ctf->at += nr;
	return dep;
}

static void get_event(struct cdma_ctf *ctf, uint64_t seq, uint64_t kind,
		      struct cdma_event *ev)
{
	uint64_t site;

	memset(ev, 0, sizeof(*ev));
	ev->seq = seq;
	ev->kind = (uint8_t)kind;
#define X(type, member)                                                        \
	ev->member = (__typeof__(ev->member))get(ctf, sizeof(ev->member));
	CTF_EVENT_FIELDS(X)
#undef X
	site = get(ctf, 4);
	if (site > ctf->sites.nr)
		ctf->bad = true;
	else if (site)
		ev->site = ctf->sites.at[site - 1];
	ev->addr_dep = get_reads(ctf);
	ev->data_dep = get_reads(ctf);
}

int cdma_ctf_next(struct cdma_ctf *ctf, struct cdma_event *ev)
{
	uint64_t seq, id;
	int ret;

	while (!ctf->bad) {
		if (ctf->at == ctf->end) {
			ret = next_packet(ctf);
			if (ret <= 0)
				return ret;
			continue;
		}
		seq = get(ctf, 8);
		id = get(ctf, 1);
		if (id >= CDMA_EV_NR) {
			get_record(ctf, id);
			continue;
		}
		get_event(ctf, seq, id, ev);
		if (!ctf->bad)
			return 1;
	}
	return -EBADMSG;
}

const char *cdma_ctf_info_of(const struct cdma_ctf *ctf, const char *key)
{
	for (size_t i = 0; i < ctf->infos.nr; i++)
		if (!strcmp(ctf->infos.at[i].key, key))
			return ctf->infos.at[i].value;
	return NULL;
}

const char *cdma_ctf_name(const struct cdma_ctf *ctf, enum cdma_ctf_table table,
			  uint32_t id)
{
	CDMA_REQUIRE(table < CDMA_CTF_TABLES);
	return id < ctf->names[table].nr ? ctf->names[table].at[id] : NULL;
}

const char *cdma_ctf_actor_name(const struct cdma_ctf *ctf, cdma_actor_id id)
{
	return id < ctf->actors.nr ? ctf->actors.at[id].name : NULL;
}

enum cdma_actor_kind cdma_ctf_actor_kind(const struct cdma_ctf *ctf,
					 cdma_actor_id id)
{
	return id < ctf->actors.nr
		       ? (enum cdma_actor_kind)ctf->actors.at[id].kind
		       : CDMA_CPU;
}

cdma_device_id cdma_ctf_actor_device(const struct cdma_ctf *ctf,
				     cdma_actor_id id)
{
	return id < ctf->actors.nr ? ctf->actors.at[id].device : 0;
}

const struct cdma_ctf_finding *cdma_ctf_finding_at(const struct cdma_ctf *ctf,
						   size_t i)
{
	return i < ctf->findings.nr ? &ctf->findings.at[i] : NULL;
}
