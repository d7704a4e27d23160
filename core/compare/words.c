/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare.h"

static const char *const verdict_names[COMPARE_VERDICT_COUNT] = {
    [COMPARE_BOTH] = "both",         [COMPARE_LOST] = "lost",
    [COMPARE_INJECTED] = "injected", [COMPARE_DUPLICATED] = "duplicated",
    [COMPARE_SPLIT] = "split",       [COMPARE_MERGED] = "merged",
    [COMPARE_PARTIAL] = "partial",   [COMPARE_MISSED] = "missed",
    [COMPARE_OUTSIDE] = "outside",
};

static const char *const change_names[COMPARE_CHANGE_COUNT] = {
    "reordered", "mss", "options", "window", "window-scale", "timestamp", "flags", "payload", "ip-id", "ttl",
};

const char *compare_verdict_name(unsigned verdict)
{
  return verdict < COMPARE_VERDICT_COUNT ? verdict_names[verdict] : "";
}

const char *compare_change_name(unsigned change)
{
  for (unsigned i = 0; i < COMPARE_CHANGE_COUNT; i++) {
    if (change == 1u << i) {
      return change_names[i];
    }
  }
  return "";
}
