/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "figure.h"

#include "tcpstate/tcpstate.h"

const struct figure_node figure_nodes[NODE_COUNT] = {
    {TCPSTATE_CLOSED, {470, 20}},      {TCPSTATE_LISTEN, {470, 115}},      {TCPSTATE_SYN_RECEIVED, {180, 220}},
    {TCPSTATE_SYN_SENT, {760, 220}},   {TCPSTATE_ESTABLISHED, {470, 310}}, {TCPSTATE_FIN_WAIT_1, {180, 410}},
    {TCPSTATE_CLOSE_WAIT, {760, 410}}, {TCPSTATE_FIN_WAIT_2, {180, 540}},  {TCPSTATE_CLOSING, {470, 540}},
    {TCPSTATE_LAST_ACK, {760, 540}},   {TCPSTATE_TIME_WAIT, {470, 650}},   {TCPSTATE_CLOSED, {760, 650}},
};

#define STRAIGHT(x1, y1, x2, y2)                                                                                       \
  {                                                                                                                    \
    {(x1), (y1)}, {0, 0},                                                                                              \
    {                                                                                                                  \
      (x2), (y2)                                                                                                       \
    }                                                                                                                  \
  }

/* clang-format off */
const struct figure_arc figure_arcs[ARC_COUNT] = {
    {TCPSTATE_CLOSED,       TCPSTATE_LISTEN,       STRAIGHT(455,  35, 455, 100), "passive OPEN", "create TCB", {447, 64}, ANCHOR_END},
    {TCPSTATE_LISTEN,       TCPSTATE_CLOSED,       STRAIGHT(485, 100, 485,  35), "CLOSE", "delete TCB", {493, 64}, ANCHOR_START},
    {TCPSTATE_CLOSED,       TCPSTATE_SYN_SENT,     STRAIGHT(532,  26, 745, 205), "active OPEN", "create TCB, snd SYN", {645, 106}, ANCHOR_START},
    {TCPSTATE_SYN_SENT,     TCPSTATE_CLOSED,       {{795, 205}, {800, 14}, {532, 14}}, "CLOSE", "delete TCB", {775, 62}, ANCHOR_START},
    {TCPSTATE_LISTEN,       TCPSTATE_SYN_SENT,     STRAIGHT(532, 120, 712, 205), "SEND", "snd SYN", {606, 174}, ANCHOR_END},
    {TCPSTATE_LISTEN,       TCPSTATE_SYN_RECEIVED, STRAIGHT(408, 120, 228, 205), "rcv SYN", "snd SYN,ACK", {346, 174}, ANCHOR_START},
    {TCPSTATE_SYN_SENT,     TCPSTATE_SYN_RECEIVED, STRAIGHT(698, 220, 242, 220), "rcv SYN", "snd SYN,ACK", {470, 213}, ANCHOR_MIDDLE},
    {TCPSTATE_SYN_SENT,     TCPSTATE_ESTABLISHED,  STRAIGHT(720, 235, 532, 302), "rcv SYN,ACK", "snd ACK", {650, 284}, ANCHOR_START},
    {TCPSTATE_SYN_RECEIVED, TCPSTATE_ESTABLISHED,  STRAIGHT(220, 235, 408, 302), "rcv ACK of SYN", "", {290, 290}, ANCHOR_END},
    {TCPSTATE_SYN_RECEIVED, TCPSTATE_LISTEN,       {{150, 205}, {160, 109}, {408, 109}}, "rcv RST", "after a passive OPEN", {190, 118}, ANCHOR_END},
    {TCPSTATE_SYN_RECEIVED, TCPSTATE_FIN_WAIT_1,   STRAIGHT(180, 235, 180, 395), "CLOSE", "snd FIN", {156, 312}, ANCHOR_END},
    {TCPSTATE_ESTABLISHED,  TCPSTATE_FIN_WAIT_1,   STRAIGHT(408, 318, 242, 400), "CLOSE", "snd FIN", {350, 373}, ANCHOR_START},
    {TCPSTATE_ESTABLISHED,  TCPSTATE_CLOSE_WAIT,   STRAIGHT(532, 318, 698, 400), "rcv FIN", "snd ACK", {590, 373}, ANCHOR_END},
    {TCPSTATE_FIN_WAIT_1,   TCPSTATE_FIN_WAIT_2,   STRAIGHT(180, 425, 180, 525), "rcv ACK of FIN", "", {156, 479}, ANCHOR_END},
    {TCPSTATE_FIN_WAIT_1,   TCPSTATE_CLOSING,      STRAIGHT(242, 418, 430, 525), "rcv FIN", "snd ACK", {352, 456}, ANCHOR_START},
    {TCPSTATE_CLOSE_WAIT,   TCPSTATE_LAST_ACK,     STRAIGHT(760, 425, 760, 525), "CLOSE", "snd FIN", {784, 472}, ANCHOR_START},
    {TCPSTATE_FIN_WAIT_2,   TCPSTATE_TIME_WAIT,    STRAIGHT(190, 555, 408, 648), "rcv FIN", "snd ACK", {262, 622}, ANCHOR_END},
    {TCPSTATE_CLOSING,      TCPSTATE_TIME_WAIT,    STRAIGHT(470, 555, 470, 635), "rcv ACK of FIN", "", {494, 599}, ANCHOR_START},
    {TCPSTATE_LAST_ACK,     TCPSTATE_CLOSED,       STRAIGHT(760, 555, 760, 635), "rcv ACK of FIN", "", {784, 599}, ANCHOR_START},
    {TCPSTATE_TIME_WAIT,    TCPSTATE_CLOSED,       STRAIGHT(532, 650, 698, 650), "timeout 2MSL", "delete TCB", {615, 643}, ANCHOR_MIDDLE},
    /* Left out of the figure, and told in its note 2. */
    {TCPSTATE_FIN_WAIT_1,   TCPSTATE_TIME_WAIT,    STRAIGHT(215, 425, 425, 635), "rcv FIN,", "ACK of FIN", {306, 532}, ANCHOR_END},
};
/* clang-format on */

size_t figure_node(unsigned state, int bottom)
{
  if (state == TCPSTATE_CLOSED && bottom) {
    return NODE_COUNT - 1;
  }
  for (size_t i = 0; i < NODE_COUNT; i++) {
    if (figure_nodes[i].state == state) {
      return i;
    }
  }
  return NODE_COUNT;
}

const struct figure_arc *figure_arc(unsigned from, unsigned to)
{
  for (size_t i = 0; i < ARC_COUNT; i++) {
    if (figure_arcs[i].from == from && figure_arcs[i].to == to) {
      return &figure_arcs[i];
    }
  }
  return NULL;
}
