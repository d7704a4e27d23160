/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How B's clock runs by A's. In each window of time the segment that was fastest on its way tells most: from A to B it
 * bounds the offset from above, from B to A from below. Slopes between such segments give the drift (Theil and Sen's
 * median), the middle between the two bounds the offset: the one error that cannot be seen is the path's asymmetry.
 */
#include "state.h"

#include <stdlib.h>

enum { WINDOWS = 64, PAIRS_A_WINDOW = 4, SLOPES = WINDOWS * (WINDOWS - 1), ENOUGH_WINDOWS = 6, SURE = 4 };

static const double largest_drift = 1e-3;

/* Decades; what a damaged time stamp is away goes no further, so that sums of a few fit. */
static const int64_t longest_ns = INT64_MAX / 8;

struct point {
  int64_t time_ns;       /* by A, from the origin */
  int64_t difference_ns; /* B minus A, from the first one */
  bool used;
};

/* Points of one direction; `sign` turns "slowest" into "fastest". */
struct envelope {
  struct point points[WINDOWS];
  unsigned count;
  uint32_t pairs;
};

struct fit {
  struct envelope envelopes[2]; /* from A to B, from B to A */
  double slopes[SLOPES];
  double rest[2 * WINDOWS];
  unsigned slope_count;
  bool balanced; /* only connections that tell their ends count */
  int64_t origin_ns;
  int64_t span_ns;
  int64_t first_difference_ns;
};

static int64_t tamed(int64_t time_ns)
{
  return time_ns > longest_ns ? longest_ns : time_ns < -longest_ns ? -longest_ns : time_ns;
}

/* Connections that do not tell their ends add nothing but doubt to those that do. */
static bool is_timed_pair(const struct compare *compare, const struct sighting *a, bool balanced_only)
{
  return a->relation == RELATION_PAIR && ((a->facts | sighting_at(compare, a->mate)->facts) & TCPSTATE_NO_TIME) == 0 &&
         (!balanced_only || connection_at(compare, connection_of(a))->balance != 0);
}

/* ---------------------------------------------------------------- ends */

/* Where no connection's own times tell, the caller's order does: A is at the client. All that passed both taps then
 * went the same way, whichever of the two most connections say. */
static bool all_go_forth(const struct compare *compare)
{
  int64_t votes = 0;

  for (uint32_t i = 0; i < compare->connections.count; i++) {
    const struct connection *connection = connection_at(compare, i);

    if (connection->has_last) {
      votes += connection->last_direction == connection->client ? 1 : -1;
    }
  }
  return votes >= 0;
}

/* True if some connection tells its ends by its times. */
static bool settle_ends(const struct compare *compare)
{
  const bool forth = all_go_forth(compare);
  bool any = false;

  for (uint32_t i = 0; i < compare->connections.count; i++) {
    struct connection *connection = connection_at(compare, i);

    connection->forward = connection->client;
    if (connection->balance != 0) {
      connection->forward = connection->balance > 0 ? 0 : 1;
      any = true;
    } else if (connection->has_last) {
      connection->forward = forth ? connection->last_direction : 1 - connection->last_direction;
    }
  }
  return any;
}

/* One direction only: the others have told the clock, and the clock tells which way it went. */
static void settle_one_way_ends(const struct compare *compare)
{
  for (uint32_t i = 0; i < compare->captured[COMPARE_A].count; i++) {
    const struct sighting *a = sighting_at(compare, i);
    struct connection *connection;

    if (!is_timed_pair(compare, a, false)) {
      continue;
    }
    connection = connection_at(compare, connection_of(a));
    if (connection->balance == 0) {
      const int64_t b_time = compare_align(compare, COMPARE_B, sighting_at(compare, a->mate)->time_ns);
      const unsigned direction = direction_of(a);

      connection->forward = (uint8_t)(minus(b_time, a->time_ns) > 0 ? direction : 1 - direction);
    }
  }
}

/* ---------------------------------------------------------------- envelopes */

static void find_span(const struct compare *compare, struct fit *fit)
{
  bool any = false;
  int64_t last = 0;

  for (uint32_t i = 0; i < compare->captured[COMPARE_A].count; i++) {
    const struct sighting *a = sighting_at(compare, i);

    if (!is_timed_pair(compare, a, fit->balanced)) {
      continue;
    }
    if (!any) {
      any = true;
      fit->origin_ns = a->time_ns;
      last = a->time_ns;
      fit->first_difference_ns = minus(sighting_at(compare, a->mate)->time_ns, a->time_ns);
    }
    last = a->time_ns > last ? a->time_ns : last;
    fit->envelopes[direction_of(a) != connection_at(compare, connection_of(a))->forward].pairs++;
  }
  last = minus(last, fit->origin_ns);
  fit->span_ns = last < 0 ? longest_ns : tamed(last) + 1;
}

static unsigned windows_of(const struct envelope *envelope)
{
  const uint32_t windows = envelope->pairs / PAIRS_A_WINDOW;

  return windows < 1 ? 1 : windows > WINDOWS ? WINDOWS : windows;
}

static void take_point(const struct fit *fit, struct envelope *envelope, bool backwards, const struct point *point)
{
  const double part = (double)point->time_ns / (double)fit->span_ns;
  const unsigned windows = windows_of(envelope);
  const unsigned window = part <= 0 ? 0 : part >= 1 ? windows - 1 : (unsigned)(part * windows);
  struct point *best = &envelope->points[window];

  if (!best->used ||
      (backwards ? point->difference_ns > best->difference_ns : point->difference_ns < best->difference_ns)) {
    *best = *point;
  }
}

static void find_envelopes(const struct compare *compare, struct fit *fit)
{
  for (uint32_t i = 0; i < compare->captured[COMPARE_A].count; i++) {
    const struct sighting *a = sighting_at(compare, i);

    if (is_timed_pair(compare, a, fit->balanced)) {
      const bool backwards = direction_of(a) != connection_at(compare, connection_of(a))->forward;
      const int64_t difference = minus(sighting_at(compare, a->mate)->time_ns, a->time_ns);
      const struct point point = {tamed(minus(a->time_ns, fit->origin_ns)),
                                  tamed(minus(difference, fit->first_difference_ns)), true};

      take_point(fit, &fit->envelopes[backwards], backwards, &point);
    }
  }
  for (unsigned way = 0; way < 2; way++) { /* close the gaps that empty windows leave */
    struct envelope *envelope = &fit->envelopes[way];

    for (unsigned i = 0; i < WINDOWS; i++) {
      if (envelope->points[i].used) {
        envelope->points[envelope->count++] = envelope->points[i];
      }
    }
  }
}

/* ---------------------------------------------------------------- line */

static int by_value(const void *left, const void *right)
{
  const double a = *(const double *)left;
  const double b = *(const double *)right;

  return (a > b) - (a < b);
}

static double median(double *values, unsigned count)
{
  qsort(values, count, sizeof *values, by_value);
  return count == 0 ? 0 : values[count / 2];
}

static void add_slope(struct fit *fit, const struct point *from, const struct point *to)
{
  const int64_t run = to->time_ns - from->time_ns;

  if (run > 0) {
    fit->slopes[fit->slope_count++] = (double)(to->difference_ns - from->difference_ns) / (double)run;
  }
}

static void find_slopes(struct fit *fit)
{
  for (unsigned way = 0; way < 2; way++) {
    const struct envelope *envelope = &fit->envelopes[way];

    for (unsigned i = 0; i < envelope->count; i++) {
      for (unsigned j = i + 1; j < envelope->count; j++) {
        add_slope(fit, &envelope->points[i], &envelope->points[j]);
      }
    }
  }
}

static double rest_of(const struct point *point, double slope)
{
  return (double)point->difference_ns - slope * (double)point->time_ns;
}

/* Median distance of the points of both envelopes from their envelope's middle. */
static double spread(struct fit *fit, double slope)
{
  double distances[2 * WINDOWS];
  unsigned count = 0;

  for (unsigned way = 0; way < 2; way++) {
    const struct envelope *envelope = &fit->envelopes[way];
    double middle;

    for (unsigned i = 0; i < envelope->count; i++) {
      fit->rest[i] = rest_of(&envelope->points[i], slope);
    }
    middle = median(fit->rest, envelope->count);
    for (unsigned i = 0; i < envelope->count; i++) {
      const double away = rest_of(&envelope->points[i], slope) - middle;

      distances[count++] = away < 0 ? -away : away;
    }
  }
  return median(distances, count);
}

/* A slope that noise alone could make is none. */
static double find_drift(struct fit *fit)
{
  double slope;
  double rise;

  find_slopes(fit);
  if (fit->envelopes[0].count + fit->envelopes[1].count < ENOUGH_WINDOWS) {
    return 0;
  }
  slope = median(fit->slopes, fit->slope_count);
  rise = slope * (double)fit->span_ns;
  rise = rise < 0 ? -rise : rise;
  if (slope > largest_drift || slope < -largest_drift || rise < SURE * spread(fit, slope)) {
    return 0;
  }
  return slope;
}

/* The most extreme point of an envelope when the drift is taken away. */
static int64_t bound(const struct envelope *envelope, bool backwards, double drift)
{
  double best = rest_of(&envelope->points[0], drift);

  for (unsigned i = 1; i < envelope->count; i++) {
    const double rest = rest_of(&envelope->points[i], drift);

    if (backwards ? rest > best : rest < best) {
      best = rest;
    }
  }
  return (int64_t)best;
}

static void set_offset(struct compare *compare, const struct fit *fit)
{
  struct compare_clock *clock = &compare->clock;
  const struct envelope *forth = &fit->envelopes[0];
  const struct envelope *back = &fit->envelopes[1];
  int64_t upper = forth->count > 0 ? bound(forth, false, clock->drift) : 0;
  int64_t lower = back->count > 0 ? bound(back, true, clock->drift) : upper;

  upper = forth->count > 0 ? upper : lower;
  clock->offset_ns = minus(fit->first_difference_ns, -(lower + (upper - lower) / 2));
  clock->error_ns = upper > lower ? (upper - lower) / 2 : 0;
  clock->two_way = forth->count > 0 && back->count > 0;
  compare->base_ns = clock->error_ns;
}

int clock_fit(struct compare *compare)
{
  struct fit *fit = memory_get(&compare->memory, sizeof *fit);

  if (fit == NULL) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  fit->balanced = settle_ends(compare);
  find_span(compare, fit);
  if (fit->envelopes[0].pairs + fit->envelopes[1].pairs > 0) {
    find_envelopes(compare, fit);
    compare->clock.known = true;
    compare->clock.origin_ns = fit->origin_ns;
    compare->clock.drift = find_drift(fit);
    set_offset(compare, fit);
    if (compare->clock.two_way) {
      settle_one_way_ends(compare);
    }
  }
  memory_put(&compare->memory, fit, sizeof *fit);
  return TCPSTATE_OK;
}

int64_t compare_align(const struct compare *compare, enum compare_side side, int64_t time_ns)
{
  const struct compare_clock *clock = &compare->clock;
  int64_t aligned;

  if (side == COMPARE_A || !clock->known) {
    return time_ns;
  }
  aligned = minus(time_ns, clock->offset_ns);
  return minus(aligned, (int64_t)(clock->drift * (double)minus(aligned, clock->origin_ns)));
}
