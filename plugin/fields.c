/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names, types and texts come from the table of the core (tcpstate_field_get), so that they are written once. Only the
 * links between frames are Wireshark's own.
 */
#include "fields.h"

#include "summary.h"

#include <stddef.h>

enum {
  FIELD_TEXT_SIZE = 256 /* the longest text is a list of every state */
};

struct link {
  const char *name;
  const char *title;
  const char *help;
  ft_framenum_type_t kind;
  size_t offset; /* in struct frame_links */
};

static const struct link frame_link[] = {
    {"tcpstate.frame.syn", "SYN of this connection", "Frame with the first SYN of this connection.", FT_FRAMENUM_NONE,
     offsetof(struct frame_links, syn)},
    {"tcpstate.frame.acknowledged", "Acknowledges the segment in",
     "Frame with the SYN, SYN-ACK or FIN that this segment is the first to acknowledge.", FT_FRAMENUM_ACK,
     offsetof(struct frame_links, acknowledged)},
    {"tcpstate.frame.answered_fin", "Answers the FIN in", "Frame with the FIN that this FIN answers.",
     FT_FRAMENUM_REQUEST, offsetof(struct frame_links, answered_fin)},
    {"tcpstate.frame.previous_change", "Previous state change in",
     "Nearest frame before this one that moved an endpoint of this connection.", FT_FRAMENUM_NONE,
     offsetof(struct frame_links, previous_change)},
    {"tcpstate.frame.next_change", "Next state change in",
     "Nearest frame after this one that moves an endpoint of this connection, as far as the capture has been read.",
     FT_FRAMENUM_NONE, offsetof(struct frame_links, next_change)},
};

enum { LINK_COUNT = sizeof frame_link / sizeof frame_link[0] };

static int protocol_id = -1;
static int field_id[TCPSTATE_FIELD_COUNT];
static int link_id[LINK_COUNT];
static gint subtree = -1;
static gint connection_subtree = -1;

/* ---------------------------------------------------------------- registration */

static void describe(hf_register_info *info, int *id, const char *name, const char *title, const char *help)
{
  const hf_register_info blank = {NULL, {NULL, NULL, FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL}};

  *id = -1;
  *info = blank;
  info->p_id = id;
  info->hfinfo.name = title;
  info->hfinfo.abbrev = name;
  info->hfinfo.blurb = help;
}

static void describe_field(hf_register_info *info, unsigned id)
{
  const tcpstate_field *field = tcpstate_field_get(id);

  describe(info, &field_id[id], field->name, field->title, field->help);
  if (field->type == TCPSTATE_FIELD_NUMBER) {
    info->hfinfo.type = FT_UINT32;
    info->hfinfo.display = BASE_DEC;
  } else if (field->type == TCPSTATE_FIELD_BOOLEAN) {
    info->hfinfo.type = FT_BOOLEAN;
  }
}

static void describe_link(hf_register_info *info, unsigned index)
{
  const struct link *link = &frame_link[index];

  describe(info, &link_id[index], link->name, link->title, link->help);
  info->hfinfo.type = FT_FRAMENUM;
  info->hfinfo.strings = FRAMENUM_TYPE(link->kind);
}

void fields_register(int protocol)
{
  static hf_register_info infos[TCPSTATE_FIELD_COUNT + LINK_COUNT];
  static gint *subtrees[] = {&subtree, &connection_subtree};
  unsigned i;

  for (i = 0; i < TCPSTATE_FIELD_COUNT; i++) {
    describe_field(&infos[i], i);
  }
  for (i = 0; i < LINK_COUNT; i++) {
    describe_link(&infos[TCPSTATE_FIELD_COUNT + i], i);
  }
  protocol_id = protocol;
  proto_register_field_array(protocol, infos, TCPSTATE_FIELD_COUNT + LINK_COUNT);
  proto_register_subtree_array(subtrees, 2);
}

/* ---------------------------------------------------------------- drawing */

static proto_item *draw_occurrence(tvbuff_t *tvb, proto_tree *tree, const tcpstate_field *field,
                                   const struct shown_segment *shown, unsigned index)
{
  const tcpstate_connection *connection = shown->has_connection ? &shown->connection : NULL;
  int id = field_id[field->id];
  char text[FIELD_TEXT_SIZE];

  if (field->type == TCPSTATE_FIELD_NUMBER) {
    return proto_tree_add_uint(tree, id, tvb, 0, 0, tcpstate_field_number(field->id, &shown->annotation, connection));
  }
  if (field->type == TCPSTATE_FIELD_BOOLEAN) {
    return proto_tree_add_boolean(tree, id, tvb, 0, 0,
                                  tcpstate_field_number(field->id, &shown->annotation, connection));
  }
  tcpstate_field_text(field->id, &shown->annotation, connection, index, text, sizeof text);
  return proto_tree_add_string(tree, id, tvb, 0, 0, text);
}

static void draw_field(tvbuff_t *tvb, proto_tree *tree, unsigned id, const struct shown_segment *shown)
{
  const tcpstate_field *field = tcpstate_field_get(id);
  const tcpstate_connection *connection = shown->has_connection ? &shown->connection : NULL;
  unsigned count = tcpstate_field_occurrences(id, &shown->annotation, connection);
  unsigned i;

  for (i = 0; i < count; i++) {
    proto_item *item = draw_occurrence(tvb, tree, field, shown, i);

    proto_item_set_generated(item);
    if (id == TCPSTATE_FIELD_STATE) {
      proto_item_set_hidden(item); /* for filters: the two states are there already */
    }
  }
}

static void draw_links(tvbuff_t *tvb, proto_tree *tree, const struct frame_links *links)
{
  unsigned i;

  for (i = 0; i < LINK_COUNT; i++) {
    uint32_t frame = *(const uint32_t *)(const void *)((const char *)links + frame_link[i].offset);

    if (frame != 0) {
      proto_item_set_generated(proto_tree_add_uint(tree, link_id[i], tvb, 0, 0, frame));
    }
  }
}

static void draw_fields(tvbuff_t *tvb, proto_tree *tree, unsigned of_connection, const struct shown_segment *shown)
{
  unsigned id;

  for (id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    if (tcpstate_field_get(id)->of_connection == of_connection && proto_field_is_referenced(tree, field_id[id])) {
      draw_field(tvb, tree, id, shown);
    }
  }
}

int fields_need_connection(proto_tree *tree)
{
  unsigned id;

  for (id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    if (tcpstate_field_get(id)->of_connection && proto_field_is_referenced(tree, field_id[id])) {
      return 1;
    }
  }
  return 0;
}

/* Where only one of its fields is asked for, the head is there to carry it and nobody reads its text. */
static proto_item *draw_head(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct shown_segment *shown)
{
  if (!PTREE_DATA(tree)->visible && proto_registrar_get_nth((guint)protocol_id)->ref_type == HF_REF_TYPE_INDIRECT) {
    return proto_tree_add_item(tree, protocol_id, tvb, 0, 0, ENC_NA);
  }
  return proto_tree_add_protocol_format(tree, protocol_id, tvb, 0, 0, "TCP State, %s",
                                        summary_of_segment(pinfo, shown));
}

proto_item *fields_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct shown_segment *shown)
{
  proto_item *head;
  proto_item *item;
  proto_tree *segment;
  proto_tree *connection;

  head = draw_head(tvb, pinfo, tree, shown);
  proto_item_set_generated(head);
  segment = proto_item_add_subtree(head, subtree);
  draw_fields(tvb, segment, 0, shown);
  draw_links(tvb, segment, &shown->links);
  if (shown->has_connection) {
    connection = proto_tree_add_subtree(segment, tvb, 0, 0, connection_subtree, &item, "As far as it was read");
    proto_item_set_generated(item);
    draw_fields(tvb, connection, 1, shown);
  }
  return head;
}
