/* SPDX-License-Identifier: MIT */
#include "axiom/rel.h"

#include <string.h>

#define ALL_WORDS(r) ((uint64_t)(r).nr * (r).words)

void rel_space_init(struct rel_space *space, unsigned int nr)
{
	cdma_arena_reset(&space->arena);
	space->nr = nr;
	space->words = (nr + REL_BITS - 1) / REL_BITS;
}

void rel_space_fini(struct rel_space *space)
{
	cdma_arena_fini(&space->arena);
}

struct rel rel_new(struct rel_space *space)
{
	struct rel r = {.nr = space->nr, .words = space->words};

	r.at = cdma_arena_alloc(&space->arena, ALL_WORDS(r) * sizeof(*r.at));
	rel_clear(r);
	return r;
}

struct set set_new(struct rel_space *space)
{
	size_t size = space->words * sizeof(uint64_t);
	struct set s = {cdma_arena_alloc(&space->arena, size), space->words};

	memset(s.at, 0, size);
	return s;
}

/* ---- sets ---- */

void set_clear(struct set s)
{
	memset(s.at, 0, s.words * sizeof(*s.at));
}

void set_or(struct set s, struct set with)
{
	for (unsigned int i = 0; i < s.words; i++)
		s.at[i] |= with.at[i];
}

void set_copy(struct set s, struct set from)
{
	memcpy(s.at, from.at, s.words * sizeof(*s.at));
}

void set_minus(struct set s, struct set without)
{
	for (unsigned int i = 0; i < s.words; i++)
		s.at[i] &= ~without.at[i];
}

bool set_is_empty(struct set s)
{
	for (unsigned int i = 0; i < s.words; i++)
		if (s.at[i])
			return false;
	return true;
}

/* ---- relations ---- */

void rel_clear(struct rel r)
{
	memset(r.at, 0, ALL_WORDS(r) * sizeof(*r.at));
}

void rel_clear_row(struct rel r, unsigned int a)
{
	memset(rel_row(r, a), 0, r.words * sizeof(*r.at));
}

void rel_copy(struct rel r, struct rel from)
{
	memcpy(r.at, from.at, ALL_WORDS(r) * sizeof(*r.at));
}

bool rel_is_empty(struct rel r)
{
	for (uint64_t i = 0; i < ALL_WORDS(r); i++)
		if (r.at[i])
			return false;
	return true;
}

bool rel_is_equal(struct rel a, struct rel b)
{
	return !memcmp(a.at, b.at, ALL_WORDS(a) * sizeof(*a.at));
}

void rel_or(struct rel r, struct rel with)
{
	for (uint64_t i = 0; i < ALL_WORDS(r); i++)
		r.at[i] |= with.at[i];
}

void rel_and(struct rel r, struct rel with)
{
	for (uint64_t i = 0; i < ALL_WORDS(r); i++)
		r.at[i] &= with.at[i];
}

void rel_minus(struct rel r, struct rel without)
{
	for (uint64_t i = 0; i < ALL_WORDS(r); i++)
		r.at[i] &= ~without.at[i];
}

void rel_or_id(struct rel r)
{
	for (unsigned int a = 0; a < r.nr; a++)
		rel_add(r, a, a);
}

void rel_minus_id(struct rel r)
{
	for (unsigned int a = 0; a < r.nr; a++)
		rel_row(r, a)[a / REL_BITS] &= ~((uint64_t)1 << a % REL_BITS);
}

/* @row |= the rows in @b of all that is in @from */
static void or_rows(uint64_t *row, const uint64_t *from, struct rel b)
{
	for (unsigned int i = 0; i < b.words; i++)
		for (uint64_t left = from[i]; left; left &= left - 1) {
			unsigned int at = i * REL_BITS +
					  (unsigned int)__builtin_ctzll(left);
			const uint64_t *add = rel_row(b, at);

			for (unsigned int j = 0; j < b.words; j++)
				row[j] |= add[j];
		}
}

void rel_or_seq(struct rel r, struct rel a, struct rel b)
{
	for (unsigned int x = 0; x < r.nr; x++)
		or_rows(rel_row(r, x), rel_row(a, x), b);
}

void rel_seq(struct rel r, struct rel a, struct rel b)
{
	rel_clear(r);
	rel_or_seq(r, a, b);
}

void rel_inverse(struct rel r, struct rel a)
{
	rel_clear(r);
	for (unsigned int x = 0; x < a.nr; x++)
		for (unsigned int i = 0; i < a.words; i++)
			for (uint64_t left = rel_row(a, x)[i]; left;
			     left &= left - 1)
				rel_add(r,
					i * REL_BITS +
						(unsigned int)__builtin_ctzll(
							left),
					x);
}

void rel_from(struct rel r, struct set from)
{
	for (unsigned int x = 0; x < r.nr; x++)
		if (!set_has(from, x))
			memset(rel_row(r, x), 0, r.words * sizeof(*r.at));
}

void rel_to(struct rel r, struct set to)
{
	for (unsigned int x = 0; x < r.nr; x++)
		for (unsigned int i = 0; i < r.words; i++)
			rel_row(r, x)[i] &= to.at[i];
}

void rel_or_cross(struct rel r, struct set from, struct set to)
{
	for (unsigned int x = 0; x < r.nr; x++)
		for (unsigned int i = 0; set_has(from, x) && i < r.words; i++)
			rel_row(r, x)[i] |= to.at[i];
}

/* Warshall: by way of each event in turn. */
void rel_close(struct rel r)
{
	for (unsigned int via = 0; via < r.nr; via++)
		for (unsigned int x = 0; x < r.nr; x++) {
			if (!rel_has(r, x, via))
				continue;
			for (unsigned int i = 0; i < r.words; i++)
				rel_row(r, x)[i] |= rel_row(r, via)[i];
		}
}

bool rel_is_irreflexive(struct rel r)
{
	for (unsigned int x = 0; x < r.nr; x++)
		if (rel_has(r, x, x))
			return false;
	return true;
}

/* Events that lead to nothing are taken away until none is left; the last of a
 * thread first, since most of what is asked for follows program order. */
bool rel_is_acyclic(struct rel r)
{
	uint64_t left[REL_EVENTS_MAX / REL_BITS];
	bool more = true;

	memset(left, 0xff, r.words * sizeof(*left));
	while (more) {
		more = false;
		for (unsigned int x = r.nr; x-- > 0;) {
			uint64_t bit = (uint64_t)1 << x % REL_BITS, next = 0;

			if (!(left[x / REL_BITS] & bit))
				continue;
			for (unsigned int i = 0; i < r.words; i++)
				next |= rel_row(r, x)[i] & left[i];
			if (next)
				continue;
			left[x / REL_BITS] &= ~bit;
			more = true;
		}
	}
	for (unsigned int x = 0; x < r.nr; x++)
		if (left[x / REL_BITS] >> x % REL_BITS & 1)
			return false;
	return true;
}
