/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "help.h"

#include "commands.h"

#include <stdio.h>
#if TCPSTATE_LIBPCAP
#include <pcap/pcap.h>
#endif

void help_print(void)
{
  fputs("tcpstate: the TCP state of both endpoints, packet by packet\n\n"
        "usage: tcpstate [COMMAND] [OPTIONS] [FILE...] [FILTER]\n\n"
        "commands:\n",
        stdout);
  for (const struct command *command = commands; command->name != NULL; command++) {
    printf("  %-10s %s\n", command->name, command->summary);
  }
  fputs("\nFILE is a capture (pcap, pcapng), - is standard input; several are read as one, in time order.\n"
        "FILTER is a pcap-filter(7) expression, as with tcpdump.\n\n"
        "options:\n"
        "  -i IFACE              capture live until Ctrl-C\n"
        "  --tcpdump-text        read what `tcpdump -nn` prints instead of a capture\n"
        "  -T FORM               output form: text (default), csv, json, fields, svg\n"
        "  -e NAME               field to print with -T fields; may be repeated\n"
        "  --stream N            only this connection\n"
        "  -w FILE               write a pcapng copy with the states as packet comments\n"
        "  --explain             compare in sentences, with the grounds for each\n"
        "  --lang en|zh          language of explain and compare\n"
        "  --what ladder|states  diagram of segments, or of the states passed through\n"
        "  --no-times            no times in a ladder; --no-numbers: no sequence numbers\n"
        "  --color WHEN          auto, always, never\n"
        "  --progress WHEN       auto, always, never\n"
        "  --time-wait SECONDS   how long TIME-WAIT lasts (60)\n"
        "  --max-connections N   connections kept at a time (no limit)\n"
        "  --max-memory SIZE     bytes for connections, or with K, M, G (no limit)\n"
        "  --jobs N              with 2, annotate writes in a second thread (1)\n"
        "  -q  -V  -h            quiet, version, this help\n\n"
        "examples:\n"
        "  tcpstate trace.pcap\n"
        "  tcpstate trace.pcap 'port 443'\n"
        "  tcpdump -nn -l -i eth0 tcp | tcpstate --tcpdump-text -\n"
        "  tcpstate explain --stream 0 trace.pcap\n"
        "  tcpstate diagram -T svg --stream 0 trace.pcap > ladder.svg\n"
        "  tcpstate compare client.pcap server.pcap\n"
        "  tcpstate compare --explain --stream 0 client.pcap server.pcap\n"
        "  tcpstate -T fields -e frame.number -e tcpstate.client.state trace.pcap\n",
        stdout);
}

void version_print(void)
{
#if TCPSTATE_LIBPCAP
  const char *library = pcap_lib_version();
#else
  const char *library = "without libpcap: no filters, no live capture, plain pcap and pcapng only";
#endif

  printf("tcpstate %s\n%s\n", tcpstate_version(), library);
}
