/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A writer turns annotated segments into one form of output. Every command is a set of writers: one file each, and a
 * line in commands.c. A writer sees annotations and connections, never how they came about.
 */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include "output.h"
#include "tcpstate/tcpstate.h"

struct options;

/* Longest text of a field: all eleven states of `possible`. */
enum { TEXT_OF_FIELD = 128 };

/* What a writer may use. */
struct writer_context {
  const struct options *options;
  struct output *output;
  const tcpstate_tracker *tracker; /* for tcpstate_connection_get and _next */
  bool *out_of_memory;             /* set where something had to be left out */
  bool terminal;                   /* standard output is one */
  bool colour;                     /* it takes colours */
};

struct packet {
  uint64_t frame;
  const tcpstate_segment *segment;
  const tcpstate_annotation *annotation;
};

/* One behind the other. */
struct packets {
  size_t count;
  const uint64_t *frames;
  const tcpstate_segment *segments;
  const tcpstate_annotation *annotations;
};

struct writer {
  /* The writer's state, handed to the other functions. NULL: no memory. Prints what comes first. */
  void *(*begin)(const struct writer_context *context);
  /* Packets of --stream only, if that is given. NULL: it is about connections only; nothing is said of packets, and
   * which connections are shown is up to the writer. */
  void (*packet)(void *self, const struct packet *packet);
  /* The same for many at once, where that is less work. May be NULL. */
  void (*packets)(void *self, const struct packets *packets);
  /* The tracker gives this connection up. It may come before the last packets of the connection do, for segments are
   * judged in batches. May be NULL. */
  void (*connection_end)(void *self, const tcpstate_connection *connection);
  /* All read: prints what comes last and frees. */
  void (*end)(void *self);
  /* Reads connections in packet(), so segments must be judged one by one: the connection as it is at this frame. */
  bool one_by_one;
  /* Prints nothing before end(), so that a progress bar has the terminal to itself. */
  bool at_end;
};

extern const struct writer writer_csv;
extern const struct writer writer_text;
extern const struct writer writer_json;
extern const struct writer writer_fields;
extern const struct writer writer_none; /* of -w, which writes elsewhere */
extern const struct writer conns_text;
extern const struct writer conns_csv;
extern const struct writer conns_json;
extern const struct writer explain_text;
extern const struct writer diagram_text;
extern const struct writer diagram_svg;

#endif
