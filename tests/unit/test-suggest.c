/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/suggest.h"

static const char *const names[] = {
	"run",
	"check",
	"fmt",
	"list",
	"explain",
	"show",
	"unordered_read",
	"unordered_write",
};

static const struct {
	const char *word, *want;
} rows[] = {
	{"rnu", "run"},                      /* swapped */
	{"chek", "check"},                   /* missing */
	{"listt", "list"},                   /* too many */
	{"shaw", "show"},                    /* wrong */
	{"unorderd-raed", "unordered_read"}, /* three of these */
	{"unordered-write", "unordered_write"},
	{"x", NULL}, /* one edit would replace all */
	{"frobnicate", NULL},
	{"", NULL},
	{"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr", NULL},
};

START_TEST(suggests)
{
	struct cdma_suggest s = cdma_suggest_for(rows[_i].word);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		cdma_suggest_offer(&s, names[i]);
	ck_assert_pstr_eq(s.best, rows[_i].want);
}
END_TEST

START_TEST(first_of_equals_wins)
{
	struct cdma_suggest s = cdma_suggest_for("bat");

	cdma_suggest_offer(&s, "bar");
	cdma_suggest_offer(&s, "baz");
	ck_assert_str_eq(s.best, "bar");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("suggest");

	unit_add_rows(suite, suggests, ARRAY_SIZE(rows));
	unit_add(suite, first_of_equals_wins);
	return suite;
}
