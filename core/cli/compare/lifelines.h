/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The comparison as SVG: the two taps are the lifelines, losses end and injections begin between them.
 */
#ifndef CLI_COMPARE_LIFELINES_H
#define CLI_COMPARE_LIFELINES_H

#include "sheet.h"

void print_lifelines(const struct comparison *comparison, struct output *output);

#endif
