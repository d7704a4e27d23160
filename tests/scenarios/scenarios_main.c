/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * scenarios [--must-fail] FILE.seg... : runs every scenario of the files as a test of its own. With --must-fail a
 * scenario passes if at least one of its expectations is broken: the proof that this test can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

static void holds(void **state)
{
  const struct scenario *scenario = *state;

  if (judge_scenario(scenario) > 0) {
    fail_msg("%s:%u: %s", scenario->file, scenario->line, scenario->name);
  }
}

static void is_broken(void **state)
{
  const struct scenario *scenario = *state;

  if (judge_scenario(scenario) == 0) {
    fail_msg("%s:%u: passes but must fail: %s", scenario->file, scenario->line, scenario->name);
  }
}

static int run_file(const char *path, void (*test)(void **))
{
  struct scenario_file file = {0};
  struct CMUnitTest *tests = NULL;
  int failed = 1;

  if (scenario_file_read(&file, path)) {
    tests = calloc(file.count, sizeof *tests);
  }
  if (tests != NULL) {
    for (size_t i = 0; i < file.count; i++) {
      tests[i] =
          (struct CMUnitTest){.name = file.scenarios[i].name, .test_func = test, .initial_state = &file.scenarios[i]};
    }
    failed = _cmocka_run_group_tests(path, tests, file.count, NULL, NULL);
  }
  free(tests);
  scenario_file_free(&file);
  return failed;
}

int main(int argc, char **argv)
{
  bool must_fail = argc > 1 && strcmp(argv[1], "--must-fail") == 0;
  int failed = argc < 2 + must_fail;

  for (int i = 1 + must_fail; i < argc; i++) {
    failed |= run_file(argv[i], must_fail ? is_broken : holds) != 0;
  }
  return failed;
}
