/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"
#include "base/suggest.h"

#include <cdma/fault.h>

#include <stddef.h>
#include <string.h>

/*
 * What may be said of any fault: when it counts, and the attributes by which
 * the kernel decides.
 */

/* ---- windows ---- */

static bool has_setup(const struct resolver *r, enum item_kind kind)
{
	for (const struct item *i = r->script->items; i; i = i->next)
		if (i->kind == kind)
			return true;
	return false;
}

static bool is_section(const struct resolver *r, const struct name *name)
{
	if (name->id == KW_SETUP)
		return has_setup(r, ITEM_SETUP);
	if (name->id == KW_TEARDOWN)
		return has_setup(r, ITEM_TEARDOWN);
	return r->words[name->id].thread.len;
}

static void check_section(struct resolver *r, const struct name *name)
{
	struct cdma_suggest s;

	if (!name->text || is_section(r, name))
		return;
	s = cdma_suggest_for(name->text);
	for (uint32_t id = 0; id < r->nr_words; id++)
		if (r->words[id].thread.len)
			cdma_suggest_offer(&s,
					   names_text(&r->script->names, id));
	if (s.best)
		resolve_error(r, name->span,
			      "there is no thread '%s'; did you mean '%s'?",
			      name->text, s.best);
	else
		resolve_error(r, name->span, "there is no thread '%s'",
			      name->text);
}

void resolve_window(struct resolver *r, const struct fail_ref *ref,
		    struct fault *fault)
{
	resolve_label_name(r, &ref->label);
	resolve_label_name(r, &ref->after);
	check_section(r, &ref->in);
	fault->label = ref->label.text;
	fault->in = ref->in.text;
	fault->after = ref->after.text;
}

/* ---- attributes ---- */

#define AT(member) offsetof(struct cdma_fault_attr, member)

static const struct {
	const char *name;
	size_t at;
	uint64_t max;
	bool has_minus; /* -1 is one, too */
} attrs[] = {
	{"probability", AT(probability), 100, false},
	{"interval", AT(interval), UINT32_MAX, false},
	{"times", AT(times), UINT32_MAX, true},
	{"space", AT(space), INT64_MAX, false},
	{"fail_nth", AT(fail_nth), UINT32_MAX, false},
};

static void unknown_attr(struct resolver *r, const struct name *name)
{
	struct cdma_suggest s = cdma_suggest_for(name->text);

	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++)
		cdma_suggest_offer(&s, attrs[i].name);
	if (s.best)
		resolve_error(r, name->span,
			      "a fault has no attribute '%s'; did you mean "
			      "'%s'?",
			      name->text, s.best);
	else
		resolve_error(r, name->span,
			      "a fault has no attribute '%s'; it has "
			      "probability, interval, times, space and "
			      "fail_nth",
			      name->text);
}

static void set_attr(struct resolver *r, const struct attr_ref *ref, size_t i,
		     struct cdma_fault_attr *attr)
{
	unsigned char *to = (unsigned char *)attr + attrs[i].at;
	uint64_t value;
	uint32_t percent;

	if (!resolve_const(r, ref->value, attrs[i].name, &value, NULL))
		return;
	if (!(attrs[i].has_minus && value == UINT64_MAX) &&
	    !resolve_count(r, ref->value, attrs[i].name, 0, attrs[i].max,
			   &value))
		return;
	percent = (uint32_t)value;
	if (attrs[i].at == AT(probability))
		memcpy(to, &percent, sizeof(percent));
	else
		memcpy(to, &value, sizeof(value));
}

static void resolve_attr(struct resolver *r, const struct attr_ref *ref,
			 struct fault *fault)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(attrs) && strcmp(attrs[i].name, ref->name.text))
		i++;
	if (i == ARRAY_SIZE(attrs)) {
		unknown_attr(r, &ref->name);
		return;
	}
	set_attr(r, ref, i, &fault->attr);
}

/* One that the kernel would let through for ever is not meant. */
static void check_attrs(struct resolver *r, const struct attr_ref *ref,
			const struct cdma_fault_attr *attr)
{
	if (attr->fail_nth)
		return;
	if (!attr->probability)
		resolve_error(r, ref->name.span,
			      "with probability 0, which is what the kernel "
			      "begins with, nothing fails: write "
			      "'probability=100', or less");
	else if (!attr->times)
		resolve_error(r, ref->name.span,
			      "with times 0 nothing fails; -1 is as often as "
			      "it comes");
}

void resolve_attrs(struct resolver *r, const struct fail_ref *ref,
		   struct fault *fault)
{
	static const struct cdma_fault_attr begin = CDMA_FAULT_ATTR_INIT;

	fault->attr = begin;
	if (!ref->attrs)
		return;
	fault->has_attr = true;
	if (ref->device.text) {
		resolve_error(r, ref->attrs->name.span,
			      "a device is no call of the kernel: it has '#N', "
			      "'every N', or neither, which is any one");
		return;
	}
	if (ref->nr) {
		resolve_error(r, ref->nr->span,
			      "a fault has a number or attributes, not both: "
			      "'fail_nth' is a number");
		return;
	}
	for (const struct attr_ref *a = ref->attrs; a; a = a->next)
		resolve_attr(r, a, fault);
	if (!r->failed)
		check_attrs(r, ref->attrs, &fault->attr);
}
