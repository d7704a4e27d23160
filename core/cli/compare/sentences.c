/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every sentence of the comparison, in both languages. {from} and {to} are the taps at the sender's and receiver's
 * end, {who} is the sender.
 */
#include "sentences.h"

#include "../explain/catalogue.h"
#include "../explain/fill.h"

enum { TEXT = 512 };

struct sentence {
  const char *text[2]; /* by enum language */
};

static const struct sentence of_verdict[COMPARE_VERDICT_COUNT] = {
    [COMPARE_LOST] = {{"It left {from} and never came to {to}: lost between the two.",
                       "它离开了 {from}，但没有到达 {to}：在两者之间丢失。"}},
    [COMPARE_INJECTED] =
        {{"It came to {to} but never passed {from}: something between the two sent it in the {who}'s "
          "name, or the capture at {from} lacks it.",
          "它到达了 {to}，却没有经过 {from}：两者之间有设备以{who}的名义发送了它，或者 {from} 漏抓了它。"}},
    [COMPARE_DUPLICATED] = {{"It was sent once and came once more: the network made a copy.",
                             "它只发送了一次，却又到达一次：网络产生了副本。"}},
    [COMPARE_PARTIAL] = {{"Only some of its bytes came to {to}.", "它的字节只有一部分到达 {to}。"}},
    [COMPARE_MISSED] = {{"The numbers prove that it passed both; one capture lacks it.",
                         "序列号证明它经过了两处;其中一个抓包漏掉了它。"}},
};

static const struct sentence reset_of_sender = {
    {"The {who} itself sent this reset: it passed {from} before it came to {to}.",
     "这个复位确实由{who}发送：它先经过 {from}，然后到达 {to}。"}};
static const struct sentence reset_between = {
    {"The {who} did not send this reset: it came to {to} but never passed {from}. Something between the two did.",
     "{who}没有发送这个复位：它到达了 {to}，却没有经过 {from}。它由两者之间的设备发送。"}};
static const struct sentence reset_lost = {
    {"The {who} sent this reset, but the other side never got it.", "{who}发送了这个复位，但对方没有收到。"}};

static const struct sentence of_change[COMPARE_CHANGE_COUNT] = {
    {{"It was overtaken by a later one.", "它被后发的报文段超过。"}},
    {{"The MSS was changed on the way.", "MSS 在途中被改写。"}},
    {{"TCP options were added or taken away on the way.", "TCP 选项在途中被增加或删除。"}},
    {{"The window was rewritten on the way.", "窗口在途中被改写。"}},
    {{"The window scale was rewritten on the way.", "窗口缩放因子在途中被改写。"}},
    {{"The time stamp was rewritten on the way.", "时间戳在途中被改写。"}},
    {{"Flags were changed on the way.", "标志位在途中被改写。"}},
    {{"The payload was changed on the way.", "载荷在途中被改写。"}},
    {{NULL, NULL}}, /* another IP identification alone is of no interest */
    {{"Its TTL does not fit the others of its direction: it took another way, or another sender made it.",
      "它的 TTL 与同方向的其他报文段不符：它走了另一条路径，或由另一个发送者产生。"}},
};

static const struct sentence *main_sentence(const struct compare_row *row)
{
  const struct compare_sight *sight = &row->sight[row->sight[COMPARE_A].frame != 0 ? COMPARE_A : COMPARE_B];

  if ((sight->flags & TCPSTATE_RST) != 0) {
    switch ((enum compare_verdict)row->verdict) {
    case COMPARE_BOTH:
      return &reset_of_sender;
    case COMPARE_INJECTED:
      return &reset_between;
    case COMPARE_LOST:
      return &reset_lost;
    default:
      break;
    }
  }
  return &of_verdict[row->verdict];
}

const char *sentence_of_verdict(const struct compare_row *row, enum language language)
{
  return main_sentence(row)->text[language];
}

const char *sentence_of_change(unsigned change, enum language language)
{
  return of_change[change].text[language];
}

static void put_filled(struct output *output, const char *sentence, const struct values *values)
{
  char text[TEXT];

  if (sentence != NULL) {
    fill(text, sizeof text, sentence, values);
    put_text(output, "               ");
    put_text(output, text);
    put_char(output, '\n');
  }
}

void put_sentence(struct output *output, const struct line *line, enum language language)
{
  const struct catalogue *catalogue = catalogue_of(language);
  const unsigned tap = line->row.from_tap;
  struct values values = {0};

  values_text(&values, "who", catalogue->messages[line->row.from == TCPSTATE_CLIENT ? MESSAGE_CLIENT : MESSAGE_SERVER]);
  values_text(&values, "from", tap == COMPARE_A ? "A" : "B");
  values_text(&values, "to", tap == COMPARE_A ? "B" : "A");
  put_filled(output, sentence_of_verdict(&line->row, language), &values);
  for (unsigned i = 0; i < COMPARE_CHANGE_COUNT; i++) {
    if ((line->row.changes & 1u << i) != 0) {
      put_filled(output, sentence_of_change(i, language), &values);
    }
  }
}
