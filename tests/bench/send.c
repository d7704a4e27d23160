/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * send DEVICE [RATE]: puts the packets of the capture on standard input, as `generate` writes it, on a device, RATE of
 * them a second or as many as go. Says at the end, or when told to stop, how many there were. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FILE_HEADER = 24, BATCH = 64, LARGEST = 2048 };

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
  (void)signal;
  stopped = 1;
}

struct batch {
  unsigned count;
  uint8_t bytes[BATCH][LARGEST];
  struct iovec part[BATCH];
  struct mmsghdr message[BATCH];
};

/* What of a batch can still be had. */
static bool fill(struct batch *batch)
{
  for (batch->count = 0; batch->count < BATCH; batch->count++) {
    unsigned i = batch->count;
    uint32_t header[4]; /* time in two parts, size, size on the wire */
    if (fread(header, sizeof header, 1, stdin) != 1 || header[2] > LARGEST ||
        fread(batch->bytes[i], 1, header[2], stdin) != header[2]) {
      break;
    }
    batch->part[i] = (struct iovec){batch->bytes[i], header[2]};
    batch->message[i].msg_hdr = (struct msghdr){.msg_iov = &batch->part[i], .msg_iovlen = 1};
  }
  return batch->count > 0;
}

/* A queue that is full takes them a moment later. */
static bool put(int device, struct batch *batch)
{
  unsigned done = 0;
  while (done < batch->count && !stopped) {
    int count = sendmmsg(device, batch->message + done, batch->count - done, 0);
    if (count < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
      perror("sendmmsg");
      return false;
    }
    done += count > 0 ? (unsigned)count : 0;
  }
  return !stopped;
}

static int open_device(const char *name)
{
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = 0, .sll_ifindex = (int)if_nametoindex(name)};
  int device = socket(AF_PACKET, SOCK_RAW, 0);
  int yes = 1;
  if (device < 0 || address.sll_ifindex == 0 ||
      bind(device, (const struct sockaddr *)(const void *)&address, sizeof address) != 0 ||
      setsockopt(device, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) != 0) {
    perror(name);
    return -1;
  }
  return device;
}

/* Waits until `sent` packets are due. */
static void keep_pace(const struct timespec *start, uint64_t sent, uint64_t rate)
{
  struct timespec due = *start;
  uint64_t ns = (uint64_t)due.tv_nsec + sent % rate * 1000000000 / rate;
  due.tv_sec += (time_t)(sent / rate + ns / 1000000000);
  due.tv_nsec = (long)(ns % 1000000000);
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

static uint64_t send_all(int device, uint64_t rate)
{
  static struct batch batch;
  struct timespec start;
  uint64_t sent = 0;
  clock_gettime(CLOCK_MONOTONIC, &start);
  while (fill(&batch) && put(device, &batch)) {
    sent += batch.count;
    if (rate > 0) {
      keep_pace(&start, sent, rate);
    }
  }
  return sent;
}

int main(int count, char **arguments)
{
  char header[FILE_HEADER];
  const struct sigaction action = {.sa_handler = stop};
  int device = count == 2 || count == 3 ? open_device(arguments[1]) : -1;
  if (device < 0 || fread(header, sizeof header, 1, stdin) != 1) {
    fprintf(stderr, "usage: generate /dev/stdout ... | send DEVICE [RATE]\n");
    return 1;
  }
  sigaction(SIGTERM, &action, NULL);
  printf("%llu packets sent\n",
         (unsigned long long)send_all(device, count == 3 ? strtoull(arguments[2], NULL, 10) : 0));
  return 0;
}
