package dev.keg.registry.shared;

import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.HostMayRun;
import dev.keg.error.RegistryException.NoSuchHost;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.error.VolumeException;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStore.ListedRecord;
import dev.keg.registry.record.RecordStore.StoredRecord;
import dev.keg.registry.shared.SharedRecords.Entry;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The hosts of a shared registry: their identity, when they were last seen, and what they hold. */
public final class Hosts {
  /** A host that was seen more recently may be running. */
  static final Duration SILENCE = Duration.ofMinutes(10);

  private final RecordStore store;
  private final Membership membership;
  private final Member member;
  private final SharedRecords records;
  private final Settling settling;

  Hosts(
      RecordStore store,
      Membership membership,
      Member member,
      SharedRecords records,
      Settling settling) {
    this.store = store;
    this.membership = membership;
    this.member = member;
    this.records = records;
    this.settling = settling;
  }

  /**
   * A host.
   *
   * @param seen when it last reported that it runs; empty if it never did
   * @param volumes the number of volumes with data there
   * @param holders the number of volumes held there
   */
  public record HostEntry(
      String id, String name, Optional<Instant> seen, int volumes, int holders, boolean here) {
    private HostEntry with(int moreVolumes, int moreHolders) {
      return new HostEntry(id, name, seen, volumes + moreVolumes, holders + moreHolders, here);
    }
  }

  /** Why a host no longer holds anything. */
  public enum Evidence {
    NONE,
    /** A program has switched it off or isolated it. */
    FENCED,
    /** The operator says so, and it has been silent for long by the store's clock. */
    SILENT
  }

  /** Reports that this host runs, and updates its holders in all records. */
  public void beat(String boot) {
    String key = HostRecord.key(membership.host());
    Optional<StoredRecord> before = store.get(key);
    HostRecord now = new HostRecord(membership.host(), member.hostName(), boot, time());
    // Only this host writes it; if two commands do, either result is fine.
    var _ =
        store.put(
            key,
            now.text(records.writer()),
            before.map(StoredRecord::version).orElse(RecordStore.NONE));
    for (Entry entry : records.currentList()) {
      entry.volume().ifPresent(this::settleAlone);
    }
  }

  // A problem with one volume must not keep the other volumes' holders in the registry.
  private void settleAlone(SharedVolume volume) {
    VolumeName name = volume.volume().name();
    try {
      if (isOurs(volume)) {
        settling.whileLocked(name, () -> settle(volume));
      }
    } catch (CutOff | StoreRefused e) {
      throw e;
    } catch (VolumeException e) {
      member.warn("an operation on volume %s is incomplete: %s".formatted(name, e.getMessage()));
    }
  }

  // Only this host removes its volumes. If it has no pending removal, a delayed request withdrew
  // the volume after its command had given up.
  private void settle(SharedVolume volume) {
    VolumeName name = volume.volume().name();
    Optional<VolumeName> from =
        VolumeName.lookup(volume.renamedFrom())
            .filter(_ -> volume.isReady())
            .filter(old -> settling.pending().find(old).isEmpty());
    if (volume.state() == SharedVolume.State.REMOVING
        && volume.home().equals(membership.host())
        && settling.pending().find(name).isEmpty()) {
      settling.remove(name, volume.volume().details().id().text());
      return;
    }
    if (from.isPresent() && volume.isEverywhere()) {
      settling.whileLocked(from.get(), () -> settling.dropLate(from.get(), name));
    } else if (from.isPresent()) {
      // The same applies to a delayed request that renamed it.
      settling.whileLocked(from.get(), () -> settling.rename(from.get(), name));
    }
    settling.holders(name);
  }

  private boolean isOurs(SharedVolume volume) {
    return volume.home().equals(membership.host())
        || (volume.isReady() && volume.isEverywhere() && !volume.renamedFrom().isEmpty())
        || volume.holders().stream().anyMatch(holder -> holder.host().equals(membership.host()))
        || !member.holders(volume.volume().name()).isEmpty();
  }

  private Instant time() {
    return store
        .time()
        .orElseThrow(
            () ->
                new StoreRefused(
                    store.address()
                        + ": it does not report the time, so it is not known when a host was last"
                        + " seen",
                    null,
                    null));
  }

  /** All hosts with a record or in the record of a volume, by name. */
  public List<HostEntry> list() {
    Map<String, HostEntry> hosts = new TreeMap<>();
    for (ListedRecord listed : store.list(HostRecord.FOLDER)) {
      String id = HostRecord.id(listed.key());
      listed
          .text()
          .or(() -> store.get(listed.key()).map(StoredRecord::text))
          .flatMap(text -> readable(id, text))
          .ifPresent(host -> hosts.put(id, entry(id, host.name(), Optional.of(host.seen()))));
    }
    for (Entry entry : records.list()) {
      entry.volume().filter(Hosts::isThere).ifPresent(volume -> count(hosts, volume));
    }
    List<HostEntry> sorted = new ArrayList<>(hosts.values());
    sorted.sort(Comparator.comparing(HostEntry::name).thenComparing(HostEntry::id));
    return sorted;
  }

  // A bad record, whoever wrote it, must not hide the other hosts.
  private Optional<HostRecord> readable(String id, String text) {
    try {
      return Optional.of(HostRecord.read(id, text));
    } catch (VolumeException e) {
      member.warn(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Other hosts that hold or have something, and stopped reporting that they run. */
  public List<HostEntry> silent() {
    List<HostEntry> known =
        list().stream()
            .filter(host -> !host.here() && host.volumes() + host.holders() > 0)
            .filter(host -> host.seen().isPresent())
            .toList();
    return known.isEmpty() ? known : silent(known, time());
  }

  private static List<HostEntry> silent(List<HostEntry> known, Instant now) {
    return known.stream()
        .filter(host -> !now.isBefore(host.seen().orElseThrow().plus(SILENCE)))
        .toList();
  }

  private HostEntry entry(String id, String name, Optional<Instant> seen) {
    return new HostEntry(id, name, seen, 0, 0, id.equals(membership.host()));
  }

  // A volume that its host was removing when it died is not listed, but has its name.
  private static boolean isThere(SharedVolume volume) {
    return volume.state() != SharedVolume.State.GONE;
  }

  private void count(Map<String, HostEntry> hosts, SharedVolume volume) {
    if (!volume.isEverywhere()) {
      String name = volume.volume().details().host().name();
      hosts.merge(
          volume.home(),
          entry(volume.home(), name, Optional.empty()).with(1, 0),
          (known, _) -> known.with(1, 0));
    }
    for (Holder holder : volume.holders()) {
      addHeld(hosts, holder.host(), holder.hostName());
    }
    volume.begunBy().ifPresent(host -> addHeld(hosts, host, host));
  }

  private void addHeld(Map<String, HostEntry> hosts, String id, String name) {
    hosts.merge(id, entry(id, name, Optional.empty()).with(0, 1), (known, _) -> known.with(0, 1));
  }

  /** The host with that name or id. */
  public HostEntry find(String text) {
    List<HostEntry> found =
        list().stream().filter(host -> host.id().equals(text) || host.name().equals(text)).toList();
    if (found.size() != 1) {
      throw new NoSuchHost(text, found.stream().map(HostEntry::id).toList());
    }
    return found.getFirst();
  }

  /** What happens to the volumes with data on a host that is removed. */
  public enum OwnVolumes {
    /** They stay in the list: the host may come back. */
    KEEP,
    /** Their names become free; their data stays in place, but no registry lists it any more. */
    FORGET
  }

  /**
   * Releases everything that the host holds, ends what it has begun with volumes on servers, and
   * removes it.
   *
   * @return the forgotten volumes
   * @throws HostMayRun if it holds or has something affected, and there is no evidence that it does
   *     not run
   */
  public List<VolumeName> remove(HostEntry host, Evidence evidence, OwnVolumes volumes) {
    if (host.here()) {
      throw new HostMayRun(host.name(), "it is this host");
    }
    List<VolumeName> forgotten = new ArrayList<>();
    for (Entry entry : records.currentList()) {
      entry
          .problem()
          .ifPresent(
              problem ->
                  member.warn(
                      "host %s may still hold %s: %s"
                          .formatted(host.name(), entry.name(), problem.getMessage())));
      Optional<SharedVolume> found = entry.volume();
      if (volumes == OwnVolumes.FORGET
          && found.filter(v -> v.home().equals(host.id())).isPresent()) {
        require(host, evidence);
        VolumeName name = new VolumeName(entry.name());
        records.delete(name, now -> now.home().equals(host.id()));
        forgotten.add(name);
      } else if (found.filter(v -> isHeld(v, host)).isPresent()) {
        require(host, evidence);
        release(new VolumeName(entry.name()), host.id());
      }
      if (found.flatMap(SharedVolume::begunBy).filter(host.id()::equals).isPresent()) {
        require(host, evidence);
        end(found.get());
      }
    }
    String key = HostRecord.key(host.id());
    store.get(key).ifPresent(record -> forget(key, record));
    return forgotten;
  }

  // Of a volume that it was removing, some data may be left: it can be removed again.
  private void end(SharedVolume begun) {
    VolumeName name = begun.volume().name();
    Optional<VolumeName> other = VolumeName.lookup(begun.renamedFrom());
    if (other.isEmpty()) {
      records.rewrite("keep", name, now -> now.isSame(begun.volume()) ? now.kept() : now);
    } else if (begun.isReady()) {
      settling.endRenaming(other.get(), name);
    } else {
      settling.endRenaming(name, other.get());
    }
  }

  private static boolean isHeld(SharedVolume volume, HostEntry host) {
    return volume.holders().stream().anyMatch(holder -> holder.host().equals(host.id()));
  }

  private void require(HostEntry host, Evidence evidence) {
    switch (evidence) {
      case NONE -> throw new HostMayRun(host.name(), host.holders(), host.volumes());
      case FENCED -> {}
      case SILENT -> {
        Duration silent = Duration.between(seen(host), time());
        if (silent.compareTo(SILENCE) < 0) {
          throw new HostMayRun(host.name(), "it was seen %d s ago".formatted(silent.toSeconds()));
        }
      }
    }
  }

  /** When it was seen, according to its current record. */
  private Instant seen(HostEntry host) {
    String key = HostRecord.key(host.id());
    Optional<StoredRecord> found = store.get(key);
    if (found.isPresent()) {
      return HostRecord.read(host.id(), found.get().text()).seen();
    }
    // It never reported, so its silence begins with the first request to remove it.
    String begun = new HostRecord(host.id(), host.name(), "", time()).text(records.writer());
    var _ = store.put(key, begun, RecordStore.NONE);
    throw new HostMayRun(
        host.name(),
        "it is not known when it was last seen, so its 10 minutes of silence begin now");
  }

  private void release(VolumeName name, String host) {
    records.edit(
        "release",
        name,
        now ->
            now.with(
                now.holders().stream().filter(holder -> !holder.host().equals(host)).toList()));
  }

  private void forget(String key, StoredRecord record) {
    if (membership.deletes()) {
      // If it reports meanwhile, it stays in the list.
      var _ = store.delete(key, record.version());
    }
  }
}
