/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_DRAW_H
#define PICTURE_DRAW_H

/*
 * Draw: a picture as SVG, by itself or in a page of HTML.
 *
 * A row is a group <g class="row LOOK ROLE" data-event="SEQ" data-lane="N">,
 * an edge a path <path class="edge KIND" data-from="SEQ" data-to="SEQ">; what
 * is cut short to fit has all of its text in a <title>.  Colours are those of
 * the style, which knows light and dark.
 */

#include "base/text.h"
#include "picture/picture.h"

/* The rules for the colours, without <style>. */
void draw_add_style(struct cdma_text *out);

/*
 * Add the picture.
 *
 * @title:    what it shows.
 * @nr:       which picture of the page it is: its ids have that in them.
 * @is_alone: it is a file of its own, with its style in it.
 */
void draw_add(struct cdma_text *out, const struct picture *picture,
	      const char *title, size_t nr, bool is_alone);

#endif /* PICTURE_DRAW_H */
