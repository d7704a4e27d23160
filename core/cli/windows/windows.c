/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command on Windows: what it takes from POSIX elsewhere. */
#define _CRT_RAND_S
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <fcntl.h>
#include <io.h>
#include <windows.h>

/* Bytes are bytes. */
__attribute__((constructor)) static void choose_binary(void)
{
  _fmode = _O_BINARY;
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
    _setmode(descriptor, _O_BINARY);
  }
}

ssize_t getrandom(void *bytes, size_t size, unsigned flags)
{
  unsigned char *at = bytes;

  (void)flags;
  for (size_t i = 0; i < size; i++) {
    unsigned drawn;

    if (rand_s(&drawn) != 0) {
      return -1;
    }
    at[i] = (unsigned char)drawn;
  }
  return (ssize_t)size;
}

int ioctl(int descriptor, int request, struct winsize *size)
{
  CONSOLE_SCREEN_BUFFER_INFO information;

  if (request != TIOCGWINSZ || !GetConsoleScreenBufferInfo((HANDLE)_get_osfhandle(descriptor), &information)) {
    return -1;
  }
  size->ws_col = (unsigned short)(information.srWindow.Right - information.srWindow.Left + 1);
  return 0;
}

char *nl_langinfo(int item)
{
  static char utf8[] = "UTF-8";
  static char other[] = "";

  return item == CODESET && GetConsoleOutputCP() == CP_UTF8 ? utf8 : other;
}
