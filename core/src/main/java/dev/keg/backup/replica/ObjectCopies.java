package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.ByteRanges;
import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.backup.repository.rest.Copied;
import dev.keg.backup.repository.rest.Presence;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Copies data objects between repositories under the same names, including their rests and patches.
 */
public final class ObjectCopies {
  private static final int AT_ONCE = 1 << 20;

  private final Repository from;
  private final Repository to;
  private final LongConsumer advanced;
  private final Presence source;
  private final Presence target;
  private final Map<String, List<StoredObject>> sourceRests;
  private final Set<String> targetRests;
  private final Map<String, Instant> damaged;
  private final Set<ObjectName> copied = new HashSet<>();
  private final Set<ObjectName> settled = new HashSet<>();
  private final Set<ObjectName> known;

  /** Reads the current state of both repositories. */
  public ObjectCopies(Repository from, Repository to, LongConsumer advanced) {
    this.from = from;
    this.to = to;
    this.advanced = advanced;
    known = to.rests().known(); // must precede all other reads
    source = new Presence(from.store());
    target = new Presence(to.store());
    sourceRests = from.rests().all().stream().collect(Collectors.groupingBy(ObjectCopies::id));
    targetRests =
        to.rests().all().stream()
            .filter(rest -> Rest.isSuccessor(rest.name()))
            .map(ObjectCopies::id)
            .collect(Collectors.toSet());
    damaged = to.rests().damaged();
  }

  private static String id(StoredObject object) {
    return Rest.id(object.name());
  }

  /** Copies the objects that the target does not have whole and without a rest. */
  public Copied copy(Collection<DataObject> objects) {
    return StoreFailures.translate(
        () -> {
          Set<ObjectName> found = new HashSet<>();
          for (DataObject object : objects) {
            if (isSettled(object)) {
              found.add(object.name());
            } else if (copied.add(object.name()) && !isCopied(object)) {
              found.add(object.name());
            }
          }
          Set<ObjectName> others = new HashSet<>();
          objects.stream()
              .map(DataObject::name)
              .filter(n -> !found.contains(n))
              .forEach(others::add);
          return new Copied(found, others, known);
        });
  }

  /**
   * Whether the target's object suffices. One that was repacked, or will be, may lack parts that
   * only the new backup needs; a damaged one is useless.
   */
  private boolean isSettled(DataObject object) throws StoreException {
    if (settled.contains(object.name())) {
      return true;
    }
    boolean is =
        !copied.contains(object.name())
            && !targetRests.contains(Rest.id(object.name()))
            && !damaged.containsKey(Rest.id(object.name()))
            && target.size(object.name()).filter(object.size()::equals).isPresent()
            && hasItsIndex(object);
    if (is) {
      settled.add(object.name());
    }
    return is;
  }

  /** Compares the indexes: another archive may have the same size, and so does a damaged one. */
  private boolean hasItsIndex(DataObject object) {
    String name = object.name().text();
    StoredArchives alone = new StoredArchives(to.store(), Map.of(name, object));
    try (Archive archive = Archive.open(name, alone)) {
      return RecordComparison.digest(archive).equals(object.digest());
    } catch (InvalidArchive _) {
      return false;
    }
  }

  /** Returns false if somebody else copied it first. */
  private boolean isCopied(DataObject object) throws StoreException {
    ObjectName name = object.name();
    Optional<Size> there = target.size(name);
    if (there.filter(size -> !size.equals(object.size())).isPresent()) {
      throw new InvalidArchive(
          to.address(),
          name.text(),
          "it has %d bytes instead of %d".formatted(there.get().bytes(), object.size().bytes()),
          "`keg verify --repo %s` shows which backups are affected".formatted(to.address()));
    }
    List<StoredObject> rests = sourceRests.getOrDefault(Rest.id(name), List.of());
    for (StoredObject rest : rests) {
      try (PendingObject copy = to.rests().begin(rest.name(), rest.size())) {
        stream(rest.name(), rest.size(), copy);
        copy.publish();
        known.add(rest.name());
      } catch (StoreException.AlreadyExists _) {
        // An earlier run copied it.
      }
    }
    if (source.size(name).filter(object.size()::equals).isPresent()) {
      if (there.isEmpty()) {
        return isCopiedWhole(object);
      }
      copyBeside(object);
      return true;
    }
    if (!source.has(name, object.size())) {
      throw new InvalidArchive(
          from.address(),
          name.text(),
          "it is missing",
          "`keg verify --repo %s` shows which backups are affected".formatted(from.address()));
    }
    return true;
  }

  private boolean isCopiedWhole(DataObject object) throws StoreException {
    try (PendingObject copy = to.store().create(object.name(), object.size())) {
      stream(object.name(), object.size(), copy);
      copy.publish();
      return true;
    } catch (StoreException.AlreadyExists _) {
      return false;
    }
  }

  /**
   * Copies all parts as a rest, since the target's object may be about to be deleted or is damaged.
   * Does nothing if an earlier copy left a rest that no newer one may replace and in which no
   * damage was found since.
   */
  private void copyBeside(DataObject object) throws StoreException {
    ObjectName name = object.name();
    long length = object.size().bytes();
    ByteRanges all = ByteRanges.of(List.of(new Range(0, length)));
    Optional<Rest> newest =
        to.rests().of(name).stream()
            .filter(rest -> Rest.isSuccessor(rest.object().name()))
            .findFirst();
    Instant found = damaged.getOrDefault(Rest.id(name), Instant.MIN);
    if (newest
        .filter(rest -> rest.parts().containsAll(all) && rest.object().stored().isAfter(found))
        .isPresent()) {
      return;
    }
    ObjectName rest = to.rests().next(name);
    try (PendingObject copy = to.rests().begin(rest, new Size(Rest.size(all)))) {
      stream(name, object.size(), copy);
      write(copy, Rest.end(length, all));
      copy.publish();
      known.add(rest);
    }
  }

  private void stream(ObjectName name, Size size, PendingObject copy) throws StoreException {
    byte[] bytes = new byte[AT_ONCE];
    try (InputStream in = from.store().open(name)) {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        copy.write(bytes, 0, count);
        advanced.accept(count);
      }
    } catch (IOException e) {
      throw StoreException.of(e);
    }
    if (!copy.size().equals(size)) {
      throw new InvalidArchive(
          from.address(),
          name.text(),
          "it has %d bytes instead of %d".formatted(copy.size().bytes(), size.bytes()));
    }
  }

  private static void write(PendingObject copy, byte[] bytes) throws StoreException {
    try {
      copy.write(bytes, 0, bytes.length);
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }
}
