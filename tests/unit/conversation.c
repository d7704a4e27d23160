/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conversation.h"

static const int64_t STEP_NS = 10000000;

struct conversation conversation_with(tcpstate_tracker *tracker)
{
  return (struct conversation){
      .tracker = tracker, .client = support_ipv4(1, 40000), .server = support_ipv4(2, 443), .now_ns = 1000000000};
}

static int pass(struct conversation *conversation, tcpstate_segment *segment, unsigned sender)
{
  conversation->now_ns += STEP_NS;
  segment->time_ns = conversation->now_ns;
  segment->domain = sender == TCPSTATE_CLIENT ? conversation->client_domain : conversation->server_domain;
  segment->ttl = conversation->ttl[sender];
  segment->unfinished_checksum = conversation->unfinished_checksum[sender];
  return tcpstate_feed(conversation->tracker, segment, &conversation->said);
}

int client_sends(struct conversation *conversation, unsigned flags, uint32_t seq, uint32_t ack, uint32_t length)
{
  tcpstate_segment segment =
      support_segment(&conversation->client, &conversation->server, (uint8_t)flags, seq, ack, length);
  return pass(conversation, &segment, TCPSTATE_CLIENT);
}

int server_sends(struct conversation *conversation, unsigned flags, uint32_t seq, uint32_t ack, uint32_t length)
{
  tcpstate_segment segment =
      support_segment(&conversation->server, &conversation->client, (uint8_t)flags, seq, ack, length);
  return pass(conversation, &segment, TCPSTATE_SERVER);
}

static int first_of(int a, int b)
{
  return a ? a : b;
}

int shake_hands(struct conversation *conversation)
{
  int error = client_sends(conversation, TCPSTATE_SYN, 100, 0, 0);
  error = first_of(error, server_sends(conversation, TCPSTATE_SYN | TCPSTATE_ACK, 300, 101, 0));
  return first_of(error, client_sends(conversation, TCPSTATE_ACK, 101, 301, 0));
}

int close_in_three(struct conversation *conversation)
{
  int error = client_sends(conversation, TCPSTATE_FIN | TCPSTATE_ACK, 101, 301, 0);
  error = first_of(error, server_sends(conversation, TCPSTATE_FIN | TCPSTATE_ACK, 301, 102, 0));
  return first_of(error, client_sends(conversation, TCPSTATE_ACK, 102, 302, 0));
}
