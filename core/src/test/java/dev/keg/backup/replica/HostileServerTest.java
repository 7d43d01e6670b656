package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.age.SecretKey;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.store.HostileServer;
import dev.keg.backup.store.HostileServer.Lie;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server lies about each object of an encrypted repository in turn, in every way: the backed-up
 * content is restored, or nothing is restored and the reason is reported.
 */
class HostileServerTest {
  private static final Secret SECRET = Secret.parse(SecretKey.random().text());

  /** A volume whose content differs from its two backups. */
  private static final class Scene {
    final BackedHost host = new BackedHost();
    final VolumeName db = host.create("db");
    final MemoryStore real = new MemoryStore(host.clock);
    boolean copies;
    final RepositoryMemory memory = new RepositoryMemory(host.registry, _ -> {});
    final HostileServer server;
    final List<String> newest;

    /** The id of the last backup. */
    final String last;

    Scene() throws IOException {
      byte[] noise = new byte[150_000];
      new Random(1).nextBytes(noise);
      Files.write(host.write(db, "noise", ""), noise);
      write("first");
      host.save(db, open(real));
      MemoryStore before = real.copy();
      write("second");
      host.save(db, open(real));
      newest = host.content(db);
      last = open(real).list(db).backups().getLast().id().text();
      server = new HostileServer(real, before);
      write("live");
    }

    void write(String text) {
      host.write(db, "file", text);
    }

    /** As a later process of this root does. */
    Repository open(ObjectStore server) {
      ObjectStore store = copies ? memory.copied(server) : server;
      RepositoryEncryption encryption =
          new RepositoryEncryption(() -> Optional.of(SECRET), new Random(2), memory);
      ObjectStore opened =
          StoreFailures.translate(() -> encryption.openOrMake(store, Creation.ENCRYPTED, true));
      return encryption
          .settled(store, () -> Repository.openOrCreate(opened, host.clock, new Random(3)))
          .watchedBy(memory.witness(store.address()));
    }

    void backUp(ObjectStore store) {
      host.save(db, open(store));
    }

    void restore(ObjectStore store) {
      try (Repository repository = open(store)) {
        Backup backup =
            new BackupChoice.Latest()
                .from(repository, db, new Whose(host.hostName, false), host.notes::add);
        try (RestoreSource source = RestoreSource.of(repository, backup.record(), true)) {
          new Restoring(host.context)
              .restore(source, host.restoreRequest(db, Mode.REPLACE), host.listener());
        }
      }
    }

    /** All that Keg says in a complete verification of the repository. */
    List<String> findings(ObjectStore store) {
      List<String> findings = new ArrayList<>();
      try {
        Repository repository = open(store);
        BackupCatalog catalog = repository.list();
        catalog.problems(store.address()).forEach(found -> findings.add(found.getMessage()));
        for (Backup backup : catalog.backups()) {
          Check check = host.verify(repository, backup);
          findings.addAll(check.findings());
        }
      } catch (VolumeException e) {
        findings.add(e.getMessage());
      }
      return findings;
    }

    List<ObjectName> objects() {
      return StoreFailures.translate(() -> real.list("")).stream().map(StoredObject::name).toList();
    }

    /** The part that the object has in the repository. */
    String part(ObjectName object) {
      String folder = object.text().substring(0, Math.max(0, object.text().indexOf('/')));
      return switch (folder) {
        case "backups", "data" -> (object.text().contains(last) ? "newest " : "older ") + folder;
        default -> folder.isEmpty() ? object.text() : folder;
      };
    }
  }

  /**
   * The parts about which a server can lie without being named, if nothing fails: entries that
   * nobody reads, the description, which is written again, and a backup that is not the newest.
   * That one is not missed, since any holder of a key may have forgotten it.
   */
  private static Set<String> unnamed(Lie lie) {
    return switch (lie) {
      case DELETES, HIDES_FROM_LISTS -> Set.of("older backups", "repository.json");
      case LISTS_WHAT_IS_NOT_THERE ->
          Set.of(
              "older backups",
              "newest backups",
              "older data",
              "newest data",
              "keys",
              "repository.json");
      case LISTS_OTHER_SIZES ->
          Set.of("older backups", "newest backups", "keys", "repository.json");
      case NONE, REPLAYS, SWAPS, TRUNCATES, FORGES, ANSWERS_LATE -> Set.of();
    };
  }

  private static Optional<String> failure(Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (VolumeException e) {
      assertThat(e.getMessage()).isNotBlank();
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void restores_and_verifications(Lie lie) throws IOException {
    Scene scene = new Scene();
    List<String> live = scene.host.content(scene.db);
    int prevented = 0;
    Set<String> unnamed = new TreeSet<>();
    for (ObjectName object : scene.objects()) {
      scene.server.lying(lie, object);
      Optional<String> failure = failure(() -> scene.restore(scene.server));
      assertThat(scene.host.content(scene.db))
          .as("%s %s, restore: %s", lie, object, failure)
          .isEqualTo(failure.isPresent() ? live : scene.newest);
      List<String> findings = scene.findings(scene.server);
      if (failure.isPresent()) {
        assertThat(findings).as("%s %s: %s", lie, object, failure).isNotEmpty();
        prevented++;
      } else if (findings.isEmpty()) {
        unnamed.add(scene.part(object));
      }
      scene.write("live");
    }
    assertThat(unnamed).as("%s is not named", lie).isEqualTo(unnamed(lie));
    // Extra entries in a list change nothing.
    assertThat(prevented > 0).as(lie.name()).isEqualTo(!lie.name().startsWith("LISTS_"));
  }

  /** Copies of records on the host make no lie about a record true. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void restores_with_copies_of_records(Lie lie) throws IOException {
    Scene scene = new Scene();
    scene.copies = true;
    List<String> live = scene.host.content(scene.db);
    for (ObjectName object : scene.objects()) {
      if (object.text().startsWith(Repository.HEADS)) {
        scene.server.lying(Lie.NONE, object);
        scene.restore(scene.server);
        scene.write("live");
        scene.server.lying(lie, object);
        Optional<String> failure = failure(() -> scene.restore(scene.server));
        assertThat(scene.host.content(scene.db))
            .as("%s %s: %s", lie, object, failure)
            .isEqualTo(failure.isPresent() ? live : scene.newest);
        scene.write("live");
      }
    }
  }

  /** In an ordinary build, each lie about a third of the objects. */
  @Tag("time")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void backups(Lie lie) throws IOException {
    List<ObjectName> objects = new Scene().objects();
    for (int i = lie.name().length() % NeedsTime.STRIDE;
        i < objects.size();
        i += NeedsTime.STRIDE) {
      ObjectName object = objects.get(i);
      Scene scene = new Scene();
      List<String> live = scene.host.content(scene.db);
      scene.server.lying(lie, object);
      Optional<String> failure = failure(() -> scene.backUp(scene.server));

      scene.server.lying(Lie.NONE, object);
      assertThat(scene.findings(scene.server)).as("%s %s", lie, object).isEmpty();
      assertThat(scene.open(scene.server).list().backups()).hasSizeGreaterThanOrEqualTo(2);
      scene.write("later");
      scene.restore(scene.server);
      if (failure.isEmpty()) {
        assertThat(scene.host.content(scene.db)).as("%s %s", lie, object).isEqualTo(live);
      } else {
        assertThat(scene.host.content(scene.db)).isIn(live, scene.newest);
      }
    }
  }
}
