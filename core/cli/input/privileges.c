/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "privileges.h"

#include "../message.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

static bool root_drop(void)
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

/* Only who has CAP_SETPCAP can do this. For the others no_new_privs is as good: nothing can come back by execve(2). */
static void bounding_set_drop(void)
{
  for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
}

/* A program with file capabilities (setcap) has never been root, and keeps them until told otherwise. An empty
 * permitted set empties the ambient set too. */
static bool capabilities_drop(void)
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};

  if (syscall(SYS_capset, &header, none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    complain("cannot give up the right to capture: %s", strerror(errno));
    return false;
  }
  return true;
}

bool privileges_drop(void)
{
  bounding_set_drop();
  return root_drop() && capabilities_drop();
}
