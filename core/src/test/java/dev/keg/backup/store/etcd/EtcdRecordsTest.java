package dev.keg.backup.store.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.etcd.EtcdOptions.Login;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.server.FakeEtcd;
import dev.keg.fixtures.server.FakeServer;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStoreContract;
import java.io.IOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EtcdRecordsTest extends RecordStoreContract {
  private static final String KEY = "volumes/db.json";

  private FakeEtcd first;
  private FakeEtcd second;
  private RecordStore store;

  @BeforeEach
  void open() throws IOException {
    FakeEtcd.Cluster cluster = new FakeEtcd.Cluster();
    first = new FakeEtcd(cluster, true);
    second = new FakeEtcd(cluster, true);
    store = open(new Login(FakeEtcd.USER, FakeEtcd.PASSWORD));
  }

  private RecordStore open(Login login) throws StoreException {
    return open(login, List.of(first, second));
  }

  private RecordStore open(@Nullable Login login, List<? extends FakeServer> members)
      throws StoreException {
    Backoff backoff = new Backoff(new SplittableRandom(1), _ -> {}, _ -> {});
    EtcdOptions options =
        new EtcdOptions(
            members.stream().map(FakeServer::host).toList(),
            "keg",
            false,
            Optional.empty(),
            Optional.ofNullable(login));
    return EtcdSetup.open(options, backoff, _ -> {});
  }

  @AfterEach
  void close() {
    store.close();
    first.close();
    second.close();
  }

  @Override
  protected RecordStore store() {
    return store;
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_NOW", "SERVER_ERROR", "BREAK_BEFORE", "BREAK_AFTER", "BREAK_IN_ANSWER"})
  void another_member_is_asked_where_one_fails(Behaviour behaviour) {
    first.plan(line -> line.contains("/kv/") ? behaviour : Behaviour.SERVE);

    String version = store.put(KEY, "{\"a\":1}", RecordStore.NONE).orElseThrow();
    first.plan(_ -> Behaviour.SERVE);
    second.plan(line -> line.contains("/kv/") ? behaviour : Behaviour.SERVE);
    assertThat(store.put(KEY, "{\"a\":2}", version)).isPresent();
  }

  @Test
  void a_token_that_is_over_is_asked_for_again() {
    store.get(KEY);
    AtomicInteger asked = new AtomicInteger();
    first.plan(
        line ->
            line.contains("/kv/") && asked.getAndIncrement() == 0
                ? Behaviour.TOKEN_IS_OVER
                : Behaviour.SERVE);

    assertThat(store.get(KEY)).isEmpty();
  }

  @Test
  void a_token_that_ends_while_a_member_is_tired_costs_no_attempt() throws IOException {
    try (RecordStore one = open(new Login(FakeEtcd.USER, FakeEtcd.PASSWORD), List.of(first))) {
      one.get(KEY);
      AtomicInteger asked = new AtomicInteger();
      Iterator<Behaviour> fates =
          List.of(Behaviour.NOT_NOW, Behaviour.SERVER_ERROR, Behaviour.TOKEN_IS_OVER).iterator();
      first.plan(
          line ->
              line.contains("/kv/") && asked.getAndIncrement() < 3
                  ? fates.next()
                  : Behaviour.SERVE);

      assertThat(one.get(KEY)).isEmpty();
    }
  }

  @Test
  void a_proxy_that_wants_fewer_requests_is_asked_again() {
    AtomicInteger asked = new AtomicInteger();
    first.plan(_ -> asked.getAndIncrement() < 2 ? Behaviour.TOO_MANY : Behaviour.SERVE);

    assertThat(store.get(KEY)).isEmpty();
    second.plan(_ -> Behaviour.TOO_MANY);
    first.plan(_ -> Behaviour.TOO_MANY);
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(CutOff.class);
  }

  @Test
  void an_endless_answer_does_not_come_from_a_cluster() throws IOException {
    try (Endless endless = new Endless();
        RecordStore hostile = open(null, List.of(endless))) {
      assertThatThrownBy(() -> hostile.list("volumes/"))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("the answer does not come from etcd");
    }
  }

  /** Answers every request with the same record, and announces more. */
  private static final class Endless extends FakeServer {
    Endless() throws IOException {
      start();
    }

    @Override
    protected Reply reply(HttpExchange exchange, byte[] body, Behaviour behaviour) {
      String key = Base64.getEncoder().encodeToString("keg/volumes/a.json".getBytes(UTF_8));
      String page =
          "{\"kvs\":[{\"key\":\"%s\",\"value\":\"e30=\",\"mod_revision\":\"1\"}],\"more\":true}";
      return Reply.of(200, Map.of(), page.formatted(key).getBytes(UTF_8));
    }
  }

  @Test
  void a_wrong_password_is_reported_without_it() throws IOException {
    try (RecordStore locked = open(new Login("keg", "wr0ng"))) {
      assertThatThrownBy(() -> locked.get(KEY))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("authentication failed")
          .hasMessageNotContaining("wr0ng")
          .satisfies(
              e -> assertThat(((VolumeException) e).hint().orElse("")).contains("password-file"));
    }
  }

  @Test
  void a_cluster_without_members_cuts_off() {
    first.close();
    second.close();

    assertThatThrownBy(() -> store.get(KEY))
        .isInstanceOf(CutOff.class)
        .hasMessageContaining("etcd://");
  }
}
