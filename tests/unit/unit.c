/* SPDX-License-Identifier: MIT */
#include "unit.h"

/* Only what hangs takes so many seconds, whatever else the machine does. */
#define TIMEOUT 60

TCase *unit_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, TIMEOUT);
	suite_add_tcase(suite, tcase);
	return tcase;
}

/* The verdict is in the TAP lines: a status besides would count twice. */
int main(void)
{
	SRunner *runner = srunner_create(unit_suite());

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	srunner_free(runner);
	return 0;
}
