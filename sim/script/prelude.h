/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_PRELUDE_H
#define SCRIPT_PRELUDE_H

/*
 * Prelude: what a scenario finds of the kernel's headers that can be said in
 * the language itself: macros, constants, small functions, two structs.
 *
 * It is parsed before the scenario and declared first, and whatever the
 * scenario declares of the same name takes its place.
 */

extern const char prelude_text[];

/* What it is called in messages. */
#define PRELUDE_PATH "<kernel>"

#endif /* SCRIPT_PRELUDE_H */
