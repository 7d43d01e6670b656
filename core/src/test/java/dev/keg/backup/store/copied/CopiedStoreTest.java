package dev.keg.backup.store.copied;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopiedStoreTest extends ObjectStoreContract {
  private static final ObjectName DB = new ObjectName("data/db/x");
  private static final ObjectName WEB = new ObjectName("data/web/x");

  private final RegistryLayout layout =
      new RegistryLayout(
          Jimfs.newFileSystem(
                  Configuration.unix().toBuilder()
                      .setAttributeViews("basic", "posix", "unix")
                      .build())
              .getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
  private final List<String> notes = new ArrayList<>();
  private Instant now = Instant.now();
  private final MemoryStore server = new MemoryStore(this::tick);

  private Instant tick() {
    now = now.plusMillis(1);
    return now;
  }

  @Override
  protected ObjectStore openEmpty() {
    return open();
  }

  @BeforeEach
  void makeRoot() {
    registry.openForWriting();
  }

  private CopiedStore open() {
    return new CopiedStore(server, "data/", registry, notes::add);
  }

  private void put(ObjectName name, String content) throws IOException {
    try (PendingObject object = server.create(name, Size.ZERO)) {
      object.write(content.getBytes(UTF_8));
      object.publish();
    }
  }

  /** What a process reads of the object after it has listed everything. */
  private String read(ObjectName name) throws StoreException {
    return read(name, "");
  }

  private String read(ObjectName name, String folder) throws StoreException {
    try (CopiedStore store = open()) {
      store.list(folder);
      return text(store, name, 0, 100);
    }
  }

  private static String text(ObjectStore store, ObjectName name, long offset, int most)
      throws StoreException {
    ByteBuffer target = ByteBuffer.allocate(most);
    int count = store.read(name, offset, target);
    assertThat(target.position()).isEqualTo(count);
    return UTF_8.decode(target.flip()).toString();
  }

  private long reads() {
    return server.log().stream().filter(request -> request.startsWith("read ")).count();
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(layout.records())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(layout.records())) {
      return all.toList();
    }
  }

  @Test
  void a_later_process_reads_a_copy() throws IOException {
    put(DB, "content");

    assertThat(read(DB)).isEqualTo("content");
    assertThat(read(DB)).isEqualTo("content");
    assertThat(read(DB, "data/db/")).isEqualTo("content");

    assertThat(reads()).isEqualTo(1);
    try (CopiedStore store = open()) {
      store.list("data/");
      assertThat(text(store, DB, 3, 2)).isEqualTo("te");
      assertThat(text(store, DB, 3, 9)).isEqualTo("tent");
      assertThat(text(store, DB, 9, 9)).isEmpty();
    }
    assertThat(reads()).isEqualTo(1);
  }

  @Test
  void a_process_reads_an_object_once() throws IOException {
    put(DB, "content");
    try (CopiedStore store = open()) {
      store.list("data/");
      assertThat(text(store, DB, 0, 7)).isEqualTo("content");
      store.list("data/db/");
      assertThat(text(store, DB, 0, 9)).isEqualTo("content");
    }
    assertThat(reads()).isEqualTo(1);
  }

  @Test
  void what_was_written_anew_is_read_anew() throws IOException {
    put(DB, "one");
    assertThat(read(DB)).isEqualTo("one");
    server.delete(DB);
    put(DB, "two");

    assertThat(read(DB)).isEqualTo("two");
    assertThat(read(DB)).isEqualTo("two");
    assertThat(reads()).isEqualTo(2);
  }

  @Test
  void an_own_change_is_seen_without_a_list() throws IOException {
    put(DB, "one");
    try (CopiedStore store = open()) {
      store.list("");
      assertThat(text(store, DB, 0, 9)).isEqualTo("one");
      store.delete(DB);
      assertThatThrownBy(() -> text(store, DB, 0, 9)).isInstanceOf(StoreException.Absent.class);
      try (PendingObject object = store.createPassing(DB, Size.ZERO)) {
        object.write("two".getBytes(UTF_8));
        object.publish();
      }
      assertThat(text(store, DB, 0, 9)).isEqualTo("two");
    }
  }

  @Test
  void without_a_list_the_store_is_asked() throws IOException {
    put(DB, "content");
    read(DB);
    try (CopiedStore store = open()) {
      assertThat(text(store, DB, 0, 9)).isEqualTo("content");
      store.list("data/web/");
      assertThat(text(store, DB, 0, 9)).isEqualTo("content");
    }
    assertThat(reads()).isEqualTo(3);
  }

  @Test
  void what_is_gone_is_absent() throws IOException {
    put(DB, "content");
    read(DB);
    server.delete(DB);

    assertThatThrownBy(() -> read(DB)).isInstanceOf(StoreException.Absent.class);
  }

  @Test
  void only_whole_objects_of_the_folder_are_copied() throws IOException {
    ObjectName other = new ObjectName("checks/db/x");
    put(DB, "content");
    put(other, "other");
    try (CopiedStore store = open()) {
      store.list("");
      assertThat(text(store, DB, 0, 3)).isEqualTo("con");
      assertThat(text(store, DB, 3, 9)).isEqualTo("tent");
      assertThat(text(store, other, 0, 9)).isEqualTo("other");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void the_store_is_asked_after_a_copy_is_discarded() throws IOException {
    put(DB, "content");
    try (CopiedStore store = open()) {
      store.list("");
      text(store, DB, 0, 9);
      assertThat(store.discardCopy(DB)).as("it was just read").isFalse();
    }
    read(DB);
    try (CopiedStore store = open()) {
      store.list("");
      assertThat(store.discardCopy(DB)).isTrue();
      assertThat(store.discardCopy(DB)).isFalse();
      assertThat(store.discardCopy(new ObjectName("checks/db/x"))).isFalse();
      text(store, DB, 0, 9);
    }
    read(DB);
    assertThat(reads()).isEqualTo(4);
  }

  @Test
  void copies_of_what_is_gone_are_removed() throws IOException {
    ObjectName second = new ObjectName("data/db/y");
    put(DB, "first");
    put(second, "second");
    put(WEB, "third");
    for (ObjectName name : List.of(DB, second, WEB)) {
      read(name);
    }
    assertThat(files()).hasSize(2);

    server.delete(DB);
    assertThat(read(second)).isEqualTo("second");
    assertThat(files())
        .hasSize(2)
        .allSatisfy(file -> assertThat(content(file)).doesNotContain("first"))
        .anySatisfy(file -> assertThat(content(file)).contains("second"));
    server.delete(second);
    read(WEB);
    assertThat(files()).singleElement().satisfies(f -> assertThat(content(f)).contains("third"));
    assertThat(reads()).isEqualTo(3);
  }

  private static String content(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_damaged_copy_is_read_again() throws IOException {
    put(DB, "content");
    read(DB);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    long before = reads();
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      assertThat(read(DB)).as("damaged at " + at).isEqualTo("content");
      Files.write(file, Arrays.copyOf(good, at));
      assertThat(read(DB)).as("cut off at " + at).isEqualTo("content");
    }
    assertThat(reads() - before).isEqualTo(2L * good.length);
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  @Test
  void a_deleted_copy_is_read_again() throws IOException {
    put(DB, "content");
    read(DB);
    Files.delete(files().getFirst());
    Files.delete(layout.records());

    assertThat(read(DB)).isEqualTo("content");
    assertThat(reads()).isEqualTo(2);
    assertThat(files()).hasSize(1);
  }

  @Test
  void what_cannot_be_written_is_read_each_time() throws IOException {
    put(DB, "content");
    Files.createFile(layout.records());

    assertThat(read(DB)).isEqualTo("content");
    assertThat(read(DB)).isEqualTo("content");
    assertThat(reads()).isEqualTo(2);
    assertThat(notes).anyMatch(note -> note.startsWith("cannot keep copies of records: "));
  }

  @Test
  void a_disk_that_takes_no_draft_is_no_failure() throws IOException {
    put(DB, "content");
    Files.delete(layout.root().resolve("staging"));

    assertThat(read(DB)).isEqualTo("content");
    assertThat(files()).isEmpty();
    assertThat(notes).anyMatch(note -> note.startsWith("cannot keep copies of records: "));
  }

  @Test
  void no_root_is_made_for_copies() throws IOException {
    RegistryLayout none = new RegistryLayout(layout.root().resolveSibling("none"));
    VolumeRegistry nothing =
        new VolumeRegistry(none, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
    put(DB, "content");
    try (CopiedStore store = new CopiedStore(server, "data/", nothing, notes::add)) {
      store.list("");
      assertThat(text(store, DB, 0, 9)).isEqualTo("content");
    }
    assertThat(none.root()).doesNotExist();
  }

  @Test
  void two_processes_at_once_keep_copies() throws IOException {
    put(DB, "content");
    VolumeRegistry other =
        new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(2), _ -> {});
    try (CopiedStore early = open();
        CopiedStore late = new CopiedStore(server, "data/", other, notes::add)) {
      early.list("");
      late.list("");
      assertThat(text(early, DB, 0, 9)).isEqualTo("content");
      assertThat(text(late, DB, 0, 9)).isEqualTo("content");
    }
    assertThat(read(DB)).isEqualTo("content");
    assertThat(reads()).isEqualTo(2);
  }

  @Test
  void copies_are_for_the_owner_of_the_root_alone() throws IOException {
    put(DB, "content");
    read(DB);

    assertThat(Files.getPosixFilePermissions(layout.records()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(files().getFirst()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void copies_of_another_store_are_not_used() throws IOException {
    put(DB, "content");
    read(DB);
    MemoryStore elsewhere = new MemoryStore(this::tick, "elsewhere:");
    try (CopiedStore store = new CopiedStore(elsewhere, "data/", registry, notes::add)) {
      store.list("");
      assertThatThrownBy(() -> text(store, DB, 0, 9)).isInstanceOf(StoreException.Absent.class);
    }
    read(DB);
    assertThat(reads()).isEqualTo(1);
  }

  @Test
  void the_files_written_longest_ago_make_room() throws IOException {
    List<CopyFiles> stores =
        Stream.of("a", "b", "c").map(a -> new CopyFiles(registry, a, 100, notes::add)).toList();
    for (int i = 0; i < 3; i++) {
      Set<Path> before = Set.copyOf(files());
      stores.get(i).write("data/db/", new byte[40]);
      for (Path file : files()) {
        if (!before.contains(file)) {
          Files.setLastModifiedTime(file, FileTime.fromMillis(1000L * i));
        }
      }
    }
    assertThat(stores)
        .extracting(copies -> copies.read("data/db/").remaining())
        .containsExactly(0, 40, 40);
    stores.get(2).write("data/db/", new byte[50]);
    assertThat(stores)
        .extracting(copies -> copies.read("data/db/").remaining())
        .containsExactly(0, 40, 50);
  }

  @Test
  void every_call_is_passed_on() throws NoSuchMethodException {
    for (Method call : ObjectStore.class.getMethods()) {
      Method own = CopiedStore.class.getMethod(call.getName(), call.getParameterTypes());
      // A stream reads pieces with the store's own calls.
      boolean isStream = call.getName().equals("open");
      assertThat(own.getDeclaringClass())
          .as(call.getName())
          .isEqualTo(isStream ? ObjectStore.class : CopiedStore.class);
    }
  }
}
