/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMMENT_H
#define CLI_COMMENT_H

#include "tcpstate/tcpstate.h"

enum { COMMENT_SIZE = 1024 };

/* What is said of a segment in one line:
 * "tcpstate: client ESTABLISHED > FIN-WAIT-1, server ESTABLISHED > CLOSE-WAIT; close, FIN-1; half-close". */
void comment_text(char text[COMMENT_SIZE], const tcpstate_annotation *annotation);

#endif
