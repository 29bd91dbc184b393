/* SPDX-License-Identifier: MIT */
#ifndef CDMA_PROJECT_H
#define CDMA_PROJECT_H

/*
 * Projections: dma_read!(ring, [i]?.field) and its kin, in C.
 *
 *	dma_read!(c, .field)           cdma_read(c, type, field, dst)
 *	dma_read!(c, [i]?)             cdma_read_elem_try(c, type, i, dst)
 *	dma_read!(c, [i]?.field)       cdma_read_try(c, type, i, field, dst)
 *	dma_write!(c, .field, val)     cdma_write(c, type, field, val)
 *	dma_write!(c, [i]?, val)       cdma_write_elem_try(c, type, i, val)
 *	dma_write!(c, [i]?.field, val) cdma_write_try(c, type, i, field, val)
 *
 * The _try ones give 0, or -ERANGE without an access; then the value of a
 * write is not evaluated.  All are volatile accesses (copy.h).  A field may be
 * nested: a.b[2].c.  A field that is not aligned does not compile.
 *
 * Threads: as of the view (view.h) and the copy (copy.h) that it is made of.
 */

#include <cdma/coherent.h>
#include <cdma/copy.h>
#include <cdma/view.h>

/* The view of one field of the struct @type that @view shows. */
#define cdma_project_field(view, type, field)                                   \
	__extension__({                                                         \
		_Static_assert(                                                 \
			offsetof(type, field) %                                 \
					_Alignof(                               \
						__typeof__(((type *)0)          \
								   ->field)) == \
				0,                                              \
			"a packed field cannot be projected");                  \
		cdma_view_field((view), offsetof(type, field),                  \
				sizeof(((type *)0)->field),                     \
				_Alignof(__typeof__(((type *)0)->field)));      \
	})

#define cdma_read(mem, type, field, dst)                                       \
	cdma_field_read(                                                       \
		cdma_project_field(cdma_coherent_view(mem), type, field),      \
		(dst))

#define cdma_read_elem_try(mem, type, i, dst)                                  \
	__extension__({                                                        \
		struct cdma_view view_;                                        \
		type *dst_ = (dst);                                            \
		int err_ = cdma_view_try_index(cdma_coherent_view(mem), (i),   \
					       &view_);                        \
		if (!err_)                                                     \
			cdma_field_read(view_, dst_);                          \
		err_;                                                          \
	})

#define cdma_read_try(mem, type, i, field, dst)                                \
	__extension__({                                                        \
		struct cdma_view view_;                                        \
		int err_ = cdma_view_try_index(cdma_coherent_view(mem), (i),   \
					       &view_);                        \
		if (!err_)                                                     \
			cdma_field_read(                                       \
				cdma_project_field(view_, type, field),        \
				(dst));                                        \
		err_;                                                          \
	})

#define cdma_write(mem, type, field, val)                                      \
	do {                                                                   \
		struct cdma_view view_ = cdma_project_field(                   \
			cdma_coherent_view(mem), type, field);                 \
		__typeof__(((type *)0)->field) val_ = (val);                   \
		cdma_field_write(view_, &val_);                                \
	} while (0)

#define cdma_write_elem_try(mem, type, i, val)                                 \
	__extension__({                                                        \
		struct cdma_view view_;                                        \
		int err_ = cdma_view_try_index(cdma_coherent_view(mem), (i),   \
					       &view_);                        \
		if (!err_) {                                                   \
			type val_ = (val);                                     \
			cdma_field_write(view_, &val_);                        \
		}                                                              \
		err_;                                                          \
	})

#define cdma_write_try(mem, type, i, field, val)                               \
	__extension__({                                                        \
		struct cdma_view view_;                                        \
		int err_ = cdma_view_try_index(cdma_coherent_view(mem), (i),   \
					       &view_);                        \
		if (!err_) {                                                   \
			__typeof__(((type *)0)->field) val_ = (val);           \
			cdma_field_write(                                      \
				cdma_project_field(view_, type, field),        \
				&val_);                                        \
		}                                                              \
		err_;                                                          \
	})

#endif /* CDMA_PROJECT_H */
