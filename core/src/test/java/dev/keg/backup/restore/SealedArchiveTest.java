package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.FileDestination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.SealedDestination;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.DirectorySync;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedArchiveTest {
  private static final SecretKey KEY = SecretKey.random();
  private static final VolumeName COPY = new VolumeName("copy");
  private static final int CHUNK = 65552;

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  private Path save(String name) throws IOException {
    byte[] content = new byte[300_000];
    new Random(2).nextBytes(content);
    Files.write(host.write(db, "large", ""), content);
    host.write(db, "small", "1");
    Path file = host.files.getPath("/" + name);
    FileDestination plain =
        new FileDestination(
            file,
            Compression.ofBackup(name, OptionalInt.empty()),
            OptionalInt.empty(),
            DirectorySync.NONE,
            new SplittableRandom(1));
    new Saving(host.context, SaveRequest.plain(2), host.saveListener())
        .save(db, new SealedDestination(plain, List.of(KEY.recipient())));
    return file;
  }

  private static ArchiveFile opened(Path file, SecretKey key) {
    return new ArchiveFile(file, KeySource.of(new Secret(List.of(key), List.of())));
  }

  private void restore(ArchiveFile file) {
    file.openOwn(
        source ->
            new Restoring(host.context)
                .restore(source, host.restoreRequest(COPY, Mode.EMPTY), host.listener()));
  }

  private Check verify(Path file) {
    return new Verifying(
            Level.FULL, host.files.getPath("/scratch"), new PortableFileTrees(), 2, host.clock)
        .check(opened(file, KEY), _ -> {});
  }

  @Test
  void one_in_the_armor_of_text_is_named() throws IOException {
    Path file = host.files.getPath("/db.tar.zst.age");
    Files.writeString(file, "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n");

    assertThatThrownBy(() -> restore(opened(file, KEY)))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("it is armored as text");
    assertThatThrownBy(() -> opened(file, KEY).openForeign(_ -> {}))
        .isInstanceOf(InvalidArchive.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar.zst.age", "a.tar.gz.age", "a.tar.age"})
  void what_was_sealed_is_restored_with_the_key(String name) throws IOException {
    Path file = save(name);

    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .startsWith("age-encryption.org/v1\n")
        .doesNotContain("small");
    if (!name.endsWith(".zst.age")) {
      host.create(COPY.text());
    }
    restore(opened(file, KEY));
    assertThat(host.content(COPY)).isEqualTo(host.content(db));
  }

  @Test
  void nobody_else_reads_it() throws IOException {
    Path file = save("a.tar.zst.age");

    assertThatThrownBy(() -> restore(opened(file, SecretKey.random())))
        .isInstanceOf(InvalidArchive.class)
        .hasMessage("/a.tar.zst.age: it is encrypted: no key opens it");
    assertThatThrownBy(() -> restore(new ArchiveFile(file, KeySource.NONE)))
        .hasMessageContaining("no secret key and no pass phrase is given");
    assertThat(host.volumes.exists(COPY.text())).isFalse();
  }

  @Test
  void a_change_is_found_wherever_it_is() throws IOException {
    Path file = save("a.tar.zst.age");
    byte[] whole = Files.readAllBytes(file);
    int head = indexOfContent(whole);
    assertThat(verify(file).findings()).isEmpty();

    for (int at : new int[] {0, 150, head, 2 * CHUNK, whole.length - 1}) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThat(verify(file).findings()).as("byte %d", at).isNotEmpty();
    }
  }

  @Test
  void an_end_that_is_missing_or_too_long_is_found() throws IOException {
    Path file = save("a.tar.zst.age");
    byte[] whole = Files.readAllBytes(file);
    int head = indexOfContent(whole);

    for (int length : new int[] {0, head, head + CHUNK, head + 2 * CHUNK, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(verify(file).findings()).as("%d bytes", length).isNotEmpty();
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertThat(verify(file).findings()).isNotEmpty();
  }

  /** The offset of the first chunk: after the line with the MAC, and a nonce. */
  private static int indexOfContent(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    return text.indexOf('\n', text.indexOf("\n--- ") + 1) + 1 + 16;
  }
}
