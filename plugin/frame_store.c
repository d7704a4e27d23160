/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Eight bytes for each frame: the connection, and the number of what was said. That is said again and again, so each
 * different annotation is kept once: a few hundred in most captures. Blocks are never moved nor larger than needed.
 */
#include "frame_store.h"

#include <epan/wmem_scopes.h>
#include <stddef.h>
#include <string.h>

enum {
  BLOCK_BITS = 12,
  BLOCK_SIZE = 1 << BLOCK_BITS,
  BLOCK_MASK = BLOCK_SIZE - 1,
  ANNOTATION_BYTES = offsetof(tcpstate_annotation, teardown_role) + 1 /* without what pads it */
};

_Static_assert(sizeof(tcpstate_annotation) - ANNOTATION_BYTES < sizeof(uint64_t), "teardown_role is the last member");

struct record {
  uint32_t stream;
  unsigned said : 31; /* number in `annotations`, plus 1; 0 for none */
  unsigned more : 1;  /* the frame has further segments, in `further` */
};

/* Tunnels put a second segment into a frame. */
struct further {
  uint32_t frame;
  struct record record;
};

static struct record **blocks; /* by frame number / BLOCK_SIZE; NULL where no frame has any */
static uint32_t block_room;
static struct further *further; /* ascending by frame */
static uint32_t further_count;
static uint32_t further_room;
static tcpstate_annotation **annotations; /* without stream and slot */
static uint32_t annotation_count;
static uint32_t annotation_room;
static wmem_map_t *numbers; /* of annotations, plus 1 */

void frame_store_clear(void)
{
  blocks = NULL;
  block_room = 0;
  further = NULL;
  further_count = 0;
  further_room = 0;
  annotations = NULL;
  annotation_count = 0;
  annotation_room = 0;
  numbers = NULL;
}

/* ---------------------------------------------------------------- annotations by number */

static guint hash(gconstpointer key)
{
  uint64_t words[sizeof(tcpstate_annotation) / sizeof(uint64_t)];
  uint64_t sum = 0;
  size_t i;

  memcpy(words, key, sizeof words);
  for (i = 0; i < G_N_ELEMENTS(words); i++) {
    sum = (sum ^ words[i]) * 0x9e3779b97f4a7c15u;
    sum ^= sum >> 29;
  }
  return (guint)(sum >> 32);
}

static gboolean is_same(gconstpointer a, gconstpointer b)
{
  return memcmp(a, b, sizeof(tcpstate_annotation)) == 0;
}

static uint32_t add_annotation(const tcpstate_annotation *said)
{
  tcpstate_annotation *kept = (tcpstate_annotation *)wmem_memdup(wmem_file_scope(), said, sizeof *said);

  if (annotation_count == annotation_room) {
    annotation_room = annotation_room * 2 + 64;
    annotations = (tcpstate_annotation **)wmem_realloc(wmem_file_scope(), annotations,
                                                       annotation_room * sizeof(tcpstate_annotation *));
  }
  annotations[annotation_count++] = kept;
  wmem_map_insert(numbers, kept, GUINT_TO_POINTER(annotation_count));
  return annotation_count;
}

static uint32_t number_of(const tcpstate_annotation *annotation)
{
  tcpstate_annotation said;
  uint32_t number;

  memset(&said, 0, sizeof said);
  memcpy(&said, annotation, ANNOTATION_BYTES);
  said.stream = 0;
  said.slot = 0;
  if (numbers == NULL) {
    numbers = wmem_map_new(wmem_file_scope(), hash, is_same);
  }
  number = GPOINTER_TO_UINT(wmem_map_lookup(numbers, &said));
  return number != 0 ? number : add_annotation(&said);
}

/* ---------------------------------------------------------------- records by frame */

static struct record *find(uint32_t frame)
{
  uint32_t block = frame >> BLOCK_BITS;

  return block < block_room && blocks[block] != NULL ? &blocks[block][frame & BLOCK_MASK] : NULL;
}

static struct record *find_or_add(uint32_t frame)
{
  uint32_t block = frame >> BLOCK_BITS;

  if (block >= block_room) {
    uint32_t room = block * 2 + 16;

    blocks = (struct record **)wmem_realloc(wmem_file_scope(), blocks, room * sizeof(struct record *));
    memset(blocks + block_room, 0, (room - block_room) * sizeof(struct record *));
    block_room = room;
  }
  if (blocks[block] == NULL) {
    blocks[block] = wmem_alloc0_array(wmem_file_scope(), struct record, BLOCK_SIZE);
  }
  return &blocks[block][frame & BLOCK_MASK];
}

static struct record *add_further(uint32_t frame)
{
  if (further_count == further_room) {
    further_room = further_room * 2 + 64;
    further = (struct further *)wmem_realloc(wmem_file_scope(), further, further_room * sizeof *further);
  }
  further[further_count].frame = frame;
  return &further[further_count++].record;
}

/* Where those of `frame` begin. */
static uint32_t first_further(uint32_t frame)
{
  uint32_t low = 0;
  uint32_t high = further_count;

  while (low < high) {
    uint32_t middle = low + (high - low) / 2;

    if (further[middle].frame < frame) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void frame_store_add(uint32_t frame, const tcpstate_annotation *annotation)
{
  struct record *record = find_or_add(frame);

  if (record->said != 0) {
    record->more = 1;
    record = add_further(frame);
  }
  record->stream = annotation->stream;
  record->said = number_of(annotation) & 0x7fffffffu;
  record->more = 0;
}

int frame_store_has(uint32_t frame)
{
  const struct record *record = find(frame);

  return record != NULL && record->said != 0;
}

int frame_store_get(uint32_t frame, unsigned index, tcpstate_annotation *annotation)
{
  const struct record *record = find(frame);

  if (record == NULL || record->said == 0 || (index > 0 && !record->more)) {
    return 0;
  }
  if (index > 0) {
    uint32_t place = first_further(frame) + index - 1;

    if (place >= further_count || further[place].frame != frame) {
      return 0;
    }
    record = &further[place].record;
  }
  *annotation = *annotations[record->said - 1];
  annotation->stream = record->stream;
  return 1;
}
