/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs a target once on each file named, or on each file of the folders named: the corpus as a test that any compiler
 * builds. */
#include "target.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>

enum { MOST = 1 << 20, PATH_SIZE = 4096 };

static unsigned replayed;

static bool replay_file(const char *name)
{
  FILE *file = fopen(name, "rb");
  uint8_t *whole = malloc(MOST);
  size_t size = file != NULL && whole != NULL ? fread(whole, 1, MOST, file) : 0;
  uint8_t *exact = malloc(size > 0 ? size : 1); /* so that a sanitizer sees a read beyond it */
  bool fine = file != NULL && whole != NULL && exact != NULL;

  if (fine) {
    memcpy(exact, whole, size);
    LLVMFuzzerTestOneInput(exact, size);
    replayed++;
  }
  free(exact);
  free(whole);
  if (file != NULL) {
    fclose(file);
  }
  return fine;
}

static bool replay_folder(DIR *folder, const char *name)
{
  bool fine = true;

  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char path[PATH_SIZE];

    if (entry->d_name[0] != '.') {
      snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
      fine = replay_file(path) && fine;
    }
  }
  return fine;
}

int main(int count, char **arguments)
{
  bool fine = count > 1;

  for (int i = 1; i < count; i++) {
    DIR *folder = opendir(arguments[i]);

    fine = (folder != NULL ? replay_folder(folder, arguments[i]) : replay_file(arguments[i])) && fine;
    if (folder != NULL) {
      closedir(folder);
    }
  }
  fprintf(stderr, "%u inputs replayed\n", replayed);
  return fine && replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
