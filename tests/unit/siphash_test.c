/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "siphash.h"
#include <cmocka.h>

enum { MOST_WORDS = 5 };

/* The paper's appendix A hashes 00 01 02 ... with the key 00 01 .. 0f by SipHash-2-4. These are the same input and key
 * by SipHash-1-3, as a transcription of the paper's section 2.2 to Python gives them, which yields the appendix's own
 * a129ca6149be45e5 for SipHash-2-4 and agrees with CPython 3.11's hash() of bytes, another SipHash-1-3. */
static const uint64_t of_counting_bytes[MOST_WORDS + 1] = {
    UINT64_C(0xabac0158050fc4dc), UINT64_C(0x369095118d299a8e), UINT64_C(0xcc4fdd1a7d908b66),
    UINT64_C(0xf464aeb267349c8c), UINT64_C(0x81157b6c16a7b60d), UINT64_C(0xc1d2363299e41531),
};

static const uint64_t counting_key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};

static void test_counting_bytes(void **state)
{
  uint64_t words[MOST_WORDS];

  (void)state;
  for (unsigned i = 0; i < MOST_WORDS; i++) {
    words[i] = counting_key[0] + UINT64_C(0x0808080808080808) * i;
  }
  for (unsigned count = 0; count <= MOST_WORDS; count++) {
    assert_true(siphash13(counting_key, words, count) == of_counting_bytes[count]);
  }
}

/* CPython 3.11 with PYTHONHASHSEED=0, a key of zeros: hash(b"abcdefgh"). */
static void test_key_of_zeros(void **state)
{
  const uint64_t zeros[2] = {0, 0};
  const uint64_t word = UINT64_C(0x6867666564636261);

  (void)state;
  assert_true(siphash13(zeros, &word, 1) == UINT64_C(0x3f7b849c0b8e35ea));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_counting_bytes),
      cmocka_unit_test(test_key_of_zeros),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
