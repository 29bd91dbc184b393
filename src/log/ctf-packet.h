/* SPDX-License-Identifier: MIT */
#ifndef LOG_CTF_PACKET_H
#define LOG_CTF_PACKET_H

/*
 * Packets: the files of a trace that events are appended to.
 *
 * Each is mapped and shared while it is the last one, so that what was
 * appended outlives the process without any more system calls.  The room for
 * it is allocated before: a full disk is an error and not a SIGBUS.
 */

#include "log/ctf.h"

struct ctf_packets {
	int dir;           /* of the trace; owned; -1: none */
	unsigned int nr;   /* of packets that exist */
	char *map;         /* the last packet; NULL: none */
	size_t size, used; /* bytes of it */
};

/*
 * Make the directory @path, which must not exist, and the metadata in it.
 *
 * Errors: -errno of what failed: EEXIST, EACCES, ENOSPC, ...
 */
int cdma_ctf_packets_create(struct ctf_packets *packets, const char *path);

/* Unmap and close; the files stay.  May be called after a failed create. */
void cdma_ctf_packets_fini(struct ctf_packets *packets);

/*
 * Append one event, all of it or nothing.
 *
 * @seq: its time, not less than that of the one before.
 *
 * Errors: -errno  there is no room for a packet.
 */
int cdma_ctf_packets_append(struct ctf_packets *packets, uint64_t seq,
			    const void *bytes, size_t size);

#endif /* LOG_CTF_PACKET_H */
