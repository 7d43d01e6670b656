package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    return S3Setup.openRecords(
        new S3Options(FakeS3.BUCKET, "keg registry", server.endpoint(), null, null, false),
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
  void wrong_keys_are_told_with_what_to_look_at() throws IOException {
    try (RecordStore locked = open("wr0ng")) {
      assertThatThrownBy(() -> locked.get(KEY))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("SignatureDoesNotMatch")
          .hasMessageNotContaining("wr0ng");
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
