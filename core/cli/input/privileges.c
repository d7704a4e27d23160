/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "privileges.h"

#include "../message.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct passwd *target_user(void)
{
  const char *caller = getenv("SUDO_UID");
  const struct passwd *user = NULL;

  if (caller != NULL && caller[0] >= '0' && caller[0] <= '9') {
    user = getpwuid((uid_t)strtoul(caller, NULL, 10));
  }
  return user != NULL && user->pw_uid != 0 ? user : getpwnam("nobody");
}

bool privileges_drop(void)
{
  const struct passwd *user;

  if (geteuid() != 0) {
    return true;
  }
  user = target_user();
  if (user == NULL) {
    complain("there is no user to become instead of root");
    return false;
  }
  if (setgroups(1, &user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) {
    complain("cannot become %s: %s", user->pw_name, strerror(errno));
    return false;
  }
  return true;
}
