/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * On Windows every interrupt ends the command at once. */
#include "../input/interrupt.h"

void interrupt_catch(bool live)
{
  (void)live;
}

int interrupt_signal(void)
{
  return 0;
}

bool interrupt_wait(int descriptor, int timeout)
{
  (void)descriptor;
  (void)timeout;
  return true;
}

bool interrupt_need_not_wait(int descriptor)
{
  (void)descriptor;
  return true;
}

void interrupt_shun(void)
{
}

void interrupt_end(void)
{
}
