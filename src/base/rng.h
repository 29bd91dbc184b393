/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_RNG_H
#define CDMA_BASE_RNG_H

/*
 * Rng: seeded pseudo-random numbers, the only source of chance.
 *
 * splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, OOPSLA 2014): the state is a counter, so that the stream of case
 * (seed, index) can be started without walking through those before it, and
 * the same seed gives the same numbers on any machine.
 */

#include <stdint.h>

struct cdma_rng {
	uint64_t state;
};

static inline uint64_t cdma_rng_next(struct cdma_rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* The generator of case @index of @seed. */
static inline struct cdma_rng cdma_rng_case(uint64_t seed, uint64_t index)
{
	struct cdma_rng rng = {seed};
	struct cdma_rng mixed = {cdma_rng_next(&rng) ^
				 index * 0xd1342543de82ef95u};

	mixed.state = cdma_rng_next(&mixed);
	return mixed;
}

/* A number from 0 to @limit - 1, without bias that anybody could measure.
 * @limit: at least 1. */
static inline uint32_t cdma_rng_below(struct cdma_rng *rng, uint32_t limit)
{
	return (uint32_t)(((cdma_rng_next(rng) >> 32) * limit) >> 32);
}

#endif /* CDMA_BASE_RNG_H */
