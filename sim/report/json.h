/* SPDX-License-Identifier: MIT */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

/*
 * JSON: results as objects, as doc/report.schema.json has them.
 *
 * What is not known is left out, never null.  Adding a member keeps the
 * version; taking one away, or another meaning of one, makes a new one.
 */

#include "report/report.h"

#include <json-c/json.h>

#define REPORT_JSON_VERSION 1

/* {"version": 1, "program": ..., "command": ...}.  Owns: the caller. */
struct json_object *report_json_head(const struct report_head *head);
struct json_object *report_json_result(const struct report_result *result);
struct json_object *report_json_total(const struct report_total *total);

/* Add a member, unless it is NULL; takes @value. */
void report_json_add(struct json_object *to, const char *key,
		     struct json_object *value);
void report_json_str(struct json_object *to, const char *key, const char *s);
struct json_object *report_json_text(const char *s);
void report_json_nr(struct json_object *to, const char *key, uint64_t nr);

/* Add @object as lines, or as one; free it. */
void report_json_print(struct cdma_text *out, struct json_object *object,
		       bool in_lines);

#endif /* REPORT_JSON_H */
