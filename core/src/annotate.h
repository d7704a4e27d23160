/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings of a look as the public annotation. Decides nothing about states. */
#ifndef TS_ANNOTATE_H
#define TS_ANNOTATE_H

#include "look.h"

void annotate(const struct look *look, tcpstate_annotation *annotation);

#endif
