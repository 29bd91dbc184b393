/* SPDX-License-Identifier: MIT */
#ifndef CDMA_DEBUGFS_H
#define CDMA_DEBUGFS_H

/*
 * Debugfs: a file that shows the bytes of a coherent (debugfs::BinaryWriter).
 *
 * User memory is a buffer of the caller that can fault at a chosen byte.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/coherent.h>
#include <cdma/site.h>

#include <sys/types.h>

struct cdma_world;

/* UserSliceWriter: where in user memory the next byte goes. */
struct cdma_user_writer {
	struct cdma_world *world; /* borrowed */
	unsigned char *buf;       /* borrowed */
	size_t size;              /* bytes that remain */
	size_t fault_at;          /* bytes from buf that can be written */
};

/* A writer of @size bytes at @buf, none of which faults. */
void cdma_user_writer_init(struct cdma_user_writer *writer,
			   struct cdma_world *world, void *buf, size_t size);

/* UserSliceWriter::len(): bytes that remain. */
static inline size_t cdma_user_writer_len(const struct cdma_user_writer *writer)
{
	return writer->size;
}

/*
 * UserSliceWriter::write_dma: copy @count bytes from @offset of @mem.
 *
 * On error the writer has not moved; after -EFAULT some bytes may be written.
 *
 * Errors: -EOVERFLOW  @offset + @count overflows.
 *         -ERANGE     it is more than @mem has.
 *         -ERANGE     @count is more than remains.
 *         -EFAULT     user memory faults, or a fault was planned at
 *                     "copy_to_user".
 * Emits:  READ, bulk.
 */
int cdma_user_writer_write_dma_at(struct cdma_user_writer *writer,
				  struct cdma_coherent *mem, size_t offset,
				  size_t count, const struct cdma_site *site);
#define cdma_user_writer_write_dma(...)                                        \
	cdma_user_writer_write_dma_at(__VA_ARGS__, CDMA_HERE)

/*
 * UserSliceWriter::write_slice: the same from @count bytes at @src.
 *
 * Errors: -EFAULT  @count is more than remains, user memory faults, or a fault
 *                  was planned at "copy_to_user".
 */
int cdma_user_writer_write_slice_at(struct cdma_user_writer *writer,
				    const void *src, size_t count,
				    const struct cdma_site *site);
#define cdma_user_writer_write_slice(...)                                      \
	cdma_user_writer_write_slice_at(__VA_ARGS__, CDMA_HERE)

/*
 * BinaryWriter::write_to_slice: as much of @mem from *offset as @writer takes.
 *
 * Returns: bytes copied, and *offset is moved by as many; 0 at the end.
 * Errors:  -EINVAL  *offset is negative.
 *          -ERANGE  with seed_compat: *offset is beyond the end; without, that
 *                   is end of file.
 *          -EFAULT  as above; nothing has moved.
 */
ssize_t cdma_debugfs_write_to_slice_at(struct cdma_coherent *mem,
				       struct cdma_user_writer *writer,
				       int64_t *offset,
				       const struct cdma_site *site);
#define cdma_debugfs_write_to_slice(...)                                       \
	cdma_debugfs_write_to_slice_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_DEBUGFS_H */
