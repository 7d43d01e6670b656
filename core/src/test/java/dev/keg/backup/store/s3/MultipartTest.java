package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.StoredObject;
import dev.keg.file.Throttle;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.volume.Size;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    return client(StoreLimits.NONE);
  }

  private S3Client client(StoreLimits limits) {
    S3Connection connection =
        new S3Connection(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            () -> FakeS3.CREDENTIALS,
            InstantSource.system(),
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            Backoff.ATTEMPTS,
            Duration.ofMinutes(1),
            limits,
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

  /** Parts and content are a fraction of their usual sizes, and their number is not. */
  @ParameterizedTest(name = "of {0} GiB, expected to have {1} GiB")
  @CsvSource({"600, 600", "300, 1"})
  @NeedsTime
  void an_object_fits_into_the_parts_of_a_server(long gib, long expected) throws Exception {
    int scale = 8192;
    PartSizes usual = PartSizes.forObject(new Size(expected << 30), PartSizes.SMALLEST);
    S3Client client = client(StoreLimits.of(Throttle.NONE, Throttle.NONE, 4));
    ObjectName name = new ObjectName("data/db/x");
    PartSizes scaled = new PartSizes(usual.of(1) / scale);
    try (S3Upload upload = new S3Upload(client, name, scaled, Optional.empty())) {
      byte[] content = new byte[1 << 16];
      for (long left = (gib << 30) / scale; left > 0; left -= content.length) {
        upload.write(content, 0, (int) Math.min(content.length, left));
      }
      upload.publish();
    }

    assertThat(server.unfinishedUploads()).isZero();
    assertThat(server.log()).hasSizeBetween(8_900, 10_002);
    try (S3Store store = new S3Store(client, PartSizes.SMALLEST, Duration.ZERO)) {
      assertThat(store.list("data/"))
          .extracting(StoredObject::size)
          .containsExactly(new Size((gib << 30) / scale));
    }
  }

  @Test
  @NeedsTime
  void an_object_that_does_not_fit_is_refused_before_the_server_does() throws Exception {
    S3Client client = client(StoreLimits.of(Throttle.NONE, Throttle.NONE, 4));
    S3Upload upload =
        new S3Upload(client, new ObjectName("data/db/x"), new PartSizes(1 << 10), Optional.empty());
    byte[] content = new byte[1 << 20];
    assertThatThrownBy(
            () -> {
              while (true) {
                upload.write(content, 0, content.length);
              }
            })
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageContaining("10000 parts");
    upload.close();

    assertThat(server.log()).hasSize(10_002);
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
