/* SPDX-License-Identifier: MIT */
#ifndef RUN_DRIVER_H
#define RUN_DRIVER_H

/*
 * Driver: what a scenario has for the functions of a driver.
 */

#include "script/program.h"

/* Whether @section calls cdma_driver_run(): it does what is bound to it. */
bool driver_section_is_free(const struct program *program,
			    const struct program_section *section);

/* Interrupts with such a handler are requested by the driver. */
void driver_prepare(struct program *program);

/* What the registers of a scenario do, for accesses by address. */
struct native_registers;
extern const struct native_registers driver_registers;

#endif /* RUN_DRIVER_H */
