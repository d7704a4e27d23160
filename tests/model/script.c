/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Steps as text, one a line: "c open", "s send 100", "wait 500", "capture 0". Segments as RFC 9293 writes them. */
#include "sim.h"
#include <stdlib.h>
#include <string.h>

static const char *const op_names[OP_COUNT] = {
    [OP_OPEN] = "open",
    [OP_LISTEN] = "listen",
    [OP_SEND] = "send",
    [OP_RECEIVE] = "receive",
    [OP_CLOSE] = "close",
    [OP_SHUTDOWN] = "shutdown",
    [OP_ABORT] = "abort",
    [OP_CRASH] = "crash",
    [OP_GIVE_UP] = "give-up",
    [OP_RETRANSMIT] = "retransmit",
    [OP_PROBE] = "probe",
    [OP_ACK] = "ack",
    [OP_PASS] = "pass",
    [OP_LOSE] = "lose",
    [OP_DOUBLE] = "double",
    [OP_DELIVER] = "deliver",
    [OP_LOSE_LATE] = "lose-late",
    [OP_DOUBLE_LATE] = "double-late",
    [OP_REPLAY] = "replay",
    [OP_BUFFER] = "buffer",
    [OP_MSS] = "mss",
    [OP_ISN] = "isn",
    [OP_TIMESTAMPS] = "timestamps",
    [OP_SCALE] = "scale",
    [OP_VARIANTS] = "variants",
    [OP_WAIT] = "wait",
    [OP_CAPTURE] = "capture",
    [OP_LIFETIME] = "lifetime",
};

static bool has_side(unsigned op)
{
  return op != OP_WAIT && op != OP_CAPTURE && op != OP_LIFETIME;
}

static bool has_argument(unsigned op)
{
  return op == OP_SEND || op == OP_RECEIVE || op == OP_RETRANSMIT || op == OP_PROBE || op >= OP_PASS;
}

void step_print(FILE *file, const struct step *step)
{
  if (has_side(step->op)) {
    fprintf(file, "%c ", step->side ? 's' : 'c');
  }
  fputs(op_names[step->op], file);
  if (has_argument(step->op)) {
    fprintf(file, " %lu", (unsigned long)step->argument);
  }
}

static unsigned find_op(const char *word)
{
  unsigned op = 0;
  while (op < OP_COUNT && strcmp(op_names[op], word) != 0) {
    op++;
  }
  return op;
}

/* False for a line that is no step. The rest of a line behind the step is a comment. */
bool step_parse(const char *line, struct step *step)
{
  char side[16];
  char word[16];
  const char *rest;
  int used = 0;
  memset(step, 0, sizeof *step);
  if (sscanf(line, " %15s%n", side, &used) != 1 || side[0] == '#') {
    return false;
  }
  rest = line + used;
  if (strcmp(side, "c") == 0 || strcmp(side, "s") == 0) {
    step->side = side[0] == 's';
    if (sscanf(rest, " %15s%n", word, &used) != 1) {
      return false;
    }
    rest += used;
  } else {
    memcpy(word, side, sizeof word);
  }
  if (find_op(word) == OP_COUNT) {
    return false;
  }
  step->op = (uint8_t)find_op(word);
  step->argument = has_argument(step->op) ? (uint32_t)strtoul(rest, NULL, 10) : 0;
  return true;
}

void segment_print(FILE *file, const struct segment *segment)
{
  static const char letters[] = "FSRPA";
  fprintf(file, "%s <SEQ=%lu>", segment->sender ? "s>c" : "c>s", (unsigned long)segment->seq);
  if (segment->flags & TCPSTATE_ACK) {
    fprintf(file, "<ACK=%lu>", (unsigned long)segment->ack);
  }
  fputs("<CTL=", file);
  for (unsigned i = 0; letters[i]; i++) {
    if (segment->flags & (1u << i)) {
      fputc(letters[i], file);
    }
  }
  fprintf(file, "> len %lu win %u", (unsigned long)segment->length, segment->window);
  if (segment->has_scale) {
    fprintf(file, " scale %u", segment->scale);
  }
  if (segment->has_ts) {
    fprintf(file, " ts %lu/%lu", (unsigned long)segment->ts_value, (unsigned long)segment->ts_echo);
  }
}
