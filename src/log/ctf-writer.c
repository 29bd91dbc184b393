/* SPDX-License-Identifier: MIT */
#include "log/ctf-writer.h"

#include "base/macros.h"
#include "base/vec.h"
#include "log/ctf-packet.h"

#include <endian.h>
#include <string.h>

/* A number that an event used, and what it was described as. */
struct known {
	uint64_t key; /* 0: free */
	uint32_t id;  /* of a site; else 1: to be described again */
};

/* Keys: a table's number and an id, or the address of a site. */
#define KEY_ACTOR    CDMA_CTF_TABLES
#define KEY(what, i) (UINT64_MAX << 63 | (uint64_t)(what) << 32 | (i))

struct cdma_ctf_writer {
	struct cdma_ctf_config config;
	struct ctf_packets packets;
	uint64_t seq;        /* of the event in hand */
	uint32_t sites;      /* that were described */
	int err;             /* the first that happened */
	struct known *known; /* open addressing; owned */
	size_t known_nr, known_room;
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
	free(writer->known);
	free(writer);
	return err;
}

/* The slot of @key in a table of a power of two. */
static struct known *slot(struct known *table, size_t room, uint64_t key)
{
	size_t i = (key * 0x9e3779b97f4a7c15u) >> 20;

	while (table[i & (room - 1)].key && table[i & (room - 1)].key != key)
		i++;
	return &table[i & (room - 1)];
}

/* The entry of @key; its key is 0 when it was not there before, until the
 * caller sets it. */
static struct known *lookup(struct cdma_ctf_writer *writer, uint64_t key)
{
	struct known *old = writer->known;
	size_t room = writer->known_room;

	if (writer->known_nr * 2 > room) {
		writer->known_room = room * 2;
		writer->known = cdma_xcalloc(room * 2, sizeof(*old));
		for (size_t i = 0; i < room; i++)
			if (old[i].key)
				*slot(writer->known, room * 2, old[i].key) =
					old[i];
		free(old);
	}
	return slot(writer->known, writer->known_room, key);
}

/* Whether @key is new; it is not any more. */
static bool is_new(struct cdma_ctf_writer *writer, uint64_t key)
{
	struct known *known = lookup(writer, key);

	if (known->key)
		return false;
	known->key = key;
	writer->known_nr++;
	return true;
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
	uint64_t key = (uint64_t)(uintptr_t)site;

	if (!site)
		return 0;
	if (!is_new(writer, key))
		return lookup(writer, key)->id;
	lookup(writer, key)->id = ++writer->sites;
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
	struct cdma_ctf_actor actor;

	if (!id || !writer->config.actor || !is_new(writer, KEY(KEY_ACTOR, id)))
		return;
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
	bool new = id &&is_new(writer, KEY(table, id));
	struct known *known = id ? lookup(writer, KEY(table, id)) : NULL;

	if (new || (known && known->id)) {
		known->id = 0;
		describe(writer, table, id);
	}
}

/* A box goes by another name once it is exposed. */
static void know_again(struct cdma_ctf_writer *writer, cdma_region_id id)
{
	know(writer, CDMA_CTF_REGION, id);
	if (id)
		lookup(writer, KEY(CDMA_CTF_REGION, id))->id = 1;
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
	writer->reads.nr = 0;
	if (dep) {
		cdma_dep_each(writer->config.deps, dep, add_bounded, writer);
		cdma_dep_each_unbounded(writer->config.deps, dep, add_read,
					writer);
	}
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
#define X(type, member) put(writer, ev->member, sizeof(ev->member));
	CTF_EVENT_FIELDS(X)
#undef X
	put(writer, site, 4);
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
