/* SPDX-License-Identifier: MIT */
#include <cdma/fault-attr.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool fails_now(struct cdma_fault_attr *attr)
{
	if (attr->times > 0)
		attr->times--;
	return true;
}

bool cdma_fault_attr_should_fail(struct cdma_fault_attr *attr, uint64_t size,
				 uint32_t (*draw)(void *aux), void *aux)
{
	if (attr->fail_nth)
		return !--attr->fail_nth && fails_now(attr);
	if (!attr->probability || !attr->times)
		return false;
	if (attr->space > size) {
		attr->space -= size;
		return false;
	}
	if (attr->interval > 1 && ++attr->count % attr->interval)
		return false;
	if (attr->probability <= draw(aux))
		return false;
	return fails_now(attr);
}

enum kind { PERCENT, COUNT, TIMES };

static const struct {
	const char *name;
	size_t at;
	enum kind kind;
} members[] = {
	{"probability", offsetof(struct cdma_fault_attr, probability), PERCENT},
	{"interval", offsetof(struct cdma_fault_attr, interval), COUNT},
	{"times", offsetof(struct cdma_fault_attr, times), TIMES},
	{"space", offsetof(struct cdma_fault_attr, space), COUNT},
	{"fail-nth", offsetof(struct cdma_fault_attr, fail_nth), COUNT},
};

static bool set(struct cdma_fault_attr *attr, size_t i, int64_t value)
{
	unsigned char *to = (unsigned char *)attr + members[i].at;
	uint32_t percent = (uint32_t)value;

	if (value < (members[i].kind == TIMES ? -1 : 0))
		return false;
	if (members[i].kind == PERCENT)
		memcpy(to, &percent, sizeof(percent));
	else
		memcpy(to, &value, sizeof(value));
	return true;
}

/* One of them; @end: where it ends. */
static bool parse_one(struct cdma_fault_attr *attr, const char *text,
		      const char **end)
{
	size_t len = strcspn(text, "=,");

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		char *after;
		int64_t value;

		if (strlen(members[i].name) != len || text[len] != '=' ||
		    strncmp(text, members[i].name, len))
			continue;
		value = strtoll(text + len + 1, &after, 0);
		if (after == text + len + 1 || (*after && *after != ','))
			return false;
		*end = after;
		return set(attr, i, value);
	}
	return false;
}

const char *cdma_fault_attr_parse(struct cdma_fault_attr *attr,
				  const char *text)
{
	while (*text) {
		const char *end = text;

		if (!parse_one(attr, text, &end))
			return text;
		text = end + (*end == ',');
		if (*end == ',' && !*text)
			return end;
	}
	return NULL;
}
