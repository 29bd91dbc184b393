/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_VEC_H
#define CDMA_BASE_VEC_H

/*
 * Vec: an array that grows.
 *
 * Usage
 * -----
 *	CDMA_VEC(struct word) words = {0};
 *
 *	*cdma_vec_push(&words) = (struct word){…};
 *	for (size_t i = 0; i < words.nr; i++)
 *		use(&words.at[i]);
 *	cdma_vec_free(&words);
 *
 * Setting nr to 0 empties it and keeps the room.  A push may move the
 * elements: keep indices, not pointers.
 */

#include "base/xalloc.h"

#include <stdlib.h>

#define CDMA_VEC(type)                                                         \
	struct {                                                               \
		type *at;                                                      \
		size_t nr, room;                                               \
	}

/* Make room for one more element at the end; an lvalue pointer to it, whose
 * content is undefined. */
#define cdma_vec_push(v)                                                       \
	((v)->nr == (v)->room ? ((v)->room = (v)->room ? (v)->room * 2 : 8,    \
				 (v)->at = cdma_xrealloc((v)->at, (v)->room,   \
							 sizeof(*(v)->at)),    \
				 &(v)->at[(v)->nr++])                          \
			      : &(v)->at[(v)->nr++])

#define cdma_vec_last(v) (&(v)->at[(v)->nr - 1])

#define cdma_vec_free(v)                                                       \
	do {                                                                   \
		free((v)->at);                                                 \
		(v)->at = NULL;                                                \
		(v)->nr = (v)->room = 0;                                       \
	} while (0)

#endif /* CDMA_BASE_VEC_H */
