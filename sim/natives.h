/* SPDX-License-Identifier: MIT */
#ifndef SIM_NATIVES_H
#define SIM_NATIVES_H

/*
 * Natives: the shared objects of a scenario, loaded.
 */

struct diag;
struct program;
struct script;
struct unit;

/*
 * Load what @program, which was made of @unit, calls.  What is wrong goes to
 * @diag: also that an object has not been built, or not of the sources as they
 * are now.
 *
 * @cache: where those are that were (build/cache.h).
 */
void natives_load(struct script *script, const struct unit *unit,
		  struct program *program, const char *cache,
		  struct diag *diag);

#endif /* SIM_NATIVES_H */
