/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PLACEHOLDER while the engine is being written. */
#include <stdlib.h>
#include <string.h>
#include <tcpstate/tcpstate.h>

struct tcpstate_tracker { uint32_t n; };
const char *tcpstate_version(void) { return TCPSTATE_VERSION; }
void tcpstate_settings_init(tcpstate_settings *s) { memset(s, 0, sizeof *s); s->struct_size = sizeof *s; s->time_wait_ns = 60000000000; }
int tcpstate_new(tcpstate_tracker **t, const tcpstate_settings *s) { (void)s; *t = calloc(1, sizeof **t); return 0; }
void tcpstate_free(tcpstate_tracker *t) { free(t); }
int tcpstate_feed(tcpstate_tracker *t, const tcpstate_segment *s, tcpstate_annotation *a)
{ (void)t; memset(a, 0, sizeof *a); a->src_role = s->src_port < s->dst_port; a->state[0] = a->state[1] = a->previous[0] = a->previous[1] = 5; a->possible[0] = a->possible[1] = 1 << 5; return 0; }
int tcpstate_feed_batch(tcpstate_tracker *t, const tcpstate_segment *s, size_t n, tcpstate_annotation *a)
{ for (size_t i = 0; i < n; i++) tcpstate_feed(t, s + i, a + i); return 0; }
int tcpstate_feed_icmp_error(tcpstate_tracker *t, const tcpstate_segment *q, int hard, tcpstate_annotation *a) { (void)t; (void)q; (void)hard; (void)a; return TCPSTATE_ERROR_NOT_FOUND; }
int tcpstate_connection_get(const tcpstate_tracker *t, uint32_t st, uint32_t sl, tcpstate_connection *c) { (void)t; (void)st; (void)sl; memset(c, 0, sizeof *c); return 0; }
int tcpstate_connection_next(const tcpstate_tracker *t, uint32_t *cur, tcpstate_connection *c) { (void)t; (void)cur; (void)c; return TCPSTATE_ERROR_NOT_FOUND; }
void tcpstate_statistics_get(const tcpstate_tracker *t, tcpstate_statistics *s) { (void)t; memset(s, 0, sizeof *s); }
int tcpstate_rule_get(unsigned n, tcpstate_rule *r) { (void)n; (void)r; return TCPSTATE_ERROR_NOT_FOUND; }
