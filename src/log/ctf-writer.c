/* SPDX-License-Identifier: MIT */
#include "log/ctf-writer.h"

#include "base/macros.h"
#include "base/vec.h"
#include "log/ctf-packet.h"

#include <endian.h>
#include <string.h>

/* A place that was described, and its number. */
struct known {
	const struct cdma_site *site; /* NULL: free */
	uint32_t id;
};

/* What was described of what has a number; numbers are dense. */
enum description { NOT_YET, DESCRIBED, TO_BE_RENAMED };

#define DENSE_MAX (1u << 26)

#define TABLE_ACTOR CDMA_CTF_TABLES
#define TABLES      (CDMA_CTF_TABLES + 1)

/* Bytes of an event but for its reads, and more. */
#define EVENT_BYTES 128

struct cdma_ctf_writer {
	struct cdma_ctf_config config;
	struct ctf_packets packets;
	uint64_t seq;        /* of the event in hand */
	uint32_t sites;      /* that were described */
	int err;             /* the first that happened */
	struct known *known; /* open addressing; owned */
	size_t known_nr, known_room;
	CDMA_VEC(uint8_t) described[TABLES]; /* enum description, by number */
	uint8_t sparse;
	unsigned char *bytes;     /* of the event in hand; owned */
	size_t size, room;        /* of bytes */
	CDMA_VEC(uint64_t) reads; /* of a dependency */
};

int cdma_ctf_create(const char *dir, const struct cdma_ctf_config *config,
		    struct cdma_ctf_writer **out)
{
	struct cdma_ctf_writer *writer;
	struct ctf_packets packets;
	int err;

	CDMA_REQUIRE(dir && config && config->deps && out);

	*out = NULL;
	err = cdma_ctf_packets_create(&packets, dir);
	if (err) {
		cdma_ctf_packets_fini(&packets);
		return err;
	}
	writer = cdma_xcalloc(1, sizeof(*writer));
	writer->config = *config;
	writer->packets = packets;
	writer->known_room = 64;
	writer->known =
		cdma_xcalloc(writer->known_room, sizeof(*writer->known));
	*out = writer;
	return 0;
}

int cdma_ctf_error(const struct cdma_ctf_writer *writer)
{
	return writer->err;
}

int cdma_ctf_close(struct cdma_ctf_writer *writer)
{
	int err;

	if (!writer)
		return 0;
	err = writer->err;
	cdma_ctf_packets_fini(&writer->packets);
	free(writer->bytes);
	cdma_vec_free(&writer->reads);
	for (size_t i = 0; i < TABLES; i++)
		cdma_vec_free(&writer->described[i]);
	free(writer->known);
	free(writer);
	return err;
}

/* The slot of @site in a table of a power of two. */
static struct known *slot(struct known *table, size_t room,
			  const struct cdma_site *site)
{
	size_t i = ((uintptr_t)site * 0x9e3779b97f4a7c15u) >> 20;

	while (table[i & (room - 1)].site && table[i & (room - 1)].site != site)
		i++;
	return &table[i & (room - 1)];
}

/* The entry of @site; its site is NULL when it was not there before, until the
 * caller sets it. */
static struct known *lookup(struct cdma_ctf_writer *writer,
			    const struct cdma_site *site)
{
	struct known *old = writer->known;
	size_t room = writer->known_room;

	if (writer->known_nr * 2 > room) {
		writer->known_room = room * 2;
		writer->known = cdma_xcalloc(room * 2, sizeof(*old));
		for (size_t i = 0; i < room; i++)
			if (old[i].site)
				*slot(writer->known, room * 2, old[i].site) =
					old[i];
		free(old);
	}
	return slot(writer->known, writer->known_room, site);
}

/* What was described of number @id.  One that cannot be of a dense row is
 * described each time. */
static uint8_t *description(struct cdma_ctf_writer *writer, unsigned int table,
			    uint32_t id)
{
	if (id > DENSE_MAX) {
		writer->sparse = NOT_YET;
		return &writer->sparse;
	}
	while (writer->described[table].nr <= id)
		*cdma_vec_push(&writer->described[table]) = NOT_YET;
	return &writer->described[table].at[id];
}

/* Room for @size bytes more at the end of the event in hand. */
static unsigned char *room(struct cdma_ctf_writer *writer, size_t size)
{
	if (writer->room - writer->size < size) {
		writer->room = (writer->room + size) * 2;
		writer->bytes = cdma_xrealloc(writer->bytes, writer->room, 1);
	}
	return writer->bytes + writer->size;
}

/* Add the low @size bytes, at most 8, of @value. */
static inline void put(struct cdma_ctf_writer *writer, uint64_t value,
		       size_t size)
{
	value = htole64(value);
	memcpy(room(writer, sizeof(value)), &value, sizeof(value));
	writer->size += size;
}

static void put_string(struct cdma_ctf_writer *writer, const char *s)
{
	size_t size = s ? strlen(s) + 1 : 1;

	memcpy(room(writer, size), s ? s : "", size);
	writer->size += size;
}

/* Begin an event, or a record, of class @id. */
static void begin(struct cdma_ctf_writer *writer, unsigned int id)
{
	writer->size = 0;
	put(writer, writer->seq, 8);
	put(writer, id, 1);
}

static void end(struct cdma_ctf_writer *writer)
{
	if (!writer->err)
		writer->err =
			cdma_ctf_packets_append(&writer->packets, writer->seq,
						writer->bytes, writer->size);
}

void cdma_ctf_info(struct cdma_ctf_writer *writer, const char *key,
		   const char *value)
{
	begin(writer, CTF_INFO);
	put_string(writer, key);
	put_string(writer, value);
	end(writer);
}

static uint32_t know_site(struct cdma_ctf_writer *writer,
			  const struct cdma_site *site)
{
	struct known *known;

	if (!site)
		return 0;
	known = lookup(writer, site);
	if (known->site)
		return known->id;
	*known = (struct known){site, ++writer->sites};
	writer->known_nr++;
	begin(writer, CTF_SITE);
	put(writer, writer->sites, 4);
	put(writer, site->line, 4);
	put(writer, site->col, 4);
	put(writer,
	    (site->file ? CTF_HAS_FILE : 0) | (site->func ? CTF_HAS_FUNC : 0) |
		    (site->text ? CTF_HAS_TEXT : 0) |
		    (site->label ? CTF_HAS_LABEL : 0),
	    4);
	put_string(writer, site->file);
	put_string(writer, site->func);
	put_string(writer, site->text);
	put_string(writer, site->label);
	end(writer);
	return writer->sites;
}

static void know_actor(struct cdma_ctf_writer *writer, cdma_actor_id id)
{
	uint8_t *at = description(writer, TABLE_ACTOR, id);
	struct cdma_ctf_actor actor;

	if (!id || !writer->config.actor || *at)
		return;
	*at = DESCRIBED;
	actor = writer->config.actor(writer->config.aux, id);
	begin(writer, CTF_ACTOR);
	put(writer, id, 2);
	put(writer, actor.device, 2);
	put(writer, actor.kind, 1);
	put_string(writer, actor.name);
	end(writer);
}

static void describe(struct cdma_ctf_writer *writer, enum cdma_ctf_table table,
		     uint32_t id)
{
	const char *name = NULL;

	if (writer->config.name)
		name = writer->config.name(writer->config.aux, table, id);
	if (!name)
		return;
	begin(writer, CTF_NAME);
	put(writer, table, 1);
	put(writer, id, 4);
	put_string(writer, name);
	end(writer);
}

/* Describe @id before the first event that names it, and once more when it was
 * given another name since. */
static void know(struct cdma_ctf_writer *writer, enum cdma_ctf_table table,
		 uint32_t id)
{
	uint8_t *at = description(writer, table, id);

	if (!id || *at == DESCRIBED)
		return;
	*at = DESCRIBED;
	describe(writer, table, id);
}

/* A box goes by another name once it is exposed. */
static void know_again(struct cdma_ctf_writer *writer, cdma_region_id id)
{
	know(writer, CDMA_CTF_REGION, id);
	*description(writer, CDMA_CTF_REGION, id) = TO_BE_RENAMED;
}

/* Describe what @ev names by its number of object and its value. */
static void know_object(struct cdma_ctf_writer *writer,
			const struct cdma_event *ev)
{
	switch ((enum cdma_event_kind)ev->kind) {
	case CDMA_EV_RELEASE:
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_IRQ_RAISE:
	case CDMA_EV_IRQ_ENTER:
	case CDMA_EV_STATE:
		know(writer, CDMA_CTF_OBJECT, ev->object);
		return;
	case CDMA_EV_LEASE_BEGIN:
	case CDMA_EV_LEASE_END:
	case CDMA_EV_MAP:
	case CDMA_EV_UNMAP:
	case CDMA_EV_SYNC_CPU:
	case CDMA_EV_SYNC_DEVICE:
	case CDMA_EV_BIND:
	case CDMA_EV_UNBIND:
	case CDMA_EV_JOIN:
	case CDMA_EV_MASTER:
	case CDMA_EV_MASK:
		know(writer, CDMA_CTF_DEVICE, (cdma_device_id)ev->value);
		break;
	case CDMA_EV_START:
		know(writer, CDMA_CTF_DEVICE, (cdma_device_id)ev->iova);
		return;
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		if (ev->how == CDMA_MMIO)
			know(writer, CDMA_CTF_DEVICE, (cdma_device_id)ev->iova);
		break;
	case CDMA_EV_CALL:
		if (ev->iova)
			know(writer, CDMA_CTF_DEVICE, (cdma_device_id)ev->iova);
		break;
	case CDMA_EV_EXPOSE:
		know_again(writer, ev->object);
		return;
	default:
		break;
	}
	know(writer, CDMA_CTF_REGION, ev->object);
}

/* One read of a set as one number, in the order in which they are written:
 * number, whether bounded, bytes. */
static uint64_t packed(uint64_t seq, bool bounded, uint8_t bytes)
{
	return seq << 9 | (uint64_t)bounded << 8 | bytes;
}

static void add_read(void *aux, uint64_t seq, uint8_t bytes)
{
	struct cdma_ctf_writer *writer = aux;

	*cdma_vec_push(&writer->reads) = packed(seq, false, bytes);
}

static void add_bounded(void *aux, uint64_t seq, uint8_t bytes)
{
	struct cdma_ctf_writer *writer = aux;

	*cdma_vec_push(&writer->reads) = packed(seq, true, bytes);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Make one of those that differ in their bytes only, and leave out bytes that
 * are bounded on one way and not on another. */
static void unite_reads(struct cdma_ctf_writer *writer)
{
	uint64_t seq = 0, unbounded = 0;
	size_t nr = 0;

	for (size_t i = 0; i < writer->reads.nr; i++) {
		uint64_t read = writer->reads.at[i];

		if (read >> 9 != seq)
			unbounded = 0;
		seq = read >> 9;
		if (read >> 8 & 1)
			read &= ~unbounded;
		else
			unbounded |= read & 0xff;
		if (nr && writer->reads.at[nr - 1] >> 8 == read >> 8)
			writer->reads.at[nr - 1] |= read;
		else if (read & 0xff)
			writer->reads.at[nr++] = read;
	}
	writer->reads.nr = nr;
}

/* The set @dep, each read once, in order of time; unbounded before bounded. */
static void put_reads(struct cdma_ctf_writer *writer, cdma_dep_t dep)
{
	if (!dep) {
		put(writer, 0, 4);
		return;
	}
	writer->reads.nr = 0;
	cdma_dep_each(writer->config.deps, dep, add_bounded, writer);
	cdma_dep_each_unbounded(writer->config.deps, dep, add_read, writer);
	if (writer->reads.nr > 1)
		qsort(writer->reads.at, writer->reads.nr, sizeof(uint64_t),
		      compare);
	unite_reads(writer);
	put(writer, writer->reads.nr, 4);
	for (size_t i = 0; i < writer->reads.nr; i++) {
		uint64_t read = writer->reads.at[i];

		put(writer, read >> 9 | (read >> 8 & 1 ? CTF_BOUNDED : 0), 4);
	}
	for (size_t i = 0; i < writer->reads.nr; i++)
		put(writer, writer->reads.at[i] & 0xff, 1);
}

/* All of one size: there is room for it at once. */
static void put_fields(struct cdma_ctf_writer *writer,
		       const struct cdma_event *ev, uint32_t site)
{
	unsigned char *at = room(writer, EVENT_BYTES);
	uint64_t value;

#define PUT(from, bytes)                                                       \
	value = htole64(from);                                                 \
	memcpy(at, &value, sizeof(value));                                     \
	at += (bytes);
#define X(type, member) PUT(ev->member, sizeof(ev->member))
	CTF_EVENT_FIELDS(X)
#undef X
	PUT(site, sizeof(site))
#undef PUT
	writer->size = (size_t)(at - writer->bytes);
}

static void log_event(void *aux, const struct cdma_event *ev)
{
	struct cdma_ctf_writer *writer = aux;
	uint32_t site;

	if (writer->err)
		return;
	writer->seq = ev->seq;
	know_actor(writer, ev->actor);
	know_object(writer, ev);
	know(writer, CDMA_CTF_FRAME, ev->ctx);
	site = know_site(writer, ev->site);

	begin(writer, ev->kind);
	put_fields(writer, ev, site);
	put_reads(writer, ev->addr_dep);
	put_reads(writer, ev->data_dep);
	end(writer);
}

struct cdma_observer cdma_ctf_observer(struct cdma_ctf_writer *writer)
{
	return (struct cdma_observer){.event = log_event, .aux = writer};
}

void cdma_ctf_finding(struct cdma_ctf_writer *writer,
		      const struct cdma_finding *finding)
{
	begin(writer, CTF_FINDING);
	put_string(writer, cdma_finding_name(finding->id));
	put(writer, finding->at.seq, 8);
	put(writer, finding->against.seq, 8);
	put(writer, finding->proof.seq, 8);
	put(writer, finding->publish.seq, 8);
	put(writer, finding->region, 4);
	put(writer, finding->arg[0], 8);
	put(writer, finding->arg[1], 8);
	end(writer);
}
