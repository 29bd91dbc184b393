/* SPDX-License-Identifier: MIT */
#include <cdma/fault.h>

#include "base/image.h"
#include "base/macros.h"
#include "base/vec.h"

#include <errno.h>
#include <string.h>

/* How a site may fail: one errno, or any. */
#define ERRNOS_ANY   0
#define ERRNOS_NOMEM (-ENOMEM)
#define ERRNOS_IO    (-EIO)
#define ERRNOS_FAULT (-EFAULT)

#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO */

static const struct {
	const char *name;
	int only; /* the only legal -errno, or ERRNOS_ANY */
	const char *where, *left;
} sites[] = {
#define X(name, text, errnos, where, left)                                     \
	[CDMA_FAULT_##name] = {text, ERRNOS_##errnos, where, left},
	CDMA_FAULT_SITES(X)
#undef X
};

struct rule {
	struct cdma_fault_rule is;
	char *region;    /* owned; NULL: any */
	uint64_t passed; /* in this run, of those that it counts */
	uint64_t struck; /* in this run */
};

struct cdma_faults {
	CDMA_VEC(struct rule) rules;
	uint64_t passed[CDMA_FAULT_NR];
	uint64_t failed[CDMA_FAULT_NR];
};

const char *cdma_fault_name(enum cdma_fault_site site)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	return sites[site].name;
}

const char *cdma_fault_where(enum cdma_fault_site site)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	return sites[site].where;
}

const char *cdma_fault_left(enum cdma_fault_site site)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	return sites[site].left;
}

enum cdma_fault_site cdma_fault_find(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(sites) && strcmp(sites[i].name, name))
		i++;
	return (enum cdma_fault_site)i;
}

int cdma_fault_default(enum cdma_fault_site site)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	return sites[site].only ? sites[site].only : -EINVAL;
}

bool cdma_fault_is_legal(enum cdma_fault_site site, int err)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	if (sites[site].only)
		return err == sites[site].only;
	return err < 0 && err >= -ERRNO_MAX;
}

bool cdma_fault_has_byte(enum cdma_fault_site site)
{
	return site == CDMA_FAULT_INIT || site == CDMA_FAULT_INIT_AT ||
	       site == CDMA_FAULT_COPY_TO_USER;
}

struct cdma_faults *cdma_faults_new(void)
{
	return cdma_xcalloc(1, sizeof(struct cdma_faults));
}

void cdma_faults_free(struct cdma_faults *faults)
{
	if (!faults)
		return;
	cdma_faults_clear(faults);
	cdma_vec_free(&faults->rules);
	free(faults);
}

void cdma_faults_clear(struct cdma_faults *faults)
{
	for (size_t i = 0; i < faults->rules.nr; i++)
		free(faults->rules.at[i].region);
	faults->rules.nr = 0;
	cdma_faults_restart(faults);
}

void cdma_faults_restart(struct cdma_faults *faults)
{
	for (size_t i = 0; i < faults->rules.nr; i++) {
		faults->rules.at[i].passed = 0;
		faults->rules.at[i].struck = 0;
	}
	memset(faults->passed, 0, sizeof(faults->passed));
	memset(faults->failed, 0, sizeof(faults->failed));
}

void cdma_faults_mark(struct cdma_faults *faults, struct cdma_image *image)
{
	cdma_image_add_vec(image, &faults->rules);
	cdma_image_add(image, faults->passed, sizeof(faults->passed));
	cdma_image_add(image, faults->failed, sizeof(faults->failed));
}

int cdma_faults_add(struct cdma_faults *faults,
		    const struct cdma_fault_rule *rule)
{
	struct cdma_fault_rule is = *rule;

	CDMA_REQUIRE(is.site < CDMA_FAULT_NR);
	if (!is.err)
		is.err = cdma_fault_default(is.site);
	if (!is.nth)
		is.nth = 1;
	if (!cdma_fault_is_legal(is.site, is.err))
		return -EINVAL;
	if (is.byte && !cdma_fault_has_byte(is.site))
		return -EINVAL;
	is.region = NULL;
	*cdma_vec_push(&faults->rules) = (struct rule){
		.is = is,
		.region = rule->region ? cdma_xstrdup(rule->region) : NULL,
	};
	return 0;
}

uint64_t cdma_faults_passed(const struct cdma_faults *faults,
			    enum cdma_fault_site site)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	return faults->passed[site];
}

uint64_t cdma_faults_failed(const struct cdma_faults *faults,
			    enum cdma_fault_site site)
{
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	return faults->failed[site];
}

uint64_t cdma_faults_struck(const struct cdma_faults *faults, size_t i)
{
	CDMA_REQUIRE(i < faults->rules.nr);
	return faults->rules.at[i].struck;
}

static bool strikes(struct rule *rule, enum cdma_fault_site site,
		    const char *region)
{
	if (rule->is.site != site)
		return false;
	if (rule->region && (!region || strcmp(rule->region, region)))
		return false;
	if (++rule->passed < rule->is.nth)
		return false;
	return rule->passed == rule->is.nth ||
	       (rule->is.every &&
		(rule->passed - rule->is.nth) % rule->is.every == 0);
}

int cdma_fault_hit(struct cdma_faults *faults, enum cdma_fault_site site,
		   const char *region, size_t *byte)
{
	struct rule *first = NULL;

	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	faults->passed[site]++;
	for (size_t i = 0; i < faults->rules.nr; i++) {
		struct rule *rule = &faults->rules.at[i];

		if (!strikes(rule, site, region))
			continue;
		rule->struck++;
		if (!first)
			first = rule;
	}
	if (!first)
		return 0;
	faults->failed[site]++;
	if (byte)
		*byte = first->is.byte;
	return first->is.err;
}
