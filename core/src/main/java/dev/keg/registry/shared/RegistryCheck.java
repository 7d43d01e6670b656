package dev.keg.registry.shared;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.registry.Catalog;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.shared.RegistryCopy.Difference;
import dev.keg.registry.shared.SharedRecords.Entry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the records with the files of this host. Changes nothing; an unfinished change of a
 * running command may look like a difference.
 */
public final class RegistryCheck {
  private final Member member;
  private final Catalog local;
  private final SharedRecords records;
  private final Acceptance acceptance;
  private final Pending pending;

  RegistryCheck(
      Member member, Catalog local, SharedRecords records, Acceptance acceptance, Pending pending) {
    this.member = member;
    this.local = local;
    this.records = records;
    this.acceptance = acceptance;
    this.pending = pending;
  }

  /** The differences, by name. */
  public List<Difference> differences() {
    List<Difference> found = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Entry entry : records.currentList()) {
      entry.problem().ifPresent(problem -> found.add(difference(entry.name(), problem)));
      entry.volume().ifPresent(record -> compare(record, found, known));
    }
    for (RegistryEntry entry : local.list()) {
      switch (entry) {
        case RegistryEntry.Intact(Volume volume) -> {
          if (!known.contains(volume.name().text()) && !isLeft(volume.name())) {
            found.add(
                new Difference(
                    volume.name().text(),
                    member.home(volume.name()).path() + " has no record: move it away"));
          }
        }
        case RegistryEntry.Broken broken -> found.add(difference(broken.name(), broken.problem()));
      }
    }
    for (VolumeName name : pending.names()) {
      found.add(
          new Difference(name.text(), "the operation of a command on this host is incomplete"));
    }
    return List.copyOf(found);
  }

  // A volume on a server was mounted here before another host removed or renamed it: using the name
  // again here frees its home.
  private boolean isLeft(VolumeName name) {
    VolumeHome home = member.home(name);
    Path snapshots = member.layout().snapshots(home);
    return Files.exists(member.layout().onServer(home), NOFOLLOW_LINKS)
        && member.holders(name).isEmpty()
        && FileFailures.translate("list", snapshots, () -> DirectoryEntries.of(snapshots))
            .isEmpty();
  }

  private static Difference difference(String name, VolumeException problem) {
    return new Difference(name, String.valueOf(problem.getMessage()));
  }

  private void compare(SharedVolume record, List<Difference> found, Set<String> known) {
    VolumeName name = record.volume().name();
    Optional<Volume> own;
    try {
      own = local.find(name).filter(record::isSame);
    } catch (VolumeException _) {
      return; // the list of this host's volumes reports it, too
    }
    if (own.isPresent()) {
      known.add(name.text());
    }
    if (!record.isReady()) {
      unfinished(record, own.isPresent() && !isLeft(name)).ifPresent(found::add);
      return;
    }
    if (record.home().equals(member.host()) && own.isEmpty()) {
      found.add(new Difference(name.text(), "its data is not in " + member.home(name).path()));
    }
    own.filter(volume -> !volume.drivenAs(record.volume()).equals(volume))
        .ifPresent(
            _ ->
                found.add(
                    new Difference(
                        name.text(),
                        "the record has another driver or other options than this host uses")));
    acceptance
        .made(record.volume())
        .filter(made -> !isSaidOf(record.volume(), made))
        .ifPresent(
            _ ->
                found.add(
                    new Difference(
                        name.text(),
                        "other hosts gave it labels or a protection that policies and prune here"
                            + " ignore: `keg update` here accepts them")));
    Set<String> files = files(member.holders(name));
    if (own.isEmpty()) {
      // Another volume of that name left the other files.
      files.retainAll(recorded(record));
    }
    if (!recorded(record).equals(files)) {
      found.add(
          new Difference(name.text(), "the record has other holders on this host: keg host beat"));
    }
  }

  private Optional<Difference> unfinished(SharedVolume record, boolean ours) {
    VolumeName name = record.volume().name();
    if (record.state() == SharedVolume.State.GONE || pending.find(name).isPresent()) {
      return Optional.empty();
    }
    // A home here does not mean that this host can end what another one began on a server.
    boolean here =
        record
            .begunBy()
            .map(member.host()::equals)
            .orElse(ours || record.home().equals(member.host()));
    return Optional.of(
        new Difference(
            name.text(),
            here
                ? "its removal is incomplete: keg host beat"
                : "another host has begun to remove or rename it: `keg host beat` there, or"
                    + " `keg host rm` if that host is gone"));
  }

  private static boolean isSaidOf(Volume recorded, Volume made) {
    return made.labels().equals(recorded.labels())
        && made.details().protection().equals(recorded.details().protection());
  }

  private Set<String> recorded(SharedVolume record) {
    return files(
        record.holders().stream().filter(holder -> holder.host().equals(member.host())).toList());
  }

  private static Set<String> files(List<Holder> holders) {
    return holders.stream().map(Holder::file).collect(Collectors.toCollection(HashSet::new));
  }
}
