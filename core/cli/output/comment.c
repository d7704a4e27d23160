/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "comment.h"

#include <stdio.h>
#include <string.h>

/* All of it fits: no text of a field is longer than this, and there are fewer events than would fill the rest. */
enum { WORD_SIZE = 64 };

static void append(char text[COMMENT_SIZE], const char *separator, const char *word)
{
  size_t length = strlen(text);

  snprintf(text + length, COMMENT_SIZE - length, "%s%s", separator, word);
}

static void append_endpoint(char text[COMMENT_SIZE], const tcpstate_annotation *annotation, unsigned role)
{
  append(text, role == TCPSTATE_CLIENT ? ": " : ", ", tcpstate_role_name(role));
  if (annotation->state[role] != annotation->previous[role]) {
    append(text, " ", tcpstate_state_name(annotation->previous[role]));
    append(text, " >", "");
  }
  append(text, " ", tcpstate_state_name(annotation->state[role]));
  if (annotation->certainty[role] == TCPSTATE_GUESSED) {
    append(text, " ", "(guessed)");
  }
}

static void append_field(char text[COMMENT_SIZE], const tcpstate_annotation *annotation, unsigned id,
                         const char *separator)
{
  unsigned occurrences = tcpstate_field_occurrences(id, annotation, NULL);

  for (unsigned i = 0; i < occurrences; i++) {
    char word[WORD_SIZE];

    tcpstate_field_text(id, annotation, NULL, i, word, sizeof word);
    append(text, i == 0 ? separator : ", ", word);
  }
}

void comment_text(char text[COMMENT_SIZE], const tcpstate_annotation *annotation)
{
  text[0] = '\0';
  append(text, "tcpstate", "");
  append_endpoint(text, annotation, TCPSTATE_CLIENT);
  append_endpoint(text, annotation, TCPSTATE_SERVER);
  append_field(text, annotation, TCPSTATE_FIELD_PHASE, "; ");
  append_field(text, annotation, TCPSTATE_FIELD_HANDSHAKE_ROLE, ", ");
  append_field(text, annotation, TCPSTATE_FIELD_TEARDOWN_STEP, ", ");
  append_field(text, annotation, TCPSTATE_FIELD_EVENT, "; ");
}
