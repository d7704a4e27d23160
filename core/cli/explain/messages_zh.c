/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "catalogue.h"

#include <stddef.h>

/* clang-format off */
/* Every entry has its designator: a missing comma would not compile. */
/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
const struct catalogue catalogue_chinese = {
  .messages = {
    [MESSAGE_CLIENT] = "客户端",
    [MESSAGE_SERVER] = "服务器",
    [MESSAGE_SPACE] = "",
    [MESSAGE_STOP] = "。",
    [MESSAGE_COMMA] = "，",
    [MESSAGE_LIST] = "、",
    [MESSAGE_OR] = " 或 ",

    [MESSAGE_LEGEND] =
      "每一步开头是报文段的编号，以及距该连接第一个报文段的秒数。双方的序号从各自的 SYN 起由 0 开始计数，没有见到 SYN 的一方则由 1 开始计数。"
      "发送方的状态是报文段发出之后的状态，接收方的状态是报文段到达之后的状态。对每个报文段的说明只依据它和它之前的报文段。",
    [MESSAGE_CONNECTION] = "连接 {stream}：客户端 {client}，服务器 {server}",
    [MESSAGE_SPAN] = "历时 {seconds} 秒，客户端发送 {sent} 个报文段，服务器发送 {answered} 个。",
    [MESSAGE_SPAN_WITHOUT_TIME] = "客户端发送 {sent} 个报文段，服务器发送 {answered} 个。",
    [MESSAGE_ROLES_INFERRED] = "没有捕获到连接的建立过程，哪一方是客户端只是推断。",

    [MESSAGE_DIRECTION] = "{sender} → {receiver}",
    [MESSAGE_TIMES] = "（共 {count} 次）",
    [MESSAGE_ROLES_SWAPPED] = "这个报文段表明先前的角色判断有误：从这里起，原先称为服务器的一方改称客户端。",

    [MESSAGE_SYN] =
      "{sender}主动打开：应用程序调用了 connect()。它请求建立连接，并给出自己的初始序号 {initial}，下文记作 0。",
    [MESSAGE_SYN_ACK] = "{sender}同意建立连接，并在同一个报文段中发出自己的 SYN，初始序号为 {initial}，下文记作 0。",
    [MESSAGE_SYN_AGAIN_WITH_ACK] = "{sender}再次发出自己的 SYN，这一次带有确认。",
    [MESSAGE_ACK_OF_SYN] = "ack {ack} = {base} + 1：{receiver}的 SYN 占用一个序号，这里对它作出确认。",
    [MESSAGE_ACK_OF_SYN_AND_DATA] =
      "ack {ack} = {base} + 1 + {extra}：{receiver}的 SYN 占用一个序号，这里确认了该 SYN 以及其后的 {extra} 字节数据。",
    [MESSAGE_FIN_FIRST] =
      "{sender}不再发送数据：应用程序调用了 close() 或 shutdown()，或已经退出。它的 FIN 占用一个序号，即 {fin}。",
    [MESSAGE_FIN_SECOND] = "{sender}也不再发送数据。它的 FIN 占用序号 {fin}。",
    [MESSAGE_ACK_OF_FIN] = "ack {ack} = {base} + 1：这里确认了{receiver}的 FIN。",
    [MESSAGE_MERGED] = "一个报文段完成了两件事，因而少用一个报文段。",
    [MESSAGE_LENGTH] = "报文段携带 {length} 字节数据。",
    [MESSAGE_AGAIN] = "同样的情况（{event}）再次出现，说明见报文段 {frame}。",

    [MESSAGE_RUN] = "",
    [MESSAGE_RUN_SENT] = "{sender}用 {count} 个报文段发送 {bytes} 字节",
    [MESSAGE_RUN_ACKS] = "纯确认 {count} 个",
    [MESSAGE_RUN_PROBES] = "保活探测 {count} 次",
    [MESSAGE_RUN_ANSWERS] = "得到应答 {count} 次",

    [MESSAGE_MOVED] = "{from} → {to}",
    [MESSAGE_STAYS] = "仍处于 {to}",
    [MESSAGE_AFTER] = "（历时 {seconds} 秒）",
    [MESSAGE_RULE] = "RFC 9293 {section}：{rule}",
    [MESSAGE_WHO] = "{role}：",
    [MESSAGE_WHO_ON_ARRIVAL] = "{role}（报文段到达后）：",
    [MESSAGE_WHO_ASSUMED] = "{role}（假定）：",
    [MESSAGE_WHO_GUESSED] = "{role}（推测）：",
    [MESSAGE_NOBODY_MOVES] = "状态不变：客户端仍处于 {client}，服务器仍处于 {server}。",
    [MESSAGE_LEFT_OUT] = "……此处略去 {count} 步，只保留开头和结尾。",

    [MESSAGE_SUMMARY] = "小结",
    [MESSAGE_OPENED_THREE_WAY] = "建立：由客户端发起，经三次握手完成（SYN、SYN-ACK、ACK）。",
    [MESSAGE_OPENED_OTHERWISE] = "建立：由客户端发起，共用 {count} 个报文段。",
    [MESSAGE_OPENED_SIMULTANEOUSLY] = "建立：双方同时打开，共用 {count} 个报文段。",
    [MESSAGE_OPENED_UNSEEN] = "建立：没有捕获到建立过程。",
    [MESSAGE_OPENED_NOT] = "建立：捕获中没有完整的握手。",
    [MESSAGE_CLOSED_IN_FOUR] = "释放：{closer}先关闭（主动关闭），{other}随后关闭，共四个报文段：FIN、ACK、FIN、ACK。",
    [MESSAGE_CLOSED_IN_THREE] =
      "释放：{closer}先关闭（主动关闭），{other}随后关闭，共三个报文段：FIN、带 ACK 的 FIN、ACK。",
    [MESSAGE_CLOSED_SIMULTANEOUSLY] = "释放：双方同时关闭，各自在看到对方的 FIN 之前就发出了自己的 FIN。",
    [MESSAGE_CLOSED_BY_RESET] = "释放：{resetter}用 RST 中止了连接。这不是正常释放，数据可能丢失。",
    [MESSAGE_FIN_BESIDES_RESET] = "此外，{closer}也发送过 FIN。",
    [MESSAGE_STILL_OPEN] = "释放：没有任何一方关闭，到最后一个报文段时连接仍然打开。",
    [MESSAGE_STILL_CLOSING] = "释放：{closer}已开始关闭，但到最后一个报文段时释放尚未完成。",
    [MESSAGE_STILL_CLOSING_BOTH] = "释放：双方都已开始关闭，但到最后一个报文段时释放尚未完成。",
    [MESSAGE_REFUSED] = "结果：连接被拒绝，connect() 返回错误 ECONNREFUSED。",
    [MESSAGE_NO_ANSWER] = "结果：没有应答，connect() 最终返回错误 ETIMEDOUT。",
    [MESSAGE_HALF_OPEN] = "结果：半打开，一方以为连接存在，另一方却没有这个连接。",
    [MESSAGE_MID_STREAM] = "释放：连接的开头和结尾都不在捕获之中。",
    [MESSAGE_CONTROL] = "控制报文段：建立 {opening} 个，释放 {closing} 个，共 {count} 个。",
    [MESSAGE_SIX] = "是六个而不是七个，因为对第一个 FIN 的确认与第二个 FIN 合在同一个报文段中。",
    [MESSAGE_SEVEN] = "是七个而不是六个，因为对第一个 FIN 的确认与第二个 FIN 分别用了一个报文段。",
    [MESSAGE_BYTES] = "数据：客户端发送 {sent} 字节，服务器发送 {answered} 字节。",
    [MESSAGE_LAST_STATES] = "最后的状态：客户端 {client}，服务器 {server}。",
    [MESSAGE_POSSIBLE] = "就所见的报文段而言，{role}也可能处于 ",
    [MESSAGE_TAKEN_AT_CLIENT] = "抓包位置：在客户端。客户端的应答立即出现，服务器的应答则隔了一个往返时间。",
    [MESSAGE_TAKEN_AT_SERVER] = "抓包位置：在服务器。服务器的应答立即出现，客户端的应答则隔了一个往返时间。",
    [MESSAGE_TAKEN_BETWEEN] = "抓包位置：在两端之间。双方的应答都不是立即出现。",
    [MESSAGE_NEAR_CLIENT] =
      "抓包位置：在客户端或紧邻客户端。从 SYN 的 TTL 和校验和看，与客户端之间没有路由器，而服务器的 SYN 来自更远处。",
    [MESSAGE_NEAR_SERVER] =
      "抓包位置：在服务器或紧邻服务器。从 SYN 的 TTL 和校验和看，与服务器之间没有路由器，而客户端的 SYN 来自更远处。",
    [MESSAGE_BETWEEN_ROUTERS] = "抓包位置：在两端之间。双方 SYN 的 TTL 表明它们都经过了路由器。",
    [MESSAGE_MOVED_BY_ICMP] = "在最后一个报文段之后，ICMP 差错报文改变了{role}的状态：{from} → {to}。",
    [MESSAGE_NOT_TOLD] = "……连接太多，有 {count} 个报文段未作说明。用 --stream 可以完整讲述其中一个连接。",
  },
  .waits = {
    [TCPSTATE_UNKNOWN] = "情况不明",
    [TCPSTATE_CLOSED] = "连接已不存在",
    [TCPSTATE_LISTEN] = "等待 SYN",
    [TCPSTATE_SYN_SENT] = "等待{peer}确认自己的 SYN 并发来对方的 SYN",
    [TCPSTATE_SYN_RECEIVED] = "等待对自己 SYN 的确认",
    [TCPSTATE_ESTABLISHED] = "可以收发数据",
    [TCPSTATE_FIN_WAIT_1] = "等待对自己 FIN 的确认",
    [TCPSTATE_FIN_WAIT_2] = "仍可接收数据，等待{peer}的 FIN",
    [TCPSTATE_CLOSE_WAIT] = "仍可发送数据，等待本端应用程序调用 close()",
    [TCPSTATE_CLOSING] = "已收到{peer}的 FIN，等待对自己 FIN 的确认",
    [TCPSTATE_LAST_ACK] = "等待对自己 FIN 的确认",
    [TCPSTATE_TIME_WAIT] = "等待 2MSL，以便必要时重发最后的 ACK，并让迟到的报文段在网络中消失",
  },
  .events = {
    [TCPSTATE_EVENT_SYN_RETRANSMITTED] =
      "{sender}没有收到应答，于是重传 SYN。常见原因是 SYN 或应答丢失、防火墙悄悄丢弃了它，或监听方的队列已满；"
      "等待时间通常逐次加倍（较新的 Linux 在最初几次之后才开始加倍）。",
    [TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED] =
      "{sender}重传 SYN-ACK：对它的确认没有到达，或因接受队列已满而被丢弃。"
      "如果有大量从不应答的地址引起这种重传，往往是 SYN 洪泛攻击。",
    [TCPSTATE_EVENT_FIN_RETRANSMITTED] =
      "{sender}没有收到对 FIN 的确认，于是重传 FIN：FIN 或对它的确认丢失了，或者对方已经不在。",
    [TCPSTATE_EVENT_HANDSHAKE_COMPLETE] = "握手完成：双方都知道了对方的初始序号，也知道自己的初始序号已为对方所知。",
    [TCPSTATE_EVENT_FAST_OPEN] =
      "TCP Fast Open（RFC 7413）：{sender}接受了随 SYN 到来的数据，比通常早一个往返时间；"
      "先前连接中得到的 cookie 证明了对方的地址。",
    [TCPSTATE_EVENT_SIMULTANEOUS_OPEN] =
      "同时打开：双方都在对方的 SYN 到达之前发出了自己的 SYN。这很少见，多半是有意为之，例如双方为穿越 NAT 而打洞。",
    [TCPSTATE_EVENT_SIMULTANEOUS_CLOSE] =
      "同时关闭：两个 FIN 在途中交错，所以这个报文段还没有确认对方的 FIN。通常双方都经过 CLOSING，最后进入 TIME-WAIT。",
    [TCPSTATE_EVENT_HALF_CLOSE] =
      "半关闭：{receiver}已关闭自己的发送方向，{sender}继续发送。shutdown(SHUT_WR) 的效果正是如此："
      "请求已经发完，回答还在后面。",
    [TCPSTATE_EVENT_DATA_AFTER_FIN] =
      "数据位于{sender}自己的 FIN 之后，正常的 TCP 不会这样做，应怀疑是伪造的报文段或中间设备所为。",
    [TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE] =
      "这个 FIN 之前还缺少数据，所以暂不起作用：数据补齐之后{receiver}才会接受它。说明有报文段丢失或失序。",
    [TCPSTATE_EVENT_REFUSED] =
      "{sender}用 RST 回答 SYN：端口 {port} 上没有程序监听，或防火墙设置为拒绝。"
      "先前假定{sender}接受了 SYN，这一假定并不成立。",
    [TCPSTATE_EVENT_ABORTED] =
      "RST 立即中止连接，不需要确认，途中的数据全部丢失。常见原因有：应用程序关闭连接时缓冲区里还有未读数据，或者设置了 SO_LINGER 0；"
      "进程已经终止；对方迟迟不应答，于是放弃；主机已不认识这个连接。{receiver}的应用程序会得到错误 ECONNRESET。",
    [TCPSTATE_EVENT_RESET_OUT_OF_WINDOW] =
      "RST 的序号与预期不符，因此被忽略（RFC 5961）：它是迟到的 RST，或是外人企图破坏连接。",
    [TCPSTATE_EVENT_CHALLENGE_ACK] =
      "质询 ACK（challenge ACK，RFC 5961）：{sender}不相信刚收到的报文段，用自己期待的序号作答。"
      "如果对方确实已失去连接，就会回以序号恰当的 RST。",
    [TCPSTATE_EVENT_SYN_IN_CONNECTION] =
      "已建立的连接中出现 SYN，不改变任何一方的状态。多半是对方重新启动后又用了同一端口，或者这是一个迟到的重复 SYN。",
    [TCPSTATE_EVENT_KEEP_ALIVE] =
      "保活：探测报文段的序号比下一个序号小 1，对方早已收到过，因此必须应答。空闲的连接上，SO_KEEPALIVE 用它发现已失效的对方，"
      "并防止 NAT 忘记这个连接。",
    [TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED] = "应答表明对方仍在，并且仍保有这个连接。",
    [TCPSTATE_EVENT_PEER_SILENT] =
      "{receiver}没有应答：网络中断、主机停机，或防火墙已忘记这个连接。{sender}会继续尝试，直到最后放弃。",
    [TCPSTATE_EVENT_HALF_OPEN] =
      "半打开：一方已不认识这个连接，另一方却还保有它。多半是在网络中断期间，一方的主机重新启动或进程被终止。",
    [TCPSTATE_EVENT_TUPLE_REUSED] = "先前有一个连接用过同样的地址和端口。这是一个新的连接，另行讲述。",
    [TCPSTATE_EVENT_TIME_WAIT_REUSED] =
      "地址和端口相同的前一个连接还处于 TIME-WAIT。这个 SYN 比它的所有报文段都新，所以端口可以立即重新使用（RFC 6191）。",
    [TCPSTATE_EVENT_STRAY] = "这个报文段不属于任何现存的连接：它是迟到的重复报文段，或是对这种报文段的应答。",
    [TCPSTATE_EVENT_CAPTURE_GAP] =
      "被确认的内容不在捕获之中：捕获的主机丢了包，或报文段走了别的路径。在双方再次一致之前，状态只是推测。",
    [TCPSTATE_EVENT_MID_STREAM] = "捕获从这个连接的中途开始，此前的情况只能推测。",
    [TCPSTATE_EVENT_ILLEGAL_FLAGS] = "正常的 TCP 不会发送这样的标志组合；端口扫描程序会用它来辨别系统。",
    [TCPSTATE_EVENT_NO_ANSWER] = "到目前为止没有任何应答。{receiver}收到过 SYN 只是假定。",
    [TCPSTATE_EVENT_BAD_CHECKSUM] = "检验和有误：{receiver}会丢弃这个报文段，如同它已丢失。",
    [TCPSTATE_EVENT_SPLIT_HANDSHAKE] =
      "拆分握手：{sender}不用一个 SYN-ACK，而用分开的报文段回答 SYN。这合乎规定，但非常罕见；"
      "它可能使防火墙误判由哪一方打开连接。",
    [TCPSTATE_EVENT_REVISED] = "这推翻了先前的假定：前面有一个报文段没有到达，或者是别人冒名发送的。",
    [TCPSTATE_EVENT_PAWS] = "它的时间戳比最近见到的更旧，可见是旧的重复报文段，会被丢弃（PAWS，RFC 7323）。",
    [TCPSTATE_EVENT_UNACCEPTABLE] = "它落在{receiver}的窗口之外。{receiver}丢弃它，并以 ACK 告知自己期待的序号。",
  },
  .ends = {
    [TCPSTATE_SYN_SENT] = "{role}处于 SYN-SENT：它还会重传几次 SYN；Linux 默认在一至两分钟后放弃。",
    [TCPSTATE_FIN_WAIT_1] =
      "{role}处于 FIN-WAIT-1：它的 FIN 没有得到确认。如果长期如此，说明{peer}已经不在，"
      "或{peer}的接收窗口已满而使 FIN 无法发出。",
    [TCPSTATE_FIN_WAIT_2] =
      "{role}处于 FIN-WAIT-2：它在等待{peer}关闭。如果应用程序已调用 close()，Linux 会在 60 秒后放弃等待。",
    [TCPSTATE_CLOSE_WAIT] =
      "{role}处于 CLOSE-WAIT：{peer}已经关闭，而本端的应用程序还没有调用 close()。"
      "如果长期如此，就是该应用程序的错误（忘记关闭描述符）；TCP 没有任何计时器会结束这个状态。",
    [TCPSTATE_CLOSING] = "{role}处于 CLOSING：对它的 FIN 的确认还没有到来。",
    [TCPSTATE_LAST_ACK] = "{role}处于 LAST-ACK：最后的 ACK 还没有到来；它会重传 FIN，直到收到 ACK 或放弃为止。",
    [TCPSTATE_TIME_WAIT] =
      "{role}处于 TIME-WAIT：对主动关闭的一方来说这是正常的。经过 2MSL（Linux 为 60 秒）之后它就是 CLOSED。",
  },
  .rules = rules_chinese,
};
/* clang-format on */
/* NOLINTEND(bugprone-suspicious-missing-comma) */
