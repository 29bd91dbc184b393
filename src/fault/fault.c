/* SPDX-License-Identifier: MIT */
#include <cdma/fault.h>

#include "base/image.h"
#include "base/macros.h"
#include "base/rng.h"
#include "base/vec.h"

#include <errno.h>
#include <string.h>

/* How a site may fail: one errno, or any. */
#define ERRNOS_ANY   0
#define ERRNOS_NOMEM (-ENOMEM)
#define ERRNOS_IO    (-EIO)
#define ERRNOS_FAULT (-EFAULT)
#define ERRNOS_NONE  1 /* it is no call */

#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO */

static const struct {
	const char *name;
	int only; /* the only legal -errno, or ERRNOS_ANY */
	const char *where, *left;
} sites[] = {
#define X(name, text, errnos, where, left)                                     \
	[CDMA_FAULT_##name] = {text, ERRNOS_##errnos, where, left},
	CDMA_FAULT_SITES(X) CDMA_FAULT_DEVICES(X)
#undef X
};

struct rule {
	struct cdma_fault_rule is;   /* its texts are owned */
	struct cdma_fault_attr attr; /* of it, in this run */
	uint64_t passed;             /* in this run, of those that it counts */
	uint64_t struck;             /* in this run */
};

struct cdma_faults {
	CDMA_VEC(struct rule) rules;
	uint64_t passed[CDMA_FAULT_NR];
	uint64_t failed[CDMA_FAULT_NR];
	uint32_t armed; /* see cdma_faults_armed() */
	uint32_t (*ask)(void *aux, uint32_t nr, uint32_t percent);
	void *aux; /* of it; borrowed */
	bool (*is_open)(void *aux, size_t rule);
	void *open_aux; /* of it; borrowed */
	uint64_t seed;
	struct cdma_rng rng;         /* of the run, where nobody is asked */
	struct cdma_fault_attr last; /* by which a call failed */
};

const char *cdma_fault_name(enum cdma_fault_site site)
{
	if (site == CDMA_FAULT_ANY)
		return "any";
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

	if (!strcmp(name, "any"))
		return CDMA_FAULT_ANY;
	while (i < ARRAY_SIZE(sites) && strcmp(sites[i].name, name))
		i++;
	return (enum cdma_fault_site)i;
}

int cdma_fault_default(enum cdma_fault_site site)
{
	if (site == CDMA_FAULT_ANY)
		return 0;
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	if (cdma_fault_is_device(site))
		return 0;
	return sites[site].only ? sites[site].only : -EINVAL;
}

bool cdma_fault_is_legal(enum cdma_fault_site site, int err)
{
	if (site == CDMA_FAULT_ANY)
		return !err; /* each fails as it does */
	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	if (cdma_fault_is_device(site))
		return !err;
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
	struct cdma_faults *faults = cdma_xcalloc(1, sizeof(*faults));

	cdma_faults_seed(faults, 0);
	return faults;
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
	for (size_t i = 0; i < faults->rules.nr; i++) {
		free((char *)faults->rules.at[i].is.region);
		free((char *)faults->rules.at[i].is.device);
	}
	faults->rules.nr = 0;
	faults->armed = 0;
	cdma_faults_restart(faults);
}

void cdma_faults_restart(struct cdma_faults *faults)
{
	for (size_t i = 0; i < faults->rules.nr; i++) {
		struct rule *rule = &faults->rules.at[i];

		rule->attr = rule->is.attr;
		rule->passed = rule->struck = 0;
	}
	faults->rng = cdma_rng_case(faults->seed, 0);
	memset(faults->passed, 0, sizeof(faults->passed));
	memset(faults->failed, 0, sizeof(faults->failed));
}

void cdma_faults_mark(struct cdma_faults *faults, struct cdma_image *image)
{
	cdma_image_add_vec(image, &faults->rules);
	cdma_image_add(image, &faults->rng, sizeof(faults->rng));
	cdma_image_add(image, faults->passed, sizeof(faults->passed));
	cdma_image_add(image, faults->failed, sizeof(faults->failed));
}

static bool is_legal(const struct cdma_fault_rule *rule)
{
	bool device = cdma_fault_is_device(rule->site);

	if (!cdma_fault_is_legal(rule->site, rule->err))
		return false;
	if (rule->byte && !cdma_fault_has_byte(rule->site))
		return false;
	if (rule->bit && rule->site != CDMA_FAULT_FLIP_WRITE)
		return false;
	if (rule->has_attr && (device || rule->nth || rule->every))
		return false;
	return device == (rule->device != NULL) && (device || !rule->any);
}

int cdma_faults_add(struct cdma_faults *faults,
		    const struct cdma_fault_rule *rule)
{
	struct cdma_fault_rule is = *rule;

	CDMA_REQUIRE(is.site < CDMA_FAULT_NR || is.site == CDMA_FAULT_ANY);
	if (!is.err)
		is.err = cdma_fault_default(is.site);
	if (!is_legal(&is))
		return -EINVAL;
	if (!is.nth)
		is.nth = 1;
	if (is.region)
		is.region = cdma_xstrdup(is.region);
	if (is.device) {
		is.device = cdma_xstrdup(is.device);
		faults->armed |= 1u << (is.site - CDMA_FAULT_CALLS);
	}
	*cdma_vec_push(&faults->rules) =
		(struct rule){.is = is, .attr = is.attr};
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

static bool is_of(const char *wanted, const char *name)
{
	return !wanted || (name && !strcmp(wanted, name));
}

/* Whether pass number @passed is one that fails. */
static bool is_due(const struct cdma_fault_rule *is, uint64_t passed)
{
	if (passed < is->nth)
		return false;
	return passed == is->nth ||
	       (is->every && (passed - is->nth) % is->every == 0);
}

static bool counts_now(const struct cdma_faults *faults,
		       const struct rule *rule)
{
	return !rule->is.has_window || !faults->is_open ||
	       faults->is_open(faults->open_aux,
			       (size_t)(rule - faults->rules.at) + 1);
}

/* What is drawn for a rule with attributes. */
struct draw {
	struct cdma_faults *faults;
	uint32_t probability;
};

/* A number below 100.  Who is asked does not say which, only which side of the
 * probability it is on. */
static uint32_t draw(void *aux)
{
	const struct draw *d = aux;
	struct cdma_faults *faults = d->faults;

	if (d->probability >= 100)
		return 0;
	if (!faults->ask)
		return cdma_rng_below(&faults->rng, 100);
	return faults->ask(faults->aux, 2, d->probability) ? 0 : 99;
}

static bool strikes(struct cdma_faults *faults, struct rule *rule,
		    enum cdma_fault_site site, const char *region,
		    uint64_t size)
{
	struct draw d = {faults, rule->attr.probability};

	if ((rule->is.site != site && rule->is.site != CDMA_FAULT_ANY) ||
	    !is_of(rule->is.region, region) || !counts_now(faults, rule))
		return false;
	rule->passed++;
	if (!rule->is.has_attr)
		return is_due(&rule->is, rule->passed);
	return cdma_fault_attr_should_fail(&rule->attr, size, draw, &d);
}

int cdma_fault_hit(struct cdma_faults *faults, enum cdma_fault_site site,
		   const char *region, uint64_t size, size_t *byte)
{
	static const struct cdma_fault_attr unset = CDMA_FAULT_ATTR_INIT;
	struct rule *first = NULL;

	CDMA_REQUIRE(site < CDMA_FAULT_NR);
	faults->passed[site]++;
	for (size_t i = 0; i < faults->rules.nr; i++) {
		struct rule *rule = &faults->rules.at[i];
		struct cdma_fault_attr before = rule->attr;

		if (!strikes(faults, rule, site, region, size))
			continue;
		rule->struck++;
		if (first)
			continue;
		first = rule;
		faults->last = rule->is.has_attr ? before : unset;
	}
	if (!first)
		return 0;
	faults->failed[site]++;
	if (byte)
		*byte = first->is.byte;
	return first->is.err ? first->is.err : cdma_fault_default(site);
}

/* ---- devices ---- */

static bool is_about(const struct cdma_fault_rule *is,
		     const struct cdma_fault_pass *pass)
{
	if (is->site != pass->site || !is_of(is->device, pass->device) ||
	    !is_of(is->region, pass->region))
		return false;
	if (is->site == CDMA_FAULT_FLIP_WRITE)
		return is->bit / 8 < pass->size;
	return !is->size || (pass->offset < is->offset + is->size &&
			     is->offset < pass->offset + pass->size);
}

static bool strikes_device(struct cdma_faults *faults, struct rule *rule,
			   const struct cdma_fault_pass *pass)
{
	if (!is_about(&rule->is, pass) || !counts_now(faults, rule))
		return false;
	if (!rule->is.any)
		return is_due(&rule->is, ++rule->passed);
	if (rule->struck || pass->is_wait)
		return false;
	rule->passed++;
	return !faults->ask || cdma_fault_choose(faults, 2);
}

size_t cdma_fault_strikes(struct cdma_faults *faults,
			  const struct cdma_fault_pass *pass)
{
	size_t first = 0;

	CDMA_REQUIRE(cdma_fault_is_device(pass->site));
	faults->passed[pass->site]++;
	for (size_t i = 0; i < faults->rules.nr; i++) {
		struct rule *rule = &faults->rules.at[i];

		if (first && rule->is.any)
			continue;
		if (!strikes_device(faults, rule, pass))
			continue;
		rule->struck++;
		if (!first)
			first = i + 1;
	}
	faults->failed[pass->site] += first != 0;
	return first;
}

bool cdma_fault_would(const struct cdma_faults *faults,
		      const struct cdma_fault_pass *pass)
{
	for (size_t i = 0; i < faults->rules.nr; i++) {
		const struct rule *rule = &faults->rules.at[i];

		if (is_about(&rule->is, pass) && !rule->is.any &&
		    counts_now(faults, rule) &&
		    is_due(&rule->is, rule->passed + 1))
			return true;
	}
	return false;
}

const struct cdma_fault_rule *cdma_faults_rule(const struct cdma_faults *faults,
					       size_t i)
{
	CDMA_REQUIRE(i && i <= faults->rules.nr);
	return &faults->rules.at[i - 1].is;
}

void cdma_fault_came(struct cdma_faults *faults, size_t i)
{
	struct rule *rule = &faults->rules.at[i - 1];

	CDMA_REQUIRE(i && i <= faults->rules.nr);
	rule->passed++;
	rule->struck++;
	faults->passed[rule->is.site]++;
	faults->failed[rule->is.site]++;
}

const uint32_t *cdma_faults_armed(const struct cdma_faults *faults)
{
	return &faults->armed;
}

void cdma_faults_ask(struct cdma_faults *faults,
		     uint32_t (*ask)(void *aux, uint32_t nr, uint32_t percent),
		     void *aux)
{
	faults->ask = ask;
	faults->aux = aux;
}

uint32_t cdma_fault_choose(const struct cdma_faults *faults, uint32_t nr)
{
	return faults->ask ? faults->ask(faults->aux, nr, 0) : 0;
}

struct cdma_fault_attr cdma_faults_last(const struct cdma_faults *faults)
{
	return faults->last;
}

void cdma_faults_seed(struct cdma_faults *faults, uint64_t seed)
{
	faults->seed = seed;
	faults->rng = cdma_rng_case(seed, 0);
}

void cdma_faults_window(struct cdma_faults *faults,
			bool (*is_open)(void *aux, size_t rule), void *aux)
{
	faults->is_open = is_open;
	faults->open_aux = aux;
}
