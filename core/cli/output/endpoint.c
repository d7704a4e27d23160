/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>

void endpoint_text(char text[ENDPOINT_SIZE], unsigned ip_version, const uint8_t *address, unsigned port)
{
  char host[INET6_ADDRSTRLEN] = "";

  inet_ntop(ip_version == 4 ? AF_INET : AF_INET6, address, host, sizeof host);
  snprintf(text, ENDPOINT_SIZE, ip_version == 4 ? "%s:%u" : "[%s]:%u", host, port);
}
