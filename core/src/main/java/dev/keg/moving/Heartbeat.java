package dev.keg.moving;

import dev.keg.file.ThreadEnd;
import dev.keg.moving.pass.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells the source every few seconds that this host is alive, since a request may take hours, and
 * so that an unnoticed broken connection also ends here.
 */
final class Heartbeat implements AutoCloseable {
  /** Several of them fit into {@link MoveTools#PATIENCE}. */
  static final Duration EVERY = Duration.ofSeconds(10);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  Heartbeat(Wire wire, Duration every) {
    thread = Thread.ofVirtual().start(() -> beat(wire, every));
  }

  private void beat(Wire wire, Duration every) {
    try {
      while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        wire.alive();
      }
    } catch (IOException _) {
      return; // the thread that serves the source meets the same failure
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    ThreadEnd.await(List.of(thread));
  }
}
