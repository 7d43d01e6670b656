package dev.keg.backup.repository;

import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.CheckState.Mark;
import dev.keg.backup.repository.RepositoryLayout.Stamp;
import dev.keg.backup.store.Fetch;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The result of a verification.
 *
 * <p>It is written to {@code checks/VOLUME/ID/TIME-LEVEL-RESULT.json}, in an encrypted repository
 * to {@code TIME-LEVEL-RESULT-SEAL.json}:
 *
 * <pre>{"schema":1,"findings":[],"level":"full","time":"2026-11-21T03:00:00Z"}</pre>
 *
 * <p>A drill also says how long the restore took: {@code "took":"PT42.1S"}.
 *
 * @param time when it ended, to the second
 * @param findings the problems, in words; empty if there are none
 * @param took how long the restore took; zero if not recorded
 */
public record Check(Level level, Instant time, List<String> findings, Duration took) {
  /** How thoroughly a backup was checked; each level includes the ones before it. */
  public enum Level {
    /** The index is readable, and the objects exist with the right size. */
    QUICK,
    /** All data was read and matched its hashes. */
    FULL,
    /** It was restored and compared. */
    DEEP,
    /** It was restored to a volume and compared, and a program used it. */
    DRILL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Check(Level level, Instant time, List<String> findings) {
    this(level, time, findings, Duration.ZERO);
  }

  public Check {
    time = time.truncatedTo(ChronoUnit.SECONDS);
    findings = List.copyOf(findings);
  }

  public boolean good() {
    return findings.isEmpty();
  }

  /** The same with another finding. */
  public Check with(String finding) {
    return new Check(
        level, time, Stream.concat(findings.stream(), Stream.of(finding)).toList(), took);
  }

  /**
   * The name of a check's object, which contains everything except its findings.
   *
   * @param seal proves that a holder of the key created the name; empty if there is none
   * @param sealed the name without the seal
   */
  record Name(BackupId backup, Mark mark, ObjectName object, String seal, ObjectName sealed) {
    private static final Pattern GRAMMAR =
        Pattern.compile(
            "(checks/[^/]+/([^/]+)/(\\d{8}T\\d{6}Z)-(quick|full|deep|drill)-(good|bad))"
                + "(?:-([0-9a-f]{32}))?\\.json");

    static Optional<Name> parse(ObjectName object) {
      Matcher parts = GRAMMAR.matcher(object.text());
      if (!parts.matches()) {
        return Optional.empty();
      }
      try {
        Mark mark =
            new Mark(
                Level.valueOf(parts.group(4).toUpperCase(Locale.ROOT)),
                Stamp.parse(parts.group(3)),
                parts.group(5).equals("good"));
        String seal = Objects.requireNonNullElse(parts.group(6), "");
        ObjectName sealed = new ObjectName(parts.group(1) + ".json");
        return Optional.of(new Name(new BackupId(parts.group(2)), mark, object, seal, sealed));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }

    /**
     * Whether a holder of an encrypted store's key created it: others can create objects with any
     * name, but cannot seal a name or create an object that decrypts under it.
     */
    boolean isProven(ObjectStore store) throws StoreException {
      if (!seal.isEmpty()) {
        return store.isSeal(sealed, seal);
      }
      try {
        store.read(object, 0, ByteBuffer.allocate(1));
        return true;
      } catch (StoreException.Forged | StoreException.Unreadable | StoreException.Absent _) {
        return false;
      }
    }

    /** Whether the later check covers everything in this one. */
    boolean obsoleteBy(Check later) {
      return mark.level().compareTo(later.level()) <= 0 && mark.time().isBefore(later.time());
    }
  }

  /** Writes it beside the backup and deletes the checks that it makes obsolete. */
  void mark(ObjectStore store, BackupRecord backup) throws StoreException {
    List<StoredObject> earlier = objects(store, backup);
    ObjectName name = RepositoryLayout.check(backup.volume().name(), backup.id(), this);
    try {
      SmallObjects.writePassing(
          store, RepositoryLayout.sealed(name, store.seal(name)), write(this));
    } catch (StoreException.AlreadyExists _) {
      // Somebody else wrote the same verdict in the same second.
    }
    for (StoredObject object : earlier) {
      if (Name.parse(object.name()).filter(old -> old.obsoleteBy(this)).isPresent()) {
        SmallObjects.deletePassing(store, object.name());
      }
    }
  }

  /** The checks of a backup, the oldest first. */
  static List<Check> all(ObjectStore store, BackupRecord backup) throws StoreException {
    List<Check> checks = new ArrayList<>();
    for (StoredObject object : objects(store, backup)) {
      if (Name.parse(object.name()).isEmpty()) {
        continue;
      }
      try {
        checks.add(read(object.name().text(), SmallObjects.read(store, object)));
      } catch (InvalidDocument e) {
        throw new StoreException.Failed(
            store.address(), "read " + object.name(), String.valueOf(e.getMessage()), null, e);
      }
    }
    return checks;
  }

  /** How long the last good drill of each of these backups took to restore it, if it is known. */
  public static Map<BackupId, Duration> restoreTimes(
      ObjectStore store, Collection<Backup> backups) {
    Map<BackupId, Mark> drills = new HashMap<>();
    for (Backup backup : backups) {
      backup
          .checks()
          .best()
          .filter(mark -> mark.level() == Level.DRILL)
          .ifPresent(mark -> drills.put(backup.id(), mark));
    }
    return drills.isEmpty() ? Map.of() : StoreFailures.translate(() -> restoreTimes(store, drills));
  }

  private static Map<BackupId, Duration> restoreTimes(ObjectStore store, Map<BackupId, Mark> drills)
      throws StoreException {
    List<Name> names = new ArrayList<>();
    List<StoredObject> objects = new ArrayList<>();
    for (StoredObject object : store.list(RepositoryLayout.CHECKS)) {
      Name.parse(object.name())
          .filter(name -> name.mark().equals(drills.get(name.backup())))
          .ifPresent(
              name -> {
                names.add(name);
                objects.add(object);
              });
    }
    List<Duration> times = Fetch.each(objects, object -> took(store, object));
    Map<BackupId, Duration> took = new HashMap<>();
    for (int i = 0; i < times.size(); i++) {
      if (!times.get(i).isZero()) {
        took.put(names.get(i).backup(), times.get(i));
      }
    }
    return took;
  }

  private static Duration took(ObjectStore store, StoredObject object) throws StoreException {
    try {
      return read(object.name().text(), SmallObjects.read(store, object)).took();
    } catch (InvalidDocument | StoreException.Unreadable | StoreException.Absent _) {
      // It was deleted meanwhile, or nobody with the key wrote it.
      return Duration.ZERO;
    }
  }

  private static List<StoredObject> objects(ObjectStore store, BackupRecord backup)
      throws StoreException {
    return store.list(RepositoryLayout.checks(backup.volume().name(), backup.id()));
  }

  static byte[] write(Check check) {
    return JsonObject.ofSchema(Schema.CURRENT)
        .texts("findings", check.findings())
        .put("level", check.level().toString())
        .put("time", check.time().toString())
        .and(
            check.took().isZero()
                ? new JsonObject()
                : new JsonObject().put("took", check.took().toString()))
        .bytes();
  }

  static Check read(String name, byte[] bytes) throws InvalidDocument {
    return Schema.read(
        name,
        bytes,
        json ->
            new Check(
                Level.valueOf(json.text("level").toUpperCase(Locale.ROOT)),
                Instant.parse(json.text("time")),
                json.texts("findings"),
                json.optionalText("took").map(Duration::parse).orElse(Duration.ZERO)));
  }
}
