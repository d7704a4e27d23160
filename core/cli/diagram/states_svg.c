/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The state diagram of RFC 9293, figure 5, with the way of both endpoints through it; below, the same way in words.
 */
#include "../output/endpoint.h"
#include "figure.h"
#include "pictures.h"
#include "svg.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* In pixels. */
enum { HEAD = 100, LIST_HEAD = 66, LIST_LINE = 18, COLUMN = 456, FOOT = 24, BADGE_HEIGHT = 16 };

/* More steps than that are counted in the list, and more badges on an arc left out. */
enum { LIST_MAX = 24, BADGES_MAX = 3 };

static const char *const seat_class[SEAT_COUNT] = {[SEAT_LEFT] = "client", [SEAT_RIGHT] = "server"};

struct states_drawing {
  const struct picture *picture;
  struct output *output;
  struct path paths[SEAT_COUNT];
};

static void read_paths(const struct picture *picture, struct path paths[SEAT_COUNT])
{
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    path_read(&paths[seat], picture->story, picture->connection, seat);
  }
}

/* ---------------------------------------------------------------- curves */

static struct curve bent(struct curve curve)
{
  if (curve.bend.x == 0 && curve.bend.y == 0) {
    curve.bend = (struct point){(curve.from.x + curve.to.x) / 2, (curve.from.y + curve.to.y) / 2};
  }
  return curve;
}

static struct point at(const struct curve *curve, double t)
{
  double a = (1 - t) * (1 - t);
  double b = 2 * t * (1 - t);
  double c = t * t;

  return (struct point){a * curve->from.x + b * curve->bend.x + c * curve->to.x,
                        a * curve->from.y + b * curve->bend.y + c * curve->to.y};
}

/* To the side, so that both endpoints have room on one arc. */
static struct curve shifted(struct curve curve, double distance)
{
  double x = curve.to.x - curve.from.x;
  double y = curve.to.y - curve.from.y;
  double length = hypot(x, y);
  struct point shift = {-y / length * distance, x / length * distance};

  return (struct curve){{curve.from.x + shift.x, curve.from.y + shift.y},
                        {curve.bend.x + shift.x, curve.bend.y + shift.y},
                        {curve.to.x + shift.x, curve.to.y + shift.y}};
}

static void put_curve(struct output *output, const struct curve *curve, const char *style, const char *head)
{
  double length = hypot(curve->bend.x - curve->from.x, curve->bend.y - curve->from.y) +
                  hypot(curve->to.x - curve->bend.x, curve->to.y - curve->bend.y);
  struct point neck = at(curve, length > 16 ? 1 - 8 / length : 0.5);

  svg_markup(output, "<path class=\"%s\" d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\"/>\n", style, curve->from.x, curve->from.y,
             curve->bend.x, curve->bend.y, neck.x, neck.y);
  svg_arrow_head(output, neck.x, neck.y, curve->to.x, curve->to.y, head);
}

/* Point on the node's border towards another point. */
static struct point border(struct point node, struct point towards)
{
  double x = towards.x - node.x;
  double y = towards.y - node.y;
  double scale = fmin(x != 0 ? NODE_WIDTH / 2.0 / fabs(x) : 1e9, y != 0 ? NODE_HEIGHT / 2.0 / fabs(y) : 1e9);

  return (struct point){node.x + x * scale, node.y + y * scale};
}

/* A way that the figure does not draw: what an RST does, or what the wire has shown at once. It goes around nodes. */
static struct curve free_curve(size_t from, size_t to)
{
  struct point a = figure_nodes[from].at;
  struct point b = figure_nodes[to].at;
  double bulge = a.x == b.x ? 0.6 : figure_nodes[from].state == TCPSTATE_ESTABLISHED ? -0.08 : 0.1;
  struct point bend = {(a.x + b.x) / 2 + (b.y - a.y) * bulge, (a.y + b.y) / 2 - (b.x - a.x) * bulge};

  return (struct curve){border(a, bend), bend, border(b, bend)};
}

/* ---------------------------------------------------------------- the figure */

static void put_label(struct output *output, const struct figure_arc *arc)
{
  static const char *const styles[] = {
      [ANCHOR_START] = "label", [ANCHOR_MIDDLE] = "label middle", [ANCHOR_END] = "label end"};
  int below = arc->anchor == ANCHOR_MIDDLE ? 22 : 13;

  svg_text(output, arc->label.x, arc->label.y, styles[arc->anchor], arc->event);
  svg_text(output, arc->label.x, arc->label.y + below, styles[arc->anchor], arc->action);
}

static void put_arcs(const struct states_drawing *drawing)
{
  for (size_t i = 0; i < ARC_COUNT; i++) {
    struct curve curve = bent(figure_arcs[i].curve);

    put_curve(drawing->output, &curve, "arc", "tip");
    put_label(drawing->output, &figure_arcs[i]);
  }
}

static bool is_at_bottom(const struct path *path, size_t index);

/* Node that the step starts from or leads to; NODE_COUNT for UNKNOWN. */
static size_t node_from(const struct path *path, size_t index)
{
  return figure_node(path->steps[index].from, index > 0 && is_at_bottom(path, index - 1));
}

/* A connection that never was goes back to where it began. */
static bool is_at_bottom(const struct path *path, size_t index)
{
  const struct path_step *step = &path->steps[index];

  return step->to == TCPSTATE_CLOSED && step->from != TCPSTATE_SYN_SENT && step->from != TCPSTATE_LISTEN &&
         step->from != TCPSTATE_SYN_RECEIVED;
}

static size_t node_to(const struct path *path, size_t index)
{
  return figure_node(path->steps[index].to, is_at_bottom(path, index));
}

static bool visits(const struct path *path, size_t node)
{
  if (figure_node(path->start, 0) == node) {
    return true;
  }
  for (size_t i = 0; i < path->count; i++) {
    if (node_to(path, i) == node) {
      return true;
    }
  }
  return false;
}

static size_t last_node(const struct path *path)
{
  return path->count > 0 ? node_to(path, path->count - 1) : figure_node(path->start, 0);
}

static void put_node(const struct states_drawing *drawing, size_t node)
{
  const struct figure_node *box = &figure_nodes[node];
  double x = box->at.x - NODE_WIDTH / 2.0;
  double y = box->at.y - NODE_HEIGHT / 2.0;
  bool visited = visits(&drawing->paths[0], node) || visits(&drawing->paths[1], node);

  svg_markup(drawing->output, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"6\" class=\"frame%s\"/>\n",
             x, y, NODE_WIDTH, NODE_HEIGHT, visited ? " visited" : "");
  svg_text(drawing->output, box->at.x, box->at.y + 4, visited ? "middle bold" : "middle dim",
           tcpstate_state_name(box->state));
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    double edge = seat == SEAT_LEFT ? x : x + NODE_WIDTH - 6;

    if (visits(&drawing->paths[seat], node)) {
      svg_markup(drawing->output,
                 "<rect x=\"%.1f\" y=\"%.1f\" width=\"6\" height=\"%d\" rx=\"3\" class=\"%s word\"/>\n", edge, y,
                 NODE_HEIGHT, seat_class[seat]);
    }
    if (last_node(&drawing->paths[seat]) == node) {
      svg_markup(drawing->output,
                 "<rect x=\"%.1f\" y=\"%.1f\" width=\"58\" height=\"16\" rx=\"8\" class=\"%s word\"/>\n",
                 seat == SEAT_LEFT ? x : x + NODE_WIDTH - 58, y + NODE_HEIGHT - 4, seat_class[seat]);
      svg_text(drawing->output, (seat == SEAT_LEFT ? x : x + NODE_WIDTH - 58) + 29, y + NODE_HEIGHT + 8,
               "badge middle on", seat == SEAT_LEFT ? "client" : "server");
    }
  }
}

/* ---------------------------------------------------------------- the way */

static void frame_wording(char text[SHORT_WORDING_SIZE], uint64_t frame)
{
  if (frame == 0) {
    snprintf(text, SHORT_WORDING_SIZE, "-");
  } else {
    snprintf(text, SHORT_WORDING_SIZE, "%" PRIu64, frame);
  }
}

/* Number of the frame, on the arc; beside the badge of an earlier time. */
static void put_badge(const struct states_drawing *drawing, const struct curve *curve, unsigned seat, uint64_t frame,
                      unsigned place)
{
  struct point point = at(curve, seat == SEAT_LEFT ? 0.38 : 0.62);
  char text[SHORT_WORDING_SIZE];
  double width;

  frame_wording(text, frame);
  width = 12 + 6.6 * (double)strlen(text);
  point.x += place * (width + 3);
  svg_markup(drawing->output, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"8\" class=\"%s word\"/>\n",
             point.x - width / 2, point.y - BADGE_HEIGHT / 2.0, width, BADGE_HEIGHT, seat_class[seat]);
  svg_text(drawing->output, point.x, point.y + 4, "badge middle on", text);
}

/* How often the first `count` steps of the path go from one state to the other, as this step does. */
static unsigned times_gone(const struct path *path, size_t count, const struct path_step *step)
{
  unsigned times = 0;

  for (size_t i = 0; i < count; i++) {
    times += path->steps[i].from == step->from && path->steps[i].to == step->to;
  }
  return times;
}

static struct curve curve_of(const struct states_drawing *drawing, unsigned seat, size_t index)
{
  const struct path *path = &drawing->paths[seat];
  const struct path *other = &drawing->paths[!seat];
  const struct path_step *step = &path->steps[index];
  const struct figure_arc *arc = figure_arc(step->from, step->to);
  struct curve curve = arc != NULL ? bent(arc->curve) : free_curve(node_from(path, index), node_to(path, index));

  if (times_gone(other, other->count, step) > 0) {
    curve = shifted(curve, seat == SEAT_LEFT ? 2.5 : -2.5);
  }
  return curve;
}

static void put_way(const struct states_drawing *drawing, unsigned seat, bool badges)
{
  const struct path *path = &drawing->paths[seat];

  for (size_t i = 0; i < path->count; i++) {
    const struct path_step *step = &path->steps[i];
    unsigned times = times_gone(path, i, step);
    struct curve curve;

    if (node_from(path, i) == NODE_COUNT || node_to(path, i) == NODE_COUNT || times >= BADGES_MAX) {
      continue;
    }
    curve = curve_of(drawing, seat, i);
    if (badges) {
      put_badge(drawing, &curve, seat, step->frame, times);
    } else if (times == 0) {
      char style[64];

      snprintf(style, sizeof style, "way %s stroke%s", seat_class[seat],
               figure_arc(step->from, step->to) != NULL ? "" : " again");
      put_curve(drawing->output, &curve, style, seat_class[seat]);
    }
  }
}

/* ---------------------------------------------------------------- the way in words */

static size_t lines_of(const struct path *path)
{
  return path->count < LIST_MAX ? path->count : LIST_MAX + 1;
}

static void put_step(const struct states_drawing *drawing, const struct path_step *step, double x, double y)
{
  char frame[SHORT_WORDING_SIZE];
  char section[SHORT_WORDING_SIZE];
  char text[2 * SHORT_WORDING_SIZE];

  frame_wording(frame, step->frame);
  svg_text(drawing->output, x + 40, y, "mono end", frame);
  snprintf(text, sizeof text, "%s", step_wording(step, section));
  svg_text(drawing->output, x + 50, y, "bold", tcpstate_state_name(step->to));
  svg_text(drawing->output, x + 154, y, "", text);
  svg_text(drawing->output, x + 318, y, "small dim", section);
}

static void put_list(const struct states_drawing *drawing, unsigned seat)
{
  const tcpstate_connection *connection = drawing->picture->connection;
  const struct path *path = &drawing->paths[seat];
  double x = 24 + (seat == SEAT_LEFT ? 0 : COLUMN);
  double y = HEAD + FIGURE_HEIGHT + 20;
  char role[SHORT_WORDING_SIZE];
  char text[2 * SHORT_WORDING_SIZE];
  char endpoint[ENDPOINT_SIZE];

  role_wording(role, connection, seat);
  endpoint_text(endpoint, connection->ip_version, connection->address[seat], connection->port[seat]);
  svg_markup(drawing->output, "<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\" rx=\"3\" class=\"%s word\"/>\n",
             x, y - 10, seat_class[seat]);
  snprintf(text, sizeof text, "%s %s", role, endpoint);
  svg_text(drawing->output, x + 20, y, "bold", text);
  svg_text(drawing->output, x + 40, y + 22, "small dim end", "frame");
  svg_text(drawing->output, x + 50, y + 22, "bold", tcpstate_state_name(path->start));
  svg_text(drawing->output, x + 318, y + 22, "small dim", "RFC 9293");
  for (size_t i = 0; i < path->count && i < LIST_MAX; i++) {
    put_step(drawing, &path->steps[i], x, y + 22 + (double)(i + 1) * LIST_LINE);
  }
  if (path->count > LIST_MAX) {
    snprintf(text, sizeof text, "and %zu more", path->count - LIST_MAX);
    svg_text(drawing->output, x + 50, y + 22 + (LIST_MAX + 1) * LIST_LINE, "dim", text);
  }
}

struct picture_size states_svg_size(const struct picture *picture)
{
  struct path paths[SEAT_COUNT];
  size_t lines;

  read_paths(picture, paths);
  lines = lines_of(&paths[0]) > lines_of(&paths[1]) ? lines_of(&paths[0]) : lines_of(&paths[1]);
  return (struct picture_size){FIGURE_WIDTH, HEAD + FIGURE_HEIGHT + LIST_HEAD + (int)lines * LIST_LINE + FOOT};
}

void states_svg(const struct picture *picture)
{
  struct states_drawing drawing = {.picture = picture, .output = picture->output};

  read_paths(picture, drawing.paths);
  svg_heading(picture->output, picture->source, picture->connection);
  svg_text(picture->output, 24, 72, "small dim",
           "RFC 9293, figure 5. Numbers are frames; a dashed line is a way that the figure leaves out.");
  svg_markup(picture->output, "<g transform=\"translate(0 %d)\">\n", HEAD);
  put_arcs(&drawing);
  put_way(&drawing, SEAT_LEFT, false);
  put_way(&drawing, SEAT_RIGHT, false);
  for (size_t node = 0; node < NODE_COUNT; node++) {
    put_node(&drawing, node);
  }
  put_way(&drawing, SEAT_LEFT, true);
  put_way(&drawing, SEAT_RIGHT, true);
  put_text(picture->output, "</g>\n");
  put_list(&drawing, SEAT_LEFT);
  put_list(&drawing, SEAT_RIGHT);
}
