package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.StoreLimits;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** A bucket with object lock whose locks end a moment after they were made. */
class LockedStoreTest extends ObjectStoreContract {
  private static final int PART = 1 << 18;

  private final FakeS3 server;

  LockedStoreTest() throws IOException {
    server = new FakeS3(true);
  }

  @Override
  protected ObjectStore openEmpty() {
    S3Connection connection =
        new S3Connection(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            () -> FakeS3.CREDENTIALS,
            InstantSource.offset(InstantSource.system(), Duration.ofDays(-2)),
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            Backoff.ATTEMPTS,
            Duration.ofMinutes(1),
            StoreLimits.NONE,
            _ -> {});
    S3Location place = new S3Location(FakeS3.BUCKET, "keg", server.endpoint(), "us-east-1", false);
    return new S3Store(new S3Client(place, connection), PART, Duration.ofDays(1));
  }

  @Override
  protected int large() {
    return 5 * PART + 12_345;
  }

  @AfterEach
  void stopServer() {
    server.close();
  }
}
