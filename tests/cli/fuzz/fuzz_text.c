/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines of tcpdump's text.
 */
#include "input/text_line.h"
#include "input/text_numbers.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct text_numbers *numbers = text_numbers_new();
  char *text = malloc(size + 1);

  if (numbers != NULL && text != NULL) {
    char *rest = text;

    memcpy(text, data, size);
    text[size] = '\0';
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
      struct text_line parsed;

      text_line_parse(&parsed, line);
      if (parsed.is_segment) {
        text_numbers_resolve(numbers, &parsed.segment, parsed.has_seq);
      }
    }
  }
  free(text);
  if (numbers != NULL) {
    text_numbers_free(numbers);
  }
  return 0;
}
