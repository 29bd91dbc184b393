/* SPDX-License-Identifier: MIT */
#ifndef LOG_CTF_H
#define LOG_CTF_H

/*
 * CTF: what a log looks like on disk, for its writer and its reader.
 *
 * A trace is a directory in the Common Trace Format 1.8 (diamon.org/ctf),
 * which babeltrace2 and Trace Compass read:
 *
 *	metadata        what the rest looks like; the same text in every trace
 *	events-00000    one packet each, together one stream
 *	events-00001
 *	...
 *
 * The time of an event is its sequence number, in nanoseconds because readers
 * print those to the last digit.  What an event names by a number (its place
 * in the source, its actor, its region) is described by a record before the
 * first event that does so: a trace needs no other file, and any prefix of one
 * is a trace.
 *
 * A killed writer
 * ---------------
 * A packet file is prepared under a hidden name and gets its own by rename(),
 * when it is a packet already, an empty one.  It is mapped and shared, and an
 * event counts from the moment that the packet's content_size, stored last,
 * covers it.  So a writer that is killed anywhere leaves a trace that can be
 * read, and that has every event which it had finished.
 *
 * All numbers are little-endian and unaligned.
 */

#include <cdma/event.h>

/*
 * The fields of an event, all of them for every kind.  X(CTF type, member):
 * member has the width of the type.  More follow: site, and the reads that
 * addr_dep and data_dep stand for, in ascending order, marked when the value
 * was kept within bounds, and then which bytes of each were used.
 */
#define CTF_BOUNDED ((uint32_t)1 << 31)
#define CTF_EVENT_FIELDS(X)                                                    \
	X("actor_t", actor)                                                    \
	X("uint32_t", object)                                                  \
	X("uint64_t", offset)                                                  \
	X("uint8_t", size)                                                     \
	X("hex64_t", value)                                                    \
	X("hex64_t", iova)                                                     \
	X("uint64_t", rf)                                                      \
	X("uint64_t", ends)                                                    \
	X("how_t", how)                                                        \
	X("order_t", order)                                                    \
	X("domain_t", domain)                                                  \
	X("hex32_t", flags)                                                    \
	X("uint64_t", op)                                                      \
	X("uint64_t", op_offset)                                               \
	X("uint64_t", op_size)                                                 \
	X("uint32_t", ctx)

/* Ids of events on disk: an enum cdma_event_kind, or one of the records. */
enum ctf_record {
	CTF_INFO = 128,    /* string key, value */
	CTF_SITE = 129,    /* u32 id, line, col; u8 has; strings */
	CTF_ACTOR = 130,   /* u16 id, device; u8 kind; string name */
	CTF_NAME = 131,    /* u8 table; u32 id; string name */
	CTF_FINDING = 132, /* u32 region; u64 seqs; ...; strings */
};

/* Which of a site's pointers are not NULL. */
#define CTF_HAS_FILE  1u
#define CTF_HAS_FUNC  2u
#define CTF_HAS_TEXT  4u
#define CTF_HAS_LABEL 8u

/* What can have a name. */
enum cdma_ctf_table {
	CDMA_CTF_DEVICE, /* by cdma_device_id */
	CDMA_CTF_REGION, /* by cdma_region_id */
	CDMA_CTF_OBJECT, /* by cdma_object_id */
	CDMA_CTF_FRAME,  /* ctx of an event: "[i=0]" */
	CDMA_CTF_TABLES,
};

/* A packet: this, then events, then nothing that counts.  Sizes in bits. */
struct ctf_packet_header {
	uint32_t magic;
	uint32_t stream_id;
	uint64_t stream_instance_id;
	uint64_t timestamp_begin;
	uint64_t timestamp_end;
	uint64_t content_size;
	uint64_t packet_size;
	uint64_t packet_seq_num;
};

#define CTF_MAGIC 0xc1fc1fc1u

/* Name of the packet file number @nr; @buf: CTF_NAME_SIZE bytes, with room for
 * a '.' that hides it. */
#define CTF_NAME_SIZE 32
#define CTF_EVENTS    "events-%05u"

/* The text of the file "metadata".  Owns: the caller; free(). */
char *cdma_ctf_metadata(void);

#endif /* LOG_CTF_H */
