/* SPDX-License-Identifier: MIT */
#include <cdma/debugfs.h>

#include "model/access.h"
#include "model/step.h"

#include <cdma/call.h>
#include <cdma/copy.h>

#include <errno.h>
#include <string.h>

void cdma_user_writer_init(struct cdma_user_writer *writer,
			   struct cdma_world *world, void *buf, size_t size)
{
	*writer = (struct cdma_user_writer){
		.world = world,
		.buf = buf,
		.size = size,
		.fault_at = size,
	};
}

/* How many of @count bytes are copied before user memory faults. */
static size_t before_fault(struct cdma_user_writer *writer, size_t count,
			   int *err, const struct cdma_site *site)
{
	struct cdma_world *world = writer->world;
	size_t byte, nr = count;

	*err = cdma_fault_hit(world->faults, CDMA_FAULT_COPY_TO_USER, NULL, 1,
			      &byte);
	if (*err) {
		nr = byte < count ? byte : count;
		cdma_world_emit_fault(world, CDMA_FAULT_COPY_TO_USER, false,
				      site);
	}
	if (writer->fault_at < nr) {
		nr = writer->fault_at;
		*err = -EFAULT;
	}
	return nr;
}

static void advance(struct cdma_user_writer *writer, size_t count)
{
	writer->buf += count;
	writer->size -= count;
	writer->fault_at -= count;
}

int cdma_user_writer_write_dma_at(struct cdma_user_writer *writer,
				  struct cdma_coherent *mem, size_t offset,
				  size_t count, const struct cdma_site *site)
{
	struct cdma_view view = cdma_view_as_slice(cdma_coherent_view(mem), 1);
	struct cdma_bulk op;
	size_t end, nr;
	int err;

	if (__builtin_add_overflow(offset, count, &end))
		return -EOVERFLOW;
	if (end > view.size || count > writer->size)
		return -ERANGE;
	cdma_step(writer->world, site);
	nr = before_fault(writer, count, &err, site);
	view.offset += offset;
	view.size = nr;
	cdma_bulk_read_begin(&op, view, CDMA_BULK, writer->buf);
	cdma_op_run(&op, site);
	if (!err)
		advance(writer, count);
	return err;
}

int cdma_user_writer_write_slice_at(struct cdma_user_writer *writer,
				    const void *src, size_t count,
				    const struct cdma_site *site)
{
	size_t nr;
	int err;

	if (count > writer->size)
		return -EFAULT;
	nr = before_fault(writer, count, &err, site);
	if (nr)
		memcpy(writer->buf, src, nr);
	if (!err)
		advance(writer, count);
	return err;
}

static ssize_t write_to_slice(struct cdma_coherent *mem,
			      struct cdma_user_writer *writer, int64_t *offset,
			      const struct cdma_site *site)
{
	size_t size = cdma_coherent_size(mem), at, count;
	int err;

	if (*offset < 0)
		return -EINVAL;
	if ((uint64_t)*offset > SIZE_MAX)
		return 0;
	at = (size_t)*offset;
	if (at >= size && !writer->world->config.seed_compat)
		return 0;
	count = at < size ? size - at : 0;
	if (count > writer->size)
		count = writer->size;
	err = cdma_user_writer_write_dma_at(writer, mem, at, count, site);
	if (err)
		return err;
	*offset += (int64_t)count;
	return (ssize_t)count;
}

ssize_t cdma_debugfs_write_to_slice_at(struct cdma_coherent *mem,
				       struct cdma_user_writer *writer,
				       int64_t *offset,
				       const struct cdma_site *site)
{
	struct cdma_called called = {
		.call = CDMA_CALL_DEBUGFS_READ,
		.region = cdma_coherent_region(mem),
		.size = writer->size,
	};

	called.result = write_to_slice(mem, writer, offset, site);
	cdma_called_at(writer->world, &called, site);
	return (ssize_t)called.result;
}
