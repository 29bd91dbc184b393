/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include <cdma/actor.h>
#include <cdma/device.h>

#include <string.h>

#include "picture/describe.h"
#include "picture/naming.h"
#include "picture/shown.h"
#include "run/source-line.h"
#include "run/trace.h"

/* Rows that are kept before and after each of those that the finding names. */
#define AROUND_BEFORE 60
#define AROUND_AFTER  10

#define NO_ROW SIZE_MAX

struct painter {
	struct picture *out; /* borrowed */
	const struct campaign_finding *finding;
	struct machine *machine;
	struct trace trace;
	struct naming naming;
	CDMA_VEC(cdma_actor_id) actors; /* by lane */
	size_t *row_of;                 /* by seq; owned */
	struct shown shown;
};

static const char *keep(struct painter *p, struct cdma_text *text)
{
	char *kept = cdma_arena_alloc(&p->out->arena, text->len + 1);

	memcpy(kept, cdma_text_str(text), text->len + 1);
	cdma_text_fini(text);
	return kept;
}

static const struct cdma_event *event_at(const struct painter *p, uint64_t seq)
{
	const struct trace_event *t = trace_at(&p->trace, seq);

	return t ? &t->ev : NULL;
}

/* ---- which events have a row ---- */

/* The event that has the row of event @seq: the first piece of its op. */
static uint64_t shown_by(const struct painter *p, uint64_t seq)
{
	const struct cdma_event *ev = event_at(p, seq);

	return ev && cdma_event_is_access(ev) && ev->op ? ev->op : seq;
}

static const struct campaign_party *party_at(const struct painter *p, size_t i,
					     const char **role)
{
	const struct campaign_finding *f = p->finding;
	const struct campaign_party *parties[] = {&f->at, &f->against,
						  &f->proof, &f->publish};
	static const char *const roles[] = {"at", "against", "proof",
					    "publish"};

	*role = i < 4 ? roles[i] : NULL;
	return i < 4 ? parties[i] : NULL;
}

static const char *role_of(const struct painter *p, uint64_t seq)
{
	const struct campaign_party *party;
	const char *role;

	for (size_t i = 0; (party = party_at(p, i, &role)); i++)
		if (party->present && shown_by(p, party->party.seq) == seq)
			return role;
	return NULL;
}

/* Of a long run: whether the event is near what the finding is about. */
static bool is_near(const struct painter *p, uint64_t seq)
{
	const struct campaign_party *party;
	const char *role;

	for (size_t i = 0; (party = party_at(p, i, &role)); i++) {
		uint64_t at =
			party->present ? shown_by(p, party->party.seq) : 0;

		if (at && seq + AROUND_BEFORE >= at && seq <= at + AROUND_AFTER)
			return true;
	}
	return false;
}

/* ---- rows ---- */

static size_t lane_of(struct painter *p, cdma_actor_id id)
{
	const struct cdma_world *world = machine_world(p->machine);
	const struct cdma_actor *actor;
	const struct cdma_device *device;
	struct cdma_text name = {0}, what = {0};

	for (size_t i = 0; i < p->actors.nr; i++)
		if (p->actors.at[i] == id)
			return i;
	actor = cdma_actor_find(world, id);
	device = actor ? cdma_actor_device(actor) : NULL;
	cdma_text_add(&name, id == 1 ? "setup and teardown"
			     : actor ? cdma_actor_name(actor)
				     : "?");
	if (device)
		cdma_text_addf(&what, "device %s", cdma_device_name(device));
	else if (actor && id != 1)
		cdma_text_add(&what, cdma_actor_kind_of(actor) == CDMA_CPU
					     ? "CPU"
					     : "handler");
	*cdma_vec_push(&p->actors) = id;
	*cdma_vec_push(&p->out->lanes) = (struct picture_lane){
		.name = keep(p, &name),
		.what = keep(p, &what),
	};
	return p->actors.nr - 1;
}

static enum picture_look look_of(const struct cdma_event *ev)
{
	switch ((enum cdma_event_kind)ev->kind) {
	case CDMA_EV_READ:
		return PICTURE_READ;
	case CDMA_EV_WRITE:
		return PICTURE_WRITE;
	case CDMA_EV_BARRIER:
		return PICTURE_BARRIER;
	case CDMA_EV_RELEASE:
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_IRQ_RAISE:
	case CDMA_EV_IRQ_ENTER:
	case CDMA_EV_SECTION_BEGIN:
	case CDMA_EV_SECTION_END:
	case CDMA_EV_GRACE_BEGIN:
	case CDMA_EV_GRACE_END:
		return PICTURE_SYNC;
	case CDMA_EV_ALLOC:
	case CDMA_EV_EXPOSE:
	case CDMA_EV_FREE:
	case CDMA_EV_WINDOW_BEGIN:
	case CDMA_EV_WINDOW_END:
	case CDMA_EV_LEASE_BEGIN:
	case CDMA_EV_LEASE_END:
	case CDMA_EV_MAP:
	case CDMA_EV_UNMAP:
	case CDMA_EV_SYNC_CPU:
	case CDMA_EV_SYNC_DEVICE:
		return PICTURE_MEMORY;
	default:
		return PICTURE_OTHER;
	}
}

/* The file of what is wrong goes without saying; of others, without where. */
static void add_file(struct painter *p, struct cdma_text *out, const char *file)
{
	const struct cdma_site *at = p->finding->finding.at.site;
	const char *slash = strrchr(file, '/');

	if (!at || !at->file || strcmp(at->file, file) != 0)
		cdma_text_addf(out, "%s:", slash ? slash + 1 : file);
}

/* "38 [i=0] rx[i].len = 64 + i;", with one blank for each row of them. */
static const char *source_of(struct painter *p, const struct cdma_event *ev)
{
	const struct cdma_site *site = ev->site;
	const char *frame = naming_name(&p->naming, CDMA_CTF_FRAME, ev->ctx);
	struct cdma_text text = {0};
	const char *line;

	if (!site || !site->file)
		return NULL;
	line = run_source_line(site);
	add_file(p, &text, site->file);
	cdma_text_addf(&text, "%u", site->line);
	if (frame)
		cdma_text_addf(&text, " %s", frame);
	if (line) {
		cdma_text_addc(&text, ' ');
		cdma_text_squeeze(&text, line);
	}
	return keep(p, &text);
}

static void add_row(struct painter *p, const struct cdma_event *ev,
		    uint64_t left_out)
{
	const struct describe_names names = {naming_name, naming_place,
					     &p->naming};
	struct cdma_text text = {0};
	size_t lane = lane_of(p, ev->actor);

	describe_event(&text, &names, ev, true);
	p->row_of[ev->seq] = p->out->rows.nr;
	*cdma_vec_push(&p->out->rows) = (struct picture_row){
		.seq = ev->seq,
		.lane = lane,
		.look = look_of(ev),
		.text = keep(p, &text),
		.source = source_of(p, ev),
		.role = role_of(p, ev->seq),
		.left_out = left_out,
		.site = ev->site,
	};
}

static void add_rows(struct painter *p)
{
	uint64_t nr = p->trace.events.nr, shown = 0, left_out = 0;

	for (uint64_t seq = 1; seq <= nr; seq++)
		shown += shown_has(&p->shown, event_at(p, seq));
	for (uint64_t seq = 1; seq <= nr; seq++) {
		const struct cdma_event *ev = event_at(p, seq);

		if (!shown_has(&p->shown, ev))
			continue;
		if (shown > PICTURE_ROWS_MAX && !is_near(p, seq)) {
			left_out++;
			continue;
		}
		add_row(p, ev, left_out);
		left_out = 0;
	}
	p->out->left_out = left_out;
}

/* ---- edges ---- */

static size_t row_at(const struct painter *p, uint64_t seq)
{
	seq = shown_by(p, seq);
	return seq && seq <= p->trace.events.nr ? p->row_of[seq] : NO_ROW;
}

static void add_edge(struct painter *p, enum picture_edge_kind kind,
		     uint64_t from, uint64_t to)
{
	size_t a = row_at(p, from), b = row_at(p, to);

	if (a != NO_ROW && b != NO_ROW && a != b)
		*cdma_vec_push(&p->out->edges) = (struct picture_edge){
			.from = a,
			.to = b,
			.kind = kind,
		};
}

static bool overlaps(const struct cdma_event *a, const struct cdma_event *b)
{
	return a->object == b->object && a->offset < b->offset + b->size &&
	       b->offset < a->offset + a->size;
}

/* The newest store that a late read did not see; 0: it is not late. */
static uint64_t missed_by(const struct painter *p,
			  const struct cdma_event *read)
{
	if (!read->rf)
		return 0;
	for (uint64_t seq = read->seq - 1; seq > read->rf; seq--) {
		const struct cdma_event *ev = event_at(p, seq);

		if (ev->kind == CDMA_EV_WRITE && overlaps(ev, read))
			return seq;
	}
	return 0;
}

static void add_read(struct painter *p, const struct cdma_event *ev)
{
	const struct cdma_party party = cdma_party_of(ev);
	const struct trace_event *saw = trace_saw(&p->trace, &party);
	uint64_t missed = missed_by(p, ev);

	if (saw)
		add_edge(p, missed ? PICTURE_EDGE_LATE : PICTURE_EDGE_SAW,
			 saw->ev.seq, ev->seq);
	else if (missed)
		/* What was there from the start: when it was allocated. */
		add_edge(p, PICTURE_EDGE_LATE, ev->rf, ev->seq);
	if (missed)
		add_edge(p, PICTURE_EDGE_MISSED, missed, ev->seq);
}

/* What somebody else did that lets @ev happen. */
static void add_cause(struct painter *p, const struct cdma_event *ev,
		      enum cdma_event_kind cause, enum picture_edge_kind kind)
{
	for (uint64_t seq = ev->seq - 1; seq; seq--) {
		const struct cdma_event *it = event_at(p, seq);

		if (it->kind != cause || it->object != ev->object)
			continue;
		if (it->actor != ev->actor)
			add_edge(p, kind, seq, ev->seq);
		return;
	}
}

static void add_edges(struct painter *p)
{
	for (size_t i = 0; i < p->out->rows.nr; i++) {
		const struct cdma_event *ev =
			event_at(p, p->out->rows.at[i].seq);

		if (ev->kind == CDMA_EV_READ)
			add_read(p, ev);
		else if (ev->kind == CDMA_EV_ACQUIRE)
			add_cause(p, ev, CDMA_EV_RELEASE, PICTURE_EDGE_SYNC);
		else if (ev->kind == CDMA_EV_IRQ_ENTER)
			add_cause(p, ev, CDMA_EV_IRQ_RAISE, PICTURE_EDGE_IRQ);
	}
}

/* Whether it is about order, and not about what may be done at all. */
static bool is_about_order(enum cdma_finding_id id)
{
	switch (id) {
	case CDMA_FINDING_UNORDERED_READ:
	case CDMA_FINDING_UNORDERED_WRITE:
	case CDMA_FINDING_UNORDERED_PUBLISH:
	case CDMA_FINDING_UNORDERED_GIVEBACK:
	case CDMA_FINDING_DEVICE_ORDER:
		return true;
	default:
		return false;
	}
}

/* The two that are in order in the text, and only there: who reads may have
 * read before he looked, who writes may be seen to have told before. */
static void add_step(struct painter *p)
{
	const struct campaign_finding *f = p->finding;
	const struct campaign_party *from = &f->proof, *to = &f->at;

	if (f->finding.id == CDMA_FINDING_UNORDERED_PUBLISH ||
	    f->finding.id == CDMA_FINDING_DEVICE_ORDER) {
		from = &f->against;
		to = &f->publish;
	}
	if (from->present && to->present &&
	    from->party.actor == to->party.actor)
		add_edge(p, PICTURE_EDGE_BELIEVED, from->party.seq,
			 to->party.seq);
}

static void add_belief(struct painter *p)
{
	const struct campaign_finding *f = p->finding;
	bool order = is_about_order(f->finding.id);

	if (f->against.present)
		add_edge(p,
			 order ? PICTURE_EDGE_BELIEVED : PICTURE_EDGE_CONFLICT,
			 f->against.party.seq, f->at.party.seq);
	if (order)
		add_step(p);
}

/* ---- ghosts ---- */

/* The last row of the place that comes before what is wrong; or the first. */
static size_t row_of_place(const struct painter *p,
			   const struct cure_place *place)
{
	size_t found = NO_ROW;

	for (size_t i = 0; i < p->out->rows.nr; i++) {
		const struct picture_row *row = &p->out->rows.at[i];

		if (!row->site || !row->site->file ||
		    row->site->line != place->line ||
		    strcmp(row->site->file, place->file) != 0)
			continue;
		if (found == NO_ROW || row->seq <= p->finding->at.party.seq)
			found = i;
	}
	return found;
}

/* Put a row at @at; what is behind it moves down. */
static void insert_row(struct picture *out, size_t at,
		       const struct picture_row *row)
{
	cdma_vec_push(&out->rows);
	memmove(&out->rows.at[at + 1], &out->rows.at[at],
		(out->rows.nr - 1 - at) * sizeof(*row));
	out->rows.at[at] = *row;
	for (size_t i = 0; i < out->edges.nr; i++) {
		out->edges.at[i].from += out->edges.at[i].from >= at;
		out->edges.at[i].to += out->edges.at[i].to >= at;
	}
}

static void add_ghosts(struct painter *p)
{
	const struct cure *cure = &p->finding->cure;

	for (size_t i = 0; cure->text && i < cure->nr_places; i++) {
		const struct cure_place *place = &cure->places[i];
		struct cdma_text text = {0}, source = {0};
		size_t at = row_of_place(p, place);
		struct picture_row row = {.look = PICTURE_GHOST};

		if (at == NO_ROW)
			continue;
		cdma_text_add(&text, place->text);
		cdma_text_addf(&source, "tried %s ",
			       place->is_after ? "after" : "before");
		add_file(p, &source, place->file);
		cdma_text_addf(&source, "%u, and it helps", place->line);
		row.lane = p->out->rows.at[at].lane;
		row.text = keep(p, &text);
		row.source = keep(p, &source);
		insert_row(p->out, place->is_after ? at + 1 : at, &row);
	}
}

/* ---- all of it ---- */

static void run(struct painter *p, const struct campaign_options *options)
{
	struct machine_options machine = options->machine;
	struct replay replay = {.schedule = p->finding->schedule};
	struct run_result result;

	if (replay.schedule) {
		machine.strategy = &strategy_replay;
		machine.strategy_state = &replay;
	}
	p->machine = machine_new(p->finding->program, &machine);
	p->trace.machine = p->machine;
	p->naming.machine = p->machine;
	machine_record_frames(p->machine, true);
	machine_observe(p->machine, trace_observer(&p->trace));
	machine_run(p->machine, options->seed, p->finding->first, &result);
}

void picture_of(struct picture *picture, const struct campaign_finding *finding,
		const struct campaign_options *options)
{
	struct painter p = {.out = picture, .finding = finding};

	*picture = (struct picture){0};
	run(&p, options);
	p.row_of = cdma_xcalloc(p.trace.events.nr + 1, sizeof(*p.row_of));
	for (size_t i = 0; i <= p.trace.events.nr; i++)
		p.row_of[i] = NO_ROW;
	for (uint64_t seq = 1; seq <= p.trace.events.nr; seq++)
		shown_learn(&p.shown, event_at(&p, seq));
	add_rows(&p);
	add_edges(&p);
	add_belief(&p);
	add_ghosts(&p);
	free(p.row_of);
	cdma_vec_free(&p.actors);
	shown_fini(&p.shown);
	naming_fini(&p.naming);
	trace_fini(&p.trace);
	machine_free(p.machine);
}

void picture_fini(struct picture *picture)
{
	cdma_vec_free(&picture->lanes);
	cdma_vec_free(&picture->rows);
	cdma_vec_free(&picture->edges);
	cdma_arena_fini(&picture->arena);
}

const char *picture_look_name(enum picture_look look)
{
	static const char *const names[] = {
#define X(name, text) [PICTURE_##name] = (text),
		PICTURE_LOOKS(X)
#undef X
	};

	return names[look];
}

const char *picture_edge_name(enum picture_edge_kind kind)
{
	static const char *const names[] = {
#define X(name, text, words) [PICTURE_EDGE_##name] = (text),
		PICTURE_EDGES(X)
#undef X
	};

	return names[kind];
}

const char *picture_edge_words(enum picture_edge_kind kind)
{
	static const char *const words[] = {
#define X(name, text, words) [PICTURE_EDGE_##name] = (words),
		PICTURE_EDGES(X)
#undef X
	};

	return words[kind];
}
