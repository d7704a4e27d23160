/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does a segment begin a new connection on an old 4-tuple? */
#ifndef TS_RENEWAL_H
#define TS_RENEWAL_H

#include "look.h"

bool starts_anew(const struct look *look);

#endif
