/* SPDX-License-Identifier: MIT */
#ifndef JSON_MUST_H
#define JSON_MUST_H

/*
 * JSON that is made or not: json-c with want of memory as base/xalloc.h has it.
 *
 * json-c returns NULL, or -1, or leaves out what it could not add.  Here nobody
 * has to ask: these do what the function of json-c does whose name they have
 * the end of, or end the process.
 */

#include <json-c/json.h>
#include <stdint.h>

#include "base/xalloc.h"

/* Of objects as json-c makes them; it does not say. */
#define MUST_SIZE ((size_t)64)

static inline struct json_object *must_have(struct json_object *json)
{
	if (!json)
		cdma_no_memory(MUST_SIZE);
	return json;
}

static inline struct json_object *must_object(void)
{
	return must_have(json_object_new_object());
}

static inline struct json_object *must_array(void)
{
	return must_have(json_object_new_array());
}

static inline struct json_object *must_string(const char *text)
{
	return must_have(json_object_new_string(text));
}

static inline struct json_object *must_int(int nr)
{
	return must_have(json_object_new_int(nr));
}

static inline struct json_object *must_int64(int64_t nr)
{
	return must_have(json_object_new_int64(nr));
}

static inline struct json_object *must_uint64(uint64_t nr)
{
	return must_have(json_object_new_uint64(nr));
}

static inline struct json_object *must_boolean(int is)
{
	return must_have(json_object_new_boolean(is));
}

/* Owns: @json takes @value. */
static inline void must_add(struct json_object *json, const char *key,
			    struct json_object *value)
{
	if (json_object_object_add(json, key, value))
		cdma_no_memory(MUST_SIZE);
}

/* Owns: @json takes @value. */
static inline void must_push(struct json_object *json,
			     struct json_object *value)
{
	if (json_object_array_add(json, value))
		cdma_no_memory(MUST_SIZE);
}

/* Borrowed from @json. */
static inline const char *must_text(struct json_object *json, int flags)
{
	const char *text = json_object_to_json_string_ext(json, flags);

	if (!text)
		cdma_no_memory(MUST_SIZE);
	return text;
}

#endif /* JSON_MUST_H */
