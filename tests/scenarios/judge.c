/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "check.h"
#include "invariants.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct judge {
  const struct scenario *scenario;
  unsigned failures;
};

static void tell(struct judge *judge, unsigned line, const char *where, const char *what)
{
  judge->failures++;
  fprintf(stderr, "%s:%u: %s%s%s (%s)\n", judge->scenario->file, line, where, where[0] ? ": " : "", what,
          judge->scenario->name);
}

static void judge_checks(struct judge *judge, const struct item *item, const struct result *result)
{
  char why[768];

  for (size_t i = 0; i < item->check_count; i++) {
    if (!check_holds(&item->checks[i], &result->annotation, &result->connection, why, sizeof why)) {
      tell(judge, item->checks[i].line, "", why);
    }
  }
}

static void judge_item(struct judge *judge, const struct item *item, const struct result *result)
{
  bool nothing = item->kind == ITEM_ICMP && item->not_found;
  char text[64];

  if (item->kind == ITEM_STREAMS) {
    snprintf(text, sizeof text, "expected %u streams, got %llu", item->count, (unsigned long long)result->streams);
    if (result->streams != item->count) {
      tell(judge, item->line, "", text);
    }
  } else if (item->kind == ITEM_CONNECTION && !result->connection_found) {
    tell(judge, item->line, "", "there is no such connection");
  } else if (nothing && result->error != TCPSTATE_ERROR_NOT_FOUND) {
    tell(judge, item->line, "", "the ICMP error should have moved nothing");
  } else if (!nothing && result->error != TCPSTATE_OK) {
    tell(judge, item->line, "", tcpstate_strerror(result->error));
  } else {
    judge_checks(judge, item, result);
  }
}

static void judge_invariants(struct judge *judge, const struct item *item, const tcpstate_annotation *annotation,
                             const tcpstate_annotation *before)
{
  const char *broken = broken_invariant(annotation, before);
  char text[512];

  if (broken == NULL) {
    return;
  }
  snprintf(text, sizeof text, "%s: client %s > %s, %s, rule %u, set %#x; server %s > %s, %s, rule %u, set %#x", broken,
           tcpstate_state_name(annotation->previous[0]), tcpstate_state_name(annotation->state[0]),
           tcpstate_certainty_name(annotation->certainty[0]), annotation->rule[0], annotation->possible[0],
           tcpstate_state_name(annotation->previous[1]), tcpstate_state_name(annotation->state[1]),
           tcpstate_certainty_name(annotation->certainty[1]), annotation->rule[1], annotation->possible[1]);
  tell(judge, item->line, "invariant", text);
}

static void judge_as_written(struct judge *judge, const struct result *results)
{
  const tcpstate_annotation *before[MAX_STREAMS] = {NULL};

  for (size_t i = 0; i < judge->scenario->item_count; i++) {
    const struct item *item = &judge->scenario->items[i];
    const tcpstate_annotation *annotation = &results[i].annotation;
    bool annotated = results[i].error == TCPSTATE_OK && (item->kind == ITEM_SEGMENT || item->kind == ITEM_ICMP);

    judge_item(judge, item, &results[i]);
    if (annotated && annotation->stream < MAX_STREAMS) {
      judge_invariants(judge, item, annotation, before[annotation->stream]);
      before[annotation->stream] = annotation;
    }
  }
}

static void field_texts(unsigned field, const struct result *result, char *text, size_t size)
{
  const tcpstate_connection *connection = result->connection_found ? &result->connection : NULL;
  unsigned count = tcpstate_field_occurrences(field, &result->annotation, connection);
  size_t used = 0;

  text[0] = '\0';
  for (unsigned i = 0; i < count && used + 1 < size; i++) {
    char one[512] = "";

    tcpstate_field_text(field, &result->annotation, connection, i, one, sizeof one);
    used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", one);
  }
}

/* Everything the public interface says of one segment or connection has to be the same. */
static bool same_result(const struct result *expected, const struct result *actual, bool connections, char *why,
                        size_t size)
{
  for (unsigned field = 0; field < TCPSTATE_FIELD_COUNT; field++) {
    const tcpstate_field *about = tcpstate_field_get(field);
    char texts[2][1024];

    if (about->of_connection && !connections) {
      continue;
    }
    field_texts(field, expected, texts[0], sizeof texts[0]);
    field_texts(field, actual, texts[1], sizeof texts[1]);
    if (strcmp(texts[0], texts[1]) != 0) {
      snprintf(why, size, "%s is \"%.100s\", as written it is \"%.100s\"", about->name, texts[1], texts[0]);
      return false;
    }
  }
  snprintf(why, size, "error, rule or number of connections differ");
  return expected->error == actual->error && expected->streams == actual->streams &&
         memcmp(expected->annotation.rule, actual->annotation.rule, sizeof expected->annotation.rule) == 0;
}

/* In a batch a connection can be asked for only after its end. */
static void judge_guise(struct judge *judge, const struct result *written, const struct variant *variant,
                        enum feeding feeding)
{
  struct result *results = run_scenario(judge->scenario, variant, feeding);
  char where[128];
  char why[512];

  snprintf(where, sizeof where, "%s, %s", variant->name, feeding == IN_BATCHES ? "in batches" : "one by one");
  if (results == NULL) {
    tell(judge, judge->scenario->line, where, "no memory");
    return;
  }
  for (size_t i = 0; i < judge->scenario->item_count; i++) {
    const struct item *item = &judge->scenario->items[i];
    bool connections = feeding == ONE_BY_ONE || item->kind == ITEM_CONNECTION;

    if (!same_result(&written[i], &results[i], connections, why, sizeof why)) {
      tell(judge, item->line, where, why);
      break; /* the rest follows from it */
    }
  }
  free(results);
}

unsigned judge_scenario(const struct scenario *scenario)
{
  struct judge judge = {.scenario = scenario};
  struct result *written = run_scenario(scenario, &variants[0], ONE_BY_ONE);

  if (written == NULL) {
    tell(&judge, scenario->line, "", "no memory");
    return judge.failures;
  }
  judge_as_written(&judge, written);
  for (unsigned i = 0; i < VARIANT_COUNT; i++) {
    if (i > 0) {
      judge_guise(&judge, written, &variants[i], ONE_BY_ONE);
    }
    judge_guise(&judge, written, &variants[i], IN_BATCHES);
  }
  free(written);
  return judge.failures;
}
