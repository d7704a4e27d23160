/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What must be true of any annotation, whatever the scenario. */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include <tcpstate/tcpstate.h>

/* NULL, or what is wrong with it. `before` is the annotation of the same stream that came before, or NULL. */
const char *broken_invariant(const tcpstate_annotation *annotation, const tcpstate_annotation *before);

#endif
