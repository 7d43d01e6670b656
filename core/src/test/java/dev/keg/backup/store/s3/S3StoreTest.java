package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.VirtualLine;
import dev.keg.backup.store.s3.signing.Credentials;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.volume.Size;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3StoreTest extends ObjectStoreContract {
  private static final int PART = 1 << 18;

  /** More than can be in progress at the same time. */
  private static final int MANY_PARTS = Multipart.BYTES_UNDER_WAY / PART + 12;

  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private StoreLimits limits = StoreLimits.NONE;
  private Duration lock = Duration.ZERO;
  private final FakeS3 server;

  S3StoreTest() throws IOException {
    server = new FakeS3();
  }

  @Override
  protected ObjectStore openEmpty() {
    return open(server.endpoint(), FakeS3.CREDENTIALS, FakeS3.BUCKET);
  }

  @Override
  protected int large() {
    return 12 * PART + 12_345;
  }

  /** An object of unknown size begins with larger parts. */
  @Override
  protected Size announced() {
    return new Size(1);
  }

  private S3Store open(URI endpoint, Credentials credentials, String bucket) {
    return open(endpoint, credentials, bucket, Duration.ofMinutes(1));
  }

  private S3Store open(URI endpoint, Credentials credentials, String bucket, Duration idle) {
    S3Connection connection =
        new S3Connection(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            () -> credentials,
            InstantSource.system(),
            new Backoff(new Random(1), pauses::add, _ -> {}),
            Backoff.ATTEMPTS,
            idle,
            limits,
            _ -> {});
    S3Location place = new S3Location(bucket, "/back ups/größe+&<x>", endpoint, "us-east-1", false);
    return new S3Store(new S3Client(place, connection), PART, lock);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void what_is_sent_and_received_is_held_back_to_the_rates() throws IOException {
    VirtualLine up = new VirtualLine(1_000_000);
    VirtualLine down = new VirtualLine(4_000_000);
    limits = StoreLimits.of(up.throttle(), down.throttle(), 2);
    try (ObjectStore store = openEmpty()) {
      VirtualLine.transfer(store, 2_000_000);
    }

    // Each of two that wait at the same time lets the whole time pass.
    assertThat(up.passed()).isBetween(Duration.ofMillis(1900), Duration.ofMillis(4500));
    assertThat(down.passed()).isBetween(Duration.ofMillis(450), Duration.ofMillis(520));
    assertThat(limits.connections().availablePermits()).isEqualTo(2);
  }

  @Test
  void an_address_names_the_bucket_and_the_endpoint() {
    assertThat(store().address())
        .isEqualTo("s3://buck/back ups/größe+&<x>?endpoint=" + server.endpoint());
  }

  @Test
  void a_token_that_cannot_be_a_header_is_not_shown() {
    Credentials broken = new Credentials("AKID", "secret", "to\r\nken", null);
    try (S3Store store = open(server.endpoint(), broken, FakeS3.BUCKET)) {
      assertThatThrownBy(() -> store.list("data/"))
          .isInstanceOf(StoreException.Failed.class)
          .hasMessageContaining("x-amz-security-token has an invalid character")
          .hasMessageNotContaining("ken\n")
          .hasMessageNotContaining("AKID");
    }
  }

  /** The operations of a store, and their requests. */
  static Stream<Arguments> requests() {
    return Stream.of(
            "PUT ",
            "GET /buck/?list",
            "GET /buck/back",
            "DELETE ",
            "POST ",
            "partNumber=2",
            "uploadId=")
        .flatMap(
            request ->
                Stream.of(
                        Behaviour.NOT_NOW,
                        Behaviour.SERVER_ERROR,
                        Behaviour.BREAK_BEFORE,
                        Behaviour.BREAK_AFTER,
                        Behaviour.BREAK_IN_ANSWER)
                    .map(behaviour -> Arguments.of(request, behaviour)));
  }

  @ParameterizedTest(name = "{1} at {0}")
  @MethodSource("requests")
  void a_request_that_fails_twice_succeeds_the_third_time(String request, Behaviour behaviour)
      throws IOException {
    put("data/db/known", bytes(10)); // shows that the store answers
    byte[] large = bytes(4 * PART + 12_345);
    AtomicInteger failures = new AtomicInteger();
    server.plan(
        line ->
            line.contains(request) && failures.incrementAndGet() <= 2
                ? behaviour
                : Behaviour.SERVE);
    put("data/db/small", bytes(100));
    put("data/db/large", large);

    assertThat(names("data/")).containsExactly("data/db/known", "data/db/large", "data/db/small");
    assertThat(readAll("data/db/small")).isEqualTo(bytes(100));
    assertThat(Arrays.equals(readAll("data/db/large"), large)).isTrue();
    store().delete(new ObjectName("data/db/small"));
    assertThat(names("data/")).containsExactly("data/db/known", "data/db/large");
    assertThat(server.unfinishedUploads()).isLessThanOrEqualTo(2);
    assertThat(failures.get()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /buck/?list", "GET /buck/back"})
  void a_connection_that_hangs_in_the_middle_of_an_answer_is_given_up(String request)
      throws IOException {
    put("data/db/known", bytes(1 << 20));
    AtomicInteger hung = new AtomicInteger();
    server.plan(
        line ->
            line.contains(request) && hung.incrementAndGet() == 1
                ? Behaviour.HANG_IN_ANSWER
                : Behaviour.SERVE);
    try (S3Store store =
        open(server.endpoint(), FakeS3.CREDENTIALS, FakeS3.BUCKET, Duration.ofSeconds(1))) {
      ByteBuffer target = ByteBuffer.allocate(1 << 20);
      assertThat(store.list("data/")).hasSize(1);
      assertThat(store.read(new ObjectName("data/db/known"), 0, target)).isEqualTo(1 << 20);
    }
    assertThat(hung.get()).isGreaterThan(1);
  }

  @Test
  void pauses_between_attempts_grow_and_end() throws IOException {
    put("data/db/known", bytes(1));
    server.plan(_ -> Behaviour.NOT_NOW);

    assertThatThrownBy(() -> store().list(""))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessage(store().address() + ": list : SlowDown: as told");
    assertThat(pauses).hasSize(7);
    for (int number = 0; number < 7; number++) {
      assertThat(pauses.get(number).toMillis())
          .isBetween(Math.min(125L << number, 10_000), Math.min(250L << number, 20_000));
    }
  }

  @Test
  void an_address_where_nobody_answers_is_given_up_soon() throws IOException {
    server.close();

    assertThatThrownBy(() -> store().list(""))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessage(
            store().address()
                + ": list : cannot connect to 127.0.0.1:"
                + server.endpoint().getPort());
    assertThat(pauses).hasSize(2);
  }

  @Test
  void an_unknown_host_is_not_asked_again() {
    S3Store nowhere = open(URI.create("http://no-such-host.invalid"), FakeS3.CREDENTIALS, "buck");

    assertThatThrownBy(() -> nowhere.list(""))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageEndingWith("unknown host no-such-host.invalid");
    assertThat(pauses).isEmpty();
  }

  @Test
  void a_server_that_dies_in_the_middle_of_an_upload_ends_it_with_an_error() throws IOException {
    server.plan(line -> line.contains("partNumber=2") ? Behaviour.BREAK_BEFORE : Behaviour.SERVE);

    assertThatThrownBy(() -> put("data/db/large", bytes(MANY_PARTS * PART)))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining(": write data/db/large: the connection was lost");
    server.plan(_ -> Behaviour.SERVE);
    assertThat(names("")).isEmpty();
    assertThat(server.unfinishedUploads()).isZero();
  }

  @Test
  void a_wrong_secret_is_an_error_that_does_not_tell_it() {
    S3Store store =
        open(server.endpoint(), new Credentials("AKIDEXAMPLE", "wrong-secret", null, null), "buck");

    assertThatThrownBy(() -> store.list(""))
        .isInstanceOfSatisfying(
            StoreException.Failed.class,
            e -> {
              assertThat(e).hasMessageEndingWith(": list : SignatureDoesNotMatch: as told");
              assertThat(e.hint().orElse("")).contains("AWS_SECRET_ACCESS_KEY");
              assertThat(e.toString()).doesNotContain("wrong-secret");
            });
    assertThat(pauses).isEmpty();
  }

  @Test
  void a_bucket_that_is_not_there_is_not_an_empty_one() {
    S3Store store = open(server.endpoint(), FakeS3.CREDENTIALS, "other");

    assertThatThrownBy(() -> store.list("")).hasMessageEndingWith("NoSuchBucket: as told");
    assertThatThrownBy(() -> store.open(new ObjectName("repository.json")))
        .isInstanceOf(StoreException.Failed.class);
    assertThatThrownBy(() -> store.delete(new ObjectName("data/db/x")))
        .isInstanceOf(StoreException.Failed.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"BREAK_AFTER", "SERVE"})
  void a_store_without_conditions_is_asked_before_it_is_written_to(Behaviour first)
      throws IOException {
    AtomicInteger puts = new AtomicInteger();
    server.plan(
        line -> line.startsWith("PUT") && puts.incrementAndGet() == 2 ? first : Behaviour.UNABLE);
    put("data/db/small", bytes(10));
    put("data/db/large", bytes(5 * PART));

    assertThatThrownBy(() -> put("data/db/small", bytes(11)))
        .isInstanceOf(StoreException.AlreadyExists.class);
    assertThatThrownBy(() -> put("data/db/large", bytes(5 * PART)))
        .isInstanceOf(StoreException.AlreadyExists.class);
    assertThat(readAll("data/db/small")).isEqualTo(bytes(10));
  }

  @Test
  void an_object_of_unknown_size_is_read_as_it_was_written() throws IOException {
    // Two of the parts with which it begins.
    byte[] bytes = bytes((16 << 20) + 12_345);
    try (PendingObject object = store().create(new ObjectName("data/db/x"), Size.ZERO)) {
      object.write(bytes);
      object.publish();
    }

    assertThat(server.log()).filteredOn(line -> line.contains("partNumber=")).hasSize(2);
    assertThat(Arrays.equals(readAll("data/db/x"), bytes)).isTrue();
  }

  @Test
  void a_small_object_costs_one_request_and_a_range_too() throws IOException {
    put("data/db/small", bytes(PART));
    read("data/db/small", 100_000, 50_000);

    assertThat(server.log()).hasSize(2);
  }

  @Test
  void an_upload_that_is_discarded_leaves_no_parts() throws IOException {
    try (PendingObject object = store().create(new ObjectName("data/db/x"), new Size(1))) {
      object.write(bytes(MANY_PARTS * PART));
    }

    assertThat(server.unfinishedUploads()).isZero();
  }

  @Test
  void uploads_of_dead_writers_are_cleared_when_they_are_old_enough() throws IOException {
    PendingObject abandoned = store().create(new ObjectName("data/db/x"), new Size(1));
    abandoned.write(bytes(5 * PART));
    store().clearUnfinished(Instant.now().minus(Duration.ofDays(7)));
    assertThat(server.unfinishedUploads()).isEqualTo(1);

    store().clearUnfinished(Instant.now().plus(Duration.ofDays(7)));
    assertThat(server.unfinishedUploads()).isZero();
    abandoned.close();
  }

  @Test
  void an_upload_whose_parts_nobody_may_look_at_is_left_alone() throws IOException {
    PendingObject abandoned = store().create(new ObjectName("data/db/x"), new Size(1));
    abandoned.write(bytes(5 * PART));
    server.hideParts();

    store().clearUnfinished(Instant.now().plus(Duration.ofDays(7)));
    assertThat(server.unfinishedUploads()).isEqualTo(1);
    abandoned.close();
  }

  @Test
  @Timeout(60)
  void an_upload_that_takes_longer_is_not_cleared_as_long_as_parts_arrive() throws Exception {
    PendingObject slow = store().create(new ObjectName("data/db/x"), new Size(1));
    slow.write(bytes(6 * PART));
    server.awaitPart(1);
    server.advance(Duration.ofDays(8));
    slow.write(bytes(6 * PART));
    server.awaitPart(2);

    store().clearUnfinished(Instant.now().plus(Duration.ofDays(1)));
    assertThat(server.unfinishedUploads()).isEqualTo(1);
    slow.publish();
    assertThat(store().list("data/")).hasSize(1);
  }
}
