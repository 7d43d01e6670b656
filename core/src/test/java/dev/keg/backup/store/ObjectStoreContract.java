package dev.keg.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.Noise;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of every store. The test of a backend opens it at an empty place. */
public abstract class ObjectStoreContract {
  private static final int MIB = 1 << 20;

  private ObjectStore store;

  /** Opens the store at an empty place; called before each test. */
  protected abstract ObjectStore openEmpty() throws Exception;

  /** The number of objects in a long listing: more than one page, if there are pages. */
  protected int many() {
    return 40;
  }

  /** The size of an object that is sent in several parts, if there are parts. */
  protected int large() {
    return 5 * MIB + 12_345;
  }

  /** What is announced of its size. */
  protected Size announced() {
    return Size.ZERO;
  }

  protected final ObjectStore store() {
    return store;
  }

  @BeforeEach
  final void openStore() throws Exception {
    store = openEmpty();
  }

  @AfterEach
  final void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 5 * MIB + 3})
  void an_object_is_read_as_it_was_written(int length) throws IOException {
    byte[] bytes = bytes(length);
    put("data/db/object", bytes);

    assertThat(readAll("data/db/object")).isEqualTo(bytes);
  }

  @Test
  void a_large_object_written_in_odd_pieces_is_read_as_it_was_written() throws IOException {
    byte[] bytes = bytes(large());
    try (PendingObject object = store.create(name("data/db/large"), announced())) {
      for (int at = 0; at < bytes.length; at += 777_777) {
        object.write(bytes, at, Math.min(777_777, bytes.length - at));
      }
      object.publish();
      assertThat(object.size()).isEqualTo(new Size(bytes.length));
    }

    assertThat(Arrays.equals(readAll("data/db/large"), bytes)).isTrue();
    assertThat(store.list("data/"))
        .extracting(StoredObject::size)
        .containsExactly(new Size(bytes.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20 * MIB})
  void nothing_is_seen_of_an_object_before_it_is_published(int length) throws IOException {
    try (PendingObject object = store.create(name("data/db/object"), announced())) {
      object.write(bytes(Math.min(length, large())));

      assertThat(store.list("")).isEmpty();
      assertThatThrownBy(() -> readAll("data/db/object")).isInstanceOf(StoreException.Absent.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20 * MIB})
  void an_object_that_is_closed_unpublished_never_was(int length) throws IOException {
    try (PendingObject object = store.create(name("data/db/object"), announced())) {
      object.write(bytes(Math.min(length, large())));
    }

    assertThat(store.list("")).isEmpty();
    put("data/db/object", bytes(3));
    assertThat(readAll("data/db/object")).isEqualTo(bytes(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20 * MIB})
  void a_name_that_is_taken_is_refused_and_its_object_stays(int length) throws IOException {
    put("data/db/object", bytes(5));

    assertThatThrownBy(() -> put("data/db/object", bytes(Math.min(length, large()))))
        .isInstanceOf(StoreException.AlreadyExists.class)
        .hasMessage(store.address() + ": object exists already: data/db/object");
    assertThat(readAll("data/db/object")).isEqualTo(bytes(5));
  }

  @Test
  void of_two_writers_of_one_name_one_wins() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    List<Callable<Boolean>> writers =
        IntStream.of(100, 200)
            .<Callable<Boolean>>mapToObj(length -> () -> publishAtOnce(both, bytes(length)))
            .toList();
    List<Boolean> won = runAll(writers);

    assertThat(won).containsExactlyInAnyOrder(true, false);
    assertThat(readAll("data/db/object")).isEqualTo(bytes(won.getFirst() ? 100 : 200));
  }

  private boolean publishAtOnce(CyclicBarrier barrier, byte[] bytes) throws Exception {
    try (PendingObject object = store.create(name("data/db/object"), Size.ZERO)) {
      object.write(bytes);
      barrier.await();
      object.publish();
      return true;
    } catch (StoreException.AlreadyExists _) {
      return false;
    }
  }

  @Test
  void several_writers_do_not_disturb_each_other() throws Exception {
    List<Callable<Boolean>> writers =
        IntStream.range(0, 6)
            .<Callable<Boolean>>mapToObj(
                number ->
                    () -> {
                      put("data/v" + number + "/object", bytes(100_000 + number));
                      return true;
                    })
            .toList();
    runAll(writers);

    for (int number = 0; number < 6; number++) {
      assertThat(readAll("data/v" + number + "/object")).isEqualTo(bytes(100_000 + number));
    }
  }

  @Test
  void a_range_is_read_exactly() throws IOException {
    byte[] bytes = bytes(300_000);
    put("data/db/object", bytes);
    int[][] ranges = {
      {0, 1},
      {0, 65_536},
      {1, 65_536},
      {65_535, 2},
      {65_536, 65_536},
      {131_071, 100_000},
      {299_999, 1}
    };

    for (int[] range : ranges) {
      assertThat(read("data/db/object", range[0], range[1]))
          .isEqualTo(Arrays.copyOfRange(bytes, range[0], range[0] + range[1]));
    }
  }

  @Test
  void a_range_ends_where_the_object_ends() throws IOException {
    byte[] bytes = bytes(100_000);
    put("data/db/object", bytes);

    assertThat(read("data/db/object", 99_990, 1_000))
        .isEqualTo(Arrays.copyOfRange(bytes, 99_990, 100_000));
    assertThat(read("data/db/object", 100_000, 10)).isEmpty();
    assertThat(read("data/db/object", 5_000_000_000L, 10)).isEmpty();
  }

  @Test
  void a_range_goes_where_the_buffer_stands() throws IOException {
    put("data/db/object", new byte[] {1, 2, 3, 4, 5});
    ByteBuffer buffer = ByteBuffer.allocateDirect(4);
    buffer.position(1).limit(3);

    assertThat(store.read(name("data/db/object"), 2, buffer)).isEqualTo(2);
    assertThat(buffer.position()).isEqualTo(3);
    assertThat(buffer.get(0)).isZero();
    assertThat(buffer.get(1)).isEqualTo((byte) 3);
    assertThat(buffer.get(2)).isEqualTo((byte) 4);
  }

  @Test
  void an_object_that_is_not_there_is_absent() {
    assertThatThrownBy(() -> read("data/db/none", 0, 1))
        .isInstanceOf(StoreException.Absent.class)
        .hasMessage(store.address() + ": no such object: data/db/none");
    assertThatThrownBy(() -> readAll("data/db/none")).isInstanceOf(StoreException.Absent.class);
  }

  @Test
  void a_listing_is_of_one_folder_and_sorted() throws IOException {
    put("repository.json", bytes(1));
    put("backups/db2/b", bytes(2));
    put("backups/db/c", bytes(3));
    put("backups/db/a", bytes(0));
    put("backups/db-x/d", bytes(4));

    assertThat(names(""))
        .containsExactly(
            "backups/db-x/d", "backups/db/a", "backups/db/c", "backups/db2/b", "repository.json");
    assertThat(names("backups/db/")).containsExactly("backups/db/a", "backups/db/c");
    assertThat(names("data/")).isEmpty();
    assertThat(store.list("backups/db/"))
        .extracting(StoredObject::size)
        .containsExactly(Size.ZERO, new Size(3));
  }

  @Test
  void a_long_listing_is_complete() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int number = 0; number < many(); number++) {
      expected.add("data/db/%05d".formatted(number));
      put(expected.getLast(), bytes(1));
    }

    assertThat(names("data/db/")).isEqualTo(expected);
  }

  @Test
  void a_later_object_is_not_listed_as_earlier() throws IOException {
    put("data/db/first", bytes(1));
    put("data/db/second", bytes(1));
    List<StoredObject> listed = store.list("data/db/");

    assertThat(listed.get(1).stored()).isAfterOrEqualTo(listed.get(0).stored());
    assertThat(listed.get(0).stored())
        .isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now().plusSeconds(3600));
  }

  @Test
  void a_deleted_object_is_gone_and_may_be_deleted_again() throws IOException {
    put("data/db/object", bytes(1));
    put("data/db/object2", bytes(1));
    store.delete(name("data/db/object"));
    store.delete(name("data/db/object"));
    store.delete(name("data/nowhere/object"));

    assertThat(names("")).containsExactly("data/db/object2");
  }

  @Test
  void clearing_what_was_left_unfinished_spares_what_was_published() throws IOException {
    put("data/db/object", bytes(10));
    try (PendingObject _ = store.create(name("data/db/other"), Size.ZERO)) {
      store.clearUnfinished(Instant.now().minus(Duration.ofDays(7)));
      store.clearUnfinished(Instant.now().plus(Duration.ofDays(7)));
    }

    assertThat(names("")).containsExactly("data/db/object");
    assertThat(readAll("data/db/object")).isEqualTo(bytes(10));
  }

  protected final void put(String name, byte[] bytes) throws IOException {
    try (PendingObject object = store.create(name(name), new Size(bytes.length))) {
      object.write(bytes);
      object.publish();
    }
  }

  protected final byte[] readAll(String name) throws IOException {
    try (InputStream input = store.open(name(name))) {
      return input.readAllBytes();
    }
  }

  protected final byte[] read(String name, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    int count = store.read(name(name), offset, buffer);
    assertThat(count).isEqualTo(buffer.position());
    return Arrays.copyOf(buffer.array(), count);
  }

  protected final List<String> names(String folder) throws IOException {
    return store.list(folder).stream().map(object -> object.name().text()).toList();
  }

  protected static ObjectName name(String text) {
    return new ObjectName(text);
  }

  /** Bytes without repetitions; the same for the same length. */
  protected static byte[] bytes(int length) {
    return new Noise(length).bytes(length);
  }

  private static List<Boolean> runAll(List<Callable<Boolean>> tasks) throws Exception {
    List<Boolean> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (Future<Boolean> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
    }
    return results;
  }
}
