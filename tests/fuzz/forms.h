/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Is this well-formed, and does it carry nothing that acts on whoever reads it? NULL, or what is wrong. */
#ifndef FUZZ_FORMS_H
#define FUZZ_FORMS_H

/* RFC 8259: one object a line. */
const char *json_lines_wrong(const char *text);

/* RFC 4180, without quotes: as many fields in each row as in the first, and none that a spreadsheet takes for a
 * formula. */
const char *csv_wrong(const char *text);

/* No control characters but newline and tab, and valid UTF-8. */
const char *plain_wrong(const char *text);

#endif
