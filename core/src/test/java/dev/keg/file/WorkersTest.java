package dev.keg.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.file.Workers.Task;
import dev.keg.file.Workers.Workplace;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  private static final int COUNT = 2;
  private static final int ROOM = 2 * COUNT;

  private final AtomicInteger opened = new AtomicInteger();
  private final Queue<String> done = new ConcurrentLinkedQueue<>();
  private final CountDownLatch started = new CountDownLatch(COUNT);
  private final CountDownLatch goOn = new CountDownLatch(1);

  /** Each thread works with a number. */
  private final Workplace<Integer> workplace = work -> work.accept(opened.incrementAndGet());

  /** Records whether it was run or dropped. */
  private Task<Integer> told(String name) {
    return task(name, () -> {});
  }

  private Task<Integer> task(String name, Runnable work) {
    return new Task<>() {
      @Override
      public void run(Integer tools) {
        work.run();
        done.add(name);
      }

      @Override
      public void drop() {
        done.add(name + " dropped");
      }
    };
  }

  /** Blocks the threads until {@link #goOn}. */
  private void keepBusy(Workers<Integer> workers) throws InterruptedException {
    for (int thread = 0; thread < COUNT; thread++) {
      workers.submit(task("busy", () -> meet(goOn)));
    }
    started.await();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fail() {
    throw new IllegalArgumentException("as told");
  }

  @Test
  void each_task_is_done_once_when_all_are_finished_by_threads_with_tools_of_their_own() {
    Set<Integer> tools = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(COUNT);
    try (var workers = new Workers<>(COUNT, "worker-", workplace)) {
      for (int number = 0; number < COUNT; number++) {
        workers.submit(
            own -> {
              tools.add(own);
              done.add(Thread.currentThread().getName());
              both.countDown();
              await(both);
            });
      }
      IntStream.range(0, 20).forEach(number -> workers.submit(told("" + number)));
      workers.finish();

      assertThat(tools).containsExactlyInAnyOrder(1, 2);
      assertThat(done)
          .hasSize(22)
          .contains("worker-0", "worker-1")
          .containsAll(IntStream.range(0, 20).mapToObj(String::valueOf).toList());
    }
  }

  @Test
  void a_caller_with_more_than_a_few_tasks_waits() throws Exception {
    try (var workers = new Workers<>(COUNT, "worker-", workplace)) {
      keepBusy(workers);
      AtomicInteger given = new AtomicInteger();
      Thread giver =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int number = 0; number < ROOM + 1; number++) {
                      workers.submit(told("waits"));
                      given.incrementAndGet();
                    }
                  });
      while (giver.getState() != Thread.State.WAITING || given.get() < ROOM) {
        assertThat(giver.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      assertThat(given).hasValue(ROOM);
      goOn.countDown();
      giver.join();
      workers.finish();
      assertThat(done).hasSize(COUNT + ROOM + 1);
    }
  }

  @Test
  void a_task_that_nobody_has_room_for_is_not_taken() throws Exception {
    try (var workers = new Workers<>(COUNT, "worker-", workplace)) {
      keepBusy(workers);
      for (int number = 0; number < ROOM; number++) {
        assertThat(workers.offer(told("waits"))).isTrue();
      }
      assertThat(workers.offer(told("refused"))).isFalse();
      goOn.countDown();
      workers.finish();
    }
    assertThat(done).hasSize(COUNT + ROOM).doesNotContain("refused");
  }

  @Test
  void after_a_failure_nothing_is_done_any_more() throws Exception {
    try (var workers = new Workers<>(1, "worker-", workplace)) {
      workers.submit(task("fails", WorkersTest::fail));
      // Tasks that were added before the failure was seen are dropped.
      assertThatThrownBy(
              () -> {
                while (true) {
                  workers.submit(told("later"));
                }
              })
          .hasMessage("as told");
      assertThatThrownBy(workers::finish).hasMessage("as told");
    }
    assertThat(Set.copyOf(done)).isIn(Set.of(), Set.of("later dropped"));
  }

  /** One thread drops a task for as long as the other, which continued, drops the rest. */
  @Test
  void the_failure_of_one_thread_ends_the_work_of_the_others() throws Exception {
    CountDownLatch rest = new CountDownLatch(2);
    CountDownLatch failure = new CountDownLatch(1);
    try (var workers = new Workers<>(COUNT, "worker-", workplace)) {
      workers.submit(task("goes on", () -> meet(goOn)));
      workers.submit(
          task(
              "fails",
              () -> {
                meet(failure);
                fail();
              }));
      started.await();
      workers.submit(
          left(
              () -> {
                goOn.countDown();
                await(rest);
              }));
      workers.submit(left(rest::countDown));
      workers.submit(left(rest::countDown));
      failure.countDown();
      rest.await();
      assertThatThrownBy(workers::finish).hasMessage("as told");
    }
    assertThat(done).containsExactly("goes on");
  }

  /** A task that should be dropped. */
  private Task<Integer> left(Runnable dropped) {
    return new Task<>() {
      @Override
      public void run(Integer tools) {
        done.add("left");
        dropped.run();
      }

      @Override
      public void drop() {
        dropped.run();
      }
    };
  }

  private void meet(CountDownLatch latch) {
    started.countDown();
    await(latch);
  }

  @Test
  void nobody_waits_for_threads_whose_tools_cannot_be_opened() {
    try (var workers =
        new Workers<Integer>(
            COUNT,
            "worker-",
            _ -> {
              fail();
            })) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  workers.submit(told("later"));
                }
              })
          .hasMessage("as told");
      assertThatThrownBy(workers::finish).hasMessage("as told");
      assertThat(done).doesNotContain("later");
    }
  }

  @Test
  void tools_that_cannot_be_closed_are_a_failure_that_leaves_the_other_threads_their_end() {
    try (var workers =
        new Workers<Integer>(
            COUNT,
            "worker-",
            work -> {
              int tools = opened.incrementAndGet();
              work.accept(tools);
              if (tools == 1) {
                fail();
              }
            })) {
      workers.submit(told("one"));
      assertThatThrownBy(workers::finish).hasMessage("as told");
    }
    assertThat(done).containsExactly("one");
  }

  @Test
  void closing_interrupts_running_tasks_waits_for_them_and_drops_the_rest() throws Exception {
    CountDownLatch ended = new CountDownLatch(COUNT);
    var workers =
        new Workers<Integer>(
            COUNT,
            "worker-",
            work -> {
              try {
                work.accept(0);
              } finally {
                ended.countDown();
              }
            });
    keepBusy(workers);
    workers.submit(told("rest"));

    workers.close();

    assertThat(ended.getCount()).isZero();
    assertThat(done).containsExactly("rest dropped");
  }

  @Test
  void a_thread_without_tasks_ends_when_the_workers_are_closed() {
    assertThatCode(() -> new Workers<>(COUNT, "worker-", workplace).close())
        .doesNotThrowAnyException();
  }

  @Test
  void a_caller_that_is_interrupted_while_it_gives_or_waits_continues() throws Exception {
    try (var workers = new Workers<>(COUNT, "worker-", workplace)) {
      for (Runnable step : List.<Runnable>of(() -> workers.submit(told("x")), workers::finish)) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(step::run)
            .isInstanceOf(CancellationException.class)
            .hasMessage("interrupted");
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  void a_wait_for_threads_is_not_shortened_by_an_interruption_which_is_kept() throws Exception {
    Thread busy = Thread.ofPlatform().start(() -> await(goOn));
    AtomicInteger kept = new AtomicInteger();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  ThreadEnd.await(List.of(busy));
                  kept.set(!busy.isAlive() && Thread.interrupted() ? 1 : -1);
                });
    waiting.interrupt();
    while (waiting.isInterrupted() || waiting.getState() != Thread.State.WAITING) {
      assertThat(waiting.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    goOn.countDown();
    waiting.join();

    assertThat(kept).hasValue(1);
  }
}
