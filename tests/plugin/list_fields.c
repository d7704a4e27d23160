/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The field table of the core, one line a field: name, type, of what, column, title and help,
 * separated by tabs.
 */
#include <stdio.h>
#include <tcpstate/tcpstate.h>

int main(void)
{
  static const char *const type[] = {"word", "number", "boolean"};
  const tcpstate_field *field;
  unsigned id;

  for (id = 0; (field = tcpstate_field_get(id)) != NULL; id++) {
    printf("%s\t%s\t%s\t%s\t%s\t%s\n", field->name, type[field->type], field->of_connection ? "connection" : "segment",
           field->column, field->title, field->help);
  }
  return 0;
}
