package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.directory.DirectoryStore;
import dev.keg.backup.store.encrypted.RepositoryKey;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.backup.store.encrypted.Vault;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes the steps of the page on encryption for a host without Keg, line by line. */
@NeedsRoot
@NeedsTool(value = "age", from = "age")
@NeedsTool(value = "zstd", from = "zstd")
class RecoveredWithAgeIT {
  @TempDir Path directory;

  @Test
  void an_encrypted_backup_is_restored_with_age_zstd_and_tar() throws Exception {
    BackedHost host = new BackedHost();
    SecretKey operator = SecretKey.random();
    Path place = Files.createDirectory(directory.resolve("repository"));
    Path restored = Files.createDirectory(directory.resolve("restored"));
    VolumeName db = host.create("db");
    host.write(db, "a/file", "content");

    BackupId id = Objects.requireNonNull(host.save(db, repository(host, place, operator)).id());

    Files.writeString(directory.resolve("key"), operator.text() + "\n");
    run("age -d -i ../key -o ../secret keys/first.age", place);
    run(
        "age -d -i ../secret data/db/%s.tar.zst | zstd -dc | tar -x -C ../restored".formatted(id),
        place);
    assertThat(restored.resolve("a/file")).hasContent("content");
    run("age -d -i ../secret -o ../record backups/db/%s.json".formatted(id), place);
    assertThat(directory.resolve("record")).content().contains("\"volume\":\"db\"");
  }

  private static Repository repository(BackedHost host, Path place, SecretKey operator)
      throws IOException {
    ObjectStore store = DirectoryStore.open(place, DirectorySync.NONE, new Random());
    Vault vault = RepositoryEncryption.vault(store);
    RepositoryKey key = RepositoryKey.random();
    vault.keys().add("first", key, Secret.parse(operator.text()).recipients());
    return Repository.openOrCreate(vault.opened(key), host.clock, new Random());
  }

  private static void run(String line, Path where) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-o", "pipefail", "-c", line)
            .directory(where.toFile())
            .inheritIO()
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor()).as(line).isZero();
  }
}
