/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names, types and texts come from the table of the core (tcpstate_field_get), so that they are written once. Only the
 * links between frames are Wireshark's own.
 */
#include "fields.h"

#include "asked.h"
#include "summary.h"

#include <epan/expert.h>
#include <stddef.h>
#include <string.h>

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

_Static_assert(TCPSTATE_FIELD_COUNT + LINK_COUNT < 64, "struct wanted has too few bits");

static int protocol_id = -1;
static int field_id[TCPSTATE_FIELD_COUNT + LINK_COUNT]; /* the links come last */
static const header_field_info *info_of[TCPSTATE_FIELD_COUNT + LINK_COUNT];
static const uint64_t all_fields = ((uint64_t)1 << (TCPSTATE_FIELD_COUNT + LINK_COUNT)) - 1; /* bits by number */
static uint64_t fields_of_connection;
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
  if (field->of_connection) {
    fields_of_connection |= (uint64_t)1 << id;
  }
}

static void describe_link(hf_register_info *info, unsigned index)
{
  const struct link *link = &frame_link[index];

  describe(info, &field_id[TCPSTATE_FIELD_COUNT + index], link->name, link->title, link->help);
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
  for (i = 0; i < TCPSTATE_FIELD_COUNT + LINK_COUNT; i++) {
    info_of[i] = proto_registrar_get_nth((guint)field_id[i]);
  }
}

/* ---------------------------------------------------------------- what is asked for */

static uint64_t printed_fields; /* by a tshark that prints single fields */

static int mark_as_printed(const char *name)
{
  unsigned id;

  for (id = 0; id < TCPSTATE_FIELD_COUNT + LINK_COUNT; id++) {
    if (strcmp(info_of[id]->abbrev, name) == 0) {
      printed_fields |= (uint64_t)1 << id;
      return 1;
    }
  }
  return 0;
}

/* Is the whole tree looked at? */
static int is_shown(proto_tree *tree)
{
  static int single_fields = -1;

  if (PTREE_DATA(tree)->visible && single_fields < 0) {
    single_fields = asked_for_single_fields(mark_as_printed);
  }
  return PTREE_DATA(tree)->visible && !single_fields;
}

/* What proto_field_is_referenced() says of each field, without a call for each. */
static uint64_t referenced_fields(proto_tree *tree)
{
  uint64_t fields = PTREE_DATA(tree)->visible ? printed_fields : 0;
  unsigned id;

  for (id = 0; id < TCPSTATE_FIELD_COUNT + LINK_COUNT; id++) {
    if (info_of[id]->ref_type != HF_REF_TYPE_NONE) {
      fields |= (uint64_t)1 << id;
    }
  }
  return fields;
}

/* Is the subtree itself asked for, by a filter or to be printed? A field that is asked for refers to it indirectly. */
static int head_is_named(void)
{
  const header_field_info *info = proto_registrar_get_nth((guint)protocol_id);

  return info->ref_type != HF_REF_TYPE_NONE && info->ref_type != HF_REF_TYPE_INDIRECT;
}

/* An item right below the root is never left out, and a filter on a field alone can do without the head. */
int fields_wanted(proto_tree *tree, int has_expert_items, struct wanted *wanted)
{
  int is_referenced = proto_field_is_referenced(tree, protocol_id);

  wanted->fields = 0;
  wanted->head = 0;
  if (is_referenced) {
    wanted->head = is_shown(tree);
    wanted->fields = wanted->head ? all_fields : referenced_fields(tree);
    wanted->head |= !PTREE_DATA(tree)->fake_protocols || head_is_named();
  }
  if (has_expert_items) { /* what is asked for may be the name of one */
    wanted->head |= is_referenced || proto_field_is_referenced(tree, proto_expert);
  }
  return wanted->head || wanted->fields != 0;
}

int fields_need_connection(const struct wanted *wanted)
{
  return (wanted->fields & fields_of_connection) != 0;
}

int fields_need_links(const struct wanted *wanted)
{
  return wanted->fields >> TCPSTATE_FIELD_COUNT != 0;
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

static void draw_links(tvbuff_t *tvb, proto_tree *tree, uint64_t links, const struct shown_segment *shown)
{
  unsigned i;

  for (i = 0; links >> i != 0; i++) {
    uint32_t frame = *(const uint32_t *)(const void *)((const char *)&shown->links + frame_link[i].offset);

    if ((links >> i & 1) != 0 && frame != 0) {
      proto_item_set_generated(proto_tree_add_uint(tree, field_id[TCPSTATE_FIELD_COUNT + i], tvb, 0, 0, frame));
    }
  }
}

static void draw_fields(tvbuff_t *tvb, proto_tree *tree, uint64_t fields, const struct shown_segment *shown)
{
  unsigned id;

  for (id = 0; id < TCPSTATE_FIELD_COUNT && fields >> id != 0; id++) {
    if (fields >> id & 1) {
      draw_field(tvb, tree, id, shown);
    }
  }
}

/* Where the head only has something to carry, nobody reads its text. */
static proto_item *draw_head(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct shown_segment *shown)
{
  if (!is_shown(tree) && !head_is_named()) {
    return proto_tree_add_item(tree, protocol_id, tvb, 0, 0, ENC_NA);
  }
  return proto_tree_add_protocol_format(tree, protocol_id, tvb, 0, 0, "TCP State, %s",
                                        summary_of_segment(pinfo, shown));
}

static proto_tree *draw_connection_head(tvbuff_t *tvb, proto_tree *tree)
{
  proto_item *item;
  proto_tree *connection;

  connection = proto_tree_add_subtree(tree, tvb, 0, 0, connection_subtree, &item, "As far as it was read");
  proto_item_set_generated(item);
  return connection;
}

proto_item *fields_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct wanted *wanted,
                        const struct shown_segment *shown)
{
  uint64_t of_connection = wanted->fields & fields_of_connection;
  proto_item *head = NULL;

  if (wanted->head) {
    head = draw_head(tvb, pinfo, tree, shown);
    proto_item_set_generated(head);
    tree = proto_item_add_subtree(head, subtree);
  }
  draw_fields(tvb, tree, wanted->fields & ~fields_of_connection, shown);
  draw_links(tvb, tree, wanted->fields >> TCPSTATE_FIELD_COUNT, shown);
  if (shown->has_connection && of_connection != 0) {
    draw_fields(tvb, wanted->head ? draw_connection_head(tvb, tree) : tree, of_connection, shown);
  }
  return head;
}
