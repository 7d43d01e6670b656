package dev.keg.backup.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.fixtures.server.FakeServer;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStoreContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3RecordsTest extends RecordStoreContract {
  private static final String KEY = "volumes/db.json";

  @TempDir private Path home;
  private FakeS3 server;
  private RecordStore store;

  @BeforeEach
  void open() throws IOException {
    server = new FakeS3();
    store = open(FakeS3.CREDENTIALS.secretKey());
  }

  private RecordStore open(String secret) throws StoreException {
    return open(server.endpoint(), secret);
  }

  private RecordStore open(URI endpoint, String secret) throws StoreException {
    return S3Setup.openRecords(
        new S3Options(FakeS3.BUCKET, "keg registry", endpoint, null, null, false),
        new S3Environment(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                FakeS3.CREDENTIALS.accessKey(),
                "AWS_SECRET_ACCESS_KEY",
                secret),
            home,
            new FakePrograms(_ -> new FakePrograms.Result(1, "", "")),
            InstantSource.system(),
            new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {}));
  }

  @AfterEach
  void close() {
    store.close();
    server.close();
  }

  @Override
  protected RecordStore store() {
    return store;
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "NOT_NOW",
        "SERVER_ERROR",
        "CONFLICT",
        "BREAK_BEFORE",
        "BREAK_AFTER",
        "BREAK_IN_ANSWER"
      })
  void a_write_whose_answer_is_lost_is_known_again(Behaviour behaviour) {
    String version = store.put(KEY, "{\"a\":1}", RecordStore.NONE).orElseThrow();
    AtomicInteger writes = new AtomicInteger();
    server.plan(
        line ->
            line.startsWith("PUT") && writes.getAndIncrement() == 0 ? behaviour : Behaviour.SERVE);

    assertThat(store.put(KEY, "{\"a\":2}", version)).isPresent();
    assertThat(store.get(KEY).orElseThrow().text()).isEqualTo("{\"a\":2}");
  }

  @Test
  void a_server_that_ignores_conditions_is_refused() {
    server.plan(_ -> Behaviour.IGNORANT);

    assertThatThrownBy(store::probe)
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("this server ignores If-None-Match (it answered 200, not 412)");
    assertThat(store.list("probe/")).isEmpty();
  }

  @Test
  void a_server_that_ignores_them_only_when_it_deletes_is_not() {
    server.plan(line -> line.startsWith("DELETE") ? Behaviour.IGNORANT : Behaviour.SERVE);

    assertThat(store.probe()).isFalse();
  }

  @Test
  void wrong_keys_are_reported_with_what_to_check() throws IOException {
    try (RecordStore locked = open("wr0ng")) {
      assertThatThrownBy(() -> locked.get(KEY))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("SignatureDoesNotMatch")
          .hasMessageNotContaining("wr0ng");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidAccessKeyId, 403, check AWS_ACCESS_KEY_ID",
    "ExpiredToken, 400, the session is over; sign in again",
    "RequestTimeTooSkewed, 403, set this machine's clock",
    "NoSuchBucket, 404, create the bucket first"
  })
  void a_refusal_says_what_to_do(String code, int status, String hint) throws IOException {
    try (FakeServer refusing = new Refusing(code, status);
        RecordStore refused =
            open(URI.create("http://" + refusing.host()), FakeS3.CREDENTIALS.secretKey())) {
      for (ThrowingCallable request :
          List.<ThrowingCallable>of(
              () -> refused.get(KEY),
              () -> refused.put(KEY, "{}", RecordStore.NONE),
              () -> refused.delete(KEY, "x"),
              () -> refused.list("volumes/"))) {
        assertThatThrownBy(request)
            .isInstanceOfSatisfying(
                StoreRefused.class, e -> assertThat(e.hint().orElse("")).startsWith(hint))
            .hasMessageContaining(code);
      }
    }
  }

  private static final class Refusing extends FakeServer {
    private final String code;
    private final int status;

    Refusing(String code, int status) throws IOException {
      this.code = code;
      this.status = status;
      start();
    }

    @Override
    protected Reply reply(HttpExchange exchange, byte[] body, Behaviour behaviour) {
      String xml = "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code);
      return Reply.of(status, Map.of(), xml.getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "t%d", "<Contents><Key>keg registry/volumes/x</Key></Contents>t"})
  void a_list_without_end_is_refused(String page) throws IOException {
    try (FakeServer endless = new Endless(page);
        RecordStore hostile =
            open(URI.create("http://" + endless.host()), FakeS3.CREDENTIALS.secretKey())) {
      assertThatThrownBy(() -> hostile.list("volumes/"))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("its list does not end");
    }
  }

  @Test
  void a_list_of_what_nobody_asked_for_is_refused() throws IOException {
    try (FakeServer other = new Endless("<Contents><Key>x</Key></Contents>");
        RecordStore hostile =
            open(URI.create("http://" + other.host()), FakeS3.CREDENTIALS.secretKey())) {
      assertThatThrownBy(() -> hostile.list("volumes/"))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("names that are not records");
    }
  }

  /** Always announces another page: its content, and then the token of the next one. */
  private static final class Endless extends FakeServer {
    private final AtomicInteger pages = new AtomicInteger();
    private final String page;

    Endless(String page) throws IOException {
      this.page = page;
      start();
    }

    @Override
    protected Reply reply(HttpExchange exchange, byte[] body, Behaviour behaviour) {
      int token = page.lastIndexOf('>') + 1;
      String xml =
          "<R>%s<IsTruncated>true</IsTruncated><NextContinuationToken>%s</NextContinuationToken></R>"
              .formatted(
                  page.substring(0, token),
                  page.substring(token).replace("%d", "" + pages.getAndIncrement()));
      return Reply.of(200, Map.of(), xml.getBytes(UTF_8));
    }
  }

  @Test
  void a_list_asks_for_nothing_but_pages() {
    store.put(KEY, "{}", RecordStore.NONE);
    server.clearLog();
    store.list("volumes/");

    assertThat(server.log()).singleElement().asString().contains("list-type=2");
  }
}
