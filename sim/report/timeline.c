/* SPDX-License-Identifier: MIT */
#include "report/timeline.h"

#include "base/macros.h"
#include "base/vec.h"
#include "picture/describe.h"
#include "picture/shown.h"
#include "report/paint.h"

#include <string.h>

/* Columns left of the first cell: the number of the event. */
#define MARGIN 6
/* Cells that are narrower would be folded beyond recognition: then there is one
 * column, and names of threads of so many bytes before the events. */
#define CELL_MIN   18
#define NAME_SHOWN 14
/* How much of a line of source is shown, in lines of a cell. */
#define SOURCE_LINES 3

/* A store to some of eight bytes. */
struct store {
	uint64_t seq;
	uint64_t op; /* by which it goes */
	unsigned char bytes[8];
	uint8_t mask;
};

/* Eight bytes of memory, and who wrote to them, oldest first. */
struct granule {
	uint64_t key; /* region and offset / 8; 0: free */
	CDMA_VEC(struct store) stores;
};

struct timeline {
	struct cdma_text *out; /* borrowed */
	const struct timeline_options *options;
	struct cdma_ctf *ctf; /* owned */
	CDMA_VEC(struct cdma_ctf_finding) findings;
	CDMA_VEC(char *) names; /* of the findings; owned */
	struct shown shown;     /* what is shown without -v */
	unsigned int *columns;  /* by actor: number of its column + 1; owned */
	size_t nr_columns;
	size_t cell;              /* columns of a cell */
	size_t name;              /* of a name before the event; 0: none */
	const char *label;        /* that name, until it is printed */
	struct granule *granules; /* open addressing; owned */
	size_t nr_granules, room;
	const struct cdma_site *last; /* source line that was shown last */
	cdma_actor_id last_actor;
	uint32_t last_ctx;
};

static bool is_shown(const struct timeline *t, const struct cdma_event *ev)
{
	return t->options->all || shown_has(&t->shown, ev);
}

static struct granule *slot(struct granule *at, size_t room, uint64_t key)
{
	size_t i = (key * 0x9e3779b97f4a7c15u) >> 20;

	while (at[i & (room - 1)].key && at[i & (room - 1)].key != key)
		i++;
	return &at[i & (room - 1)];
}

static struct granule *granule_of(struct timeline *t,
				  const struct cdma_event *ev)
{
	uint64_t key = ((uint64_t)ev->object << 40 ^ ev->offset >> 3) + 1;
	struct granule *old = t->granules, *found;
	size_t room = t->room;

	if (t->nr_granules * 2 >= room) {
		t->room = room ? room * 2 : 64;
		t->granules = cdma_xcalloc(t->room, sizeof(*old));
		for (size_t i = 0; i < room; i++)
			if (old[i].key)
				*slot(t->granules, t->room, old[i].key) =
					old[i];
		free(old);
	}
	found = slot(t->granules, t->room, key);
	t->nr_granules += !found->key;
	found->key = key;
	return found;
}

static void note_store(struct granule *granule, const struct cdma_event *ev)
{
	struct store *store = cdma_vec_push(&granule->stores);

	*store = (struct store){
		.seq = ev->seq,
		.op = ev->op ? ev->op : ev->seq,
	};
	for (unsigned int i = 0; i < ev->size; i++) {
		unsigned int byte = (ev->offset + i) & 7;

		store->bytes[byte] = (unsigned char)(ev->value >> 8 * i);
		store->mask |= (uint8_t)(1u << byte);
	}
}

/*
 * The store that byte @i of a read saw: the newest that is not too late for
 * it.  A byte of which it had to see something newer shows that by its value.
 */
static uint64_t store_of(const struct granule *granule,
			 const struct cdma_event *ev, unsigned int i)
{
	unsigned int byte = (ev->offset + i) & 7;
	unsigned char value = (unsigned char)(ev->value >> 8 * i);
	unsigned char held = 0;
	uint64_t found = 0;

	for (size_t s = 0; s < granule->stores.nr; s++) {
		const struct store *store = &granule->stores.at[s];

		if (!(store->mask & (1u << byte)))
			continue;
		if (ev->rf && store->seq > ev->rf && held == value)
			break;
		held = store->bytes[byte];
		found = store->op;
	}
	return found;
}

/* Note a write; of a read, the newest store that it saw, or 0. */
static uint64_t follow(struct timeline *t, const struct cdma_event *ev)
{
	struct granule *granule;
	uint64_t newest = 0;

	if (!cdma_event_is_access(ev) || !ev->object || ev->size > 8)
		return 0;
	granule = granule_of(t, ev);
	if (ev->kind == CDMA_EV_WRITE) {
		note_store(granule, ev);
		return 0;
	}
	for (unsigned int i = 0; i < ev->size; i++) {
		uint64_t store = store_of(granule, ev, i);

		if (store > newest)
			newest = store;
	}
	return newest;
}

/* How much of @text goes on a line of @width bytes: to a blank, if any. */
static size_t fold_at(const char *text, size_t width)
{
	size_t len = strlen(text), at = width;

	if (len <= width)
		return len;
	while (at > width / 2 && text[at] != ' ')
		at--;
	return at > width / 2 ? at : width;
}

/* One line of all cells, with @len bytes of @text in that of @column. */
static void add_row(struct timeline *t, uint64_t seq, size_t column,
		    size_t indent, const char *text, size_t len,
		    enum paint_colour colour)
{
	bool on = t->options->colour && colour != PAINT_RESET;
	size_t at = column * t->cell + indent, before;

	if (seq)
		cdma_text_addf(t->out, "%*llu ", MARGIN - 1,
			       (unsigned long long)seq);
	else
		cdma_text_fill(t->out, ' ', MARGIN);
	if (t->label) {
		before = t->out->len;
		cdma_text_addf(t->out, "%.*s", NAME_SHOWN, t->label);
		at -= t->out->len - before;
		t->label = NULL;
	}
	cdma_text_fill(t->out, ' ', at);
	cdma_text_add(t->out, paint(on, colour));
	cdma_text_addn(t->out, text, len);
	cdma_text_add(t->out, paint(on, PAINT_RESET));
	cdma_text_addc(t->out, '\n');
}

/* A cell, folded; at most @lines of it, and "..." where there is more.  The
 * first has number @seq. */
static void add_cell(struct timeline *t, uint64_t seq, size_t column,
		     size_t indent, const char *text, unsigned int lines,
		     enum paint_colour colour)
{
	const size_t width = t->cell - indent - 2;

	for (; *text && lines; lines--, seq = 0) {
		size_t len = fold_at(text, width);
		struct cdma_text line = {0};

		cdma_text_addn(&line, text, len);
		text += len;
		text += strspn(text, " ");
		if (*text && lines == 1) {
			cdma_text_cut(&line, len + 3 > width ? width - 3 : len);
			cdma_text_add(&line, "...");
		}
		add_row(t, seq, column, t->name + indent, line.at, line.len,
			colour);
		cdma_text_fini(&line);
	}
}

/* "38 [i=0] len = READ_ONCE(rx[i].len);", unless it was said just before. */
static void add_source(struct timeline *t, const struct cdma_event *ev,
		       size_t column)
{
	const struct cdma_site *site = ev->site;
	const char *frame = cdma_ctf_name(t->ctf, CDMA_CTF_FRAME, ev->ctx);
	const char *file = cdma_ctf_info_of(t->ctf, "file");
	struct cdma_text text = {0};

	if (!site || (site == t->last && ev->actor == t->last_actor &&
		      ev->ctx == t->last_ctx))
		return;
	t->last = site;
	t->last_actor = ev->actor;
	t->last_ctx = ev->ctx;
	if (site->file && (!file || strcmp(file, site->file) != 0))
		cdma_text_addf(&text, "%s:", site->file);
	cdma_text_addf(&text, "%u", site->line);
	if (frame)
		cdma_text_addf(&text, " %s", frame);
	if (site->text) {
		cdma_text_addc(&text, ' ');
		cdma_text_squeeze(&text, site->text);
	}
	add_cell(t, 0, column, 2, cdma_text_str(&text),
		 t->options->all ? UINT32_MAX : SOURCE_LINES, PAINT_DIM);
	cdma_text_fini(&text);
}

static void add_ref(struct cdma_text *out, const char *what, uint64_t seq)
{
	if (seq)
		cdma_text_addf(out, "%s #%llu", what, (unsigned long long)seq);
}

static void add_finding(struct timeline *t, const char *text)
{
	size_t width = t->options->width > MARGIN + CELL_MIN
			       ? t->options->width - MARGIN
			       : CELL_MIN;

	for (; *text; text += strspn(text, " ")) {
		size_t len = fold_at(text, width);

		add_row(t, 0, 0, 0, text, len, PAINT_BAD);
		text += len;
	}
}

/* The findings at event @seq, across all columns. */
static void add_findings(struct timeline *t, uint64_t seq)
{
	struct cdma_text text = {0};

	for (size_t i = 0; i < t->findings.nr; i++) {
		const struct cdma_ctf_finding *f = &t->findings.at[i];

		if (f->at != seq)
			continue;
		cdma_text_cut(&text, 0);
		cdma_text_addf(&text, "*** %s: #%llu", f->name,
			       (unsigned long long)seq);
		add_ref(&text, " against", f->against);
		add_ref(&text, "; it relied on", f->proof);
		add_ref(&text, ", which saw", f->publish);
		add_finding(t, text.at);
		t->last = NULL;
	}
	cdma_text_fini(&text);
}

static const char *actor_name(const struct timeline *t, cdma_actor_id id)
{
	const char *name = cdma_ctf_actor_name(t->ctf, id);

	return name ? name : "?";
}

static const char *name_of(void *aux, enum cdma_ctf_table table, uint32_t id)
{
	return cdma_ctf_name(aux, table, id);
}

/* What the kernel would print. */
static void add_printk(struct timeline *t, const struct describe_names *names,
		       const struct cdma_event *ev, size_t column)
{
	struct cdma_text text = {0};

	if (describe_printk(&text, names, ev, actor_name(t, ev->actor)))
		add_cell(t, 0, column, 0, text.at, UINT32_MAX, PAINT_RESET);
	cdma_text_fini(&text);
}

static void add_event(struct timeline *t, const struct cdma_event *ev)
{
	const struct describe_names names = {.name = name_of, .aux = t->ctf};
	uint64_t saw = follow(t, ev);
	struct cdma_text text = {0};
	size_t column;

	if (is_shown(t, ev)) {
		column = t->name ? 0 : t->columns[ev->actor] - 1;
		t->label = t->name ? actor_name(t, ev->actor) : NULL;
		describe_event(&text, &names, ev, !t->options->all);
		if (saw)
			cdma_text_addf(&text, " <-#%llu",
				       (unsigned long long)saw);
		add_cell(t, ev->seq, column, 0, text.at, UINT32_MAX,
			 PAINT_RESET);
		add_printk(t, &names, ev, column);
		if (t->options->all) {
			cdma_text_cut(&text, 0);
			describe_rest(&text, cdma_ctf_deps(t->ctf), ev);
			add_cell(t, 0, column, 0, text.at, UINT32_MAX,
				 PAINT_RESET);
		}
		add_source(t, ev, column);
	}
	add_findings(t, ev->seq);
	cdma_text_fini(&text);
}

/* "rings.dma: nic_rx/default, schedule 17 of seed 1". */
static void add_title(struct timeline *t)
{
	static const char *const keys[][2] = {
		{"", "file"},          {": ", "scenario"},
		{"/", "variant"},      {", schedule ", "schedule"},
		{" of seed ", "seed"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = cdma_ctf_info_of(t->ctf, keys[i][1]);

		if (value)
			cdma_text_addf(t->out, "%s%s", keys[i][0], value);
	}
	cdma_text_add(t->out, "\n\n");
}

/* The heads of the columns, as soon as somebody has a name. */
static void add_heads(struct timeline *t)
{
	if (t->name) {
		cdma_text_addf(t->out, "%*s %-*s%s\n", MARGIN - 1, "#",
			       (int)t->name, "thread", "event");
		return;
	}
	cdma_text_addf(t->out, "%*s ", MARGIN - 1, "#");
	for (size_t column = 1; column <= t->nr_columns; column++) {
		struct cdma_text head = {0};
		cdma_actor_id id = 0;
		const char *device;

		while (t->columns[id] != column)
			id++;
		cdma_text_add(&head, actor_name(t, id));
		device = cdma_ctf_name(t->ctf, CDMA_CTF_DEVICE,
				       cdma_ctf_actor_device(t->ctf, id));
		if (device)
			cdma_text_addf(&head, " (%s)", device);
		if (head.len > t->cell - 1)
			cdma_text_cut(&head, t->cell - 1);
		cdma_text_addf(t->out, "%s%s%s",
			       paint(t->options->colour, PAINT_PLACE), head.at,
			       paint(t->options->colour, PAINT_RESET));
		if (column < t->nr_columns)
			cdma_text_fill(t->out, ' ', t->cell - head.len);
		cdma_text_fini(&head);
	}
	cdma_text_addc(t->out, '\n');
}

static void lay_out(struct timeline *t)
{
	size_t width =
		t->options->width > MARGIN ? t->options->width - MARGIN : 0;

	t->cell = width / (t->nr_columns ? t->nr_columns : 1);
	if (t->cell >= CELL_MIN)
		return;
	t->name = t->nr_columns > 1 ? NAME_SHOWN + 1 : 0;
	t->cell = width > t->name + CELL_MIN ? width - t->name : CELL_MIN;
}

/* Read it once for what is at its end: findings, and who there is. */
static int look_ahead(struct timeline *t, const char *dir)
{
	const struct cdma_ctf_finding *found;
	struct cdma_event ev;
	int ret = cdma_ctf_open(dir, &t->ctf);

	if (ret)
		return ret;
	while ((ret = cdma_ctf_next(t->ctf, &ev)) > 0) {
		if (is_shown(t, &ev))
			t->columns[ev.actor] = 1;
		shown_learn(&t->shown, &ev);
	}
	add_title(t);
	for (size_t id = 0; id <= UINT16_MAX; id++)
		if (t->columns[id])
			t->columns[id] = (unsigned int)++t->nr_columns;
	for (size_t i = 0; (found = cdma_ctf_finding_at(t->ctf, i)); i++) {
		*cdma_vec_push(&t->names) = cdma_xstrdup(found->name);
		*cdma_vec_push(&t->findings) = *found;
		cdma_vec_last(&t->findings)->name = *cdma_vec_last(&t->names);
	}
	lay_out(t);
	if (t->nr_columns)
		add_heads(t);
	cdma_ctf_free(t->ctf);
	t->ctf = NULL;
	return ret;
}

static int show(struct timeline *t, const char *dir)
{
	struct cdma_event ev;
	int ret = cdma_ctf_open(dir, &t->ctf);

	while (!ret && (ret = cdma_ctf_next(t->ctf, &ev)) > 0) {
		add_event(t, &ev);
		ret = 0;
	}
	return ret;
}

int timeline_add(struct cdma_text *out, const char *dir,
		 const struct timeline_options *options)
{
	struct timeline t = {
		.out = out,
		.options = options,
		.columns = cdma_xcalloc(UINT16_MAX + 1, sizeof(*t.columns)),
	};
	int err = look_ahead(&t, dir), ret = 0;

	/* What is before the damage is worth showing. */
	if (!err || t.nr_columns)
		ret = show(&t, dir);
	cdma_ctf_free(t.ctf);
	for (size_t i = 0; i < t.names.nr; i++)
		free(t.names.at[i]);
	cdma_vec_free(&t.names);
	cdma_vec_free(&t.findings);
	shown_fini(&t.shown);
	free(t.columns);
	for (size_t i = 0; i < t.room; i++)
		cdma_vec_free(&t.granules[i].stores);
	free(t.granules);
	return err ? err : ret;
}
