/* SPDX-License-Identifier: MIT */
#include "picture/draw.h"

#include "picture/xml.h"

#include <string.h>

/* All in pixels.  Lanes get narrower than LANE_MAX to fit into LANES_WIDE; left
 * of them are the numbers of the events. */
#define GUTTER     64
#define HEAD       58
#define ROW        48
#define BOX        38
#define GAP        24 /* where events are left out */
#define LANE_MAX   400
#define LANE_MIN   290
#define LANES_WIDE 1200
#define LANE_SPACE 56 /* between the boxes of two lanes: for arrows */
#define LEGEND     22
#define CHAR       6.7

struct drawing {
	struct cdma_text *out;
	const struct picture *picture;
	size_t nr;
	unsigned int lane; /* width */
	unsigned int *y;   /* of rows: their tops; owned */
	unsigned int height, width;
	unsigned int kinds; /* of edges that there are */
};

void draw_add_style(struct cdma_text *out)
{
	cdma_text_add(
		out,
		".pic{font:11px ui-monospace,Menlo,Consolas,'DejaVu Sans "
		"Mono',monospace;background:#fff}\n"
		".pic text{fill:#1b1f24}.pic .dim{fill:#656d76}"
		".pic .name{font-weight:bold;font-size:13px}\n"
		".pic .line{stroke:#d0d7de;stroke-width:1}\n"
		".pic .box{fill:#f6f8fa;stroke:#afb8c1;stroke-width:1}\n"
		".pic .read .box{fill:#eaf3ff;stroke:#6ea8e8}\n"
		".pic .write .box{fill:#fff4dd;stroke:#d4a72c}\n"
		".pic .barrier .box{fill:#57606a;stroke:#24292f}"
		".pic .barrier .what{fill:#fff;font-weight:bold}\n"
		".pic .sync .box{fill:#f1eafd;stroke:#a48be0}\n"
		".pic .memory .box{fill:#e8f7ec;stroke:#6cbf84}\n"
		".pic .ghost .box{fill:#eafbef;stroke:#1a7f37;stroke-width:2;"
		"stroke-dasharray:6 4}"
		".pic .ghost .what{fill:#1a7f37;font-weight:bold}\n"
		".pic .at .box,.pic .against .box{stroke:#cf222e;stroke-width:"
		"2.5}"
		".pic .proof .box,.pic .publish .box{stroke-width:2.5}\n"
		".pic .tag{fill:#cf222e;font-weight:bold}\n"
		".pic .edge{fill:none;stroke-width:1.3;opacity:.7}"
		".pic .saw{stroke:#6e7781}.pic .late{stroke:#bc4c00}"
		".pic .missed{stroke:#bc4c00;stroke-dasharray:2 3}"
		".pic .esync{stroke:#8250df}.pic .irq{stroke:#8250df;"
		"stroke-width:2}\n"
		".pic .believed,.pic .conflict{stroke:#cf222e;stroke-width:2.5;"
		"opacity:1}"
		".pic .believed{stroke-dasharray:8 5}\n"
		".pic marker path{stroke:none}"
		".pic .m-saw{fill:#6e7781}"
		".pic .m-late,.pic .m-missed{fill:#bc4c00}"
		".pic .m-sync,.pic .m-irq{fill:#8250df}"
		".pic .m-believed,.pic .m-conflict{fill:#cf222e}\n"
		"@media (prefers-color-scheme:dark){\n"
		".pic{background:#0d1117}.pic text{fill:#e6edf3}"
		".pic .dim{fill:#9198a1}.pic .line{stroke:#30363d}\n"
		".pic .box{fill:#161b22;stroke:#484f58}"
		".pic .read .box{fill:#0c2d6b;stroke:#388bfd}"
		".pic .write .box{fill:#3b2a03;stroke:#bb8009}\n"
		".pic .barrier .box{fill:#b1bac4;stroke:#f0f6fc}"
		".pic .barrier .what{fill:#0d1117}"
		".pic .sync .box{fill:#271052;stroke:#8957e5}"
		".pic .memory .box{fill:#04260f;stroke:#2ea043}\n"
		".pic .ghost .box{fill:#04260f;stroke:#56d364}"
		".pic .ghost .what{fill:#56d364}"
		".pic .at .box,.pic .against .box{stroke:#ff7b72}"
		".pic .tag{fill:#ff7b72}\n"
		".pic .saw{stroke:#8b949e}.pic .late,.pic .missed{stroke:"
		"#f0883e}.pic .esync,.pic .irq{stroke:#a371f7}"
		".pic .believed,.pic .conflict{stroke:#ff7b72}\n"
		".pic .m-saw{fill:#8b949e}.pic .m-late,.pic .m-missed{fill:"
		"#f0883e}.pic .m-sync,.pic .m-irq{fill:#a371f7}"
		".pic .m-believed,.pic .m-conflict{fill:#ff7b72}\n"
		"}\n");
}

/* ---- where things are ---- */

static unsigned int box_width(const struct drawing *d)
{
	return d->lane - LANE_SPACE;
}

static unsigned int left_of(const struct drawing *d, size_t lane)
{
	return GUTTER + (unsigned int)lane * d->lane;
}

static unsigned int middle_of(const struct drawing *d, size_t row)
{
	return d->y[row] + BOX / 2;
}

static void lay_out(struct drawing *d)
{
	const struct picture *p = d->picture;
	size_t lanes = p->lanes.nr ? p->lanes.nr : 1;

	d->lane = (unsigned int)(LANES_WIDE / lanes);
	if (d->lane > LANE_MAX)
		d->lane = LANE_MAX;
	if (d->lane < LANE_MIN)
		d->lane = LANE_MIN;
	d->width = left_of(d, lanes) + LANE_SPACE / 2;
	d->y = cdma_xcalloc(p->rows.nr + 1, sizeof(*d->y));
	d->height = HEAD;
	for (size_t i = 0; i < p->rows.nr; i++) {
		d->height += p->rows.at[i].left_out ? GAP : 0;
		d->y[i] = d->height;
		d->height += ROW;
	}
	d->height += p->left_out ? GAP : 0;
	for (size_t i = 0; i < p->edges.nr; i++)
		d->kinds |= 1u << p->edges.at[i].kind;
}

/* ---- parts ---- */

static void add_text(const struct drawing *d, unsigned int x, unsigned int y,
		     const char *class, const char *text, size_t most)
{
	cdma_text_addf(d->out, "<text x=\"%u\" y=\"%u\" class=\"%s\">", x, y,
		       class);
	xml_add_short(d->out, text, most);
	cdma_text_add(d->out, "</text>");
}

static size_t chars(unsigned int width)
{
	return (size_t)(width / CHAR);
}

static void add_lanes(const struct drawing *d)
{
	const struct picture *p = d->picture;

	for (size_t i = 0; i < p->lanes.nr; i++) {
		unsigned int x = left_of(d, i);
		unsigned int middle = x + box_width(d) / 2;

		cdma_text_addf(d->out,
			       "<g class=\"lane\" data-lane=\"%zu\"><line "
			       "class=\"line\" x1=\"%u\" y1=\"%u\" x2=\"%u\" "
			       "y2=\"%u\"/>",
			       i, middle, HEAD - 12, middle, d->height);
		add_text(d, x + 8, 22, "name", p->lanes.at[i].name,
			 chars(box_width(d)) * 5 / 6);
		add_text(d, x + 8, 38, "dim", p->lanes.at[i].what,
			 chars(box_width(d)));
		cdma_text_add(d->out, "</g>\n");
	}
}

static void add_gap(const struct drawing *d, unsigned int y, uint64_t nr)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "\xe2\x80\xa6 %llu event%s left out",
		       (unsigned long long)nr, nr == 1 ? "" : "s");
	add_text(d, GUTTER, y, "dim gap", text.at, SIZE_MAX);
	cdma_text_fini(&text);
}

/* What the finding calls an event. */
static const char *tag_of(const char *role)
{
	static const char *const tags[][2] = {
		{"at", "WRONG"},
		{"against", "AGAINST"},
		{"proof", "RELIED ON"},
		{"publish", "PUBLISHED"},
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (!strcmp(tags[i][0], role))
			return tags[i][1];
	return role;
}

static void add_row(const struct drawing *d, size_t i)
{
	const struct picture_row *row = &d->picture->rows.at[i];
	unsigned int x = left_of(d, row->lane), y = d->y[i];
	size_t most = chars(box_width(d) - 16);

	if (row->left_out)
		add_gap(d, y - GAP / 2 + 4, row->left_out);
	cdma_text_addf(d->out,
		       "<g class=\"row %s%s%s\" data-event=\"%llu\" "
		       "data-lane=\"%zu\"><title>",
		       picture_look_name(row->look), row->role ? " " : "",
		       row->role ? row->role : "", (unsigned long long)row->seq,
		       row->lane);
	xml_add(d->out, row->text);
	if (row->source) {
		cdma_text_addc(d->out, '\n');
		xml_add(d->out, row->source);
	}
	cdma_text_addf(d->out,
		       "</title><rect class=\"box\" x=\"%u\" y=\"%u\" "
		       "width=\"%u\" height=\"%u\" rx=\"4\"/>",
		       x, y, box_width(d), BOX);
	add_text(d, x + 8, y + 16, "what", row->text,
		 row->role ? most - 11 : most);
	if (row->source)
		add_text(d, x + 8, y + 31,
			 row->look == PICTURE_BARRIER ? "what" : "dim",
			 row->source, most);
	if (row->role)
		cdma_text_addf(d->out,
			       "<text x=\"%u\" y=\"%u\" class=\"tag\" "
			       "text-anchor=\"end\">%s</text>",
			       x + box_width(d) - 8, y + 16, tag_of(row->role));
	if (row->seq)
		cdma_text_addf(d->out,
			       "<text x=\"%u\" y=\"%u\" class=\"dim\" "
			       "text-anchor=\"end\">#%llu</text>",
			       GUTTER - 10, y + 23,
			       (unsigned long long)row->seq);
	cdma_text_add(d->out, "</g>\n");
}

/* ---- edges ---- */

/* From side to side of two lanes; or round the side of one. */
static void add_path(const struct drawing *d, const struct picture_edge *e)
{
	const struct picture_row *rows = d->picture->rows.at;
	size_t a = rows[e->from].lane, b = rows[e->to].lane;
	int y1 = (int)middle_of(d, e->from), y2 = (int)middle_of(d, e->to);
	int x1 = (int)left_of(d, a), x2 = (int)left_of(d, b);
	int width = (int)box_width(d), bend = LANE_SPACE - 6;

	/* Many that go the same way are told apart by their bends. */
	if (a != b)
		bend = 16 + (int)(e->from % 6) * 8;

	if (a == b) {
		x1 += width;
		cdma_text_addf(d->out, "M%d %d C%d %d %d %d %d %d", x1, y1,
			       x1 + bend, y1, x1 + bend, y2, x1 + 4, y2);
		return;
	}
	if (a < b) {
		x1 += width;
		x2 -= 4;
	} else {
		x2 += width + 4;
		bend = -bend;
	}
	cdma_text_addf(d->out, "M%d %d C%d %d %d %d %d %d", x1, y1, x1 + bend,
		       y1, x2 - bend, y2, x2, y2);
}

static void add_edge(const struct drawing *d, const struct picture_edge *e)
{
	const struct picture_row *rows = d->picture->rows.at;
	const char *name = picture_edge_name(e->kind);

	cdma_text_addf(d->out,
		       "<path class=\"edge %s%s\" data-from=\"%llu\" "
		       "data-to=\"%llu\" marker-end=\"url(#m%zu-%s)\" d=\"",
		       e->kind == PICTURE_EDGE_SYNC ? "e" : "", name,
		       (unsigned long long)rows[e->from].seq,
		       (unsigned long long)rows[e->to].seq, d->nr, name);
	add_path(d, e);
	cdma_text_addf(d->out, "\"><title>#%llu %s #%llu</title></path>\n",
		       (unsigned long long)rows[e->to].seq,
		       picture_edge_words(e->kind),
		       (unsigned long long)rows[e->from].seq);
}

static bool is_red(const struct picture_edge *e)
{
	return e->kind == PICTURE_EDGE_BELIEVED ||
	       e->kind == PICTURE_EDGE_CONFLICT;
}

static void add_edges(const struct drawing *d, bool red)
{
	for (size_t i = 0; i < d->picture->edges.nr; i++)
		if (is_red(&d->picture->edges.at[i]) == red)
			add_edge(d, &d->picture->edges.at[i]);
}

static void add_markers(const struct drawing *d)
{
	cdma_text_add(d->out, "<defs>");
	for (unsigned int k = 0; d->kinds >> k; k++) {
		const char *name = picture_edge_name((enum picture_edge_kind)k);

		if (d->kinds & 1u << k)
			cdma_text_addf(
				d->out,
				"<marker id=\"m%zu-%s\" viewBox=\"0 0 8 8\" "
				"refX=\"7\" refY=\"4\" markerWidth=\"9\" "
				"markerHeight=\"9\" orient=\"auto\" "
				"markerUnits=\"userSpaceOnUse\"><path "
				"class=\"m-%s\" d=\"M0 0 L8 4 L0 8 z\"/>"
				"</marker>",
				d->nr, name, name);
	}
	cdma_text_add(d->out, "</defs>\n");
}

/* What the lines mean, for those that there are. */
static void add_legend(const struct drawing *d)
{
	unsigned int y = d->height + 20;

	for (unsigned int k = 0; d->kinds >> k; k++) {
		enum picture_edge_kind kind = (enum picture_edge_kind)k;

		if (!(d->kinds & 1u << k))
			continue;
		cdma_text_addf(d->out,
			       "<g class=\"legend\"><path class=\"edge %s%s\" "
			       "marker-end=\"url(#m%zu-%s)\" d=\"M%u %u "
			       "L%u %u\"/>",
			       kind == PICTURE_EDGE_SYNC ? "e" : "",
			       picture_edge_name(kind), d->nr,
			       picture_edge_name(kind), GUTTER, y, GUTTER + 44,
			       y);
		add_text(d, GUTTER + 56, y + 4, "dim", picture_edge_words(kind),
			 SIZE_MAX);
		cdma_text_add(d->out, "</g>\n");
		y += LEGEND;
	}
}

static void add_head(const struct drawing *d, const char *title, bool is_alone)
{
	unsigned int height =
		d->height + 20 +
		LEGEND * (unsigned int)__builtin_popcount(d->kinds);

	cdma_text_add(d->out, "<svg class=\"pic\" role=\"img\"");
	if (is_alone)
		cdma_text_add(d->out, " xmlns=\"http://www.w3.org/2000/svg\"");
	cdma_text_addf(d->out,
		       " width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\">"
		       "\n<title>",
		       d->width, height, d->width, height);
	xml_add(d->out, title);
	cdma_text_add(d->out, "</title>\n");
	if (!is_alone)
		return;
	cdma_text_add(d->out, "<style>\n");
	draw_add_style(d->out);
	cdma_text_add(d->out, ".back{fill:#fff}@media (prefers-color-scheme:"
			      "dark){.back{fill:#0d1117}}\n</style>\n<rect "
			      "class=\"back\" width=\"100%\" height=\"100%\"/>"
			      "\n");
}

void draw_add(struct cdma_text *out, const struct picture *picture,
	      const char *title, size_t nr, bool is_alone)
{
	struct drawing d = {.out = out, .picture = picture, .nr = nr};

	lay_out(&d);
	add_head(&d, title, is_alone);
	add_markers(&d);
	add_lanes(&d);
	add_edges(&d, false);
	for (size_t i = 0; i < picture->rows.nr; i++)
		add_row(&d, i);
	add_edges(&d, true);
	if (picture->left_out)
		add_gap(&d, d.height - GAP / 2 + 4, picture->left_out);
	add_legend(&d);
	cdma_text_add(out, "</svg>\n");
	free(d.y);
}
