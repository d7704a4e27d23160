/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Expectations: the words left and right of "=" and whether they hold. Values are compared as the text that the public
 * field table gives, so that scenario and user read the same. */
#ifndef CHECK_H
#define CHECK_H

#include "cursor.h"
#include "scenario.h"

/* What can be checked of a segment (or ICMP error) and of a connection. */
enum check_subject { SUBJECT_SEGMENT, SUBJECT_CONNECTION };

/* Reads cursor->word ("phase=data", "+stray", "cposs>=CLOSED") as a check and appends it to the item. */
void check_read(struct cursor *cursor, struct item *item, enum check_subject subject);

/* Appends "key=value". */
void check_append(struct cursor *cursor, struct item *item, enum check_subject subject, const char *key,
                  const char *value);

/* True if it holds; else `why` says what was expected and what came. */
bool check_holds(const struct check *check, const tcpstate_annotation *annotation,
                 const tcpstate_connection *connection, char *why, size_t size);

#endif
