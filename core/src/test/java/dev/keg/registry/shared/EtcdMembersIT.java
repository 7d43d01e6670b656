package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.etcd.EtcdOptions;
import dev.keg.backup.store.etcd.EtcdSetup;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.EtcdMembers;
import dev.keg.registry.record.RecordStore;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts work concurrently on a registry in three members of etcd, one of which is paused and
 * another killed and restarted, while one host is cut off for a while and another one killed
 * repeatedly.
 */
@NeedsTool(value = "etcd", from = "etcd-server")
class EtcdMembersIT {
  private static final int HOSTS = 5;
  private static final int STEPS = 60;
  private static final int CUT_OFF = 3;
  private static final int MORTAL = 4;

  @TempDir private Path directory;

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final History history = new History();
  private final AtomicBoolean cutOff = new AtomicBoolean();

  /** The power of a host fails. */
  private static final class Killed extends Error {}

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void nothing_is_lost_while_members_and_hosts_fail() throws Exception {
    try (EtcdMembers members = new EtcdMembers(directory, 3)) {
      try (RecordStore store = awaitStart(members)) {
        new Host("init", files.getPath("/init"), store).shared.init();
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(HOSTS)) {
        List<Future<?>> hosts = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
          int number = i;
          hosts.add(threads.submit(() -> work(number, members)));
        }
        fail(members);
        for (Future<?> host : hosts) {
          host.get();
        }
      }
      assertThat(history.made()).isGreaterThan(HOSTS);
      assertThat(history.attached()).isGreaterThan(HOSTS);
      requireAgreement(members);
    }
  }

  private void fail(EtcdMembers members) throws Exception {
    cutOff.set(true);
    members.pause(0);
    Thread.sleep(3000);
    members.resume(0);
    members.kill(1);
    Thread.sleep(3000);
    cutOff.set(false);
    members.start(1);
  }

  private RecordStore awaitStart(EtcdMembers members) throws Exception {
    RecordStore store = connect(0, members);
    for (int attempt = 0; ; attempt++) {
      try {
        var _ = store.probe();
        return store;
      } catch (VolumeException e) {
        if (attempt == 60) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
  }

  private static RecordStore connect(int number, EtcdMembers members) throws IOException {
    List<String> endpoints = new ArrayList<>(members.endpoints());
    Collections.rotate(endpoints, number);
    Backoff backoff =
        new Backoff(
            new SplittableRandom(number), pause -> Thread.sleep(pause.toMillis() / 4), _ -> {});
    return EtcdSetup.open(
        new EtcdOptions(endpoints, "keg", false, Optional.empty(), Optional.empty()),
        backoff,
        _ -> {});
  }

  private void work(int number, EtcdMembers members) {
    SplittableRandom random = new SplittableRandom(number);
    for (int step = 0; step < STEPS; step++) {
      try (RecordStore store = connect(number, members)) {
        int[] left = {number == MORTAL ? random.nextInt(12) : Integer.MAX_VALUE};
        RecordStore disturbed =
            new Disturbed(
                store,
                () -> {
                  if (number == CUT_OFF && cutOff.get()) {
                    throw new CutOff("cut off", null);
                  }
                  if (left[0]-- == 0) {
                    throw new Killed();
                  }
                });
        history.run(new Host("h" + number, files.getPath("/h" + number), disturbed), random);
      } catch (VolumeException | Killed _) {
        // The operator sees an error, or nothing any more.
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void requireAgreement(EtcdMembers members) throws IOException {
    try (RecordStore store = connect(0, members)) {
      history.requireAgreement(
          store,
          IntStream.range(0, HOSTS)
              .mapToObj(i -> new Host("h" + i, files.getPath("/h" + i), store))
              .toList());
    }
  }

  /** A store that may be disturbed before and after each answer. */
  private record Disturbed(RecordStore store, Runnable trouble) implements RecordStore {
    private <T> T disturbed(Supplier<T> request) {
      trouble.run();
      T answer = request.get();
      trouble.run();
      return answer;
    }

    @Override
    public String address() {
      return store.address();
    }

    @Override
    public Optional<StoredRecord> get(String key) {
      return disturbed(() -> store.get(key));
    }

    @Override
    public Optional<String> put(String key, String text, String expected) {
      return disturbed(() -> store.put(key, text, expected));
    }

    @Override
    public boolean delete(String key, String expected) {
      return disturbed(() -> store.delete(key, expected));
    }

    @Override
    public List<ListedRecord> list(String folder) {
      return disturbed(() -> store.list(folder));
    }

    @Override
    public Optional<Instant> time() {
      return store.time();
    }

    @Override
    public boolean probe() {
      return store.probe();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
