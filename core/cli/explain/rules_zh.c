/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The engine's rules in Chinese: sections that carry a word, and every sentence.
 */
#include "catalogue.h"

#include <stddef.h>

/* clang-format off */
const struct translation rules_chinese[] = {
  {"3.10.7.4 second", "3.10.7.4 第二步"},
  {"3.10.7.4 fifth", "3.10.7.4 第五步"},
  {"3.10.7.4 eighth", "3.10.7.4 第八步"},
  {"3.10.7.3, 3.10.7.4 second", "3.10.7.3 及 3.10.7.4 第二步"},

  {"An active open sends SYN and enters SYN-SENT.", "主动打开的一方发送 SYN，进入 SYN-SENT。"},
  {"Its own SYN without ACK shows that the peer's SYN had not arrived: a simultaneous open.",
   "它发出的 SYN 不带 ACK，可见对方的 SYN 尚未到达：这是同时打开。"},
  {"LISTEN gets a SYN, answers with SYN-ACK and enters SYN-RECEIVED.",
   "LISTEN 状态下收到 SYN，回以 SYN-ACK，进入 SYN-RECEIVED。"},
  {"SYN-SENT gets a SYN without ACK: simultaneous open, it enters SYN-RECEIVED.",
   "SYN-SENT 状态下收到不带 ACK 的 SYN：这是同时打开，进入 SYN-RECEIVED。"},
  {"A SYN-ACK shows that a SYN arrived in LISTEN.", "发出 SYN-ACK，可见在 LISTEN 状态下收到了 SYN。"},
  {"A SYN-ACK shows that a SYN arrived in SYN-SENT.", "发出 SYN-ACK，可见在 SYN-SENT 状态下收到了 SYN。"},
  {"SYN-SENT gets SYN and the acknowledgement of its own: ESTABLISHED.",
   "SYN-SENT 状态下收到对方的 SYN 以及对自己 SYN 的确认：进入 ESTABLISHED。"},
  {"SYN-RECEIVED of a simultaneous open gets the acknowledgement of its SYN with the peer's SYN-ACK.",
   "同时打开而处于 SYN-RECEIVED 的一方，从对方的 SYN-ACK 得到对自己 SYN 的确认。"},
  {"SYN-RECEIVED gets the acknowledgement of its SYN: ESTABLISHED.",
   "SYN-RECEIVED 状态下收到对自己 SYN 的确认：进入 ESTABLISHED。"},

  {"CLOSE in ESTABLISHED sends FIN: FIN-WAIT-1.", "ESTABLISHED 状态下执行 CLOSE，发送 FIN：进入 FIN-WAIT-1。"},
  {"CLOSE in SYN-RECEIVED sends FIN: FIN-WAIT-1.", "SYN-RECEIVED 状态下执行 CLOSE，发送 FIN：进入 FIN-WAIT-1。"},
  {"CLOSE in CLOSE-WAIT sends FIN: LAST-ACK.", "CLOSE-WAIT 状态下执行 CLOSE，发送 FIN：进入 LAST-ACK。"},
  {"FIN in ESTABLISHED or SYN-RECEIVED: CLOSE-WAIT.", "ESTABLISHED 或 SYN-RECEIVED 状态下收到 FIN：进入 CLOSE-WAIT。"},
  {"FIN in FIN-WAIT-1 whose own FIN is not acknowledged: CLOSING.",
   "FIN-WAIT-1 状态下收到 FIN，而自己的 FIN 尚未得到确认：进入 CLOSING。"},
  {"FIN in FIN-WAIT-2: TIME-WAIT.", "FIN-WAIT-2 状态下收到 FIN：进入 TIME-WAIT。"},
  {"FIN-WAIT-1 gets the acknowledgement of its FIN: FIN-WAIT-2.",
   "FIN-WAIT-1 状态下收到对自己 FIN 的确认：进入 FIN-WAIT-2。"},
  {"CLOSING gets the acknowledgement of its FIN: TIME-WAIT.", "CLOSING 状态下收到对自己 FIN 的确认：进入 TIME-WAIT。"},
  {"LAST-ACK gets the acknowledgement of its FIN: CLOSED.", "LAST-ACK 状态下收到对自己 FIN 的确认：进入 CLOSED。"},
  {"FIN once its own FIN is acknowledged: TIME-WAIT.",
   "收到 FIN，且自己的 FIN 已得到确认：进入 TIME-WAIT。"},
  {"CLOSING gets the acknowledgement of its FIN on the repeated FIN: TIME-WAIT.",
   "CLOSING 状态下，从对方重传的 FIN 得到对自己 FIN 的确认：进入 TIME-WAIT。"},
  {"2MSL have passed in TIME-WAIT: CLOSED.", "在 TIME-WAIT 状态下已过 2MSL：进入 CLOSED。"},

  {"ABORT sends RST and leaves nothing; who answers with RST has no connection.",
   "ABORT 发送 RST，连接随即不复存在；以 RST 作答的一方没有这个连接。"},
  {"RST in SYN-RECEIVED of a passive open: back to LISTEN.", "被动打开的一方在 SYN-RECEIVED 状态下收到 RST：退回 LISTEN。"},
  {"RST in SYN-RECEIVED of an active (simultaneous) open: the connection was refused.",
   "主动打开（同时打开）的一方在 SYN-RECEIVED 状态下收到 RST：连接被拒绝。"},
  {"An acceptable RST: CLOSED.", "收到可接受的 RST：进入 CLOSED。"},
  {"A hard ICMP error aborts the connection attempt.", "硬性 ICMP 差错使建立连接的尝试中止。"},

  {"Who repeats its SYN has not got the SYN-ACK.", "重传 SYN 的一方没有收到 SYN-ACK。"},
  {"Who repeats its SYN-ACK has not got, or not taken, the ACK of it.",
   "重传 SYN-ACK 的一方没有收到或没有接受对它的确认。"},
  {"Who repeats its FIN has not got the ACK of it.", "重传 FIN 的一方没有收到对它的确认。"},
  {"Who repeats its FIN has not got the last ACK.", "重传 FIN 的一方没有收到最后的 ACK。"},
  {"Who acknowledges less than the FIN has not got it.", "确认号未达到 FIN 的一方没有收到 FIN。"},
  {"Nobody sends below its own FIN: the FIN seen was not this endpoint's.",
   "没有谁会发送序号低于自己 FIN 的数据：先前见到的 FIN 不是这一方的。"},
  {"A SYN with a new number in a synchronized connection: its sender has lost the old one (half-open).",
   "已同步的连接中出现带有新序号的 SYN：发送方已失去旧连接（半打开）。"},

  {"What was seen shows: CLOSED.", "由所见的报文段可知：CLOSED。"},
  {"What was seen shows: LISTEN.", "由所见的报文段可知：LISTEN。"},
  {"What was seen shows: SYN-SENT.", "由所见的报文段可知：SYN-SENT。"},
  {"What was seen shows: SYN-RECEIVED.", "由所见的报文段可知：SYN-RECEIVED。"},
  {"What was seen shows: ESTABLISHED.", "由所见的报文段可知：ESTABLISHED。"},
  {"What was seen shows: FIN-WAIT-1.", "由所见的报文段可知：FIN-WAIT-1。"},
  {"What was seen shows: FIN-WAIT-2.", "由所见的报文段可知：FIN-WAIT-2。"},
  {"What was seen shows: CLOSE-WAIT.", "由所见的报文段可知：CLOSE-WAIT。"},
  {"What was seen shows: CLOSING.", "由所见的报文段可知：CLOSING。"},
  {"What was seen shows: LAST-ACK.", "由所见的报文段可知：LAST-ACK。"},
  {"What was seen shows: TIME-WAIT.", "由所见的报文段可知：TIME-WAIT。"},
  {NULL, NULL},
};
/* clang-format on */
