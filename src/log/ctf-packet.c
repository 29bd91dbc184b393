/* SPDX-License-Identifier: MIT */
#include "log/ctf-packet.h"

#include "base/macros.h"
#include "base/xalloc.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Most logs are small; those that are not should have few files. */
#define SIZE_FIRST (16u << 10)
#define SIZE_LAST  (1u << 20)

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t done = write(fd, bytes, size);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			bytes += done;
			size -= (size_t)done;
		}
	}
	return 0;
}

/* Create the hidden file for @name. */
static int hidden_open(int dir, const char *name)
{
	char hidden[CTF_NAME_SIZE + 1];
	int fd;

	snprintf(hidden, sizeof(hidden), ".%s", name);
	fd = openat(dir, hidden, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

/* Give the hidden file its name; or remove it, when @err is not 0. */
static int hidden_close(int dir, const char *name, int fd, int err)
{
	char hidden[CTF_NAME_SIZE + 1];

	snprintf(hidden, sizeof(hidden), ".%s", name);
	if (close(fd) && !err)
		err = -errno;
	if (!err && renameat(dir, hidden, dir, name))
		err = -errno;
	if (err)
		unlinkat(dir, hidden, 0);
	return err;
}

static int write_metadata(int dir)
{
	int fd = hidden_open(dir, "metadata");
	char *text;
	int err;

	if (fd < 0)
		return fd;
	text = cdma_ctf_metadata();
	err = write_all(fd, text, strlen(text));
	free(text);
	return hidden_close(dir, "metadata", fd, err);
}

int cdma_ctf_packets_create(struct ctf_packets *packets, const char *path)
{
	int err;

	*packets = (struct ctf_packets){.dir = -1};
	if (mkdir(path, 0777))
		return -errno;
	packets->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = packets->dir < 0 ? -errno : write_metadata(packets->dir);
	if (err)
		rmdir(path);
	return err;
}

static void unmap(struct ctf_packets *packets)
{
	if (packets->map)
		munmap(packets->map, packets->size);
	packets->map = NULL;
}

void cdma_ctf_packets_fini(struct ctf_packets *packets)
{
	unmap(packets);
	if (packets->dir >= 0)
		close(packets->dir);
	packets->dir = -1;
}

/*
 * Make of the empty file @fd a packet without events.  0 with the mapping in
 * *@out, or -errno.
 */
static int format(const struct ctf_packets *packets, int fd, size_t size,
		  uint64_t seq, char **out)
{
	const struct ctf_packet_header header = {
		.magic = htole32(CTF_MAGIC),
		.timestamp_begin = htole64(seq),
		.timestamp_end = htole64(seq),
		.content_size = htole64(sizeof(header) * 8),
		.packet_size = htole64((uint64_t)size * 8),
		.packet_seq_num = htole64(packets->nr),
	};
	int err = posix_fallocate(fd, 0, (off_t)size);
	void *map;

	if (err)
		return -err;
	/* All of it will be written, and one by one the pages are dear. */
	map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	memcpy(map, &header, sizeof(header));
	*out = map;
	return 0;
}

/* Begin the next packet, with room for one event of @need bytes at least. */
static int next_packet(struct ctf_packets *packets, uint64_t seq, size_t need)
{
	size_t size = packets->map ? packets->size * 2 : SIZE_FIRST;
	char name[CTF_NAME_SIZE], *map = NULL;
	int fd, err;

	if (size > SIZE_LAST)
		size = SIZE_LAST;
	while (size < need + sizeof(struct ctf_packet_header))
		size *= 2;
	snprintf(name, sizeof(name), CTF_EVENTS, packets->nr);
	fd = hidden_open(packets->dir, name);
	if (fd < 0)
		return fd;
	err = format(packets, fd, size, seq, &map);
	err = hidden_close(packets->dir, name, fd, err);
	if (err) {
		if (map)
			munmap(map, size);
		return err;
	}
	unmap(packets);
	packets->map = map;
	packets->size = size;
	packets->used = sizeof(struct ctf_packet_header);
	packets->nr++;
	return 0;
}

int cdma_ctf_packets_append(struct ctf_packets *packets, uint64_t seq,
			    const void *bytes, size_t size)
{
	struct ctf_packet_header *header;
	int err;

	if (!packets->map || packets->size - packets->used < size) {
		err = next_packet(packets, seq, size);
		if (err)
			return err;
	}
	memcpy(packets->map + packets->used, bytes, size);
	packets->used += size;
	header = (struct ctf_packet_header *)(void *)packets->map;
	header->timestamp_end = htole64(seq);
	/* Last: a killed writer's packet ends with a whole event. */
	__atomic_store_n(&header->content_size,
			 htole64((uint64_t)packets->used * 8),
			 __ATOMIC_RELEASE);
	return 0;
}
