package dev.keg.registry.shared;

import dev.keg.error.RegistryException.NoSharedRegistry;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.error.RegistryException.OtherRegistry;
import dev.keg.error.VolumeException;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStore.ListedRecord;
import dev.keg.registry.record.RecordStore.StoredRecord;
import dev.keg.registry.shared.SharedRegistry.Description;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A registry and another address, with a partial or complete copy of it, or nothing yet. It can be
 * copied while hosts use the original, until the first host joins the copy.
 */
public final class RegistryCopy {
  private final SharedRegistry from;
  private final SharedRegistry to;

  public RegistryCopy(SharedRegistry from, SharedRegistry to) {
    this.from = from;
    this.to = to;
  }

  /**
   * A difference.
   *
   * @param name the name of the record
   */
  public record Difference(String name, String problem) {}

  /**
   * The result of a copy.
   *
   * @param copied the number of records copied
   * @param differences what was not copied
   */
  public record Result(int copied, List<Difference> differences) {
    public Result {
      differences = List.copyOf(differences);
    }
  }

  /** The same record at both addresses. */
  private record Pair(String key, Optional<StoredRecord> here, Optional<StoredRecord> there) {
    boolean isSame() {
      return here.map(StoredRecord::text).equals(there.map(StoredRecord::text));
    }

    /** Whether the original was written later. */
    boolean isNewer() {
      return here.isPresent() && (there.isEmpty() || age(here.get()) > age(there.get()));
    }

    private long age(StoredRecord record) {
      return key.startsWith(HostRecord.FOLDER)
          ? HostRecord.read(HostRecord.id(key), record.text()).seen().getEpochSecond()
          : SharedVolume.name(key)
              .map(name -> SharedVolume.read(name, record.text()).serial())
              .orElse(0L);
    }
  }

  /** Copies what is missing or older at the other address. Its description comes last. */
  public Result copy() {
    Description source = source();
    boolean deletes = to.store().probe();
    requireSame(source);
    List<Difference> differences = new ArrayList<>();
    int copied = 0;
    List<Pair> pairs = pairs();
    // A later write by a host there changes the version that was read before.
    requireNotBegun();
    for (Pair pair : pairs) {
      Optional<Difference> difference = difference(pair);
      if (difference.isPresent() && isCopyable(pair) && isWritten(pair)) {
        copied++;
      } else {
        difference.ifPresent(differences::add);
      }
    }
    if (to.description().isEmpty()) {
      var _ = to.describe(new Description(source.registry(), deletes, Optional.of(from.address())));
      requireSame(source);
    }
    return new Result(copied, differences);
  }

  /** The differences between both addresses. */
  public List<Difference> compare() {
    requireSame(source());
    List<Difference> differences = new ArrayList<>();
    if (to.description().isEmpty()) {
      differences.add(new Difference("keg.json", "is not at " + to.address()));
    }
    pairs().forEach(pair -> difference(pair).ifPresent(differences::add));
    return differences;
  }

  private Description source() {
    return from.description().orElseThrow(() -> new NoSharedRegistry(from.address()));
  }

  private void requireSame(Description source) {
    to.description()
        .filter(there -> !there.registry().equals(source.registry()))
        .ifPresent(
            _ -> {
              throw new OtherRegistry(to.address(), from.address());
            });
  }

  private void requireNotBegun() {
    to.description()
        .filter(there -> there.copyOf().isEmpty())
        .ifPresent(
            _ -> {
              throw new NotShared(
                  "registry copy",
                  "hosts already use %s; a copy would overwrite their changes"
                      .formatted(to.address()));
            });
  }

  private static boolean isCopyable(Pair pair) {
    try {
      return pair.isNewer();
    } catch (VolumeException _) {
      return false; // nobody knows which of the two is newer
    }
  }

  private boolean isWritten(Pair pair) {
    return to.store()
        .put(
            pair.key(),
            pair.here().orElseThrow().text(),
            pair.there().map(StoredRecord::version).orElse(RecordStore.NONE))
        .isPresent();
  }

  private Optional<Difference> difference(Pair pair) {
    if (pair.isSame()) {
      return Optional.empty();
    }
    String problem;
    try {
      problem =
          pair.there().isEmpty()
              ? "is not at " + to.address()
              : pair.here().isEmpty()
                  ? "is only at " + to.address()
                  : (pair.isNewer() ? "is older at " : "is newer at ") + to.address();
    } catch (VolumeException e) {
      problem = String.valueOf(e.getMessage());
    }
    return Optional.of(new Difference(pair.key(), problem));
  }

  private List<Pair> pairs() {
    TreeMap<String, Pair> pairs = new TreeMap<>();
    for (String folder : List.of(HostRecord.FOLDER, SharedVolume.FOLDER)) {
      for (ListedRecord listed : to.store().list(folder)) {
        pairs.put(listed.key(), new Pair(listed.key(), Optional.empty(), read(to, listed)));
      }
      for (ListedRecord listed : from.store().list(folder)) {
        Optional<StoredRecord> there =
            Optional.ofNullable(pairs.get(listed.key())).flatMap(Pair::there);
        pairs.put(listed.key(), new Pair(listed.key(), read(from, listed), there));
      }
    }
    return List.copyOf(pairs.values());
  }

  private static Optional<StoredRecord> read(SharedRegistry registry, ListedRecord listed) {
    return listed
        .text()
        .map(text -> new StoredRecord(text, listed.version()))
        .or(() -> registry.store().get(listed.key()));
  }
}
