/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints docs/rules.md: the rule table as the library has it. */
#include <stdio.h>
#include <tcpstate/tcpstate.h>

static void print_from(unsigned from)
{
  const unsigned any = (1u << TCPSTATE_STATE_COUNT) - 1u;
  const char *comma = "";
  if (from == any) {
    printf("any");
    return;
  }
  for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
    if (from & (1u << state)) {
      printf("%s%s", comma, tcpstate_state_name(state));
      comma = ", ";
    }
  }
}

int main(void)
{
  tcpstate_rule rule;
  printf("# The rules\n\n"
         "What may happen to one endpoint, one line one rule, to be ticked off against RFC 9293 (another document is "
         "named\n"
         "where it is another). \"sends\" is evidence: the segment was there. \"gets\" is assumed when the segment has "
         "passed\n"
         "the capture point, and proven when the endpoint answers in a way that makes sense only after it. "
         "\"repeats\", \"acknowledges\n"
         "less\" and \"goes on\" take assumptions back. \"shows its state\" is evidence alone.\n\n"
         "The table stands in `core/src/transitions.c`; `tcpstate_rule_get` reads it; this page is printed from it by\n"
         "`tests/docs/rules_md.c` and compared by a test.\n\n"
         "| rule | event | from | to | section | in words |\n| ---: | --- | --- | --- | --- | --- |\n");
  for (unsigned number = 1; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    printf("| %u | %s | ", number, rule.event);
    print_from(rule.from);
    printf(" | %s | %s | %s |\n", tcpstate_state_name(rule.to), rule.section, rule.text);
  }
  return 0;
}
