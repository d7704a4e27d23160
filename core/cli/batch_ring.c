/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "batch_ring.h"

#include "huge_pages.h"
#include "input/interrupt.h"

#include <pthread.h>
#include <stdatomic.h>

enum { RING = 4 };

struct batch_ring {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t passed; /* for the second thread: there is one, or the end */
  pthread_cond_t used;   /* for the caller: one is free */
  batch_use use;
  void *user;
  unsigned filling; /* batches that were ever passed on; those from `using` on wait or are in use */
  unsigned using;
  bool ends;
  atomic_bool is_over; /* asked for each packet */
  struct batch batches[RING];
};

/* Waits for the next one; false at the end. */
static bool await_batch(struct batch_ring *ring)
{
  bool there;

  pthread_mutex_lock(&ring->lock);
  while (ring->using == ring->filling && !ring->ends) {
    pthread_cond_wait(&ring->passed, &ring->lock);
  }
  there = ring->using != ring->filling;
  pthread_mutex_unlock(&ring->lock);
  return there;
}

static void give_back(struct batch_ring *ring)
{
  pthread_mutex_lock(&ring->lock);
  ring->using ++;
  pthread_cond_signal(&ring->used);
  pthread_mutex_unlock(&ring->lock);
}

static void *second_thread(void *start)
{
  struct batch_ring *ring = start;

  interrupt_shun();
  while (await_batch(ring)) {
    if (!ring->is_over && !ring->use(ring->user, &ring->batches[ring->using % RING])) {
      ring->is_over = true;
    }
    give_back(ring);
  }
  return NULL;
}

struct batch_ring *batch_ring_start(batch_use use, void *user)
{
  struct batch_ring *ring = huge_pages_get(sizeof *ring);

  if (ring == NULL) {
    return NULL;
  }
  ring->use = use;
  ring->user = user;
  ring->filling = 0;
  ring->using = 0;
  ring->ends = false;
  atomic_init(&ring->is_over, false);
  pthread_mutex_init(&ring->lock, NULL);
  pthread_cond_init(&ring->passed, NULL);
  pthread_cond_init(&ring->used, NULL);
  if (pthread_create(&ring->thread, NULL, second_thread, ring) != 0) {
    huge_pages_put(ring, sizeof *ring);
    return NULL;
  }
  return ring;
}

struct batch *batch_ring_first(struct batch_ring *ring)
{
  struct batch *batch = &ring->batches[ring->filling % RING];

  batch->count = 0;
  return batch;
}

/* Waits until no more than `most` are left to be used. */
static void await_used(struct batch_ring *ring, unsigned most)
{
  while (ring->filling - ring->using > most) {
    pthread_cond_wait(&ring->used, &ring->lock);
  }
}

struct batch *batch_ring_pass(struct batch_ring *ring)
{
  pthread_mutex_lock(&ring->lock);
  ring->filling++;
  pthread_cond_signal(&ring->passed);
  await_used(ring, RING - 1);
  pthread_mutex_unlock(&ring->lock);
  return batch_ring_first(ring);
}

void batch_ring_drain(struct batch_ring *ring)
{
  pthread_mutex_lock(&ring->lock);
  await_used(ring, 0);
  pthread_mutex_unlock(&ring->lock);
}

bool batch_ring_is_over(const struct batch_ring *ring)
{
  return atomic_load_explicit(&ring->is_over, memory_order_relaxed);
}

void batch_ring_end(struct batch_ring *ring)
{
  pthread_mutex_lock(&ring->lock);
  ring->ends = true;
  pthread_cond_signal(&ring->passed);
  pthread_mutex_unlock(&ring->lock);
  pthread_join(ring->thread, NULL);
  pthread_mutex_destroy(&ring->lock);
  pthread_cond_destroy(&ring->passed);
  pthread_cond_destroy(&ring->used);
  huge_pages_put(ring, sizeof *ring);
}
