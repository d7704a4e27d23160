/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines of a text, in bounded memory, that never waits for more input without saying so first.
 */
#ifndef CLI_LINE_READER_H
#define CLI_LINE_READER_H

enum line_status { LINE_READ, LINE_WAIT, LINE_END, LINE_BROKEN };

struct line_reader;

struct line_reader *line_reader_new(int descriptor); /* NULL: no memory */
void line_reader_free(struct line_reader *reader);   /* leaves the descriptor open */

/* LINE_READ: *line is valid until the next call, without its newline; a line beyond 64 KiB comes in pieces.
 * LINE_WAIT: the next call may block. LINE_END: no more. LINE_BROKEN: the same, for errno's reason. */
enum line_status line_reader_next(struct line_reader *reader, char **line);

#endif
