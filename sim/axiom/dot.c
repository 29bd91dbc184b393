/* SPDX-License-Identifier: MIT */
#include "axiom/dot.h"

#include "base/macros.h"

/* Words of an event, in the order in which they are said. */
static const struct {
	enum litmus_tag tag;
	const char *word;
} words[] = {
	{TAG_PLAIN, "plain"},
	{TAG_ONCE, "once"},
	{TAG_ACQUIRE, "acquire"},
	{TAG_RELEASE, "release"},
	{TAG_NORETURN, "noreturn"},
	{TAG_RMW, "rmw"},
	{TAG_LKR, "lock"},
	{TAG_LKW, "lock"},
	{TAG_UL, "unlock"},
	{TAG_LF, "trylock failed"},
	{TAG_RL, "is locked"},
	{TAG_RU, "is unlocked"},
	{TAG_SRCU_LOCK, "srcu-lock"},
	{TAG_SRCU_UNLOCK, "srcu-unlock"},
	{TAG_MB, "mb"},
	{TAG_WMB, "wmb"},
	{TAG_RMB, "rmb"},
	{TAG_BARRIER, "barrier"},
	{TAG_BEFORE_ATOMIC, "before-atomic"},
	{TAG_AFTER_ATOMIC, "after-atomic"},
	{TAG_AFTER_SPINLOCK, "after-spinlock"},
	{TAG_AFTER_UNLOCK_LOCK, "after-unlock-lock"},
	{TAG_AFTER_SRCU_UNLOCK, "after-srcu-unlock"},
	{TAG_RCU_LOCK, "rcu-lock"},
	{TAG_RCU_UNLOCK, "rcu-unlock"},
	{TAG_SYNC_RCU, "sync-rcu"},
	{TAG_SYNC_SRCU, "sync-srcu"},
	{TAG_DMA, "dma"},
	{TAG_IO, "io"},
	{TAG_MMIO, "mmio"},
	{TAG_ORDERED, "ordered"},
	{TAG_RELAXED, "relaxed"},
	{TAG_UNORDERED, "unordered"},
	{TAG_IRQ, "irq"},
};

/* Colours of herd7. */
static const char dependency[] = "indigo", order[] = "black";

struct drawing {
	struct cdma_text *out; /* borrowed */
	const struct execution *x;
};

static bool is_initial(const struct execution *x, uint32_t event)
{
	return x->events[event].thread == NO_THREAD;
}

static bool is_read(const struct execution *x, uint32_t event)
{
	for (uint32_t e = 0; e < x->nr; e++)
		if (x->sees[e] == event)
			return true;
	return false;
}

/* "a" to "z", "a1" ... */
static void add_letter(struct drawing *d, uint32_t event)
{
	uint32_t nr = 0;

	for (uint32_t e = 0; e < event; e++)
		nr += !is_initial(d->x, e);
	cdma_text_addc(d->out, (char)('a' + nr % 26));
	if (nr >= 26)
		cdma_text_addf(d->out, "%u", nr / 26);
}

static void add_words(struct drawing *d, uint64_t tags)
{
	const char *between = "[";

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!(tags >> words[i].tag & 1))
			continue;
		cdma_text_addf(d->out, "%s%s", between, words[i].word);
		between = ",";
	}
	if (*between == ',')
		cdma_text_addc(d->out, ']');
}

static void add_value(struct drawing *d, uint32_t event)
{
	const struct event *ev = &d->x->events[event];
	uint32_t store = ev->writes ? event : d->x->sees[event];
	int64_t value;

	if (ev->loc == NO_LOC || (!ev->writes && !ev->reads))
		return;
	cdma_text_add(d->out, d->x->test->locs.at[ev->loc].name);
	if (store == NO_EVENT || !execution_stored(d->x, store, &value))
		return;
	cdma_text_addc(d->out, '=');
	litmus_add_value(d->out, d->x->test, value);
}

static void add_event(struct drawing *d, uint32_t event)
{
	const struct event *ev = &d->x->events[event];

	cdma_text_addf(d->out, "    e%u [label=\"", event);
	if (!is_initial(d->x, event)) {
		add_letter(d, event);
		cdma_text_addf(d->out, ": %s",
			       ev->reads    ? "R"
			       : ev->writes ? "W"
					    : "F");
		add_words(d, ev->tags);
	}
	add_value(d, event);
	cdma_text_add(d->out, "\"];\n");
}

static void add_thread(struct drawing *d, uint32_t thread)
{
	cdma_text_addf(d->out,
		       "  subgraph cluster_%u {\n    label=\"P%u\";\n    "
		       "color=grey;\n",
		       thread, thread);
	for (uint32_t e = 0; e < d->x->nr; e++)
		if (d->x->events[e].thread == thread)
			add_event(d, e);
	cdma_text_add(d->out, "  }\n");
}

/* Only program order runs down the page: threads stand side by side. */
static void add_edge(struct drawing *d, uint32_t from, uint32_t to,
		     const char *name, const char *colour)
{
	bool is_po = d->x->events[from].thread == d->x->events[to].thread;

	cdma_text_addf(d->out,
		       "  e%u -> e%u [label=\"%s\", color=\"%s\", "
		       "fontcolor=\"%s\"%s];\n",
		       from, to, name, colour, colour,
		       is_po && colour == order ? "" : ", constraint=false");
}

/* Whether nothing is between the two, which @r has in order. */
static bool is_next(const struct execution *x, struct rel r, uint32_t from,
		    uint32_t to)
{
	if (!rel_has(r, from, to))
		return false;
	for (uint32_t e = 0; e < x->nr; e++)
		if (rel_has(r, from, e) && rel_has(r, e, to))
			return false;
	return true;
}

static void add_pairs(struct drawing *d, struct rel r, const char *name,
		      const char *colour)
{
	for (uint32_t a = 0; a < d->x->nr; a++)
		for (uint32_t b = 0; b < d->x->nr; b++)
			if (rel_has(r, a, b))
				add_edge(d, a, b, name, colour);
}

/* From one to the next; nobody misses the order of what was there at first. */
static void add_order(struct drawing *d, struct rel r, const char *name,
		      const char *colour)
{
	for (uint32_t a = 0; a < d->x->nr; a++)
		for (uint32_t b = 0; b < d->x->nr; b++)
			if (!is_initial(d->x, a) && is_next(d->x, r, a, b))
				add_edge(d, a, b, name, colour);
}

/* A read comes before the store that is next to what it sees. */
static void add_reads(struct drawing *d)
{
	for (uint32_t e = 0; e < d->x->nr; e++) {
		uint32_t seen = d->x->sees[e];

		if (!d->x->events[e].reads || seen == NO_EVENT)
			continue;
		add_edge(d, seen, e, "rf", "red");
		for (uint32_t to = 0; to < d->x->nr; to++)
			if (is_next(d->x, d->x->co, seen, to) &&
			    to != d->x->events[e].pair)
				add_edge(d, e, to, "fr", "#ffa040");
	}
}

void dot_add(struct cdma_text *out, const struct execution *x, unsigned int nr)
{
	struct drawing d = {.out = out, .x = x};

	cdma_text_addf(out,
		       "digraph \"%s %u\" {\n  label=\"%s\";\n  node "
		       "[shape=none, fontname=\"sans-serif\", height=0.2];\n"
		       "  edge [fontname=\"sans-serif\", fontsize=10];\n",
		       x->test->name, nr, x->test->name);
	for (uint32_t thread = 0; thread < x->test->threads.nr; thread++)
		add_thread(&d, thread);
	for (uint32_t e = 0; e < x->nr; e++)
		if (is_initial(x, e) && is_read(x, e))
			add_event(&d, e);
	add_order(&d, x->po, "po", order);
	add_reads(&d);
	add_order(&d, x->co, "co", "blue");
	add_pairs(&d, x->rmw, "rmw", order);
	add_pairs(&d, x->addr, "addr", dependency);
	add_pairs(&d, x->data, "data", dependency);
	add_pairs(&d, x->ctrl, "ctrl", dependency);
	cdma_text_add(out, "}\n");
}
