/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "svg.h"

#include "wording.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* Light first; who asks for dark overrides the colours alone. Contrast of all text is at least 4.5 to 1 (WCAG 2 AA). */
static const char sheet[] =
    "<style>\n"
    "text{font-family:\"Helvetica Neue\",Helvetica,Arial,\"DejaVu Sans\",sans-serif;font-size:12px;fill:#1f2328}\n"
    ".mono{font-family:Menlo,Consolas,\"DejaVu Sans Mono\",monospace;font-size:11px}\n"
    ".small{font-size:11px}.big{font-size:17px}.bold{font-weight:bold}\n"
    ".middle{text-anchor:middle}.end{text-anchor:end}\n"
    ".back{fill:#ffffff}.dim{fill:#59636e}.band{fill:#eef1f4}\n"
    ".line{fill:none;stroke:#1f2328;stroke-width:1.5}.head{fill:#1f2328}\n"
    ".faint{fill:none;stroke:#c4ccd4;stroke-width:1}.frame{fill:#ffffff;stroke:#8c959f;stroke-width:1.2}\n"
    ".arc{fill:none;stroke:#b6bfc9;stroke-width:1.3}.tip{fill:#b6bfc9}\n"
    ".again{stroke-dasharray:7 4}.thick{stroke-width:3}\n"
    ".none{fill:#6e7781;stroke:#6e7781}.open{fill:#1a7f37;stroke:#1a7f37}.estab{fill:#0969da;stroke:#0969da}\n"
    ".close{fill:#9a5b00;stroke:#9a5b00}.wait{fill:#8250df;stroke:#8250df}.reset{fill:#cf222e;stroke:#cf222e}\n"
    ".client{fill:#0969da;stroke:#0969da}.server{fill:#bc4c00;stroke:#bc4c00}\n"
    ".observed{fill-opacity:1}.assumed{fill-opacity:.13}.guessed{fill-opacity:0;stroke-dasharray:4 3}\n"
    ".label{font-size:10.5px;fill:#59636e}.badge{font-size:10.5px;font-weight:bold}.visited{stroke:#1f2328}\n"
    ".way{stroke-width:2.6}\n"
    ".stroke{fill:none}.word{stroke:none}.on{fill:#ffffff}\n"
    "@media (prefers-color-scheme:dark){\n"
    "text{fill:#e6edf3}.back{fill:#0d1117}.dim{fill:#9aa4af}.band{fill:#1b222b}\n"
    ".line{stroke:#e6edf3}.head{fill:#e6edf3}.faint{stroke:#3d4650}.frame{fill:#0d1117;stroke:#7d8590}\n"
    ".arc{stroke:#4a535e}.tip{fill:#4a535e}\n"
    ".none{fill:#9aa4af;stroke:#9aa4af}.open{fill:#3fb950;stroke:#3fb950}.estab{fill:#58a6ff;stroke:#58a6ff}\n"
    ".close{fill:#d29922;stroke:#d29922}.wait{fill:#bc8cff;stroke:#bc8cff}.reset{fill:#ff7b72;stroke:#ff7b72}\n"
    ".client{fill:#58a6ff;stroke:#58a6ff}.server{fill:#f0883e;stroke:#f0883e}\n"
    ".label{fill:#9aa4af}.visited{stroke:#e6edf3}\n"
    ".stroke{fill:none}.word{stroke:none}.on{fill:#0d1117}\n"
    "}\n"
    "</style>\n";

void svg_escape(struct output *output, const char *text)
{
  for (; *text != '\0'; text++) {
    switch (*text) {
    case '<':
      put_text(output, "&lt;");
      break;
    case '>':
      put_text(output, "&gt;");
      break;
    case '&':
      put_text(output, "&amp;");
      break;
    case '"':
      put_text(output, "&quot;");
      break;
    case '\'':
      put_text(output, "&#39;");
      break;
    default:
      put_char(output, *text);
    }
  }
}

void svg_markup(struct output *output, const char *format, ...)
{
  char text[512];
  va_list arguments;

  va_start(arguments, format);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false where several files are checked at once */
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  put_text(output, text);
}

void svg_begin(struct output *output, int width, int height, const char *title)
{
  svg_markup(
      output,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
      "<title>",
      width, height, width, height);
  svg_escape(output, title);
  put_text(output, "</title>\n");
  put_text(output, sheet);
  svg_markup(output, "<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n", width, height);
}

void svg_end(struct output *output)
{
  put_text(output, "</svg>\n");
}

void svg_text(struct output *output, double x, double y, const char *style, const char *text)
{
  svg_markup(output, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, style);
  svg_escape(output, text);
  put_text(output, "</text>\n");
}

void svg_hint(struct output *output, const char *text)
{
  put_text(output, "<title>");
  svg_escape(output, text);
  put_text(output, "</title>");
}

void svg_heading(struct output *output, const char *source, const tcpstate_connection *connection)
{
  char text[SHORT_WORDING_SIZE];

  outcome_wording(text, connection);
  put_text(output, "<text x=\"24\" y=\"34\" class=\"big bold\">");
  svg_escape(output, source);
  svg_markup(output, ", connection %" PRIu32 "</text>\n", connection->stream);
  svg_text(output, 24, 54, "dim", text);
}

void svg_arrow_head(struct output *output, double from_x, double from_y, double x, double y, const char *style)
{
  const double length = 10;
  const double half = 4;
  double distance = hypot(x - from_x, y - from_y);
  double along_x = distance > 0 ? (x - from_x) / distance : 1;
  double along_y = distance > 0 ? (y - from_y) / distance : 0;

  svg_markup(output, "<path class=\"%s word\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fz\"/>\n", style, x, y,
             x - along_x * length - along_y * half, y - along_y * length + along_x * half,
             x - along_x * length + along_y * half, y - along_y * length - along_x * half);
}

const char *svg_class_of_state(unsigned state)
{
  switch (state) {
  case TCPSTATE_SYN_SENT:
  case TCPSTATE_SYN_RECEIVED:
    return "open";
  case TCPSTATE_ESTABLISHED:
    return "estab";
  case TCPSTATE_TIME_WAIT:
    return "wait";
  case TCPSTATE_UNKNOWN:
  case TCPSTATE_CLOSED:
  case TCPSTATE_LISTEN:
    return "none";
  default:
    return "close";
  }
}
