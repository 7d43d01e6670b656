package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreLimits;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.volume.Size;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MultipartTest {
  private static final int PART = 4 << 20;
  private static final int AT_ONCE = Multipart.BYTES_UNDER_WAY / PART + 1;
  private static final int ALL = AT_ONCE + 3;

  private final AtomicInteger sent = new AtomicInteger();
  private final FakeS3 server;

  MultipartTest() throws IOException {
    server = new FakeS3();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private S3Client client() {
    S3Connection connection =
        new S3Connection(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            () -> FakeS3.CREDENTIALS,
            InstantSource.system(),
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            Backoff.ATTEMPTS,
            Duration.ofMinutes(1),
            StoreLimits.NONE,
            _ -> {});
    return new S3Client(
        new S3Location(FakeS3.BUCKET, "", server.endpoint(), "us-east-1", false), connection);
  }

  /** The buffers have that size, but only a few of their bytes are sent. */
  private void sendAll(Multipart upload, CompletableFuture<Boolean> end) {
    try {
      byte[] buffer = new byte[PART];
      for (int number = 1; number <= ALL; number++) {
        buffer = upload.send(buffer, number);
        sent.incrementAndGet();
      }
      end.complete(true);
    } catch (Exception e) {
      end.completeExceptionally(e);
    }
  }

  @Test
  @Timeout(60)
  void parts_are_under_way_at_once_as_far_as_memory_goes_and_then_the_writer_waits()
      throws Exception {
    Semaphore arrived = new Semaphore(0);
    CountDownLatch answers = new CountDownLatch(1);
    server.plan(
        line -> {
          if (line.contains("partNumber=")) {
            arrived.release();
            awaitQuietly(answers);
          }
          return Behaviour.SERVE;
        });
    Multipart upload = Multipart.begin(client(), new ObjectName("data/db/x"), request -> request);
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    Thread writer = Thread.ofPlatform().start(() -> sendAll(upload, end));
    try {
      arrived.acquire(AT_ONCE);
      while (writer.getState() != Thread.State.WAITING) {
        assertThat(end).isNotDone();
        Thread.onSpinWait();
      }
      assertThat(sent).hasValue(AT_ONCE - 1);
    } finally {
      answers.countDown();
    }

    assertThat(end.get(50, TimeUnit.SECONDS)).isTrue();
    upload.complete(new Size(ALL * (ALL + 1L) / 2));
    assertThat(arrived.availablePermits()).isEqualTo(ALL - AT_ONCE);
    assertThat(server.unfinishedUploads()).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
