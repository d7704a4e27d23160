/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Holds what the tracker said against the scenario, in every guise and both ways of feeding. */
#ifndef JUDGE_H
#define JUDGE_H

#include "scenario.h"

/* Number of broken expectations; each is told on standard error with file and line. */
unsigned judge_scenario(const struct scenario *scenario);

#endif
