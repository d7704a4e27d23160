/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "account_words.h"

/* clang-format off */
/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
static const char *const words[ACCOUNT_COUNT][2] = { /* by enum language */
  [ACCOUNT_TITLE] = {"Connection {number}: client {client}, server {server}",
                     "连接 {number}：客户端 {client}，服务器 {server}"},
  [ACCOUNT_TRANSLATED] = {
    "At B it is client {client}, server {server}: something between the two translates addresses or ports.",
    "在 B 处它是客户端 {client}，服务器 {server}：两者之间有设备转换了地址或端口。"},
  [ACCOUNT_TAPS] = {"A is the tap at the {a}'s end, B the one at the {b}'s.", "A 在{a}一端，B 在{b}一端。"},
  [ACCOUNT_ROUTERS] = {
    "What the {role} sends passes {tap} with TTL {ttl}, with which no host begins: a router lies between the two, so that "
    "{tap} does not prove what comes to the {role}.",
    "{role}发送的报文段经过 {tap} 时 TTL 为 {ttl}，没有主机以此为初值：两者之间有路由器，因此 {tap} 不能证明什么到达了{role}。"},
  [ACCOUNT_SHIFTED] = {
    "The {role}'s sequence numbers are moved on the way: at B they are larger by {shift}.",
    "{role}的序号在途中被改写：在 B 处大 {shift}。"},
  [ACCOUNT_CLOCKS] = {
    "B's clock is {offset} s against A's, within {error} s: the fastest segments of both directions leave no other room.",
    "B 的时钟与 A 相差 {offset} 秒，误差不超过 {error} 秒：由两个方向上最快的报文段得出。"},
  [ACCOUNT_CLOCKS_ONE_WAY] = {
    "Segments of one direction only passed both, so a delay here is what a segment took longer than the fastest.",
    "只有一个方向的报文段经过两处，因此这里的时延是比最快的报文段多用的时间。"},
  [ACCOUNT_CLOCKS_UNKNOWN] = {"No segment has a time at both, so nothing is said of delays.",
                              "没有报文段在两处都有时间，因此不能给出时延。"},
  [ACCOUNT_SYN_SENDER] = {"{who} > {other}", "{who} → {other}"},

  [ACCOUNT_AT_BOTH] = {"[A {a}, B {b}]", "[A {a}，B {b}]"},
  [ACCOUNT_AT_ONE] = {"[{tap} {frame} only]", "[仅 {tap} {frame}]"},
  [ACCOUNT_RUN] = {
    "{count|segment|segments} came across, with {sent} bytes from the client and {answered} bytes from the server.",
    "{count} 个报文段通过，其中客户端 {sent} 字节，服务器 {answered} 字节。"},
  [ACCOUNT_RUN_DELAY] = {"They took {least} to {most} ms.", "途中用时 {least} 至 {most} 毫秒。"},
  [ACCOUNT_CAME] = {"It passed {from} and came to {to} {delay} ms later.", "它经过 {from}，{delay} 毫秒后到达 {to}。"},
  [ACCOUNT_CAME_WITHOUT_TIME] = {"It passed {from} and came to {to}.", "它经过 {from}，并到达 {to}。"},
  [ACCOUNT_GROUNDS_SAME] = {"Grounds: frame {mine} of {from} and frame {theirs} of {to} are the same segment.",
                            "依据：{from} 的第 {mine} 帧与 {to} 的第 {theirs} 帧是同一个报文段。"},
  [ACCOUNT_GROUNDS_LACKS] = {"Grounds: {tap} was capturing then, and has no such segment.",
                             "依据：{tap} 当时正在捕获，却没有这个报文段。"},
  [ACCOUNT_GROUNDS_BETWEEN] = {
    "Grounds: {tap} was capturing then, as its frames {before} and {after} of this connection show, and has no such "
    "segment.",
    "依据：{tap} 当时正在捕获（见其中本连接的第 {before} 帧和第 {after} 帧），却没有这个报文段。"},
  [ACCOUNT_GROUNDS_TTL] = {
    "Its TTL at {tap} is {ttl}, where the {who}'s others have {usual}: another sender may have made it.",
    "它在 {tap} 处的 TTL 是 {ttl}，而{who}的其他报文段是 {usual}：它可能由另一个发送者产生。"},
  [ACCOUNT_RESET_TAKEN] = {"The {other} got it, for it came to the tap next to it, and is CLOSED.",
                           "{other}收到了它（它到达了紧邻{other}的捕获点），进入 CLOSED。"},
  [ACCOUNT_RESET_REFUSED] = {
    "The {other} got it, for it came to the tap next to it, but is still in {state}: its number is none that must be "
    "obeyed (RFC 9293 3.10.7.4).",
    "{other}收到了它（它到达了紧邻{other}的捕获点），但仍处于 {state}：它的序号不是必须接受的（RFC 9293 3.10.7.4）。"},
  [ACCOUNT_RESET_NOT_PROVEN] = {"Whether the {other} got it is not proven: {to} is not next to it.",
                                "{other}是否收到并无证明：{to} 并不紧邻它。"},
  [ACCOUNT_OBSERVED] = {"{role}: {state}, observed; proof is frame {frame} of {tap}.",
                        "{role}：{state}，已证实；证据是 {tap} 的第 {frame} 帧。"},
  [ACCOUNT_ASSUMED] = {"{role}: {state}, assumed after frame {frame} of {tap}; possible: {states}.",
                       "{role}：{state}，假定（{tap} 的第 {frame} 帧之后）；可能：{states}。"},
  [ACCOUNT_GUESSED] = {"{role}: {state}, guessed after frame {frame} of {tap}; possible: {states}.",
                       "{role}：{state}，推测（{tap} 的第 {frame} 帧之后）；可能：{states}。"},
  [ACCOUNT_LEFT_OUT] = {"... {count|more step|more steps}", "……另有 {count} 步"},

  [ACCOUNT_NO_RESET] = {"Nobody was seen to send a reset.", "没有看到复位。"},
  [ACCOUNT_RESET_SENT] = {"Reset (frame {frame} of {tap}): sent by the {who}; it came to the {other}.",
                          "复位（{tap} 的第 {frame} 帧）：由{who}发送，{other}收到了它。"},
  [ACCOUNT_RESET_SENT_NOT_PROVEN] = {
    "Reset (frame {frame} of {tap}): it came from the {who}'s side of {from} and passed {to}; a router lies between a tap "
    "and its host, so neither the sender nor the arrival is proven.",
    "复位（{tap} 的第 {frame} 帧）：它来自 {from} 的{who}一侧并经过 {to}；捕获点与主机之间有路由器，因此发送者和到达都没有证明。"},
  [ACCOUNT_RESET_LOST] = {"Reset (frame {frame} of {tap}): sent by the {who}; the {other} never got it.",
                          "复位（{tap} 的第 {frame} 帧）：由{who}发送，{other}没有收到。"},
  [ACCOUNT_RESET_BETWEEN] = {
    "Reset (frame {frame} of {tap}): not sent by the {who}, but by something between A and B in its name; it came to the "
    "{other}.",
    "复位（{tap} 的第 {frame} 帧）：不是{who}发送的，而是 A 与 B 之间的设备以其名义发送；{other}收到了它。"},
  [ACCOUNT_RESET_UNCLEAR] = {"Reset (frame {frame} of {tap}), in the {who}'s name: {verdict}; one capture alone tells of it.",
                             "复位（{tap} 的第 {frame} 帧），以{who}的名义：{verdict}；只有一个捕获看到它。"},
  [ACCOUNT_MORE_RESETS] = {"{count|more reset|more resets}, see above.", "另有 {count} 个复位，见上文。"},
  [ACCOUNT_WAY] = {"From the {who}: {count|segment|segments}, {lost} lost between the two, {injected} made between them.",
                   "{who}方向：{count} 个报文段，途中丢失 {lost} 个，由途中设备产生 {injected} 个。"},
  [ACCOUNT_DELAY] = {"They took {least} to {most} ms.", "途中用时 {least} 至 {most} 毫秒。"},
  [ACCOUNT_LAST] = {"In the end:", "最后："},
  [ACCOUNT_NOTHING] = {"No connection is in both captures.", "没有一个连接同时出现在两个捕获中。"},
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */
/* clang-format on */

const char *account_word(enum account_word word, enum language language)
{
  return words[word][language];
}
