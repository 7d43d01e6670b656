package dev.keg.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.age.SecretKey;
import dev.keg.backup.repack.EarlierRest;
import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repack.Repacking;
import dev.keg.backup.repack.TwoRests;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of 250 lines restores a repository, so the page on the format is complete. */
@NeedsRoot
@NeedsTool(value = "python3", from = "python3")
@NeedsTool(value = "zstd", from = "zstd")
class RestoreWithoutKegIT {
  @TempDir Path directory;

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  private void fill() throws IOException {
    for (int i = 0; i < 1500; i++) {
      Path file = host.write(db, "many/%d/f%d".formatted(i / 100, i), "content of " + i);
      // Page ends depend on it: one page contains only files of this directory.
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * (12_000 + i)));
    }
    host.write(db, "empty", "");
    byte[] large = new byte[11 << 20];
    new Random(1).nextBytes(large);
    Files.write(host.data(db).resolve("large"), large);
    Files.createSymbolicLink(host.data(db).resolve("link"), host.files.getPath("many/1"));
    Files.createLink(host.data(db).resolve("many/1/name"), host.data(db).resolve("many/1/f150"));
  }

  private void change() throws IOException {
    byte[] large = Files.readAllBytes(host.data(db).resolve("large"));
    Arrays.fill(large, 5_000_000, 5_008_192, (byte) 7);
    Files.write(host.data(db).resolve("large"), large);
    Files.move(host.data(db).resolve("many"), host.data(db).resolve("renamed"));
  }

  @Test
  void a_backup_of_format_2() throws Exception {
    fill();
    host.save(db);
    change();
    host.save(db);
    host.write(db, "renamed/3/f300", "changed");
    host.save(db);
    host.save(db);

    assertRestores(host.store);
  }

  @Test
  void a_backup_in_several_objects() throws Exception {
    host.segment = new Size(2_000_000);
    fill();
    host.save(db);
    assertThat(host.store.list("data/")).hasSizeGreaterThan(1);
    change();
    host.save(db);

    assertRestores(host.store);
  }

  @Test
  void a_backup_of_format_1() throws Exception {
    Repository old = host.asInFirstRelease();
    fill();
    host.save(db, old);
    change();
    host.save(db, old);

    assertRestores(old.store());
  }

  @Test
  void a_backup_that_uses_parts_of_a_repacked_one() throws Exception {
    repack();

    assertRestores(host.store);
  }

  @Test
  void a_backup_that_uses_parts_of_one_that_an_earlier_build_repacked() throws Exception {
    Rest rest = repack();
    host.store.damage(rest.object().name(), EarlierRest.of(host.store, rest));

    assertRestores(host.store);
  }

  private Rest repack() throws Exception {
    fill();
    Path gone = host.write(db, "gone", "");
    byte[] content = new byte[3 << 20];
    new Random(2).nextBytes(content);
    Files.write(gone, content);
    for (int i = 0; i < 10; i++) {
      Files.write(host.write(db, "shared" + i, ""), Arrays.copyOf(content, 30_000 + i));
    }
    byte[] large = new byte[3 << 19];
    new Random(3).nextBytes(large);
    Path changed = Files.write(host.write(db, "changed", ""), large);
    host.save(db);
    change();
    Arrays.fill(large, 1 << 20, large.length, (byte) 7);
    Files.write(changed, large);
    Files.delete(gone);
    for (int i = 0; i < 10; i += 2) {
      Files.delete(host.data(db).resolve("shared" + i));
    }
    host.save(db);
    BackupId first = host.repository.list(db).backups().getFirst().id();
    host.repository.forget(List.of(first));
    RepackLimits all = new RepackLimits(0, new Size(Long.MAX_VALUE));
    for (int day = 0; day < 2; day++) {
      new Repacking(host.repository, all, _ -> {}).run();
      host.advance(Duration.ofHours(25));
    }

    assertThat(host.store.list("data/")).hasSize(1);
    ObjectName object = host.last(host.repository).objects().getLast().name();
    Rest rest = host.repository.rests().of(object).getFirst();
    assertThat(rest.thinned()).hasSizeGreaterThan(1);
    return rest;
  }

  @Test
  void backups_whose_files_are_in_different_rests() throws Exception {
    VolumeName two = host.create("two");
    TwoRests.make(host, db, two);

    assertRestores(host.store);
    assertRestores(two, host.store);
  }

  @Test
  @NeedsTool(value = "age", from = "age")
  void a_backup_of_an_encrypted_repository() throws Exception {
    MemoryStore sealed = new MemoryStore(host.clock, "memory:sealed");
    Vault vault = new Vault(sealed, List.of(new ObjectName(Repository.DESCRIPTION)));
    SecretKey operator = SecretKey.random();
    RepositoryKey key = RepositoryKey.random();
    vault.keys().add("another", key, List.of(SecretKey.random().recipient()));
    vault.keys().add("first", key, List.of(operator.recipient()));
    Repository repository =
        Repository.openOrCreate(vault.opened(key), host.clock, new SplittableRandom(3));
    fill();
    host.save(db, repository);
    change();
    host.save(db, repository);
    Path file = Files.writeString(directory.resolve("key"), operator.text() + "\n");

    assertRestores(sealed, file.toString());
  }

  @Test
  void the_program_has_at_most_250_lines() throws IOException {
    assertThat(program().lines().count()).isLessThanOrEqualTo(250);
  }

  private String program() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("restore.py")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertRestores(ObjectStore store, String... key) throws Exception {
    assertRestores(db, store, key);
  }

  private void assertRestores(VolumeName volume, ObjectStore store, String... key)
      throws Exception {
    Path place = Files.createDirectory(directory.resolve(volume.text()));
    Path copy = place.resolve("repository");
    for (StoredObject object : store.list("")) {
      ByteBuffer bytes = ByteBuffer.allocate((int) object.size().bytes());
      store.read(object.name(), 0, bytes);
      Path file = copy.resolve(object.name().text());
      Files.createDirectories(file.getParent());
      Files.write(file, bytes.array());
    }
    Path program = place.resolve("restore.py");
    Files.writeString(program, program());
    Path restored = place.resolve("restored");
    List<String> command = new ArrayList<>(List.of("python3", program.toString()));
    command.addAll(List.of(copy.toString(), volume.text(), restored.toString()));
    command.addAll(List.of(key));
    Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(python.waitFor()).as(output).isZero();
    assertThat(tree(restored)).isEqualTo(tree(host.data(volume)));
  }

  /** The content and modification time of each file. */
  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.toList()) {
        tree.put(root.relativize(file).toString(), describe(file));
      }
    }
    return tree;
  }

  private static String describe(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "link to " + Files.readSymbolicLink(file);
    }
    String content =
        Files.isDirectory(file) ? "directory" : Arrays.hashCode(Files.readAllBytes(file)) + "";
    return content + " " + Files.getLastModifiedTime(file).toMillis();
  }
}
