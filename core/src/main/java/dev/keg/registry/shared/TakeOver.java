package dev.keg.registry.shared;

import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.file.FileFailures;
import dev.keg.registry.Catalog;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.shared.SharedRecords.Entry;
import dev.keg.volume.Host;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a host's own root its part of a shared registry. The data stays in place. If it is killed,
 * running it again completes it; until then the root is one of its own.
 */
public final class TakeOver {
  private static final String OPERATION = "registry copy";
  private static final List<String> RELEASES =
      List.of("`keg unmount`, or after a reboot `keg check --repair`");

  private final SharedRegistry to;
  private final Predicate<Volume> onServer;

  /** Takes a test of whether the data of a volume is on a server. */
  public TakeOver(SharedRegistry to, Predicate<Volume> onServer) {
    this.to = to;
    this.onServer = onServer;
  }

  /** Takes over the root, whose directory is the one that {@code to} uses here. */
  public int of(VolumeRegistry root) {
    var _ = to.init();
    Member member = to.member();
    SharedRecords records = to.records();
    int[] count = {0};
    root.share(
        true,
        files -> {
          List<Volume> found = volumes(files.list());
          requireNotMounted(member, found);
          requireFree(member, records, found);
          List<Volume> volumes =
              found.stream().map(volume -> named(member, files, volume)).toList();
          volumes.forEach(volume -> publish(member, records, volume));
          forgetOthers(member, records, volumes);
          count[0] = volumes.size();
          return true;
        });
    return count[0];
  }

  static List<Volume> volumes(List<RegistryEntry> entries) {
    List<Volume> volumes = new ArrayList<>();
    for (RegistryEntry entry : entries) {
      switch (entry) {
        case RegistryEntry.Intact(Volume volume) -> volumes.add(volume);
        case RegistryEntry.Broken broken -> throw broken.problem();
      }
    }
    return volumes;
  }

  // The file of a mount names its host, whose id changes.
  static void requireNotMounted(Member member, List<Volume> volumes) {
    for (Volume volume : volumes) {
      List<String> mounts =
          member.holders(volume.name()).stream()
              .filter(holder -> !holder.isDisk())
              .map(Holder::words)
              .toList();
      if (!mounts.isEmpty()) {
        throw new InUse(OPERATION, volume.name().text(), mounts, RELEASES);
      }
    }
  }

  private static void requireFree(Member member, SharedRecords records, List<Volume> volumes) {
    for (Volume volume : volumes) {
      Optional<SharedVolume> taken =
          records
              .current(volume.name())
              .filter(record -> record.state() != SharedVolume.State.GONE);
      taken.ifPresent(record -> requireOwn(member, record, volume));
    }
  }

  private static void requireOwn(Member member, SharedVolume record, Volume volume) {
    if (!isOwn(member, record) || !record.isSame(volume)) {
      throw new AlreadyExists(OPERATION, volume.name().text(), volume.name().text());
    }
  }

  private static boolean isOwn(Member member, SharedVolume record) {
    return record.isEverywhere() || record.home().equals(member.host());
  }

  // Tells the other hosts where the data is, and this host that the volume is its own. The host may
  // have had another name when it created the volume.
  private static Volume named(Member member, Catalog files, Volume volume) {
    VolumeDetails made = volume.details();
    if (made.host().isCalled(member.host()) || made.host().isCalled(member.hostName())) {
      return volume;
    }
    Volume named =
        volume.withDetails(
            new VolumeDetails(
                made.id(),
                made.description(),
                made.updated(),
                new Host(member.host(), member.hostName()),
                made.protection()));
    files.replace(volume, _ -> named);
    return named;
  }

  private void publish(Member member, SharedRecords records, Volume volume) {
    VolumeName name = volume.name();
    UsableOn usableOn = onServer.test(volume) ? UsableOn.EVERY_HOST : UsableOn.ITS_HOST;
    if (usableOn == UsableOn.EVERY_HOST) {
      mark(member, name);
    }
    SharedVolume made = SharedVolume.of(volume, member.host(), usableOn).with(member.holders(name));
    if (!records.create(name, made)) {
      records.edit(
          OPERATION,
          name,
          now -> {
            requireOwn(member, now, volume);
            return now.kept().with(volume).with(made.holders());
          });
    }
  }

  private static void mark(Member member, VolumeName name) {
    Path mark = member.layout().onServer(member.home(name));
    FileFailures.run(
        "mark " + name,
        mark,
        () -> {
          if (!Files.exists(mark, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(mark);
          }
        });
  }

  // Removed between a killed attempt and this one.
  private static void forgetOthers(Member member, SharedRecords records, List<Volume> volumes) {
    Set<String> names = new HashSet<>();
    volumes.forEach(volume -> names.add(volume.name().text()));
    for (Entry entry : records.currentList()) {
      boolean left =
          !names.contains(entry.name())
              && entry.volume().filter(v -> v.home().equals(member.host())).isPresent();
      if (left) {
        records.delete(new VolumeName(entry.name()), record -> record.home().equals(member.host()));
      }
    }
  }
}
