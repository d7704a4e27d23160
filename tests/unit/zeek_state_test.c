/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Expected codes: the function conn_state in Zeek's base/protocols/conn/main.zeek, and the endpoint states that it
 * reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "zeek_state.h"
#include <cmocka.h>

struct example {
  const char *history;
  bool empty;
  const char *code;
};

static const struct example examples[] = {
    {"", true, "OTH"},          {"S", true, "S0"},         {"SDT", false, "S0"},          {"ShA", true, "S1"},
    {"Sh", true, "S1"},         {"^hA", true, "S1"}, /* the SYN was missed, but the SYN-ACK is answered */
    {"^hd", false, "OTH"},      {"ShADadFf", false, "SF"}, {"ShADadFfr", false, "SF"}, /* a RST after both FINs changes
                                                                                          nothing */
    {"ShADadfFR", false, "SF"}, {"ShADaFRf", false, "SF"}, /* nor does one that a FIN of the peer follows */
    {"ShADaFr", false, "RSTR"}, {"Sr", true, "REJ"},       {"SrR", true, "REJ"},          {"ShADaF", false, "S2"},
    {"ShADaf", false, "S3"},    {"ShADaR", false, "RSTO"}, {"ShADaI", false, "RSTO"},     {"ShADar", false, "RSTR"},
    {"SR", true, "RSTOS0"},     {"SDR", false, "RSTOS0"},  {"SAR", true, "OTH"},          {"R", true, "OTH"},
    {"^hr", true, "RSTRH"},     {"SF", true, "SH"},        {"^hf", true, "SHR"},          {"Dad", false, "OTH"},
    {"DaFf", false, "SF"},      {"Sa", true, "S0"}, /* an ACK before the SYN-ACK is an eccentricity, not a start in the
                                                       middle */
    {"SsAa", true, "S1"},       {"D^dA", false, "OTH"},    {"ShAQCcGgTtWw", false, "S1"},
};

static void test_examples(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
    const char *code = tcpstate_conn_state_name(zeek_state(examples[i].history, examples[i].empty));
    print_message("%s\n", examples[i].history);
    assert_string_equal(code, examples[i].code);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
