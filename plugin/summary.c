/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary.h"

#include "preferences.h"

#include <epan/to_str.h>

/* Nothing is resolved: a name server must not learn what is being looked at. */
static void append_name(wmem_strbuf_t *text, packet_info *pinfo, const struct shown_segment *shown, unsigned role)
{
  const tcpstate_connection *connection = &shown->connection;
  address endpoint;

  if (preferences.endpoint_names == NAMES_ARE_ROLES || !shown->has_connection) {
    wmem_strbuf_append(text, tcpstate_role_name(role));
    return;
  }
  if (connection->ip_version == 4) {
    set_address(&endpoint, AT_IPv4, 4, connection->address[role]);
    wmem_strbuf_append_printf(text, "%s:%u", address_to_str(pinfo->pool, &endpoint), connection->port[role]);
  } else {
    set_address(&endpoint, AT_IPv6, 16, connection->address[role]);
    wmem_strbuf_append_printf(text, "[%s]:%u", address_to_str(pinfo->pool, &endpoint), connection->port[role]);
  }
}

static int moved(const tcpstate_annotation *annotation, unsigned role)
{
  return annotation->previous[role] != annotation->state[role];
}

/* "client ESTABLISHED > FIN-WAIT-1" */
static void append_endpoint(wmem_strbuf_t *text, packet_info *pinfo, const struct shown_segment *shown, unsigned role)
{
  const tcpstate_annotation *annotation = &shown->annotation;

  append_name(text, pinfo, shown, role);
  wmem_strbuf_append_c(text, ' ');
  if (moved(annotation, role)) {
    wmem_strbuf_append_printf(text, "%s > ", tcpstate_state_name(annotation->previous[role]));
  }
  wmem_strbuf_append(text, tcpstate_state_name(annotation->state[role]));
}

const char *summary_of_segment(packet_info *pinfo, const struct shown_segment *shown)
{
  const tcpstate_annotation *annotation = &shown->annotation;
  wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, NULL);
  char steps[32];

  append_endpoint(text, pinfo, shown, TCPSTATE_CLIENT);
  wmem_strbuf_append(text, ", ");
  append_endpoint(text, pinfo, shown, TCPSTATE_SERVER);
  wmem_strbuf_append_printf(text, " (%s", tcpstate_phase_name(annotation->phase));
  if (annotation->handshake_role != TCPSTATE_HANDSHAKE_NONE) {
    wmem_strbuf_append_printf(text, ", %s", tcpstate_handshake_role_name(annotation->handshake_role));
  }
  if (tcpstate_field_text(TCPSTATE_FIELD_TEARDOWN_STEP, annotation, NULL, 0, steps, sizeof steps) > 0) {
    wmem_strbuf_append_printf(text, ", %s", steps);
  }
  wmem_strbuf_append_c(text, ')');
  return wmem_strbuf_get_str(text);
}

void summary_put_into_info(packet_info *pinfo, const struct shown_segment *shown)
{
  wmem_strbuf_t *text;
  unsigned role;

  if (!tcpstate_annotation_changed(&shown->annotation)) {
    return;
  }
  text = wmem_strbuf_new(pinfo->pool, NULL);
  for (role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    if (moved(&shown->annotation, role)) {
      wmem_strbuf_append(text, wmem_strbuf_get_len(text) > 0 ? ", " : "");
      append_endpoint(text, pinfo, shown, role);
    }
  }
  col_prepend_fence_fstr(pinfo->cinfo, COL_INFO, "[%s] ", wmem_strbuf_get_str(text));
}
