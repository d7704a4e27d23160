/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tap.h"

#include "../../src/network_order.h"
#include "../huge_pages.h"
#include "../input/source.h"
#include "../message.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASHED_PAYLOAD = 32, TCP_OPTIONS = 20, KIND_SACK = 5, SACK_EDGES = 8 };

/* ---------------------------------------------------------------- capture or text */

static bool is_magic(const uint8_t bytes[4])
{
  static const uint8_t magics[][4] = {{0xa1, 0xb2, 0xc3, 0xd4}, {0xd4, 0xc3, 0xb2, 0xa1}, {0xa1, 0xb2, 0x3c, 0x4d},
                                      {0x4d, 0x3c, 0xb2, 0xa1}, {0x0a, 0x0d, 0x0d, 0x0a}, {0x28, 0xb5, 0x2f, 0xfd},
                                      {0xa1, 0xb2, 0xcd, 0x34}, {0x34, 0xcd, 0xb2, 0xa1}};

  for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
    if (memcmp(bytes, magics[i], 4) == 0) {
      return true;
    }
  }
  return bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* Each side can be a capture or text: a file that has lines and no capture's first bytes is text. Of a pipe the first
 * bytes could be read only once. */
static bool looks_like_text(const char *name)
{
  uint8_t bytes[4] = {0};
  int file = strcmp(name, "-") == 0 ? -1 : open(name, O_RDONLY | O_CLOEXEC);
  struct stat status;
  bool is_text;

  if (file < 0) {
    return false;
  }
  is_text = fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
            read(file, bytes, sizeof bytes) == (ssize_t)sizeof bytes && !is_magic(bytes);
  for (size_t i = 0; i < sizeof bytes; i++) {
    is_text = is_text && bytes[i] != 0;
  }
  close(file);
  return is_text;
}

struct options tap_options(const struct options *options, enum compare_side side, const char **files)
{
  struct options own = *options;

  files[0] = options->files[side];
  files[1] = NULL;
  own.files = files;
  own.file_count = 1;
  own.write_file = NULL;
  own.quiet = true;
  own.tcpdump_text = looks_like_text(files[0]) || (options->tcpdump_text && strcmp(files[0], "-") == 0);
  return own;
}

/* ---------------------------------------------------------------- one segment */

static uint32_t hash(const uint8_t *bytes, size_t size)
{
  uint32_t value = 2166136261U; /* FNV-1a */

  for (size_t i = 0; i < size; i++) {
    value = (value ^ bytes[i]) * 16777619U;
  }
  return value;
}

/* Bits of the kinds of options. Padding does not count. */
static uint32_t option_kinds(const uint8_t *options, size_t size)
{
  uint32_t kinds = 0;

  for (size_t at = 0; at < size && options[at] != 0;) {
    if (options[at] == 1) {
      at++;
    } else if (size - at < 2 || options[at + 1] < 2) {
      break;
    } else {
      kinds |= 1u << (options[at] & 31);
      at += options[at + 1];
    }
  }
  return kinds;
}

/* SACK blocks (RFC 2018) counted from the first edge: some firewalls that move the numbers forget these. */
static bool hash_sack(const struct decoded *decoded, size_t header, uint32_t *hashed)
{
  const uint8_t *options = decoded->headers.tcp + TCP_OPTIONS;
  const size_t size = header - TCP_OPTIONS;

  for (size_t at = 0; at + 1 < size && options[at] != 0;) {
    const size_t length = options[at] == 1 ? 1 : options[at + 1];

    if (length == 0 || length > size - at) {
      return false;
    }
    if (options[at] == KIND_SACK) {
      uint32_t edges[SACK_EDGES] = {0};

      for (size_t i = 0; i < SACK_EDGES && 2 + 4 * i + 4 <= length; i++) {
        edges[i] = read32(options + at + 2 + 4 * i) - read32(options + at + 2);
      }
      *hashed = hash((const uint8_t *)edges, sizeof edges);
      return true;
    }
    at += length;
  }
  return false;
}

static void add_headers(struct compare_segment *added, const struct decoded *decoded)
{
  const struct headers *headers = &decoded->headers;
  size_t header = (size_t)(headers->tcp[12] >> 4) * 4;
  size_t wanted = decoded->segment.payload_length;

  wanted = wanted < HASHED_PAYLOAD ? wanted : HASHED_PAYLOAD;
  added->ip_id = headers->ip_id;
  added->ttl = headers->ttl;
  added->known = COMPARE_KNOWS_IP;
  if (header <= headers->captured) {
    added->options = option_kinds(headers->tcp + TCP_OPTIONS, header - TCP_OPTIONS);
    if (wanted > 0 && headers->captured - header >= wanted) {
      added->payload = hash(headers->tcp + header, wanted);
      added->known |= COMPARE_KNOWS_PAYLOAD;
    } else if (decoded->segment.payload_length == 0 && hash_sack(decoded, header, &added->payload)) {
      added->known |= COMPARE_KNOWS_PAYLOAD;
    }
  }
}

struct reading {
  struct tap *tap;
  struct compare *compare;
  tcpstate_tracker *tracker;
  enum compare_side side;
};

static bool take(const struct reading *reading, const struct item *item)
{
  tcpstate_annotation annotation;
  struct compare_segment added = {
      .segment = &item->decoded.segment, .annotation = &annotation, .frame = (uint32_t)item->frame};

  if (item->decoded.kind == DECODED_ICMP_ERROR) {
    tcpstate_feed_icmp_error(reading->tracker, &item->decoded.segment, item->decoded.hard, &annotation);
  }
  if (item->decoded.kind != DECODED_SEGMENT) {
    return true;
  }
  if (item->decoded.headers.tcp != NULL) {
    add_headers(&added, &item->decoded);
  }
  reading->tap->count++;
  return tcpstate_feed(reading->tracker, &item->decoded.segment, &annotation) != TCPSTATE_ERROR_NO_MEMORY &&
         compare_add(reading->compare, reading->side, &added) == TCPSTATE_OK;
}

/* ---------------------------------------------------------------- a whole capture */

void complain_no_memory(const struct options *options)
{
  complain("no memory%s", options->max_memory > 0 ? " for all segments of two captures within --max-memory" : "");
}

static int read_source(const struct reading *reading, struct source *source, const struct options *options)
{
  enum source_status status = SOURCE_ITEM;

  while (status == SOURCE_ITEM || status == SOURCE_IDLE) {
    struct item item;

    status = source->next(source, &item);
    if (status == SOURCE_ITEM && !take(reading, &item)) {
      complain_no_memory(options);
      return EXIT_UNREADABLE;
    }
  }
  return status == SOURCE_DAMAGED ? EXIT_DAMAGED : EXIT_DONE;
}

int tap_read(struct tap *tap, const struct options *options, struct compare *compare, enum compare_side side)
{
  const char *files[2];
  const struct options own = tap_options(options, side, files);
  struct reading reading = {.tap = tap, .compare = compare, .side = side};
  tcpstate_settings settings;
  int code = EXIT_DONE;
  struct source *source = source_open(&own, NULL, &code);

  tap->name = files[0];
  if (source == NULL) {
    return code;
  }
  tcpstate_settings_init(&settings);
  settings.time_wait_ns = options->time_wait_ns;
  settings.max_connections = options->max_connections;
  settings.memory_limit = options->max_memory;
  settings.allocator = huge_pages_allocator;
  if (tcpstate_new(&reading.tracker, &settings) == TCPSTATE_OK) {
    tcpstate_statistics statistics;

    code = read_source(&reading, source, options);
    tcpstate_statistics_get(reading.tracker, &statistics);
    tap->evicted = statistics.evicted;
  } else {
    complain("no memory");
    code = EXIT_UNREADABLE;
  }
  tcpstate_free(reading.tracker);
  source->close(source);
  return code;
}
