package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damage to a repository's objects. */
public class VerifyingTest {
  /** Other tests try each byte of a single archive. */
  private static final int STEP = 2 + NeedsTime.STRIDE;

  /** Content that only a record has, so that it cannot be compared. */
  private static final Pattern TOLD_ONCE =
      Pattern.compile(
          "\"(schema|finished|host|keg|parent)\":\"?[^,]*|\"tags\":[^]]*"
              + "|(?<=,)\\{\"digest\":\"[^\"]*");

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private BackupRecord full;
  private BackupRecord partial;

  @BeforeEach
  void back_up_twice() {
    byte[] noise = new byte[100];
    new Random(1).nextBytes(noise);
    host.write(db, "a", new String(noise, StandardCharsets.ISO_8859_1));
    host.write(db, "b", "first");
    host.save(db);
    full = host.last(host.repository);
    host.write(db, "b", "second");
    host.save(db);
    partial = host.last(host.repository);
    assertThat(partial.objects()).hasSize(2);
  }

  private byte[] bytes(ObjectName name) throws Exception {
    Size size =
        host.store.list(name.text().substring(0, name.text().lastIndexOf('/') + 1)).stream()
            .filter(object -> object.name().equals(name))
            .findFirst()
            .orElseThrow()
            .size();
    ByteBuffer bytes = ByteBuffer.allocate((int) size.bytes());
    host.store.read(name, 0, bytes);
    return bytes.array();
  }

  private ObjectName record(BackupRecord backup) {
    return new ObjectName("backups/db/" + backup.id().text() + ".json");
  }

  private boolean isFound() {
    BackupCatalog catalog = host.repository.list();
    Verifying verifying =
        new Verifying(
            Level.FULL, host.files.getPath("/scratch"), new PortableFileTrees(), 1, host.clock);
    try {
      return !catalog.damages().isEmpty()
          || catalog.backups().size() < 2
          || catalog.backups().stream()
              .anyMatch(b -> !verifying.check(host.repository, b).findings().isEmpty());
    } catch (NewerSchema _) {
      return true;
    }
  }

  @Test
  void a_partial_backup_without_a_file_that_has_content_is_good() {
    VolumeName bare = host.create("bare");
    host.write(bare, "nothing", "");
    host.save(bare);
    host.save(bare);
    host.save(bare);
    assertThat(isFound()).isFalse();
  }

  private interface Damaged {
    void look(byte[] sound, int position);
  }

  private void flipABit(ObjectName name, Damaged damaged) throws Exception {
    byte[] sound = bytes(name);
    for (int i = 0; i < sound.length; i += STEP) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 1;
      host.store.damage(name, flipped);
      damaged.look(sound, i);
      for (StoredObject mark : host.store.list("checks/")) {
        host.store.delete(mark.name());
      }
    }
    host.store.damage(name, sound);
  }

  @Tag("time")
  @Test
  void verification_and_restore_find_a_bit_flipped_in_an_archive() throws Exception {
    List<String> content = host.content(db);
    for (BackupRecord backup : List.of(full, partial)) {
      flipABit(
          backup.own().name(),
          (_, position) -> {
            assertThat(isFound()).as("byte %d", position).isTrue();
            assertThatThrownBy(() -> restore(backup))
                .as("byte %d", position)
                .isInstanceOf(VolumeException.class);
          });
    }
    assertThat(host.content(db)).isEqualTo(content);
  }

  private void restore(BackupRecord backup) {
    try (RestoreSource source = RestoreSource.of(host.repository, backup, true)) {
      new Restoring(host.context)
          .restore(source, host.restoreRequest(db, Mode.REPLACE), host.listener());
    }
  }

  @Tag("time")
  @Test
  void a_bit_flipped_in_what_a_record_says_of_its_archive_is_found() throws Exception {
    for (BackupRecord backup : List.of(full, partial)) {
      flipABit(
          record(backup),
          (sound, position) -> {
            String text = new String(sound, StandardCharsets.UTF_8);
            boolean told =
                TOLD_ONCE
                    .matcher(text)
                    .results()
                    .anyMatch(m -> m.start() <= position && position < m.end());
            assertThat(told || isFound()).as("byte %d of %s", position, text).isTrue();
          });
    }
  }
}
