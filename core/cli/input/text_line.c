/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whatever stands before "SOURCE > DESTINATION: Flags [...]" is skipped over: IP or IP6, a device, link-level headers,
 * the outer headers of a tunnel. So are unknown fields behind it, and blanks do not count.
 */
#include "text_line.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ENDPOINT_SIZE = 64 };

/* Those that nanoseconds since 1970 can count. */
enum { FIRST_YEAR = 1970, LAST_YEAR = 2200 };

static const int64_t second = 1000000000;

/* ---------------------------------------------------------------- time */

static const char *skip_blanks(const char *at)
{
  return at + strspn(at, " \t");
}

/* `count` decimal digits; NULL if they are not there. */
static const char *read_digits(const char *at, int count, int *value)
{
  *value = 0;
  for (int i = 0; i < count; i++, at++) {
    if (*at < '0' || *at > '9') {
      return NULL;
    }
    *value = *value * 10 + (*at - '0');
  }
  return at;
}

/* "2.5" and the like behind the full seconds; nothing is fine too. */
static int64_t read_fraction(const char *at)
{
  int64_t unit = second;
  int64_t value = 0;

  if (*at != '.') {
    return 0;
  }
  for (at++; *at >= '0' && *at <= '9'; at++) {
    unit /= 10;
    value += unit * (*at - '0');
  }
  return value;
}

/* HH:MM:SS.ffffff */
static bool read_day_time(const char *at, int64_t *ns)
{
  int hours;
  int minutes;
  int seconds;

  if ((at = read_digits(at, 2, &hours)) == NULL || *at++ != ':' || (at = read_digits(at, 2, &minutes)) == NULL ||
      *at++ != ':' || (at = read_digits(at, 2, &seconds)) == NULL) {
    return false;
  }
  *ns = (int64_t)(hours * 3600 + minutes * 60 + seconds) * second + read_fraction(at);
  return true;
}

/* YYYY-MM-DD HH:MM:SS.ffffff */
static bool read_date_time(const char *at, int64_t *ns)
{
  struct tm date = {0};

  if ((at = read_digits(at, 4, &date.tm_year)) == NULL || *at++ != '-' ||
      (at = read_digits(at, 2, &date.tm_mon)) == NULL || *at++ != '-' ||
      (at = read_digits(at, 2, &date.tm_mday)) == NULL || !read_day_time(skip_blanks(at), ns)) {
    return false;
  }
  if (date.tm_year < FIRST_YEAR || date.tm_year > LAST_YEAR) {
    return false;
  }
  date.tm_year -= 1900;
  date.tm_mon -= 1;
  *ns += (int64_t)timegm(&date) * second;
  return true;
}

/* Seconds since 1970, with a fraction. */
static bool read_epoch_time(const char *at, int64_t *ns)
{
  size_t digits = strspn(at, "0123456789");

  if (digits == 0 || digits > 10 || at[digits] != '.') {
    return false;
  }
  *ns = strtoll(at, NULL, 10);
  if (*ns > INT64_MAX / second - 1) {
    return false;
  }
  *ns = *ns * second + read_fraction(at + digits);
  return at[digits + 1 + strspn(at + digits + 1, "0123456789")] == ' '; /* else it is an address */
}

static struct text_time read_time(const char *line)
{
  struct text_time time = {.clock = CLOCK_NONE};

  line = skip_blanks(line);
  if (read_day_time(line, &time.ns)) {
    time.clock = CLOCK_DAY;
  } else if (read_date_time(line, &time.ns) || read_epoch_time(line, &time.ns)) {
    time.clock = CLOCK_EPOCH;
  }
  return time;
}

/* ---------------------------------------------------------------- addresses and flags */

/* "192.0.2.1.443" or "2001:db8::1.443": the port follows the last dot. */
static bool read_endpoint(const char *text, size_t length, uint8_t *address, uint16_t *port, uint8_t *ip_version)
{
  char copy[ENDPOINT_SIZE];
  char *dot;
  char *end;
  unsigned long number;

  if (length >= sizeof copy) {
    return false;
  }
  memcpy(copy, text, length);
  copy[length] = '\0';
  dot = strrchr(copy, '.');
  if (dot == NULL || dot[1] < '0' || dot[1] > '9') {
    return false;
  }
  *dot = '\0';
  number = strtoul(dot + 1, &end, 10);
  if (*end != '\0' || number > UINT16_MAX) {
    return false;
  }
  *port = (uint16_t)number;
  *ip_version = strchr(copy, ':') != NULL ? 6 : 4;
  return inet_pton(*ip_version == 4 ? AF_INET : AF_INET6, copy, address) == 1;
}

/* The word that ends before `end`, blanks skipped; its start, and its length at *length. */
static const char *word_before(const char *line, const char *end, size_t *length)
{
  const char *start;

  while (end > line && (end[-1] == ' ' || end[-1] == '\t')) {
    end--;
  }
  start = end;
  while (start > line && start[-1] != ' ' && start[-1] != '\t') {
    start--;
  }
  *length = (size_t)(end - start);
  return start;
}

/* "SOURCE > DESTINATION:" right before `end`. */
static bool read_endpoints(tcpstate_segment *segment, const char *line, const char *end)
{
  size_t length;
  uint8_t other_version;
  const char *word = word_before(line, end, &length);

  if (length < 2 || word[length - 1] != ':' ||
      !read_endpoint(word, length - 1, segment->dst, &segment->dst_port, &segment->ip_version)) {
    return false;
  }
  word = word_before(line, word, &length);
  if (length != 1 || *word != '>') {
    return false;
  }
  word = word_before(line, word, &length);
  return read_endpoint(word, length, segment->src, &segment->src_port, &other_version) &&
         other_version == segment->ip_version;
}

/* Letters up to the bracket; what follows it, or NULL. */
static const char *read_flags(tcpstate_segment *segment, const char *at)
{
  static const char letters[] = "FSRP.UEW"; /* in the order of the header's bits */

  if (strncmp(at, "none]", 5) == 0) {
    return at + 5;
  }
  for (; *at != ']'; at++) {
    const char *letter = *at == '\0' ? NULL : strchr(letters, *at);

    if (letter == NULL && *at != 'e') { /* e: the flag AE, which is none of ours */
      return NULL;
    }
    if (letter != NULL) {
      segment->flags |= (uint8_t)(1u << (letter - letters));
    }
  }
  return at + 1;
}

/* ---------------------------------------------------------------- fields */

/* The number behind `name`; false if the field is another one. */
static bool read_field(const char *at, const char *name, uint32_t *value)
{
  size_t length = strlen(name);

  if (strncmp(at, name, length) != 0 || at[length] != ' ') {
    return false;
  }
  at = skip_blanks(at + length);
  if (*at < '0' || *at > '9') {
    return false;
  }
  *value = (uint32_t)strtoull(at, NULL, 10);
  return true;
}

static void read_option(tcpstate_segment *segment, const char *at)
{
  uint32_t value;

  if (read_field(at, "mss", &value)) {
    segment->mss = (uint16_t)value;
    segment->facts |= TCPSTATE_HAS_MSS;
  } else if (read_field(at, "wscale", &value)) {
    segment->window_scale = (uint8_t)(value > 14 ? 14 : value); /* RFC 7323 2.3 */
    segment->facts |= TCPSTATE_HAS_WINDOW_SCALE;
  } else if (read_field(at, "TS val", &segment->ts_value)) {
    const char *echo = strstr(at, "ecr");

    if (echo != NULL && read_field(echo, "ecr", &segment->ts_echo)) {
      segment->facts |= TCPSTATE_HAS_TIMESTAMP;
    }
  } else if (strncmp(at, "tfo", 3) == 0 || strncmp(at, "exp-tfo", 7) == 0) {
    segment->facts |= TCPSTATE_HAS_FAST_OPEN;
  }
}

/* "[mss 1360,nop,...]"; what follows it. */
static const char *read_options(tcpstate_segment *segment, const char *at)
{
  while (*at != ']' && *at != '\0') {
    at++; /* the bracket or the comma */
    read_option(segment, skip_blanks(at));
    at += strcspn(at, ",]");
  }
  return at;
}

/* "A" or "A:B". */
static bool read_seq(tcpstate_segment *segment, const char *at)
{
  uint32_t end;

  if (!read_field(at, "seq", &segment->seq)) {
    return false;
  }
  at = skip_blanks(at + 3);
  at += strspn(at, "0123456789");
  if (*at == ':' && at[1] >= '0' && at[1] <= '9') {
    end = (uint32_t)strtoull(at + 1, NULL, 10);
    segment->payload_length = end - segment->seq;
  }
  return true;
}

/* Comma-separated, up to the length, behind which tcpdump prints what is in the payload. */
static void read_fields(struct text_line *parsed, const char *at)
{
  tcpstate_segment *segment = &parsed->segment;
  uint32_t value;
  bool has_length = false;

  segment->facts = TCPSTATE_NO_WINDOW | TCPSTATE_NO_CAPTURED_OPTIONS;
  while (*at == ',' && !has_length) {
    at = skip_blanks(at + 1);
    if (read_seq(segment, at)) {
      parsed->has_seq = true;
    } else if (read_field(at, "win", &value)) { /* a whole line: without options there are none */
      segment->window = (uint16_t)value;
      segment->facts &= (uint8_t) ~(TCPSTATE_NO_WINDOW | TCPSTATE_NO_CAPTURED_OPTIONS);
    } else if (strncmp(at, "options [", 9) == 0) {
      at = read_options(segment, at + 8);
    } else if (!read_field(at, "ack", &segment->ack)) {
      has_length = read_field(at, "length", &segment->payload_length);
    }
    at += strcspn(at, ",");
  }
}

void text_line_parse(struct text_line *parsed, const char *line)
{
  const char *flags = strstr(line, "Flags [");
  const char *fields;

  memset(parsed, 0, sizeof *parsed);
  parsed->time = read_time(line);
  if (flags == NULL || !read_endpoints(&parsed->segment, line, flags) ||
      (fields = read_flags(&parsed->segment, flags + 7)) == NULL) {
    return;
  }
  parsed->is_segment = true;
  read_fields(parsed, fields);
}
