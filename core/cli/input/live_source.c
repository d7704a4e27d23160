/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * -i: captures from a device until interrupted, which is looked for between two packets.
 */
#include "../message.h"
#include "../options.h"
#include "../sandbox.h"
#include "frame_decoder.h"
#include "interrupt.h"
#include "pcap_frame.h"
#include "privileges.h"

#include <stdlib.h>

enum { SNAP_LENGTH = 262144, WAIT_MS = 100 };

struct live_source {
  struct source source; /* first */
  const char *device;
  pcap_t *pcap;
  struct reassembler *reassembler;
  struct frame frame;
  uint64_t frames;
  bool nanoseconds;
  bool said_idle;
  bool quiet;
};

/* ---------------------------------------------------------------- reading */

static enum source_status next_item(struct source *source, struct item *item)
{
  struct live_source *self = (struct live_source *)source;

  for (;;) {
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int result;

    if (interrupt_signal() != 0) {
      return SOURCE_END;
    }
    result = pcap_next_ex(self->pcap, &header, &bytes);
    if (result == 1) {
      self->said_idle = false;
      pcap_frame_fill(&self->frame, header, bytes, self->nanoseconds);
      frame_decode(self->reassembler, &self->frame, ++self->frames, item);
      return SOURCE_ITEM;
    }
    if (result < 0) {
      complain("%s: %s", self->device, pcap_geterr(self->pcap));
      return SOURCE_DAMAGED;
    }
    if (!self->said_idle) {
      self->said_idle = true;
      return SOURCE_IDLE;
    }
    interrupt_wait(pcap_get_selectable_fd(self->pcap), WAIT_MS);
  }
}

static void close_source(struct source *source)
{
  struct live_source *self = (struct live_source *)source;
  struct pcap_stat statistics;

  if (!self->quiet && self->frames > 0 && pcap_stats(self->pcap, &statistics) == 0) {
    complain("%u packets captured, %u dropped by the kernel", statistics.ps_recv, statistics.ps_drop);
  }
  if (self->pcap != NULL) {
    pcap_close(self->pcap);
  }
  if (self->reassembler != NULL) {
    reassembler_free(self->reassembler);
  }
  free(self);
}

/* ---------------------------------------------------------------- opening */

static void complain_of_device(const char *name, int result, pcap_t *pcap)
{
  switch (result) {
  case PCAP_ERROR_PERM_DENIED:
  case PCAP_ERROR_PROMISC_PERM_DENIED:
    complain("%s: no right to capture: run as root, or give the program CAP_NET_RAW (setcap cap_net_raw+ep)", name);
    break;
  case PCAP_ERROR_NO_SUCH_DEVICE:
    complain("%s: no such device", name);
    break;
  case PCAP_ERROR:
    complain("%s: %s", name, pcap_geterr(pcap));
    break;
  default:
    complain("%s: %s", name, pcap_statustostr(result));
    break;
  }
}

static bool open_device(struct live_source *self, const char *name)
{
  char error[PCAP_ERRBUF_SIZE] = "";
  int result;

  self->pcap = pcap_create(name, error);
  if (self->pcap == NULL) {
    complain("%s: %s", name, error);
    return false;
  }
  if (pcap_set_snaplen(self->pcap, SNAP_LENGTH) != 0 || pcap_set_promisc(self->pcap, 1) != 0 ||
      pcap_set_timeout(self->pcap, WAIT_MS) != 0) {
    complain("%s: %s", name, pcap_geterr(self->pcap));
    return false;
  }
  self->nanoseconds = pcap_set_tstamp_precision(self->pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
  result = pcap_activate(self->pcap);
  if (result < 0) {
    complain_of_device(name, result, self->pcap);
    return false;
  }
  if (pcap_setnonblock(self->pcap, 1, error) != 0) {
    complain("%s: %s", name, error);
    return false;
  }
  pcap_frame_prepare(&self->frame, self->pcap);
  return true;
}

static bool set_filter(struct live_source *self, const char *expression)
{
  struct bpf_program program;
  bool set;

  if (expression == NULL) {
    return true;
  }
  if (pcap_compile(self->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
    complain("filter \"%s\": %s", expression, pcap_geterr(self->pcap));
    return false;
  }
  set = pcap_setfilter(self->pcap, &program) == 0;
  pcap_freecode(&program);
  if (!set) {
    complain("filter \"%s\": %s", expression, pcap_geterr(self->pcap));
  }
  return set;
}

static bool open_all(struct live_source *self, const struct options *options, int *code)
{
  *code = EXIT_UNREADABLE;
  self->reassembler = reassembler_new();
  if (self->reassembler == NULL) {
    complain("no memory");
    return false;
  }
  if (!open_device(self, options->interface)) {
    return false;
  }
  if (!set_filter(self, options->filter)) {
    *code = EXIT_USAGE;
    return false;
  }
  if (!privileges_drop()) {
    return false;
  }
  if (options->sandbox) {
    sandbox_enter();
  }
  return true;
}

struct source *live_source_open(const struct options *options, int *code)
{
  struct live_source *self = calloc(1, sizeof *self);

  if (self == NULL) {
    complain("no memory");
    *code = EXIT_UNREADABLE;
    return NULL;
  }
  self->source = (struct source){.next = next_item, .close = close_source, .live = true};
  self->device = options->interface;
  self->quiet = options->quiet;
  if (!open_all(self, options, code)) {
    close_source(&self->source);
    return NULL;
  }
  return &self->source;
}
